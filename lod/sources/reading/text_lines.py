"""Numbered lines of a text that is read reference by reference."""

from __future__ import annotations

from collections.abc import Iterator

from lod.errors import SourceError
from lod.sources.reading.source_file import SourceFile

LARGEST_REFERENCE_BYTES = 64 * 1024 * 1024
"""Longest line, and largest reference."""


def numbered_lines(file: SourceFile, remedy: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line of a file in UTF-8, with or without a byte order mark; line ends may be LF, CRLF or CR.

    Raises:
        SourceError: a line is larger than `LARGEST_REFERENCE_BYTES` (`check_size` with `remedy`), or the file cannot be read.
    """
    with file.reading() as stream:
        number = 0
        while raw := stream.readline(LARGEST_REFERENCE_BYTES + 1):
            check_size(file, number + 1, len(raw), remedy)
            text = raw.decode("utf-8-sig" if number == 0 else "utf-8", errors="surrogateescape")
            for line in text.rstrip("\r\n").split("\r"):
                number += 1
                yield number, line


def check_size(file: SourceFile, line: int, size: int, remedy: str) -> None:
    """Refuse a file whose line, or reference, that starts in a line does not end; `remedy` says what to look for.

    Raises:
        SourceError: the size is more than `LARGEST_REFERENCE_BYTES`.
    """
    if size > LARGEST_REFERENCE_BYTES:
        raise SourceError(
            f"{file.source}: what starts in line {line} is larger than {LARGEST_REFERENCE_BYTES:,} bytes, which no reference is; "
            f"{remedy}"
        )


def encoding_fault(tag: str, number: int, text: str) -> str:
    """Return what is wrong with the text of a tag that is not UTF-8, "" where nothing is."""
    if any("\udc80" <= character <= "\udcff" for character in text):
        return f"{tag} is not UTF-8, in line {number}; save the file as UTF-8 and read it again"
    return ""
