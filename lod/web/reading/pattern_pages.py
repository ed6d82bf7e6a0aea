"""Pages of triple patterns, by fixed look-ups whose cost is bounded.

A count is exact up to `MOST_COUNTED` and that number beyond; counts, and the blocks that deep pages are cut from, are
cached. A store finds a page only by reading those before it, so pages from `_BLOCK_TRIPLES` on are read in blocks by a thread
of their own, which keeps its place: a client that follows the links to the next page pays for each page once. A page
elsewhere costs what is before it, and none starts beyond `MOST_OFFSET`.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue

from lod.rdf.claims import Triple
from lod.store.base import Store
from lod.web.reading.triple_pattern import PAGE_TRIPLES, Pattern

MOST_COUNTED = 100_000
MOST_OFFSET = 1_000_000
_BLOCK_TRIPLES = 2_000
_CACHED_BLOCKS = 32
_KEPT_PLACES = 16
_CACHED_COUNTS = 10_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A block that somebody waits for."""

    pattern: Pattern
    number: int
    found: Future[list[Triple]]


class PatternReader:
    """Reads the pages of one generation. Safe to use from several threads."""

    def __init__(self, store: Store, triples: int) -> None:
        self._store = store
        self._triples = triples
        self._counts: dict[Pattern, int] = {}
        self._blocks: OrderedDict[tuple[Pattern, int], list[Triple]] = OrderedDict()
        self._lock = threading.Lock()
        self._walker: SimpleQueue[_Wanted | None] | None = None

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
        """Return a block, and one triple more, so that its last page knows whether another follows."""
        with self._lock:
            block = self._blocks.get((pattern, number))
            if block is not None:
                self._blocks.move_to_end((pattern, number))
                return block
            wanted = _Wanted(pattern, number, Future())
            self._started().put(wanted)
        block = wanted.found.result()
        with self._lock:
            self._blocks[pattern, number] = block
            while len(self._blocks) > _CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _started(self) -> SimpleQueue[_Wanted | None]:
        if self._walker is None:
            self._walker = SimpleQueue()
            weakref.finalize(self, self._walker.put, None)
            # It does not know this object, so that it ends with it.
            threading.Thread(target=_walk, args=[self._store, self._walker], name="pattern-walker", daemon=True).start()
        return self._walker


class _Place:
    """A place in the triples of a pattern: the block that comes next."""

    def __init__(self, store: Store, pattern: Pattern, number: int) -> None:
        self._rest: Iterator[Triple] = store.walk(*pattern, number * _BLOCK_TRIPLES)
        self._next: list[Triple] = []

    def block(self) -> list[Triple]:
        """Return the next block, and one triple more where there is one."""
        block = self._next + list(islice(self._rest, _BLOCK_TRIPLES + 1 - len(self._next)))
        self._next = block[_BLOCK_TRIPLES:]
        return block


def _walk(store: Store, queue: SimpleQueue[_Wanted | None]) -> None:
    """Read blocks until None comes. The places never leave this thread: iterators of the store belong to it."""
    places: OrderedDict[tuple[Pattern, int], _Place] = OrderedDict()
    last: tuple[tuple[Pattern, int], list[Triple]] | None = None
    while wanted := queue.get():
        key = wanted.pattern, wanted.number
        try:
            # Several may have asked for it while it was read.
            if last is None or last[0] != key:
                place = places.pop(key, None) or _Place(store, wanted.pattern, wanted.number)
                last = key, place.block()
                places[wanted.pattern, wanted.number + 1] = place
                while len(places) > _KEPT_PLACES:
                    places.popitem(last=False)
        except BaseException as error:
            # A traceback would keep this frame, and with it the places, for whichever thread collects garbage: the engine's
            # iterators end the process there.
            wanted.found.set_exception(error.with_traceback(None))
        else:
            wanted.found.set_result(last[1])
        del wanted
