"""What is left of a removed item: that it was removed, and when. Source: W3C PROV-O (invalidatedAtTime)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.claims import XSD_NS, Triple, iri, literal
from lod.web import terms
from lod.web.documents import Document, make_document

_PROV = "http://www.w3.org/ns/prov#"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def tombstone(thing: str, removed: str) -> Document:
    """Return the document of a removed item; `removed` is the date, ISO 8601."""
    return make_document(iri(thing), _triples(thing, removed))


def _triples(thing: str, removed: str) -> Iterator[Triple]:
    moment = f"{removed}T00:00:00Z" if _DATE.fullmatch(removed) else removed
    yield iri(thing), terms.TYPE, iri(f"{_PROV}Entity")
    yield iri(thing), iri(f"{_PROV}invalidatedAtTime"), literal(moment, datatype=f"{XSD_NS}dateTime")
