"""Summaries: what a run has to know of each unchanged record, in a form that SQL adds up: fields and fates of its values, origin."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

Balance = Iterable[tuple[str, str, int]]
"""Field, fate, and how many values have them."""

_TABLES = """
CREATE TABLE IF NOT EXISTS summary (id INTEGER PRIMARY KEY, balance TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS field_fate (id INTEGER PRIMARY KEY, pair TEXT NOT NULL UNIQUE) STRICT;
"""


class Summaries:
    """Writes the summaries of published records, by the ids of their rows. A balance is written as numbers: "1:2 7:1"."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[tuple[str, str], int] = {}

    def create_tables(self) -> None:
        """Create the tables where an earlier version of lod has made the catalog; the run that needs a summary adds it."""
        self._connection.executescript(_TABLES)

    def put(self, id_: int, balance: Balance, origin: str) -> None:
        """Write the summary of a record."""
        text = " ".join(f"{self._number(field, fate)}:{count}" for field, fate, count in balance)
        self._connection.execute("INSERT OR REPLACE INTO summary VALUES (?, ?, ?)", (id_, text, origin))

    def delete(self, id_: int) -> None:
        """Delete the summary of a record."""
        self._connection.execute("DELETE FROM summary WHERE id = ?", (id_,))

    def total(self) -> Iterator[tuple[str, str, int]]:
        """Yield fields and fates of the values of all unchanged records of the run, with their numbers."""
        totals: dict[int, int] = {}
        query = "SELECT balance, count(*) FROM summary JOIN run.unchanged USING (id) GROUP BY balance"
        for text, records in self._connection.execute(query):
            for part in text.split():
                number, _, count = part.partition(":")
                totals[int(number)] = totals.get(int(number), 0) + int(count) * records
        for id_, pair in self._connection.execute("SELECT id, pair FROM field_fate"):
            if id_ in totals:
                field, fate = json.loads(pair)
                yield field, fate, totals[id_]

    def _number(self, field: str, fate: str) -> int:
        number = self._numbers.get((field, fate))
        if number is None:
            # JSON in ASCII, so that lone surrogates in damaged names survive.
            pair = (json.dumps([field, fate]),)
            self._connection.execute("INSERT OR IGNORE INTO field_fate (pair) VALUES (?)", pair)
            number = int(self._connection.execute("SELECT id FROM field_fate WHERE pair = ?", pair).fetchone()[0])
            self._numbers[field, fate] = number
        return number
