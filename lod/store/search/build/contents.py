"""Everything that an index holds, as lines without its own numbers: two indexes of the same claims have the same lines."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyroaring import BitMap

from lod.store.search.build.writer import unpack_columns, unpack_ids
from lod.store.search.values.facets import NUMBERS
from lod.store.sqlite_files import address_of_finished

_PLAIN = (
    ("thing", "SELECT iri, kind, name, known FROM thing"),
    ("identifier", "SELECT form, iri FROM identifier"),
    ("word", "SELECT word, entries FROM word"),
    ("meta", "SELECT name, value FROM meta"),
    ("word of a text", "SELECT term, col, doc, cnt FROM temp.of_text"),
    ("word of a thing", "SELECT term, col, doc, cnt FROM temp.of_thing"),
)


def contents(path: Path) -> Iterator[str]:
    """Yield the contents of an index, unsorted."""
    with closing(sqlite3.connect(address_of_finished(path), uri=True)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.of_text USING fts5vocab('main', 'text', 'col')")
        connection.execute("CREATE VIRTUAL TABLE temp.of_thing USING fts5vocab('main', 'thing_text', 'col')")
        yield from _entries(connection)
        yield from _values(connection)
        for name, query in _PLAIN:
            yield from (_line(name, *row) for row in connection.execute(query))


def _entries(connection: sqlite3.Connection) -> Iterator[str]:
    names = {number: name for name, number in NUMBERS.items()}
    keys = {id_: f"{names[facet]} {key}" for id_, facet, key in connection.execute("SELECT id, facet, key FROM value")}
    query = "SELECT subject, title, title_key, date, place_key, shown, counted, columns FROM entry JOIN entry_words USING (id)"
    for *row, counted, columns in connection.execute(query):
        values = sorted(keys.get(id_, f"missing {id_}") for id_ in unpack_ids(counted))
        yield _line("entry", *row, values, unpack_columns(columns))


def _values(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield values; for the entries of each the sum of the hashes of their items."""
    hashes = {
        id_: int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big")
        for id_, subject in connection.execute("SELECT id, subject FROM entry")
    }
    for facet, key, label, label_key, number, packed in connection.execute(
        "SELECT facet, key, label, label_key, number, entries FROM value"
    ):
        entries = BitMap.deserialize(packed)
        total = sum(hashes.get(id_, 0) for id_ in entries) % (1 << 64)
        yield _line("value", facet, key, label, label_key, number, len(entries), f"{total:016x}")


def _line(*parts: object) -> str:
    return json.dumps(parts, ensure_ascii=True)
