"""Pages of triple patterns, by fixed look-ups whose cost is bounded.

A count is exact up to `MOST_COUNTED` and that number beyond; counts, and the blocks that deep pages are cut from, are
cached. A store finds a page only by reading those before it, so pages from `_BLOCK_TRIPLES` on are read in blocks, by one
thread at a time, and no page starts beyond `MOST_OFFSET`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from lod.rdf.claims import Triple
from lod.store.base import Store
from lod.web.reading.triple_pattern import PAGE_TRIPLES, Pattern

MOST_COUNTED = 100_000
MOST_OFFSET = 1_000_000
_BLOCK_TRIPLES = 10_000
_CACHED_BLOCKS = 4
_CACHED_COUNTS = 10_000


class PatternReader:
    """Reads the pages of one generation. Safe to use from several threads."""

    def __init__(self, store: Store, triples: int) -> None:
        self._store = store
        self._triples = triples
        self._counts: dict[Pattern, int] = {}
        self._blocks: OrderedDict[tuple[Pattern, int], list[Triple]] = OrderedDict()
        self._deep = threading.Lock()

    def count(self, pattern: Pattern) -> int:
        """Return how many triples match; `MOST_COUNTED` means that many or more, except for the pattern that matches all."""
        if pattern == (None, None, None):
            return self._triples
        count = self._counts.get(pattern)
        if count is None:
            if len(self._counts) >= _CACHED_COUNTS:
                self._counts.clear()
            count = self._counts[pattern] = self._store.count_matching(*pattern, MOST_COUNTED)
        return count

    def page(self, pattern: Pattern, number: int) -> tuple[list[Triple], bool]:
        """Return the triples of a page (the first is 1), and whether another page follows."""
        offset = (number - 1) * PAGE_TRIPLES
        if offset < _BLOCK_TRIPLES:
            found = list(self._store.matching(*pattern, PAGE_TRIPLES + 1, offset))
        else:
            block, start = divmod(offset, _BLOCK_TRIPLES)
            found = self._block(pattern, block)[start : start + PAGE_TRIPLES + 1]
        return found[:PAGE_TRIPLES], len(found) > PAGE_TRIPLES

    def _block(self, pattern: Pattern, number: int) -> list[Triple]:
        with self._deep:
            block = self._blocks.pop((pattern, number), None)
            if block is None:
                # One more, so that the last page of a block knows whether another follows.
                block = list(self._store.matching(*pattern, _BLOCK_TRIPLES + 1, number * _BLOCK_TRIPLES))
            self._blocks[pattern, number] = block
            while len(self._blocks) > _CACHED_BLOCKS:
                self._blocks.popitem(last=False)
            return block
