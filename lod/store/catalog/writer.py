"""The catalog of a generation: who claimed what, and what became of every value. One SQLite file.

A writer goes through one run: `begin_run`, stage everything, decide on repeats, put, refuse and remove, `changes`,
`finish_run`. What reads is in `CatalogReading`.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from lod.errors import StoreError
from lod.mapping.mapped import Mapped, ValueFate
from lod.mapping.values.iris import lesser_keys
from lod.privacy import mask_addresses
from lod.record import Record
from lod.report import Fate, Finding
from lod.store.catalog.backlinks import bases_of, bring_along
from lod.store.catalog.finding_book import OF_REFUSAL, OF_RUN, OF_VERSION, FindingBook
from lod.store.catalog.ledger import Changes, Ledger
from lod.store.catalog.ownership import Owner, base_of, folded_name
from lod.store.catalog.packing import (
    pack_claims,
    pack_fates,
    pack_record,
    storable,
    unpack_claims,
    unpack_fate_names,
)
from lod.store.catalog.reader import CatalogReading, Explained
from lod.store.catalog.redirects import Redirects
from lod.store.catalog.schema import ReaderPool, create_catalog, open_for_writing
from lod.store.catalog.staging import Staged, Staging, covers
from lod.store.catalog.watches import Values, Watches

__all__ = ["Catalog", "Changes", "Explained", "Staged"]

_COLUMNS = (
    "key", "folded", "item", "title", "source", "place", "content_hash", "basis", "generated", "modified", "own_claims",
    "collection",
)  # fmt: skip
_PUT_RECORD = (
    f"INSERT INTO record ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT (folded) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)} RETURNING id"
)


class Catalog(CatalogReading):
    """A catalog, read by several threads or written by one."""

    def __init__(
        self,
        path: Path,
        writer: sqlite3.Connection | None = None,
        *,
        mask: Callable[[str], str] = mask_addresses,
        stored_form: Callable[[str], str] = str,
    ) -> None:
        """Use `create`, `open` and `open_for_writing`."""
        self.path = path
        self._mask = mask
        self._stored_form = stored_form
        self._writer = writer
        self._pool = None if writer else ReaderPool(path)
        self._staging: Staging | None = None
        self._ledger: Ledger | None = None
        self._findings = FindingBook(writer) if writer else None
        close = writer.close if writer else self._pool.close if self._pool else None
        # Readers may drop a generation at any time; its connections are closed with the last reference to it.
        self._closed = weakref.finalize(self, close) if close else None

    @classmethod
    def create(cls, path: Path, stored_form: Callable[[str], str] = str) -> Self:
        """Make an empty catalog, to be written. `stored_form` is what the store gives back of a claim.

        Raises:
            StoreError: it exists, or its folder cannot be written.
        """
        return cls(path, create_catalog(path), stored_form=stored_form)

    @classmethod
    def open(cls, path: Path, mask: Callable[[str], str] = mask_addresses) -> Self:
        """Open a catalog to read. `mask` withholds parts of the texts that `fields_of` returns; `str` withholds nothing.

        Raises:
            StoreError: it is missing, damaged or of another format.
        """
        return cls(path, mask=mask)

    @classmethod
    def open_for_writing(cls, path: Path, stored_form: Callable[[str], str] = str) -> Self:
        """Open a catalog to write. `stored_form` is what the store gives back of a claim.

        Raises:
            StoreError: it is missing, damaged or of another format.
        """
        return cls(path, open_for_writing(path), stored_form=stored_form)

    def close(self) -> None:
        """Close every connection; an open run is given up."""
        if self._closed:
            self._closed()

    # --- one run

    def begin_run(self) -> None:
        """Begin a run: forget the findings that were about the run before."""
        if self._staging is not None:
            raise RuntimeError(f"{self.path}: a run is open already")
        self._staging = Staging(self._connection, self.path.with_name(f"{self.path.name}.run"))
        self._connection.execute("BEGIN")
        self._ledger = Ledger(self._connection)
        self._book.forget_run()

    def move_to(self, base: str) -> str:
        """Take the base IRI of this run, and return the one before: what is removed or has moved goes along to the new base.

        Published records move when they are mapped anew.
        """
        before = self._meta("base", base)
        self._base = base
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('base', ?)", (base,))
        if before == base:
            return before
        for table, column in (("tombstone", "item"), ("renamed", "item"), ("redirect", "old"), ("redirect", "new")):
            self._connection.execute(
                f"UPDATE OR REPLACE {table} SET {column} = ? || substr({column}, ?) WHERE {column} > ? AND {column} < ?",
                (base, len(before) + 1, before, f"{before}\U0010ffff"),
            )
        return before

    def stage(self, key: str, record: Record, content_hash: str) -> None:
        """Take in a record that a source yielded; nothing is published of it yet."""
        self._run.add(key, record, content_hash)

    def staged_count(self) -> int:
        """Return how many records are staged."""
        return self._run.count()

    def repeats(self) -> Iterator[list[Staged]]:
        """Yield the rows of each key that was staged more than once; handles that differ in case are one key.

        Source: MODEL section 3.3 (rule D04).
        """
        return self._run.repeats()

    def drop_staged(self, ids: Iterable[int]) -> None:
        """Take rows out of the run, by `Staged.id`."""
        self._run.drop(ids)

    def staged_batches(self, size: int) -> Iterator[list[Staged]]:
        """Yield what is staged in the order of keys, `size` records at a time; other methods may be called in between."""
        return self._run.batches(size)

    def set_overdue(self, records: Iterable[str], *, refused: bool) -> None:
        """Note records, by name, of which a finding or a claim has ended with time: published versions, or refused ones."""
        self._run.set_overdue((folded_name(storable(record)) for record in records), refused)

    def is_overdue(self, key: str) -> bool:
        """Tell whether the published version of a record is noted so, and was not mapped anew since."""
        return self._run.is_overdue(folded_name(key))

    def outdated(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Yield published versions to be mapped anew with `put`: see `Staging.outdated`."""
        return self._run.outdated(basis, size)

    def set_given_overdue(self) -> None:
        """Note all records that were given as RDF, likewise."""
        self._run.set_given_overdue()

    def given_changed(self, basis: str) -> bool:
        """Tell whether any record that was given as RDF is new, changed or mapped with another basis."""
        return self._run.given_changed(basis)

    def given(self) -> Iterator[Record]:
        """Yield every record given as RDF: as this run read it, or else its latest version known."""
        return self._run.given()

    def outdated_refusals(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Yield refused records that deserve another attempt: see `Staging.refused`. What is out of date is forgotten first."""
        self._forget_old_refusals()
        return self._run.refused(basis, size)

    def put(
        self,
        mapped: Mapped,
        record: Record,
        content_hash: str,
        basis: str,
        generated: str,
        entries: Iterable[tuple[str, str]] = (),
        *,
        is_latest: bool = True,
    ) -> None:
        """Publish a record, new or in place of its version before; its findings, refusal and tombstone are forgotten.

        Without `is_latest` it is the last good version, mapped anew: a later attempt that was refused stays so.

        Its claims are kept in the form that the store gives back, so that both compare line by line.

        `basis` names what it was mapped with, `generated` is the moment, ISO 8601. `entries` are the keys and values that
        the rules about the whole store watch (`to_judge`).

        Raises:
            ValueError: IRIs or fates do not fit the record (a fault of the mapping).
        """
        if len(mapped.fates) != len(record.values):
            raise ValueError(f"{mapped.key}: {len(mapped.fates)} fates for {len(record.values)} values")
        base, folded = base_of(mapped), folded_name(mapped.key)
        forms = {line: self._stored_form(line) for line in mapped.claims}
        claims = sorted(set(forms.values()))
        own, shared = Owner.of(base, mapped.key).split(claims)
        before = self._claims_before(folded)
        self._settling.note_base(base)
        self._settling.note_own(before[0], own)
        self._settling.note_shared(before[1], shared)
        self._redirects.note(mapped.item, self._moved_claims(folded, base, [*before[0], *before[1]]), claims)
        self._note_renaming(folded, base, mapped.item)
        self._note_rekeying(folded, mapped.key, record)
        row = (mapped.key, folded, mapped.item, storable(mapped.title), storable(record.source), storable(record.place))
        rest = (content_hash, basis, generated, storable(record.modified or "") or None, len(own), _collection(record))
        id_ = self._connection.execute(_PUT_RECORD, (*row, *rest)).fetchone()[0]
        payload = self._run.payload_of(folded, content_hash) or pack_record(record)
        self._connection.execute(
            "INSERT OR REPLACE INTO body VALUES (?, ?, ?, ?)",
            (id_, payload, pack_claims(own, shared), pack_fates(mapped.fates, _positions(forms, claims))),
        )
        self._connection.execute("DELETE FROM tombstone WHERE folded = ?", (folded,))
        if is_latest:
            self._forget_refusal(folded)
            self._forget_refusal(storable(record.place))
        self._run.settle_overdue(folded)
        self._book.forget(folded, OF_VERSION)
        Watches(self._connection).enter(folded, entries)

    def unchanged(self, key: str, record: Record) -> list[Fate]:
        """Leave the published version of a staged record as it is, and return what became of each of its values.

        It is the latest attempt again, so a refusal in between is forgotten; place and source are brought along.

        Raises:
            KeyError: no such record is published.
        """
        folded = folded_name(key)
        row = self._connection.execute(
            "SELECT id, source, place, fates FROM record JOIN body USING (id) WHERE folded = ?", (folded,)
        ).fetchone()
        if row is None:
            raise KeyError(key)
        id_, source, place, fates = row
        moved = (storable(record.source), storable(record.place))
        if moved != (source, place):
            self._connection.execute("UPDATE record SET source = ?, place = ? WHERE id = ?", (*moved, id_))
            self._connection.execute("UPDATE body SET payload = ? WHERE id = ?", (pack_record(record), id_))
        self._forget_refusal(moved[1])
        self._forget_refusal(folded)
        return unpack_fate_names(fates)

    def refuse(
        self,
        name: str,
        record: Record | None,
        fates: Sequence[ValueFate],
        findings: Sequence[Finding],
        basis: str | None = None,
    ) -> None:
        """Keep a record out: what was published under its key before stays.

        `name` is its key, or its place where it has none; `record` is None where it could not be read. `basis` names the
        rules that refused it: under others it deserves another attempt. None where no rule decides.
        """
        folded = folded_name(storable(name))
        first = self._connection.execute("INSERT OR IGNORE INTO run.refused VALUES (?)", (folded,)).rowcount > 0
        if first:
            self._forget_refusal(folded)
        self._connection.execute(
            "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                folded,
                storable(name),
                storable(record.source) if record else "",
                storable(record.place if record else name),
                pack_record(record) if record else None,
                pack_fates(fates, {}),
                _collection(record),
                record.content_hash() if record else None,
                basis,
            ),
        )
        if record:
            if record.place != name:
                self._forget_refusal(storable(record.place))
            self._forget_lesser_refusals(folded, record)
        self._book.add(findings, folded, OF_REFUSAL)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Keep findings with the published version of their record: as long as it stands.

        What is found before `staged_batches` is about the sources (a key that stands twice, a file that was skipped),
        as is what concerns no published record: such findings are forgotten when the next run begins.
        """
        for finding in findings:
            folded = folded_name(storable(finding.record))
            known = self._connection.execute("SELECT 1 FROM record WHERE folded = ?", (folded,)).fetchone()
            self._book.add([finding], folded, OF_VERSION if known and self._run.is_read else OF_RUN)

    def is_refused(self, name: str) -> bool:
        """Tell whether the latest attempt at a record was refused."""
        return bool(self._rows("SELECT 1 FROM refusal WHERE folded = ?", (folded_name(storable(name)),)))

    def is_published(self, key: str) -> bool:
        """Tell whether a record is published under a key."""
        return bool(self._rows("SELECT 1 FROM record WHERE folded = ?", (folded_name(key),)))

    def published_key(self, key: str) -> str:
        """Return the key of the published record that has this one, or this UUID or OAI identifier; else the key itself.

        A deleted record of a provider is named by its OAI identifier, even where its metadata had a handle.
        """
        return key if self.is_published(key) else self._led_to(folded_name(key))

    def remove(self, key: str, removed: str) -> bool:
        """Remove a published record on a date, ISO 8601; its IRI answers 410. False if it was not published."""
        folded = folded_name(key)
        self._forget_refusal(folded)
        row = self._connection.execute("SELECT id, key, item FROM record WHERE folded = ?", (folded,)).fetchone()
        if row is None:
            return False
        id_, *named = row
        before = self._claims_before(folded)
        self._settling.note_own(before[0], ())
        self._settling.note_shared(before[1], ())
        self._connection.execute("DELETE FROM record WHERE id = ?", (id_,))
        self._connection.execute("DELETE FROM body WHERE id = ?", (id_,))
        self._connection.execute("DELETE FROM lesser_key WHERE leads_to = ?", (folded,))
        key, item = named
        item = _moved(item, key, self._base or _base_of(item, key))
        self._connection.execute("INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)", (folded, key, item, removed))
        self._book.forget(folded)
        Watches(self._connection).forget(folded)
        return True

    def to_judge(self, reference: str) -> Iterator[tuple[str, Values]]:
        """Settle the run, and yield the keys it touched with what is said under them: see `Watches.touched`.

        A key that starts with `reference`, followed by an IRI, is touched by any change to what is said of the IRI.
        """
        changes = self.changes()
        watches = Watches(self._connection)
        if not self._settling_is_first:
            for side in (changes.added, changes.removed):
                # The claims are sorted, so that each subject comes once.
                watches.touch(f"{reference}{subject}" for subject, _ in groupby(side(), key=_subject))
        return watches.touched()

    def judged(self, key: str, findings: Iterable[Finding]) -> None:
        """Put findings about a key in place of those before; their records are named by the folded names of the values."""
        named = []
        for finding in findings:
            query = "SELECT key FROM record WHERE folded = ?"
            record = self._connection.execute(query, (finding.record,)).fetchone()[0]
            named.append((finding.record, replace(finding, record=record)))
        self._book.replace_of_store(key, named)

    def read_in_part(self, sources: Sequence[str]) -> None:
        """Say which sources this run has read in part: what is new of them."""
        self._in_part = tuple(map(storable, sources))

    def missing_from(self, scopes: Sequence[str]) -> Iterator[str]:
        """Yield keys of published records that come from the scopes and were not staged in this run.

        A scope is the resolved path (or address) of a source that was read whole: it stands for itself and for all
        that lies under it. `finish_run` forgets the refusals that come from the scopes and did not happen again.
        """
        scopes = [storable(scope) for scope in scopes]
        self._complete = tuple(scopes)
        return self._run.missing_from(scopes)

    def record_sources(self) -> Iterator[tuple[str, int]]:
        """Yield the sources of the published records, in order, with how many records each has."""
        yield from self._connection.execute("SELECT source, count(*) FROM record GROUP BY source ORDER BY source")

    def changes(self) -> Changes:
        """Settle the run and return the net difference that it makes to the published set; `finish_run` ends its life.

        From here on `counts` tells the triples of the new state, and records stay as they are.

        Raises:
            StoreError: the counts of shared claims do not add up: the catalog is damaged.
        """
        if self._ledger is None:
            raise RuntimeError(f"{self.path}: no run is open; call begin_run first")
        if not self._ledger.settled:
            self._ledger.settle()
            self._redirects.settle()
        return self._ledger.changes()

    def set_report(self, report: Mapping[str, Any]) -> None:
        """Keep the report of the run, as `RunReport.to_dict` gives it."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('report', ?)", (json.dumps(report),))

    def finish_run(self) -> None:
        """End the run: settle, throw the scratch tables away, write everything to the file."""
        changes = self.changes()
        bring_along(self._connection, bases_of(self._rows), changes.added(), changes.removed())
        self._forget_old_refusals()
        self._connection.execute("COMMIT")
        self._run.close()
        self._staging = self._ledger = None
        self._complete = self._in_part = ()

    # --- parts

    _complete: tuple[str, ...] = ()
    _in_part: tuple[str, ...] = ()
    _base: str = ""

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._writer is None:
            raise self._read_only()
        return self._writer

    @property
    def _book(self) -> FindingBook:
        if self._findings is None:
            raise self._read_only()
        return self._findings

    def _read_only(self) -> StoreError:
        return StoreError(f"{self.path}: the catalog of a published generation is read-only; build the next one")

    @property
    def _run(self) -> Staging:
        if self._staging is None:
            raise RuntimeError(f"{self.path}: no run is open; call begin_run first")
        return self._staging

    @property
    def _redirects(self) -> Redirects:
        return Redirects(self._connection)

    @property
    def _settling(self) -> Ledger:
        if self._ledger is None or self._ledger.settled:
            raise RuntimeError(f"{self.path}: no run is open, or it is settled already")
        return self._ledger

    @property
    def _settling_is_first(self) -> bool:
        return self._ledger is not None and self._ledger.is_first

    def _rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        if self._pool is None:
            return self._connection.execute(query, parameters).fetchall()
        with self._pool.connection() as connection:
            return connection.execute(query, parameters).fetchall()

    def _claims_before(self, folded: str) -> tuple[list[str], list[str]]:
        """Return the own and the shared claims of the published version, none where there is none."""
        row = self._connection.execute(
            "SELECT claims FROM record JOIN body USING (id) WHERE folded = ?", (folded,)
        ).fetchone()
        return ([], []) if row is None else unpack_claims(row[0])

    def _moved_claims(self, folded: str, base: str, claims: list[str]) -> list[str]:
        """Return the claims of a version before as they would be under another base IRI: only keys make redirects."""
        for key, item in self._rows("SELECT key, item FROM record WHERE folded = ?", (folded,)):
            before = _base_of(item, key)
            if before != base:
                return [line.replace(f"<{before}", f"<{base}") for line in claims]
        return claims

    def _note_renaming(self, folded: str, base: str, item: str) -> None:
        """Let the IRI that the item had under another spelling of its key lead to its new one."""
        for table in ("record", "tombstone"):
            for key, old in self._rows(f"SELECT key, item FROM {table} WHERE folded = ?", (folded,)):
                self._connection.execute(
                    "INSERT OR REPLACE INTO renamed VALUES (?, ?)", (_moved(old, key, base), folded)
                )
        self._connection.execute("DELETE FROM renamed WHERE item = ?", (item,))

    def _note_rekeying(self, folded: str, key: str, record: Record) -> None:
        """Let the IRI that a record had by its UUID or OAI identifier, or by another handle, lead to its IRI now.

        Only within one source, and only if the old key does not stand in the run as a record of its own.
        """
        self._forget_lesser_refusals(folded, record)
        lesser = [folded_name(other) for other in lesser_keys(record)]
        for old in dict.fromkeys([*lesser, *map(self._led_to, lesser)]):
            if old == folded or not self._is_replaced(old, storable(record.source)):
                continue
            self.remove(old, "")
            self._connection.execute(
                "INSERT OR REPLACE INTO renamed SELECT item, ? FROM tombstone WHERE folded = ?", (folded, old)
            )
            self._connection.execute("UPDATE renamed SET folded = ? WHERE folded = ?", (folded, old))
            self._connection.execute("DELETE FROM tombstone WHERE folded = ?", (old,))
        self._connection.execute("DELETE FROM lesser_key WHERE leads_to = ?", (folded,))
        rows = [(old, folded) for old in lesser if old != folded]
        self._connection.executemany("INSERT OR REPLACE INTO lesser_key VALUES (?, ?)", rows)

    def _led_to(self, folded: str) -> str:
        row = self._connection.execute("SELECT leads_to FROM lesser_key WHERE folded = ?", (folded,)).fetchone()
        return str(row[0]) if row else folded

    def _forget_lesser_refusals(self, folded: str, record: Record) -> None:
        """Forget attempts at a record under a key that it has no more, likewise."""
        for old in map(folded_name, lesser_keys(record)):
            query = (
                "SELECT 1 FROM refusal WHERE folded = ? AND source = ? AND folded NOT IN (SELECT folded FROM run.staged) "
                "AND folded NOT IN (SELECT folded FROM run.refused)"
            )
            if old != folded and self._rows(query, (old, storable(record.source))):
                self._forget_refusal(old)

    def _is_replaced(self, old: str, source: str) -> bool:
        query = "SELECT 1 FROM record WHERE folded = ? AND source = ? AND folded NOT IN (SELECT folded FROM run.staged)"
        return self._connection.execute(query, (old, source)).fetchone() is not None

    def _forget_old_refusals(self) -> None:
        """Forget refusals of sources that were read whole in this run, unless they happened again.

        What could not be read of a source is forgotten when it is read again in part, too: it has no name but its place in
        an answer, and each answer is another place.
        """
        complete, read = self._complete, (*self._complete, *self._in_part)
        query = (
            "SELECT folded, source, payload IS NULL FROM refusal WHERE folded NOT IN (SELECT folded FROM run.refused)"
        )
        for folded, source, is_unreadable in self._connection.execute(query).fetchall():
            # A record that could not be read has no source of its own: it belongs to all that were read with it.
            sources = source.split("\n")
            known = read if is_unreadable else complete
            if all(any(covers(scope, one) for scope in known) for one in sources):
                self._forget_refusal(folded)
        self._connection.execute(
            "UPDATE refusal SET source = ? WHERE source = '' AND folded IN (SELECT folded FROM run.refused)",
            ("\n".join(read),),
        )

    def _forget_refusal(self, folded: str) -> None:
        if self._connection.execute("DELETE FROM refusal WHERE folded = ?", (folded,)).rowcount:
            self._book.forget(folded, OF_REFUSAL)


def _base_of(item: str, key: str) -> str:
    return item.removesuffix(f"id/item/{key}")


def _moved(item: str, key: str, base: str) -> str:
    return base + item[len(_base_of(item, key)) :]


def _subject(claim: str) -> str:
    return claim[1 : claim.index(">")]


def _collection(record: Record | None) -> str:
    return storable(record.collections[0]) if record and record.collections else ""


def _positions(forms: Mapping[str, str], claims: Sequence[str]) -> dict[str, int]:
    """Return where each claim, as the mapping wrote it, stands among those that are published."""
    positions = {line: position for position, line in enumerate(claims)}
    return {line: positions[form] for line, form in forms.items()}
