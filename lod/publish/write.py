"""Write the outcomes of a run to the catalog and to the report."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from lod.mapping.mapped import ValueFate
from lod.mapping.values.iris import lesser_keys
from lod.publish.packed import PackedOutcome
from lod.publish.plan import Plan
from lod.record import Record
from lod.report import Fate, Finding, RunReport, Severity
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.staging import Staged
from lod.store.catalog.writer import CatalogWriter


class Writer:
    """Writes to the catalog and the report of one run.

    Attributes:
        refused_keys: folded keys of refused records, also of those under which they are published: these stay.
    """

    def __init__(self, plan: Plan, catalog: CatalogWriter, report: RunReport) -> None:
        self.plan = plan
        self.catalog = catalog
        self.report = report
        self.refused_keys: set[str] = set()
        self._basis, self._moment = plan.basis, plan.moment
        self._samples: deque[tuple[str, Finding]] = deque()
        self._counts: dict[tuple[str, Severity], int] = {}

    def write(self, row: Staged, outcome: PackedOutcome, *, is_latest: bool = True) -> None:
        """Publish or refuse a record; without `is_latest` it is a last good version, mapped anew."""
        if outcome.row is None:
            self.refuse(row.key, row.record, outcome.findings, is_latest=is_latest)
            return
        if outcome.row.folded != folded_name(row.key):
            # Mapped from the catalog under settings that give it another key.
            self.catalog.note_other_keys(outcome.row.key, row.record)
        self.catalog.put(outcome.row, row.payload, row.content_hash, self._basis, self._moment, is_latest=is_latest)
        self.add(outcome.findings)
        self.report.published += 1
        self.report.guessed += outcome.guessed
        self.report.count_values(outcome.row.balance)

    def leave_unchanged(self) -> int:
        """Count the staged records that are published as they are, and return how many; call `show_before` for their findings."""
        same = self.catalog.keep_unchanged(self._basis)
        self.report.unchanged += same.records
        self.report.count_values(same.balance)
        self._samples.extend(same.samples)
        self._counts.update(same.findings)
        return same.records

    def show_before(self, key: str | None) -> None:
        """Note findings about unchanged records that come before a key; those of all, and how many they are, for None.

        A report shows the first findings in the order of keys, whatever has changed.
        """
        folded = None if key is None else folded_name(key)
        while self._samples and (folded is None or self._samples[0][0] < folded):
            finding = self._samples.popleft()[1]
            self.report.count(finding.rule, finding.severity, 0)
            self.report.show(finding)
        if folded is None:
            for (rule, severity), number in self._counts.items():
                self.report.count(rule, severity, number)
            self._counts.clear()

    def refuse(
        self,
        name: str,
        record: Record,
        findings: Sequence[Finding],
        *,
        is_final: bool = False,
        is_latest: bool = True,
    ) -> None:
        """Refuse a record. One that is `final` stays refused under any rules; the last good version leaves a later attempt as it is."""
        reason = next(finding.message for finding in findings if finding.severity is Severity.VIOLATION)
        fates = [ValueFate(Fate.REFUSED, why=reason) for _ in record.values]
        # A record that has lost its handle is still the one that was published by it.
        self.note_refused(name, *lesser_keys(record))
        if is_latest or not self.catalog.is_refused(name):
            self.catalog.refuse(name, record, fates, findings, None if is_final else self.plan.basis)
        self.note(findings)
        self.report.refused += 1
        self.count_refused_values(record)

    def refuse_unread(self, name: str, finding: Finding) -> None:
        """Refuse a record of which no value is stored: it could not be read, or is too large."""
        self.catalog.refuse(name, None, [], [finding])
        self.note([finding])
        self.report.refused += 1

    def note_refused(self, *names: str) -> None:
        """Note the names of a refused record: what is published under them is not missing."""
        self.refused_keys.update(map(folded_name, (*names, *map(self.catalog.published_key, names))))

    def count_refused_values(self, record: Record) -> None:
        """Count every value of a record as refused."""
        self.report.count_values((value.field, Fate.REFUSED, 1) for value in record.values)

    def add(self, findings: Sequence[Finding]) -> None:
        """Add findings to the catalog and to the report."""
        self.catalog.add_findings(findings)
        self.note(findings)

    def note(self, findings: Iterable[Finding]) -> None:
        """Add findings to the report alone."""
        for finding in findings:
            self.report.note(finding)
