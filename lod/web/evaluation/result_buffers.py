"""Result buffers: a result is kept until it is whole, and where it is long, in a temporary file until it is sent."""

from __future__ import annotations

import io
import tempfile
import threading
from pathlib import Path

_IN_MEMORY_BYTES = 3 << 20


class NoRoomError(Exception):
    """There is no room for a result: the files of all results together would take more disk than they may."""


class ResultBuffers:
    """All buffers of one app. Bounds the disk that their files take together. Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def bytes_on_disk(self) -> int:
        """How much disk the results take that are being evaluated, or are not sent to the end."""
        return self._bytes

    def reserve(self, size: int) -> None:
        """Take so much disk.

        Raises:
            NoRoomError: there is not so much left.
        """
        with self._lock:
            if self._bytes + size > self._most_bytes:
                raise NoRoomError
            self._bytes += size

    def free(self, size: int) -> None:
        """Give so much disk back."""
        with self._lock:
            self._bytes -= size


class ResultFile(io.FileIO):
    """A temporary file without a name. The disk that it takes is given back when it is closed."""

    def __init__(self, buffers: ResultBuffers) -> None:
        descriptor, path = tempfile.mkstemp(prefix="lod-result-")
        Path(path).unlink()
        super().__init__(descriptor, "r+b")
        self._buffers = buffers
        self._reserved = 0

    def append(self, data: bytes) -> None:
        """Write all of some data.

        Raises:
            NoRoomError: there is no room for it.
        """
        self._buffers.reserve(len(data))
        self._reserved += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(rest) :]

    def close(self) -> None:
        """Close it; it is gone."""
        if not self.closed:
            super().close()
            self._buffers.free(self._reserved)


class ResultBuffer:
    """The bytes of one result. It, or its file, has to be closed."""

    def __init__(self, buffers: ResultBuffers) -> None:
        self.size = 0
        self.file: ResultFile | None = None
        """All of it; None while it is short enough for memory."""
        self._buffers = buffers
        self._parts: list[bytes] = []

    def append(self, part: bytes) -> None:
        """Add a part.

        Raises:
            NoRoomError: there is no room for it.
            OSError: the file cannot be written.
        """
        self.size += len(part)
        self._parts.append(part)
        if self.file is None:
            if self.size <= _IN_MEMORY_BYTES:
                return
            self.file = ResultFile(self._buffers)
        self.file.append(b"".join(self._parts))
        self._parts.clear()

    def body(self) -> bytes:
        """Return all of it."""
        if self.file is None:
            return b"".join(self._parts)
        self.file.seek(0)
        return self.file.readall()

    def close(self) -> None:
        """Drop it."""
        self._parts.clear()
        if self.file is not None:
            self.file.close()
