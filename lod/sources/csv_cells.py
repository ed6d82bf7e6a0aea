"""The cells of a DSpace CSV: which separator a file uses, and how a cell is taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.entities import html5
from typing import NamedTuple

from lod.record import Value
from lod.sources.csv_header import Column, Header

Split = Callable[[str], list[str]]

PROSE = frozenset(
    {
        "title",
        "alternative",
        "description",
        "abstract",
        "tableofcontents",
        "sponsorship",
        "statementofresponsibility",
        "provenance",
        "citation",
        "bibliographiccitation",
        "rights",
        "license",
        "accessrights",
        "source",
        "publisher",
        "ispartof",
        "ispartofseries",
        "format",
        "extent",
        "notes",
    }
)
"""Parts of field names whose values are sentences, titles or notes with semicolons of their own ("Working Paper;12",
"1 map; 20 x 30 cm", "Annual Report; 2"). Where a semicolon separates the values of a file, their cells stay whole."""

_NAMES_AND_SUBJECTS = frozenset({"author", "creator", "contributor", "subject"})
_FAIR_SHARE = 0.2

CONFIDENCES = frozenset({"-1", "0", "100", "200", "300", "400", "500", "600"})
"""DSpace's confidences, from "unset" to "accepted". Source: DSpace 7, class Choices, constants CF_*."""

_AUTHORITY = re.compile(
    r"(?P<text>.+?)::"
    r"(?P<authority>will be (?:generated|referenced)(?:::(?:(?!::).)*){0,2}|(?:(?!::).)*)::"
    r"(?P<confidence>-?\d+)\s*",
    re.DOTALL,
)
_ENTITY_END = re.compile(r"&(#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*)$")
_SEMICOLONS = {";": re.compile(";"), "; ": re.compile(r";(?=\s|$)")}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a separator was chosen: the column that showed it, in `hits` of its `cells` in the first rows."""

    separator: str
    header: str = ""
    hits: int = 0
    cells: int = 0


class ColumnPlan(NamedTuple):
    """How the cells of one column are read. A cell without `mark` is one value; `split` takes all others apart."""

    position: int
    column: Column
    mark: str
    split: Split


def is_prose(field: str) -> bool:
    """Tell whether a field holds prose, which no semicolon separates."""
    return not PROSE.isdisjoint(field.lower().split(".")[1:])


def detect_separator(header: Header, rows: Sequence[Sequence[str]]) -> Evidence:
    """Return the separator that the first rows of a file show.

    `||`, DSpace's own, wins wherever a column without prose has it. Else `; ` is taken when it stands in a fifth of
    the cells of a column of names or subjects. Else it is `||`.
    """
    columns = [column for column in header.columns if not is_prose(column.field)]
    indexes = [column.index for column in columns]
    if "collection" in header.work:
        indexes.append(header.work["collection"])
    if any("||" in _cell(row, index) for row in rows for index in indexes):
        return Evidence("||")
    for column in columns:
        if _NAMES_AND_SUBJECTS.isdisjoint(column.field.lower().split(".")[1:]):
            continue
        cells = [cell for row in rows if (cell := _cell(row, column.index).strip())]
        hits = sum(len(_split_semicolons(cell, _SEMICOLONS["; "])) > 1 for cell in cells)
        if hits and hits >= _FAIR_SHARE * len(cells):
            return Evidence("; ", column.header, hits, len(cells))
    return Evidence("||")


def make_plan(header: Header, separator: str) -> list[ColumnPlan]:
    """Return how the cells of each column of values are read when a separator is in force."""
    plans = []
    for column in header.columns:
        if separator == "||":
            plans.append(ColumnPlan(column.index, column, "||", split_bars))
        elif is_prose(column.field):
            plans.append(ColumnPlan(column.index, column, "\0", _whole))
        else:
            plans.append(ColumnPlan(column.index, column, ";", _at_semicolons(_SEMICOLONS[separator])))
    return plans


def _at_semicolons(semicolon: re.Pattern[str]) -> Split:
    return lambda cell: [piece for part in cell.split("||") for piece in _split_semicolons(part, semicolon)]


def split_bars(cell: str) -> list[str]:
    """Return the values between `||` in a cell."""
    return [text for piece in cell.split("||") if (text := piece.strip())]


def make_value(column: Column, text: str) -> Value:
    """Return a value from one piece of a cell: `text`, or `text::authority::confidence`.

    The authority key may be `will be referenced::ORCID::0000-0002-1825-0097`. A text with `::` that does not end in
    one of DSpace's confidences is only a text.

    Source: DSpace 7 documentation, "Batch Metadata Editing", section "Authority controlled metadata".
    """
    match = _AUTHORITY.fullmatch(text) if "::" in text else None
    if match is None or match["confidence"] not in CONFIDENCES or not match["text"].strip():
        return Value(column.field, text, column.language)
    return Value(
        column.field,
        match["text"].strip(),
        column.language,
        match["authority"].strip() or None,
        int(match["confidence"]),
    )


def _whole(cell: str) -> list[str]:
    text = cell.strip()
    return [text] if text else []


def _split_semicolons(text: str, semicolon: re.Pattern[str]) -> list[str]:
    pieces: list[str] = []
    for piece in semicolon.split(text):
        if pieces and _ends_in_entity(pieces[-1]):
            pieces[-1] += f";{piece}"
        else:
            pieces.append(piece)
    return [text for piece in pieces if (text := piece.strip())]


def _ends_in_entity(piece: str) -> bool:
    # "Food &amp; Drink": the semicolon belongs to the character reference.
    match = _ENTITY_END.search(piece) if "&" in piece else None
    return match is not None and (match[1].startswith("#") or f"{match[1]};" in html5)


def _cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""
