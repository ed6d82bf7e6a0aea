"""A second reader of Crossref JSON, for the tests: what the graph of each work must say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

TYPES = {
    "journal-article": "JournalArticle",
    "book-chapter": "BookChapter",
    "proceedings-article": "ConferencePaper",
    "book": "Book",
    "monograph": "Book",
    "dissertation": "Thesis",
    "report": "ReportDocument",
    "journal": "Journal",
}
_SERIALS = {"journal-article"}


def stated_works(path: Path) -> Iterator[Stated]:
    """Yield what each work of a response states."""
    document = json.loads(content_of(path))
    message = document.get("message", document)
    for work in message.get("items", [message] if "DOI" in message else []):
        yield _stated(work)


def _stated(work: dict) -> Stated:
    stated = Stated(work["DOI"])
    put = stated.put
    put("doi", work["DOI"])
    titles, subtitles = work.get("title") or [], work.get("subtitle") or []
    put(
        "title",
        f"{titles[0]}: {subtitles[0]}"
        if titles and subtitles and not titles[0].endswith(subtitles[0])
        else "".join(titles[:1]),
    )
    for role in ("author", "editor"):
        put(f"{role}s", *(_name(person) for person in work.get(role, [])))
    containers = work.get("container-title") or []
    put("container", *(containers if work.get("type") not in _SERIALS else containers[:1]))
    put("issn", *(work.get("ISSN") or []))
    if work.get("type") == "journal-article":
        put("volume", work.get("volume", ""))
        put("issue", work.get("issue", ""))
    start, _, end = work.get("page", "").partition("-")
    put("start", start)
    put("end", end)
    put("issued", _date(work.get("issued") or {}))
    if work.get("type") in TYPES:
        put("type", TYPES[work["type"]])
    put("publisher", work.get("publisher", ""))
    put("funders", *(funder["name"] for funder in work.get("funder", [])))
    put("awards", *(award for funder in work.get("funder", []) for award in funder.get("award", [])))
    put("links", *(f"//doi.org/{funder['DOI']}" for funder in work.get("funder", []) if funder.get("DOI")))
    put("relations", *(reference["DOI"] for reference in work.get("reference", []) if "DOI" in reference))
    put("subjects", *work.get("subject", []))
    return stated


def _name(person: dict) -> str:
    return " ".join(filter(None, (person.get(part) for part in ("given", "family", "suffix", "name"))))


def _date(date: dict) -> str:
    parts = [part for part in (date.get("date-parts") or [[]])[0] if part]
    return "-".join(f"{part:04}" if number == 0 else f"{part:02}" for number, part in enumerate(parts))
