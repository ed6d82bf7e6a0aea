"""Facet counts: how many of some entries have each value, exact, without a join.

Few entries: the values that each of them has are added up. Many: the entries of a value are a compressed bitmap, whose
intersection is counted; values are looked at in the order of their totals, up to the first whose total cannot be among the
largest any more.
"""

from __future__ import annotations

import heapq
import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyroaring import BitMap

from lod.errors import DamagedError
from lod.store.item_changes import Rows
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.writer import unpack_ids
from lod.store.search.values.facets import BITS, NUMBERS

FEW_ENTRIES = 1_500
"""Entries whose values are added up one by one."""
_CHUNK_VALUES = 500
_MOST_KEPT = 60_000
"""Bitmaps of a facet that stay in memory."""
_MASK = (1 << BITS) - 1


def unpacked(packed: bytes) -> BitMap:
    """Return the entries of a value.

    Raises:
        DamagedError: they are no bitmap any more.
    """
    try:
        return BitMap.deserialize(packed)
    except ValueError as fault:
        raise damaged(fault) from fault


def damaged(fault: Exception) -> DamagedError:
    """Return the error for a part of the index that cannot be read."""
    return DamagedError(
        f"{SEARCH}: reading the search index failed: the file is damaged; remove it, 'lod publish' then makes it anew ({fault})",
        Path(SEARCH),
    )


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: its key (an IRI, or the text itself), its label, and how many entries have it."""

    facet: str
    key: str
    label: str
    number: int

    @property
    def is_thing(self) -> bool:
        """Whether it is a thing or code with an IRI, not a name or keyword."""
        return ":" in self.key and self.facet not in {"keyword", "year", "has"} and " " not in self.key

    @property
    def is_by_name(self) -> bool:
        """Whether it is someone who is known by name only."""
        return self.facet in {"person", "organisation"} and not self.is_thing


class FacetCounter:
    """Counts the values of facets. Safe to use from several threads."""

    def __init__(self, rows: Rows) -> None:
        """`rows` runs a query of the index."""
        self._rows = rows
        self._loaded: dict[int, list[tuple[int, int, BitMap]]] = {number: [] for number in NUMBERS.values()}
        self._loading = threading.Lock()

    def top(self, facet: str, entries: BitMap | None, limit: int, few: Counter[int] | None = None) -> list[FacetValue]:
        """Return the most frequent values among some entries, at most `limit`; of all entries where None are given.

        `few` is what `add_up` returned of the entries, if they are few.
        """
        if entries is None:
            query = "SELECT key, label, number FROM value WHERE facet = ? ORDER BY number DESC, label_key, id LIMIT ?"
            return [FacetValue(facet, *row) for row in self._rows(query, (NUMBERS[facet], limit))]
        if few is not None:
            counts = [(id_, number) for id_, number in few.items() if id_ & _MASK == NUMBERS[facet]]
            found = heapq.nsmallest(limit, counts, key=lambda pair: (-pair[1], pair[0]))
        else:
            found = self._most_frequent(NUMBERS[facet], entries, limit)
        return self._values(facet, found)

    def add_up(self, entries: BitMap) -> Counter[int] | None:
        """Return how often each value occurs among few entries, by its number; None where they are many."""
        if len(entries) > FEW_ENTRIES:
            return None
        query = "SELECT counted FROM json_each(?) AS wanted JOIN entry ON entry.id = wanted.value"
        found: Counter[int] = Counter()
        for (counted,) in self._rows(query, (json.dumps(list(entries)),)):
            found.update(unpack_ids(counted))
        return found

    def entries_with(self, facet: str, keys: Iterable[str]) -> BitMap:
        """Return the entries that have the first of some keys that is a value of a facet; none where none of them is."""
        for key in keys:
            for (packed,) in self._rows("SELECT entries FROM value WHERE key = ? AND facet = ?", (key, NUMBERS[facet])):
                return unpacked(packed)
        return BitMap()

    def _most_frequent(self, facet: int, entries: BitMap, limit: int) -> list[tuple[int, int]]:
        best: list[tuple[int, int, int]] = []
        position = 0
        while chunk := self._chunk(facet, position):
            for id_, total, bitmap in chunk:
                if len(best) == limit and total <= best[0][0]:
                    return [(id_, number) for number, _, id_ in sorted(best, reverse=True)]
                number = bitmap.intersection_cardinality(entries)
                if number:
                    # Of equal numbers the one that comes first, that with the larger total, is kept.
                    push = heapq.heappushpop if len(best) == limit else heapq.heappush
                    push(best, (number, -position, id_))
                position += 1
        return [(id_, number) for number, _, id_ in sorted(best, reverse=True)]

    def _chunk(self, facet: int, position: int) -> list[tuple[int, int, BitMap]]:
        """Return values of a facet from a position on, those with the largest totals first; [] after the last one."""
        loaded = self._loaded[facet]
        if position < len(loaded):
            return loaded[position : position + _CHUNK_VALUES]
        query = (
            "SELECT id, number, entries FROM value WHERE facet = ? ORDER BY number DESC, label_key, id LIMIT ? OFFSET ?"
        )
        rows = self._rows(query, (facet, _CHUNK_VALUES, position))
        chunk = [(id_, total, unpacked(packed)) for id_, total, packed in rows]
        with self._loading:
            if position == len(loaded) < _MOST_KEPT:
                loaded.extend(chunk)
        return chunk

    def _values(self, facet: str, found: list[tuple[int, int]]) -> list[FacetValue]:
        query = "SELECT value.id, value.key, label FROM json_each(?) AS wanted JOIN value ON value.id = wanted.value"
        rows = self._rows(query, (json.dumps([id_ for id_, _ in found]),))
        named = {id_: (key, label) for id_, key, label in rows}
        return [FacetValue(facet, named[id_][0], named[id_][1], number) for id_, number in found]
