"""External sort of lines, comparison of sorted lines, and chunks of bytes as a file."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from itertools import groupby, islice
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

RUN_LINES = 200_000
"""Lines sorted in memory at a time: about 50 MB of claims."""

_RUN_CHARACTERS = 1 << 26
"""Or this many characters: a claim may have a megabyte."""

_COUNTED_LINES = 10_000


def sorted_distinct(lines: Iterable[str], run_lines: int = RUN_LINES) -> Iterator[str]:
    """Yield the distinct lines in code point order; more than one run of lines is sorted through temporary files."""
    return (line for line, _ in groupby(_merged(lines, run_lines, set)))


def sorted_counted(lines: Iterable[str], run_lines: int = RUN_LINES) -> Iterator[tuple[str, int]]:
    """Yield the distinct lines in code point order, each with its number of occurrences; likewise through temporary files."""
    return ((line, sum(1 for _ in same)) for line, same in groupby(_merged(lines, run_lines, list)))


def _merged(lines: Iterable[str], run_lines: int, prepare: Callable[[list[str]], Iterable[str]]) -> Iterator[str]:
    source = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[str]] = []
        is_last = False
        while not is_last:
            read, is_last = _next_run(source, run_lines)
            run = sorted(prepare(read))
            runs.append(run if is_last else _lines_of(files.enter_context(_temporary_file(run))))
        yield from heapq.merge(*runs)


def _next_run(source: Iterator[str], run_lines: int) -> tuple[list[str], bool]:
    """Return the lines of the next run, and whether they are the last."""
    read: list[str] = []
    characters = 0
    for line in source:
        read.append(line)
        characters += len(line)
        if len(read) >= run_lines or characters >= _RUN_CHARACTERS:
            return read, False
    return read, True


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
    file.writelines(f"{line}\n" for line in run)
    file.seek(0)
    return file


def _lines_of(file: IO[str]) -> Iterator[str]:
    return (line[:-1] for line in file)


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
