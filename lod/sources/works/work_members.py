"""Members of a work that Crossref and CSL-JSON share: same names, same meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lod.numbers import whole_number
from lod.sources.reading.members import (
    AddMember,
    Gathered,
    Members,
    add_pages,
    as_list,
    date_text,
    first_text,
    leave,
    objects,
    person_name,
    scalar_text,
    to,
)

_BOOK_PARTS = frozenset(
    {
        "chapter",
        "book-chapter",
        "book-section",
        "book-part",
        "proceedings-article",
        "paper-conference",
        "reference-entry",
    }
)
_ENTITY_TWICE = re.compile(r"&amp;(?=(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);)", re.IGNORECASE)
_PERSON = frozenset(
    {"family", "given", "suffix", "literal", "name", "ORCID", "authenticated-orcid", "sequence", "affiliation"}
)


def plain(text: Any) -> str:
    """Return a text in which no character reference is escaped twice: "Oil &amp;amp; Gas" is "Oil &amp; Gas"."""
    return _ENTITY_TWICE.sub("&", scalar_text(text))


_FACES = re.compile(r"</?(?:scp|tt|font)(?:\s[^<>]{0,200})?>", re.IGNORECASE)


def in_one_face(gathered: Gathered, name: str, text: Any) -> str:
    """Return a text without the marks of small capitals, typewriter and font; marks that may mean something stay.

    Source: Crossref, "Face markup" (2024); bold, italic, sub- and superscript and the like say more than how a letter looks.
    """
    written = plain(text)
    bare = _FACES.sub("", written)
    if bare != written:
        gathered.leave_out(f"{name}/face", "the marks of small capitals, typewriter and font say how letters look")
    return bare


def add_titles(gathered: Gathered, name: str, value: Any) -> None:
    """Add the titles, the subtitle after a colon, as title pages are transcribed."""
    subtitle = in_one_face(gathered, "subtitle", first_text(gathered.work.get("subtitle"))).strip()
    for number, title in enumerate(as_list(value)):
        text = in_one_face(gathered, name, title).strip()
        if subtitle and number == 0 and not text.casefold().endswith(subtitle.casefold()):
            text = f"{text}{' ' if text.endswith((':', '?', '!')) else ': '}{subtitle}"
        gathered.add("dc.title" if number == 0 else "dc.title.alternative", text)


def add_containers(gathered: Gathered, name: str, value: Any) -> None:
    """Add the journal or the book; of two titles of a chapter the first is that of the series the book belongs to.

    Old deposits give the series alone, and the ISBN of the book with it: "Lecture Notes in Physics".
    """
    titles = [in_one_face(gathered, name, title) for title in as_list(value)]
    work = gathered.work
    alone = len(titles) == 1 and work.get("ISSN") and work.get("ISBN") and _SERIES.search(titles[0])
    if (len(titles) > 1 or alone) and work.get("type") in _BOOK_PARTS:
        gathered.add("dc.relation.ispartofseries", titles[0])
        titles = titles[1:]
    for title in titles[:1]:
        gathered.add("dc.relation.ispartof", title)
    gathered.keep(name, titles[1:])


_SERIES = re.compile(r"^(Lecture Notes|Studies|IFIP Advances|Communications) in\b|\bSeries\b")
"""Titles of series of books, as Crossref has them (read 2026-11); "Advances in" begins titles of books as well."""


def people(field: str) -> AddMember:
    """Return what adds the people of a role to a field, with their affiliations and other members."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for person in as_list(value):
            if not isinstance(person, dict):
                gathered.add(field, person)
                continue
            written = written_name(person)
            if written:
                gathered.person(field, written, authority=person.get("ORCID") or _key(person), agent=_agent(person))
            for affiliation in objects(person.get("affiliation")):
                gathered.keep(f"{name}.affiliation", _affiliation(written, affiliation))
            if person.get("sequence"):
                gathered.leave_out(f"{name}/sequence", "the order of the names says it")
            if "authenticated-orcid" in person and person.get("ORCID"):
                authenticated = f"{written}: {scalar_text(person['authenticated-orcid'])}"
                gathered.keep(f"{name}.authenticated-orcid", authenticated)
            rest = {key: part for key, part in person.items() if key not in _NAME_PARTS and part not in ("", None)}
            if rest or (not written and any(person.values())):
                gathered.keep(name, person)

    return take


