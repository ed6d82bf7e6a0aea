"""Split lines into CSV rows, so that a stray or unclosed quotation mark costs its own row and never the rest of the file."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

LARGEST_CELL = 64 * 1024 * 1024
"""Longest cell, and longest row, that is read, in characters; a full text in a cell stays far below."""

_FEWEST_ROWS = 20
"""Rows after which their own width is the usual one, and no longer that of the first lines."""

_NARROWEST = 3
_FEWEST_SWALLOWED = 3
"""Lines within a cell that must all be rows, where the row around them is as wide as most."""

_LONGEST_MENDED = 1_000_000
"""Longest broken row, in characters, of which more than its place is kept."""

_LONGEST_ATTEMPT = 65_536
_MOST_READ_AGAIN = LARGEST_CELL
"""Characters that are read a second time in one file; once there were more, rows are found again by their first line only."""

_SHOWN = 200


class TooLongRowError(csv.Error):
    """A row is longer than `LARGEST_CELL`."""


class BrokenRow(list[str]):
    """The start of a row that cannot be separated into cells; `reason` says where it is, and why."""

    reason: str = ""


class MendedRow(list[str]):
    """The cells of a row in which a quotation mark had to be taken for text; `reason` says where it is."""

    reason: str = ""


@dataclass
class CsvLines:
    """Lines of a text that can be given back. `number` is that of the last line given, `of_row` the lines since the row began.

    `ended` says that the reader has requested one more than there are.
    """

    text: Iterator[str]
    number: int = 0
    ended: bool = False
    of_row: list[str] = field(default_factory=list)
    _again: deque[str] = field(default_factory=deque)
    _characters: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self.text, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.of_row.append(line)
        self._characters += len(line)
        if self._characters > LARGEST_CELL:
            raise TooLongRowError(f"the row is longer than {LARGEST_CELL:,} characters, which no record is")
        return line

    def start_row(self) -> None:
        """Forget the lines of the last row."""
        self.of_row = []
        self._characters = 0

    def give_back(self, lines: Sequence[str]) -> None:
        """Take the last lines back, to give them once more."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)
        self.ended = False

    def peek(self, count: int) -> list[str]:
        """Return the next lines without taking them, up to `count`."""
        while len(self._again) < count and (line := next(self.text, None)) is not None:
            self._again.append(line)
        return list(islice(self._again, count))


def split_rows(lines: CsvLines, delimiter: str, head: Iterable[str]) -> Iterator[list[str]]:
    """Yield the cells of each row, blank rows too; `lines.number` and `lines.of_row` tell where it ends and what it is.

    A row in which a quotation mark stands where none may, or opens a cell that is never closed, ends where the next line
    begins that is a row by itself, as wide as most rows are. It is a `MendedRow` where it has the usual number of cells once
    its stray marks are taken for text, else a `BrokenRow`.

    Args:
        lines: the lines of the file, with their line breaks.
        delimiter: what is between cells.
        head: the first lines, from which the usual width is told as long as few rows have been read.
    """
    # The module's limit of 128 KiB is global to the process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    dialect: dict[str, Any] = {"delimiter": delimiter, "strict": True, "skipinitialspace": True}
    repair = _Repair(lines, dialect)
    repair.width_of_head = repair.width_of(head)
    reader = csv.reader(lines, **dialect)
    while True:
        lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield repair.broken_row(fault)
            continue
        if len(lines.of_row) > 1 and repair.has_swallowed_rows(cells):
            yield repair.broken_row(None)
            continue
        if cells:
            repair.widths[len(cells)] += 1
        yield cells


