"""SQL schema of the figures of quality, and their file in a generation."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from lod.store import sqlite_files
from lod.store.quality.values.measures import MEASURES

QUALITY = "quality.sqlite"
"""Name of the file in the folder of a generation."""

FORMAT = "1"
"""Version of the tables but for the history, and of what facts are: a file of another version is made anew by the next run."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE record (
    id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, state TEXT NOT NULL, name TEXT NOT NULL, item TEXT NOT NULL,
    title TEXT NOT NULL, title_key TEXT NOT NULL, link TEXT NOT NULL, handle TEXT NOT NULL, uuid TEXT NOT NULL,
    oai TEXT NOT NULL, year TEXT NOT NULL, type TEXT NOT NULL, collection TEXT NOT NULL, source TEXT NOT NULL,
    counted BLOB NOT NULL
) STRICT;
CREATE TABLE slice (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, records INTEGER NOT NULL, total INTEGER NOT NULL,
    ids BLOB NOT NULL, UNIQUE (kind, key)
) STRICT;
CREATE INDEX slice_size ON slice (kind, records DESC, key);
CREATE TABLE alike (
    kind TEXT NOT NULL, value INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (kind, value, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_record ON alike (record);
CREATE TABLE accepted (
    rule TEXT NOT NULL, folded TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL,
    day TEXT NOT NULL, PRIMARY KEY (rule, folded, field, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE rule (id TEXT PRIMARY KEY, message TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sorted (name TEXT PRIMARY KEY, ids BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""
_HISTORY = """
CREATE TABLE publication (number INTEGER PRIMARY KEY, generation TEXT NOT NULL, moment TEXT NOT NULL) STRICT;
CREATE TABLE figure (
    id INTEGER PRIMARY KEY, measure TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, latest INTEGER NOT NULL,
    UNIQUE (measure, kind, key)
) STRICT;
CREATE TABLE past (
    figure INTEGER NOT NULL, publication INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (figure, publication)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_publication ON past (publication);
"""
HISTORY = ("publication", "figure", "past")
"""Tables that no other file can give: a file that is made anew takes them from the one before."""

SORTS = {
    "record": "folded",
    "title": "title_key = '', title_key",
    "year": "year = '', CAST(year AS INTEGER) DESC",
    "collection": "collection = '', collection",
}
"""Orders of lists, as SQL; what is equal is in the order of the records."""


def basis() -> str:
    """Return what the figures depend on beside the catalog: a file with another basis is made anew."""
    parts = (FORMAT, _TABLES, _HISTORY, SORTS, [(measure.name, sorted(measure.types)) for measure in MEASURES])
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def create(path: Path) -> sqlite3.Connection:
    """Create an empty file and return the connection that writes it."""
    return sqlite_files.create(path, _TABLES + _HISTORY, basis())
