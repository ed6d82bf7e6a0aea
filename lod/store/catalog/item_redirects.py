"""Redirects of items whose key changed: from the IRI under an old key to the item's IRI now (tables `renamed`, `lesser_key`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from lod.store.catalog.ownership import base_of_item


class ItemRedirects:
    """Writes redirects of items during a run; the scratch database is attached as `run`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def move_base(self, before: str, base: str) -> None:
        """Move the IRIs of removed and redirected things from one base IRI to another."""
        for table, column in (("tombstone", "item"), ("renamed", "item"), ("redirect", "old"), ("redirect", "new")):
            self._connection.execute(
                f"UPDATE OR REPLACE {table} SET {column} = ? || substr({column}, ?) WHERE {column} > ? AND {column} < ?",
                (base, len(before) + 1, before, f"{before}\U0010ffff"),
            )

    def current(self, folded: str) -> str:
        """Return the folded key of the record that has this UUID or OAI identifier, the argument itself if there is none."""
        row = self._connection.execute("SELECT leads_to FROM lesser_key WHERE folded = ?", (folded,)).fetchone()
        return str(row[0]) if row else folded

    def note_spelling(self, folded: str, base: str, item: str) -> None:
        """Redirect from the IRI that an item had under another spelling of its key."""
        for table in ("record", "tombstone"):
            query = f"SELECT key, item FROM {table} WHERE folded = ?"
            for key, old in self._connection.execute(query, (folded,)).fetchall():
                # Of a low line that was once escaped the address itself tells (lod.web.http.addresses).
                if old.replace("%5F", "_") != item:
                    self._redirect(rebased(old, key, base), folded)
        self._connection.execute("DELETE FROM renamed WHERE item = ?", (item,))

    def replace_lesser_keys(
        self,
        folded: str,
        source: str,
        lesser: Sequence[str],
        others: Iterable[str],
        remove: Callable[[str, str], object],
    ) -> None:
        """Redirect from the IRI that a record had by its UUID or OAI identifier, by another handle, or under other settings.

        Only within one source, and only if the run did not stage the old key as a record of its own. `lesser` are its folded
        keys by UUID and OAI identifier, `others` the folded keys under which it was published by other settings (`Staging.taken_over`); `remove` removes the record
        under the old key.
        """
        for old in dict.fromkeys([*lesser, *map(self.current, lesser), *others]):
            if old == folded or not self._is_replaced(old, source):
                continue
            remove(old, "")
            for (item,) in self._connection.execute("SELECT item FROM tombstone WHERE folded = ?", (old,)).fetchall():
                self._redirect(item, folded)
            self._connection.execute("UPDATE renamed SET folded = ? WHERE folded = ?", (folded, old))
            self._connection.execute("DELETE FROM tombstone WHERE folded = ?", (old,))
        self.delete_lesser_keys(folded)
        self.add_lesser_keys(folded, lesser)

    def add_lesser_keys(self, folded: str, lesser: Iterable[str]) -> None:
        """Have the folded keys by UUID and OAI identifier lead to a record."""
        rows = [(old, folded) for old in lesser if old != folded]
        self._connection.executemany("INSERT OR REPLACE INTO lesser_key VALUES (?, ?)", rows)

    def delete_lesser_keys(self, folded: str) -> None:
        """Delete the UUID and OAI identifier of a record."""
        self._connection.execute("DELETE FROM lesser_key WHERE leads_to = ?", (folded,))

    def _redirect(self, item: str, folded: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO renamed VALUES (?, ?)", (item, folded))

    def _is_replaced(self, old: str, source: str) -> bool:
        query = "SELECT 1 FROM record WHERE folded = ? AND source = ? AND folded NOT IN (SELECT folded FROM run.staged)"
        return self._connection.execute(query, (old, source)).fetchone() is not None


def rebased(item: str, key: str, base: str) -> str:
    """Return an item's IRI under another base IRI."""
    return base + item[len(base_of_item(item, key)) :]
