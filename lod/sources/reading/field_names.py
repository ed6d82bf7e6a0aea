"""Field names such as dc.title[en], and the header of a table: the field and language of each column."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

FIELD_NAME = r"[A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*){1,3}"
_FIELD_HEADER = re.compile(
    rf"(?:(?P<scheme>[A-Z][A-Z-]{{1,20}}):)?(?P<field>{FIELD_NAME})\s*(?:\[(?P<language>[^\[\]]*)\])?", re.ASCII
)
_DELIMITERS = (",", ";", "\t")
_SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[,;|\t])"?[,;\t]*', re.IGNORECASE)
SEARCHED_LINES = 20
"""Lines in which a header is looked for; remarks above it are rarely longer."""

_LONGEST_HEADER = 65_536
"""Characters of a header line: as many as are read to detect a format."""
_WORK_COLUMNS = ("id", "collection", "action", "uuid", "handle")
_METADATA = re.compile(r"metadata\.(?=[A-Za-z][\w-]*\.)", re.IGNORECASE)
"""What some exports write before each field: metadata.dc.title."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values. `index` counts from 0; `language` is the tag as the header writes it, None for `[]`.

    A `scheme` of identifiers before the field ("ORCID:dc.contributor.author") marks keys of the values of that field.
    """

    index: int
    header: str
    field: str
    language: str | None
    scheme: str = ""


@dataclass(frozen=True)
class Header:
    """The columns of one file: those of fields, those that DSpace itself works with, and all others."""

    cells: tuple[str, ...]
    columns: tuple[Column, ...]
    work: dict[str, int]
    others: tuple[tuple[int, str], ...]

    @property
    def is_known(self) -> bool:
        """Whether the header names a field, or items to be moved or removed: `id,collection`, `id,action`."""
        return bool(self.columns) or ("id" in self.work and not self.work.keys().isdisjoint(("collection", "action")))

    @cached_property
    def first(self) -> str:
        """The first cell, in lower case: by which a repeated header is recognised."""
        return self.cells[0].strip("\ufeff ").casefold()

    @property
    def is_sure(self) -> bool:
        """Whether nothing but a header reads like this: two known columns or more, and as many as unknown ones."""
        known = len(self.columns) + len(self.work)
        return self.is_known and known >= 2 and known >= len(self.others)


def parse_header(cells: Sequence[str]) -> Header:
    """Return the columns that a header names: `dc.title`, `dc.title[en_US]`, `dc.title[]`, `id`, `collection`, `action`.

    Spaces around a name do not matter, nor does the case of DSpace's own columns, to which `uuid` and `handle` belong. Fields
    keep their case, which DSpace distinguishes (dcterms.bibliographicCitation), but for the spelling DC.Title, which is read
    as dc.title; metadata.dc.title is the same field.

    Source: DSpace 7 documentation, "Batch Metadata Editing", section "CSV format".
    """
    columns: list[Column] = []
    work: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        name = cell.strip("\ufeff \t\r\n")
        match = _FIELD_HEADER.fullmatch(name)
        if match:
            language = (match["language"] or "").strip() or None
            columns.append(Column(index, name, _field(match["field"]), language, match["scheme"] or ""))
        elif name.lower() in _WORK_COLUMNS and name.lower() not in work:
            work[name.lower()] = index
        else:
            others.append((index, name))
    return Header(tuple(cells), tuple(columns), work, tuple(others))


def choose_delimiter(line: str) -> str:
    """Return the delimiter that makes the most known columns of a header line: comma, semicolon or tab."""
    headers = {delimiter: _header_of_line(line, delimiter) for delimiter in _DELIMITERS}
    return max(headers, key=lambda delimiter: len(headers[delimiter].columns) + len(headers[delimiter].work))


def named_delimiter(line: str) -> str:
    """Return the delimiter of a line "sep=;", which spreadsheets write above the header, "" for any other line."""
    match = _SEP_LINE.fullmatch(line.strip("\ufeff\r\n"))
    return match["delimiter"] if match else ""


def find_header(lines: Sequence[str]) -> int | None:
    """Return the position of the header among the first lines of a file, None where none of them is one."""
    return _position([_header_of_line(line, choose_delimiter(line)) for line in lines[:SEARCHED_LINES]])


def find_header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the position of the header among the first rows of a table, None where none of them is one."""
    return _position([parse_header(cells) for cells in rows[:SEARCHED_LINES]])


def _position(headers: Sequence[Header]) -> int | None:
    """Return the position of the first header that is one.

    The first line that is not blank, "sep=;" aside, may name a single field; a header below other lines names two or
    more, and hardly anything else.
    """
    first = True
    for position, header in enumerate(headers):
        if not any(cell.strip("\ufeff \t\r\n") for cell in header.cells) or named_delimiter(",".join(header.cells)):
            continue
        if header.is_known and (first or header.is_sure):
            return position
        first = False
    return None


def _header_of_line(line: str, delimiter: str) -> Header:
    try:
        return parse_header(next(csv.reader([line] if len(line) <= _LONGEST_HEADER else [], delimiter=delimiter), []))
    except csv.Error:
        return parse_header([])


def _field(name: str) -> str:
    name = _METADATA.sub("", name, count=1)
    return name.lower() if name.startswith("DC.") else name
