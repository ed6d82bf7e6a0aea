"""Entry of an item in the index: the words it is found by, the values it is counted under, the row that lists show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lod.rdf.claims import iri, iri_text, is_iri, literal_parts
from lod.store.search.build import claim_index as c
from lod.store.search.build.things import ISSUE, JOURNAL, ORGANISATION, VOLUME, Thing, identifier_forms, kind_of
from lod.store.search.values.facets import OF_THINGS, VIA, WRITTEN
from lod.store.search.values.folding import keyword_key, sort_key, words

COLUMNS = ("title", "author", "abstract", "subject", "container", "publisher", "identifier")
"""Columns of the full text, in the order in which their weights are given."""

_MARKER = "RepositoryItem"
_DOCUMENTS = ("http://purl.org/ontology/bibo/", "http://purl.org/spar/fabio/")
_LEVELS = 5
_SHOWN_AUTHORS = 6
_SNIPPET = 300
_MOST_WORDS = 20_000
_MOST_LETTERS = 10 * _MOST_WORDS
"""What is looked at of one text: a list of all words of a long one takes 36 times its memory."""
_YEAR = re.compile(r"(-?\d{4,})(?:-|$)")

LookUp = Callable[[str], Thing | None]
"""Returns the thing with an IRI, None where nothing is published about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of one item.

    Attributes:
        subject: IRI of the item.
        title: to show; `title_key`, `date` and `place_key` sort it.
        columns: the folded words of each of `COLUMNS`.
        values: facet and key of each value, the IRI or the text that represents it; those of the facet "via" are things that
            the entry was made from beside.
        identifiers: forms of its own identifiers.
        shown: what lists show, as JSON (`shown_in_lists`).
    """

    subject: str
    title: str
    title_key: str
    date: str
    place_key: str
    columns: tuple[str, ...]
    values: frozenset[tuple[str, str]]
    identifiers: tuple[str, ...]
    shown: str


@dataclass(slots=True)
class _Agent:
    """An author or contributor: IRI ("" for one who is known by name only), name, whether an organisation, ORCID iD."""

    iri: str
    name: str
    is_organisation: bool
    orcid: str
    affiliations: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What is collected of an item."""

    claims: c.Claims
    subject: str
    about: str
    thing: LookUp
    values: set[tuple[str, str]] = field(default_factory=set)

    def look_up(self, about: str, facet: str = VIA) -> Thing | None:
        """Return the thing with an IRI, and note that the entry depends on it."""
        self.values.add((facet, about))
        return self.thing(about)

    def names(self, about: Iterable[str], facet: str) -> list[str]:
        """Return all names of things, and count the item under each of them."""
        return [name for one in about if (found := self.look_up(one, facet)) for name in found.names]


def is_document(about: str, types: Iterable[str], base: str) -> bool:
    """Return whether a subject is listed as an item: a repository's, or a publication that RDF made elsewhere describes."""
    known = list(types)
    if _is_of_a_repository(known):
        return True
    if about.startswith(f"{base}id/"):
        return False
    return kind_of(about, known) == "thing" and any(type_.startswith(_DOCUMENTS) for type_ in known)


def _is_of_a_repository(types: Iterable[str]) -> bool:
    return any(type_.endswith(f"/{_MARKER}") for type_ in types)


