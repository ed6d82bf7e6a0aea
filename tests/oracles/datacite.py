"""A second reader of DataCite JSON, for the tests: what the graph of each DOI must say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

_TYPES = {
    "JournalArticle": "JournalArticle", "Book": "Book", "BookChapter": "BookChapter",
    "Preprint": "Preprint", "ConferencePaper": "ConferencePaper", "Software": "ComputerProgram",
}  # fmt: skip
_NO_NAMES = {"(:unav)", "(:unkn)", "(:null)", "(:none)", "(:tba)", "(:unap)", "(:unas)"}


def stated_dois(path: Path) -> Iterator[Stated]:
    """Yield what each DOI of a response, a list or lines of JSON states; drafts are none."""
    text = content_of(path).decode()
    try:
        document = json.loads(text)
        found = document.get("data", document) if isinstance(document, dict) else document
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    for entry in found if isinstance(found, list) else [found]:
        work = entry.get("attributes", entry)
        if work.get("state", "findable") == "findable":
            yield _stated(work)


def _stated(work: dict) -> Stated:
    stated = Stated(str(work.get("doi")))
    put = stated.put
    put("doi", work.get("doi") or "")
    titles = work.get("titles") or []
    plain = [title["title"] for title in titles if not title.get("titleType")]
    subtitles = [title["title"] for title in titles if title.get("titleType") == "Subtitle"]
    put("title", *[": ".join([*plain[:1], *subtitles[:1]]), *plain[1:]])
    put(
        "authors",
        *(_name(person) for person in work.get("creators") or [] if person.get("name", "").lower() not in _NO_NAMES),
    )
    put("editors", *(_name(p) for p in work.get("contributors") or [] if p.get("contributorType") == "Editor"))
    issued = [date["date"] for date in work.get("dates") or [] if date.get("dateType") == "Issued" and date.get("date")]
    put("issued", *(issued or [str(work.get("publicationYear") or "")]))
    publisher = work.get("publisher") or ""
    put("publisher", publisher.get("name", "") if isinstance(publisher, dict) else publisher)
    general = (work.get("types") or {}).get("resourceTypeGeneral")
    if general in _TYPES:
        put("type", _TYPES[general])
    put("funders", *(award.get("funderName", "") for award in work.get("fundingReferences") or []))
    put("awards", *(award.get("awardNumber", "") for award in work.get("fundingReferences") or []))
    related = work.get("relatedIdentifiers") or []
    put("relations", *(each["relatedIdentifier"] for each in related if each.get("relatedIdentifierType") == "DOI"))
    put("subjects", *(word for each in work.get("subjects") or [] for word in each.get("subject", "").split(";")))
    container = work.get("container") or {}
    if general == "JournalArticle":
        for aspect, member in (("volume", "volume"), ("issue", "issue"), ("container", "title")):
            put(aspect, container.get(member) or "")
    return stated


def _name(person: dict) -> str:
    if person.get("familyName"):
        return f"{person['familyName']} {person.get('givenName', '')}"
    return str(person.get("name", ""))
