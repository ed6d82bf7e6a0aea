"""DOAJ JSON: articles of the Directory of Open Access Journals, as its dumps and its API give them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.numbers import whole_number
from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import Gathered, Members, as_list, first_text, leave, objects, to
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_TECHNICAL = "how DOAJ keeps the record, no description of the article"


def detect_doaj(head: bytes, path: Path) -> bool:
    """Return whether a file holds articles in DOAJ's form, with their members under `bibjson`."""
    del path
    shape = json_shape(head)
    return any(f"{start}bibjson" in shape for start in ("", "[].", "results[]."))


def read_doaj(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each article.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _identifiers(gathered: Gathered, name: str, value: Any) -> None:
    fields = {"doi": "dc.identifier.doi", "pissn": "dc.identifier.issn", "eissn": "dc.identifier.eissn"}
    for identifier in objects(value):
        field = fields.get(first_text(identifier.get("type")).lower())
        if field:
            gathered.add(field, identifier.get("id"))
            gathered.leave_out("identifier/type", "the field says it")
        else:
            gathered.keep(name, identifier)


def _authors(gathered: Gathered, name: str, value: Any) -> None:
    """Add the names, in the order in which DOAJ has them: mostly "Given Family", which is not turned round."""
    for author in objects(value):
        written = first_text(author.get("name"))
        gathered.person("dc.contributor.author", written, authority=author.get("orcid_id"))
        if author.get("affiliation"):
            gathered.keep("author.affiliation", f"{written}: {first_text(author['affiliation'])}")


def _journal(gathered: Gathered, name: str, value: Any) -> None:
    fields = {
        "title": "dc.relation.ispartof",
        "volume": "dc.identifier.volume",
        "number": "dc.identifier.issue",
        "publisher": "dc.publisher",
        "language": "dc.language.iso",
    }
    issns = [entry.get("id") for entry in objects(gathered.work.get("identifier"))]
    for journal in objects(value):
        for member, part in journal.items():
            if member in fields:
                to(fields[member])(gathered, f"journal.{member}", part)
            elif member == "license":
                _licences(gathered, part)
            elif member == "issns":
                for issn in as_list(part):
                    gathered.add("dc.identifier.issn", "" if issn in issns else issn)
            else:
                gathered.keep(f"journal.{member}", part)


def _licences(gathered: Gathered, value: Any) -> None:
    for licence in objects(value):
        gathered.add("dc.rights", licence.get("type") or licence.get("title"))
        gathered.keep("journal.license", licence)


def _date(gathered: Gathered, name: str, value: Any) -> None:
    """Add the year and, where it is a number, the month."""
    month = first_text(gathered.work.get("month"))
    year = first_text(value)
    number = whole_number(month) or 0
    known = 1 <= number <= 12
    gathered.add("dc.date.issued", f"{year}-{number:02}" if known else year)
    gathered.keep("month", "" if known else month)


def _subjects(gathered: Gathered, name: str, value: Any) -> None:
    for subject in objects(value):
        lcc = first_text(subject.get("scheme")).upper() == "LCC"
        gathered.add("dc.subject.lcc" if lcc else "dc.subject", subject.get("code") if lcc else subject.get("term"))
        gathered.keep(name, subject)


def _links(gathered: Gathered, name: str, value: Any) -> None:
    for link in objects(value):
        gathered.add("dc.description.uri", link.get("url"))
        if set(link) != {"url"}:
            gathered.keep(name, link)


def _unwrap(members: Members) -> Members:
    bibjson = members.get("bibjson")
    if not isinstance(bibjson, dict):
        return {}
    # DOAJ holds articles only, and says so nowhere in the record.
    return {
        "doaj": members.get("id"),
        "type": "journal article",
        **bibjson,
        **{name: value for name, value in members.items() if name not in ("id", "bibjson")},
    }


FORMAT = WorkFormat(
    schema="doaj",
    table={
        "doaj": lambda gathered, name, value: gathered.keep("id", value),
        "type": to("dc.type"),
        "title": to("dc.title"),
        "identifier": _identifiers,
        "author": _authors,
        "journal": _journal,
        "year": _date,
        "month": leave,
        "start_page": to("dc.identifier.spage"),
        "end_page": to("dc.identifier.epage"),
        "keywords": to("dc.subject"),
        "subject": _subjects,
        "abstract": to("dc.description.abstract"),
        "link": _links,
    },
    ignored={
        "last_updated": "the date the record was last changed",
        **dict.fromkeys(("created_date", "admin", "es_type"), _TECHNICAL),
    },
    containers=("results",),
    unwrap=_unwrap,
    modified=lambda work: first_text(work.get("last_updated")),
)
"""Members of a DOAJ article. Source: DOAJ API 3, "Article" (2024)."""
