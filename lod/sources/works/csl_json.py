"""CSL-JSON: what reference managers and citation services give, a list or single items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import Gathered, first_text, to
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works
from lod.sources.works.work_members import SHARED, date_of, dates_to, has_long_number

TYPES = {
    "article": "preprint",
    "article-journal": "journal article",
    "article-magazine": "magazine article",
    "article-newspaper": "newspaper article",
    "paper-conference": "conference paper",
    "entry-dictionary": "dictionary entry",
    "entry-encyclopedia": "encyclopedia entry",
    "entry": "reference entry",
    "post-weblog": "blog post",
    "review-book": "book review",
    "webpage": "website",
    "motion_picture": "moving image",
    "broadcast": "sound",
    "song": "sound",
    "legal_case": "court document",
    "classic": "book",
}
"""CSL types that the map of types has under another name. Source: CSL 1.0.2, appendix III."""


def detect_csl_json(head: bytes, path: Path) -> bool:
    """Return whether a file holds CSL-JSON: items with a type and a date as date-parts, or names as family and given."""
    del path
    shape = json_shape(head)
    return any(
        f"{start}type" in shape
        and (
            f"{start}issued.date-parts[]" in shape
            or f"{start}author[].family" in shape
            or f"{start}container-title" in shape
        )
        for start in ("", "[].")
    )


def read_csl_json(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each item.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _type(gathered: Gathered, name: str, value: Any) -> None:
    text = first_text(value)
    genre = first_text(gathered.work.get("genre"))
    gathered.add("dc.type", genre if text == "thesis" and genre else TYPES.get(text, text))


def _genre(gathered: Gathered, name: str, value: Any) -> None:
    if gathered.work.get("type") != "thesis":
        gathered.keep(name, value)


def _series(gathered: Gathered, name: str, value: Any) -> None:
    number = first_text(gathered.work.get("collection-number"))
    gathered.add("dc.relation.ispartofseries", f"{first_text(value)};{number}" if number else value)


def _series_number(gathered: Gathered, name: str, value: Any) -> None:
    if not gathered.work.get("collection-title"):
        gathered.keep(name, value)


def _keep_date(gathered: Gathered, name: str, value: Any) -> None:
    gathered.keep(name, value if has_long_number(value) else date_of(value) or value)


FORMAT = WorkFormat(
    schema="csl",
    table={
        **SHARED,
        "type": _type,
        "genre": _genre,
        "URL": to("dc.identifier.uri"),
        "title-short": to("dc.title.alternative"),
        "shortTitle": to("dc.title.alternative"),
        "original-title": to("dc.title.alternative"),
        "collection-title": _series,
        "collection-number": _series_number,
        "event": to("dc.relation.conference"),
        "event-title": to("dc.relation.conference"),
        "event-place": to("oaire.citation.conferencePlace"),
        "event-date": dates_to("oaire.citation.conferenceDate"),
        "keyword": to("dc.subject"),
        "note": to("dc.description"),
        "license": to("dc.rights"),
        "accessed": _keep_date,
        "original-date": _keep_date,
        "available-date": _keep_date,
    },
    ignored={
        "page-first": "repeats the first page",
        "system_id": "the reference manager's own number",
        "_graph": "how the reference manager keeps the item",
    },
)
"""Members of a CSL item; the rest is kept verbatim. Source: CSL-JSON schema 1.0.2."""
