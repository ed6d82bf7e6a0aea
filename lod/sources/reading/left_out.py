"""Remarks about what a reader leaves out of a file: elements, attributes and members, each with the reason, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lod.report import LEFT_OUT, Finding, Severity
from lod.sources.reading.source_file import SourceFile


class Ignored:
    """What a reader leaves out of one file. Names are those of the source: "indexed", "roleTerm@type" for an attribute.

    Leave out only what says nothing about the item, or what the record says in another way; anything else without a field is
    kept under a name of its own.
    """

    def __init__(self, file: SourceFile, reasons: Mapping[str, str]) -> None:
        self._file = file
        self._always = reasons
        self._reasons = dict(reasons)
        self._counts: dict[str, int] = {}

    def __contains__(self, name: object) -> bool:
        """Return whether what bears a name is always left out, whatever it holds."""
        return name in self._always

    def count(self, name: str, reason: str = "", times: int = 1) -> None:
        """Note that a record had what bears a name; `reason` says why it was left out where no table does."""
        if reason:
            self._reasons.setdefault(name, reason)
        self._counts[name] = self._counts.get(name, 0) + times

    def take(self, left_out: Mapping[str, str]) -> None:
        """Note what one record had, by name, with the reasons."""
        for name, reason in left_out.items():
            self.count(name, reason)

    def remark(self) -> Iterator[Finding]:
        """Yield one info finding a name: `field` is the name, `value` in how many records it was."""
        for name, count in sorted(self._counts.items()):
            message = f"{name} was left out: {self._reasons[name]}"
            place = self._file.name
            yield Finding(LEFT_OUT, Severity.INFO, message, record=place, place=place, field=name, value=str(count))
