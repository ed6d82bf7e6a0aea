"""SQL schema of a catalog, and connections: one for the writer, a pool of read-only ones for readers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import quote

from lod.disk.os_errors import as_store_error
from lod.errors import StoreError
from lod.store.item_changes import ItemChanges
from lod.store.sqlite_files import address_of_finished

CATALOG = "catalog.sqlite"
"""Name of the file in the folder of a generation."""

FORMAT = "6"
"""Version of the tables below and of what is packed in them; a catalog of another version is not opened, but for those of `_EARLIER`."""

_EARLIER = frozenset({"5"})
"""Versions with the same tables: all that is packed in those of 5 is packed by zlib, and in those that a run has written since, some of it."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE record (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, item TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL, content_hash TEXT NOT NULL, basis TEXT NOT NULL,
    generated TEXT NOT NULL, modified TEXT, own_claims INTEGER NOT NULL, collection TEXT NOT NULL
) STRICT;
CREATE INDEX record_source ON record (source);
CREATE INDEX record_place ON record (place);
CREATE INDEX record_basis ON record (basis);
CREATE TABLE body (
    id INTEGER PRIMARY KEY, payload BLOB NOT NULL, claims BLOB NOT NULL, fates BLOB NOT NULL
) STRICT;
CREATE TABLE shared_claim (claim TEXT PRIMARY KEY, records INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE refusal (
    folded TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL, payload BLOB,
    fates BLOB NOT NULL, collection TEXT NOT NULL, content_hash TEXT, basis TEXT
) STRICT;
CREATE INDEX refusal_place ON refusal (place);
CREATE TABLE tombstone (
    folded TEXT PRIMARY KEY, key TEXT NOT NULL, item TEXT NOT NULL UNIQUE, removed TEXT NOT NULL
) STRICT;
CREATE TABLE renamed (item TEXT PRIMARY KEY, folded TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE lesser_key (folded TEXT PRIMARY KEY, leads_to TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX lesser_key_leads_to ON lesser_key (leads_to);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX redirect_new ON redirect (new);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, rule TEXT NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL,
    UNIQUE (rule, severity, text)
) STRICT;
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, folded TEXT NOT NULL, lasts INTEGER NOT NULL, message INTEGER NOT NULL, detail TEXT NOT NULL,
    cause TEXT NOT NULL, place TEXT NOT NULL
) STRICT;
CREATE INDEX finding_folded ON finding (folded);
CREATE INDEX finding_message ON finding (message);
CREATE INDEX finding_cause ON finding (cause) WHERE cause <> '';
CREATE TABLE watch (
    key TEXT NOT NULL, value TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (key, value, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_folded ON watch (folded);
CREATE TABLE property (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE backlink (
    target TEXT NOT NULL, property INTEGER NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (target, property, subject)
) STRICT, WITHOUT ROWID;
"""

_FOLDED = (
    ("record", "folded"),
    ("refusal", "folded"),
    ("tombstone", "folded"),
    ("renamed", "folded"),
    ("lesser_key", "folded"),
    ("lesser_key", "leads_to"),
    ("finding", "folded"),
    ("watch", "folded"),
)
"""Columns of folded keys."""


def create_catalog(path: Path) -> sqlite3.Connection:
    """Create an empty catalog and return the writer's connection.

    Raises:
        StoreError: it exists, or the folder cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path}: a catalog exists already; open it, or remove the folder first")
    with as_store_error(path, "creating the catalog"):
        connection = _writing_connection(path, "rwc")
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO meta VALUES ('format', ?), ('low lines', 'plain')", (FORMAT,))
        ItemChanges.create_tables(connection)
    return connection


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Return the writer's connection to an existing catalog.

    Raises:
        StoreError: it is missing, damaged or of another format.
    """
    with as_store_error(path, "opening the catalog"):
        connection = _writing_connection(path, "rw")
        _check_format(connection, path)
        _fold_low_lines(connection)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (FORMAT,))
    return connection


def _fold_low_lines(connection: sqlite3.Connection) -> None:
    """Write the folded keys as `folded_name` has them today: a catalog made before version 0.3 has "%5F" for a low line."""
    if connection.execute("SELECT 1 FROM meta WHERE name = 'low lines'").fetchone():
        return
    for table, column in _FOLDED:
        connection.execute(
            f"UPDATE {table} SET {column} = replace(replace({column}, '%5F', '_'), '%5f', '_') WHERE instr(lower({column}), '%5f')"
        )
    connection.execute("INSERT INTO meta VALUES ('low lines', 'plain')")


def _writing_connection(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?mode={mode}"
    # One thread writes, but another may drop the last reference and so close the connection.
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    # No journal: the folder is deleted when the run fails, and synced before it goes live.
    with _closed_on_error(connection):
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "temp_store = FILE"):
            connection.execute(f"PRAGMA {pragma}").close()
    return connection


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    with _closed_on_error(connection):
        row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
        if row is None or row[0] not in _EARLIER | {FORMAT}:
            found = "none" if row is None else row[0]
            raise StoreError(
                f"{path}: catalog format {found}, this version reads {FORMAT}; "
                "use the version of lod that wrote it, or publish into a new site folder"
            )


class ReaderPool:
    """Pool of read-only connections to a finished catalog, or another finished database, one per concurrent thread."""

    def __init__(
        self,
        path: Path,
        check: Callable[[sqlite3.Connection, Path], object] = _check_format,
        called: str = "the catalog",
    ) -> None:
        """`check` raises StoreError for a database that this version does not read; messages call the file `called`."""
        self._path = path
        self._called = called
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        with as_store_error(path, f"opening {called}"):
            connection = self._connect()
            check(connection, path)
        self._idle.put(connection)

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a query."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            with as_store_error(self._path, f"reading {self._called}"):
                return connection.execute(query, parameters).fetchall()
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Close all connections; no query may be running."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _connect(self) -> sqlite3.Connection:
        # immutable: a finished generation is never written, so SQLite need not lock or check for changes.
        address = address_of_finished(self._path)
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
