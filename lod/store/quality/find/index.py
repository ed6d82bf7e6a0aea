"""QualityIndex: what pages, downloads and the graph of measurements ask of the figures of a generation."""

from __future__ import annotations

import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pyroaring import BitMap

from lod.report import Finding, Severity
from lod.store.catalog.reader import CatalogReader
from lod.store.catalog.schema import CATALOG, ReaderPool
from lod.store.quality.build.facts import PUBLISHED, REFUSED
from lod.store.quality.build.schema import basis
from lod.store.quality.find.records import ListedRecord, RecordLists
from lod.store.quality.find.trends import Trends
from lod.store.quality.values.acceptances import Acceptance, Acceptances
from lod.store.quality.values.measures import ALIKE, OWN_RULES, SAME, Measure
from lod.store.quality.values.rule_texts import RuleWords, words_of
from lod.store.sqlite_files import BASIS

PARTS = ("collection", "source", "year", "type")
"""What the records of a rule are counted by, and lists are narrowed by."""

SEVERITIES = tuple(severity.value for severity in Severity)

_CACHED_SLICES = 4_000
_MOST_MESSAGES = 20
_MOST_ADDED_UP = 1_000
"""Records that are counted one by one; of more the sets are compared."""
_MOST_ALIKE = 20


class Slice(NamedTuple):
    """Records that have something: kind and key of it, how many they are, and how many findings or values of it they have."""

    kind: str
    key: str
    records: int
    total: int


