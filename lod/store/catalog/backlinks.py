"""Backlinks: the index behind "works by", "articles in this issue", "items with this subject".

A triple store also finds what points at a journal, but to count the articles, or to start in the middle, it reads them all.
This table is sorted, so that both are look-ups; it is updated with the difference of each run.

A row is a claim whose object is a thing under the base ("{base}id/…"). Claims that tell a reader of the thing nothing are
left out: cells of lists (the list has its own property), what the thing's own record says, and `frbr:partOf`, which
repeats `dcterms:isPartOf`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

Backlink = tuple[str, str, str]
"""Target, property, subject."""

Rows = Callable[[str, tuple[Any, ...]], Iterable[tuple[Any, ...]]]
"""Returns the rows of a query with parameters."""

_REPEATING = "http://purl.org/vocab/frbr/core#partOf"
_CHUNK_ROWS = 10_000


def update_backlinks(
    connection: sqlite3.Connection, bases: Iterable[str], added: Iterable[str], removed: Iterable[str]
) -> None:
    """Apply a difference of published claims (`Changes`) to the table."""
    writer = _Writer(connection, tuple(bases))
    writer.run("DELETE FROM main.backlink WHERE target = ? AND property = ? AND subject = ?", removed)
    writer.run("INSERT OR IGNORE INTO main.backlink VALUES (?, ?, ?)", added)


def counts_to(rows: Rows, target: str) -> dict[str, int]:
    """Return how many things point at a target, by the IRI of the property, in the order of these IRIs."""
    found = rows(
        "SELECT iri, number FROM (SELECT property, count(*) AS number FROM backlink WHERE target = ? GROUP BY property) "
        "JOIN property ON property.id = property ORDER BY iri",
        (_short(target, _base(rows)),),
    )
    return {iri: int(number) for iri, number in found}


def links_to(rows: Rows, target: str, property_: str, limit: int, offset: int = 0) -> list[str]:
    """Return the IRIs of what points at a target by a property, sorted, at most `limit` after `offset`."""
    base = _base(rows)
    found = rows(
        "SELECT subject FROM backlink WHERE target = ? AND property = (SELECT id FROM property WHERE iri = ?) "
        "ORDER BY subject LIMIT ? OFFSET ?",
        (_short(target, base), property_, limit, offset),
    )
    return [_full(subject, base) for (subject,) in found]


def backlinks_in(claims: Iterable[str], bases: Sequence[str]) -> Iterator[Backlink]:
    """Yield the backlinks among claims, with full IRIs."""
    things = tuple(f"{base}id/" for base in bases)
    cells = tuple(f"<{base}.well-known/genid/" for base in bases)
    for claim in claims:
        if not claim.endswith("> .") or claim.startswith(cells):
            continue
        target = claim[claim.rindex("<") + 1 : -3]
        if not target.startswith(things) or "#" in target:
            continue
        subject, property_, _ = claim.split(" ", 2)
        if property_[1:-1] != _REPEATING and not _is_own(subject[1:-1], target, things):
            yield target, property_[1:-1], subject[1:-1]


def all_backlinks(rows: Rows) -> Iterator[Backlink]:
    """Yield the rows of the table, with full IRIs."""
    base = _base(rows)
    for target, property_, subject in rows(
        "SELECT target, iri, subject FROM backlink JOIN property ON property.id = property", ()
    ):
        yield _full(target, base), property_, _full(subject, base)


class _Writer:
    """Writes rows, and caches the numbers of properties."""

    def __init__(self, connection: sqlite3.Connection, bases: tuple[str, ...]) -> None:
        self._connection = connection
        # Include those of earlier runs: claims under a base that no record has any more are removed now.
        known = _bases(lambda query, parameters: connection.execute(query, parameters).fetchall())
        self._bases = tuple(dict.fromkeys((*known, *bases)))
        connection.execute("INSERT OR REPLACE INTO main.meta VALUES ('backlink_bases', ?)", (json.dumps(self._bases),))
        self._properties: dict[str, int] = {
            iri: id_ for id_, iri in connection.execute("SELECT id, iri FROM main.property")
        }

    def run(self, statement: str, claims: Iterable[str]) -> None:
        """Run a statement for each backlink among claims."""
        base = next(iter(self._bases), "")
        rows = (
            (_short(target, base), self._id_of(property_), _short(subject, base))
            for target, property_, subject in backlinks_in(claims, self._bases)
        )
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            self._connection.executemany(statement, chunk)

    def _id_of(self, property_: str) -> int:
        known = self._properties.get(property_)
        if known is None:
            cursor = self._connection.execute("INSERT INTO main.property (iri) VALUES (?)", (property_,))
            known = self._properties[property_] = int(cursor.lastrowid or 0)
        return known


def _is_own(subject: str, target: str, things: tuple[str, ...]) -> bool:
    """Return whether a subject is the record of a target, or a part of it."""
    owner = subject.partition("#")[0]
    return any(target.startswith(thing) and owner == f"{thing[:-3]}data/{target[len(thing) :]}" for thing in things)


def _bases(rows: Rows) -> list[str]:
    """Return the bases of the things in the table; the first is abbreviated to "/" there."""
    return _listed(rows, "backlink_bases")


def _base(rows: Rows) -> str:
    return next(iter(_bases(rows)), "")


def _full(text: str, base: str) -> str:
    return base + text[1:] if text.startswith("/") else text


def _short(iri: str, base: str) -> str:
    return f"/{iri[len(base) :]}" if base and iri.startswith(base) else iri


def bases_of(rows: Rows) -> list[str]:
    """Return the base IRIs that the records of a catalog were mapped under."""
    return _listed(rows, "bases")


def _listed(rows: Rows, name: str) -> list[str]:
    found = next(iter(rows("SELECT value FROM meta WHERE name = ?", (name,))), None)
    return list(json.loads(found[0])) if found else []
