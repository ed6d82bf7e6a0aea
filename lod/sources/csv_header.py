"""The header of a DSpace CSV: which column is which field, and what its language is."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

FIELD_NAME = r"[A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*){1,3}"
_FIELD_HEADER = re.compile(rf"(?P<field>{FIELD_NAME})\s*(?:\[(?P<language>[^\[\]]*)\])?", re.ASCII)
_DELIMITERS = (",", ";", "\t")
_WORK_COLUMNS = ("id", "collection", "action")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values. `index` counts from 0; `language` is the tag as the header writes it, None for `[]`."""

    index: int
    header: str
    field: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file: those of fields, those that DSpace itself works with, and all others."""

    cells: tuple[str, ...]
    columns: tuple[Column, ...]
    work: dict[str, int]
    others: tuple[tuple[int, str], ...]

    @property
    def is_known(self) -> bool:
        """Whether the header names a field, or items to be moved or removed: `id,collection`, `id,action`."""
        return bool(self.columns) or ("id" in self.work and len(self.work) > 1)


def parse_header(cells: Sequence[str]) -> Header:
    """Return the columns that a header names: `dc.title`, `dc.title[en_US]`, `dc.title[]`, `id`, `collection`, `action`.

    Spaces around a name do not matter, nor does the case of DSpace's own columns. Fields keep their case, which DSpace
    tells apart (dcterms.bibliographicCitation), but for the spelling DC.Title, which is read as dc.title.

    Source: DSpace 7 documentation, "Batch Metadata Editing", section "CSV format".
    """
    columns: list[Column] = []
    work: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        name = cell.strip()
        match = _FIELD_HEADER.fullmatch(name)
        if match:
            language = (match["language"] or "").strip() or None
            columns.append(Column(index, name, _field(match["field"]), language))
        elif name.lower() in _WORK_COLUMNS and name.lower() not in work:
            work[name.lower()] = index
        else:
            others.append((index, name))
    return Header(tuple(cells), tuple(columns), work, tuple(others))


def choose_delimiter(line: str) -> str:
    """Return the delimiter that makes the most known columns of a header line: comma, semicolon or tab."""
    headers = {delimiter: _header_of_line(line, delimiter) for delimiter in _DELIMITERS}
    return max(headers, key=lambda delimiter: len(headers[delimiter].columns) + len(headers[delimiter].work))


def is_header(line: str) -> bool:
    """Tell whether a line is the header of a DSpace CSV."""
    return _header_of_line(line, choose_delimiter(line)).is_known


def _header_of_line(line: str, delimiter: str) -> Header:
    try:
        return parse_header(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return parse_header([])


def _field(name: str) -> str:
    return name.lower() if name.startswith("DC.") else name
