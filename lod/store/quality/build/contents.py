"""Everything that a file of figures holds but its history, without its own numbers: two of the same catalog have the same lines."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyroaring import BitMap

from lod.store.search.build.writer import unpack_ids
from lod.store.sqlite_files import address_of_finished


def quality_contents(path: Path) -> Iterator[str]:
    """Yield the contents of a file, unsorted."""
    with closing(sqlite3.connect(address_of_finished(path), uri=True)) as connection:
        keys = {id_: f"{kind} {key}" for id_, kind, key in connection.execute("SELECT id, kind, key FROM slice")}
        names = dict(connection.execute("SELECT id, folded FROM record"))
        for _, *columns, counted in connection.execute("SELECT * FROM record"):
            found = Counter(keys.get(id_, f"missing {id_}") for id_ in unpack_ids(counted))
            yield _line("record", *columns, sorted(found.items()))
        for kind, key, records, total, packed in connection.execute("SELECT kind, key, records, total, ids FROM slice"):
            held = sorted(names.get(id_, f"missing {id_}") for id_ in BitMap.deserialize(packed))
            yield _line("slice", kind, key, records, total, held)
        for kind, value, record in connection.execute("SELECT kind, value, record FROM alike"):
            yield _line("alike", kind, value, names.get(record))
        for name, packed in connection.execute("SELECT name, ids FROM sorted"):
            yield _line("sorted", name, [names.get(id_) for id_ in unpack_ids(packed)])
        for row in connection.execute("SELECT * FROM accepted"):
            yield _line("accepted", *row)
        for row in connection.execute("SELECT * FROM meta"):
            yield _line("meta", *row)


def _line(*parts: object) -> str:
    return json.dumps(parts, ensure_ascii=True)