@dataclass
class _Repair:
    """Finds the end of broken rows; `widths` counts how many cells the sound rows have."""

    lines: CsvLines
    dialect: dict[str, Any]
    width_of_head: int = 0
    widths: Counter[int] = field(default_factory=Counter)
    read_again: int = 0

    @property
    def usual(self) -> int:
        """How many cells a row has."""
        if self.width_of_head and self.widths.total() < _FEWEST_ROWS:
            return self.width_of_head
        return max(self.widths, key=self.widths.__getitem__, default=0)

    def width_of(self, head: Iterable[str]) -> int:
        """Return how many cells most of the first lines have, of those with more than one."""
        widths = Counter(width for line in head if (width := len(self._cells_of([line]))) > 1)
        return max(widths, key=widths.__getitem__, default=0)

    def has_swallowed_rows(self, cells: Sequence[str]) -> bool:
        """Return whether the lines within a row are rows themselves: its cell was opened by a mark that belongs to none."""
        usual = self.usual
        if usual < _NARROWEST:
            return False
        if len(cells) == usual:
            within = self.lines.of_row[1:-1]
            return len(within) >= _FEWEST_SWALLOWED and all(map(self._is_row, within))
        within = self.lines.of_row[1:]
        return 2 * sum(map(self._is_row, within)) > len(within)

    def broken_row(self, fault: csv.Error | None) -> list[str]:
        """Return the row whose lines have been read, up to the next row, whose lines are given back."""
        row, more = self.lines.of_row[:1], self.lines.of_row[1:]
        self.read_again += sum(map(len, more))
        if self.read_again > _MOST_READ_AGAIN:
            row += more
        else:
            self.lines.give_back(more)
        first = self.lines.number - len(row) + 1
        held = sum(map(len, row))
        # A line with stray marks only is a row by itself; what may lack a mark ends where the next row begins.
        whole = bool(self._mended(row, marks_end_cells=True))
        while not whole and (following := self.lines.peek(1)) and not self._starts_row(following[0]):
            self.lines.start_row()
            line = next(self.lines)
            held += len(line)
            if held <= _LONGEST_MENDED:
                row.append(line)
        last = self.lines.number
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        if held <= _LONGEST_MENDED and (cells := self._mended(row)):
            mended = MendedRow(cells)
            mended.reason = (
                f'a quotation mark in {where} neither begins nor ends a cell and was read as text; double it ("") where it '
                "belongs to the text, or delete it"
            )
            return mended
        broken = BrokenRow([row[0].strip()[:_SHOWN]])
        what = f"{fault}: " if isinstance(fault, TooLongRowError) else ""
        broken.reason = (
            f"{what}in {where} a quotation mark is missing or one too many, so that nothing says where a cell ends; close it, or "
            'double it ("") where it belongs to the text'
        )
        return broken

    def _cells_of(self, lines: Iterable[str]) -> list[str]:
        """Return the cells of the row that lines begin with, [] where they are none."""
        try:
            return next(csv.reader(lines, **self.dialect), [])
        except csv.Error:
            return []

    def _is_row(self, line: str) -> bool:
        return len(self._cells_of([line])) == self.usual > 0

    def _starts_row(self, line: str) -> bool:
        """Return whether a row as wide as most begins with a line, which is the next that will be read."""
        if self.dialect["delimiter"] == "\t":
            # No text holds a tab: a line is a row whatever its marks.
            return self._is_row(line) or line.count("\t") + 1 == self.usual
        if line.count('"') % 2 == 0:
            return self._is_row(line)
        if not self.usual:
            return False
        # A cell with line breaks: the row goes on in the lines that follow.
        count, taken = 1, 0
        while taken < _LONGEST_ATTEMPT and self.read_again < _MOST_READ_AGAIN:
            count *= 4
            attempt = self.lines.peek(count)
            taken = sum(map(len, attempt))
            self.read_again += taken
            lines = CsvLines(iter(attempt))
            cells = self._cells_of(lines)
            if cells or not lines.ended:
                return len(cells) == self.usual
            if len(attempt) < count:
                break
        return False

    def _mended(self, row: Sequence[str], *, marks_end_cells: bool = False) -> list[str]:
        """Return the cells of a broken row where there are as many as usual, [] elsewhere.

        With `marks_end_cells` a cell that a mark opens has one that ends it.
        """
        text, delimiter = "".join(row).rstrip("\r\n"), self.dialect["delimiter"]
        ways = [_lenient(text, delimiter)]
        if '\\"' in text:
            # MySQL and others write \" for a mark within a cell.
            ways.insert(0, _lenient(text.replace('\\"', '""'), delimiter))
        if len(row) == 1 and not marks_end_cells:
            # Many tables with tabs know no quotation.
            ways.append(text.split(delimiter))
        return next((cells for cells in ways if len(cells) == self.usual > 0), [])


def _lenient(text: str, delimiter: str) -> list[str]:
    """Return the cells of a row where a quotation mark ends a cell only before a delimiter or the end; [] where one is open.

    A mark elsewhere is text, a doubled one is one mark.
    """
    cells: list[str] = []
    at = 0
    while True:
        while text.startswith(" ", at):
            at += 1
        if text.startswith('"', at):
            end = _closing(text, at + 1, delimiter)
            if end < 0:
                return []
            cells.append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cells.append(text[at:end])
            at = end
        if at >= len(text):
            return cells
        at += 1


def _closing(text: str, start: int, delimiter: str) -> int:
    """Return the place of the mark that ends the cell that begins before `start`, -1 where none does."""
    at = text.find('"', start)
    while at >= 0:
        if text.startswith('"', at + 1):
            at = text.find('"', at + 2)
        elif at + 1 == len(text) or text.startswith(delimiter, at + 1):
            return at
        else:
            at = text.find('"', at + 1)
    return -1
