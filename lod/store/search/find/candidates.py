"""Candidates for a name or title that may be misspelt: what is like enough to be compared with it, within bounds of work."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from lod.store.item_changes import Rows
from lod.store.search.build.things import Thing
from lod.store.search.find.spelling import Spelling, may_be_misspelt
from lod.store.search.values.folding import is_counted, is_paired, pairs, runs, sort_key

_MOST_THINGS = 200
_MOST_ENTRIES = 60
_MOST_WORDS = 12
_MOST_HITS = 10_000
"""Entries that the words of an expression may have together: ranking more takes too long."""
_LONG = 6
"""Letters from which two of them may differ."""
_MOST_SPELLINGS = 6


class Candidates:
    """Finds candidates. Safe to use from several threads."""

    def __init__(self, rows: Rows, spelling: Spelling) -> None:
        """`rows` runs a query of the index; `spelling` has the words of its entries."""
        self._rows = rows
        self._spelling = spelling
        self._name_words: list[str] = []
        self._reading = threading.Lock()

    def things(self, name: str, kinds: Sequence[str], is_exact: bool) -> list[Thing]:
        """Return things of some kinds that have all words of a name; where `is_exact` is False, nearly all, nearly so spelled.

        A letter alone is an initial: it need not be there.
        """
        units = _units(name)
        if not units or not kinds:
            return []
        if is_exact:
            return self._things([_quoted(units)], kinds)
        spelled = [self._spellings(unit) for unit in units if len(unit) > 1 or is_paired(unit)] or [units[:1]]
        groups = [f"({' OR '.join(map(_quote, spellings))})" for spellings in spelled]
        expressions = [" AND ".join(groups)]
        if len(groups) > 1:
            without_one = (
                " AND ".join([*groups[:left_out], *groups[left_out + 1 :]]) for left_out in range(len(groups))
            )
            expressions.append(" OR ".join(f"({expression})" for expression in without_one))
        return self._things(expressions, kinds)

    def entries(self, title: str, is_exact: bool) -> list[tuple[str, str]]:
        """Return IRI and title of the items with a title; where `is_exact` is False, of those with its words or its rarest ones."""
        if is_exact:
            query = "SELECT subject, title FROM entry WHERE title_key = ? ORDER BY id LIMIT ?"
            return self._rows(query, (sort_key(title), _MOST_ENTRIES))
        units = _units(title)
        if not units:
            return []
        numbers = {unit: self._number(unit) for unit in units}
        can_be_ranked = min(numbers.values()) <= _MOST_HITS
        found = self._entries(_quoted(units), can_be_ranked) if min(numbers.values()) else []
        if not can_be_ranked:
            return found
        corrected = self._spelling.corrections(unit for unit, number in numbers.items() if not number)
        known = {corrected.get(unit) or (unit if numbers[unit] else self._of_this_start(unit)) for unit in units}
        rare: list[str] = []
        total = 0
        for number, unit in sorted((self._number(unit), unit) for unit in known):
            total += number
            if number and total <= _MOST_HITS:
                rare.append(unit)
        if rare:
            found = [*found, *self._entries(" OR ".join(map(_quote, rare)))]
        return list(dict.fromkeys(found))

    def titles_from(self, prefix: str, limit: int) -> list[tuple[str, str]]:
        """Return IRI and title of items whose title begins with what was typed, or has its words, the last one as a prefix."""
        key, units = sort_key(prefix), _units(prefix)
        if len(key) < 2 or not units:
            return []
        query = "SELECT subject, title FROM entry WHERE title_key >= ? AND title_key < ? ORDER BY title_key, id LIMIT ?"
        found = self._rows(query, (key, f"{key}\U0010ffff", limit))
        if len(found) < limit:
            *whole, begun = units
            found = [*found, *self._entries(" AND ".join([*map(_quote, whole), f'"{begun}" *']), ranked=False)]
        return list(dict.fromkeys(found))[:limit]

    def _things(self, expressions: Iterable[str], kinds: Sequence[str]) -> list[Thing]:
        """Return the things that the first of some expressions finds that finds any."""
        wanted = " OR ".join(map(_quote, kinds))
        query = (
            "SELECT iri, thing.kind, thing.name, known FROM thing_text JOIN thing ON thing.id = thing_text.rowid "
            "WHERE thing_text MATCH ? ORDER BY rank LIMIT ?"
        )
        for expression in expressions:
            rows = self._rows(query, (f"{{names}} : ({expression}) AND {{kind}} : ({wanted})", _MOST_THINGS))
            if rows:
                return [Thing.from_json(*row) for row in rows]
        return []

    def _entries(self, expression: str, ranked: bool = True) -> list[tuple[str, str]]:
        order = "ORDER BY rank " if ranked else ""
        query = (
            f"SELECT subject, title FROM (SELECT rowid AS id FROM text WHERE text MATCH ? {order}LIMIT ?) AS hit "
            "JOIN entry ON entry.id = hit.id"
        )
        return self._rows(query, (f"{{title}} : ({expression})", _MOST_ENTRIES))

    def _number(self, unit: str) -> int:
        """Return how many entries have a word."""
        rows = self._rows("SELECT entries FROM word WHERE word = ?", (unit,))
        if rows or is_counted(unit):
            return int(rows[0][0]) if rows else 0
        # Pairs of ideographs, numbers and short words are not counted: they are asked for, up to the bound.
        query = "SELECT count(*) FROM (SELECT 1 FROM text WHERE text MATCH ? LIMIT ?)"
        return int(self._rows(query, (f"{{title}} : {_quote(unit)}", _MOST_HITS))[0][0])

    def _of_this_start(self, unit: str) -> str:
        """Return the word nearest to one that no entry has, among those that begin alike: one that a single entry has, too."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not may_be_misspelt(unit):
            return unit
        rows = self._rows("SELECT word FROM word WHERE word >= ? AND word < ?", (unit[:2], f"{unit[:2]}\U0010ffff"))
        near = process.extractOne(
            unit, [word for (word,) in rows], scorer=OSA.distance, score_cutoff=_most_changes(unit)
        )
        return str(near[0]) if near else unit

    def _spellings(self, unit: str) -> list[str]:
        """Return a word of a name, and the words of names that are nearly so spelled."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not may_be_misspelt(unit):
            return [unit]
        near = process.extract(
            unit,
            self._words_of_names(),
            scorer=OSA.distance,
            score_cutoff=_most_changes(unit),
            limit=_MOST_SPELLINGS,
        )
        return list(dict.fromkeys((unit, *(word for word, _, _ in near))))

    def _words_of_names(self) -> list[str]:
        with self._reading:
            if not self._name_words:
                self._name_words = [word for (word,) in self._rows("SELECT term FROM name_word")]
            return self._name_words


def _most_changes(word: str) -> int:
    """Return how many letters of a word may differ."""
    return 2 if len(word) >= _LONG else 1


def _units(text: str) -> list[str]:
    """Return the folded words of a text, each once, and runs of ideographs in pairs."""
    found = (part for run in runs(text) for part in (pairs(run) if is_paired(run) else (run,)))
    return list(dict.fromkeys(found))[:_MOST_WORDS]


def _quoted(units: Iterable[str]) -> str:
    return " AND ".join(map(_quote, units))


def _quote(unit: str) -> str:
    return f'"{unit}"' if not is_paired(unit) or len(unit) > 1 else f'"{unit}" *'