class RuleCount(NamedTuple):
    """A rule with a severity ("" for one of measures), the records that it is about, and the findings."""

    rule: str
    severity: str
    records: int
    findings: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Records that lists show.

    Attributes:
        rule: id of the rule that has found something in them, "" for any.
        severity: of the findings, "" for any.
        field: that the findings are about, "" for any.
        is_accepted: whether those are meant of which the findings are accepted.
        state: published, refused or "".
        has: name of a measure that they have, "" for any.
        parts: keys by kinds of `PARTS`: of their collection, source, year, type.
    """

    rule: str = ""
    severity: str = ""
    field: str = ""
    is_accepted: bool = False
    state: str = ""
    has: str = ""
    parts: tuple[tuple[str, str], ...] = ()


class QualityIndex:
    """The figures of one generation, which never change. Safe to use from several threads."""

    def __init__(self, path: Path, pool: ReaderPool) -> None:
        """Use `open`."""
        self.path = path
        self._rows = pool.rows
        self._catalog = CatalogReader.open(path.with_name(CATALOG))
        self._cached: dict[tuple[str, str], BitMap] = {}
        self._caching = threading.Lock()
        self.records = RecordLists(pool.rows)
        self.trends = Trends(pool.rows)
        self._closed = weakref.finalize(self, pool.close)

    @staticmethod
    def open(path: Path) -> QualityIndex | None:
        """Open the figures in a file, beside the catalog; None where there are none, or another version of lod made them.

        Raises:
            StoreError: it cannot be read.
        """
        if not path.is_file():
            return None
        pool = ReaderPool(path, lambda connection, path: None, "the figures of quality")
        if pool.rows(BASIS) != [(basis(),)]:
            pool.close()
            return None
        return QualityIndex(path, pool)

    # --- figures

    def slices(self, kind: str, most: int = -1) -> list[Slice]:
        """Return the slices of a kind, those with the most records first."""
        query = "SELECT kind, key, records, total FROM slice WHERE kind = ? ORDER BY records DESC, key LIMIT ?"
        return [Slice(*row) for row in self._rows(query, (kind, most))]

    @cached_property
    def published(self) -> int:
        """How many records are published."""
        return len(self.ids("all", PUBLISHED))

    @cached_property
    def refused(self) -> int:
        """How many records were refused at their last attempt, published or not."""
        return len(self.ids("all", REFUSED))

    @cached_property
    def rules(self) -> tuple[RuleCount, ...]:
        """All rules with records to look at: violations first, then warnings, measures and infos, the most records first."""
        order = {name: number for number, name in enumerate(("violation", "warning", "", "info"))}
        found = [_rule_count(one) for one in self.slices("rule")]
        return tuple(sorted(found, key=lambda one: (order.get(one.severity, 9), -one.records, one.rule)))

    @cached_property
    def accepted(self) -> tuple[RuleCount, ...]:
        """All rules of which something is accepted."""
        return tuple(map(_rule_count, self.slices("accepted")))

    def counts_of(self, rule: str) -> list[RuleCount]:
        """Return the counts of one rule, one a severity."""
        return [one for one in self.rules if one.rule == rule]

    def is_known(self, rule: str) -> bool:
        """Return whether a rule is one of the measures, of the rules that records are judged by, or has findings."""
        if rule in OWN_RULES or any(one.rule == rule for one in (*self.rules, *self.accepted)):
            return True
        return bool(self._rows("SELECT 1 FROM rule WHERE id = ?", (rule,)))

    def words(self, rule: str) -> RuleWords:
        """Return the words of a rule."""
        rows = self._rows("SELECT message FROM rule WHERE id = ?", (rule,))
        return words_of(rule, rows[0][0] if rows else "")

    def meanings(self, rule: str) -> list[str]:
        """Return what the findings of a rule say, the message of the rule first."""
        stated = [message for (message,) in self._rows("SELECT message FROM rule WHERE id = ?", (rule,))]
        return list(dict.fromkeys((*stated, *(text for _, text in self._catalog.messages_of(rule, _MOST_MESSAGES)))))

    def fields_of(self, rule: str) -> list[Slice]:
        """Return the fields that the findings of a rule are about, the most frequent first; severities are added up."""
        found: Counter[str] = Counter()
        totals: Counter[str] = Counter()
        for severity in SEVERITIES:
            start = f"{rule} {severity} "
            query = "SELECT key, records, total FROM slice WHERE kind = 'field' AND key >= ? AND key < ?"
            for key, records, total in self._rows(query, (start, f"{start}\U0010ffff")):
                found[key.removeprefix(start)] += records
                totals[key.removeprefix(start)] += total
        return [Slice("field", name, records, totals[name]) for name, records in found.most_common()]

    # --- records

    def ids(self, kind: str, key: str) -> BitMap:
        """Return the numbers of the records of a slice."""
        found = self._cached.get((kind, key))
        if found is None:
            rows = self._rows("SELECT ids FROM slice WHERE kind = ? AND key = ?", (kind, key))
            found = BitMap.deserialize(rows[0][0]) if rows else BitMap()
            with self._caching:
                if len(self._cached) >= _CACHED_SLICES:
                    self._cached.clear()
                self._cached[kind, key] = found
        return found

    def select(self, selection: Selection) -> BitMap:
        """Return the numbers of the records of a selection."""
        narrowed = [self.ids(kind, key) for kind, key in selection.parts]
        if selection.state:
            narrowed.append(self.ids("all", selection.state))
        if selection.has:
            narrowed.append(self.ids("has", selection.has))
        if selection.rule:
            narrowed.append(self._of_rule(selection))
        elif selection.severity:
            narrowed.append(self.ids("severity", selection.severity))
        return BitMap.intersection(*narrowed) if narrowed else BitMap.union(*(self.ids("all", one) for one in _STATES))

    def wanting(self, measure: Measure) -> BitMap:
        """Return the published records that should have a field."""
        published = self.ids("all", PUBLISHED)
        if not measure.types:
            return published
        return published & BitMap.union(BitMap(), *(self.ids("type", one) for one in measure.types))

    def _of_rule(self, selection: Selection) -> BitMap:
        severities = [selection.severity] if selection.severity else SEVERITIES
        keys = [f"{selection.rule} {severity}" for severity in severities]
        if selection.field:
            found = [self.ids("field", f"{key} {selection.field}") for key in keys]
        else:
            kind = "accepted" if selection.is_accepted else "rule"
            found = [self.ids(kind, key) for key in (selection.rule, *keys)]
        return BitMap.union(*found)

    def by(self, kind: str, ids: BitMap, most: int) -> list[tuple[str, int]]:
        """Return how many of some records have each key of a kind of `PARTS`, the most frequent first, at most so many."""
        if len(ids) <= _MOST_ADDED_UP:
            query = (
                f"SELECT {kind}, count(*) AS number FROM record WHERE id IN (SELECT value FROM json_each(?)) "
                f"GROUP BY {kind} ORDER BY number DESC, {kind} LIMIT ?"
            )
            return self._rows(query, (json.dumps(list(ids)), most))
        counted: list[tuple[str, int]] = []
        least = 0
        for one in self.slices(kind):
            # They come in the order of their records, and none can have more of these than of all.
            if one.records < least:
                break
            number = ids.intersection_cardinality(self.ids(kind, one.key))
            if number:
                counted = sorted((*counted, (one.key, number)), key=_by_number)[:most]
                least = counted[-1][1] if len(counted) == most else 0
        return counted

    def findings(self, records: Sequence[ListedRecord], selection: Selection) -> dict[str, list[Finding]]:
        """Return the findings of some records that a selection is about, by folded name."""
        found = self._catalog.findings_named([record.folded for record in records])
        return {
            folded: [one for one in findings if self._is_about(selection, folded, one)]
            for folded, findings in found.items()
        }

    def _is_about(self, selection: Selection, folded: str, one: Finding) -> bool:
        name = one.field or one.path
        is_accepted = self.acceptance(folded, one.rule, name, one.value) is not None
        return (
            (not selection.rule or one.rule == selection.rule)
            and (not selection.severity or one.severity == selection.severity)
            and (not selection.field or selection.field == name)
            and is_accepted == selection.is_accepted
        )

    def acceptance(self, folded: str, rule: str, field: str = "", value: str = "") -> Acceptance | None:
        """Return the acceptance of a finding of a record, or of a rule of measures; None where there is none."""
        return self._accepted.of(folded, rule, field, value)

    def accepts_something(self, one: Acceptance) -> bool:
        """Return whether there is something that an acceptance may be about: its rule has found something in its record."""
        records = {record.id for record in self.records.named([one.folded])}
        selections = (Selection(rule=one.rule), Selection(rule=one.rule, is_accepted=True))
        return any(not records.isdisjoint(self.select(selection)) for selection in selections)

    def alike(self, records: Iterable[ListedRecord], kind: str) -> dict[int, list[ListedRecord]]:
        """Return the other records with which each of some has something in common, at most twenty of each."""
        query = (
            "SELECT other.record FROM alike AS own JOIN alike AS other USING (kind, value) "
            "WHERE own.record = ? AND own.kind = ? AND other.record <> own.record ORDER BY other.record LIMIT ?"
        )
        numbers = {
            record.id: [number for (number,) in self._rows(query, (record.id, kind, _MOST_ALIKE))] for record in records
        }
        wanted = BitMap(number for found in numbers.values() for number in found)
        known = {record.id: record for record in self.records.page(wanted, "record", 0, len(wanted))}
        return {number: [known[other] for other in found] for number, found in numbers.items()}

    @cached_property
    def _accepted(self) -> Acceptances:
        rows: list[Any] = self._rows("SELECT rule, folded, field, value, reason, day FROM accepted")
        return Acceptances(Acceptance(*row) for row in rows)


_STATES = (PUBLISHED, REFUSED)


def kind_alike(rule: str) -> str:
    """Return what the records of a rule have in common, "" where it is not about that."""
    kind = rule.removeprefix(SAME)
    return kind if rule.startswith(SAME) and kind in ALIKE else ""


def share(part: int, whole: int) -> float:
    """Return a part in percent of a whole, 100 where there is nothing."""
    return 100 * part / whole if whole else 100.0


def _rule_count(one: Slice) -> RuleCount:
    rule, _, severity = one.key.rpartition(" ")
    if severity in SEVERITIES and one.key not in OWN_RULES:
        return RuleCount(rule, severity, one.records, one.total)
    return RuleCount(one.key, "", one.records, one.total)


def _by_number(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
