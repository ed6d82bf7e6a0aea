"""Compression of dumps (gzip, Zstandard), block by block; the blocks in a row are a file that every decompressor reads.

Source: RFC 1952, section 2.2 (a gzip file is a series of members); RFC 8878, section 3 (zstd frames likewise).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3
_CHUNK_BYTES = 1 << 18
_GZIP_WINDOW = 16 + zlib.MAX_WBITS

LIBRARIES = f"zlib {zlib.ZLIB_RUNTIME_VERSION}, zstd {'.'.join(map(str, zstandard.ZSTD_VERSION))}"
"""Versions of the libraries: another version may compress the same text to other bytes."""


@dataclass(frozen=True, slots=True)
class Compression:
    """A compression format: file extension, name for people, media type, functions on bytes, and one that opens a file."""

    extension: str
    name: str
    media_type: str
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes], bytes]
    open: Callable[[Path], BinaryIO]

    def chunks(self, path: Path) -> Iterator[bytes]:
        """Yield the decompressed content of a file, chunk by chunk."""
        with self.open(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk


def _gzip(data: bytes) -> bytes:
    # Without file name and modification time, the same text gives the same bytes.
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(data) + packer.flush()


def _gunzip(data: bytes) -> bytes:
    return zlib.decompress(data, _GZIP_WINDOW)


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compress(data)


def _unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data)


def _open_gzip(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb"))


def _open_zstd(path: Path) -> BinaryIO:
    return zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True)


GZIP = Compression("gz", "gzip", "application/gzip", _gzip, _gunzip, _open_gzip)
ZSTD = Compression("zst", "Zstandard", "application/zstd", _zstd, _unzstd, _open_zstd)
