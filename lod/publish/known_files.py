"""Known files: a file that is as the last run read it is taken from the catalog; what this run reads whole is noted for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lod.record import Tombstone
from lod.report import FAULT, Finding
from lod.store.catalog.packing import storable
from lod.store.catalog.writer import CatalogWriter
from lod.store.source_files import KnownFile

MOST_FINDINGS = 1_000
"""Findings of a reader that are kept of a file; one with more is read in every run."""


@dataclass
class _Reading:
    """A file that this run reads. It `is_plain` while it has nothing but staged records of its own and findings."""

    source: str
    digest: str
    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    is_plain: bool = True


class KnownFiles:
    """The files of one run: a `FileWatch` for its sources, which the run binds to its catalog before it reads."""

    def __init__(self) -> None:
        self._catalog: CatalogWriter | None = None
        self._take: Callable[[KnownFile], bool] = lambda file: False
        self._reading: _Reading | None = None
        self._read: list[_Reading] = []
        self._known: list[KnownFile] = []

    def begin(self, catalog: CatalogWriter, take: Callable[[KnownFile], bool]) -> None:
        """Begin to read; `take` takes the items of a known file, or returns False where it has to be read again."""
        self._catalog, self._take = catalog, take

    def is_known(self, source: str, digest: str) -> bool:
        """See `FileWatch`."""
        known = self._catalog and self._catalog.source_files.known(storable(source))
        if known and known.digest == digest and self._take(known):
            self._known.append(known)
            self._reading = None
            return True
        self._reading = _Reading(source, digest)
        # Until it has ended, nothing is known of it: the run may break off.
        if known and self._catalog:
            self._catalog.source_files.forget(known.source)
        return False

    def has_ended(self, source: str) -> None:
        """See `FileWatch`."""
        if self._reading and self._reading.source == source:
            self._read.append(self._reading)
        self._reading = None

    def count(self, source: str, *, is_staged: bool) -> None:
        """Count a record that was read."""
        if reading := self._reading:
            reading.records += 1
            reading.is_plain = reading.is_plain and is_staged and source == reading.source

    def count_other(self, item: Finding | Tombstone) -> None:
        """Count what else was read."""
        if reading := self._reading:
            if isinstance(item, Tombstone) or item.rule == FAULT or len(reading.findings) >= MOST_FINDINGS:
                reading.is_plain = False
            else:
                reading.findings.append(item)

    def note(self) -> None:
        """Note for the next run what this one has read whole, once its records are published or refused."""
        if self._catalog is None:
            return
        files = self._catalog.source_files
        found = {source: (number, contents) for source, number, contents in self._catalog.contents_of_sources()}
        for reading in self._read:
            source = storable(reading.source)
            number, contents = found.get(source, (0, ""))
            if reading.is_plain and number == reading.records > 0:
                files.note(KnownFile(source, reading.digest, number, contents, tuple(reading.findings)))
        for known in self._known:
            # Another file may have taken the place of a record.
            if found.get(known.source, (0, "")) != (known.records, known.contents):
                files.forget(known.source)
        files.forget_unused()
