"""Item changes: when the published description of each item last changed, removed items among them, and their groups.

The OAI-PMH provider, the sitemap and the change feed read this one table. A change is dated by the publication, the generation
in which it first was to be seen, and never by the time of the run: a client that asks for all changes since its last visit
must find those of a run that had started before that visit and went live after it. When a generation goes live is known
when it has, so the next run notes it; until then it is what the file `current` says (`Timeline`).

A group is what some clients take alone: the IRI of a collection or of a type of document, or one of the names below.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

HAS_FIELDS = "fields"
"""Group of the items whose source gave fields; those described by RDF made elsewhere have none."""
IS_CITABLE = "citable"
"""Group of the items with a title, a type of the COAR list and a date of issue, as aggregators of literature ask for them."""

_TABLES = """
CREATE TABLE publication (number INTEGER PRIMARY KEY, moment TEXT) STRICT;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, item TEXT NOT NULL UNIQUE, publication INTEGER NOT NULL, created INTEGER NOT NULL,
    removed INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_publication ON entry (publication, id);
CREATE TABLE item_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE grouped (
    item_group INTEGER NOT NULL, publication INTEGER NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (item_group, publication, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX grouped_entry ON grouped (entry);
"""
_PUT_ENTRY = """
INSERT INTO entry (item, publication, created, removed) VALUES (?, ?, ?, 0)
ON CONFLICT (item) DO UPDATE SET
    publication = excluded.publication, created = iif(removed, excluded.created, created), removed = 0
RETURNING id
"""
_DCTERMS = "http://purl.org/dc/terms/"
_TYPE, _IS_PART_OF = f"<{_DCTERMS}type>", f"<{_DCTERMS}isPartOf>"
_CITABLE = {f"<{_DCTERMS}title>", _TYPE, f"<{_DCTERMS}issued>"}
_GIVEN = "/id/item/rdf/"
_COLLECTIONS = "/id/collection/"

Rows = Callable[..., list[Any]]
"""Returns the rows of a query with parameters."""


class ItemChange(NamedTuple):
    """The last change of one item.

    Attributes:
        id: number of the item among all that were ever published; it never changes.
        publication, created: numbers of the publications in which it last changed, and in which it appeared.
    """

    id: int
    item: str
    publication: int
    created: int
    is_removed: bool


@dataclass(frozen=True)
class Timeline:
    """The publications of a site in the order of time, each with the moment when it went live, in UTC, to the second."""

    numbers: tuple[int, ...]
    moments: tuple[str, ...]

    @classmethod
    def of(cls, publications: Iterable[tuple[int, str | None]], live: str, *, is_rolled_back: bool = False) -> Timeline:
        """Return the timeline of a generation that went live at a moment (ISO 8601).

        Where a site was rolled back, clients have seen what is undone now, and no table says what that was: everything then
        counts as changed at that moment.
        """
        moment = to_second(live)
        numbers: list[int] = []
        moments: list[str] = []
        for number, noted in publications:
            numbers.append(number)
            moments.append(moment if is_rolled_back else max([noted or moment, *moments[-1:]]))
        return cls(tuple(numbers), tuple(moments))

    def moment(self, publication: int) -> str:
        """Return when a publication went live."""
        return self.moments[bisect_left(self.numbers, publication)]

    def between(self, since: str, until: str) -> tuple[int, int]:
        """Return the first and the last publication of a span of time, both moments included, "" for an open end.

        The first is greater than the last where the span has none.
        """
        first = bisect_left(self.moments, since) if since else 0
        last = bisect_right(self.moments, until) if until else len(self.moments)
        if first >= last:
            return 1, 0
        return self.numbers[first], self.numbers[last - 1]


def to_second(moment: str) -> str:
    """Return a moment (ISO 8601) in UTC, to the second that it is in."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class ItemChanges:
    """Writes the table during a run; the rows of a run become one publication."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the writer's connection, to a catalog that has the tables."""
        self._connection = connection
        self._groups: dict[str, int] = {}
        self._number = 0

    @staticmethod
    def create_tables(connection: sqlite3.Connection) -> None:
        """Create the tables, empty."""
        connection.executescript(_TABLES)

    def note_live(self, moment: str, *, is_rolled_back: bool) -> None:
        """Note when the generation that this run builds on went live, ISO 8601; see `Timeline.of` for a rollback."""
        query = "UPDATE publication SET moment = max(?, coalesce((SELECT max(moment) FROM publication), '')) WHERE moment IS NULL"
        self._connection.execute(query, (to_second(moment),))
        if is_rolled_back:
            self._connection.execute("UPDATE publication SET moment = ?", (to_second(moment),))

    def begin(self) -> None:
        """Begin the next publication."""
        row = self._connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()
        self._number = int(row[0]) + 1

    def put(self, item: str, groups: Iterable[str]) -> None:
        """Note that an item is published, with its groups."""
        run = self._connection.execute
        id_ = run(_PUT_ENTRY, (item, self._number, self._number)).fetchone()[0]
        run("DELETE FROM grouped WHERE entry = ?", (id_,))
        rows = [(self._group(name), self._number, id_) for name in groups]
        self._connection.executemany("INSERT INTO grouped VALUES (?, ?, ?)", rows)

    def move_base(self, before: str, base: str) -> None:
        """Move all items from one base IRI to another: the site has moved, and its items keep their dates of removal."""
        self._connection.execute(
            "UPDATE OR REPLACE entry SET item = ? || substr(item, ?) WHERE item > ? AND item < ?",
            (base, len(before) + 1, before, f"{before}\U0010ffff"),
        )

    def settle(self) -> None:
        """Note what is no longer published, and end the publication; a run that changed no item makes none."""
        run = self._connection.execute
        kept, live = (
            run(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("record", "entry WHERE NOT removed")
        )
        # Every record has an entry that is not removed, so that the numbers tell whether there are others.
        if kept != live:
            run(
                "UPDATE entry SET publication = ?, removed = 1 WHERE NOT removed AND NOT EXISTS "
                "(SELECT 1 FROM record WHERE record.item = entry.item)",
                (self._number,),
            )
            run(
                "UPDATE grouped SET publication = ? WHERE entry IN (SELECT id FROM entry WHERE publication = ? AND removed)",
                (self._number, self._number),
            )
        if run("SELECT 1 FROM entry WHERE publication = ?", (self._number,)).fetchone():
            run("INSERT INTO publication VALUES (?, NULL)", (self._number,))

    def adopt(self, published: Iterable[tuple[str, Iterable[str]]], removed: Iterable[str]) -> None:
        """Fill the empty tables of a catalog that an earlier version of lod wrote: all of it is one publication."""
        self.begin()
        for item, groups in published:
            self.put(item, groups)
        rows = [(item, self._number, self._number) for item in removed]
        self._connection.executemany("INSERT OR IGNORE INTO entry VALUES (NULL, ?, ?, ?, 1)", rows)
        self._connection.execute("INSERT INTO publication VALUES (?, NULL)", (self._number,))

    def _group(self, name: str) -> int:
        if name not in self._groups:
            run = self._connection.execute
            run("INSERT OR IGNORE INTO item_group (name) VALUES (?)", (name,))
            self._groups[name] = run("SELECT id FROM item_group WHERE name = ?", (name,)).fetchone()[0]
        return self._groups[name]


def groups_of(item: str, own: Iterable[str]) -> set[str]:
    """Return the groups of an item by its own claims."""
    subject = f"<{item}> "
    found = set() if _GIVEN in item else {HAS_FIELDS}
    stated: set[str] = set()
    for line in own:
        if line.startswith(subject):
            _, predicate, value = line.split(" ", 2)
            stated.add(predicate)
            is_group = predicate == _TYPE
        elif _IS_PART_OF in line:
            _, predicate, value = line.split(" ", 2)
            is_group = predicate == _IS_PART_OF and _COLLECTIONS in value
        else:
            continue
        if is_group and value.startswith("<"):
            found.add(value[1:-3])
    return found | ({IS_CITABLE} if stated >= _CITABLE else set())


def has_changes(rows: Rows) -> bool:
    """Return whether a catalog has the tables: one that an earlier version of lod wrote gets them with the next run."""
    return bool(rows("SELECT 1 FROM sqlite_master WHERE name = 'entry'"))


class ItemHistory:
    """The changes of items as the catalog of one generation has them."""

    def __init__(self, rows: Rows) -> None:
        """`rows` returns the rows of a query with parameters."""
        self._rows = rows

    def timeline(self, live: str, *, is_rolled_back: bool = False) -> Timeline:
        """Return the publications, with the moments when they went live: see `Timeline.of`."""
        found = self._rows("SELECT number, moment FROM publication ORDER BY number")
        return Timeline.of(found, live, is_rolled_back=is_rolled_back)

    def changes(
        self, since: int, until: int, groups: Sequence[str] = (), after: tuple[int, int] = (0, 0), limit: int = 1_000
    ) -> list[ItemChange]:
        """Return the last change of each item, removed ones included, that is of a span of publications, both included.

        They are in the order of publications and ids: at most `limit` after the publication and the id `after`, of the items
        that are in all of the groups.
        """
        query, order, parameters = self._selected(since, until, groups)
        found = self._rows(
            f"SELECT entry.id, item, entry.publication, created, removed {query} AND ({order}) > (?, ?) "
            f"ORDER BY {order} LIMIT ?",
            (*parameters, *after, limit),
        )
        return [_change(*row) for row in found]

    def newest(self, limit: int) -> list[ItemChange]:
        """Return the last changes of all, the newest first."""
        query = "SELECT id, item, publication, created, removed FROM entry ORDER BY publication DESC, id DESC LIMIT ?"
        return [_change(*row) for row in self._rows(query, (limit,))]

    def count(self, since: int, until: int, groups: Sequence[str] = ()) -> int:
        """Return how many items `changes` returns in all."""
        query, _, parameters = self._selected(since, until, groups)
        return int(self._rows(f"SELECT count(*) {query}", parameters)[0][0])

    def change_of(self, item: str) -> ItemChange | None:
        """Return the last change of an item, None for one that was never published."""
        found = self._rows("SELECT id, item, publication, created, removed FROM entry WHERE item = ?", (item,))
        return _change(*found[0]) if found else None

    def groups(self) -> list[str]:
        """Return the names of all groups, sorted."""
        return [str(name) for (name,) in self._rows("SELECT name FROM item_group ORDER BY name")]

    def groups_of(self, ids: Sequence[int]) -> dict[int, list[str]]:
        """Return the groups of some items, by their ids."""
        found: dict[int, list[str]] = {id_: [] for id_ in ids}
        marks = ", ".join("?" * len(ids))
        query = (
            "SELECT entry, name FROM grouped JOIN item_group ON item_group.id = item_group "
            f"WHERE entry IN ({marks}) ORDER BY name"
        )
        for id_, name in self._rows(query, tuple(ids)):
            found[id_].append(name)
        return found

    def _selected(self, since: int, until: int, groups: Sequence[str]) -> tuple[str, str, tuple[int, ...]]:
        """Return the part of a query that selects, the columns of its order, for which there is an index, and parameters."""
        if not groups:
            return "FROM entry WHERE publication BETWEEN ? AND ?", "entry.publication, entry.id", (since, until)
        ids = [self._group_id(name) for name in groups]
        others = (
            " AND EXISTS (SELECT 1 FROM grouped AS other WHERE other.item_group = ? "
            "AND other.publication = first.publication AND other.entry = first.entry)"
        ) * len(ids[1:])
        # CROSS JOIN keeps the order of the tables: the rows of the group are walked, and none are sorted.
        query = (
            "FROM grouped AS first CROSS JOIN entry ON entry.id = first.entry "
            f"WHERE first.item_group = ? AND first.publication BETWEEN ? AND ?{others}"
        )
        return query, "first.publication, first.entry", (ids[0], since, until, *ids[1:])

    def _group_id(self, name: str) -> int:
        found = self._rows("SELECT id FROM item_group WHERE name = ?", (name,))
        return int(found[0][0]) if found else 0


def _change(id_: int, item: str, publication: int, created: int, removed: int) -> ItemChange:
    return ItemChange(id_, item, publication, created, bool(removed))
