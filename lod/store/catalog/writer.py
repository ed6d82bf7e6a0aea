"""Writing a catalog, in one run: `begin_run`, stage all records, drop repeats, put, refuse and remove, `changes`, `finish_run`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from lod.mapping.mapped import ValueFate
from lod.mapping.values.iris import other_keys
from lod.record import Record
from lod.report import SHOWN_FINDINGS, Finding, Severity
from lod.store.catalog.backlinks import bases_of, update_backlinks
from lod.store.catalog.claim_changes import Changes, ChangeTracker
from lod.store.catalog.findings import OF_RUN, OF_VERSION, FindingWriter
from lod.store.catalog.item_redirects import ItemRedirects, rebased
from lod.store.catalog.ownership import base_of_item, folded_name
from lod.store.catalog.packing import (
    PackedRecord,
    balance_of,
    storable,
    unpack_claims,
    unpack_fate_names,
    unpack_record,
)
from lod.store.catalog.reader import CatalogReader, finding_of
from lod.store.catalog.redirects import Redirects
from lod.store.catalog.refusals import RefusalWriter
from lod.store.catalog.schema import create_catalog, open_for_writing
from lod.store.catalog.staging import Staged, Staging
from lod.store.catalog.whole_store_index import StatedValues, WholeStoreIndex
from lod.store.item_changes import ItemChanges, groups_of, has_changes
from lod.store.source_files import KnownFile, SourceFiles
from lod.store.summaries import Summaries

_COLUMNS = (
    "key", "folded", "item", "title", "source", "place", "content_hash", "basis", "generated", "modified", "own_claims",
    "collection",
)  # fmt: skip
_INSERT_RECORD = f"INSERT INTO record ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_PUT_NEW_RECORD = f"{_INSERT_RECORD} ON CONFLICT (folded) DO NOTHING RETURNING id"
_PUT_RECORD = (
    f"{_INSERT_RECORD} "
    f"ON CONFLICT (folded) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)} RETURNING id"
)

_OF_EARLIER_RUNS = ("record", "refusal", "tombstone", "renamed", "lesser_key", "redirect")
"""Tables in which the first run finds nothing that a record could replace."""


_MOVE_UNCHANGED = tuple(
    f"UPDATE main.{table} SET {columns} FROM run.unchanged AS same JOIN run.staged AS staged ON staged.id = same.staged "
    f"WHERE {table}.id = same.id AND staged.payload IS NOT NULL"
    for table, columns in (
        ("record", "source = staged.source, place = staged.place"),
        ("body", "payload = staged.payload"),
        ("summary", "origin = staged.origin"),
    )
)
_REFUSED_BEFORE = """
SELECT folded FROM refusal WHERE folded IN (SELECT folded FROM run.unchanged) OR EXISTS (
    SELECT 1 FROM record WHERE record.place = refusal.folded AND record.folded IN (SELECT folded FROM run.unchanged)
)
"""
_WITHOUT_SUMMARY = """
SELECT same.folded, body.id, body.payload, fates, staged.origin FROM run.unchanged AS same JOIN run.staged AS staged ON staged.id = same.staged
JOIN body ON body.id = same.id WHERE same.folded > ? AND same.id NOT IN (SELECT id FROM summary) ORDER BY same.folded LIMIT 500
"""
_UNCHANGED_RULES = f"""
SELECT rule, severity, sum(number) FROM (
    SELECT message, count(*) AS number FROM finding JOIN run.unchanged USING (folded) WHERE lasts = {OF_VERSION} GROUP BY message
) JOIN message ON message.id = message GROUP BY rule, severity
"""
# CROSS JOIN keeps the order of the tables, so that the findings come sorted and SQLite stops at the limit.
_UNCHANGED_FINDINGS = f"""
SELECT rule, severity, text, detail, record.place, same.folded, finding.id FROM run.unchanged AS same
CROSS JOIN finding ON finding.folded = same.folded AND lasts = {OF_VERSION} CROSS JOIN message ON message.id = finding.message
JOIN record ON record.id = same.id WHERE {{}} ORDER BY same.folded, finding.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a report says of the records that are published as they were.

    Attributes:
        records: how many they are.
        balance: fields and fates of their values, with their numbers.
        findings: how many findings about them each rule has, by rule and severity.
        samples: those of them that a report shows, with the folded keys of the records, sorted.
    """

    records: int = 0
    balance: tuple[tuple[str, str, int], ...] = ()
    findings: Mapping[tuple[str, Severity], int] = field(default_factory=dict)
    samples: Sequence[tuple[str, Finding]] = ()


class CatalogWriter(CatalogReader):
    """A catalog that one thread writes. When the run is settled, several may read: SQLite serializes what they ask."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Use `create` and `open_for_writing`."""
        super().__init__(
            path, lambda query, parameters=(): connection.execute(query, parameters).fetchall(), connection.close
        )
        self._connection = connection
        self._findings = FindingWriter(connection)
        self._refusals = RefusalWriter(connection, self._findings)
        self._redirects = Redirects(connection)
        self._item_redirects = ItemRedirects(connection)
        self._index = WholeStoreIndex(connection)
        self._items = ItemChanges(connection)
        self._summaries = Summaries(connection)
        self.source_files = SourceFiles(connection)
        self._staging: Staging | None = None
        self._tracker: ChangeTracker | None = None
        self._is_new = False
        self._is_committed = False
        self._base = ""
        self._whole: tuple[str, ...] = ()
        self._in_part: tuple[str, ...] = ()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create an empty catalog.

        Raises:
            StoreError: it exists, or its folder cannot be written.
        """
        writer = cls(path, create_catalog(path))
        writer._create_missing_tables()
        return writer

    @classmethod
    def open_for_writing(cls, path: Path) -> Self:
        """Open an existing catalog.

        Raises:
            StoreError: it is missing, damaged or of another format.
        """
        writer = cls(path, open_for_writing(path))
        if not has_changes(writer._rows):
            writer._adopt_items()
        writer._create_missing_tables()
        return writer

    def _create_missing_tables(self) -> None:
        """Create what the catalogs of earlier versions of lod do not have, and a run fills as it needs it."""
        self._summaries.create_tables()
        self.source_files.create_tables()

    def _adopt_items(self) -> None:
        """Date the items of a catalog that an earlier version of lod wrote."""
        ItemChanges.create_tables(self._connection)
        published = self._connection.execute("SELECT item, claims FROM record JOIN body USING (id)")
        removed = self._rows("SELECT item FROM tombstone UNION SELECT item FROM renamed")
        self._connection.execute("BEGIN")
        self._items.adopt(
            ((item, groups_of(item, unpack_claims(packed)[0])) for item, packed in published),
            [item for (item,) in removed],
        )
        self._connection.execute("COMMIT")

    def note_live(self, moment: str, *, is_rolled_back: bool) -> None:
        """Note when the generation that the next run builds on went live, and whether the site was rolled back to it."""
        self._items.note_live(moment, is_rolled_back=is_rolled_back)

    # --- one run

    def begin_run(self) -> None:
        """Begin a run and delete the findings about the previous run."""
        if self._staging is not None:
            raise RuntimeError(f"{self.path}: a run is open already")
        self._staging = Staging(self._connection, self.path.with_name(f"{self.path.name}.run"))
        self._connection.execute("BEGIN")
        self._items.begin()
        self._tracker = ChangeTracker(self._connection)
        self._findings.delete_of_run()
        self._is_new = not any(self._rows(f"SELECT 1 FROM {table} LIMIT 1") for table in _OF_EARLIER_RUNS)

    def move_to(self, base: str) -> str:
        """Set the base IRI of this run, and return the previous one; removed and redirected IRIs move to the new base.

        Published records move when they are mapped again.
        """
        before = self._meta("base", base)
        self._base = base
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('base', ?)", (base,))
        if before != base:
            self._item_redirects.move_base(before, base)
            self._items.move_base(before, base)
        return before

    def stage(self, key: str, record: Record) -> None:
        """Add a record from a source; it is not published yet."""
        if not self._run.add(key, record) and not self._open_tracker.is_first:
            self.note_other_keys(key, record)

    def stage_again(self, file: KnownFile) -> bool:
        """Add the records of a source file as they were read last; return False, and add none, where others took their places."""
        before = self._run.latest()
        self._run.add_again(file.source)
        query = "SELECT name, payload FROM refusal WHERE source = ? AND payload IS NOT NULL"
        for name, payload in self._rows(query, (file.source,)):
            self.stage(name, unpack_record(payload))
        if self._run.contents_after(before) == file.contents:
            return True
        self._run.drop_after(before)
        return False

    def contents_of_sources(self) -> Iterator[tuple[str, int, str]]:
        """Yield the sources of the staged records with what the run has made of them: see `Staging.contents_of_sources`."""
        return self._run.contents_of_sources()

    def note_other_keys(self, key: str, record: Record) -> None:
        """Note what of a record's source is published under keys that the record may have had: `put` replaces it."""
        self._run.note_other_keys(key, storable(record.source), other_keys(record))

    def staged_count(self) -> int:
        """Return how many records are staged."""
        return self._run.count()

    def repeats(self) -> Iterator[list[Staged]]:
        """Yield the rows of each key that was staged more than once; handles that differ only in case are one key.

        Source: MODEL section 3.3 (rule D04).
        """
        return self._run.repeats()

    def drop_staged(self, ids: Iterable[int]) -> None:
        """Remove staged rows, by `Staged.id`."""
        self._run.drop(ids)

    def staged_batches(self, size: int) -> Iterator[list[Staged]]:
        """Yield the staged records that `keep_unchanged` has left, by key, `size` at a time; other methods may be called in between."""
        return self._run.batches(size)

    def set_overdue(self, records: Iterable[str], *, refused: bool) -> None:
        """Note records, by name, with a finding or claim that has expired: published versions, or refused ones."""
        self._run.set_overdue((folded_name(storable(record)) for record in records), refused)

    def outdated(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Yield published versions to be mapped again with `put`: see `Staging.outdated`."""
        return self._run.outdated(basis, size)

    def set_given_overdue(self) -> None:
        """Note all records that were given as RDF, likewise."""
        self._run.set_given_overdue()

    def given_changed(self, basis: str) -> bool:
        """Return whether any record that was given as RDF is new, changed or mapped with another basis."""
        return self._run.given_changed(basis)

    def given(self) -> Iterator[Record]:
        """Yield every record given as RDF: the version that this run read, or else the latest known."""
        return self._run.given()

    def outdated_refusals(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Delete outdated refusals, and yield the refused records to be tried again: see `Staging.refused`."""
        self._refusals.delete_outdated(self._whole, self._in_part)
        return self._run.refused(basis, size)

    def put(
        self,
        row: PackedRecord,
        payload: bytes,
        content_hash: str,
        basis: str,
        generated: str,
        *,
        is_latest: bool = True,
    ) -> None:
        """Publish a record, replacing its previous version; its findings, refusal and tombstone are deleted.

        Without `is_latest` it is the last good version, mapped again: the refusal of a later attempt stays. `payload` is the
        packed record as its source gave it, `basis` names what it was mapped with, `generated` is the time, ISO 8601.
        """
        self._open_tracker.note_base(row.base)
        names = (row.key, row.folded, row.item, row.title, row.source, row.place)
        columns = (*names, content_hash, basis, generated, row.modified, row.own_claims, row.collection)
        id_ = self._put_new(row, columns) if self._is_new else None
        if id_ is None:
            id_ = self._replace(row, columns)
        self._items.put(row.item, row.groups)
        self._summaries.put(id_, row.balance, row.origin)
        self._connection.execute(
            "INSERT OR REPLACE INTO body VALUES (?, ?, ?, ?)", (id_, payload, row.claims, row.fates)
        )
        if is_latest:
            self._refusals.delete(row.folded, row.place)

    def _put_new(self, row: PackedRecord, columns: tuple[Any, ...]) -> int | None:
        """Publish the first version of a record in a catalog that was empty: there is nothing to replace.

        Return the row's number; None where the run has published the key already.
        """
        found = self._connection.execute(_PUT_NEW_RECORD, columns).fetchone()
        if found is None:
            return None
        self._open_tracker.note_shared((), row.shared)
        self._refusals.delete_of_lesser_keys(row.folded, row.source, row.lesser_keys)
        self._item_redirects.add_lesser_keys(row.folded, row.lesser_keys)
        self._index.add(row.folded, row.entries)
        return int(found[0])

    def _replace(self, row: PackedRecord, columns: tuple[Any, ...]) -> int:
        """Publish another version of a record, or one that may have had another key; return the row's number."""
        own, shared = unpack_claims(row.claims)
        before = self._claims_before(row.folded)
        self._open_tracker.note_own(before[0], own)
        self._open_tracker.note_shared(before[1], shared)
        old = self._moved_claims(row.folded, row.base, [*before[0], *before[1]])
        self._redirects.note(row.item, old, [*own, *shared])
        self._item_redirects.note_spelling(row.folded, row.base, row.item)
        self._refusals.delete_of_lesser_keys(row.folded, row.source, row.lesser_keys)
        others = self._run.taken_over(row.folded)
        self._item_redirects.replace_lesser_keys(row.folded, row.source, row.lesser_keys, others, self.remove)
        id_ = int(self._connection.execute(_PUT_RECORD, columns).fetchone()[0])
        self._connection.execute("DELETE FROM tombstone WHERE folded = ?", (row.folded,))
        self._run.settle_overdue(row.folded)
        self._findings.delete(row.folded, OF_VERSION)
        self._index.remove(row.folded)
        self._index.add(row.folded, row.entries)
        return id_

    def keep_unchanged(self, basis: str) -> Unchanged:
        """Keep the published versions of all staged records that are the same and were mapped with this basis.

        Each is the latest attempt again, so an earlier refusal is deleted; place, source and origin are updated. None is
        unpacked.
        """
        number = self._run.find_unchanged(basis)
        if not number:
            return Unchanged()
        for statement in _MOVE_UNCHANGED:
            self._connection.execute(statement)
        self._refusals.delete(*(name for (name,) in self._rows(_REFUSED_BEFORE)))
        self._add_summaries()
        counts = {(str(rule), Severity(severity)): number for rule, severity, number in self._rows(_UNCHANGED_RULES)}
        return Unchanged(number, tuple(self._summaries.total()), counts, self._unchanged_samples(counts))

    def _add_summaries(self) -> None:
        """Summarise the unchanged records that an earlier version of lod has published."""
        after = ""
        while rows := self._rows(_WITHOUT_SUMMARY, (after,)):
            for _, id_, payload, fates, origin in rows:
                self._summaries.put(id_, balance_of(unpack_record(payload), unpack_fate_names(fates)), origin)
            after = rows[-1][0]

    def _unchanged_samples(self, counts: Iterable[tuple[str, Severity]]) -> list[tuple[str, Finding]]:
        """Return the findings about unchanged records that a report shows, by folded key: the first ones, and the first of each rule."""
        rows = self._rows(_UNCHANGED_FINDINGS.format("severity <> 'info'"), (SHOWN_FINDINGS,))
        for rule in counts:
            rows += self._rows(_UNCHANGED_FINDINGS.format("rule = ? AND severity = ?"), (*rule, 1))
        by_place = {(row[5], row[6]): finding_of(row) for row in rows}
        return [(folded, by_place[folded, id_]) for folded, id_ in sorted(by_place)]

    def refuse(
        self,
        name: str,
        record: Record | None,
        fates: Sequence[ValueFate],
        findings: Sequence[Finding],
        basis: str | None = None,
    ) -> None:
        """Refuse a record; the version published under its key, if any, stays published.

        `name` is its key, or its place if it has none; `record` is None if it could not be read. `basis` names the
        rules that refused it: with other rules it is tried again. None if no rule decided.
        """
        self._refusals.add(name, record, fates, findings, basis)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Add findings about the published versions of records; they are kept as long as these are.

        Findings made before `staged_batches` are about the sources (a repeated key, a skipped file). These, and
        findings about no published record, are deleted when the next run begins.
        """
        for record, of_record in groupby(findings, key=attrgetter("record")):
            folded = folded_name(storable(record))
            known = self._connection.execute("SELECT 1 FROM record WHERE folded = ?", (folded,)).fetchone()
            self._findings.add(of_record, folded, OF_VERSION if known and self._run.is_read else OF_RUN)

    def is_refused(self, name: str) -> bool:
        """Return whether the latest attempt at a record was refused."""
        return bool(self._rows("SELECT 1 FROM refusal WHERE folded = ?", (folded_name(storable(name)),)))

    def is_published(self, key: str) -> bool:
        """Return whether a record is published under a key."""
        return bool(self._rows("SELECT 1 FROM record WHERE folded = ?", (folded_name(key),)))

    def published_source(self, key: str) -> str:
        """Return the source of the record that is published under a key, "" if there is none."""
        rows = self._rows("SELECT source FROM record WHERE folded = ?", (folded_name(key),))
        return str(rows[0][0]) if rows else ""

    def published_key(self, key: str) -> str:
        """Return the key of the published record with this key, UUID or OAI identifier; the argument itself if there is none.

        An OAI-PMH provider names a deleted record by its OAI identifier, even if its metadata had a handle.
        """
        return key if self.is_published(key) else self._item_redirects.current(folded_name(key))

    def remove(self, key: str, removed: str) -> bool:
        """Remove a published record, with the date (ISO 8601); its IRI then answers 410. Return False if it was not published."""
        folded = folded_name(key)
        self._refusals.delete(folded)
        run = self._connection.execute
        row = run("SELECT id, key, item FROM record WHERE folded = ?", (folded,)).fetchone()
        if row is None:
            return False
        id_, key, item = row
        self._is_new = False
        before = self._claims_before(folded)
        self._open_tracker.note_own(before[0], ())
        self._open_tracker.note_shared(before[1], ())
        run("DELETE FROM record WHERE id = ?", (id_,))
        run("DELETE FROM body WHERE id = ?", (id_,))
        self._summaries.delete(id_)
        self._item_redirects.delete_lesser_keys(folded)
        item = rebased(item, key, self._base or base_of_item(item, key))
        run("INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)", (folded, key, item, removed))
        self._findings.delete(folded)
        self._index.remove(folded)
        return True

    def to_judge(self, reference: str) -> Iterator[tuple[str, StatedValues]]:
        """Settle the run, and yield the keys it touched with their values: see `WholeStoreIndex.touched`.

        A key that is `reference` followed by an IRI is touched by any change to the claims about the IRI.
        """
        changes = self.changes()
        if self._tracker and not self._tracker.is_first:
            for side in (changes.added, changes.removed):
                # The claims are sorted, so that each subject occurs once.
                self._index.touch(f"{reference}{subject}" for subject, _ in groupby(side(), key=_subject))
        return self._index.touched()

    def judged(self, key: str, findings: Iterable[Finding]) -> None:
        """Replace the findings about a key; their records are named by the folded names of the values."""
        query = "SELECT key FROM record WHERE folded = ?"
        named = [(found.record, replace(found, record=self._rows(query, (found.record,))[0][0])) for found in findings]
        self._findings.replace_by_cause(key, named)

    def read_in_part(self, sources: Sequence[str]) -> None:
        """Set the sources of which this run has read only a part."""
        self._in_part = tuple(map(storable, sources))

    def missing_from(self, scopes: Sequence[str]) -> Iterator[str]:
        """Yield keys of published records that come from the scopes and were not staged in this run.

        A scope is the resolved path (or address) of a source that was read whole, with all that is under it.
        `finish_run` deletes the refusals that come from the scopes and were not repeated.
        """
        scopes = [storable(scope) for scope in scopes]
        self._whole = tuple(scopes)
        return self._run.missing_from(scopes)

    def record_sources(self) -> Iterator[tuple[str, int]]:
        """Yield the sources of the published records, sorted, with the number of records of each."""
        yield from self._connection.execute("SELECT source, count(*) FROM record GROUP BY source ORDER BY source")

    def changes(self) -> Changes:
        """Settle the run and return the net difference that it makes to the published claims, readable until `finish_run`.

        From now on `counts` returns the triples of the new state, and records cannot be changed.

        Raises:
            StoreError: the reference counts of shared claims are wrong: the catalog is damaged.
        """
        if self._tracker is None:
            raise RuntimeError(f"{self.path}: no run is open; call begin_run first")
        if not self._tracker.settled:
            self._tracker.settle()
            self._redirects.settle()
        return self._tracker.changes()

    def set_report(self, report: Mapping[str, Any]) -> None:
        """Store the report of the run, as `RunReport.to_dict` returns it."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('report', ?)", (json.dumps(report),))

    def commit_run(self) -> None:
        """Settle the run and write everything to the file, where others may read it; `changes` stays readable."""
        changes = self.changes()
        if self._is_committed:
            return
        update_backlinks(self._connection, bases_of(self._rows), changes.added(), changes.removed())
        self._items.settle()
        self._refusals.delete_outdated(self._whole, self._in_part)
        self._connection.execute("COMMIT")
        self._is_committed = True

    def finish_run(self) -> None:
        """End the run: commit it, and delete the scratch tables."""
        self.commit_run()
        self._run.close()
        self._staging = self._tracker = None
        self._whole = self._in_part = ()
        self._is_committed = False

    # --- parts

    @property
    def _run(self) -> Staging:
        if self._staging is None:
            raise RuntimeError(f"{self.path}: no run is open; call begin_run first")
        return self._staging

    @property
    def _open_tracker(self) -> ChangeTracker:
        if self._tracker is None or self._tracker.settled:
            raise RuntimeError(f"{self.path}: no run is open, or it is settled already")
        return self._tracker

    def _claims_before(self, folded: str) -> tuple[list[str], list[str]]:
        """Return the own and the shared claims of the published version, two empty lists if there is none."""
        rows = self._rows("SELECT claims FROM record JOIN body USING (id) WHERE folded = ?", (folded,))
        return unpack_claims(rows[0][0]) if rows else ([], [])

    def _moved_claims(self, folded: str, base: str, claims: list[str]) -> list[str]:
        """Return the claims of the previous version under the present base IRI: a new base is no reason for redirects."""
        for key, item in self._rows("SELECT key, item FROM record WHERE folded = ?", (folded,)):
            before = base_of_item(item, key)
            if before != base:
                return [line.replace(f"<{before}", f"<{base}") for line in claims]
        return claims


def _subject(claim: str) -> str:
    return claim[1 : claim.index(">")]
