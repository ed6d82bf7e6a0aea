"""Staging tables: the records that a run has read and not published yet, in a scratch database beside the catalog.

The scratch database is attached to the writer's connection as `run` and deleted at the end, so that a finished
catalog has no trace of staging, not even free pages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path

from lod.mapping.values.iris import other_keys
from lod.record import Record
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.packing import origin_text, pack_json, storable, unpack_record, unpacked_bytes
from lod.store.source_files import contents

_TABLES = (
    "PRAGMA run.journal_mode = OFF",
    "PRAGMA run.synchronous = OFF",
    "PRAGMA run.cache_size = -65536",
    "CREATE TABLE run.staged (id INTEGER PRIMARY KEY, folded TEXT, key TEXT, content_hash TEXT, payload BLOB, source TEXT, "
    "place TEXT, origin TEXT)",
    "CREATE TABLE run.unchanged (folded TEXT PRIMARY KEY, id INTEGER, staged INTEGER) WITHOUT ROWID",
    "CREATE TABLE run.missing (id INTEGER PRIMARY KEY, folded TEXT, key TEXT)",
    "CREATE TABLE run.refused (folded TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE run.touched (key TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE run.own_change (claim TEXT, net INTEGER)",
    "CREATE TABLE run.shared_delta (claim TEXT, net INTEGER)",
    "CREATE TABLE run.added (claim TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE run.removed (claim TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE run.moved (old TEXT, new TEXT)",
    "CREATE TABLE run.overdue (folded TEXT, refused INTEGER, PRIMARY KEY (folded, refused)) WITHOUT ROWID",
    "CREATE TABLE run.to_map (id INTEGER PRIMARY KEY, folded TEXT)",
    "CREATE TABLE run.takes_over (old TEXT, folded TEXT, PRIMARY KEY (old, folded)) WITHOUT ROWID",
    "CREATE INDEX run.takes_over_folded ON takes_over (folded)",
    "CREATE TABLE run.also_owned (claim TEXT PRIMARY KEY) WITHOUT ROWID",
)

# A record that is staged as it is published has no payload of its own.
_STAGED = """
SELECT staged.id, staged.key, staged.content_hash, coalesce(staged.payload, body.payload), staged.folded
FROM run.staged AS staged LEFT JOIN main.record AS record ON record.folded = staged.folded
LEFT JOIN main.body AS body ON body.id = record.id
"""

_AS_PUBLISHED = """
SELECT content_hash, source, place, origin FROM main.record LEFT JOIN main.summary USING (id) WHERE folded = ?
"""
_STAGE = """
INSERT INTO run.staged (folded, key, content_hash, payload, source, place, origin) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# The latest attempt at a record: where it was refused, the last good version may be of the same source.
_STAGE_AGAIN = """
INSERT INTO run.staged (folded, key, content_hash, payload, source, place, origin)
SELECT folded, key, content_hash, NULL, source, place, origin FROM main.record LEFT JOIN main.summary USING (id)
WHERE source = :source AND folded NOT IN (SELECT folded FROM main.refusal WHERE source = :source AND payload IS NOT NULL)
"""
_LATEST_OF_STAGED = """
SELECT staged.source, staged.folded, staged.content_hash, EXISTS (
    SELECT 1 FROM main.record AS record WHERE record.folded = staged.folded AND record.source = staged.source
    AND record.content_hash = staged.content_hash
    UNION ALL SELECT 1 FROM main.refusal AS refusal WHERE refusal.folded = staged.folded AND refusal.source = staged.source
    AND refusal.content_hash = staged.content_hash
) FROM run.staged AS staged ORDER BY staged.source, staged.folded
"""

# "0" follows "/" in ASCII, so that the range is all keys of records given as RDF (`lod.mapping.values.iris.item_key`).
_GIVEN = "folded BETWEEN 'rdf/' AND 'rdf0'"

# If two records may have had one key, the key is a proof for neither.
_TAKEN_OVER = "SELECT old FROM run.takes_over GROUP BY old HAVING count(*) = 1"

_Row = tuple[int, str, str, bytes, str]

_PORTION_BYTES = 1 << 22
"""Total size of the records that are mapped together; 500 ordinary records have a quarter of it."""


@dataclass(frozen=True)
class Staged:
    """A record that was read in this run, or is to be mapped again.

    Attributes:
        id: the row, for `CatalogWriter.drop_staged`.
        payload: the record, packed.
    """

    id: int
    key: str
    content_hash: str
    payload: bytes

    @cached_property
    def record(self) -> Record:
        """The record; it is unpacked where it is asked for."""
        return unpack_record(self.payload)


