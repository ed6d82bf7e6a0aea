"""Write a document in any format: the table of writers, one row a format."""

from __future__ import annotations

from collections.abc import Callable

from lod.rdf.claims import claim
from lod.rdf.formats import JSON_LD, JSON_LD_FORMS, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from lod.web.reading.documents import Document, with_blank_cells
from lod.web.writing.json_ld import write_expanded, write_json_ld
from lod.web.writing.json_ld_context import Context
from lod.web.writing.rdf_xml import CannotWriteError, write_rdf_xml
from lod.web.writing.turtle import write_turtle

__all__ = ["WRITERS", "CannotWriteError", "write"]


def write_n_triples(document: Document, context: Context) -> str:
    """Return a document as sorted N-Triples; they are N-Quads as well, since all of it is in the default graph."""
    triples = with_blank_cells(document.triples, context.cells)
    return "".join(f"{line}\n" for line in sorted(claim(*triple) for triple in triples))


WRITERS: dict[Format, Callable[[Document, Context], str]] = {
    TURTLE: write_turtle,
    TRIG: write_turtle,
    JSON_LD: write_json_ld,
    N_TRIPLES: write_n_triples,
    N_QUADS: write_n_triples,
    RDF_XML: write_rdf_xml,
    **dict.fromkeys(JSON_LD_FORMS, write_expanded),
}


def write(document: Document, format_: Format, context: Context) -> bytes:
    """Return a document in a format, as UTF-8.

    Raises:
        CannotWriteError: the format cannot express it (RDF/XML only).
    """
    return WRITERS[format_](document, context).encode("utf-8")
