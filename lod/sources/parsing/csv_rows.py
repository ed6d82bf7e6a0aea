"""The rows of a CSV file, decoded, delimited and numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from io import BufferedReader, TextIOWrapper
from itertools import chain, islice

from lod.errors import SourceError
from lod.sources.parsing.encodings import Encoding
from lod.sources.reading.field_names import SEARCHED_LINES, choose_delimiter, find_header, named_delimiter
from lod.sources.reading.source_file import SourceFile

LARGEST_CELL = 64 * 1024 * 1024
"""Longest cell, and longest row, that is read, in characters; a full text in a cell stays far below."""

CsvRow = tuple[int, list[str]]


def where_of(row: CsvRow) -> str:
    """Return the place of a row in its table, as a spreadsheet numbers it: "row 14"."""
    return f"row {row[0]}"


class BadCell(str):
    """A cell whose value cannot be read; its text is the reason, with the way out."""


class UnendedRow(list[str]):
    """The cells of a row that the end of the file ends, and no line break."""


class WideRow(list[str]):
    """The cells of a row up to the first that stands right of its table; `width` is how many the row has."""

    width: int = 0


class _CsvLines:
    """Lines of a text; `ended` says that the reader has requested one more than there are, `head` are the first lines.

    `unended` says that the last line read has no line break at its end; `characters` counts what was read, and is set to 0
    at the start of a row.
    """

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = iter(lambda: text.readline(LARGEST_CELL + 1), "")
        self.head = list(islice(self._text, SEARCHED_LINES))
        self.ended = self.unended = False
        self.characters = 0

    def __iter__(self) -> Generator[str, None, None]:
        for line in chain(self._heads(), self._text):
            self.characters += len(line)
            if self.characters > LARGEST_CELL:
                raise csv.Error(f"the row is longer than {LARGEST_CELL:,} characters, which no record is")
            self.unended = not line.endswith(("\n", "\r"))
            yield line
        self.ended = True

    def _heads(self) -> Iterator[str]:
        """Yield the first lines, and free each."""
        self.head.reverse()
        while self.head:
            yield self.head.pop()


def read_rows(file: SourceFile, stream: BufferedReader, encoding: Encoding, delimiter: str = "") -> Iterator[CsvRow]:
    """Yield row numbers and cells, those above the header too; blank rows are counted and left out.

    A row is what a spreadsheet shows as one, line breaks inside of cells included; the first is 1. Line ends may be
    LF, CRLF or CR; a last row without one is an `UnendedRow`. A delimiter that is not given is detected from the header, or
    from a line "sep=;" above it.

    Raises:
        SourceError: the file is not in its encoding, or a quotation mark is never closed; what follows cannot be
            separated into rows.
    """
    # The module's limit of 128 KiB is global to the process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    errors = "surrogateescape" if encoding.damaged else "strict"
    text = TextIOWrapper(stream, encoding=encoding.codec, errors=errors, newline="")
    try:
        yield from _numbered(file, _CsvLines(text), delimiter)
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


def _numbered(file: SourceFile, lines: _CsvLines, delimiter: str) -> Iterator[CsvRow]:
    iterator = iter(lines)
    reader = csv.reader(iterator, delimiter=delimiter or _delimiter(lines.head), strict=True)
    number, line = 0, 1
    try:
        for number, cells in enumerate(reader, start=1):
            if lines.ended:
                break
            if any(cells):
                yield number, UnendedRow(cells) if lines.unended else cells
            line = reader.line_num + 1
            lines.characters = 0
    except csv.Error as fault:
        if not lines.ended:
            raise SourceError(
                f"{file.source}: row {number + 1}, which starts in line {line}, is no CSV: {fault}; "
                "look for a quotation mark that is missing or one too many"
            ) from None
        number += 1
    finally:
        # csv.reader keeps hold of its lines after a fault; the stream below is gone by the time they are dropped.
        iterator.close()
    if lines.ended and reader.line_num >= line:
        raise SourceError(
            f"{file.source}: row {number}, which starts in line {line}, opens a quotation mark that is never closed, "
            'so that all rows after it read as one cell; close it, or double it ("") where it belongs to the text'
        )
