"""External sort of lines, comparison of sorted lines, and chunks of bytes as a file."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from itertools import chain, groupby, islice
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

RUN_LINES = 200_000
"""Lines sorted in memory at a time: about 50 MB of claims."""

_RUN_CHARACTERS = 1 << 26
"""Or this many characters: a claim may have a megabyte."""

_READ_CHARACTERS = 1 << 20
"""Of a run in a file, read at a time."""

_FEW_LINES = 64
"""Lines taken at a time: each may have a megabyte."""

_COUNTED_LINES = 10_000


def sorted_distinct(lines: Iterable[str], run_lines: int = RUN_LINES) -> Iterator[str]:
    """Yield the distinct lines in code point order; more than one run of lines is sorted through temporary files."""
    last = "\n"  # no line
    for batch in _sorted_batches(lines, run_lines):
        distinct = dict.fromkeys(batch)
        distinct.pop(last, None)
        yield from distinct
        last = batch[-1]


def sorted_counted(lines: Iterable[str], run_lines: int = RUN_LINES) -> Iterator[tuple[str, int]]:
    """Yield the distinct lines in code point order, each with its number of occurrences; likewise through temporary files."""
    merged = chain.from_iterable(_sorted_batches(lines, run_lines))
    return ((line, sum(1 for _ in same)) for line, same in groupby(merged))


def _sorted_batches(lines: Iterable[str], run_lines: int) -> Iterator[list[str]]:
    """Yield all lines in code point order, in batches that are not empty."""
    source = iter(lines)
    with ExitStack() as files:
        runs: list[_Run] = []
        is_last = False
        while not is_last:
            run, is_last = _next_run(source, run_lines)
            run.sort()
            if is_last and not runs:
                if run:
                    yield run
                return
            runs.append(_Run(files.enter_context(_temporary_file(run))))
            del run
        yield from _merged(runs)


class _Run:
    """A sorted run in a file, read some lines at a time: `lines` are those that were read and not taken yet."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._is_read = False
        self.lines: list[str] = []
        self.read_on()

    def read_on(self) -> None:
        """Read further lines where there are none, and more in the file."""
        if not self.lines and not self._is_read:
            self.lines = self._file.read(_READ_CHARACTERS).split("\n")
            # The last piece is the beginning of a line, or empty.
            rest = self.lines.pop()
            self._is_read = not rest and not self.lines
            if rest:
                self.lines.append(rest + self._file.readline().removesuffix("\n"))

    def take(self, bound: str) -> list[str]:
        """Take the lines up to a bound, which is included."""
        end = bisect_right(self.lines, bound)
        taken = self.lines[:end]
        del self.lines[:end]
        self.read_on()
        return taken


def _merged(runs: list[_Run]) -> Iterator[list[str]]:
    """Yield the lines of sorted runs in code point order.

    Up to the smallest of the last lines that were read, no run can have any more. Python's sort merges what is sorted in
    parts, in a fifth of the time of `heapq.merge`.
    """
    while runs := [run for run in runs if run.lines]:
        bound = min(run.lines[-1] for run in runs)
        batch: list[str] = []
        for run in runs:
            batch += run.take(bound)
        batch.sort()
        yield batch


def _next_run(source: Iterator[str], run_lines: int) -> tuple[list[str], bool]:
    """Return the lines of the next run, and whether they are the last."""
    read: list[str] = []
    characters = 0
    while len(read) < run_lines and characters < _RUN_CHARACTERS:
        few = list(islice(source, min(_FEW_LINES, run_lines - len(read))))
        if not few:
            return read, True
        characters += sum(map(len, few))
        read += few
    return read, False


@dataclass
class Fingerprint:
    """Fingerprint of a multiset of lines, independent of their order: their number, and the sum of their hashes.

    A hash has 64 bits and its key differs in each process (SipHash, PEP 456): two different multisets have the same sum with a
    probability of 1 in 2^64, and the sum means nothing to another process.
    """

    lines: int = 0
    total: int = 0

    def add(self, lines: Sequence[str]) -> None:
        """Add lines."""
        self.lines += len(lines)
        self.total += sum(map(hash, lines))


def fingerprint(lines: Iterable[str]) -> Fingerprint:
    """Return the fingerprint of lines."""
    found, source = Fingerprint(), iter(lines)
    while run := list(islice(source, _COUNTED_LINES)):
        found.add(run)
    return found


def difference(old: Iterator[str], new: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Yield the lines that are in only one of two sorted sequences, and whether it is the new one."""
    a, b = next(old, None), next(new, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(old, None), next(new, None)
        elif a is not None and (b is None or a < b):
            yield a, False
            a = next(old, None)
        elif b is not None:
            yield b, True
            b = next(new, None)


def _temporary_file(run: list[str]) -> IO[str]:
    file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 (closed by the caller's stack)
    for start in range(0, len(run), _FEW_LINES):
        file.write("\n".join([*run[start : start + _FEW_LINES], ""]))
    file.seek(0)
    return file


def as_file(chunks: Iterable[bytes]) -> BinaryIO:
    """Return chunks of bytes as a binary file to be read once, from start to end."""
    return BufferedReader(_Chunks(chunks), buffer_size=1 << 16)


class _Chunks(RawIOBase):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        target = memoryview(buffer)
        while not self._rest:
            self._rest = memoryview(b"")  # frees the previous chunk before the next one is made
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
