"""The index in a generation: copied from the one before and brought along, or built anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from lod.store.search.build.published_claims import CatalogClaims, PublishedClaims, touched
from lod.store.search.build.schema import SEARCH, basis, create
from lod.store.search.build.writer import IndexWriter
from lod.store.sqlite_files import bring_along, read_only

MOST_TOUCHED = 100_000
"""Things and items that one run brings along; where more have changed, the index is built anew."""
_REBUILD_SHARE = 0.5


def changed_things(bases: Sequence[str], *sides: Callable[[], Iterable[str]]) -> set[str] | None:
    """Return what the claims of a difference are about, None where that is too much to be brought along."""
    found: set[str] = set()
    for side in sides:
        found |= touched(side(), bases)
        if len(found) > MOST_TOUCHED:
            return None
    return found


def write_index(folder: Path, catalog: Path, live: Path | None, changed: set[str] | None, digest: str = "") -> None:
    """Write the index of a generation into its folder.

    `catalog` is finished. `changed` is what has changed since the generation `live`, whose index is copied if it has the
    checksum `digest` and was made as this version makes one.
    """
    target = folder / SEARCH
    with closing(read_only(catalog)) as source:

        def rows(query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
            return source.execute(query, parameters).fetchall()

        claims = CatalogClaims(rows)
        before = live / SEARCH if live else None
        if (
            before
            and changed is not None
            and before.is_file()
            and _brought_along(before, target, claims, changed, digest)
        ):
            return
        target.unlink(missing_ok=True)
        build_index(target, claims)


def build_index(path: Path, claims: PublishedClaims) -> None:
    """Build an index of all claims."""
    with closing(create(path)) as connection:
        IndexWriter(connection, claims).build()


def _brought_along(before: Path, target: Path, claims: PublishedClaims, changed: set[str], digest: str) -> bool:
    """Bring a copy of the index along; return False where it has to be built anew."""

    def update(connection: sqlite3.Connection) -> bool:
        if _is_much(connection, changed):
            return False
        IndexWriter(connection, claims).update(changed)
        return True

    return bring_along(before, target, digest, basis(), "the search index is built anew", update)


def _is_much(connection: sqlite3.Connection, changed: set[str]) -> bool:
    known = connection.execute("SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM thing)").fetchone()[0]
    return len(changed) > _REBUILD_SHARE * int(known)
