"""Lines in any number: sorted on disk, and fed to a loader as a file."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BufferedReader, RawIOBase
from itertools import groupby, islice
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

RUN_LINES = 200_000
"""Lines sorted in memory at a time: about 50 MB of claims."""


def sorted_distinct(lines: Iterable[str], run_lines: int = RUN_LINES) -> Iterator[str]:
    """Yield the lines in code point order, each once; what exceeds one run goes through temporary files."""
    source = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[str]] = []
        while read := list(islice(source, run_lines)):
            run = sorted(set(read))
            is_last = len(read) < run_lines
            runs.append(run if is_last else _read_back(files.enter_context(_written(run))))
        for line, _ in groupby(heapq.merge(*runs)):
            yield line


def _written(run: list[str]) -> IO[str]:
    file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 (closed by the caller's stack)
    file.writelines(f"{line}\n" for line in run)
    file.seek(0)
    return file


def _read_back(file: IO[str]) -> Iterator[str]:
    return (line[:-1] for line in file)


def as_file(chunks: Iterable[bytes]) -> BinaryIO:
    """Return chunks of bytes as a binary file that is read once, from front to back."""
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
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
