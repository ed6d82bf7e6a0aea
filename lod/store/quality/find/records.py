"""Records of a selection, page by page in any order, however long the list is."""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from lod.store.item_changes import Rows
from lod.store.quality.build.schema import SORTS
from lod.store.search.build.writer import unpack_ids

FEW = 4_000
"""Largest number of records that are sorted when they are asked for; of more the order is known from the time of publication."""

_BLOCK = 4_096
_COLUMNS = "id, folded, state, name, item, title, link, handle, uuid, oai, year, type, collection, source"


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record in a list: see `QualityRow`."""

    id: int
    folded: str
    state: str
    name: str
    item: str
    title: str
    link: str
    handle: str
    uuid: str
    oai: str
    year: str
    type: str
    collection: str
    source: str


class RecordLists:
    """Reads records by their numbers. Safe to use from several threads."""

    def __init__(self, rows: Rows) -> None:
        """`rows` runs a query of the figures."""
        self._rows = rows
        self._blocks: dict[str, list[tuple[BitMap, array[int]]]] = {}
        self._reading = threading.Lock()

    def page(self, ids: BitMap, sort: str, start: int, size: int) -> list[ListedRecord]:
        """Return so many records of a selection from a position on, in an order of `SORTS`."""
        if len(ids) <= FEW:
            query = (
                f"SELECT {_COLUMNS} FROM record WHERE id IN (SELECT value FROM json_each(?)) "
                f"ORDER BY {SORTS[sort]}, folded LIMIT ? OFFSET ?"
            )
            found = self._rows(query, (json.dumps(list(ids)), size, start))
            return [ListedRecord(*row) for row in found]
        return self._read(self._numbers(ids, sort, start, size))

    def all(self, ids: BitMap, sort: str, size: int = 500) -> Iterator[list[ListedRecord]]:
        """Yield all records of a selection in an order, so many at a time."""
        if len(ids) <= FEW:
            found = self.page(ids, sort, 0, len(ids))
            yield from (found[start : start + size] for start in range(0, len(found), size))
            return
        waiting: list[int] = []
        for members, numbers in self._in_blocks(sort):
            if members.intersect(ids):
                waiting += (number for number in numbers if number in ids)
            while len(waiting) >= size:
                yield self._read(waiting[:size])
                del waiting[:size]
        yield self._read(waiting)

    def named(self, folded: Sequence[str]) -> list[ListedRecord]:
        """Return the records of some folded names, in no order."""
        query = f"SELECT {_COLUMNS} FROM record WHERE folded IN (SELECT value FROM json_each(?))"
        return [ListedRecord(*row) for row in self._rows(query, (json.dumps(list(folded)),))]

    def _numbers(self, ids: BitMap, sort: str, start: int, size: int) -> list[int]:
        """Return the numbers of a page: whole blocks before it are counted, not walked through."""
        found: list[int] = []
        for members, numbers in self._in_blocks(sort):
            held = members.intersection_cardinality(ids)
            if start >= held:
                start -= held
                continue
            found += [number for number in numbers if number in ids][start : start + size - len(found)]
            start = 0
            if len(found) == size:
                break
        return found

    def _in_blocks(self, sort: str) -> list[tuple[BitMap, array[int]]]:
        """Return all records in an order, in blocks, each with the set of its records."""
        with self._reading:
            if sort not in self._blocks:
                ids = unpack_ids(self._rows("SELECT ids FROM sorted WHERE name = ?", (sort,))[0][0])
                parts = (ids[first : first + _BLOCK] for first in range(0, len(ids), _BLOCK))
                self._blocks[sort] = [(BitMap(part), part) for part in parts]
            return self._blocks[sort]

    def _read(self, numbers: Sequence[int]) -> list[ListedRecord]:
        query = f"SELECT {_COLUMNS} FROM record WHERE id IN (SELECT value FROM json_each(?))"
        found = {row[0]: ListedRecord(*row) for row in self._rows(query, (json.dumps(list(numbers)),))}
        return [found[number] for number in numbers]
