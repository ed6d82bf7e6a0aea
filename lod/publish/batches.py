"""Map, validate and write records batch by batch: first what is new or changed, then what other rules map differently."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC

from lod.errors import BadValueError
from lod.publish.judge import KeyedRecord
from lod.publish.keys import key_of, no_key
from lod.publish.packed import PackedInput, PackedOutcome, packed_outcome
from lod.publish.plan import Progress
from lod.publish.ready_made import ReadyMade
from lod.publish.workers import Workers
from lod.publish.write import Writer
from lod.report import Finding
from lod.store.catalog.staging import Staged
from lod.validation.rules.expiry import EXPIRING, has_expired

BATCH_RECORDS = 250
"""Records that are read together, and that a worker gets at once."""


class Batches:
    """The batches of one run. `going` are the folded keys of what the run removes."""

    def __init__(self, writer: Writer, workers: Workers, going: Collection[str], progress: Progress) -> None:
        self._writer = writer
        self._workers = workers
        self._plan = writer.plan
        self._basis = writer.plan.basis
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
        if any(key.startswith("rdf/") for key in self._going) or self._catalog.given_changed(self._basis):
            self._catalog.set_given_overdue()

    def map_changed(self) -> None:
        """Map and validate what is new or changed; the rest is counted and left as it is."""
        total = self._catalog.staged_count()
        done = self._writer.leave_unchanged()
        self._progress("map", done, total)
        for batch, outcomes in self._judged(map(_Batch, self._catalog.staged_batches(BATCH_RECORDS))):
            for row, outcome in zip(batch.rows, outcomes, strict=True):
                self._writer.show_before(row.key)
                self._writer.write(row, outcome)
            done += len(batch.rows)
            self._progress("map", done, total)
        self._writer.show_before(None)

    def map_outdated(self) -> None:
        """Map anew, from the catalog, what this run did not publish and what was mapped by other rules, shapes or settings.

        So one generation holds one crosswalk and one base IRI, whatever sources a run names. Records that other rules
        refused get another attempt; where one was refused as it is now published, that attempt is the same.
        """
        report = self._writer.report
        before = report.published
        done = 0
        for batch, outcomes in self._judged(map(_Batch, self._catalog.outdated(self._basis, BATCH_RECORDS))):
            for row, outcome in zip(batch.rows, outcomes, strict=True):
                # Another record of this run may have taken its place, while it was with the workers.
                if self._catalog.is_published(row.key):
                    self._writer.write(row, outcome, is_latest=False)
            done += len(batch.rows)
            self._progress("map", done, 0)
        refused = self._catalog.outdated_refusals(self._basis, BATCH_RECORDS)
        for batch, outcomes in self._judged(map(self._keyed, refused)):
            for row, finding in batch.nameless:
                self._writer.refuse(row.key, row.record, [finding])
            for name, row, outcome in zip(batch.names, batch.rows, outcomes, strict=True):
                if self._catalog.is_refused(name):
                    self._writer.write(row, outcome)
            done += len(batch.nameless) + len(batch.rows)
            self._progress("map", done, 0)
        if done:
            report.remapped = report.published - before
            report.published = before

    def _keyed(self, rows: Sequence[Staged]) -> _Batch:
        """Return refused records with the keys that they have by now; those that have none stay refused."""
        keyed: list[Staged] = []
        batch = _Batch(keyed)
        for row in rows:
            try:
                key = key_of(row.record, self._plan.crosswalk.settings)
            except BadValueError as fault:
                batch.nameless.append((row, no_key(row.record, str(fault))))
            else:
                batch.names.append(row.key)
                keyed.append(replace(row, key=key))
        return batch

    def _judged(self, batches: Iterable[_Batch]) -> Iterator[tuple[_Batch, Iterator[PackedOutcome]]]:
        """Yield batches, in order, with the outcomes of what is to be mapped.

        RDF made elsewhere is judged by `ReadyMade`, when its turn comes; all else by the workers, a few batches ahead.
        """
        waiting: deque[_Batch] = deque()

        def to_map() -> Iterator[list[PackedInput]]:
            for batch in batches:
                waiting.append(batch)
                yield [PackedInput(row.key, row.payload) for row in batch.rows if not _is_ready_made(row)]

        for mapped in self._workers.judged(to_map()):
            batch = waiting.popleft()
            yield batch, self._with_ready_made(batch, iter(mapped))

    def _with_ready_made(self, batch: _Batch, mapped: Iterator[PackedOutcome]) -> Iterator[PackedOutcome]:
        for row in batch.rows:
            yield self._ready_made_outcome(row) if _is_ready_made(row) else next(mapped)

    def _ready_made_outcome(self, row: Staged) -> PackedOutcome:
        keyed = KeyedRecord(row.key, row.record)
        return packed_outcome(keyed, self._ready_made.outcome(keyed))


@dataclass(frozen=True)
class _Batch:
    """Records that were read together.

    Attributes:
        names, nameless: of refused records: the names of their refusals, and those that have no key.
    """

    rows: Sequence[Staged]
    names: list[str] = field(default_factory=list)
    nameless: list[tuple[Staged, Finding]] = field(default_factory=list)


def _is_ready_made(row: Staged) -> bool:
    return row.key.startswith("rdf/")
