"""Content codings: one row a coding, the best compression first. Source: RFC 9110, section 8.4."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import brotli
import zstandard

LEAST_BYTES = 512
"""A shorter body is sent as it is: the header costs more than the coding saves."""

_BROTLI_QUALITY = 5
_ZSTANDARD_LEVEL = 6
_GZIP_LEVEL = 6

# A stream may have hundreds of megabytes, and the thread that encodes it serves no other request.
_STREAM_BROTLI_QUALITY = 3
_STREAM_ZSTANDARD_LEVEL = 3
_STREAM_GZIP_LEVEL = 4
_BLOCK_BYTES = 1 << 16


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))


def _zstandard(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL).compress(body)


def _gzip(body: bytes) -> bytes:
    # Without a time, so that the same body gives the same bytes under one strong ETag.
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


CODINGS: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "zstd": _zstandard, "gzip": _gzip}


@dataclass(frozen=True, slots=True)
class _Stream:
    """An encoder: takes a block, gives out all that it has taken (a decoder waits for more), ends."""

    take: Callable[[bytes], bytes]
    give: Callable[[], bytes]
    end: Callable[[], bytes]


def _zstandard_stream() -> _Stream:
    encoder = zstandard.ZstdCompressor(level=_STREAM_ZSTANDARD_LEVEL).compressobj()
    return _Stream(encoder.compress, partial(encoder.flush, zstandard.COMPRESSOBJ_FLUSH_BLOCK), encoder.flush)


def _brotli_stream() -> _Stream:
    encoder = brotli.Compressor(quality=_STREAM_BROTLI_QUALITY)
    return _Stream(encoder.process, encoder.flush, encoder.finish)


def _gzip_stream() -> _Stream:
    # zlib's header of gzip has no time.
    encoder = zlib.compressobj(_STREAM_GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return _Stream(encoder.compress, partial(encoder.flush, zlib.Z_SYNC_FLUSH), encoder.flush)


STREAM_CODINGS: dict[str, Callable[[], _Stream]] = {
    "zstd": _zstandard_stream,
    "br": _brotli_stream,
    "gzip": _gzip_stream,
}
"""The same codings for bodies that are not held whole, the quickest first."""


def encoded_stream(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield a body in a coding.

    It is encoded in blocks of one size, so that the same body gives the same bytes. Where `parts` fails, what came before is
    given out, and the encoded body has no end: a decoder fails too.
    """
    encoder, waiting = STREAM_CODINGS[coding](), bytearray()
    try:
        for part in parts:
            waiting += part
            while len(waiting) >= _BLOCK_BYTES:
                yield encoder.take(bytes(waiting[:_BLOCK_BYTES]))
                del waiting[:_BLOCK_BYTES]
    except Exception:
        yield encoder.take(bytes(waiting)) + encoder.give()
        raise
    yield encoder.take(bytes(waiting)) + encoder.end()
