"""SQLite files of generations: connections that read and write them, and copies of earlier ones that are brought along."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from lod.disk.checksum import sha256_of
from lod.disk.os_errors import is_system_fault

_log = logging.getLogger(__name__)

BASIS = "SELECT value FROM meta WHERE name = 'basis'"
"""Query for what a file that is derived from a catalog was made with beside it."""


def address_of_finished(path: Path) -> str:
    """Return the address at which SQLite reads a file that nothing writes any more."""
    return f"file:{quote(str(path))}?mode=ro&immutable=1"


def read_only(path: Path) -> sqlite3.Connection:
    """Return a connection that reads a file."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)


def create(path: Path, tables: str, basis: str) -> sqlite3.Connection:
    """Create a file with its tables, of which `meta` notes the basis, and return the connection that writes it."""
    connection = connect(path)
    connection.executescript(tables)
    connection.execute("INSERT INTO meta VALUES ('basis', ?)", (basis,))
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that writes a derived file; without a journal, since the folder goes when the run fails."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "temp_store = FILE"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


def bring_along(
    before: Path, target: Path, digest: str, basis: str, remade: str, update: Callable[[sqlite3.Connection], bool]
) -> bool:
    """Copy a derived file and update the copy; return False where it has to be made anew.

    Args:
        before: the file of an earlier generation.
        target: the copy.
        digest: SHA-256 that the file must have, "" where that is not known.
        basis: what it must have been made with.
        remade: what the log says where it is damaged, such as "the search index is built anew".
        update: brings a file along, or returns False where that is too much.
    """
    shutil.copyfile(before, target)
    if digest and sha256_of(target) != digest:
        return False
    try:
        with closing(connect(target)) as connection:
            return connection.execute(BASIS).fetchone() == (basis,) and update(connection)
    except sqlite3.DatabaseError as fault:
        if not is_system_fault(fault):
            raise
        _log.warning("%s cannot be brought along (%s); %s", before, fault, remade)
        return False
