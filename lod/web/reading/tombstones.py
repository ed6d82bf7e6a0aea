"""The document of a removed item."""

from __future__ import annotations

from lod.rdf.claims import iri
from lod.store.tombstones import tombstone_triples
from lod.web.reading.documents import Document, make_document


def tombstone(thing: str, removed: str) -> Document:
    """Return the document of a removed item; `removed` is the date, ISO 8601."""
    return make_document(iri(thing), tombstone_triples(thing, removed))
