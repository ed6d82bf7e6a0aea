"""Text of a DSpace item page, with the table of all its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lod.record import Record, Value
from lod.settings.table import Settings
from lod.sources.pages.page_header import HeaderParts, read_header
from lod.sources.pages.page_labels import DISPLAY, new_values, read_label, take_issn
from lod.sources.pages.page_parts import FUNDING, TABLE_HEAD, Line, PageParts, split_lines, split_pages
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, not_utf8

_SURE_ROW = re.compile(r"\s*Persistent Identifier\s*\|", re.IGNORECASE)
_ENOUGH_LABELS = 3


def detect_item_page(head: bytes, path: Path) -> bool:
    """Return whether a file has the table head "DC Field | Value | Language |", or rows of the table that pages show."""
    del path
    labels = set()
    for line in head_text(head).splitlines():
        if TABLE_HEAD.match(line) or _SURE_ROW.match(line):
            return True
        label, bar, _ = line.partition(" |")
        if bar and label.strip().casefold() in DISPLAY:
            labels.add(label.strip().casefold())
    return len(labels) >= _ENOUGH_LABELS


def read_item_page(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield one record a page; a file may hold several pages, one after the other.

    Values are in this order: the full table; what the page shows and the table lacks; what only the page has, as
    fields of the schema `page` (funding, bookmarks, citations, journal metrics, files). Texts that no part of a page
    takes are named in an info finding. A page that is not UTF-8, or has no values, is a violation.

    Raises:
        SourceError: the file cannot be read to its end.
    """
    del settings
    with file.reading() as stream:
        pages = split_pages(split_lines(stream))
        yield from records_of(file, pages, lambda page: _items(file, page), lambda page: f"line {page.first_line}")


def _items(file: SourceFile, page: PageParts) -> Iterator[Item]:
    where = f"line {page.first_line}"
    if page.bad is not None:
        yield _not_utf8(file, page.bad, where)
        return
    titles = [value.text for value in page.table if value.field == "dc.title"]
    titles += [text for label, text in page.shown if label.casefold() == "title"]
    header = read_header(page.header, titles[0] if titles else "")
    values = page_values(page, header)
    if values:
        collections = tuple(header.collections)
        yield Record(file.source, file.place(where), tuple(values), collections=collections)
    elif page.has_table or page.shown:
        yield file.unreadable(
            "page-empty",
            where,
            "the page has neither a row 'field | value | language |' nor a title; save the whole page, "
            "with its full table of fields",
        )
    if stray := [*header.stray, *page.stray]:
        yield _stray(file, stray)


def page_values(page: PageParts, header: HeaderParts) -> list[Value]:
    """Return the values of a page: its table, what it shows and the table lacks, what only the page has."""
    table = page.table
    values = list(table)
    own: list[Value] = []
    groups = list(header.links)
    for label, text in page.shown:
        cell, _, funding = text.partition(FUNDING)
        if funding.strip():
            own.append(Value("page.funding", funding.strip(), _language(table)))
        if label.casefold() == "issn":
            issns, metrics = take_issn(cell)
            groups.append(issns)
            own += metrics
        elif cell.strip():
            groups.append(read_label(label, cell.strip(), DISPLAY))
    if header.heading:
        groups += [read_label("Type", header.heading[0], DISPLAY), read_label("Title", header.heading[1], DISPLAY)]
    for group in groups:
        values += new_values(group, table, values)
    return values + own + header.own


def _language(table: list[Value]) -> str | None:
    """Return the language of the page's running text: that of the abstract, else of the title."""
    for field in ("dc.description.abstract", "dc.title"):
        for value in table:
            if value.field == field:
                return value.language
    return None


def _not_utf8(file: SourceFile, line: Line, where: str) -> Item:
    position = next(index for index, character in enumerate(line.text) if "\udc80" <= character <= "\udcff")
    offset = line.offset + len(line.text[:position].encode("utf-8"))
    why = not_utf8(b"", offset, ord(line.text[position]) - 0xDC00)
    return file.unreadable(
        "page-encoding", where, f"the page is {why}, in line {line.number}; save the page as UTF-8 and read it again"
    )


def _stray(file: SourceFile, lines: list[Line]) -> Item:
    first = lines[0]
    text = first.text.strip()
    more = f", and {len(lines) - 1} more such lines" if len(lines) > 1 else ""
    return file.remark(
        "page-text",
        f"line {first.number}: no known part of an item page takes this text; left out: {text[:80]!r}{more}",
        value=text,
    )
