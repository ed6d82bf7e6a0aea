"""What is offered to HTTP clients: the formats of pages, documents and query results, each in its order of preference."""

from __future__ import annotations

from lod.rdf.formats import (
    JSON_LD,
    JSON_LD_FORMS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    TURTLE,
    Format,
    preferring,
)

__all__ = [
    "ATOM",
    "BIBTEX",
    "CITATION_FORMATS",
    "CSL_JSON",
    "CSV",
    "DATA_FORMATS",
    "FORMATS",
    "GRAPH_FORMATS",
    "HIT_EXPORTS",
    "HIT_FORMATS",
    "HTML",
    "ITEM_FORMATS",
    "JSON_LD_FORMS",
    "LIST_FORMATS",
    "RECORD_FORMATS",
    "REFERENCE",
    "RESULT_FORMATS",
    "RIS",
    "SVG",
    "XLSX",
    "Format",
    "format_named",
]

HTML = Format("html", "HTML", "text/html", ("application/xhtml+xml",))

SVG = Format("svg", "SVG", "image/svg+xml")
"""A chart of a query's result, requested by name."""

DATA_FORMATS = RDF_FORMATS
"""Serializations of a document; the first is served when a client names none."""

FORMATS = (HTML, *DATA_FORMATS)
"""What a thing's IRI can lead to, in the order in which offers of equal rank are chosen."""

CSL_JSON = Format(
    "csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", aliases=("application/citeproc+json",),
    names=("csl", "csljson", "csl-json"), says_encoding=True,
)  # fmt: skip
BIBTEX = Format(
    "bib", "BibTeX", "application/x-bibtex", aliases=("text/x-bibtex", "application/bibtex"), names=("bibtex",),
)  # fmt: skip
RIS = Format(
    "ris", "RIS", "application/x-research-info-systems", aliases=("application/x-ris", "application/ris"),
)  # fmt: skip
REFERENCE = Format("reference.txt", "Formatted reference", "text/x-bibliography", names=("reference", "bibliography"))

CITATION_FORMATS = (CSL_JSON, BIBTEX, RIS, REFERENCE)
"""How items are cited. Source: content negotiation for DOIs, as Crossref and DataCite document it."""

ITEM_FORMATS = (*FORMATS, *CITATION_FORMATS)
"""What the IRI of an item can lead to."""

ATOM = Format("atom", "Atom", "application/atom+xml", says_encoding=True)
CSV = Format("csv", "CSV", "text/csv")
XLSX = Format("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", names=("excel",))

HIT_EXPORTS = (CSV, BIBTEX, RIS, CSL_JSON, N_TRIPLES)
"""Formats of all hits of a search, which are streamed; the others have a page of them."""

HIT_FORMATS = (HTML, JSON_LD, ATOM, *HIT_EXPORTS)
"""Formats of the hits of a search."""

RECORD_FORMATS = (HTML, CSV, XLSX)
"""Formats of a list of records to look at: a page of it, or all of it for a spreadsheet."""

LIST_FORMATS = (HTML, CSV)
"""Formats of a list from A to Z: a page of it, or all of it."""

GRAPH_FORMATS = preferring(RDF_FORMATS, TURTLE, N_TRIPLES, RDF_XML)
"""Serializations of the results of CONSTRUCT and DESCRIBE."""


def format_named(name: str, offers: tuple[Format, ...]) -> Format | None:
    """Return the format that `?format=` names: by extension, media type or other name; None where none is meant."""
    name = name.strip().lower().replace(" ", "+")
    for offer in offers:
        if name in {offer.extension, offer.media_type, *offer.aliases, *offer.names}:
            return offer
    return None
