"""Trends: what the figures were at earlier publications, whether their generations are kept or not."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from lod.store.item_changes import Rows


@dataclass(frozen=True, slots=True)
class Past:
    """One publication: its number, the name of its generation, its moment (ISO 8601)."""

    number: int
    generation: str
    moment: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a publication has changed: of what measure, in which part of the records, from and to which number."""

    measure: str
    kind: str
    key: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """By how much it has changed."""
        return self.after - self.before


class Trends:
    """Reads the history in a file of figures."""

    def __init__(self, rows: Rows) -> None:
        """`rows` runs a query of the figures."""
        self._rows = rows

    def publications(self, most: int) -> list[Past]:
        """Return the last publications, the earliest of them first."""
        query = "SELECT number, generation, moment FROM publication ORDER BY number DESC LIMIT ?"
        return [Past(*row) for row in reversed(self._rows(query, (most,)))]

    def numbers(self, measure: str, at: list[Past], kind: str = "", key: str = "") -> list[int]:
        """Return a figure at each of some publications, 0 where it was not known yet."""
        query = (
            "SELECT publication, number FROM past JOIN figure ON figure.id = figure "
            "WHERE (measure, kind, key) = (?, ?, ?) ORDER BY publication"
        )
        changes = self._rows(query, (measure, kind, key))
        known = [number for number, _ in changes]
        places = (bisect_right(known, one.number) for one in at)
        return [changes[place - 1][1] if place else 0 for place in places]

    def changes(self, publication: int, most: int, kinds: tuple[str, ...]) -> list[Change]:
        """Return the figures of some kinds of parts that a publication has changed, the largest differences first.

        The first publication of a site has nothing to be compared with.
        """
        if not self._rows("SELECT 1 FROM publication WHERE number < ? LIMIT 1", (publication,)):
            return []
        query = (
            "SELECT measure, kind, key, before, after FROM (SELECT measure, kind, key, past.number AS after, coalesce("
            "(SELECT older.number FROM past AS older WHERE older.figure = past.figure AND older.publication < past.publication "
            "ORDER BY older.publication DESC LIMIT 1), 0) AS before FROM past JOIN figure ON figure.id = past.figure "
            f"WHERE publication = ? AND kind IN ({', '.join('?' * len(kinds))})) "
            "ORDER BY abs(after - before) DESC, measure, kind, key LIMIT ?"
        )
        return [Change(*row) for row in self._rows(query, (publication, *kinds, most))]
