"""Map, validate and write records batch by batch: first what is new or changed, then what other rules map differently."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC

from lod.errors import BadValueError
from lod.publish.judge import KeyedRecord, Outcome, judge
from lod.publish.keys import key_of, no_key
from lod.publish.plan import Progress
from lod.publish.ready_made import ReadyMade
from lod.publish.write import Writer
from lod.store.catalog.staging import Staged
from lod.validation.rules.expiry import EXPIRING, has_expired

BATCH_RECORDS = 500
"""Records that are mapped and validated together; pySHACL takes a third to half of the time that it takes record by record."""


class Batches:
    """The batches of one run. `going` are the folded keys of what the run removes."""

    def __init__(self, writer: Writer, going: Collection[str], progress: Progress) -> None:
        self._writer = writer
        self._plan = writer.plan
        self._catalog = writer.catalog
        self._ready_made = ReadyMade(writer.plan, writer.catalog, going)
        self._progress = progress
        self._going = going

    def note_expired(self) -> None:
        """Have what time has changed mapped anew, such as a record whose embargo has ended, read in this run or not."""
        today = self._plan.now.astimezone(UTC).date()
        for refused in (False, True):
            found = self._catalog.findings_of_rules(EXPIRING, refused=refused)
            expired = [finding.record for finding in found if has_expired(finding, today)]
            self._catalog.set_overdue(expired, refused=refused)
        # RDF made elsewhere is judged together: where some of it changes, all of it is judged anew.
        if any(key.startswith("rdf/") for key in self._going) or self._catalog.given_changed(self._plan.basis):
            self._catalog.set_given_overdue()

    def map_changed(self) -> None:
        """Map and validate what is new or changed; the rest is counted and left as it is."""
        total = self._catalog.staged_count()
        done = 0
        for batch in self._catalog.staged_batches(BATCH_RECORDS):
            changed = [row for row in batch if not self._is_unchanged(row)]
            self._publish(changed)
            done += len(batch)
            self._progress("map", done, total)

    def map_outdated(self) -> None:
        """Map anew, from the catalog, what this run did not publish and what was mapped by other rules, shapes or settings.

        So one generation holds one crosswalk and one base IRI, whatever sources a run names. Records that other rules
        refused get another attempt; where one was refused as it is now published, that attempt is the same.
        """
        report = self._writer.report
        before = report.published
        done = 0
        steps = (
            (self._catalog.outdated, False),
            (self._catalog.outdated_refusals, True),
        )
        for outdated, is_latest in steps:
            for batch in outdated(self._plan.basis, BATCH_RECORDS):
                self._publish(list(self._keyed(batch)) if is_latest else batch, is_latest=is_latest)
                done += len(batch)
                self._progress("map", done, 0)
        if done:
            report.remapped = report.published - before
            report.published = before

    def _is_unchanged(self, row: Staged) -> bool:
        if row.published_hash != row.content_hash or row.published_basis != self._plan.basis:
            return False
        if self._catalog.is_overdue(row.key):
            return False
        self._writer.leave_unchanged(row)
        return True

    def _keyed(self, rows: Sequence[Staged]) -> Iterator[Staged]:
        """Yield refused records with the keys that they have by now; those that have none stay refused."""
        for row in rows:
            try:
                yield replace(row, key=key_of(row.record, self._plan.crosswalk.settings))
            except BadValueError as fault:
                self._writer.refuse(row.key, row.record, [no_key(row.record, str(fault))])

    def _publish(self, rows: Sequence[Staged], *, is_latest: bool = True) -> None:
        self._writer.write(rows, self._outcomes(rows), is_latest=is_latest)

    def _outcomes(self, rows: Sequence[Staged]) -> list[Outcome]:
        """Return the outcome of each record: of RDF made elsewhere from `ReadyMade`, of all others from the pure `judge`."""
        batch = [KeyedRecord(row.key, row.record) for row in rows]
        to_map = [keyed for keyed in batch if not keyed.record.about]
        mapped = iter(judge(to_map, self._plan.crosswalk, self._plan.shapes, self._plan.moment))
        ready_made = iter(self._ready_made.judge([keyed for keyed in batch if keyed.record.about]))
        return [next(ready_made if keyed.record.about else mapped) for keyed in batch]
