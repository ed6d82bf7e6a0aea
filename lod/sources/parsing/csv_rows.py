"""The rows of a CSV file, decoded, delimited and numbered as a spreadsheet numbers them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper

from lod.errors import SourceError
from lod.sources.parsing.csv_repair import LARGEST_CELL, BrokenRow, CsvLines, MendedRow, split_rows
from lod.sources.parsing.encodings import Encoding
from lod.sources.reading.field_names import SEARCHED_LINES, choose_delimiter, find_header, named_delimiter
from lod.sources.reading.source_file import SourceFile

CsvRow = tuple[int, list[str]]


def where_of(row: CsvRow) -> str:
    """Return the place of a row in its table, as a spreadsheet numbers it: "row 14"."""
    return f"row {row[0]}"


class BadCell(str):
    """A cell whose value cannot be read; its text is the reason, with the way out."""


class UnendedRow(list[str]):
    """The cells of a row that the end of the file ends, and no line break."""


class WideRow(list[str]):
    """The cells of a row up to the first to the right of its table; `width` is how many the row has."""

    width: int = 0


def read_rows(file: SourceFile, stream: BufferedReader, encoding: Encoding, delimiter: str = "") -> Iterator[CsvRow]:
    """Yield row numbers and cells, those above the header too; blank rows are counted and left out.

    A row is what a spreadsheet shows as one, line breaks inside of cells included; the first is 1. Line ends may be
    LF, CRLF or CR; a last row without one is an `UnendedRow`. A row with a stray quotation mark is a `MendedRow` or a
    `BrokenRow`. A delimiter that is not given is detected from the header, or from a line "sep=;" above it.

    Raises:
        SourceError: the file is not in its encoding.
    """
    errors = "surrogateescape" if encoding.damaged else "strict"
    text = TextIOWrapper(stream, encoding=encoding.codec, errors=errors, newline="")
    try:
        yield from _numbered(text, delimiter)
    except UnicodeError as fault:
        raise SourceError(
            f"{file.source}: not {encoding.codec.upper()} all through ({fault}); save it as 'CSV UTF-8' and read it again"
        ) from None
    finally:
        # The caller closes the stream; a wrapper that is dropped while it holds an open one warns.
        if not stream.closed:
            text.detach()


def _delimiter(head: list[str]) -> str:
    position = find_header(head)
    if position is None:
        return choose_delimiter(next((line for line in head if line.strip()), ""))
    named = next(filter(None, map(named_delimiter, head[:position])), "")
    return named or choose_delimiter(head[position])


def _numbered(text: TextIOWrapper, delimiter: str) -> Iterator[CsvRow]:
    lines = CsvLines(iter(lambda: text.readline(LARGEST_CELL + 1), ""))
    head = lines.peek(SEARCHED_LINES)
    rows = split_rows(lines, delimiter or _delimiter(head), head)
    del head
    for number, cells in enumerate(rows, start=1):
        if any(cells):
            whole = lines.of_row[-1].endswith(("\n", "\r")) or isinstance(cells, BrokenRow | MendedRow)
            yield number, cells if whole else UnendedRow(cells)
