"""Files of packed blocks, one after the other: written, and of those before the blocks that stay copied as they are packed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lod.disk.compression import Compression

_COPIED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """A series of blocks in a file: where it begins, and the bytes of each block."""

    start: int
    lengths: Sequence[int]

    def offsets(self) -> list[int]:
        """Return where each block begins."""
        offsets, offset = [], self.start
        for length in self.lengths:
            offsets.append(offset)
            offset += length
        return offsets


class BlockFile:
    """A file that is being written, and the one before that blocks are copied from."""

    def __init__(self, file: BinaryIO, compression: Compression) -> None:
        self._file = file
        self._compression = compression
        self._start = 0
        self._lengths: list[int] = []
        self._old: BinaryIO | None = None
        self._old_lengths: Sequence[int] = ()
        self._old_offsets: Sequence[int] = ()
        self._waiting: tuple[int, int] | None = None

    def begin(self, old: BinaryIO | None = None, stretch: Stretch | None = None) -> None:
        """Begin a stretch here; `copy` takes blocks from one of an old file."""
        self._flush()
        self._start, self._lengths = self._file.tell(), []
        self._old = old
        if stretch:
            self._old_lengths, self._old_offsets = stretch.lengths, stretch.offsets()

    def add(self, text: str) -> None:
        """Write a new block."""
        self._flush()
        data = text.encode()
        del text  # it may be long, and nobody else has it
        self._lengths.append(self._file.write(self._compression.pack(data)))

    def copy(self, number: int) -> None:
        """Take an old block over; adjacent ones are copied together."""
        start, length = self._old_offsets[number], self._old_lengths[number]
        self._lengths.append(length)
        if self._waiting and sum(self._waiting) == start:
            self._waiting = (self._waiting[0], self._waiting[1] + length)
            return
        self._flush()
        self._waiting = (start, length)

    def end(self) -> Stretch:
        """Write what waits, and return the stretch; a file without anything in it becomes a packed nothing."""
        self._flush()
        if not self._file.tell():
            self._file.write(self._compression.pack(b""))
        return Stretch(self._start, self._lengths)

    def _flush(self) -> None:
        if self._waiting and self._old:
            copy_bytes(self._old, self._file, *self._waiting)
        self._waiting = None


def copy_bytes(source: BinaryIO, target: BinaryIO, start: int, length: int) -> None:
    """Append so many bytes of one file, from `start`, to another.

    Raises:
        OSError: it ends before.
    """
    source.seek(start)
    target.flush()
    while length > 0:
        copied = _copied_by_the_system(source, target, length) or target.write(source.read(min(length, _COPIED_BYTES)))
        if not copied:
            raise OSError("a file of the generation before is shorter than its list of blocks says")
        length -= copied


def _copied_by_the_system(source: BinaryIO, target: BinaryIO, length: int) -> int:
    """Copy without a way through this process, which takes a third of the time; 0 where the system cannot."""
    if sys.platform != "linux":
        return 0
    begin, end = source.tell(), target.tell()
    try:
        copied = os.copy_file_range(source.fileno(), target.fileno(), length, begin, end)
    except OSError:
        # Two file systems, or one that cannot; what really is wrong shows when the bytes are read and written.
        return 0
    source.seek(begin + copied)
    target.seek(end + copied)
    return copied
