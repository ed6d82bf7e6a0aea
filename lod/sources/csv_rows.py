"""The rows of a CSV file, decoded, delimited and numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from io import BufferedReader, TextIOWrapper
from itertools import chain

from lod.errors import SourceError
from lod.sources.csv_header import choose_delimiter
from lod.sources.files import SourceFile, not_utf8

LARGEST_CELL = 64 * 1024 * 1024
"""Longest cell that is read, in characters; a full text in a cell stays far below."""

Row = tuple[int, list[str]]


class _Lines:
    """The lines of a text, and whether the reader has asked for one more than there are."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.ended = False

    def __iter__(self) -> Generator[str, None, None]:
        yield from self._text
        self.ended = True


def read_rows(file: SourceFile, stream: BufferedReader) -> Iterator[Row]:
    """Yield row numbers and cells; the header comes first, blank rows are counted and left out.

    A row is what a spreadsheet shows as one, line breaks inside of cells included; the first is 1. Line ends may be
    LF, CRLF or CR. The delimiter is told from the header.

    Raises:
        SourceError: the file is not UTF-8, or a quotation mark is never closed; what follows cannot be told apart.
    """
    # The module's limit of 128 KiB is one of the whole process; it is only ever raised here.
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        yield from _numbered(file, _Lines(text))
    except UnicodeDecodeError:
        raise SourceError(f"{file.source}: {_first_bad_byte(file)}; save it as 'CSV UTF-8' and read it again") from None
    finally:
        # The stream is closed by who opened it; a wrapper that is dropped while it holds an open one warns.
        if not stream.closed:
            text.detach()


def _numbered(file: SourceFile, lines: _Lines) -> Iterator[Row]:
    iterator = iter(lines)
    blank: list[str] = []
    for first in iterator:
        if first.strip():
            break
        blank.append(first)
    else:
        return
    reader = csv.reader(chain(blank, [first], iterator), delimiter=choose_delimiter(first), strict=True)
    number, line = 0, 1
    try:
        for number, cells in enumerate(reader, start=1):
            if lines.ended:
                break
            if any(cells):
                yield number, cells
            line = reader.line_num + 1
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


def _first_bad_byte(file: SourceFile) -> str:
    """Return where the first byte stands that is no UTF-8; lines never split a character, since LF is ASCII."""
    offset = 0
    with file.reading() as stream:
        start = stream.read1(2)
        stream.seek(0)
        for line in stream:
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as fault:
                return not_utf8(start, offset + fault.start, line[fault.start])
            offset += len(line)
    return "not UTF-8"
