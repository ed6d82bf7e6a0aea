"""Plain tables, in CSV, TSV, XLSX, ODS or JSON: where their header is, and their rows as texts."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lod.errors import SourceError
from lod.report import Finding
from lod.sources.parsing.csv_repair import CsvLines, split_rows
from lod.sources.parsing.csv_rows import CsvRow, read_rows, where_of
from lod.sources.parsing.encodings import detect_encoding
from lod.sources.parsing.json_files import JsonObject, json_shape, read_json
from lod.sources.parsing.zip_files import ZIP_MAGIC
from lod.sources.reading.column_tables import ColumnTable, choose_table
from lod.sources.reading.field_names import SEARCHED_LINES, named_delimiter
from lod.sources.reading.members import scalar_text
from lod.sources.reading.source_file import SourceFile, head_text, wide_encoding
from lod.sources.spreadsheets.open import is_workbook, open_workbook

DELIMITERS = (",", ";", "\t", "|")
LONGEST_NAME = 120
"""Longest header of a column that is looked for; a longer cell is text."""

_LOOKED_AT = 100
_FEWEST_ROWS = 2
MORE = "more"
"""The column of what objects of JSON have beyond the members of the first ones."""

BARS = "||"
"""What separates values in any cell, as DSpace writes them; lists of JSON are given so."""

_CONTAINERS = frozenset(
    ["data", "docs", "documents", "entries", "hits", "items", "publications", "records", "results", "rows", "works"]
)
"""Members that hold the records in the answers of services."""

_NAME = " name"
"""Ends the column of the names of what objects in another column describe."""
_FAMILY_NAMES = ("family", "familyname", "lastname", "surname")
_GIVEN_NAMES = ("given", "givenname", "firstname", "forename")
_LABELS = ("name", "fullname", "displayname", "literal", "label", "title", "value", "term")

Row = tuple[str, list[str]]
"""The place of a row, "row 14", and its cells."""


@dataclass(frozen=True)
class PlainTable:
    """One table of a file: its header, the table of columns that is for it, and what comes below.

    `above` are the rows above the header. `sheet` begins the places of the rows where a file has several tables.
    """

    names: tuple[str, ...]
    columns: ColumnTable | None
    rows: Iterator[Row | Finding]
    above: tuple[Row, ...] = ()
    sheet: str = ""


def header_of(head: bytes, path: Path, tables: Sequence[ColumnTable] = ()) -> list[PlainTable]:
    """Return the tables of a file, seen from its first 64 KiB and without rows; a workbook has one a sheet.

    Where one of the tables of columns is for the file, only such tables are returned.
    """
    if head.startswith(ZIP_MAGIC):
        return _in_workbook(head, path, tables)
    if json_shape(head):
        names = _json_names(path, head)
        found = [PlainTable(names, choose_table(names, tables), iter(()))] if names else []
    else:
        rows = _rows_of_text(head, _delimiter(head, tables))
        found = [table] if (table := _table([(f"row {at}", cells) for at, cells in rows], tables)) else []
    return found


def _in_workbook(head: bytes, path: Path, tables: Sequence[ColumnTable]) -> list[PlainTable]:
    if not is_workbook(head, path):
        return []
    with open_workbook(SourceFile(path.absolute())) as sheets:
        shown = [sheet.rows(_LOOKED_AT) for sheet in sheets if sheet.is_visible]
        found = [table for rows in shown if (table := _table([(where_of(row), row[1]) for row in rows], tables))]
    known = [table for table in found if table.columns]
    return known or found


@contextmanager
def open_tables(file: SourceFile, tables: Sequence[ColumnTable]) -> Iterator[Iterator[PlainTable | Finding]]:
    """Give the tables of a file that have a header, one by one, and remarks; each is to be read before the next.

    Raises:
        SourceError: also from the body of the `with`, when the file is damaged.
    """
    head = file.head()
    if is_workbook(head, file.path):
        with open_workbook(file) as sheets:
            yield (
                table
                for sheet in sheets
                if sheet.is_visible
                and (table := _opened((_placed(row) for row in sheet.rows(None)), tables, f"sheet '{sheet.title}', "))
            )
    elif json_shape(head):
        yield _json_tables(file, head, tables)
    else:
        with file.reading() as stream:
            encoding = detect_encoding(file)
            rows = read_rows(file, stream, encoding, _delimiter(head, tables))
            table = _opened((_placed(row) for row in rows), tables, "")
            remarks = [file.remark("csv-encoding", encoding.remark)] if encoding.remark else []
            yield iter([*remarks, *([table] if table else [])])


def _placed(row: CsvRow) -> Row:
    return where_of(row), row[1]


def _opened(rows: Iterator[Row], tables: Sequence[ColumnTable], sheet: str) -> PlainTable | None:
    first = list(islice(rows, _LOOKED_AT))
    table = _table(first, tables)
    if table is None:
        return None
    below = first[len(table.above) + 1 :]
    return PlainTable(table.names, table.columns, chain(below, rows), table.above, sheet)


def _table(rows: Sequence[Row], tables: Sequence[ColumnTable]) -> PlainTable | None:
    """Return the table that begins among the first rows: with the header that a table of columns is for, else with the
    first row that is as wide as most rows, and whose cells are short texts."""
    for position, (_, cells) in enumerate(rows[:SEARCHED_LINES]):
        if columns := choose_table([cell for cell in cells if cell.strip()], tables):
            return PlainTable(_names(cells), columns, iter(()), tuple(rows[:position]))
    widths = Counter(_filled(cells) for _, cells in rows)
    wide = max((width for width, count in widths.items() if count >= min(_FEWEST_ROWS, len(rows))), default=0)
    for position, (_, cells) in enumerate(rows[:SEARCHED_LINES]):
        if _filled(cells) >= max(2, wide * 0.5) and _is_header(cells) and _is_table(cells, rows[position + 1 :]):
            return PlainTable(_names(cells), None, iter(()), tuple(rows[:position]))
    return None


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.strip("\ufeff").split()) for cell in cells)


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _is_header(cells: Sequence[str]) -> bool:
    texts = [cell.strip() for cell in cells if cell.strip()]
    worded = sum(any(map(str.isalpha, text)) for text in texts)
    return all(len(text) <= LONGEST_NAME and "\n" not in text for text in texts) and worded >= len(texts) * 0.5


def _is_table(header: Sequence[str], below: Sequence[Row]) -> bool:
    """Return whether the rows below a header are its rows: prose with commas has as many cells in few of its lines only.

    Blank cells at the end of a row are left out of a workbook, and by some programs.
    """
    fitting = sum(2 <= len(cells) <= len(header) for _, cells in below)
    return fitting >= max(1, 0.6 * len(below))


def _rows_of_text(head: bytes, delimiter: str) -> list[CsvRow]:
    """Return the rows of the head of a file, but for the last, which the head may cut."""
    lines = _decoded(head).splitlines(keepends=True)
    if lines and named_delimiter(lines[0]):
        lines = ["\n", *lines[1:]]
    rows = list(islice(split_rows(CsvLines(iter(lines)), delimiter, lines[:SEARCHED_LINES]), _LOOKED_AT + 1))
    rows = rows[:-1] if len(rows) > _FEWEST_ROWS else rows
    return [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]


def _decoded(head: bytes) -> str:
    """Return the head of a file as text: what is neither UTF-8 nor UTF-16 is most probably Windows-1252."""
    try:
        # The head may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        if not wide_encoding(head):
            return head.decode("cp1252", errors="replace")
    return head_text(head)


def _delimiter(head: bytes, tables: Sequence[ColumnTable]) -> str:
    """Return the delimiter: what a line "sep=;" says, what makes a known header, what makes the most rows of one width."""
    named = named_delimiter(head_text(head[:64]).split("\n")[0])
    if named:
        return named
    scores: dict[str, tuple[bool, float]] = {}
    for delimiter in DELIMITERS:
        rows = [cells for _, cells in _rows_of_text(head, delimiter)]
        known = any(choose_table(cells, tables) for cells in rows[:SEARCHED_LINES])
        width, count = max(
            Counter(len(cells) for cells in rows if len(cells) > 1).items(), key=lambda pair: pair[1], default=(0, 0)
        )
        scores[delimiter] = known, count / max(len(rows), 1) + min(width, 100) / 1000
    return max(DELIMITERS, key=scores.__getitem__)


def _containers(head: bytes) -> list[str]:
    """Return the members of the answer of a service that hold its records: "items", "response.docs"."""
    shape = json_shape(head)
    lists = (path.removesuffix("[]") for path in sorted(shape, key=len) if path.endswith("[]"))
    return [path for path in lists if "[]" not in path and path.rpartition(".")[2].casefold() in _CONTAINERS]


def _json_names(path: Path, head: bytes) -> tuple[str, ...]:
    """Return the names of the members of the first objects in a list or in lines; an object alone is no table."""
    found: list[JsonObject] = []
    containers = _containers(head)
    with suppress(SourceError):
        objects = read_json(SourceFile(path.absolute()), containers)
        found += (one for one in islice(objects, _LOOKED_AT) if isinstance(one, JsonObject))
    return _member_names(found) if containers or "[]" in json_shape(head) or len(found) > 1 else ()


def _member_names(objects: Iterable[JsonObject | Finding]) -> tuple[str, ...]:
    """Return the names of the members, each followed by a column for the names of what it describes, where it does."""
    names: dict[str, None] = {}
    for one in objects:
        for name, value in one.members.items() if isinstance(one, JsonObject) else ():
            names[name] = None
            if _labels(value):
                names[f"{name}{_NAME}"] = None
    return tuple(names)


def _json_tables(file: SourceFile, head: bytes, tables: Sequence[ColumnTable]) -> Iterator[PlainTable | Finding]:
    objects = read_json(file, _containers(head))
    first = list(islice(objects, _LOOKED_AT))
    names = _member_names(first)
    yield PlainTable(
        (*names, MORE), choose_table(names, tables), (_json_row(one, names) for one in chain(first, objects))
    )


def _json_row(found: JsonObject | Finding, names: Sequence[str]) -> Row | Finding:
    """Return the members of an object in the order of the names; members that only later objects have are in the last cell."""
    if isinstance(found, Finding):
        return found
    members = found.members
    rest = {name: value for name, value in members.items() if name not in names}
    cells = (
        _json_cell(members[name]) if name in members else BARS.join(_labels(members.get(name.removesuffix(_NAME))))
        for name in names
    )
    return found.where, [*cells, _json_cell(rest or None)]


def _labels(value: Any) -> list[str]:
    """Return the names of the people or things that objects in a cell describe: "Roe, Ann", [] where one has no name."""
    objects = value if isinstance(value, list) else [value]
    labels = [_label(one) if isinstance(one, dict) else "" for one in objects]
    return labels if all(labels) else []


def _label(members: Mapping[str, Any]) -> str:
    texts = {
        "".join(filter(str.isalpha, name.casefold())): text.strip()
        for name, text in members.items()
        if isinstance(text, str)
    }
    family, given = (next(filter(None, map(texts.get, names)), "") for names in (_FAMILY_NAMES, _GIVEN_NAMES))
    if family:
        return f"{family}, {given}" if given else family
    return next(filter(None, map(texts.get, _LABELS)), "")


def _json_cell(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(part, list | dict) for part in value):
        return BARS.join(scalar_text(part) for part in value if part is not None)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else scalar_text(value)
