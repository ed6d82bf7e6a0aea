"""What is measured: the fields that records should have, with targets, and what records may have in common."""

from __future__ import annotations

from dataclasses import dataclass

from lod.rdf.coar import TYPES

ARTICLE = frozenset(
    TYPES + code for code in ("c_6501", "c_2df8fbb1", "c_dcae04bc", "c_beb9", "c_7bab", "c_545b", "c_b239", "c_3e5a")
)
"""COAR types of contributions to a journal: articles of all sorts, reviews, data papers, editorials, letters."""
BOOK = frozenset(TYPES + code for code in ("c_2f33", "c_3248"))
"""COAR types of books and their parts."""
THESIS = frozenset(TYPES + code for code in ("c_46ec", "c_7a1f", "c_bdcc", "c_db06"))
"""COAR types of theses."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A field that a record should have.

    Attributes:
        name: as addresses have it; the rule about records without it is `missing-NAME`.
        label: as pages show it.
        target: how many of the records that should have it are to have it, in percent; 0 where none is set.
        types: COAR types of the records that should have it; empty for all.
    """

    name: str
    label: str
    target: int
    types: frozenset[str] = frozenset()


MEASURES = (
    Measure("doi", "DOI", 90, ARTICLE | BOOK),
    Measure("orcid", "ORCID iD of an author", 50),
    Measure("ror", "ROR id of an organisation", 50),
    Measure("issn", "ISSN", 95, ARTICLE),
    Measure("licence", "Licence", 80),
    Measure("fulltext", "Full text", 60),
    Measure("title", "Title", 100),
    Measure("author", "Author", 98),
    Measure("date", "Date of issue", 100),
    Measure("type", "Document type", 100),
    Measure("language", "Language", 95),
    Measure("abstract", "Abstract", 70),
    Measure("subject", "Subject or keyword", 80),
    Measure("publisher", "Publisher", 80, BOOK | THESIS),
    Measure("container", "Journal, book or series", 95, ARTICLE),
    Measure("pages", "Pages or article number", 80, ARTICLE),
    Measure("isbn", "ISBN", 80, frozenset({f"{TYPES}c_2f33"})),
    Measure("access", "Access rights", 90),
    Measure("handle", "Handle", 0),
    Measure("funding", "Funding", 0),
)
BY_NAME = {measure.name: measure for measure in MEASURES}

ALIKE = {"doi": "Same DOI", "handle": "Same handle", "title": "Same title, year and first author"}
"""What several records may have in common, with labels; the rule about them is `same-NAME`."""

MISSING, SAME = "missing-", "same-"
"""Beginnings of the rules that are made of measures, beside those of findings."""

EMAIL = "withheld-email"
"""The rule of records of which an e-mail address is not published."""

OWN_RULES = frozenset({EMAIL, *(f"{MISSING}{name}" for name in BY_NAME), *(f"{SAME}{name}" for name in ALIKE)})