def read_entry(about: str, lines: Iterable[str], base: str, thing: LookUp) -> Entry | None:
    """Return the entry of an item of the claims about it, its parts, its record and its lists; None where it is no document."""
    claims, subject = c.index_claims(lines), iri(about)
    types = c.iris(claims, subject, c.TYPE)
    if not is_document(about, types, base):
        return None
    draft = _Draft(claims, subject, about, thing)
    titles = c.texts(claims, subject, *c.NAMES)
    others = c.texts(claims, subject, c.ALTERNATIVE)
    if not titles and not _is_of_a_repository(types):
        return None
    title = titles[0] if titles else about
    by = c.authors(claims, subject)
    contributors = {*c.objects(claims, subject, c.EDITOR, c.TRANSLATOR, c.CONTRIBUTOR)}.difference(by)
    authors = [_agent(draft, term) for term in by]
    agents = [*authors, *(_agent(draft, term) for term in sorted(contributors))]
    containers = list(_containers(draft))
    forms = identifier_forms(claims, subject)
    abstracts = c.texts(claims, subject, c.ABSTRACT, c.DESCRIPTION, c.CONTENTS)
    year = _year(claims, subject)
    _count(draft, agents, year, forms)
    subjects = draft.names(c.iris(claims, subject, c.SUBJECT), "subject")
    keywords = c.texts(claims, subject, c.KEYWORD)
    places = draft.names(c.iris(claims, subject, c.SPATIAL), "place")
    publishers = draft.names(c.iris(claims, subject, c.PUBLISHER), "publisher")
    collections = draft.names(c.iris(claims, iri(_record_of(about, base)), c.PART_OF), "collection")
    funders = draft.names(_funders(draft), "funder")
    draft.values.update(("keyword", keyword_key(text)) for text in keywords)
    draft.values.update((WRITTEN, text) for text in keywords)
    affiliations = [name for agent in agents for name in draft.names(agent.affiliations, "organisation")]
    journal = next((found for found in containers if found.kind == JOURNAL), None)
    columns = (
        _folded(titles, others),
        _folded([agent.name for agent in agents], affiliations),
        _folded(abstracts),
        _folded(subjects, keywords, places, collections),
        _folded([name for found in containers for name in found.names]),
        _folded(publishers, funders),
        _folded([text for _, text in c.identifiers(claims, subject)]),
    )
    issued = next(iter(c.texts(claims, subject, c.ISSUED)), str(year) if year else "")
    return Entry(
        about,
        title,
        sort_key(title),
        issued[:30] if _YEAR.match(issued) else f"{year:04d}" if year else "",
        _place_key(draft, journal, containers),
        columns,
        frozenset(_once(draft.values)),
        tuple(forms),
        _shown(draft, authors, containers, issued),
    )


def _shown(draft: _Draft, authors: list[_Agent], containers: list[Thing], issued: str) -> str:
    """Return what a list of hits shows of an item, as JSON."""
    claims, subject = draft.claims, draft.subject
    row = {
        "authors": [[agent.name, agent.iri, agent.orcid] for agent in authors[:_SHOWN_AUTHORS]],
        "number_of_authors": len(authors),
        "issued": issued,
        "in": [[_name_in(found), found.iri] for found in reversed(containers)],
        "types": c.iris(claims, subject, c.KIND),
        "access": c.iris(claims, subject, c.ACCESS),
        "licence": c.iris(claims, subject, c.LICENCE),
        "doi": next(iter(c.texts(claims, subject, c.DOI)), ""),
        "abstract": _snippet(c.texts(claims, subject, c.ABSTRACT)),
    }
    return json.dumps({name: value for name, value in row.items() if value}, ensure_ascii=False, separators=(",", ":"))


def _count(draft: _Draft, agents: list[_Agent], year: int | None, forms: list[str]) -> None:
    claims, subject, values = draft.claims, draft.subject, draft.values
    for facet, property_ in (("type", c.KIND), ("language", c.LANGUAGE), ("access", c.ACCESS), ("licence", c.LICENCE)):
        values.update((facet, one) for one in c.iris(claims, subject, property_))
    for agent in agents:
        facet = "organisation" if agent.is_organisation else "person"
        if agent.iri or agent.name:
            values.add((facet, agent.iri or agent.name))
    if year is not None:
        values.add(("year", str(year)))
    has = {
        "doi": any(form.startswith("doi:") for form in forms),
        "orcid": any(agent.orcid for agent in agents),
        "fulltext": bool(c.objects(claims, subject, c.FILE)),
        "abstract": bool(c.objects(claims, subject, c.ABSTRACT)),
    }
    values.update(("has", name) for name, it_has in has.items() if it_has)


