"""Writing the index: built of all claims, or brought along with the difference of a run; both give the same.

An entry is made of the claims about its item and of the things that these lead to. Each entry notes those things (the values of
facets, and "via"), so that a thing that gets another name has the entries made anew that show it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from lod.disk.packed_bytes import pack, unpack
from lod.store.search.build.claim_index import TYPE
from lod.store.search.build.entry import COLUMNS, Entry, is_document, read_entry
from lod.store.search.build.published_claims import PublishedClaims, base_for
from lod.store.search.build.things import Thing, read_thing
from lod.store.search.values.code_labels import label_of_code
from lod.store.search.values.facets import BITS, HAS, NUMBERS, OF_THINGS, VIA, WRITTEN
from lod.store.search.values.folding import is_counted, keyword_key, sort_key, words

_MOST_CACHED = 200_000
_MOST_PENDING = 2_000_000
_THINGS = ", ".join(str(NUMBERS[name]) for name in sorted(OF_THINGS))
_SHOWN_THINGS = ", ".join(str(NUMBERS[name]) for name in sorted(OF_THINGS - {VIA}))
_MERGED_AT_THE_END = (("automerge", 0), ("crisismerge", 1_999))
"""Options of the full texts while an index is built: all of it is merged at the end, so that nothing is merged before."""
_MERGED_AS_IT_GROWS = (("automerge", 4), ("crisismerge", 16))
"""What SQLite takes where nothing is set. Source: SQLite, FTS5, sections 6.1 and 6.2."""
_INTO_TEXT = f"INSERT INTO text (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"
_OUT_OF_TEXT = f"INSERT INTO text (text, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?{', ?' * len(COLUMNS)})"
_INTO_NAME = "INSERT INTO thing_text (rowid, names, kind) VALUES (?, ?, ?)"
_OUT_OF_NAME = "INSERT INTO thing_text (thing_text, rowid, names, kind) VALUES ('delete', ?, ?, ?)"


class IndexWriter:
    """Writes one index, in one transaction."""

    def __init__(self, connection: sqlite3.Connection, claims: PublishedClaims) -> None:
        """Take a connection that writes the index, and the claims that are published now."""
        self._connection = connection
        self._run = connection.execute
        self._claims = claims
        self._things: dict[str, Thing | None] = {}
        self._value_ids: dict[tuple[int, str], int] = {}
        self._next_value = (self._run("SELECT max(id) FROM value").fetchone()[0] or 0) >> BITS
        # Values that are not in the table yet: all columns but the entries that have them.
        self._new_values: dict[int, tuple[int, str, str, str]] = {}
        self._has_values = self._next_value > 0
        self._added: dict[int, list[int]] = defaultdict(list)
        self._removed: dict[int, list[int]] = defaultdict(list)
        self._pending = 0
        self._rewritten: set[str] = set()
        self._words: Counter[str] = Counter()

    def build(self) -> None:
        """Write the whole index of all claims; it is empty before."""
        for name, value in _MERGED_AT_THE_END:
            self._configure(name, value)
        self._run("BEGIN")
        elsewhere = []
        for about, lines in self._claims.all():
            if not self._is_document(about, lines):
                self._put_thing(about, None, read_thing(about, lines))
            elif about.startswith(self._claims.bases):
                self._put_entry(None, self._read_entry(about, lines))
            else:
                # What RDF made elsewhere describes comes among the things: its authors may come after it.
                elsewhere.append(about)
        for about in elsewhere:
            self._put_entry(None, self._read_entry(about, self._claims.about(about)))
        self._end()
        self._run("INSERT INTO text (text) VALUES ('optimize')")
        self._run("INSERT INTO thing_text (thing_text) VALUES ('optimize')")
        for name, value in _MERGED_AS_IT_GROWS:
            self._configure(name, value)
        self._run("COMMIT")

    def update(self, touched: Iterable[str]) -> None:
        """Bring the index along: `touched` are the IRIs of the things and items whose claims have changed."""
        self._run("BEGIN")
        changed = sorted(set(touched))
        stale = [about for about in changed if self._replace_thing(about)]
        entries = {subject for about in stale for subject in self._entries_with(about)}
        for about in sorted(entries.union(changed)):
            self._replace_entry(about)
        self._end()
        for about in stale:
            self._relabel(about)
        self._run("COMMIT")

    def _configure(self, name: str, value: int) -> None:
        """Set an option of both full texts; SQLite keeps it in the file."""
        for table in ("text", "thing_text"):
            self._run(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (name, value))

    # --- things

    def _replace_thing(self, about: str) -> bool:
        """Bring a thing along; return whether the entries that lead to it have to be made anew."""
        row = self._run("SELECT id, kind, name, known FROM thing WHERE iri = ?", (about,)).fetchone()
        before = (int(row[0]), Thing.from_json(about, *row[1:])) if row else None
        lines = self._claims.about(about)
        now = None if self._is_document(about, lines) else read_thing(about, lines)
        if now and before and before[1] == now:
            return False
        self._put_thing(about, before, now)
        # An item is no thing of the table, whether it has changed or gone.
        return True

    def _put_thing(self, about: str, before: tuple[int, Thing] | None, now: Thing | None) -> None:
        if now:
            self._keep_thing(about, now)
        if before is None and now is None:
            return
        self._put_identifiers(about, before[1].identifiers if before else (), now.identifiers if now else ())
        if before:
            self._run(_OUT_OF_NAME, (before[0], *_name_columns(before[1])))
            self._run("DELETE FROM thing WHERE id = ?", (before[0],))
        if now:
            row = (before[0] if before else None, about, now.kind, now.name, now.to_json())
            id_ = self._run("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", row).lastrowid
            self._run(_INTO_NAME, (id_, *_name_columns(now)))

    def _relabel(self, about: str) -> None:
        """Give the values that a thing represents its present name."""
        query = f"SELECT id, label FROM value WHERE key = ? AND facet IN ({_SHOWN_THINGS})"
        for id_, known in self._run(query, (about,)).fetchall():
            label = self._label("", about)
            if label != known:
                self._run("UPDATE value SET label = ?, label_key = ? WHERE id = ?", (label, sort_key(label), id_))

    def _thing(self, about: str) -> Thing | None:
        if about in self._things:
            return self._things[about]
        row = self._run("SELECT kind, name, known FROM thing WHERE iri = ?", (about,)).fetchone()
        thing = Thing.from_json(about, *row) if row else read_thing(about, self._claims.about(about))
        self._keep_thing(about, thing)
        return thing

    def _keep_thing(self, about: str, thing: Thing | None) -> None:
        if len(self._things) >= _MOST_CACHED:
            self._things.clear()
        self._things[about] = thing

    def _put_identifiers(self, about: str, before: Iterable[str], now: Iterable[str]) -> None:
        old, new = set(before), set(now)
        self._connection.executemany(
            "DELETE FROM identifier WHERE form = ? AND iri = ?", [(form, about) for form in old - new]
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO identifier VALUES (?, ?)", [(form, about) for form in new - old]
        )

    # --- entries

    def _is_document(self, about: str, lines: Iterable[str]) -> bool:
        start = f"<{about}> {TYPE} "
        types = [line.rpartition("<")[2][:-3] for line in lines if line.startswith(start)]
        return bool(types) and is_document(about, types, base_for(about, self._claims.bases))

    def _read_entry(self, about: str, lines: Iterable[str]) -> Entry | None:
        return read_entry(about, lines, base_for(about, self._claims.bases), self._thing)

    def _entries_with(self, about: str) -> Iterator[str]:
        """Yield the items whose entries lead to a thing."""
        query = f"SELECT entries FROM value WHERE key = ? AND facet IN ({_THINGS})"
        for (packed,) in self._run(query, (about,)).fetchall():
            for id_ in BitMap.deserialize(packed):
                yield self._run("SELECT subject FROM entry WHERE id = ?", (id_,)).fetchone()[0]

    def _replace_entry(self, about: str) -> None:
        query = "SELECT id, counted, columns FROM entry JOIN entry_words USING (id) WHERE subject = ?"
        row = self._run(query, (about,)).fetchone()
        lines = self._claims.about(about)
        self._put_entry(row, self._read_entry(about, lines) if self._is_document(about, lines) else None)

    def _put_entry(self, before: tuple[int, bytes, bytes] | None, entry: Entry | None) -> None:
        """Write an entry in the place of the one before; `before` is its number, what it was counted under, its words."""
        if before:
            self._take_out(*before)
        if entry is None:
            return
        counted = sorted(self._value_id(*value) for value in sorted(entry.values))
        row = (entry.subject, entry.title, entry.title_key, entry.date, entry.place_key, entry.shown, pack_ids(counted))
        id_ = self._run(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (before[0] if before else None, *row)
        ).lastrowid
        assert id_ is not None  # noqa: S101 - for the type checker: a row was inserted
        self._run("INSERT INTO entry_words VALUES (?, ?)", (id_, pack_columns(entry.columns)))
        self._run(_INTO_TEXT, (id_, *entry.columns))
        self._put_identifiers(entry.subject, (), entry.identifiers)
        self._words.update(_counted_words(entry.columns))
        for value in counted:
            self._added[value].append(id_)
        self._note(len(counted))

    def _take_out(self, id_: int, counted: bytes, packed: bytes) -> None:
        columns = unpack_columns(packed)
        self._run(_OUT_OF_TEXT, (id_, *columns))
        self._run("DELETE FROM identifier WHERE iri = (SELECT subject FROM entry WHERE id = ?)", (id_,))
        self._run("DELETE FROM entry WHERE id = ?", (id_,))
        self._run("DELETE FROM entry_words WHERE id = ?", (id_,))
        self._words.subtract(_counted_words(columns))
        values = unpack_ids(counted)
        for value in values:
            self._removed[value].append(id_)
        self._note(len(values))

    # --- values

    def _value_id(self, facet: str, key: str) -> int:
        number = NUMBERS[facet]
        known = self._value_ids.get((number, key))
        if known is None:
            query = "SELECT id FROM value WHERE key = ? AND facet = ?"
            row = self._run(query, (key, number)).fetchone() if self._has_values else None
            known = int(row[0]) if row else self._new_value(facet, key)
            self._value_ids[number, key] = known
        return known

    def _new_value(self, facet: str, key: str) -> int:
        self._next_value += 1
        id_ = (self._next_value << BITS) | NUMBERS[facet]
        label = self._label(facet, key)
        if facet == WRITTEN:
            self._rewritten.add(label)
        self._new_values[id_] = (NUMBERS[facet], key, label, sort_key(label))
        return id_

    def _label(self, facet: str, key: str) -> str:
        if facet == "has":
            return HAS[key]
        if facet == VIA:
            return ""
        if facet == WRITTEN:
            return keyword_key(key)
        if ":" not in key or facet in {"keyword", "year"}:
            return key
        thing = self._thing(key) if not facet or facet in OF_THINGS else None
        return (thing.name if thing else "") or label_of_code(key) or key

    def _note(self, number: int) -> None:
        self._pending += number
        if self._pending > _MOST_PENDING:
            self._write_values()

    def _write_values(self) -> None:
        """Write which entries have which values; a value that no entry has goes."""
        for value in sorted(self._added.keys() | self._removed.keys()):
            new = self._new_values.get(value)
            if new is not None:
                entries = BitMap(self._added[value])
                columns = (value, *new, len(entries), entries.serialize())
                self._run("INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?)", columns)
                continue
            facet, label, packed = self._run(
                "SELECT facet, label, entries FROM value WHERE id = ?", (value,)
            ).fetchone()
            if facet == NUMBERS[WRITTEN]:
                self._rewritten.add(label)
            entries = BitMap.deserialize(packed)
            # Removed first: an entry that is made anew keeps its number.
            entries -= BitMap(self._removed.get(value, ()))
            entries |= BitMap(self._added.get(value, ()))
            if entries:
                row = (len(entries), entries.serialize(), value)
                self._run("UPDATE value SET number = ?, entries = ? WHERE id = ?", row)
            else:
                self._run("DELETE FROM value WHERE id = ?", (value,))
        self._added.clear()
        self._removed.clear()
        self._value_ids.clear()
        self._new_values.clear()
        self._has_values = True
        self._pending = 0

    def _label_keywords(self) -> None:
        """Label the keywords whose spellings have changed as most entries write them."""
        best = "SELECT key FROM value WHERE facet = ? AND label_key = ? AND label = ? ORDER BY number DESC, key LIMIT 1"
        for key in sorted(self._rewritten):
            for (label,) in self._run(best, (NUMBERS[WRITTEN], sort_key(key), key)).fetchall():
                row = (label, sort_key(label), NUMBERS["keyword"], key)
                self._run("UPDATE value SET label = ?, label_key = ? WHERE facet = ? AND key = ?", row)
        self._rewritten.clear()

    def _end(self) -> None:
        self._write_values()
        self._label_keywords()
        rows = [(word, number) for word, number in self._words.items() if number]
        self._connection.executemany(
            "INSERT INTO word VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET entries = entries + excluded.entries", rows
        )
        self._connection.executemany(
            "DELETE FROM word WHERE word = ? AND entries <= 0", [(word,) for word, number in rows if number < 0]
        )
        bases = json.dumps(self._claims.bases)
        self._run("INSERT OR REPLACE INTO meta VALUES ('bases', ?)", (bases,))


def pack_ids(ids: Iterable[int]) -> bytes:
    """Return numbers as bytes, four each, the lowest byte first."""
    packed = array("I", ids)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack_ids(packed: bytes) -> array[int]:
    """Return the numbers that `pack_ids` packed."""
    ids = array("I", packed)
    if sys.byteorder == "big":
        ids.byteswap()
    return ids


def pack_columns(columns: Iterable[str]) -> bytes:
    """Return the words of an entry, compressed: to take it out, the index has to be told what it holds."""
    return pack("\n".join(columns).encode())


def unpack_columns(packed: bytes) -> list[str]:
    """Return the columns that `pack_columns` packed."""
    return unpack(packed).decode().split("\n")


def _name_columns(thing: Thing) -> tuple[str, str]:
    return " ".join(word for name in thing.names for word in words(name)), thing.kind


def _counted_words(columns: Iterable[str]) -> set[str]:
    return set(filter(is_counted, set(" ".join(columns).split(" "))))
