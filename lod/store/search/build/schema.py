"""SQL schema of a search index, and its file in a generation."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from lod.store import sqlite_files
from lod.store.search.build.entry import COLUMNS
from lod.store.search.values.code_labels import fingerprint

SEARCH = "search.sqlite"
"""Name of the file in the folder of a generation."""

FORMAT = "3"
"""Version of the tables, and of what entries are made of: an index of another version is made anew by the next run."""

_TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE, title TEXT NOT NULL, title_key TEXT NOT NULL,
    date TEXT NOT NULL, place_key TEXT NOT NULL, shown TEXT NOT NULL, counted BLOB NOT NULL
) STRICT;
CREATE INDEX entry_newest ON entry (date DESC, title_key, id);
CREATE INDEX entry_title ON entry (title_key, id);
CREATE INDEX entry_place ON entry (place_key = '', place_key, title_key, id);
CREATE TABLE entry_words (id INTEGER PRIMARY KEY, columns BLOB NOT NULL) STRICT;
CREATE TABLE value (
    id INTEGER PRIMARY KEY, facet INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, label_key TEXT NOT NULL,
    number INTEGER NOT NULL, entries BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX value_key ON value (key, facet);
CREATE INDEX value_number ON value (facet, number DESC, label_key, id);
CREATE INDEX value_label ON value (facet, label_key, id);
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, known TEXT NOT NULL
) STRICT;
CREATE TABLE identifier (form TEXT NOT NULL, iri TEXT NOT NULL, PRIMARY KEY (form, iri)) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_iri ON identifier (iri);
CREATE TABLE word (word TEXT PRIMARY KEY, entries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5(
    {", ".join(COLUMNS)}, content = '', prefix = '2 3', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
CREATE VIRTUAL TABLE thing_text USING fts5(
    names, kind, content = '', prefix = '2 3', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
CREATE VIRTUAL TABLE name_word USING fts5vocab(thing_text, row);
"""


def basis() -> str:
    """Return what an index depends on beside the claims: an index with another basis is made anew."""
    return hashlib.sha256(f"{FORMAT}\n{_TABLES}\n{fingerprint()}".encode()).hexdigest()[:32]


def create(path: Path) -> sqlite3.Connection:
    """Create an empty index and return the connection that writes it."""
    return sqlite_files.create(path, _TABLES, basis())
