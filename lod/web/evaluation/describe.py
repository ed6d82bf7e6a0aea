"""DESCRIBE: the documents of the resources that a query names, as dereferencing serves them.

The engine's own DESCRIBE gives the triples of the resource alone. SPARQL 1.1 Query, section 16.4, leaves the form of a
description to the publisher; here it is the resource's document, so that query and dereferencing give the same triples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from lod.disk.sorted_lines import as_file
from lod.rdf.claims import claim
from lod.settings.table import Settings
from lod.store.base import OnlyInStore, PublishedGeneration, Store
from lod.web.http.addresses import Addresses
from lod.web.reading.reader import Reader

_NT = ox.RdfFormat.N_TRIPLES


class _UncountedCatalog(OnlyInStore):
    """Replaces the catalog in a worker, which has the store only: what points at a thing is found there, but not counted."""

    def counts_to(self, _: str) -> dict[str, int]:
        return {}


class _StoreOnly:
    """The part of a generation that documents are made from."""

    catalog = _UncountedCatalog()

    def __init__(self, store: Store, directory: str) -> None:
        self.name = self.created = directory
        self.directory = Path(directory)
        self.store = store


def describe(result: Any, store: Store, directory: str, base_iri: str, namespace: str) -> Iterator[ox.Triple]:
    """Yield the triples of the documents of all resources that a result of DESCRIBE describes."""
    addresses = Addresses(Settings(base_iri=base_iri, vocabulary_namespace=namespace))
    reader = Reader(cast("PublishedGeneration", _StoreOnly(store, directory)), addresses)
    return (quad.triple for quad in ox.parse(as_file(_lines(result, reader)), _NT))


def _lines(result: Any, reader: Reader) -> Iterator[bytes]:
    seen: set[str] = set()
    for found in result:
        if not isinstance(found.subject, ox.NamedNode):
            continue
        subject = found.subject.value
        if subject in seen:
            continue
        seen.add(subject)
        lines = [claim(*triple) for triple in reader.document(subject).triples]
        yield "".join(f"{line}\n" for line in lines).encode("utf-8")
