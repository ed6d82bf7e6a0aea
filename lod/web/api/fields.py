"""Table of fields: what the JSON of an entity may have. Names are those of the JSON-LD context (vocab/context.jsonld).

To add a field, add a row to `FIELDS`; the JSON, the OpenAPI description and the page at /api follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lod.store.search.build.things import CONCEPT, JOURNAL, ORGANISATION, PERSON
from lod.web.reconcile.entities import ITEM

TEXTS, STRINGS, DATES, INTEGERS = "texts", "strings", "dates", "integers"
REFERENCES, ORDERED, CONTAINERS, FILES = "references", "ordered", "containers", "files"
"""Forms of the values of a field (`FORMS`)."""

CONTAINER, FILE = "container", "file"
"""Kinds of nodes inside an item, beside the types of entities."""

FORMS = {
    TEXTS: "Text",
    STRINGS: "",
    DATES: "Date",
    INTEGERS: "",
    REFERENCES: "Reference",
    ORDERED: "Reference",
    CONTAINERS: "Container",
    FILES: "File",
}
"""Forms, with the schema of each value, "" for a string or a number."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, the kinds of nodes that may have it, the form of its values, what it says."""

    name: str
    kinds: tuple[str, ...]
    form: str
    description: str


_ITEM, _BOOKS = (ITEM.id,), (ITEM.id, CONTAINER)
_SERIALS = (*_BOOKS, JOURNAL)
_AGENTS = (PERSON, ORGANISATION)

FIELDS = (
    Field("title", _SERIALS, TEXTS, "Titles"),
    Field("alternative", (*_ITEM, JOURNAL), TEXTS, "Other titles"),
    Field("shortTitle", (*_ITEM, JOURNAL), TEXTS, "Abbreviated titles"),
    Field("name", _AGENTS, TEXTS, "Names"),
    Field("familyName", (PERSON,), TEXTS, "Family names"),
    Field("givenName", (PERSON,), TEXTS, "Given names"),
    Field("prefLabel", (CONCEPT,), TEXTS, "Preferred labels"),
    Field("altLabel", (*_AGENTS, CONCEPT), TEXTS, "Other names or labels"),
    Field("notation", (CONCEPT,), STRINGS, "Notations in the scheme"),
    Field("authorList", _ITEM, ORDERED, "Authors, in the order of the item"),
    Field("creator", _ITEM, REFERENCES, "Authors, in no order"),
    Field("editor", _ITEM, REFERENCES, "Editors"),
    Field("translator", _ITEM, REFERENCES, "Translators"),
    Field("contributor", _ITEM, REFERENCES, "Contributors in other roles"),
    Field("thesisAdvisor", _ITEM, REFERENCES, "Advisors of a thesis"),
    Field("issued", _ITEM, DATES, "Dates of issue"),
    Field("publicationYear", _ITEM, STRINGS, "Years of issue"),
    Field("publisher", (*_ITEM, JOURNAL), REFERENCES, "Publishers"),
    Field("isPartOf", _BOOKS, CONTAINERS, "What it is in: an issue or volume, which is in a journal; a book; a series"),
    Field("volume", _BOOKS, STRINGS, "Number of the volume"),
    Field("issue", _BOOKS, STRINGS, "Number of the issue"),
    Field("pageStart", _ITEM, STRINGS, "First page"),
    Field("pageEnd", _ITEM, STRINGS, "Last page"),
    Field("pages", _ITEM, STRINGS, "Pages, as one text"),
    Field("numPages", _ITEM, INTEGERS, "Number of pages"),
    Field("edition", _ITEM, TEXTS, "Edition"),
    Field("articleNumber", _ITEM, STRINGS, "Number of the article, where it has no pages"),
    Field("coarType", _ITEM, REFERENCES, "Types, of the COAR list of resource types"),
    Field("inLanguage", _ITEM, REFERENCES, "Languages, as ISO 639-2 codes of the Library of Congress"),
    Field("abstract", _ITEM, TEXTS, "Abstracts"),
    Field("description", (*_ITEM, ORGANISATION, JOURNAL), TEXTS, "Descriptions"),
    Field("subject", _ITEM, REFERENCES, "Subjects, as concepts"),
    Field("keyword", _ITEM, TEXTS, "Keywords"),
    Field("spatial", _ITEM, REFERENCES, "Places that it is about"),
    Field("accessRights", _ITEM, REFERENCES, "Access, of the COAR list of access rights"),
    Field("license", _ITEM, REFERENCES, "Licences"),
    Field("funding", _ITEM, REFERENCES, "Grants"),
    Field("file", _ITEM, FILES, "Files"),
    Field("url", (FILE,), STRINGS, "Address of the file"),
    Field("format", (FILE,), REFERENCES, "Media type"),
    Field("byteSize", (FILE,), STRINGS, "Size in bytes"),
    Field("doi", _ITEM, STRINGS, "DOIs"),
    Field("handle", _ITEM, STRINGS, "Handles"),
    Field("pmid", _ITEM, STRINGS, "PubMed identifiers"),
    Field("pubMedCentralId", _ITEM, STRINGS, "PubMed Central identifiers"),
    Field("arxivId", _ITEM, STRINGS, "arXiv identifiers"),
    Field("isbn13", _BOOKS, STRINGS, "ISBNs of 13 digits"),
    Field("isbn10", _BOOKS, STRINGS, "ISBNs of 10 digits"),
    Field("issn", _SERIALS, STRINGS, "ISSNs"),
    Field("eissn", _SERIALS, STRINGS, "ISSNs of the electronic edition"),
    Field("issnL", (JOURNAL,), STRINGS, "Linking ISSNs"),
    Field("affiliation", (PERSON,), REFERENCES, "Organisations that a person belongs to"),
    Field("homepage", _AGENTS, REFERENCES, "Home pages"),
    Field("inScheme", (CONCEPT,), REFERENCES, "Concept schemes"),
    Field("broader", (CONCEPT,), REFERENCES, "Broader concepts"),
    Field("narrower", (CONCEPT,), REFERENCES, "Narrower concepts"),
    Field("exactMatch", (CONCEPT,), REFERENCES, "The same concept in other schemes"),
    Field("closeMatch", (CONCEPT,), REFERENCES, "Nearly the same concept in other schemes"),
    Field("sameAs", (ITEM.id, PERSON, ORGANISATION, JOURNAL, CONCEPT), REFERENCES, "The same thing elsewhere: DOI, ORCID iD, ROR ID, Wikidata"),
)  # fmt: skip


def fields_of(kind: str) -> tuple[Field, ...]:
    """Return the fields that a kind of node may have, in their order."""
    return tuple(field for field in FIELDS if kind in field.kinds)
