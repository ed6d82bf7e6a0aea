"""Rows of figures, one a record, made of what a catalog has under its folded name; and which names differ between two catalogs."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lod.store.catalog.packing import count_reasons, storable, unpack_claims, unpack_record
from lod.store.quality.build.facts import (
    OTHER,
    PUBLISHED,
    REFUSED,
    facts_of,
    handle_of_record,
    source_link,
    source_name,
)
from lod.store.quality.values.acceptances import Acceptances
from lod.store.quality.values.measures import EMAIL, MISSING
from lod.store.search.values.folding import sort_key

_BATCH = 400
_ABOUT_EMAIL = "e-mail address"

_RECORDS = """
SELECT folded, key, item, title, source, collection, payload, claims, fates FROM record JOIN body USING (id)
WHERE folded IN ({})
"""
_REFUSALS = "SELECT folded, name, source, collection, payload FROM refusal WHERE folded IN ({})"
_FINDINGS = """
SELECT folded, rule, severity, detail FROM finding JOIN message ON message.id = finding.message WHERE folded IN ({})
"""
_NAMES = "SELECT folded FROM record UNION SELECT folded FROM refusal UNION SELECT folded FROM finding"
_CHANGED = (
    # A number may be used again for another row, which differs in its name.
    """
    SELECT one.folded FROM {one}.record AS one LEFT JOIN {other}.record AS other ON other.id = one.id
    WHERE other.id IS NULL OR (one.folded, one.key, one.item, one.title, one.source, one.collection, one.content_hash,
    one.basis, one.generated, one.own_claims) <> (other.folded, other.key, other.item, other.title, other.source,
    other.collection, other.content_hash, other.basis, other.generated, other.own_claims)
    """,
    """
    SELECT one.folded FROM {one}.refusal AS one LEFT JOIN {other}.refusal AS other ON other.folded = one.folded
    WHERE other.folded IS NULL OR (one.name, one.source, one.collection) <> (other.name, other.source, other.collection)
    OR one.payload IS NOT other.payload
    """,
    """
    SELECT one.folded FROM {one}.finding AS one LEFT JOIN {other}.finding AS other ON other.id = one.id
    WHERE other.id IS NULL OR (one.folded, one.message, one.detail) <> (other.folded, other.message, other.detail)
    """,
    """
    SELECT finding.folded FROM {one}.message AS one JOIN {other}.message AS other ON other.id = one.id
    JOIN {one}.finding AS finding ON finding.message = one.id
    WHERE (one.rule, one.severity) <> (other.rule, other.severity)
    """,
)

Count = tuple[str, str]
"""Kind and key of a slice of the records."""


@dataclass(slots=True)
class QualityRow:
    """What the figures have of one record.

    Attributes:
        folded: its folded name; name: its key, or its place where it has none.
        state: published, refused, or other: what findings are about that is no record.
        item, title: of the published version, "" where there is none: what was refused is not published here either.
        link, handle, uuid, oai: its address and its names in its repository.
        counts: the slices that it is in, with how many findings or values it has of each.
        alike: see `Facts`.
    """

    folded: str
    state: str = OTHER
    name: str = ""
    item: str = ""
    title: str = ""
    link: str = ""
    handle: str = ""
    uuid: str = ""
    oai: str = ""
    year: str = ""
    type: str = ""
    collection: str = ""
    source: str = ""
    counts: Counter[Count] = field(default_factory=Counter)
    alike: tuple[tuple[str, int], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table `record`, without its number and its counts."""
        texts = (
            *(self.folded, self.state, self.name, self.item, self.title, sort_key(self.title), self.link, self.handle),
            *(self.uuid, self.oai, self.year, self.type, self.collection, self.source),
        )
        return tuple(map(storable, texts))


class _Record(NamedTuple):
    folded: str
    key: str
    item: str
    title: str
    source: str
    collection: str
    payload: bytes
    claims: bytes
    fates: bytes


class _Refusal(NamedTuple):
    folded: str
    name: str
    source: str
    collection: str
    payload: bytes | None


class _Finding(NamedTuple):
    folded: str
    rule: str
    severity: str
    detail: str


