"""Cells of a DSpace CSV: detect the separator of values, and split cells into values."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html.entities import html5
from typing import NamedTuple

from lod.record import Value
from lod.sources.reading.field_names import Column, Header

Split = Callable[[str], list[str]]

PROSE = frozenset({
    "title", "alternative", "description", "abstract", "tableofcontents", "sponsorship",
    "statementofresponsibility", "provenance", "citation", "bibliographiccitation", "rights", "license",
    "accessrights", "source", "publisher", "ispartof", "ispartofseries", "format", "extent", "notes",
})  # fmt: skip
"""Parts of field names whose values are sentences, titles or notes with semicolons of their own ("Working Paper;12",
"1 map; 20 x 30 cm", "Annual Report; 2"). Where a semicolon separates the values of a file, their cells stay whole."""

LIST = "list"
"""The separator of a column whose cells are lists in brackets."""

_LIST = re.compile(r"\s*\[\s*['\"].*['\"]\s*+(?:,\s*+)?\]\s*", re.DOTALL)
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
    """What shows a separator other than `||`: the column, in `hits` of its `cells` in the first rows."""

    separator: str
    header: str
    hits: int
    cells: int
    whole_file: bool = False

    def message(self, sheet: str = "") -> str:
        """Return the text of the remark, with the way out."""
        shown = f"it is in {self.hits} of {self.cells} cells"
        if self.separator == LIST:
            text = f"the cells of '{self.header}' are lists in brackets, and were taken apart as such"
        elif self.whole_file:
            text = (
                f"'; ' separates values here: {shown} of '{self.header}' in the first rows, and '||' in no column of names, "
                "subjects or codes. Titles, abstracts and other prose stay whole"
            )
        else:
            text = (
                f"'; ' separates values in the column '{self.header}': {shown} in the first rows, and '||' in none; "
                "other columns have '||'"
            )
        return f'{sheet}{text}. If that is wrong, set value_separator = "||"'


@dataclass(frozen=True, slots=True)
class Separators:
    """What separates values in a table: `usual`, but for the columns in `odd`, by index."""

    usual: str
    odd: dict[int, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


class ColumnPlan(NamedTuple):
    """How the cells of one column are read. A cell without `mark` is one value; `split` takes all others apart."""

    position: int
    mark: str
    field: str
    language: str | None
    split: Split


def is_prose(field: str) -> bool:
    """Return whether a field holds prose, which no semicolon separates."""
    return not PROSE.isdisjoint(_parts(field))


def _parts(field: str) -> set[str]:
    """Return element and qualifier of a field's name."""
    return set(field.lower().split(".")[1:])


def choose_separators(header: Header, rows: Sequence[Sequence[str]], setting: str = "auto") -> Separators:
    """Return the separators that the first rows of a table show, or the one that the setting orders.

    `||`, DSpace's own, wins wherever a column without prose has it. Else `; ` is taken when it is in a fifth of
    the cells of a column of names or subjects. Else it is `||`. A column may differ: one whose cells are all lists in
    brackets with quotation marks (`['a', 'b']`), and, where the table is no export of DSpace with `id` and
    `collection`, one of names or subjects that has `; ` in a fifth of its cells and `||` in none.
    """
    if setting != "auto":
        return Separators(setting)
    cells = {column: [cell for row in rows if (cell := _cell(row, column.index).strip())] for column in header.columns}
    lists = [column for column in header.columns if cells[column] and all(map(list_texts, cells[column]))]
    evidence = [Evidence(LIST, column.header, len(cells[column]), len(cells[column])) for column in lists]
    odd = {column.index: LIST for column in lists}
    semicolons = _semicolons({column: cells[column] for column in header.columns if column not in lists})
    if not _has_bars(header, rows, cells):
        if not semicolons:
            return Separators("||", odd, tuple(evidence))
        first = replace(next(iter(semicolons.values())), whole_file=True)
        return Separators("; ", odd, (first, *evidence))
    if not {"id", "collection"} <= header.work.keys():
        mixed = {column: seen for column, seen in semicolons.items() if not any("||" in cell for cell in cells[column])}
        odd |= {column.index: "; " for column in mixed}
        evidence += mixed.values()
    return Separators("||", odd, tuple(evidence))


