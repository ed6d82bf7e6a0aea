"""Index for the rules about the whole store: what each published record states, by key (table `watch`).

A run notes the keys it touches. At its end the values of each of these keys are judged again with one look-up, and the
earlier findings of the key are replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

StatedValues = list[tuple[str, int, str]]
"""Of one key: each value, the number of records that state it, and the folded name of the first of them."""

_BATCH = 1_000


class WholeStoreIndex:
    """Writes the index of a catalog. `folded` names a record."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, folded: str, entries: Iterable[tuple[str, str]]) -> None:
        """Add the entries of a record: keys and values."""
        rows = [(key, value, folded) for key, value in entries]
        self._connection.executemany("INSERT OR IGNORE INTO main.watch VALUES (?, ?, ?)", rows)
        self._connection.executemany("INSERT OR IGNORE INTO run.touched VALUES (?)", [(key,) for key, _, _ in rows])

    def remove(self, folded: str) -> None:
        """Remove the entries of a record."""
        run = self._connection.execute
        run("INSERT OR IGNORE INTO run.touched SELECT key FROM main.watch WHERE folded = ?", (folded,))
        run("DELETE FROM main.watch WHERE folded = ?", (folded,))

    def touch(self, keys: Iterable[str]) -> None:
        """Note keys to be judged again; keys without entries are skipped."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO run.touched SELECT key FROM main.watch WHERE key = ? LIMIT 1",
            ((key,) for key in keys),
        )

    def touched(self) -> Iterator[tuple[str, StatedValues]]:
        """Yield the keys noted in this run with their present values, [] for a key that no record states any more."""
        after = ""
        page = "SELECT key FROM run.touched WHERE key > ? ORDER BY key LIMIT ?"
        values = "SELECT value, count(*), min(folded) FROM main.watch WHERE key = ? GROUP BY value"
        while keys := self._connection.execute(page, (after, _BATCH)).fetchall():
            for (key,) in keys:
                yield key, self._connection.execute(values, (key,)).fetchall()
            after = keys[-1][0]
