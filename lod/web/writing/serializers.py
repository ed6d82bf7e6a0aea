"""Write a document in any of the formats: one row a format."""

from __future__ import annotations

from collections.abc import Callable

from lod.rdf.claims import claim
from lod.web.http.formats import JSON_LD, JSON_LD_FORMS, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from lod.web.reading.documents import Document
from lod.web.writing.json_ld import write_expanded, write_json_ld
from lod.web.writing.json_ld_context import Context
from lod.web.writing.rdf_xml import CannotWriteError, write_rdf_xml
from lod.web.writing.turtle import write_turtle

__all__ = ["WRITERS", "CannotWriteError", "write"]


def write_n_triples(document: Document, context: Context) -> str:
    """Return a document as sorted N-Triples; they are N-Quads as well, since all of it is in the default graph."""
    return "".join(f"{line}\n" for line in sorted(claim(*triple) for triple in document.triples))


WRITERS: dict[str, Callable[[Document, Context], str]] = {
    TURTLE.extension: write_turtle,
    TRIG.extension: write_turtle,
    JSON_LD.extension: write_json_ld,
    N_TRIPLES.extension: write_n_triples,
    N_QUADS.extension: write_n_triples,
    RDF_XML.extension: write_rdf_xml,
    **{form.extension: write_expanded for form in JSON_LD_FORMS},
}


def write(document: Document, format_: Format, context: Context) -> bytes:
    """Return a document in a format, as UTF-8.

    Raises:
        CannotWriteError: the format cannot express it (RDF/XML only).
    """
    return WRITERS[format_.extension](document, context).encode("utf-8")
