"""A second reader of MODS, for the tests: what the graph of each record must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.helpers.accounting import named, xml_root
from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

_M = "{http://www.loc.gov/mods/v3}"
_AUTHORS = {
    "aut",
    "author",
    "cre",
    "creator",
    "http://id.loc.gov/vocabulary/relators/aut",
    "http://id.loc.gov/vocabulary/relators/cre",
}
_EDITORS = {"edt", "editor"}


def stated_records(path: Path) -> Iterator[Stated]:
    """Yield what each record of a collection states."""
    for mods in named(xml_root(content_of(path)), "mods"):
        yield _stated(mods)


def _stated(mods: etree._Element) -> Stated:
    titles = [_title(info) for info in mods.findall(f"{_M}titleInfo") if not info.get("type")]
    stated = Stated("; ".join(titles)[:80])
    put = stated.put
    put("title", *titles)
    people = mods.findall(f"{_M}name")
    put(
        "authors",
        *(
            _name(name)
            for name in people
            if _roles(name) & _AUTHORS or (not _roles(name) and name.get("usage") == "primary")
        ),
    )
    put("editors", *(_name(name) for name in people if _roles(name) & _EDITORS and not _roles(name) & _AUTHORS))
    for identifier in mods.findall(f"{_M}identifier"):
        if identifier.get("type") == "doi" and identifier.get("invalid") != "yes":
            put("doi", _text(identifier))
    host = mods.find(f"{_M}relatedItem[@type='host']")
    if host is not None:
        issns = [_text(each) for each in host.findall(f"{_M}identifier") if each.get("type") == "issn"]
        details = {each.get("type"): _text(each.find(f"{_M}number")) for each in host.iter(f"{_M}detail")}
        if issns and "volume" in details:
            put("container", *(_title(info) for info in host.findall(f"{_M}titleInfo")[:1]))
            put("issn", *issns)
            put("volume", details["volume"])
            put("issue", details.get("issue", ""))
            put("start", *(_text(each) for each in host.iter(f"{_M}start")))
            put("end", *(_text(each) for each in host.iter(f"{_M}end")))
    dates = [date for info in mods.findall(f"{_M}originInfo") for date in info.findall(f"{_M}dateIssued")]
    coded = [date for date in dates if date.get("encoding") and not date.get("point") and not date.get("qualifier")]
    if coded and re.fullmatch(r"\d{4}(-\d\d){0,2}", _text(coded[0])):
        put("issued", _text(coded[0]))
    put("publisher", *(_text(each) for each in mods.findall(f"{_M}originInfo/{_M}publisher")))
    for subject in mods.findall(f"{_M}subject"):
        topics = [_text(part) for part in subject.findall(f"{_M}topic")]
        if subject.get("authority") == "lcsh" and len(subject) == len(topics) and topics:
            put("subjects", "--".join(topics))
        elif len(subject) == len(topics):
            put("subjects", *topics)
    # Names and subjects whose authority file is one that the package knows; of other vocabularies the key is kept.
    for each in (*people, *mods.findall(f"{_M}subject")):
        address = each.get("valueURI") or ""
        if "//id.loc.gov/authorities/" in address and len(each.findall(f"{_M}geographic")) == 0:
            put("links", re.sub(r"^https?:", "", address))
    put("degree", *(_text(name) for name in mods.iter("{http://www.ndltd.org/standards/metadata/etdms/1.0/}name")))
    return stated


def _text(element: etree._Element | None) -> str:
    text = " ".join("".join(element.itertext()).split()) if element is not None else ""
    # What a spreadsheet wrote for an empty cell.
    return "" if set(text.split()) == {"null"} else text


def _title(info: etree._Element) -> str:
    return " ".join(
        _text(info.find(f"{_M}{part}")) for part in ("nonSort", "title", "subTitle", "partNumber", "partName")
    )


def _name(name: etree._Element) -> str:
    parts = [part for part in name.findall(f"{_M}namePart") if part.get("type") != "date"]
    return " ".join(map(_text, parts)) or _text(name.find(f"{_M}displayForm"))


def _roles(name: etree._Element) -> set[str]:
    terms = name.findall(f"{_M}role/{_M}roleTerm")
    return {
        text for term in terms for text in (_text(term).casefold(), (term.get("valueURI") or "").casefold()) if text
    }
