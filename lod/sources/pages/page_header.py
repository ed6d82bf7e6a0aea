"""The block above the tables of an item page: links, bookmarks, citations, collections, files, the heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lod.record import Value
from lod.sources.pages.page_labels import LINKS, read_label, slug
from lod.sources.pages.page_parts import Line

SECTIONS: dict[str, str] = {
    "file download": "file",
    "links for fulltext": "link",
    "(may require subscription)": "link",
    "find via": "link",
    "supplementary": "supplementary",
    "bookmarks": "bookmarks",
    "citations": "citations",
    "appears in collections": "collection",
}
"""Lines that open a part of the block, in lower case, and what that part holds."""

_COUNTS = ("bookmarks", "citations")
_BULLET = re.compile(r"\s*+-(?:\s+|$)")
_HEADING = re.compile(r"(?P<type>[^:|]{2,60}): (?P<title>\S.*)")


@dataclass(slots=True)
class HeaderParts:
    """Parts of the block. `links` and `heading` repeat fields; `own` are fields that only the page has."""

    links: list[list[Value]] = field(default_factory=list)
    heading: tuple[str, str] | None = None
    own: list[Value] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)


def read_header(lines: Sequence[Line], title: str) -> HeaderParts:
    """Return the parts of the lines above the tables; `title` is the page's title where a table has one, "" elsewhere."""
    parts = HeaderParts()
    body, parts.heading = _take_heading(lines, title)
    section = ""
    for line in body:
        bullet = _BULLET.match(line.text)
        text = line.text[bullet.end() if bullet else 0 :].strip()
        name, colon, rest = (part.strip() for part in text.partition(":"))
        if name.casefold() in SECTIONS:
            section = SECTIONS[name.casefold()]
            text, name, colon, rest = rest, *(part.strip() for part in rest.partition(":"))
        if text and not _take(parts, section, text, (name, rest) if colon else None, bulleted=bullet is not None):
            parts.stray.append(line)
    return parts


def _take_heading(lines: Sequence[Line], title: str) -> tuple[Sequence[Line], tuple[str, str] | None]:
    """Return the lines without the last one, and type and title, when that is a heading: "Article: Some title"."""
    match = _HEADING.fullmatch(lines[-1].text.strip()) if lines else None
    if match is None or lines[-1].text.lstrip().startswith("-") or match["type"].casefold() in (*SECTIONS, *LINKS):
        return lines, None
    # A title with a colon of its own shows where the type ends, and that this is the heading at all.
    if title and not _same(match["title"], title):
        return lines, None
    return lines[:-1], (match["type"].strip(), match["title"])


def _same(text: str, other: str) -> bool:
    return " ".join(text.split()).casefold() == " ".join(other.split()).casefold()


def _take(parts: HeaderParts, section: str, text: str, pair: tuple[str, str] | None, *, bulleted: bool) -> bool:
    """Add one text of a section; return False when no part of the block takes it."""
    if section == "collection":
        parts.collections.append(text)
    elif section in ("file", "supplementary"):
        parts.own.append(Value(f"page.{section}", text))
    elif section in _COUNTS:
        if pair is None and (section == "bookmarks" or not text[0].isdigit()):
            return False
        service, count = pair or ("", text)
        if count:
            parts.own.append(Value(f"page.{section}.{slug(service)}".rstrip("."), count))
    elif pair and (bulleted or pair[0].casefold() in LINKS):
        if pair[1]:
            parts.links.append(read_label(pair[0], pair[1], LINKS))
    else:
        return False
    return True
