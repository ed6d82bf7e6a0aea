"""Body of a response: unpacked in small pieces, however tightly it is packed, and never larger than allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from lod.http.errors import DamagedResponseError, HttpError

CHUNK_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_HEAD_TELLS, _GZIP_ONLY = 47, 31
"""Values of `wbits`: gzip or zlib, as the head says; gzip."""


def decoded(chunks: Iterator[bytes], encoding: str, most: float) -> Iterator[bytes]:
    """Yield a body without its Content-Encoding, at most `most` bytes before and after unpacking.

    Raises:
        HttpError: it is larger, damaged, or packed in a way that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity"} | _PACKED:
        raise HttpError(f"answers in the encoding {encoding!r}, although we asked for gzip or none")
    chunks = _bounded(chunks, most)
    if encoding in _PACKED:
        chunks = _unpacked(chunks)
    first = next(chunks, b"")
    chunks = chain([first] if first else (), chunks)
    # A saved .gz file, or a server that packs twice.
    return _bounded(_unpacked(chunks) if first.startswith(_GZIP_MAGIC) else chunks, most)


def _bounded(chunks: Iterable[bytes], most: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise HttpError(f"an answer is longer than {most:.0f} bytes", limit="response_bytes")
        yield chunk


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what packed bytes hold: gzip of one member or several, with zeros behind the last, or zlib."""
    unpacker = zlib.decompressobj(wbits=_HEAD_TELLS)
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if unpacker.eof:
                    # Source: RFC 1952, 2.2: members follow each other. Zeros fill blocks of tapes, as gzip itself has them.
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    unpacker = zlib.decompressobj(wbits=_GZIP_ONLY)
                if part := unpacker.decompress(data, CHUNK_BYTES):
                    yield part
                data = unpacker.unused_data or unpacker.unconsumed_tail
    except zlib.error as fault:
        raise DamagedResponseError(f"the answer is damaged gzip ({fault})") from None
    if not unpacker.eof:
        raise DamagedResponseError("the answer is gzip that breaks off before its end")
