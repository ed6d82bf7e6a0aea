"""Untrusted zip files: checked before anything is read, so that none unpacks without end."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO

from lod.errors import SourceError
from lod.sources.reading.source_file import SourceFile

ZIP_MAGIC = b"PK\x03\x04"
LARGEST_MEMBER_BYTES = 4 * 1024**3
"""Largest file in a zip that is read, unpacked."""

LARGEST_RATIO = 200
"""How many times larger than packed a read file may be; texts that repeat themselves reach about 50."""

_SMALL_BYTES = 10 * 1024**2

ZIP_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error),
    UnicodeDecodeError,  # the name of a member, where it stands a second time
)
"""What `zipfile` raises over a file that is damaged, encrypted, or packed in a way it does not know."""

READ_FAULTS = (*ZIP_FAULTS, OSError, ValueError, OverflowError)
"""What it raises besides when it opens a zip or a member whose lengths, offsets or names are nonsense."""

_ENCRYPTED = 1


@dataclass(frozen=True)
class ZipMember(SourceFile):
    """A file in a zip, read into memory. `path` is that of the zip, `label` names the file in it."""

    content: bytes = b""

    @cached_property
    def source(self) -> str:
        """The path of the zip, and the name in it."""
        return f"{SourceFile(self.path).source}, {self.label}"

    @contextmanager
    def reading(self) -> Iterator[BufferedReader]:
        """Open the bytes that were read."""
        yield BufferedReader(BytesIO(self.content))


@contextmanager
def open_zip(file: SourceFile, within: IO[bytes] | None = None) -> Iterator[zipfile.ZipFile]:
    """Open a zip file for reading its members one by one; nothing is ever unpacked to disk.

    `within` is the stream of a zip that lies in another one.

    Raises:
        SourceError: also from the body of the `with`: damaged, encrypted, packed in an unknown way, or unreadable.
    """
    try:
        archive = zipfile.ZipFile(within or file.path)
    except READ_FAULTS as fault:
        raise _unreadable(file, fault) from None
    with archive:
        try:
            yield archive
        except (*ZIP_FAULTS, OSError) as fault:
            raise _unreadable(file, fault) from None


def _unreadable(file: SourceFile, fault: Exception) -> SourceError:
    if isinstance(fault, OSError) and fault.strerror:
        return SourceError(f"{file.source}: cannot be read: {fault.strerror}")
    return SourceError(f"{file.source}: the zip file cannot be read ({fault}); fetch or export it again")


def check_sizes(file: SourceFile, members: list[zipfile.ZipInfo], largest_bytes: int = LARGEST_MEMBER_BYTES) -> None:
    """Look at what the members that will be read unpack to; `zipfile` itself never gives more than is stated.

    Raises:
        SourceError: one is larger than `largest_bytes`, or packed so tightly that it can only be meant to do harm; or one
            is encrypted.
    """
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise SourceError(
                f"{file.source}: '{member.filename}' in it is encrypted; unpack the zip with its password, and name the folder"
            )
        tight = member.file_size > LARGEST_RATIO * max(member.compress_size, 1) and member.file_size > _SMALL_BYTES
        if member.file_size > largest_bytes or tight:
            raise SourceError(
                f"{file.source}: '{member.filename}' in it unpacks to {member.file_size} bytes from {member.compress_size}, "
                "more than is read; unpack the zip yourself and name the folder, if it is to be trusted"
            )


def zip_names(head: bytes, path: Path) -> frozenset[str]:
    """Return the names in a zip file, for detecting its format; none where a file is no zip, or a damaged one."""
    if not head.startswith(ZIP_MAGIC):
        return frozenset()
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except READ_FAULTS:
        return frozenset()
