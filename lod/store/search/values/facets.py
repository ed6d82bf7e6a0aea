"""Table of facets: what a list can be narrowed by, and what of the published claims each value represents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet.

    Attributes:
        name: as addresses have it.
        label: as pages show it, of one value.
        plural: the name under which its values are listed at /browse/, "" where they are not.
        stands_for: what must be stated of an item for it to have a value, for readers of the documentation.
    """

    name: str
    label: str
    plural: str
    stands_for: str


FACETS = (
    Facet("type", "Type", "types", "dcterms:type"),
    Facet("year", "Year", "years", "fabio:hasPublicationYear"),
    Facet("person", "Person", "people", "dcterms:creator, bibo:editor, bibo:translator, dcterms:contributor"),
    Facet("organisation", "Organisation", "organisations", "the same properties, of organisations"),
    Facet("journal", "Journal", "journals", "dcterms:isPartOf, step by step, to a journal or series"),
    Facet("subject", "Subject", "subjects", "dcterms:subject"),
    Facet("keyword", "Keyword", "keywords", "prism:keyword"),
    Facet("place", "Place", "places", "dcterms:spatial"),
    Facet("publisher", "Publisher", "publishers", "dcterms:publisher"),
    Facet("language", "Language", "languages", "dcterms:language"),
    Facet("access", "Access", "", "dcterms:accessRights"),
    Facet("licence", "Licence", "licences", "dcterms:license"),
    Facet("collection", "Collection", "collections", "dcterms:isPartOf of the record"),
    Facet("funder", "Funder", "funders", "schema:funding, then schema:funder"),
    Facet("has", "With", "", "bibo:doi; an ORCID iD of an author; fabio:hasRepresentation; dcterms:abstract"),
)

VIA = "via"
"""Things that an item leads to otherwise, such as volumes and grants: a filter, but no facet beside hits."""

NAMES = tuple(facet.name for facet in FACETS)
FILTERS = (*NAMES, VIA)
BY_NAME = {facet.name: facet for facet in (*FACETS, Facet(VIA, "Part of", "", "what the item leads to otherwise"))}
BY_PLURAL = {facet.plural: facet for facet in FACETS if facet.plural}

OF_THINGS = frozenset(
    {"person", "organisation", "journal", "subject", "place", "publisher", "collection", "funder", VIA}
)
"""Facets whose values are things that are published about (IRIs), beside names where there is no thing."""

WRITTEN = "written"
"""Keywords as each is written, labelled with the keyword that they are counted under: neither facet nor filter."""

NUMBERS = {name: number for number, name in enumerate((*FILTERS, WRITTEN))}
"""Facets as the index numbers them; a value's number is that of its facet in the lowest bits."""

BITS = 5

HAS = {"doi": "DOI", "orcid": "ORCID iD", "fulltext": "Full text", "abstract": "Abstract"}
"""Values of the facet "has", with their labels."""
