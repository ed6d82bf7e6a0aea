"""What points at what: the table behind "works by", "articles in this issue", "items with this subject".

A store finds what points at a journal too, but counting it, or reading it from the middle, takes as long as there are
articles. Here both are look-ups: the table is kept in order, and brought along with the published claims.

A row is a claim whose object is a thing under the base ("{base}id/…"). Left out is what says nothing to somebody who looks at
the thing: cells of lists (the list has its own property), what the thing's own record says, and `frbr:partOf`, which
repeats `dcterms:isPartOf`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

Link = tuple[str, str, str]
"""Target, property, subject."""

Rows = Callable[[str, tuple[Any, ...]], Iterable[tuple[Any, ...]]]
"""Runs a query over a catalog."""

_REPEATING = "http://purl.org/vocab/frbr/core#partOf"
_CHUNK_ROWS = 10_000


def bring_along(
    connection: sqlite3.Connection, bases: Iterable[str], added: Iterable[str], removed: Iterable[str]
) -> None:
    """Apply a difference of published claims (`Changes`) to the table."""
    writer = _Writer(connection, tuple(bases))
    writer.run("DELETE FROM main.backlink WHERE target = ? AND property = ? AND subject = ?", removed)
    writer.run("INSERT OR IGNORE INTO main.backlink VALUES (?, ?, ?)", added)


def counts_to(rows: Rows, target: str) -> dict[str, int]:
    """Return how many things point at one, by the IRI of the property, in the order of these IRIs."""
    found = rows(
        "SELECT iri, number FROM (SELECT property, count(*) AS number FROM backlink WHERE target = ? GROUP BY property) "
        "JOIN property ON property.id = property ORDER BY iri",
        (_short(target, _base(rows)),),
    )
    return {iri: int(number) for iri, number in found}


def links_to(rows: Rows, target: str, property_: str, limit: int, offset: int = 0) -> list[str]:
    """Return the IRIs of what points at a thing by a property, in their order, at most `limit` after `offset`."""
    base = _base(rows)
    found = rows(
        "SELECT subject FROM backlink WHERE target = ? AND property = (SELECT id FROM property WHERE iri = ?) "
        "ORDER BY subject LIMIT ? OFFSET ?",
        (_short(target, base), property_, limit, offset),
    )
    return [_whole(subject, base) for (subject,) in found]


def links_in(claims: Iterable[str], bases: Sequence[str]) -> Iterator[Link]:
    """Yield the rows of claims, with whole IRIs; claims that have none are passed over."""
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


def all_links(rows: Rows) -> Iterator[Link]:
    """Yield the rows of a catalog, with whole IRIs."""
    base = _base(rows)
    for target, property_, subject in rows(
        "SELECT target, iri, subject FROM backlink JOIN property ON property.id = property", ()
    ):
        yield _whole(target, base), property_, _whole(subject, base)


class _Writer:
    """Writes rows, and remembers the numbers of properties."""

    def __init__(self, connection: sqlite3.Connection, bases: tuple[str, ...]) -> None:
        self._connection = connection
        # Those of earlier runs too: what was stated under a base that no record has any more is removed now.
        known = _bases(lambda query, parameters: connection.execute(query, parameters).fetchall())
        self._bases = tuple(dict.fromkeys((*known, *bases)))
        connection.execute("INSERT OR REPLACE INTO main.meta VALUES ('backlink_bases', ?)", (json.dumps(self._bases),))
        self._properties: dict[str, int] = {
            iri: id_ for id_, iri in connection.execute("SELECT id, iri FROM main.property")
        }

    def run(self, statement: str, claims: Iterable[str]) -> None:
        """Run a statement for the row of each claim that has one."""
        base = next(iter(self._bases), "")
        rows = (
            (_short(target, base), self._id_of(property_), _short(subject, base))
            for target, property_, subject in links_in(claims, self._bases)
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
    """Tell whether a subject is the record of a target, or a part of it."""
    owner = subject.partition("#")[0]
    return any(target.startswith(thing) and owner == f"{thing[:-3]}data/{target[len(thing) :]}" for thing in things)


def _bases(rows: Rows) -> list[str]:
    """Return the bases that the table has things under; the first stands as "/" in it."""
    return _listed(rows, "backlink_bases")


def _base(rows: Rows) -> str:
    return next(iter(_bases(rows)), "")


def _whole(text: str, base: str) -> str:
    return base + text[1:] if text.startswith("/") else text


def _short(iri: str, base: str) -> str:
    return f"/{iri[len(base) :]}" if base and iri.startswith(base) else iri


def bases_of(rows: Rows) -> list[str]:
    """Return the base IRIs that the records of a catalog were mapped under."""
    return _listed(rows, "bases")


def _listed(rows: Rows, name: str) -> list[str]:
    found = next(iter(rows("SELECT value FROM meta WHERE name = ?", (name,))), None)
    return list(json.loads(found[0])) if found else []
