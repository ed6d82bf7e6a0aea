""" "Did you mean": words of this site that are nearly those that were typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from lod.store.search.values.folding import is_paired

_LEAST_ENTRIES = 2
"""A word that one entry has may be a misspelling itself."""
_SHORTEST = 4
_LONG = 8
"""Letters from which two of them may differ."""
_MOST_CANDIDATES = 12


def may_be_misspelt(word: str) -> bool:
    """Return whether another spelling is looked for of a folded word: not of a short one, a number or ideographs."""
    return len(word) >= _SHORTEST and word.isalpha() and not is_paired(word)


class Spelling:
    """The words of an index. They are read when the first one is missing; safe to use from several threads."""

    def __init__(self, rows: Callable[..., list[Any]]) -> None:
        """`rows` runs a query of the index."""
        self._rows = rows
        self._words: dict[str, int] = {}
        self._reading = threading.Lock()

    def corrections(self, words: Iterable[str]) -> dict[str, str]:
        """Return, for each folded word that no entry has, the nearest and then the most frequent one that several have."""
        found = {}
        for word in words:
            if not may_be_misspelt(word) or self._is_known(word):
                continue
            nearest = self._nearest(word)
            if nearest:
                found[word] = nearest
        return found

    def _is_known(self, word: str) -> bool:
        return bool(self._rows("SELECT 1 FROM word WHERE word = ?", (word,)))

    def _nearest(self, word: str) -> str:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        known = self._all()
        most = 2 if len(word) >= _LONG else 1
        near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES)
        return min(near, key=lambda match: (match[1], -known[match[0]], match[0]))[0] if near else ""

    def _all(self) -> dict[str, int]:
        with self._reading:
            if not self._words:
                query = "SELECT word, entries FROM word WHERE entries >= ?"
                self._words = dict(self._rows(query, (_LEAST_ENTRIES,)))
            return self._words
