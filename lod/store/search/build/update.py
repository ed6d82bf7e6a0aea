"""The index in a generation: copied from the one before and brought along, or built anew."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lod.disk.checksum import sha256_of
from lod.disk.os_errors import is_system_fault
from lod.store.search.build.published_claims import CatalogClaims, PublishedClaims, touched
from lod.store.search.build.schema import BASIS, SEARCH, basis, connect, create
from lod.store.search.build.writer import IndexWriter

_log = logging.getLogger(__name__)

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
    with closing(_reading(catalog)) as source:

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
    shutil.copyfile(before, target)
    if digest and sha256_of(target) != digest:
        return False
    try:
        with closing(connect(target)) as connection:
            if connection.execute(BASIS).fetchone() != (basis(),) or _is_much(connection, changed):
                return False
            IndexWriter(connection, claims).update(changed)
    except sqlite3.DatabaseError as fault:
        if not is_system_fault(fault):
            raise
        _log.warning("%s cannot be brought along (%s); the search index is built anew", before, fault)
        return False
    return True


def _is_much(connection: sqlite3.Connection, changed: set[str]) -> bool:
    known = connection.execute("SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM thing)").fetchone()[0]
    return len(changed) > _REBUILD_SHARE * int(known)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