def all_names(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the folded names of all that a catalog has records, refusals or findings of, in order."""
    return (folded for (folded,) in connection.execute(_NAMES))


def changed_names(connection: sqlite3.Connection) -> set[str]:
    """Return the folded names of what differs between the catalog of a connection and the one attached to it as `before`."""
    return {
        folded
        for query in _CHANGED
        for one, other in (("main", "before"), ("before", "main"))
        for (folded,) in connection.execute(query.format(one=one, other=other))
    }


def names_of_items(connection: sqlite3.Connection, items: Iterable[str]) -> Iterator[str]:
    """Yield the folded names of the records of items, by their IRIs."""
    for item in items:
        yield from (folded for (folded,) in connection.execute("SELECT folded FROM record WHERE item = ?", (item,)))


def rows_of(
    connection: sqlite3.Connection, names: Iterable[str], accepted: Acceptances
) -> Iterator[tuple[str, QualityRow | None]]:
    """Yield names with their rows, None where the catalog has nothing of that name any more."""
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == _BATCH:
            yield from _of_batch(connection, batch, accepted)
            batch = []
    yield from _of_batch(connection, batch, accepted)


def _of_batch(
    connection: sqlite3.Connection, names: Sequence[str], accepted: Acceptances
) -> Iterator[tuple[str, QualityRow | None]]:
    def found(query: str) -> sqlite3.Cursor:
        return connection.execute(query.format(", ".join("?" * len(names))), names)

    records = {row[0]: _Record(*row) for row in found(_RECORDS)}
    refusals = {row[0]: _Refusal(*row) for row in found(_REFUSALS)}
    findings: dict[str, list[_Finding]] = {}
    for row in found(_FINDINGS):
        findings.setdefault(row[0], []).append(_Finding(*row))
    for name in names:
        made = QualityRow(name, name=name)
        if name in refusals:
            _take_refusal(made, refusals[name])
        if name in records:
            _take_record(made, records[name], accepted)
        for finding in findings.get(name, ()):
            _take_finding(made, finding, accepted)
        is_known = name in records or name in refusals or name in findings
        yield name, _placed(made) if is_known else None


def _take_refusal(made: QualityRow, refusal: _Refusal) -> None:
    made.state, made.name, made.collection = REFUSED, refusal.name, refusal.collection
    given = unpack_record(refusal.payload) if refusal.payload else None
    made.source = source_name(given, refusal.source)
    if given:
        made.link, made.handle = source_link(given), handle_of_record(given)
        made.uuid, made.oai = given.uuid or "", given.oai_identifier or ""
    made.counts["all", REFUSED] = 1


def _take_record(made: QualityRow, record: _Record, accepted: Acceptances) -> None:
    given, (own, shared) = unpack_record(record.payload), unpack_claims(record.claims)
    facts = facts_of(record.item, [*own, *shared])
    made.state, made.name, made.item, made.title = PUBLISHED, record.key, record.item, record.title
    made.link, made.handle = source_link(given), handle_of_record(given)
    made.uuid, made.oai = given.uuid or "", given.oai_identifier or ""
    made.collection, made.source = record.collection, source_name(given, record.source)
    made.year, made.type, made.alike = facts.year, facts.type, facts.alike
    made.counts["all", PUBLISHED] = 1
    made.counts.update({("has", name): 1 for name in facts.has})
    for name in facts.lacks:
        rule = f"{MISSING}{name}"
        made.counts["accepted" if accepted.of(made.folded, rule) else "rule", rule] = 1
    withheld = count_reasons(record.fates, _ABOUT_EMAIL)
    if withheld:
        made.counts["accepted" if accepted.of(made.folded, EMAIL) else "rule", EMAIL] = withheld


def _take_finding(made: QualityRow, finding: _Finding, accepted: Acceptances) -> None:
    detail = json.loads(finding.detail)
    name, value = str(detail.get("field") or detail.get("path") or ""), str(detail.get("value", ""))
    key = f"{finding.rule} {finding.severity}"
    if accepted.of(made.folded, finding.rule, name, value):
        made.counts["accepted", key] += 1
        return
    made.counts["rule", key] += 1
    made.counts["severity", finding.severity] += 1
    if name:
        made.counts["field", f"{key} {storable(name)}"] += 1


def _placed(made: QualityRow) -> QualityRow:
    """Return a row that is counted under its collection, source, year and type, also where it has none."""
    for kind in ("collection", "source", "year", "type"):
        made.counts[kind, getattr(made, kind)] = 1
    return made
