"""Things that items lead to: people, organisations, journals, volumes, subjects, places … as their claims name them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.rdf.claims import iri
from lod.store.search.build import claim_index as c
from lod.store.search.values.folding import sort_key
from lod.store.search.values.identifiers import form_of, form_of_address

_BIBO = "http://purl.org/ontology/bibo/"
_FABIO = "http://purl.org/spar/fabio/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

PERSON, ORGANISATION, JOURNAL, VOLUME, ISSUE, BOOK = "person", "organisation", "journal", "volume", "issue", "book"
CONCEPT, SCHEME, PLACE, EVENT, GRANT, COLLECTION = "concept", "scheme", "place", "event", "grant", "collection"
OTHER = "thing"

_KINDS = {
    f"{_FOAF}Person": PERSON,
    f"{_FOAF}Organization": ORGANISATION,
    f"{_FOAF}Group": ORGANISATION,
    f"{_FABIO}JournalVolume": VOLUME,
    f"{_FABIO}JournalIssue": ISSUE,
    f"{_BIBO}Issue": ISSUE,
    **dict.fromkeys(
        (
            f"{space}{name}"
            for space in (_BIBO, _FABIO)
            for name in ("Journal", "Periodical", "Magazine", "Newspaper", "Series")
        ),
        JOURNAL,
    ),
    **dict.fromkeys(
        (
            f"{_BIBO}Book",
            f"{_BIBO}EditedBook",
            f"{_BIBO}Proceedings",
            f"{_FABIO}Book",
            f"{_FABIO}ConferenceProceedings",
        ),
        BOOK,
    ),
    f"{_SKOS}Concept": CONCEPT,
    f"{_SKOS}ConceptScheme": SCHEME,
    "http://purl.org/dc/terms/Location": PLACE,
    f"{_BIBO}Event": EVENT,
    f"{_BIBO}Conference": EVENT,
    "http://schema.org/Grant": GRANT,
}
_ORDER = (ORGANISATION, PERSON, VOLUME, ISSUE, JOURNAL, BOOK, SCHEME, CONCEPT, PLACE, EVENT, GRANT)
_SEGMENTS = {"person": PERSON, "org": ORGANISATION, "collection": COLLECTION, "community": COLLECTION, "place": PLACE}
_SEGMENT = re.compile(r"/id/([a-z]+)/")


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that is published about.

    Attributes:
        iri: its IRI.
        kind: "person", "organisation", "journal", "volume", "issue", "book", "concept", "scheme", "place", "event", "grant",
            "collection"; "thing" for anything else.
        name: the name to show, "" where it has none.
        names: all of its names, that one first.
        number: of a volume or issue.
        parents: IRIs of what it is part of.
        identifiers: forms of its identifiers, as `lod.store.search.values.identifiers` writes them.
        funders: of a grant; `affiliations`: of a person. IRIs.
        types: IRIs of its classes.
    """

    iri: str
    kind: str
    name: str
    names: tuple[str, ...] = ()
    number: str = ""
    parents: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def orcid(self) -> str:
        """Its ORCID iD, "" where it has none."""
        return next((form[6:].upper() for form in self.identifiers if form.startswith("orcid:")), "")

    @property
    def name_key(self) -> str:
        """The key by which its name sorts."""
        return sort_key(self.name)

    def to_json(self) -> str:
        """Return all but IRI, kind and name, for the index."""
        parts = (self.names, self.number, self.parents, self.identifiers, self.funders, self.affiliations, self.types)
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(iri: str, kind: str, name: str, text: str) -> Thing:
        """Return the thing that `to_json` wrote."""
        names, number, parents, identifiers, funders, affiliations, types = json.loads(text)
        return Thing(
            iri, kind, name, tuple(names), number, *map(tuple, (parents, identifiers, funders, affiliations, types))
        )


def read_thing(about: str, lines: Iterable[str]) -> Thing | None:
    """Return the thing that claims are about, None where they say nothing of it."""
    claims, subject = c.index_claims(lines), iri(about)
    if subject not in claims:
        return None
    types = tuple(c.iris(claims, subject, c.TYPE))
    names = tuple(dict.fromkeys((*c.texts(claims, subject, *c.NAMES), *c.texts(claims, subject, *c.OTHER_NAMES))))
    kind = kind_of(about, types)
    numbers = c.texts(claims, subject, c.ISSUE if kind == ISSUE else c.VOLUME)
    return Thing(
        about,
        kind,
        names[0] if names else "",
        names,
        numbers[0] if numbers else "",
        tuple(c.iris(claims, subject, c.PART_OF)),
        tuple(identifier_forms(claims, subject)),
        tuple(c.iris(claims, subject, c.FUNDER)),
        tuple(c.iris(claims, subject, c.AFFILIATION, c.MEMBER_OF)),
        types,
    )


def kind_of(about: str, types: Iterable[str]) -> str:
    """Return the kind of a thing: by its classes, else by its IRI."""
    kinds = {_KINDS[type_] for type_ in types if type_ in _KINDS}
    found = next((kind for kind in _ORDER if kind in kinds), None)
    if found:
        return found
    match = _SEGMENT.search(about)
    return _SEGMENTS.get(match[1], OTHER) if match else OTHER


def identifier_forms(claims: c.Claims, subject: str) -> list[str]:
    """Return the forms of the identifiers of a subject, sorted: stated ones, and those that its sameAs links lead to."""
    if c.IDENTIFYING.isdisjoint(claims.get(subject, ())):
        return []
    forms = {form_of(scheme, text) for scheme, text in c.identifiers(claims, subject)}
    forms.update(filter(None, map(form_of_address, c.iris(claims, subject, c.SAME_AS))))
    return sorted(forms)