class Staging:
    """The staging tables of one run. `is_read` is set once all sources have been read and mapping has started."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Attach an empty scratch database at the path; one left by a failed run is deleted."""
        self._connection = connection
        self._path = path
        self._indexed = False
        self.is_read = False
        path.unlink(missing_ok=True)
        connection.execute("ATTACH ? AS run", (str(path),))
        for statement in _TABLES:
            connection.execute(statement).close()

    def close(self) -> None:
        """Detach the scratch database and delete it."""
        self._connection.execute("DETACH run")
        self._path.unlink(missing_ok=True)

    def add(self, key: str, record: Record) -> bool:
        """Stage a record, and return whether one is published under its key."""
        text, content_hash = record.to_hashed_json()
        folded, source, place = folded_name(key), storable(record.source), storable(record.place)
        origin = origin_text(record.origin)
        known = self._connection.execute(_AS_PUBLISHED, (folded,)).fetchone()
        # Packing takes longer than reading what is published; what is staged as it is published need not be packed.
        payload = None if known == (content_hash, source, place, origin) else pack_json(text)
        self._connection.execute(_STAGE, (folded, key, content_hash, payload, source, place, origin))
        return known is not None

    def add_again(self, source: str) -> None:
        """Stage the published records of a source file, none of which is unpacked; refused ones are left out."""
        self._connection.execute(_STAGE_AGAIN, {"source": source})

    def latest(self) -> int:
        """Return the id of the row that was staged last, 0 if none was."""
        return int(self._connection.execute("SELECT coalesce(max(id), 0) FROM run.staged").fetchone()[0])

    def contents_after(self, id_: int) -> str:
        """Return `contents` of the rows that were staged after one."""
        query = "SELECT folded, content_hash FROM run.staged WHERE id > ? ORDER BY folded"
        return contents(self._connection.execute(query, (id_,)))

    def drop_after(self, id_: int) -> None:
        """Delete the rows that were staged after one."""
        self._connection.execute("DELETE FROM run.staged WHERE id > ?", (id_,))

    def contents_of_sources(self) -> Iterator[tuple[str, int, str]]:
        """Yield each source that was staged, how many records it has, and `contents` of those that were published or refused."""
        rows = self._connection.execute(_LATEST_OF_STAGED)
        for source, staged in groupby(rows, key=itemgetter(0)):
            number = count()
            latest = (row[1:3] for row in staged if row[3] and next(number) >= 0)
            digest = contents(latest)
            yield source, next(number), digest

    def note_other_keys(self, key: str, source: str, others: Iterable[str]) -> None:
        """Note which records of one source are published under another key that a record may have had."""
        folded = folded_name(key)
        for old in {*map(folded_name, others)} - {folded}:
            self._connection.execute(
                "INSERT OR IGNORE INTO run.takes_over SELECT folded, ? FROM main.record WHERE folded = ? AND source = ?",
                (folded, old, source),
            )

    def taken_over(self, folded: str) -> list[str]:
        """Return the folded keys under which a record was published before, by what only one record of the run may have had."""
        query = (
            "SELECT old FROM run.takes_over AS taken WHERE folded = ? "
            "AND (SELECT count(*) FROM run.takes_over AS other WHERE other.old = taken.old) = 1"
        )
        return [old for (old,) in self._connection.execute(query, (folded,))]

    def count(self) -> int:
        """Return how many rows are staged."""
        return int(self._connection.execute("SELECT count(*) FROM run.staged").fetchone()[0])

    def repeats(self) -> Iterator[list[Staged]]:
        """Yield the rows of each key that was staged more than once, in the order they were read."""
        self._index()
        after = ""
        repeated = "SELECT folded FROM run.staged WHERE folded > ? GROUP BY folded HAVING count(*) > 1 LIMIT 500"
        # In pages, because the caller drops rows in between.
        while names := self._connection.execute(repeated, (after,)).fetchall():
            for (folded,) in names:
                rows = self._connection.execute(f"{_STAGED} WHERE staged.folded = ? ORDER BY staged.id", (folded,))
                yield [Staged(*row[:4]) for row in rows.fetchall()]
            after = names[-1][0]

    def drop(self, ids: Iterable[int]) -> None:
        """Remove rows."""
        self._connection.executemany("DELETE FROM run.staged WHERE id = ?", [(id_,) for id_ in ids])

    def batches(self, size: int) -> Iterator[list[Staged]]:
        """Yield the staged rows that are not unchanged in the order of their keys, `size` at a time."""
        self._index()
        self.is_read = True
        after: tuple[str, int] = ("", 0)
        page = (
            f"{_STAGED} WHERE (staged.folded, staged.id) > (?, ?) AND staged.folded NOT IN (SELECT folded FROM run.unchanged) "
            "ORDER BY staged.folded, staged.id LIMIT ?"
        )
        while rows := self._connection.execute(page, (*after, size)).fetchall():
            yield from _portions(rows)
            after = (rows[-1][4], rows[-1][0])

    def find_unchanged(self, basis: str) -> int:
        """Note which staged records are published as they are, with this basis, and are not overdue; return how many."""
        self._index()
        self._connection.execute(
            "INSERT INTO run.unchanged SELECT staged.folded, record.id, staged.id FROM run.staged AS staged "
            "JOIN main.record AS record ON record.folded = staged.folded AND record.content_hash = staged.content_hash "
            "WHERE record.basis = ? AND staged.folded NOT IN (SELECT folded FROM run.overdue WHERE refused = 0) "
            "ORDER BY staged.folded",
            (basis,),
        )
        return int(self._connection.execute("SELECT count(*) FROM run.unchanged").fetchone()[0])

    def given_changed(self, basis: str) -> bool:
        """Return whether any record that was given as RDF is new, changed or mapped with another basis."""
        self._index()
        query = (
            "SELECT 1 FROM run.staged AS staged LEFT JOIN main.record AS record ON record.folded = staged.folded "
            f"WHERE staged.{_GIVEN} AND (record.id IS NULL OR record.content_hash <> staged.content_hash OR record.basis <> ?) "
            f"UNION ALL SELECT 1 FROM main.record WHERE {_GIVEN} AND basis <> ? LIMIT 1"
        )
        return self._connection.execute(query, (basis, basis)).fetchone() is not None

    def set_given_overdue(self) -> None:
        """Note every record that was given as RDF as overdue: one may change the findings about another."""
        for refused, table in enumerate(("record", "refusal")):
            self._connection.execute(
                f"INSERT OR IGNORE INTO run.overdue SELECT folded, {refused} FROM main.{table} WHERE {_GIVEN}"
            )

    def given(self) -> Iterator[Record]:
        """Yield every record given as RDF: the staged version, or else the latest known, refused or published."""
        self._index()
        queries = (
            "SELECT staged.folded, coalesce(staged.payload, body.payload) AS known FROM run.staged AS staged "
            "LEFT JOIN main.record AS record ON record.folded = staged.folded LEFT JOIN main.body AS body ON body.id = record.id "
            f"WHERE staged.{_GIVEN} AND staged.folded > ? AND known IS NOT NULL ORDER BY staged.folded LIMIT 500",
            f"SELECT folded, payload FROM main.refusal WHERE {_GIVEN} AND folded > ? AND payload IS NOT NULL "
            "AND folded NOT IN (SELECT folded FROM run.staged) ORDER BY folded LIMIT 500",
            f"SELECT folded, payload FROM main.record JOIN main.body USING (id) WHERE {_GIVEN} AND folded > ? "
            "AND folded NOT IN (SELECT folded FROM run.staged) "
            "AND folded NOT IN (SELECT folded FROM main.refusal) ORDER BY folded LIMIT 500",
        )
        for query in queries:
            after = ""
            while rows := self._connection.execute(query, (after,)).fetchall():
                yield from (unpack_record(payload) for _, payload in rows)
                after = rows[-1][0]

    def missing_from(self, scopes: Sequence[str]) -> Iterator[str]:
        """Yield keys of published records that come from the scopes and were not staged.

        A record that has moved to a source outside the scopes is not missing, even if it was refused there, nor is one whose
        key a staged record of its source had before, or that goes on under a lesser key.
        """
        self._index()
        self._connection.execute("DELETE FROM run.missing")
        for scope in scopes:
            # "0" follows "/" in ASCII, so that the range is everything under the folder.
            folder = scope.rstrip("/")
            self._connection.execute(
                "INSERT INTO run.missing (folded, key) SELECT folded, key FROM main.record "
                "WHERE (source = ? OR source = ? OR (source > ? AND source < ?)) "
                "AND folded NOT IN (SELECT folded FROM run.staged) "
                f"AND folded NOT IN ({_TAKEN_OVER}) AND folded NOT IN (SELECT folded FROM run.missing) ORDER BY folded",
                (scope, folder, f"{folder}/", f"{folder}0"),
            )
        self._spare_moved(scopes)
        self._spare_renamed()
        after = 0
        page = "SELECT id, key FROM run.missing WHERE id > ? ORDER BY id LIMIT 500"
        while rows := self._connection.execute(page, (after,)).fetchall():
            yield from (key for _, key in rows)
            after = rows[-1][0]

    def _spare_moved(self, scopes: Sequence[str]) -> None:
        query = "SELECT missing.id, refusal.source FROM run.missing AS missing JOIN main.refusal USING (folded) WHERE source <> ''"
        attempts = self._connection.execute(query).fetchall()
        spared = [(id_,) for id_, source in attempts if not any(covers(scope, source) for scope in scopes)]
        self._connection.executemany("DELETE FROM run.missing WHERE id = ?", spared)

    def _spare_renamed(self) -> None:
        """Note missing records that go on under a lesser key, as one that has lost its handle does under its DOI.

        The key is new, it is one that the record may have had, the staged record is of the same source, and no other missing
        one may have had it.
        """
        found: dict[str, list[str]] = {}
        pages = "SELECT folded, payload FROM run.missing JOIN main.record USING (folded) JOIN main.body ON body.id = record.id"
        for folded, payload in self._connection.execute(pages):
            record = unpack_record(payload)
            for key in {*map(folded_name, other_keys(record))} - {folded}:
                if self._is_new(key, record.source):
                    found.setdefault(key, []).append(folded)
        proved = [(olds[0], key) for key, olds in found.items() if len(olds) == 1]
        self._connection.executemany("INSERT OR IGNORE INTO run.takes_over VALUES (?, ?)", proved)
        self._connection.execute(f"DELETE FROM run.missing WHERE folded IN ({_TAKEN_OVER})")

    def _is_new(self, folded: str, source: str) -> bool:
        """Return whether a key is staged by one record only, of a source, and not published."""
        query = "SELECT payload FROM run.staged WHERE folded = ?1 AND NOT EXISTS (SELECT 1 FROM main.record WHERE folded = ?1) LIMIT 2"
        rows = self._connection.execute(query, (folded,)).fetchall()
        return len(rows) == 1 and unpack_record(rows[0][0]).source == source

    def set_overdue(self, folded: Iterable[str], refused: bool) -> None:
        """Note records to be mapped again because time has passed, though neither they nor the rules have changed."""
        rows = ((name, refused) for name in folded)
        self._connection.executemany("INSERT OR IGNORE INTO run.overdue VALUES (?, ?)", rows)

    def settle_overdue(self, folded: str) -> None:
        """Note that a record is no longer overdue."""
        self._connection.execute("DELETE FROM run.overdue WHERE folded = ?", (folded,))

    def outdated(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Yield published versions that were mapped with another basis or are overdue, `size` at a time.

        A version that was refused since, unchanged, is left out: see `refused`. The caller may publish records in between.
        """
        # Two ranges, because SQLite uses no index for "<>".
        self._set_to_map(
            "SELECT folded FROM main.record AS record WHERE (basis < :basis OR basis > :basis "
            "OR folded IN (SELECT folded FROM run.overdue WHERE refused = 0)) AND NOT EXISTS (SELECT 1 FROM main.refusal AS refusal "
            "WHERE refusal.folded = record.folded AND refusal.content_hash = record.content_hash)",
            basis,
        )
        yield from self._to_map(
            "SELECT to_map.id, key, content_hash, payload, folded FROM run.to_map AS to_map "
            "JOIN main.record USING (folded) JOIN main.body ON body.id = record.id",
            size,
        )

    def refused(self, basis: str, size: int) -> Iterator[list[Staged]]:
        """Yield refused records that this run did not read, and that other rules refused or that are overdue, likewise.

        The key of a record without one is its place.
        """
        self._set_to_map(
            "SELECT folded FROM main.refusal WHERE (basis <> :basis OR folded IN "
            "(SELECT folded FROM run.overdue WHERE refused = 1)) AND payload IS NOT NULL AND folded NOT IN (SELECT folded FROM run.refused)",
            basis,
        )
        yield from self._to_map(
            "SELECT to_map.id, name, content_hash, payload, folded FROM run.to_map AS to_map "
            "JOIN main.refusal USING (folded)",
            size,
        )

    def _set_to_map(self, query: str, basis: str) -> None:
        self._connection.execute("DELETE FROM run.to_map")
        self._connection.execute(f"INSERT INTO run.to_map (folded) {query} ORDER BY folded", {"basis": basis})

    def _to_map(self, query: str, size: int) -> Iterator[list[Staged]]:
        after = 0
        while rows := self._connection.execute(
            f"{query} WHERE to_map.id > ? ORDER BY to_map.id LIMIT ?", (after, size)
        ).fetchall():
            yield from _portions(rows)
            after = rows[-1][0]

    def _index(self) -> None:
        # Built after staging: that costs less than to update it row by row.
        if not self._indexed:
            self._connection.execute("CREATE INDEX run.staged_folded ON staged (folded, id)")
            self._indexed = True


def _portions(rows: Iterable[_Row]) -> Iterator[list[Staged]]:
    """Yield records in portions of limited total size, since memory also holds what is made of them."""
    portion: list[Staged] = []
    size = 0
    for row in rows:
        portion.append(Staged(*row[:4]))
        size += unpacked_bytes(row[3])
        if size >= _PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def covers(scope: str, source: str) -> bool:
    """Return whether a source is the scope or under it."""
    folder = scope.rstrip("/")
    return source in {scope, folder} or source.startswith(f"{folder}/")