def _has_bars(header: Header, rows: Sequence[Sequence[str]], cells: dict[Column, list[str]]) -> bool:
    if any("||" in cell for column in header.columns if not is_prose(column.field) for cell in cells[column]):
        return True
    index = header.work.get("collection")
    return index is not None and any("||" in _cell(row, index) for row in rows)


def _semicolons(cells: dict[Column, list[str]]) -> dict[Column, Evidence]:
    """Return the columns of names or subjects that `; ` separates, with what shows it."""
    found = {}
    for column, texts in cells.items():
        if _parts(column.field).isdisjoint(_NAMES_AND_SUBJECTS):
            continue
        hits = sum(len(_split_semicolons(text, _SEMICOLONS["; "])) > 1 for text in texts)
        if hits and hits >= _FAIR_SHARE * len(texts):
            found[column] = Evidence("; ", column.header, hits, len(texts))
    return found


def make_plan(header: Header, separators: Separators) -> list[ColumnPlan]:
    """Return how the cells of each column of values are read when separators are in force."""
    plans = []
    for column in header.columns:
        if column.scheme:
            continue
        separator = separators.odd.get(column.index, separators.usual)
        mark, split = _reading(separator, column)
        plans.append(ColumnPlan(column.index, mark, column.field, column.language, split))
    return plans


def _reading(separator: str, column: Column) -> tuple[str, Split]:
    if separator == LIST:
        return "[", _split_list
    if separator == "||":
        return "||", split_bars
    if is_prose(column.field):
        return "\0", _whole
    return ";", _at_semicolons(_SEMICOLONS[separator])


def _at_semicolons(semicolon: re.Pattern[str]) -> Split:
    return lambda cell: [piece for part in cell.split("||") for piece in _split_semicolons(part, semicolon)]


def _split_list(cell: str) -> list[str]:
    return list_texts(cell) or _whole(cell)


def list_texts(cell: str) -> list[str]:
    """Return the texts of a list as Python or JSON writes it, [] where a cell is anything else."""
    if not _LIST.fullmatch(cell):
        return []
    try:
        parts = ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return []
    return [text for part in parts if (text := part.strip())]


def split_bars(cell: str) -> list[str]:
    """Return the values between `||` in a cell."""
    return [text for piece in cell.split("||") if (text := piece.strip())]


def make_value(field: str, text: str, language: str | None = None) -> Value:
    """Return a value from one piece of a cell: `text`, or `text::authority::confidence`.

    The authority key may be `will be referenced::ORCID::0000-0002-1825-0097`. A text with `::` that does not end in
    one of DSpace's confidences is only a text.

    Source: DSpace 7 documentation, "Batch Metadata Editing", section "Authority controlled metadata".
    """
    match = _AUTHORITY.fullmatch(text) if "::" in text else None
    if match is None or match["confidence"] not in CONFIDENCES or not match["text"].strip():
        return Value(field, text, language)
    return Value(
        field,
        match["text"].strip(),
        language,
        match["authority"].strip() or None,
        int(match["confidence"]),
    )


def join_keys(values: list[Value], header: Header, cells: Sequence[str]) -> list[Value]:
    """Return the values of a row with the keys of its columns such as "ORCID:dc.contributor.author", "name::key::confidence".

    A key joins the value of its field with the same text that has none yet; a name without such a value is one of its own.

    Source: DSpace 5 and 6 documentation, "ORCID Integration", section "Importing existing authors & keeping track of them".
    """
    found = list(values)
    for column in header.columns:
        for piece in split_bars(_cell(cells, column.index)) if column.scheme else ():
            value = make_value(column.field, piece, column.language)
            key = value.authority
            if key and not key.startswith(("http://", "https://", "will be ")):
                value = value._replace(authority=f"will be referenced::{column.scheme}::{key}")
            same = (at for at, one in enumerate(found) if one[:2] == value[:2] and not one.authority)
            place = next(same, None)
            if place is None:
                found.append(value)
            else:
                found[place] = found[place]._replace(authority=value.authority, confidence=value.confidence)
    return found


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
