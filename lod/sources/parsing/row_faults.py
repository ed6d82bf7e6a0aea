"""Why a row of a table cannot be read: its quotation marks, its width, its bytes, its end; each with the way out."""

from __future__ import annotations

from collections.abc import Sequence

from lod.errors import LodError
from lod.report import Finding, Severity
from lod.sources.parsing.csv_repair import BrokenRow, MendedRow
from lod.sources.parsing.csv_rows import BadCell, UnendedRow, WideRow
from lod.sources.parsing.encodings import ESCAPED
from lod.sources.reading.source_file import SourceFile

_SHOWN = 60


class UnreadableRowError(LodError):
    """One row cannot be read; the rest can."""

    def __init__(self, rule: str, message: str, *, field: str = "", value: str = "") -> None:
        super().__init__(message)
        self.rule, self.field, self.value = rule, field, value


def mended_row(file: SourceFile, where: str, cells: Sequence[str]) -> list[Finding]:
    """Return the remark about a row in which a stray quotation mark was taken for text, [] for any other row."""
    if not isinstance(cells, MendedRow):
        return []
    place = file.place(where)
    return [Finding("csv-quote", Severity.INFO, f"{place}: {cells.reason}", record=place, place=place)]


def check_row(cells: list[str], names: Sequence[str]) -> None:
    """Look at a whole row below a header with some names.

    Raises:
        UnreadableRowError: it cannot be separated into cells, is cut off or too wide, or has a cell that is no text.
    """
    check_quotes(cells)
    named = max((at for at, name in enumerate(names, start=1) if name), default=0)
    if isinstance(cells, UnendedRow) and len(cells) < named:
        raise cut_off(len(cells), named)
    for index, cell in enumerate(cells):
        header = names[index] if index < len(names) else ""
        if isinstance(cell, BadCell):
            raise UnreadableRowError("csv-cell", f"'{header}' {cell}", field=header)
        if "\0" in cell or (not cell.isascii() and ESCAPED.search(cell)):
            raise damaged_cell(header, header, cell)
    check_width(cells, len(names))


def check_quotes(cells: Sequence[str]) -> None:
    """Look whether a row could be separated into cells.

    Raises:
        UnreadableRowError: it could not, for a stray quotation mark.
    """
    if isinstance(cells, BrokenRow):
        raise UnreadableRowError("csv-quote", cells.reason, value=cells[0])


def check_width(cells: list[str], width: int) -> None:
    """Look at the cells of a row beyond the header.

    Raises:
        UnreadableRowError: one of them holds something, so that no cell is known to stand under its own header.
    """
    surplus = next((cell for cell in cells[width:] if cell.strip()), None)
    if surplus is not None:
        raise UnreadableRowError(
            "csv-row-width",
            f"the row has {cells.width if isinstance(cells, WideRow) else len(cells)} cells, the header {width}; the first without a header is {shown(surplus)}. "
            "Put quotation marks around cells that hold the delimiter",
            value=surplus,
        )


def cut_off(cells: int, named: int) -> UnreadableRowError:
    """Return the fault of a last row that ends too early, without a line break."""
    return UnreadableRowError(
        "csv-cut-off",
        f"the file ends in the middle of the row, which has {cells} cells of {named} and no line break: it was not copied or "
        "written to its end. Copy it again; if it is whole, end its last line with a line break",
    )


def damaged_cell(header: str, field: str, cell: str) -> UnreadableRowError:
    """Return the fault of a cell with a NUL byte or bytes that are in no encoding."""
    if "\0" in cell:
        what, text, value = "a NUL byte, which no text has", cell, cell.replace("\0", "\\0")
    else:
        what, value = "a byte that is no UTF-8", ESCAPED.sub("\ufffd", cell)
        text = value
    return UnreadableRowError(
        "csv-nul" if "\0" in cell else "csv-bad-byte",
        f"'{header}' holds {what}: {shown(text)}; the file was damaged, or written in "
        "another encoding. Export it again as UTF-8",
        field=field,
        value=value,
    )


def shown(text: str) -> str:
    """Return a text for a message, in quotation marks and cut."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
