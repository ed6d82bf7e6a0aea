"""ISO 2709 files of MARC 21 records (.mrc, .marc, .dat), in UTF-8 or MARC-8.

pymarc takes records apart and decodes MARC-8. The records are found by their terminators, since lengths in leaders are
often wrong, and each field is decoded on its own, so that a message can name it.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lod.errors import SourceError
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources.marc.fields import MarcField, MarcRecord, Subfield
from lod.sources.marc.records import MarcFile
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile

_END_OF_RECORD, _END_OF_FIELD = b"\x1d", b"\x1e"
_CHUNK_BYTES = 65_536
_LEADER_BYTES, _ENTRY_BYTES = 24, 12
_LEADER = re.compile(rb"[ \d]{5}[\x20-\x7e]{5}[\x20-\x7e]{2}\d{5}[\x20-\x7e]{7}(?:[\w ]{3}\d{9}|\x1e)")
_ENDINGS = frozenset({".mrc", ".marc", ".dat", ".iso", ".mrk8", ".marc21"})
_ODD_CODE = re.compile(rb"\x1f[^\x20-\x7e]")
_EAST_ASIAN = re.compile(rb"\x1b\$,?1([^\x1b]*+)")
_NO_LETTER = re.compile(rb"[\xe0-\xfe]{3}|[\xe0-\xfe](?:[^A-Za-z0-9\x80-\xff]|\Z)")
"""Diacritics of MARC-8, which stand before their letter, without one: no MARC-8 reads so, other encodings do."""
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{4,6});")
_BETWEEN = b"\r\n\t \x00\x1a\xef\xbb\xbf"
"""Bytes that programs put between records: line ends, blanks, the end-of-file sign of DOS, a byte order mark."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The bytes of one record, with its terminator, and its number in the file, from 1."""

    data: bytes
    number: int

    @property
    def where(self) -> str:
        return f"record {self.number}"


class BrokenRecordError(Exception):
    """A record cannot be taken apart or decoded; the text says why, and what to do."""


def detect_marc(head: bytes, path: Path) -> bool:
    """Return whether a file starts with the leader and the directory of a MARC record, or has the signs of one and its ending."""
    start = head.lstrip(_BETWEEN)
    if _LEADER.match(start):
        return True
    named = path.name.removesuffix(".gz")
    return Path(named).suffix.lower() in _ENDINGS and b"\x1e" in head and b"\x1f" in head and b"\x1d" in head