def _once(values: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield values; a thing that the item is counted under need not be noted a second time."""
    counted = {key for facet, key in values if facet in OF_THINGS and facet != VIA}
    return (value for value in values if value[0] != VIA or value[1] not in counted)


def _agent(draft: _Draft, term: str) -> _Agent:
    if not is_iri(term):
        return _Agent("", literal_parts(term)[0], False, "")
    about, claims = iri_text(term), draft.claims
    if term in claims:
        # A part of the item: someone who is known by name only.
        forms = identifier_forms(claims, term)
        orcid = next((form[6:].upper() for form in forms if form.startswith("orcid:")), "")
        name = next(iter(c.texts(claims, term, *c.NAMES)), "")
        affiliations = tuple(c.iris(claims, term, c.AFFILIATION, c.MEMBER_OF))
        is_own = about.startswith(f"{draft.about}#")
        is_organisation = kind_of("", c.iris(claims, term, c.TYPE)) == ORGANISATION
        return _Agent("" if is_own else about, name, is_organisation, orcid, affiliations)
    thing = draft.look_up(about)
    if thing is None:
        return _Agent(about, "", "/id/org/" in about, "")
    return _Agent(about, thing.name, thing.kind == ORGANISATION, thing.orcid, thing.affiliations)


def _containers(draft: _Draft) -> Iterator[Thing]:
    """Yield what the item is part of, the nearest first: issue, volume, journal; or a book, and its series."""
    seen = {draft.about}
    level = c.iris(draft.claims, draft.subject, c.PART_OF)
    for _ in range(_LEVELS):
        found = []
        for about in dict.fromkeys(level):
            if about in seen:
                continue
            seen.add(about)
            thing = _container(draft, about)
            if thing:
                found.append(thing)
                yield thing
        level = [parent for thing in found for parent in thing.parents]


def _container(draft: _Draft, about: str) -> Thing | None:
    if iri(about) in draft.claims:
        # A book that only this record describes.
        claims, term = draft.claims, iri(about)
        names = tuple(c.texts(claims, term, *c.NAMES))
        parents, types = tuple(c.iris(claims, term, c.PART_OF)), tuple(c.iris(claims, term, c.TYPE))
        return Thing(about, kind_of(about, types), names[0] if names else "", names, parents=parents, types=types)
    thing = draft.look_up(about)
    if thing and thing.kind == JOURNAL:
        draft.values.add(("journal", about))
    return thing


def _funders(draft: _Draft) -> list[str]:
    found: set[str] = set()
    for grant in c.iris(draft.claims, draft.subject, c.FUNDING):
        if iri(grant) in draft.claims:
            found.update(c.iris(draft.claims, iri(grant), c.FUNDER))
        else:
            thing = draft.look_up(grant)
            found.update(thing.funders if thing else ())
    return sorted(found)


def _year(claims: c.Claims, subject: str) -> int | None:
    for text in c.texts(claims, subject, c.YEAR, c.ISSUED):
        match = _YEAR.match(text)
        if match and len(match[1]) <= 5:
            return int(match[1])
    return None


def _record_of(about: str, base: str) -> str:
    return f"{base}data/{about[len(base) + 3 :]}" if about.startswith(f"{base}id/") else ""


def _name_in(thing: Thing) -> str:
    if thing.name or not thing.number:
        return thing.name
    return f"{'Issue' if thing.kind == ISSUE else 'Volume'} {thing.number}"


def _place_key(draft: _Draft, journal: Thing | None, containers: list[Thing]) -> str:
    """Return a key that sorts by the place that a citation names: container, volume, issue, first page; "" where there is none."""
    host = journal or next(iter(containers), None)
    if host is None:
        return ""
    volume = next((found.number for found in containers if found.kind == VOLUME), "")
    issue = next((found.number for found in containers if found.kind == ISSUE), "")
    parts = (
        host.name_key,
        sort_key(volume or _first(draft, c.ITEM_VOLUME)),
        sort_key(issue or _first(draft, c.ITEM_ISSUE)),
        sort_key(_first(draft, c.PAGE_START) or _first(draft, c.ARTICLE_NUMBER)),
    )
    return "\x01".join(parts)


def _first(draft: _Draft, property_: str) -> str:
    return next(iter(c.texts(draft.claims, draft.subject, property_)), "")


def _folded(*texts: Iterable[str]) -> str:
    found = [word for group in texts for text in dict.fromkeys(group) for word in words(text[:_MOST_LETTERS])]
    return " ".join(found[:_MOST_WORDS])


def _snippet(texts: list[str]) -> str:
    text = " ".join(texts[0][:_MOST_LETTERS].split()) if texts else ""
    return text if len(text) <= _SNIPPET else f"{text[:_SNIPPET].rsplit(' ', 1)[0]} …"


def shown_in_lists(text: str) -> dict[str, Any]:
    """Return what lists show of an entry beside its title, of its JSON."""
    found: dict[str, Any] = json.loads(text)
    return found
