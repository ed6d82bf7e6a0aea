"""SourceFile: one file of a source, opened, gunzipped and named in the same way for every format."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, cast

from lod.errors import SourceError
from lod.record import Record, Tombstone
from lod.report import Finding, Severity
from lod.sources.reading.column_tables import ColumnTable

Item = Record | Tombstone | Finding
"""What a source yields. A finding of severity violation replaces one record that could not be read; a finding of
severity info is a remark about the file and replaces no record."""

HEAD_BYTES = 65_536
"""How many bytes of a file, gunzipped, are read to detect its format."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT_BYTES = 512


@dataclass(frozen=True)
class SourceFile:
    """One file of a source. `path` is absolute; `label` is what messages call it where its name alone says too little.

    `encoding` is what the site says of its text ([[source]] encoding): it is then read as if it were written in UTF-8.
    XML says its own encoding, and archives have none. `columns` are the site's own tables of columns.
    """

    path: Path
    label: str = ""
    encoding: str = ""
    columns: tuple[ColumnTable, ...] = ()

    @cached_property
    def name(self) -> str:
        """The file's name, as messages and places have it: "climate.csv"."""
        return _readable(self.label or self.path.name)

    @cached_property
    def source(self) -> str:
        """The whole path as text that can be stored; bytes of the name that are no UTF-8 become U+FFFD."""
        return _readable(str(self.path))

    def place(self, where: str) -> str:
        """Return a place for messages: "climate.csv, row 14"."""
        return f"{self.name}, {where}"

    @contextmanager
    def reading(self) -> Iterator[BufferedReader]:
        """Open the file for reading bytes, gunzipped where its content is gzip, whatever its name.

        Raises:
            SourceError: also from the body of the `with`, when the file breaks off or cannot be read on.
        """
        try:
            with self._open() as stream:
                yield stream
        except EOFError:
            raise SourceError(f"{self.source}: the gzip file breaks off before its end; fetch it again") from None
        except (gzip.BadGzipFile, zlib.error) as fault:
            raise SourceError(f"{self.source}: the gzip file is damaged ({fault}); fetch it again") from None
        except OSError as fault:
            raise SourceError(f"{self.source}: cannot be read: {fault.strerror or fault}") from None

    def head(self) -> bytes:
        """Return the first 64 KiB, or as much of them as a damaged gzip file still gives.

        Raises:
            SourceError: the file cannot be opened.
        """
        head = b""
        with self.reading() as stream, suppress(EOFError, gzip.BadGzipFile, zlib.error):
            while len(head) < HEAD_BYTES and (part := stream.read1(HEAD_BYTES - len(head))):
                head += part
        return head

    def remark(self, rule: str, message: str, *, field: str = "", value: str = "") -> Finding:
        """Return an info finding about the file as a whole; it replaces no record."""
        return Finding(
            rule, Severity.INFO, f"{self.name}: {message}", record=self.name, place=self.name, field=field, value=value
        )

    def unreadable(self, rule: str, where: str, message: str, *, field: str = "", value: str = "") -> Finding:
        """Return a violation in place of one record; `where` is its place in the file: "row 14"."""
        place = self.place(where)
        return Finding(
            rule, Severity.VIOLATION, f"{place}: {message}", record=place, place=place, field=field, value=value
        )

    def damaged(self, message: str) -> Finding:
        """Return a violation in place of the part of the file that cannot be read."""
        return Finding("damaged-file", Severity.VIOLATION, message, record=self.source, place=self.source)

    def _open(self) -> BufferedReader:
        stream = self._unpacked()
        return self._recoded(stream) if self.encoding else stream

    def _unpacked(self) -> BufferedReader:
        stream = self.path.open("rb")
        if not stream.peek(2).startswith(_GZIP_MAGIC):
            return stream
        stream.close()
        # GzipFile offers all that readers call on a BufferedReader: read, read1, peek, readline, iteration.
        return cast("BufferedReader", gzip.open(self.path, "rb"))

    def _recoded(self, stream: BufferedReader) -> BufferedReader:
        start = stream.peek(_LOOKED_AT_BYTES)[:_LOOKED_AT_BYTES]
        text = start.decode(self.encoding, errors="replace").lstrip("\ufeff \t\r\n")
        if start.startswith(_ZIP_MAGIC) or text.startswith("<?xml"):
            return stream
        return BufferedReader(_Recoded(stream, self.encoding))


class _Recoded(RawIOBase):
    """The bytes of a text file in UTF-8, whatever encoding it has; bytes that are not in that encoding stay as they are."""

    def __init__(self, stream: BufferedReader, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
        self._pending = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._pending and not self._ended:
            part = self._stream.read1(HEAD_BYTES)
            self._ended = not part
            self._pending = self._decoder.decode(part, final=self._ended).encode("utf-8", "surrogateescape")
        taken, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def head_text(head: bytes) -> str:
    """Return the head of a file as text to look at; what is damaged or in another encoding becomes U+FFFD."""
    return head.decode(wide_encoding(head) or "utf-8-sig", errors="replace")


def prolog_end(text: str) -> int:
    """Return where the outermost element of an XML text begins: behind white space, declarations and comments."""
    match = _PROLOG.match(text)
    return match.end() if match else 0


_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>[]*>)*", re.DOTALL)


def wide_encoding(head: bytes) -> str:
    """Return "utf-16" or "utf-32" where a byte order mark says so, "utf-16-le" or "-be" where NUL bytes do, else ""."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith(_UTF16_MARKS):
        return "utf-16"
    start = head[:_LOOKED_AT_BYTES]
    pairs = len(start) // 2
    if pairs < 4 or b"\0" not in start:
        return ""
    for codec, filled, empty in (("utf-16-le", start[::2], start[1::2]), ("utf-16-be", start[1::2], start[::2])):
        if empty.count(0) >= 0.7 * pairs and filled.count(0) == 0:
            return codec
    return ""


def not_utf8(head: bytes, offset: int, byte: int) -> str:
    """Return why bytes cannot be read, for a message; `offset` counts bytes of the gunzipped file, from 0."""
    seems = "; it looks like UTF-16" if head.startswith(_UTF16_MARKS) else ""
    return f"not UTF-8: byte 0x{byte:02X} at offset {offset}{seems}"


def _readable(text: str) -> str:
    return os.fsencode(text).decode("utf-8", errors="replace")