def read_marc(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each bibliographic record of a file, and remarks about encodings and about what was left out.

    Raises:
        SourceError: one record is larger than `max_record_mib`, or the file cannot be read.
    """
    marc = MarcFile(file)
    decoder = _Decoder()

    def read_one(piece: _Piece) -> Iterator[Item]:
        try:
            record = decoder.record(piece.data)
        except BrokenRecordError as fault:
            yield file.unreadable("marc-broken", piece.where, str(fault))
            return
        for told in record.told:
            marc.tell(told)
        yield from marc.items(record.record, piece.where)

    yield from records_of(file, _pieces(file, settings), read_one, lambda piece: piece.where)
    yield from marc.remarks()


def _pieces(file: SourceFile, settings: Settings) -> Iterator[_Piece | Finding]:
    limit = settings.max_record_mib * 1024 * 1024
    rest, number = b"", 0
    with file.reading() as stream:
        while chunk := stream.read1(_CHUNK_BYTES):
            *whole, rest = (rest + chunk).split(_END_OF_RECORD)
            for data in whole:
                if data.strip(_BETWEEN):
                    number += 1
                    yield _Piece(data.lstrip(_BETWEEN) + _END_OF_RECORD, number)
            if len(rest) > limit:
                raise SourceError(
                    f"{file.source}: record {number + 1} is larger than {settings.max_record_mib} MiB; look whether one record "
                    "really is that large, and raise max_record_mib if so"
                )
    if rest.strip(_BETWEEN):
        yield file.unreadable(
            "marc-broken",
            f"record {number + 1}",
            "the record breaks off before its end; fetch or export the file again",
        )


@dataclass(slots=True)
class _Decoded:
    record: MarcRecord
    told: list[str] = field(default_factory=list)


class _Decoder:
    """Takes records apart with pymarc, and decodes their fields."""

    def __init__(self) -> None:
        # Its log would repeat field contents; what is odd is told in findings.
        logging.getLogger("pymarc").disabled = True

    def record(self, data: bytes) -> _Decoded:
        from pymarc.record import Record as PymarcRecord

        whole, mended = _mended(data)
        told = ["mended"] if mended else []
        with warnings.catch_warnings():
            if _ODD_CODE.search(whole):
                # pymarc takes the accent off such a code and warns.
                warnings.simplefilter("ignore")
                told.append("codes")
            try:
                raw = PymarcRecord(whole, to_unicode=False)
            except Exception as fault:
                raise BrokenRecordError(
                    f"{_reason(fault)}. Export the record again from its catalogue, or delete it from the file"
                ) from None
        utf8 = whole[9:10] == b"a"
        if not utf8 and not whole.isascii() and b"\x1b" not in whole and _is_utf8(whole):
            utf8 = True
            told.append("utf8")
        pieces = _bytes_of_fields(whole)
        if len(pieces) != len(raw.fields):
            pieces = [b""] * len(raw.fields)
        fields = [self._field(one, piece, utf8=utf8) for one, piece in zip(raw.fields, pieces, strict=True)]
        return _Decoded(MarcRecord(whole[:_LEADER_BYTES].decode("ascii", "replace"), fields), told)

    def _field(self, raw: object, piece: bytes, *, utf8: bool) -> MarcField:
        tag: str = getattr(raw, "tag", "")
        data: bytes | None = getattr(raw, "data", None)
        subfields = getattr(raw, "subfields", None) or []
        if data is not None and not subfields:
            return MarcField(tag, data=_decoded(data, tag, utf8=utf8))
        if not subfields and piece.strip() and not tag.startswith("00"):
            # Its text has no subfield: pymarc takes it for indicators.
            return MarcField(tag, subfields=[Subfield("?", _decoded(piece, tag, utf8=utf8).strip())])
        first, second = getattr(raw, "indicators", None) or (" ", " ")
        parts = [Subfield(part.code, _decoded(part.value, f"{tag} ${part.code}", utf8=utf8)) for part in subfields]
        return MarcField(tag, (first or " ") + (second or " "), parts)


def _decoded(data: bytes, place: str, *, utf8: bool) -> str:
    if utf8:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as fault:
            raise BrokenRecordError(
                f"field {place}: leader position 9 says UTF-8, and byte 0x{data[fault.start]:02X} is none. Export the record again in "
                "UTF-8, or convert the file, for example with yaz-marcdump"
            ) from None
    if any(len(part) % 3 for part in _EAST_ASIAN.findall(data)):
        raise BrokenRecordError(
            f"field {place}: a character of three bytes (East Asian MARC-8) is cut off. Correct the value in the catalogue, and export it again"
        )
    if data.isascii() and b"\x1b" not in data:
        return _REFERENCE.sub(lambda match: _character(match[1]), data.decode("ascii"))
    from pymarc.marc8 import marc8_to_unicode

    try:
        text = marc8_to_unicode(data, hide_utf8_warnings=True)
    except (UnicodeDecodeError, KeyError, ValueError, TypeError, IndexError):
        text = ""
    # pymarc writes a blank for what it cannot decode.
    unlike = b"\x1b" not in data and _NO_LETTER.search(data)
    if unlike or not text or text.count(" ") > data.count(b" "):
        raise BrokenRecordError(
            f"field {place}: the bytes are neither MARC-8, which leader position 9 promises, nor UTF-8. Export the record again in UTF-8, "
            "or convert the file from its true encoding, for example with yaz-marcdump -f windows-1251 -t utf-8"
        )
    return _REFERENCE.sub(lambda match: _character(match[1]), text)


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else f"&#x{code};"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mended(data: bytes) -> tuple[bytes, bool]:
    """Return a record whose lengths fit, and whether they had to be mended: fields are told apart by their terminators then.

    Raises:
        BrokenRecordError: directory and fields do not match in number, so that no tag can be trusted.
    """
    leader, rest = data[:_LEADER_BYTES], data[_LEADER_BYTES:]
    directory, separator, body = rest.partition(_END_OF_FIELD)
    if len(leader) < _LEADER_BYTES or not separator:
        raise BrokenRecordError(
            "the record has no directory of its fields. Export it again from its catalogue, or delete it from the file"
        )
    base = _LEADER_BYTES + len(directory) + 1
    length = b"%05d" % min(len(data), 99_999)
    if leader[:5] == length and leader[12:17] == b"%05d" % base and _fits(directory, body):
        return data, False
    pieces = body.removesuffix(_END_OF_RECORD).split(_END_OF_FIELD)
    if pieces and not pieces[-1]:
        pieces.pop()
    entries = [directory[start : start + _ENTRY_BYTES] for start in range(0, len(directory), _ENTRY_BYTES)]
    if not entries or len(directory) % _ENTRY_BYTES:
        raise BrokenRecordError(
            "its directory of fields is empty or cut. Export it again from its catalogue, or delete it from the file"
        )
    if len(entries) != len(pieces):
        raise BrokenRecordError(
            f"its directory lists {len(entries)} fields, and the record has {len(pieces)}. Export it again from its "
            "catalogue, or delete it from the file"
        )
    if _fits(directory, body):
        new = directory
    else:
        new, at = b"", 0
        for entry, piece in zip(entries, pieces, strict=True):
            if len(piece) + 1 > 9_999:
                raise BrokenRecordError(
                    f"field {entry[:3].decode('ascii', 'replace')} is longer than 9,999 bytes, which ISO 2709 cannot hold. Export the record as MARCXML"
                )
            new += entry[:3] + b"%04d%05d" % (len(piece) + 1, at)
            at += len(piece) + 1
    whole = leader[:12] + b"%05d" % base + leader[17:] + new + _END_OF_FIELD + body
    return b"%05d" % min(len(whole), 99_999) + whole[5:], True


def _bytes_of_fields(whole: bytes) -> list[bytes]:
    """Return the bytes of each field of a record whose lengths fit, in the order of its directory."""
    directory, _, body = whole[_LEADER_BYTES:].partition(_END_OF_FIELD)
    entries = (directory[start : start + _ENTRY_BYTES] for start in range(0, len(directory), _ENTRY_BYTES))
    return [body[int(entry[7:12]) : int(entry[7:12]) + int(entry[3:7]) - 1] for entry in entries]


def _fits(directory: bytes, body: bytes) -> bool:
    """Return whether each entry of a directory leads to a field that its terminator ends."""
    if not directory or len(directory) % _ENTRY_BYTES:
        return False
    for start in range(0, len(directory), _ENTRY_BYTES):
        entry = directory[start : start + _ENTRY_BYTES]
        if not entry[3:].isdigit():
            return False
        length, offset = int(entry[3:7]), int(entry[7:12])
        end = offset + length - 1
        if (
            not length
            or body[end : end + 1] != _END_OF_FIELD
            or (offset and body[offset - 1 : offset] != _END_OF_FIELD)
        ):
            return False
        if _END_OF_FIELD in body[offset:end]:
            return False
    return True


def _reason(fault: Exception) -> str:
    """Return why pymarc cannot take a record apart."""
    if isinstance(fault, UnicodeDecodeError):
        return f"leader, directory or indicators hold the byte 0x{fault.object[fault.start]:02X}, which may not stand there"
    text = " ".join(str(fault).split()).rstrip(".")
    return text[:1].lower() + text[1:] if text else type(fault).__name__
