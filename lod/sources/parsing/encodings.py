"""Detect the encoding of a text file from all of its bytes, or report that it cannot be detected.

The rule: a byte order mark decides; else NUL bytes in every second place are UTF-16; else a file whose bytes are well-formed
UTF-8 is UTF-8. What is left is either damaged UTF-8 or an encoding of one byte a character. It is damaged UTF-8 when a
tenth of its characters beyond ASCII, or more, are well-formed UTF-8: in an older encoding those sequences are rare
accidents ("É»"). Else it is Windows-1252, of which Latin-1 is the part that texts use.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lod.errors import SourceError
from lod.sources.reading.source_file import SourceFile, wide_encoding

ESCAPED = re.compile(r"[\udc80-\udcff]")
"""A byte that is no UTF-8, as a file read with `damaged` has it."""

_CHUNK_BYTES = 1024 * 1024
_GOOD_SHARE = 0.1
_HIGH = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
# A word with a character beyond ASCII; a space of those, such as U+00A0, may be within it.
_WORD = re.compile(
    r"(?<![^\s,;|\"])(?:[^\s,;|\"]*+[^\x00-\x7f]|(?:(?![^\x00-\x7f])[^\s,;|\"])*+[^\x00-\x7f])[^\s,;|\"]*+"
)
_ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is decoded.

    Attributes:
        codec: Python's name of the encoding.
        damaged: it holds NUL bytes or some that are not in it; it is to be read with `surrogateescape`, and records with
            such bytes are to be refused.
        remark: remark for people, "" for sound UTF-8.
    """

    codec: str
    damaged: bool = False
    remark: str = ""


def detect_encoding(file: SourceFile) -> Encoding:
    """Return the encoding of a file, which is read through once; one that the site states is not questioned.

    Raises:
        SourceError: the file ends within a character, or its bytes fit no known encoding.
    """
    if file.encoding:
        return Encoding("utf-8-sig", damaged=True)
    wide = wide_encoding(file.head())
    if wide:
        label = wide.upper().removesuffix("-LE").removesuffix("-BE")
        return Encoding(wide, remark=f"read as {label}, as its first bytes show")
    scan = _scan(file)
    return Encoding("utf-8-sig", damaged=scan.nul) if scan.fault is None else _judged(file, scan)


@dataclass(slots=True)
class _Scan:
    """What one look at all bytes shows: offset and value of the first that is no UTF-8, and whether the file ends there."""

    nul: bool = False
    fault: tuple[int, int] | None = None
    at_end: bool = False


@dataclass(slots=True)
class _Counts:
    """Counts of a file that is no UTF-8: well-formed characters beyond ASCII, other bytes, and an example."""

    good: int = 0
    bad: int = 0
    windows: bool = False
    undefined: int = -1
    word: str = ""


def _judged(file: SourceFile, scan: _Scan) -> Encoding:
    offset, byte = scan.fault or (0, 0)
    where = f"byte 0x{byte:02X} at offset {offset}"
    counts = _count(file)
    if scan.at_end and counts.bad <= 3:
        raise SourceError(f"{file.source}: the file breaks off within a character ({where}); fetch or export it again")
    if counts.good and counts.good >= _GOOD_SHARE * (counts.good + counts.bad):
        remark = (
            f"UTF-8, but damaged: {counts.bad} {'byte is' if counts.bad == 1 else 'bytes are'} no UTF-8, the first is {where}. "
            "The records with them are refused; export the file again, or mend them"
        )
        return Encoding("utf-8-sig", damaged=True, remark=remark)
    if counts.undefined >= 0:
        raise SourceError(
            f"{file.source}: not UTF-8: {where}; nor Windows-1252: byte 0x{counts.undefined:02X}; "
            "save it as 'CSV UTF-8' and read it again"
        )
    label = "Windows-1252" if counts.windows else "Latin-1 (ISO 8859-1)"
    remark = (
        f"read as {label}, since it is not UTF-8 ({where}) and hardly any of its characters is; so it holds "
        f"{counts.word!r}. If that is wrong, save it as 'CSV UTF-8' and read it again"
    )
    return Encoding("cp1252", damaged=scan.nul, remark=remark)


def _scan(file: SourceFile) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with file.reading() as stream:
        while True:
            chunk = stream.read(_CHUNK_BYTES)
            scan.nul = scan.nul or b"\0" in chunk
            pending = len(decoder.getstate()[0])
            try:
                if scan.fault is None:
                    decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                scan.fault = (offset - pending + fault.start, fault.object[fault.start])
                scan.at_end = "unexpected end" in fault.reason
            if not chunk:
                return scan
            offset += len(chunk)


def _count(file: SourceFile) -> _Counts:
    counts = _Counts()
    with file.reading() as stream:
        for line in stream:
            if line.isascii():
                continue
            text = line.decode("utf-8", "surrogateescape")
            bad = len(ESCAPED.findall(text))
            counts.bad += bad
            counts.good += len(_HIGH.findall(text))
            counts.windows = counts.windows or _ONLY_WINDOWS.search(line) is not None
            if counts.undefined < 0 and (undefined := _UNDEFINED.search(line)):
                counts.undefined = undefined[0][0]
            if bad and not counts.word and (word := _WORD.search(line.decode("cp1252", "replace"))):
                counts.word = word[0][:40]
    return counts
