"""Tombstones: the triples about a removed item. Source: MODEL section 3.3; W3C PROV-O (invalidatedAtTime).

They are the response to a request for the item (410); those of all items are the named graph `{base}data/removed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.rdf.claims import RDF_TYPE, XSD_NS, Triple, iri, literal

REMOVED_GRAPH = "data/removed"
"""The named graph of all removals, after the base IRI."""

_PROV = "http://www.w3.org/ns/prov#"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def tombstone_triples(thing: str, removed: str) -> Iterator[Triple]:
    """Yield the triples about a removed thing, an IRI; `removed` is the date, ISO 8601."""
    moment = f"{removed}T00:00:00Z" if _DATE.fullmatch(removed) else removed
    yield iri(thing), RDF_TYPE, iri(f"{_PROV}Entity")
    yield iri(thing), iri(f"{_PROV}invalidatedAtTime"), literal(moment, datatype=f"{XSD_NS}dateTime")
