"""MarcFile: the items of one file of MARC records, what is left out of it, and the remarks about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lod.record import Record
from lod.report import Finding
from lod.sources.marc.fields import MarcRecord
from lod.sources.marc.values import marc_values
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.source_file import Item, SourceFile

_TIME = re.compile(r"\d{14}(?:\.\d)?")
_NOT_BIBLIOGRAPHIC = {
    "z": "an authority record, no description of a publication",
    **dict.fromkeys("uvxy", "holdings, no description of a publication"),
    "w": "a record of a classification, no description of a publication",
    "q": "community information, no description of a publication",
}
"""Types of records (leader position 6) that are left out, with the reason."""
_TOLD = {
    "utf8": ("marc-encoding", "leader position 9 says MARC-8 and the bytes are UTF-8, as which they were read; set it to 'a' in the export"),
    "mended": ("marc-lengths", "lengths in leader or directory do not fit, so that the fields were told apart by their terminators; export the file again, unconverted"),
    "codes": ("marc-subfield-code", "a subfield code is no letter or digit and was read without its accent; correct it in the catalogue"),
}  # fmt: skip
UNIMARC = (
    "the record is UNIMARC (title in field 200), and only MARC 21 is read: the tags of the two mean different things. Export it as MARC 21, "
    "MODS or Dublin Core"
)


def is_unimarc(record: MarcRecord) -> bool:
    """Return whether a record is UNIMARC: its title is in 200, which MARC 21 does not have, and not in 245."""
    return any(field.first("a", take=False) for field in record.all("200")) and not record.all("245")


class MarcFile:
    """What is read of one file."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._told: Counter[str] = Counter()
        self._ignored = Ignored(file, {})

    def tell(self, name: str) -> None:
        """Note that a record had an oddity of `_TOLD`."""
        self._told[name] += 1

    def items(self, record: MarcRecord, where: str, *, oai_identifier: str | None = None) -> Iterator[Item]:
        """Yield the item of one record; none for a deleted one, and for one that describes no publication."""
        if is_unimarc(record):
            yield self._file.unreadable("marc-unimarc", where, UNIMARC)
            return
        if reason := _NOT_BIBLIOGRAPHIC.get(kind := record.leader[6:7]):
            self._ignored.count(f"record of type {kind}", reason)
            return
        if record.leader[5:6] == "d":
            self._ignored.count("record of status d", "it is marked as deleted")
            return
        values = tuple(marc_values(record))
        if not values:
            yield self._file.unreadable("no-metadata", where, "the record is empty; fill it in or delete it")
            return
        self._ignored.take(record.left_out())
        changed = record.data("005").strip()
        modified = changed if _TIME.fullmatch(changed) else None
        yield Record(
            self._file.source, self._file.place(where), values, oai_identifier=oai_identifier, modified=modified
        )

    def remarks(self) -> Iterator[Finding]:
        """Yield what is to be told about the file: oddities with their counts, and what was left out."""
        for name, count in sorted(self._told.items()):
            rule, message = _TOLD[name]
            yield self._file.remark(rule, f"{count} {'record' if count == 1 else 'records'}: {message}")
        yield from self._ignored.remark()
