"""The index behind the rules about the whole store: what each published record says, under keys.

A run notes which keys it touches; when it is over, the values of those keys are judged anew, each by one look-up, and
the findings that had come of them are replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

Values = list[tuple[str, int, str]]
"""Of one key: each value, how many records say so, and the folded name of the first of them."""

_BATCH = 1_000


class Watches:
    """Keeps the index of a catalog that is written. `folded` names a record."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def enter(self, folded: str, entries: Iterable[tuple[str, str]]) -> None:
        """Put what a record says in place of what it said before."""
        self.forget(folded)
        rows = [(key, value, folded) for key, value in entries]
        self._connection.executemany("INSERT OR IGNORE INTO main.watch VALUES (?, ?, ?)", rows)
        self._connection.executemany("INSERT OR IGNORE INTO run.touched VALUES (?)", [(key,) for key, _, _ in rows])

    def forget(self, folded: str) -> None:
        """Take out what a record says."""
        run = self._connection.execute
        run("INSERT OR IGNORE INTO run.touched SELECT key FROM main.watch WHERE folded = ?", (folded,))
        run("DELETE FROM main.watch WHERE folded = ?", (folded,))

    def touch(self, keys: Iterable[str]) -> None:
        """Have keys judged again that somebody watches."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO run.touched SELECT key FROM main.watch WHERE key = ? LIMIT 1",
            ((key,) for key in keys),
        )

    def touched(self) -> Iterator[tuple[str, Values]]:
        """Yield the keys of this run with what is said now, [] where nobody says anything any more."""
        after = ""
        page = "SELECT key FROM run.touched WHERE key > ? ORDER BY key LIMIT ?"
        values = "SELECT value, count(*), min(folded) FROM main.watch WHERE key = ? GROUP BY value"
        while keys := self._connection.execute(page, (after, _BATCH)).fetchall():
            for (key,) in keys:
                yield key, self._connection.execute(values, (key,)).fetchall()
            after = keys[-1][0]
