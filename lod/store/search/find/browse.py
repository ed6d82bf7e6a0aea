"""Lists from A to Z of the values of a facet, with their counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lod.store.search.find.counting import FacetValue
from lod.store.search.values.facets import NUMBERS
from lod.store.search.values.folding import OTHER_LETTER, letter_of, sort_key

ORDERS = {"name": "label_key, id", "count": "number DESC, label_key, id"}
"""Orders of a list, by their names in addresses."""

_IDENTIFIED = " AND instr(key, ':') > 0 AND instr(key, ' ') = 0"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list: the values, how many there are in all, and how many under each letter."""

    values: list[FacetValue]
    total: int
    letters: dict[str, int]


class Browser:
    """Lists values. Safe to use from several threads."""

    def __init__(self, rows: Callable[..., list[Any]]) -> None:
        """`rows` runs a query of the index."""
        self._rows = rows
        self._initials: dict[str, dict[str, dict[str, int]]] = {}
        self._counting = threading.Lock()

    def list(
        self, facet: str, letter: str, contains: str, order: str, page: int, size: int, *, identified: bool = False
    ) -> Listing:
        """Return a page of the values of a facet: those under a letter, those that contain a text, or all.

        `identified` leaves out those that are known by name only.
        """
        condition, parameters = self._condition(facet, letter, contains)
        condition += _IDENTIFIED if identified else ""
        number = NUMBERS[facet]
        total = self._rows(f"SELECT count(*) FROM value WHERE facet = ?{condition}", (number, *parameters))[0][0]
        rows = self._rows(
            f"SELECT key, label, number FROM value WHERE facet = ?{condition} ORDER BY {ORDERS[order]} LIMIT ? OFFSET ?",
            (number, *parameters, size, (page - 1) * size),
        )
        letters = {letter: sum(counts.values()) for letter, counts in self._letters(facet).items()}
        return Listing([FacetValue(facet, *row) for row in rows], int(total), letters)

    def number_of_values(self, facet: str) -> int:
        """Return how many values a facet has."""
        return sum(number for counts in self._letters(facet).values() for number in counts.values())

    def _condition(self, facet: str, letter: str, contains: str) -> tuple[str, tuple[str, ...]]:
        condition, parameters = "", []
        if letter:
            initials = self._letters(facet).get(letter, {})
            # Ranges, since the index is in this order.
            ranges = " OR ".join("(label_key >= ? AND label_key < ?)" for _ in initials)
            condition += f" AND ({ranges or '0'})"
            parameters += [bound for initial in initials for bound in _range(initial)]
        if contains:
            condition += " AND instr(label_key, ?) > 0"
            parameters.append(sort_key(contains))
        return condition, tuple(parameters)

    def _letters(self, facet: str) -> dict[str, dict[str, int]]:
        """Return the letters of a facet, with the first characters of sort keys under each, and their numbers."""
        with self._counting:
            if facet not in self._initials:
                query = "SELECT substr(label_key, 1, 1), count(*) FROM value WHERE facet = ? GROUP BY 1 ORDER BY 1"
                found: dict[str, dict[str, int]] = {}
                for initial, number in self._rows(query, (NUMBERS[facet],)):
                    found.setdefault(letter_of(initial), {})[initial] = number
                others = found.pop(OTHER_LETTER, None)
                self._initials[facet] = {**found, **({OTHER_LETTER: others} if others else {})}
            return self._initials[facet]


def _range(initial: str) -> tuple[str, str]:
    return (initial, chr(ord(initial) + 1)) if initial else ("", "\x01")
