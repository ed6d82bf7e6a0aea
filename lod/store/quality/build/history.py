"""History of the figures: a number is written when it has changed, so that those of generations that are gone stay known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from lod.store.quality.build.rows import Count

OF_WHOLE = ""
"""Kind of the figures that are about all records."""

PARTS = ("collection", "source", "year")
"""Kinds of the parts of the records that have a history of their own."""

_MEASURED = ("all", "rule", "has", "severity")


def note_publication(connection: sqlite3.Connection, generation: str, moment: str, changed: Iterable[Count]) -> None:
    """Note a publication, and the figures that it has changed; `changed` are the slices that have other records than before."""
    run = connection.execute
    run("BEGIN")
    number = int(run("SELECT coalesce(max(number), 0) + 1 FROM publication").fetchone()[0])
    run("INSERT INTO publication VALUES (?, ?, ?)", (number, generation, moment))
    for measure, kind, key, value in _figures(connection, set(changed)):
        row = run(
            "SELECT id, latest FROM figure WHERE (measure, kind, key) = (?, ?, ?)", (measure, kind, key)
        ).fetchone()
        if row and row[1] == value:
            continue
        if row is None and not value:
            continue
        id_ = row[0] if row else run("INSERT INTO figure VALUES (NULL, ?, ?, ?, 0)", (measure, kind, key)).lastrowid
        run("UPDATE figure SET latest = ? WHERE id = ?", (value, id_))
        run("INSERT INTO past VALUES (?, ?, ?)", (id_, number, value))
    run("COMMIT")


def _figures(connection: sqlite3.Connection, changed: set[Count]) -> Iterator[tuple[str, str, str, int]]:
    """Yield measure, kind, key and number of the figures that may have changed."""
    slices = _slices(connection, _MEASURED)
    parts = _slices(connection, PARTS)
    known = connection.execute("SELECT measure, kind, key FROM figure").fetchall()
    # What has no records any more has no slice: its figures are nothing.
    for measure, kind, key in known:
        if tuple(measure.split(":", 1)) not in slices or (kind and (kind, key) not in parts):
            yield measure, kind, key, 0
    for (name, rule), records in slices.items():
        measure, is_changed = f"{name}:{rule}", (name, rule) in changed
        if is_changed:
            yield measure, OF_WHOLE, "", len(records)
        for (kind, key), part in parts.items():
            if is_changed or (kind, key) in changed:
                yield measure, kind, key, records.intersection_cardinality(part)


def _slices(connection: sqlite3.Connection, kinds: tuple[str, ...]) -> dict[Count, BitMap]:
    query = f"SELECT kind, key, ids FROM slice WHERE kind IN ({', '.join('?' * len(kinds))})"
    return {(kind, key): BitMap.deserialize(packed) for kind, key, packed in connection.execute(query, kinds)}
