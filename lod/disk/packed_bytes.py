"""Compression of the bytes in a row of a database: Zstandard at its fastest level, with a checksum."""

from __future__ import annotations

import threading
import zlib

import zstandard

_LEVEL = 1
_ZLIB_HEAD = b"x"
"""First byte of what earlier versions of lod packed, by zlib; a frame of Zstandard begins with "(". Source: RFC 1950, section 2.2; RFC 8878, section 3.1.1."""


class DamagedBytesError(Exception):
    """Packed bytes are not as they were written: SQLite has no checksums, but each packed value has one."""


class _Contexts(threading.local):
    """The compressor and the decompressor of a thread: to make one takes as long as to pack a record, and none serves two threads at once."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor()


_contexts = _Contexts()


def pack(data: bytes) -> bytes:
    """Return bytes, packed."""
    return _contexts.compressor.compress(data)


def unpack(packed: bytes) -> bytes:
    """Return the bytes that `pack` packed, or that an earlier version of lod packed by zlib.

    Raises:
        DamagedBytesError: they have changed.
    """
    try:
        if packed[:1] == _ZLIB_HEAD:
            return zlib.decompress(packed)
        return _contexts.decompressor.decompress(packed)
    except (zlib.error, zstandard.ZstdError, MemoryError) as fault:
        # A damaged length may ask for more memory than there is.
        raise DamagedBytesError(f"packed bytes are damaged ({fault})") from fault


def unpacked_length(packed: bytes) -> int:
    """Return how many bytes `unpack` returns; Zstandard states it in its header."""
    if packed[:1] == _ZLIB_HEAD:
        return len(unpack(packed))
    try:
        return zstandard.frame_content_size(packed)
    except zstandard.ZstdError as fault:
        raise DamagedBytesError(f"packed bytes are damaged ({fault})") from fault
