"""The graph of links: the properties of its annotations, and the IRI of the annotation of a link."""

from __future__ import annotations

import hashlib

from lod.rdf.claims import claim, namespace

_owl = namespace("http://www.w3.org/2002/07/owl#")
_sssom = namespace("https://w3id.org/sssom/")
_dcterms = namespace("http://purl.org/dc/terms/")

ANNOTATED_SOURCE = _owl("annotatedSource")
ANNOTATED_PROPERTY = _owl("annotatedProperty")
ANNOTATED_TARGET = _owl("annotatedTarget")
MAPPING_SET = _sssom("MappingSet")
AUTHOR = _sssom("author_label")
DATE = _sssom("mapping_date")
CONFIDENCE = _sssom("confidence")
JUSTIFICATION = _sssom("mapping_justification")
SOURCE = _dcterms("source")
TITLE = _dcterms("title")
FORMAT = _dcterms("format")


def annotation_of(graph: str, subject: str, predicate: str, object_: str) -> str:
    """Return the IRI of the annotation of a link, whose terms are encoded, in the graph with an IRI."""
    return f"{graph}#{hashlib.sha256(claim(subject, predicate, object_).encode()).hexdigest()[:24]}"