_HEADING = re.compile(
    r"^\s*<(jats:)?title>\s*(abstract|summary|résumé|resumen|resumo|zusammenfassung)\s*</(jats:)?title>", re.IGNORECASE
)
_NAME_PARTS = _PERSON | {"non-dropping-particle", "dropping-particle", "parse-names", "static-ordering"}


def written_name(person: Members) -> str:
    """Return a person's or an organisation's name: "van der Berg, Anna", "Study Group"; "" where there is none."""
    particle = " ".join(
        filter(None, (first_text(person.get(f"{kind}-particle")) for kind in ("dropping", "non-dropping")))
    )
    family = f"{particle} {first_text(person.get('family'))}".strip()
    written = person_name(family, person.get("given"), person.get("suffix"))
    return plain(written or first_text(person.get("literal")) or first_text(person.get("name"))).strip()


def _agent(person: Members) -> str | None:
    """Return what a name is of: with a family name a person, a `name` (Crossref) or `literal` (CSL) alone an organisation."""
    if person.get("family"):
        return "person"
    return "organisation" if person.get("name") and not person.get("given") else None


def _key(person: Members) -> str | None:
    """Return the first identifier of an organisation among the authors, as Crossref gives it."""
    return next((text for part in objects(person.get("id")) if (text := first_text(part.get("id")))), None)


def _affiliation(written: str, affiliation: Members) -> Any:
    return (
        f"{written}: {plain(affiliation['name'])}" if set(affiliation) == {"name"} else {"of": written, **affiliation}
    )


def dates_to(field: str) -> AddMember:
    """Return what adds a date given as date-parts, or in words, to a field."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        text = date_of(value)
        if text:
            gathered.add(field, text)
        if has_long_number(value) or (not text and (not isinstance(value, dict) or set(value) - {"date-parts"})):
            gathered.keep(name, value)

    return take


def has_long_number(value: Any) -> bool:
    """Return whether the date-parts of a member hold a number with too many digits for a date."""
    dates = as_list(value.get("date-parts")) if isinstance(value, dict) else ()
    texts = (part.strip() for date in dates for part in as_list(date) if isinstance(part, str))
    return any(text.isdecimal() and whole_number(text) is None for text in texts)


def date_of(value: Any) -> str:
    """Return the date that a member states, "" where it states none (date-parts [[null]])."""
    if not isinstance(value, dict):
        return ""
    text = date_text(value.get("date-parts"))
    if text and value.get("circa"):
        text += "~"
    return text or first_text(value.get("literal")) or first_text(value.get("raw"))


def identifiers_to(field: str) -> AddMember:
    """Return what adds identifiers to a field, without an address before them, several in one text apart."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for text in as_list(value):
            for part in re.split(r"[\s,;]+", plain(text)):
                gathered.add(field, re.sub(r"^https?://id\.crossref\.org/is[bs]n/", "", part))

    return take


SHARED: Mapping[str, AddMember] = {
    "title": add_titles,
    "subtitle": leave,
    "DOI": to("dc.identifier.doi"),
    "PMID": to("dc.identifier.pmid"),
    "PMCID": to("dc.identifier.other"),
    "ISBN": identifiers_to("dc.identifier.isbn"),
    "ISSN": identifiers_to("dc.identifier.issn"),
    "author": people("dc.contributor.author"),
    "editor": people("dc.contributor.editor"),
    "translator": people("dc.contributor.translator"),
    "issued": dates_to("dc.date.issued"),
    "accepted": dates_to("dcterms.dateAccepted"),
    "submitted": dates_to("dc.date.submitted"),
    "container-title": add_containers,
    "publisher": lambda gathered, name, value: gathered.add("dc.publisher", plain(first_text(value))),
    "publisher-place": to("dc.publisher.place"),
    "publisher-location": to("dc.publisher.place"),
    "volume": to("dc.identifier.volume"),
    "issue": to("dc.identifier.issue"),
    "page": add_pages,
    "article-number": to("dc.identifier.articlenumber"),
    "number-of-pages": lambda gathered, name, value: gathered.add("dc.format.extent", f"{first_text(value)} pages"),
    "edition": to("oaire.citation.edition"),
    "edition-number": to("oaire.citation.edition"),
    "language": to("dc.language.iso"),
    "abstract": lambda gathered, name, value: gathered.add(
        "dc.description.abstract", _HEADING.sub("", in_one_face(gathered, name, value))
    ),
}
"""Members of one meaning in both formats."""
