"""What a crosswalk makes of a source, before anything is published: the work list of `lod coverage`.

Records stream through mapping and validation batch by batch and only counts are kept, so memory depends on the number of fields
and not on the number of records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

from lod.errors import BadValueError
from lod.mapping.mapped import ValueFate
from lod.privacy import excerpt
from lod.publish.batches import BATCH_RECORDS
from lod.publish.judge import KeyedRecord, Outcome, judge, mapped_or_finding
from lod.publish.keys import key_of, no_key
from lod.publish.plan import Plan
from lod.record import Tombstone
from lod.report import INCOMPLETE, LEFT_OUT, Fate, Finding, Severity
from lod.settings.table import Settings
from lod.sources import Item
from lod.sources.reading.limits import too_large

MOST_VALUES = 1_000
"""Different values that are counted of one row; those that appear when a row has that many are not named."""

MOST_ROWS = 10_000
"""Rows of each table; fields that appear when there are that many are counted together, as `OTHERS`."""

OTHERS = "(other fields)"
LONGEST_SAMPLE = 120

_STAND_IN = "00000000-0000-4000-8000-000000000000"
_SHOWN = frozenset({Fate.MAPPED, Fate.KEPT})
_NO_RULE = "no-rule"
_RULELESS = Finding(
    _NO_RULE, Severity.INFO, "No rule takes the field; its values are kept verbatim. Write one, or leave it at that."
)
WORK_ORDER = (_NO_RULE, "no-key", "I07", "I18", "I23")
"""What a work list begins with; all other rules follow by how often they were met."""


@dataclass(slots=True)
class Sample:
    """One value: how often it was met, and where first."""

    text: str
    times: int
    place: str


@dataclass(slots=True)
class CoverageRow:
    """One row: a field and the rule of the crosswalk that took its values, or a field and what was found about them.

    Attributes:
        name: the field, "" where a finding is about the whole record.
        rule: of the crosswalk ("dspace.toml, rule 14"), or of a finding ("I18", "no-rule").
        kind, property: of the rule, "" where it has none; message: what the finding says of its first value.
        times: values of the field, or findings.
    """

    name: str
    rule: str
    kind: str = ""
    property: str = ""
    severity: str = ""
    message: str = ""
    times: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    _values: dict[str, Sample] = field(default_factory=dict)

    def count(self, text: str, place: str) -> None:
        """Count a value, and keep it as a sample; "" is a value that is not shown."""
        self.times += 1
        shown = excerpt(" ".join(text[: 4 * LONGEST_SAMPLE].split()), LONGEST_SAMPLE)
        known = self._values.get(shown)
        if known:
            known.times += 1
        elif shown and len(self._values) < MOST_VALUES:
            self._values[shown] = Sample(shown, 1, place)

    def samples(self, most: int) -> list[Sample]:
        """Return the most frequent values; of equally frequent ones the earlier."""
        return sorted(self._values.values(), key=lambda sample: -sample.times)[:most]

    def to_dict(self, samples: int) -> dict[str, Any]:
        """Return the row as JSON has it, without the empty parts."""
        parts = {
            "field": self.name,
            "rule": self.rule,
            "kind": self.kind,
            "property": self.property,
            "severity": self.severity,
            "message": self.message,
            "times": self.times,
            **{fate.value: self.fates[fate] for fate in Fate if self.fates},
            "samples": [
                {"value": sample.text, "times": sample.times, "place": sample.place} for sample in self.samples(samples)
            ],
        }
        return {name: value for name, value in parts.items() if value != "" or name in {"field", "rule"}}


@dataclass
class Coverage:
    """What became of the values of a source. Every value is counted in exactly one row of `fields`, with one fate."""

    records: int = 0
    keyless: int = 0
    unreadable: int = 0
    tombstones: int = 0
    fields: dict[tuple[str, str], CoverageRow] = field(default_factory=dict)
    work: dict[tuple[str, str], CoverageRow] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """Return the balance: read = mapped + kept + withheld + refused."""
        counts = {fate.value: sum(row.fates[fate] for row in self.fields.values()) for fate in Fate}
        return {"read": sum(row.times for row in self.fields.values()), **counts}

    def field_rows(self) -> list[CoverageRow]:
        """Return the rows of fields and rules, the most frequent first."""
        return sorted(self.fields.values(), key=lambda row: (-row.times, row.name))

    def work_rows(self) -> list[CoverageRow]:
        """Return the work list: fields without a rule, records without a key, then what values could not be read."""
        order = {rule: number for number, rule in enumerate(WORK_ORDER)}
        return sorted(self.work.values(), key=lambda row: (order.get(row.rule, len(order)), -row.times, row.name))

    def table(self, samples: int) -> Iterator[dict[str, str]]:
        """Yield both tables as rows of CSV, with `columns`; `part` says which."""
        for part, rows in (("field", self.field_rows()), ("work", self.work_rows())):
            for row in rows:
                cells = row.to_dict(samples)
                named = {
                    f"{column}_{number}": str(sample[column])
                    for number, sample in enumerate(cells.pop("samples"), start=1)
                    for column in _SAMPLE_COLUMNS
                }
                yield {"part": part, **{name: str(value) for name, value in cells.items()}, **named}

    def to_dict(self, samples: int) -> dict[str, Any]:
        """Return what `lod coverage --json` prints."""
        return {
            "records": self.records,
            "without_a_key": self.keyless,
            "unreadable": self.unreadable,
            "tombstones": self.tombstones,
            "values": self.totals(),
            "fields": [row.to_dict(samples) for row in self.field_rows()],
            "work": [row.to_dict(samples) for row in self.work_rows()],
            "skipped": [{"file": file, "reason": reason} for file, reason in self.skipped],
        }

    def take(self, item: Item, settings: Settings) -> KeyedRecord | None:
        """Count one item of a source, and return the record to be judged; a record without a key has the key ""."""
        if isinstance(item, Tombstone):
            self.tombstones += 1
        elif isinstance(item, Finding):
            self.unreadable += item.severity is Severity.VIOLATION and item.rule != INCOMPLETE
            self._work(item)
        elif large := too_large(item, settings):
            self.unreadable += 1
            self._work(large)
        else:
            self.records += 1
            try:
                return KeyedRecord(key_of(item, settings), item)
            except BadValueError as fault:
                # What its rules would make of its values is of use all the same.
                self.keyless += 1
                self._work(replace(no_key(item, str(fault)), value=item.place))
                return KeyedRecord("", replace(item, uuid=_STAND_IN))
        return None

    def judge(self, batch: Sequence[KeyedRecord], plan: Plan) -> None:
        """Count what a run would make of records; RDF made elsewhere is judged with the store, which is not asked here."""
        judged = iter(
            judge([keyed for keyed in batch if not keyed.record.about], plan.crosswalk, plan.shapes, plan.moment)
        )
        compact = plan.crosswalk.vocabulary.compact
        rules = {rule.label: (rule.kind, compact(rule.property[1:-1])) for rule in plan.crosswalk.rules}
        for keyed in batch:
            self._add(keyed, _given(keyed, plan) if keyed.record.about else next(judged), rules)

    def _add(self, keyed: KeyedRecord, outcome: Outcome, rules: Mapping[str, tuple[str, str]]) -> None:
        refused = not keyed.key or outcome.mapped is None
        unmapped = repeat(ValueFate(Fate.REFUSED), len(keyed.record.values))
        for value, fate in zip(
            keyed.record.values, outcome.attempt.fates if outcome.attempt else unmapped, strict=True
        ):
            row = self._row(self.fields, value.field, fate.rule)
            row.kind, row.property = rules.get(fate.rule, (row.kind, row.property))
            text = value.text if fate.fate in _SHOWN else ""
            row.count(text, keyed.record.place)
            row.fates[Fate.REFUSED if refused else fate.fate] += 1
            # RDF that was made elsewhere needs no rule, nor does the field that a site makes keys of.
            if not fate.rule and fate.fate is not Fate.MAPPED and outcome.attempt:
                self._work(replace(_RULELESS, field=value.field, value=text, place=keyed.record.place))
        for finding in outcome.findings:
            if finding.rule != _NO_RULE:
                self._work(finding)

    def _work(self, finding: Finding) -> None:
        row = self._row(self.work, finding.field, finding.rule)
        row.severity = row.severity or finding.severity.value
        row.message = row.message or finding.message
        if finding.rule == LEFT_OUT:
            row.times += int(finding.value)
        else:
            row.count(finding.value, finding.place)

    @staticmethod
    def _row(rows: dict[tuple[str, str], CoverageRow], name: str, rule: str) -> CoverageRow:
        if (name, rule) not in rows and len(rows) >= MOST_ROWS:
            name = OTHERS
        return rows.setdefault((name, rule), CoverageRow(name, rule))


_COLUMNS = (
    "part", "field", "rule", "kind", "property", "severity", "times", "mapped", "kept", "withheld", "refused", "message",
)  # fmt: skip
_SAMPLE_COLUMNS = ("value", "times", "place")


def columns(samples: int) -> tuple[str, ...]:
    """Return the names of the columns of `Coverage.table`: three for each sample."""
    return _COLUMNS + tuple(f"{name}_{number}" for number in range(1, samples + 1) for name in _SAMPLE_COLUMNS)


def coverage_of(items: Iterable[Item], plan: Plan, progress: Callable[[str, int, int], None] | None = None) -> Coverage:
    """Return what a run of a plan would make of the items of sources, one by one; nothing is published.

    Records are keyed, mapped and validated by the code of `lod publish`, as of the moment of the plan.

    Raises:
        SourceError: a source breaks off.
    """
    coverage = Coverage()
    batch: list[KeyedRecord] = []
    for number, item in enumerate(items, start=1):
        if progress and number % 100 == 0:
            progress("read", number, 0)
        keyed = coverage.take(item, plan.crosswalk.settings)
        if keyed is not None:
            batch.append(keyed)
        if len(batch) == BATCH_RECORDS:
            coverage.judge(batch, plan)
            batch.clear()
    coverage.judge(batch, plan)
    return coverage


def _given(keyed: KeyedRecord, plan: Plan) -> Outcome:
    mapped = mapped_or_finding(keyed, plan.crosswalk, plan.moment)
    return Outcome((mapped,)) if isinstance(mapped, Finding) else Outcome((), mapped, attempt=mapped)
