"""Files of compressed blocks: new blocks are compressed, unchanged ones are copied from the previous file as bytes."""

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
    """Adjacent blocks in a file: the offset of the first, and the length of each, in bytes."""

    start: int
    lengths: Sequence[int]

    def offsets(self) -> list[int]:
        """Return the offset of each block."""
        offsets, offset = [], self.start
        for length in self.lengths:
            offsets.append(offset)
            offset += length
        return offsets


class BlockFile:
    """Writer of a file of blocks, which copies unchanged blocks from the previous file."""

    def __init__(self, file: BinaryIO, compression: Compression) -> None:
        self._file = file
        self._compression = compression
        self._start = 0
        self._lengths: list[int] = []
        self._old: BinaryIO | None = None
        self._old_lengths: Sequence[int] = ()
        self._old_offsets: Sequence[int] = ()
        self._pending: tuple[int, int] | None = None

    def begin(self, old: BinaryIO | None = None, stretch: Stretch | None = None) -> None:
        """Start a stretch; `copy` takes blocks from a stretch of the previous file."""
        self._flush()
        self._start, self._lengths = self._file.tell(), []
        self._old = old
        if stretch:
            self._old_lengths, self._old_offsets = stretch.lengths, stretch.offsets()

    def add(self, text: str) -> None:
        """Write a new block."""
        self._flush()
        data = text.encode()
        del text  # it may be long, and this is its only reference
        self._lengths.append(self._file.write(self._compression.pack(data)))

    def copy(self, number: int) -> None:
        """Copy a block of the previous file; adjacent blocks are copied together."""
        start, length = self._old_offsets[number], self._old_lengths[number]
        self._lengths.append(length)
        if self._pending and sum(self._pending) == start:
            self._pending = (self._pending[0], self._pending[1] + length)
            return
        self._flush()
        self._pending = (start, length)

    def end(self) -> Stretch:
        """Write what is pending, and return the stretch; a file without blocks gets one empty compressed block."""
        self._flush()
        if not self._file.tell():
            self._file.write(self._compression.pack(b""))
        return Stretch(self._start, self._lengths)

    def _flush(self) -> None:
        if self._pending and self._old:
            copy_bytes(self._old, self._file, *self._pending)
        self._pending = None


def copy_bytes(source: BinaryIO, target: BinaryIO, start: int, length: int) -> None:
    """Append `length` bytes of a file, from `start`, to another file.

    Raises:
        OSError: the file is shorter.
    """
    source.seek(start)
    target.flush()
    while length > 0:
        copied = _copied_by_the_system(source, target, length) or target.write(source.read(min(length, _COPIED_BYTES)))
        if not copied:
            raise OSError("a file of the generation before is shorter than its list of blocks says")
        length -= copied


def _copied_by_the_system(source: BinaryIO, target: BinaryIO, length: int) -> int:
    """Copy in the kernel, in a third of the time, and return the bytes copied; 0 where the system cannot."""
    if sys.platform != "linux":
        return 0
    begin, end = source.tell(), target.tell()
    try:
        copied = os.copy_file_range(source.fileno(), target.fileno(), length, begin, end)
    except OSError:
        # Two file systems, or one without support; a real fault shows again when the bytes are read and written.
        return 0
    source.seek(begin + copied)
    target.seek(end + copied)
    return copied
