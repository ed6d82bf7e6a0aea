"""Workbooks in Office Open XML (xlsx), read by openpyxl row by row."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from math import isfinite
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from lod.errors import SourceError
from lod.sources.parsing.csv_rows import BadCell, CsvRow, WideRow
from lod.sources.parsing.zip_files import check_sizes, open_zip
from lod.sources.reading.field_names import SEARCHED_LINES, find_header_row
from lod.sources.reading.source_file import SourceFile
from lod.sources.spreadsheets.workbook import WAY_OUT, Sheet

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

WORKBOOK = "xl/workbook.xml"
_FORMULA = re.compile(rb"<(?:x:)?f[ >/]")
_CHUNK_BYTES = 1024 * 1024
_WIDEST_GAP = 100
"""Columns without a header that may be between two with one: a cell at the end of a sheet costs all empty ones before it."""
_FAULTS = (KeyError, ValueError, TypeError, SyntaxError, IndexError, AttributeError)
"""What openpyxl raises over XML that is damaged, or is not that of a workbook; it has no type of its own for that."""


@contextmanager
def xlsx_sheets(file: SourceFile) -> Iterator[list[Sheet]]:
    """Open a workbook and give its sheets.

    A formula gives the value that was last calculated, a date ISO 8601, a number no ".0".

    Raises:
        SourceError: also from the body of the `with`, when the file is damaged.
    """
    with open_zip(file) as archive:
        has_formulas = _check_members(file, archive)
        with _opened(file, data_only=True) as book:
            if has_formulas:
                with _opened(file, data_only=False) as formulas:
                    yield _sheets(file, book, formulas)
            else:
                yield _sheets(file, book, None)


def _check_members(file: SourceFile, archive: ZipFile) -> bool:
    """Refuse a workbook that may do harm; return whether a cell of any other has a formula."""
    members = [member for member in archive.infolist() if member.filename.endswith((".xml", ".rels"))]
    check_sizes(file, members)
    found = False
    for member in members:
        with archive.open(member) as stream:
            tail = stream.read(4096)
            if b"<!DOCTYPE" in tail:
                raise SourceError(f"{file.source}: '{member.filename}' in it declares a document type; it is not read")
            while tail and not found and member.filename.startswith("xl/worksheets/"):
                found = _FORMULA.search(tail) is not None
                chunk = stream.read(_CHUNK_BYTES)
                tail = tail[-3:] + chunk if chunk else b""
    return found


@contextmanager
def _opened(file: SourceFile, *, data_only: bool) -> Iterator[Workbook]:
    from openpyxl import load_workbook

    # By its stream, since openpyxl refuses files by their names.
    with file.path.open("rb") as stream:
        try:
            book = load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
        except _FAULTS as fault:
            raise _unreadable(file, fault) from None
        try:
            yield book
        finally:
            book.close()


def _read_on(file: SourceFile, rows: Iterator[Any], title: str) -> Iterator[Any]:
    """Yield the rows of a sheet; openpyxl parses them lazily."""
    for number in count(1):
        try:
            row = next(rows, None)
        except _FAULTS as fault:
            raise _unreadable(file, fault, f" from row {number} of the sheet '{title}' on") from None
        if row is None:
            return
        yield row


def _unreadable(file: SourceFile, fault: Exception, where: str = "") -> SourceError:
    return SourceError(
        f"{file.source}: the workbook cannot be read{where} ({fault}); save it again as xlsx or 'CSV UTF-8'"
    )


def _sheets(file: SourceFile, book: Workbook, formulas: Workbook | None) -> list[Sheet]:
    return [
        Sheet(sheet.title, sheet.sheet_state == "visible", partial(_sheet_rows, file, book, formulas, sheet.title))
        for sheet in book.worksheets
    ]


def _sheet_rows(
    file: SourceFile, book: Workbook, formulas: Workbook | None, title: str, limit: int | None = None
) -> Iterator[CsvRow]:
    if limit is not None:
        yield from _rows(file, book[title], None, limit=limit)
        return
    width = _width(file, title, [cells for _, cells in _rows(file, book[title], None, limit=SEARCHED_LINES)])
    yield from _rows(file, book[title], formulas[title] if formulas else None, width)


def _width(file: SourceFile, title: str, head: list[list[str]]) -> int:
    """Return how many columns a table has, seen from its first rows: what is far to the right of all others is no part of it.

    Raises:
        SourceError: a header is so far to the right of all others that it cannot be meant.
    """
    position = find_header_row(head)
    widths = [0]
    for index, cells in enumerate(head):
        named = [number for number, cell in enumerate(cells, start=1) if cell.strip()]
        for before, number in zip([0, *named], named, strict=False):
            if number - before > _WIDEST_GAP:
                if index == position:
                    raise SourceError(
                        f"{file.source}: sheet '{title}': the header {cells[number - 1][:60]!r} is in column {number}, with "
                        f"{number - before - 1} columns without a header before it; move it beside the others, or delete it"
                    )
                break
            widths.append(number)
    return max(widths)


def _rows(
    file: SourceFile, sheet: Any, formulas: Any, width: int | None = None, *, limit: int | None = None
) -> Iterator[CsvRow]:
    """Yield row numbers and cells as text; `formulas` is the same sheet with formulas in the place of their values.

    Of what is right of `width` columns, the first filled cell is yielded, behind the others, in a `WideRow`.
    """
    # What a sheet says of its own size is often wrong.
    sheet.reset_dimensions()
    written = _written_rows(file, formulas)
    for number, row in enumerate(_read_on(file, sheet.iter_rows(max_row=limit), sheet.title), start=1):
        sources = next(written, ())
        cells = [_cell_text(cell) for cell in row[:width]]
        for index, source in enumerate(sources[: len(cells)]):
            if not cells[index] and _is_formula(source):
                cells[index] = BadCell(f"holds the formula {source[:60]!r}, which was never calculated; {WAY_OUT}")
        if surplus := _surplus(row, sources, width):
            cells = WideRow([*cells, surplus])
            cells.width = len(row)
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield number, cells


def _is_formula(source: object) -> bool:
    return isinstance(source, str) and source.startswith("=")


def _surplus(row: tuple[Any, ...], sources: tuple[Any, ...], width: int | None) -> str:
    """Return the first text right of a table, where there may be thousands of empty cells."""
    from openpyxl.cell.read_only import EMPTY_CELL

    if width is None or len(row) <= width:
        return ""
    filled = [cell for cell in row[width:] if cell is not EMPTY_CELL]
    texts = (text for text in map(_cell_text, filled) if text.strip())
    return next(texts, "") or next(filter(_is_formula, sources[width:]), "")


def _written_rows(file: SourceFile, formulas: Any) -> Iterator[tuple[Any, ...]]:
    if formulas is not None:
        formulas.reset_dimensions()
        yield from _read_on(file, formulas.iter_rows(values_only=True), formulas.title)


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return (
            BadCell(f"holds the error {value}; mend its formula, and save the file") if cell.data_type == "e" else value
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if not isfinite(value):
            return BadCell(
                "holds a number that no spreadsheet can hold; write it as a text, or mend it, and save the file"
            )
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        # openpyxl gives a date as a moment at midnight.
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
