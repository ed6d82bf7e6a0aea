"""Table of properties: what can be stated of an entity as evidence, and fetched of it.

To add a property, add a row to `PROPERTIES`; suggest, proposals, evidence, data extension and the documentation of the
schema at /reconcile/schema follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lod.rdf.claims import iri
from lod.store.search.build import claim_index as c
from lod.store.search.build.things import CONCEPT, ISSUE, JOURNAL, ORGANISATION, PERSON, VOLUME
from lod.web.reconcile.entities import ITEM, CellValue, Entity

TEXT, TITLE, NAME, IDENTIFIER, DATE, NUMBER, CODE = "text", "title", "name", "identifier", "date", "number", "code"
"""How values are compared."""

_DC = "http://purl.org/dc/terms/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_BIBO = "http://purl.org/ontology/bibo/"
_BROADER, _IN_SCHEME, _EXACT = (iri(f"{_SKOS}{name}") for name in ("broader", "inScheme", "exactMatch"))
_PAGE_END = iri(f"{_BIBO}pageEnd")
_YEAR = re.compile(r"(-?[0-9]{4,5})(?:-|$)")
_MOST_WORKS = 50

Read = Callable[[Entity], list[CellValue]]


@dataclass(frozen=True, slots=True)
class Property:
    """One property.

    Attributes:
        id, name: in queries, and as people see it.
        types: ids of the types that have it.
        compare: how a stated value is compared with it.
        weight: of the evidence; that of a name is 2.
        stands_for: the RDF property, or the path, that it is read from.
        read: returns its values of an entity, in order.
        value_type: id of the type of its values, "" for texts.
    """

    id: str
    name: str
    types: tuple[str, ...]
    compare: str
    weight: float
    stands_for: str
    read: Read
    value_type: str = ""


def _values(*properties: str) -> Read:
    return lambda entity: [value for value in entity.values(*properties) if value.text]


def _texts(*properties: str) -> Read:
    return lambda entity: [CellValue(text) for text in entity.texts(*properties)]


def _identifiers(*schemes: str) -> Read:
    def read(entity: Entity) -> list[CellValue]:
        found = ((form.partition(":")[0], text) for form, text in entity.identifiers.items())
        return [
            CellValue(text if schemes else f"{scheme}:{text}")
            for scheme, text in found
            if not schemes or scheme in schemes
        ]

    return read


def _authors(entity: Entity) -> list[CellValue]:
    return [value for term in c.authors(entity.claims, iri(entity.iri)) if (value := entity.value(term)).text]


def _years(entity: Entity) -> list[CellValue]:
    matches = (_YEAR.match(text) for text in entity.texts(c.YEAR, c.ISSUED))
    return [CellValue(match[1]) for match in matches if match][:1]


def _containers(kind: str) -> Callable[[Entity], Iterator[CellValue]]:
    def read(entity: Entity) -> Iterator[CellValue]:
        for _, about in entity.entry.shown.get("in", ()) if entity.entry else ():
            thing = entity.index.thing(about)
            if thing and thing.kind == kind:
                yield CellValue(
                    thing.number if kind in {VOLUME, ISSUE} else thing.name, about if kind == JOURNAL else ""
                )

    return read


def _journals(entity: Entity) -> list[CellValue]:
    return list(_containers(JOURNAL)(entity))


def _numbers(kind: str, property_: str) -> Read:
    def read(entity: Entity) -> list[CellValue]:
        own = [CellValue(text) for text in entity.texts(property_)]
        return own or [value for value in _containers(kind)(entity) if value.text][:1]

    return read


def _pages(entity: Entity) -> list[CellValue]:
    pages = [text for property_ in (c.PAGE_START, _PAGE_END) for text in entity.texts(property_)[:1]]
    return [CellValue("–".join(pages))] if pages else _texts(c.ARTICLE_NUMBER)(entity)


def _works(entity: Entity) -> list[CellValue]:
    facet = "subject" if entity.type.id == CONCEPT else entity.type.id
    hits = entity.index.search("", {facet: [entity.index.param(facet, entity.iri)]})
    return [CellValue(entry.title, entry.iri) for entry in entity.index.entries(hits, size=_MOST_WORKS)]


def _number_of_items(entity: Entity) -> list[CellValue]:
    return [CellValue(str(entity.number_of_items))]


def _other_names(entity: Entity) -> list[CellValue]:
    return [CellValue(name) for name in entity.names[1:]]


_ITEM = (ITEM.id,)
_THINGS = (PERSON, ORGANISATION, JOURNAL, CONCEPT)
_ALL = (*_ITEM, *_THINGS)

PROPERTIES = (
    Property("title", "Title", _ITEM, TITLE, 2, f"{_DC}title", lambda entity: [CellValue(entity.name)]),
    Property("name", "Name", _THINGS, NAME, 2, "foaf:name, dcterms:title, skos:prefLabel", lambda entity: [CellValue(entity.name)]),
    Property("otherName", "Other name or title", _ALL, NAME, 1, "dcterms:alternative, skos:altLabel", _other_names),
    Property("author", "Author", _ITEM, NAME, 1, "bibo:authorList, dcterms:creator", _authors, PERSON),
    Property("editor", "Editor", _ITEM, NAME, 1, "bibo:editor", _values(c.EDITOR), PERSON),
    Property("contributor", "Contributor", _ITEM, NAME, 0.5, "dcterms:contributor, bibo:translator", _values(c.CONTRIBUTOR, c.TRANSLATOR), PERSON),
    Property("issued", "Date of issue", _ITEM, DATE, 1, f"{_DC}issued", _texts(c.ISSUED)),
    Property("year", "Year", _ITEM, DATE, 1, "fabio:hasPublicationYear", _years),
    Property("type", "Type", _ITEM, CODE, 0.5, f"{_DC}type", _values(c.KIND)),
    Property("journal", "Journal", _ITEM, NAME, 1, "dcterms:isPartOf, step by step, to a journal", _journals, JOURNAL),
    Property("volume", "Volume", _ITEM, TEXT, 0.5, "bibo:volume", _numbers(VOLUME, c.ITEM_VOLUME)),
    Property("issue", "Issue", _ITEM, TEXT, 0.5, "bibo:issue", _numbers(ISSUE, c.ITEM_ISSUE)),
    Property("pages", "Pages", _ITEM, TEXT, 0.5, "bibo:pageStart, bibo:pageEnd", _pages),
    Property("publisher", "Publisher", (*_ITEM, JOURNAL), NAME, 0.5, f"{_DC}publisher", _values(c.PUBLISHER), ORGANISATION),
    Property("language", "Language", _ITEM, CODE, 0.5, f"{_DC}language", _values(c.LANGUAGE)),
    Property("subject", "Subject", _ITEM, NAME, 0.5, f"{_DC}subject", _values(c.SUBJECT), CONCEPT),
    Property("keyword", "Keyword", _ITEM, NAME, 0.5, "prism:keyword", _texts(c.KEYWORD)),
    Property("abstract", "Abstract", _ITEM, TITLE, 0.5, f"{_DC}abstract", _texts(c.ABSTRACT)),
    Property("access", "Access", _ITEM, CODE, 0.5, f"{_DC}accessRights", _values(c.ACCESS)),
    Property("licence", "Licence", _ITEM, CODE, 0.5, f"{_DC}license", _values(c.LICENCE)),
    Property("affiliation", "Affiliation", (PERSON,), NAME, 1, "schema:affiliation, org:memberOf", _values(c.AFFILIATION, c.MEMBER_OF), ORGANISATION),
    Property("broader", "Broader concept", (CONCEPT,), NAME, 0.5, f"{_SKOS}broader", _values(_BROADER), CONCEPT),
    Property("scheme", "Concept scheme", (CONCEPT,), NAME, 0.5, f"{_SKOS}inScheme", _values(_IN_SCHEME)),
    Property("work", "Work", _THINGS, TITLE, 1, "the other way round", _works, ITEM.id),
    Property("items", "Number of items", _THINGS, NUMBER, 0.5, "the other way round, counted", _number_of_items),
    Property("doi", "DOI", _ALL, IDENTIFIER, 3, "bibo:doi", _identifiers("doi")),
    Property("handle", "Handle", _ITEM, IDENTIFIER, 3, "bibo:handle", _identifiers("handle")),
    Property("isbn", "ISBN", _ITEM, IDENTIFIER, 2, "bibo:isbn13", _identifiers("isbn")),
    Property("pmid", "PubMed identifier", _ITEM, IDENTIFIER, 3, "bibo:pmid", _identifiers("pmid")),
    Property("issn", "ISSN", (*_ITEM, JOURNAL), IDENTIFIER, 2, "bibo:issn, bibo:eissn", _identifiers("issn")),
    Property("orcid", "ORCID iD", (PERSON,), IDENTIFIER, 3, "schema:sameAs, datacite:orcid", _identifiers("orcid")),
    Property("ror", "ROR ID", (ORGANISATION,), IDENTIFIER, 3, "schema:sameAs, datacite:ror", _identifiers("ror")),
    Property("identifier", "Any identifier", _ALL, IDENTIFIER, 3, "datacite:hasIdentifier, schema:sameAs", _identifiers()),
    Property("sameAs", "The same elsewhere", _ALL, CODE, 3, "schema:sameAs, skos:exactMatch", lambda entity: [CellValue(text) for text in c.iris(entity.claims, iri(entity.iri), c.SAME_AS, _EXACT)]),
)  # fmt: skip
BY_ID = {property_.id: property_ for property_ in PROPERTIES}

_PROPOSED = {
    ITEM.id: (
        "author",
        "issued",
        "year",
        "journal",
        "doi",
        "handle",
        "type",
        "subject",
        "publisher",
        "language",
        "licence",
    ),
    PERSON: ("orcid", "affiliation", "otherName", "items", "identifier", "sameAs"),
    ORGANISATION: ("ror", "otherName", "items", "identifier", "sameAs"),
    JOURNAL: ("issn", "publisher", "otherName", "items"),
    CONCEPT: ("otherName", "scheme", "broader", "items", "sameAs"),
}


def proposed(type_id: str) -> list[Property]:
    """Return the properties of a type, those first that are mostly fetched; of items where the type is none of ours."""
    kind = type_id if type_id in _PROPOSED else ITEM.id
    first = _PROPOSED[kind]
    rest = (property_.id for property_ in PROPERTIES if kind in property_.types and property_.id not in first)
    return [BY_ID[name] for name in (*first, *rest)]
