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
from lod.sources.parsing.csv_rows import BadCell, CsvRow
from lod.sources.parsing.zip_files import check_sizes, open_zip
from lod.sources.reading.source_file import SourceFile
from lod.sources.spreadsheets.workbook import WAY_OUT, Sheet

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

WORKBOOK = "xl/workbook.xml"
_FORMULA = re.compile(rb"<(?:x:)?f[ >/]")
_CHUNK_BYTES = 1024 * 1024
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
    return _rows(file, book[title], formulas[title] if formulas and limit is None else None, limit)


def _rows(file: SourceFile, sheet: Any, formulas: Any, limit: int | None = None) -> Iterator[CsvRow]:
    """Yield row numbers and cells as text; `formulas` is the same sheet with formulas in the place of their values."""
    # What a sheet says of its own size is often wrong.
    sheet.reset_dimensions()
    written = _written_rows(file, formulas)
    for number, row in enumerate(_read_on(file, sheet.iter_rows(max_row=limit), sheet.title), start=1):
        sources = next(written, ())
        cells = [_cell_text(cell) for cell in row]
        for index, source in enumerate(sources[: len(cells)]):
            if not cells[index] and isinstance(source, str) and source.startswith("="):
                cells[index] = BadCell(f"holds the formula {source[:60]!r}, which was never calculated; {WAY_OUT}")
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield number, cells


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
