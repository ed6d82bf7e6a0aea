"""RIS: one record an item, lines end with CR and LF.

Source: the RIS format specification of Reference Manager (2001 and 2011), as EndNote and Zotero read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lod.web.citing.citation import Citation


def ris(cited: Citation) -> str:
    """Return an item as a record of RIS: exactly one TY, one ER, and no value with a line break."""
    lines = [f"{tag}  - {text}" for tag, value in _tags(cited) if (text := " ".join(str(value).split()))]
    return "\r\n".join([*lines, "ER  - ", ""])


def _tags(cited: Citation) -> Iterator[tuple[str, str]]:
    fields = cited.fields

    def text(name: str) -> str:
        return str(fields.get(name, ""))

    yield "TY", cited.type.ris
    yield "ID", text("id")
    yield "TI", text("title")
    yield "ST", text("title-short")
    for tag, role in (("AU", "author"), ("ED", "editor"), ("A4", "translator")):
        for name in fields.get(role, ()):
            yield tag, _name(name)
    yield "T2", text("container-title") or text("event-title")
    if cited.type.csl == "article-journal":
        yield "JO", text("container-title")
    yield "T3", text("collection-title")
    yield from _date(fields.get("issued", {}))
    yield "VL", text("volume")
    yield "IS", text("issue") or text("number") or text("collection-number")
    start, dash, end = text("page").partition("-")
    yield "SP", start.strip() if dash else text("page")
    yield "EP", end.strip()
    yield "ET", text("edition")
    yield "M3", text("genre")
    yield "PB", text("publisher")
    yield "CY", text("publisher-place")
    for name in ("ISSN", "ISBN"):
        for number in text(name).split(", "):
            yield "SN", number
    yield "DO", text("DOI")
    yield "AN", text("PMID")
    yield "UR", text("URL")
    yield "LA", text("language")
    yield "AB", text("abstract")
    for keyword in cited.keywords:
        yield "KW", keyword


def _name(name: Mapping[str, str]) -> str:
    return name.get("literal") or ", ".join(name[part] for part in ("family", "given") if part in name)


def _date(issued: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parts = issued.get("date-parts")
    if not parts:
        yield "PY", issued.get("literal", "")
        return
    year, *rest = parts[0]
    yield "PY", f"{year:04}"
    yield "DA", "/".join([f"{year:04}", *(f"{part:02}" for part in rest), *[""] * (3 - len(rest))])
