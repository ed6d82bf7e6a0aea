"""Content codings: one row a coding, the best compression first. Source: RFC 9110, section 8.4."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import zstandard

LEAST_BYTES = 512
"""A shorter body is sent as it is: the header costs more than the coding saves."""

_BROTLI_QUALITY = 5
_ZSTANDARD_LEVEL = 6
_GZIP_LEVEL = 6


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))


def _zstandard(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL).compress(body)


def _gzip(body: bytes) -> bytes:
    # Without a time, so that the same body gives the same bytes under one strong ETag.
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


CODINGS: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "zstd": _zstandard, "gzip": _gzip}
