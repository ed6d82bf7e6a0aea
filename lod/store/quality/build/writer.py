"""Writing the figures: made of a whole catalog, or brought along with what a run has changed; both give the same."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from lod.store.quality.build.rows import Count, QualityRow, rows_of
from lod.store.quality.build.schema import SORTS
from lod.store.quality.values.acceptances import Acceptances
from lod.store.quality.values.measures import ALIKE, SAME
from lod.store.search.build.writer import pack_ids, unpack_ids

_COLUMNS = 14
_INSERT = f"INSERT INTO record VALUES (?{', ?' * _COLUMNS}, ?)"
_MOST_PENDING = 4_000_000


class QualityWriter:
    """Writes the tables of one file but its history, in one transaction.

    Attributes:
        changed: the slices whose records have changed, by kind and key.
    """

    def __init__(self, connection: sqlite3.Connection, catalog: sqlite3.Connection, accepted: Acceptances) -> None:
        """Take a connection that writes the file, one that reads the finished catalog, and what is accepted now."""
        self._run = connection.execute
        self._connection = connection
        self._catalog = catalog
        self._accepted = accepted
        self._slices: dict[Count, int] = {}
        self._keys: dict[int, Count] = {}
        self._added: dict[int, list[int]] = defaultdict(list)
        self._removed: dict[int, list[int]] = defaultdict(list)
        self._totals: Counter[int] = Counter()
        self._pending = 0
        self._alike: set[tuple[str, int]] = set()
        self._parted: set[int] = set()
        self.changed: set[Count] = set()

    def write(self, names: Iterable[str]) -> None:
        """Bring the rows of some names along, and all that is made of them."""
        self._run("BEGIN")
        for folded, row in rows_of(self._catalog, names, self._accepted):
            self._put(folded, row)
        self._write_alike()
        self._write_slices()
        self._write_orders()
        self._run("DELETE FROM accepted")
        self._connection.executemany("INSERT INTO accepted VALUES (?, ?, ?, ?, ?, ?)", sorted(self._accepted.all))
        self._run("COMMIT")

    def _put(self, folded: str, row: QualityRow | None) -> None:
        before = self._run("SELECT id, counted FROM record WHERE folded = ?", (folded,)).fetchone()
        if before:
            self._take_out(*before)
        if row is None:
            return
        counted = sorted(self._slice(count) for count in row.counts.elements())
        values = (before[0] if before else None, *row.columns, pack_ids(counted))
        id_ = self._run(_INSERT, values).lastrowid
        assert id_ is not None  # noqa: S101 - for the type checker: a row was inserted
        self._connection.executemany("INSERT INTO alike VALUES (?, ?, ?)", [(*one, id_) for one in row.alike])
        self._alike.update(row.alike)
        for slice_ in counted:
            self._added[slice_].append(id_)
        self._totals.update(counted)
        self._note(len(counted))

    def _take_out(self, id_: int, packed: bytes) -> None:
        self._run("DELETE FROM record WHERE id = ?", (id_,))
        self._alike.update(self._run("DELETE FROM alike WHERE record = ? RETURNING kind, value", (id_,)).fetchall())
        self._parted.add(id_)
        counted = unpack_ids(packed)
        for slice_ in counted:
            self._removed[slice_].append(id_)
        self._totals.subtract(counted)
        self._note(len(counted))

    def _slice(self, count: Count) -> int:
        known = self._slices.get(count)
        if known is None:
            row = self._run("SELECT id FROM slice WHERE kind = ? AND key = ?", count).fetchone()
            empty = (*count, BitMap().serialize())
            known = row[0] if row else self._run("INSERT INTO slice VALUES (NULL, ?, ?, 0, 0, ?)", empty).lastrowid
            assert known is not None  # noqa: S101 - for the type checker: a row was inserted
            self._slices[count], self._keys[known] = known, count
        return known

    # --- what records have in common

    def _write_alike(self) -> None:
        """Bring along which records have something in common: those that have a value that a changed one has or had."""
        touched: dict[str, set[int]] = {kind: set(self._parted) for kind in ALIKE}
        for kind, value in self._alike:
            members = self._run("SELECT record FROM alike WHERE kind = ? AND value = ?", (kind, value))
            touched[kind].update(id_ for (id_,) in members)
        for kind, records in touched.items():
            rule = f"{SAME}{kind}"
            present = {name: self._ids((name, rule)) for name in ("rule", "accepted")}
            for id_ in records:
                found = self._run("SELECT folded FROM record WHERE id = ?", (id_,)).fetchone()
                is_alike = bool(found) and bool(self._run(_HAS_TWIN, (id_, kind)).fetchone())
                is_accepted = is_alike and self._accepted.of(found[0], rule) is not None
                for name, belongs in (("rule", is_alike and not is_accepted), ("accepted", is_accepted)):
                    if belongs != (id_ in present[name]):
                        slice_ = self._slice((name, rule))
                        (self._added if belongs else self._removed)[slice_].append(id_)
                        self._totals[slice_] += 1 if belongs else -1

    # --- slices

    def _ids(self, count: Count) -> BitMap:
        row = self._run("SELECT ids FROM slice WHERE kind = ? AND key = ?", count).fetchone()
        return BitMap.deserialize(row[0]) if row else BitMap()

    def _note(self, number: int) -> None:
        self._pending += number
        if self._pending > _MOST_PENDING:
            self._write_slices()

    def _write_slices(self) -> None:
        """Write which records each slice has; a slice without records goes."""
        query = "SELECT kind, key, total, ids FROM slice WHERE id = ?"
        for id_ in sorted(self._added.keys() | self._removed.keys() | self._totals.keys()):
            kind, key, total, packed = self._run(query, (id_,)).fetchone()
            before = BitMap.deserialize(packed)
            # Removed first: a record that is made anew keeps its number.
            records = (before - BitMap(self._removed.get(id_, ()))) | BitMap(self._added.get(id_, ()))
            if records != before:
                self.changed.add((kind, key))
            if records:
                row = (len(records), total + self._totals[id_], records.serialize(), id_)
                self._run("UPDATE slice SET records = ?, total = ?, ids = ? WHERE id = ?", row)
            else:
                self._run("DELETE FROM slice WHERE id = ?", (id_,))
        for pending in (self._added, self._removed, self._totals, self._slices, self._keys):
            pending.clear()
        self._pending = 0

    def _write_orders(self) -> None:
        """Write the numbers of all records in each order, so that any page of a long list is found without walking there."""
        self._run("DELETE FROM sorted")
        for name, order in SORTS.items():
            ids = array("I", _first(self._run(f"SELECT id FROM record ORDER BY {order}, folded")))
            self._run("INSERT INTO sorted VALUES (?, ?)", (name, pack_ids(ids)))


_HAS_TWIN = """
SELECT 1 FROM alike AS own WHERE own.record = ? AND own.kind = ? AND EXISTS (
    SELECT 1 FROM alike AS other WHERE other.kind = own.kind AND other.value = own.value AND other.record <> own.record
)
"""


def _first(rows: Iterable[tuple[int]]) -> Iterator[int]:
    return (value for (value,) in rows)
