"""Look-up of things by IRI, by identifier and by the beginning of their names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.store.item_changes import Rows
from lod.store.search.build.things import ISSUE, VOLUME, Thing
from lod.store.search.values.facets import FILTERS, NAMES, NUMBERS, OF_THINGS, VIA
from lod.store.search.values.folding import fold, is_paired, pairs, runs, sort_key
from lod.store.search.values.identifiers import forms_typed

_MOST_WORDS = 20
_BATCH = 5_000
SUGGESTED = ("person", "organisation", "journal", "subject", "keyword", "publisher", "place")
"""Facets whose values are suggested to those who type."""
_OF_THINGS = ", ".join(str(NUMBERS[name]) for name in sorted(OF_THINGS))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that completes what was typed: its facet and key, its label, how many items it has."""

    facet: str
    key: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """A volume or issue below a journal: its IRI, kind, name ("" for none) and number, and how many items are in it."""

    iri: str
    kind: str
    name: str
    number: str
    items: int


class LookUp:
    """Finds things. Safe to use from several threads."""

    def __init__(self, rows: Rows) -> None:
        """`rows` runs a query of the index."""
        self._rows = rows

    def thing(self, iri: str) -> Thing | None:
        """Return the thing with an IRI, None where there is none that is no item."""
        rows = self._rows("SELECT iri, kind, name, known FROM thing WHERE iri = ?", (iri,))
        return Thing.from_json(*rows[0]) if rows else None

    def identifiers_of(self, scheme: str) -> Iterator[tuple[str, str]]:
        """Yield the forms of all identifiers of a scheme, sorted, each with the IRI of what has it."""
        after, bound = f"{scheme}:", f"{scheme};"
        query = "SELECT form, iri FROM identifier WHERE (form, iri) > (?, ?) AND form < ? ORDER BY form, iri LIMIT ?"
        row: tuple[str, str] = (after, "")
        while rows := self._rows(query, (*row, bound, _BATCH)):
            yield from rows
            row = rows[-1]

    def numbers_of_kinds(self) -> dict[str, int]:
        """Return how many things of each kind, and items, there are."""
        rows = self._rows("SELECT 'item', count(*) FROM entry UNION ALL SELECT kind, count(*) FROM thing GROUP BY kind")
        return dict(rows)

    def things_of(self, kinds: Iterable[str]) -> Iterator[Thing]:
        """Yield the things of some kinds, in the order of their IRIs."""
        for kind in kinds:
            rows = self._rows("SELECT iri, kind, name, known FROM thing WHERE kind = ? ORDER BY iri", (kind,))
            yield from (Thing.from_json(*row) for row in rows)

    def number_of_items(self, iri: str) -> int:
        """Return how many items lead to a thing, by the largest facet that counts it."""
        query = f"SELECT coalesce(max(number), 0) FROM value WHERE key = ? AND facet IN ({_OF_THINGS})"
        return int(self._rows(query, (iri,))[0][0])

    def facets_of(self, iri: str) -> list[tuple[str, str, int]]:
        """Return the facets of which a thing is a value, with its label and the number of items, the largest first."""
        query = "SELECT facet, label, number FROM value WHERE key = ? AND facet < ? ORDER BY number DESC, facet"
        return [(FILTERS[facet], label, number) for facet, label, number in self._rows(query, (iri, len(FILTERS)))]

    def parts_of(self, iri: str, limit: int) -> list[Part]:
        """Return the volumes and issues whose IRIs begin with that of a thing, by IRI, at most `limit`."""
        query = (
            "SELECT iri, kind, name, json_extract(known, '$[1]'), coalesce(number, 0) FROM thing "
            "LEFT JOIN value ON value.key = thing.iri AND facet = ? WHERE iri > ? AND iri < ? ORDER BY iri LIMIT ?"
        )
        rows = self._rows(query, (NUMBERS[VIA], f"{iri}/", f"{iri}0", limit))
        return [Part(*row) for row in rows if row[1] in {VOLUME, ISSUE}]

    def iris_of_identifier(self, text: str) -> list[str]:
        """Return the IRIs of things and items that have an identifier, typed in any spelling."""
        return self.iris_with_forms(forms_typed(text))

    def iris_with_forms(self, forms: Iterable[str]) -> list[str]:
        """Return the IRIs of things and items that have an identifier of one of some forms."""
        wanted = sorted(forms)
        query = "SELECT DISTINCT iri FROM json_each(?) AS wanted JOIN identifier ON form = wanted.value ORDER BY iri"
        return [iri for (iri,) in self._rows(query, (json.dumps(wanted),))] if wanted else []

    def iris_by_form(self, forms: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of things and items that have an identifier, by each of some forms."""
        query = "SELECT form, iri FROM json_each(?) AS wanted JOIN identifier ON form = wanted.value ORDER BY form, iri"
        return self._by_first(query, forms)

    def forms_of(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """Return the forms of the identifiers of things and items, by each of some IRIs."""
        query = "SELECT iri, form FROM json_each(?) AS wanted JOIN identifier ON iri = wanted.value ORDER BY iri, form"
        return self._by_first(query, iris)

    def kinds_of(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the kinds of those of some IRIs that are published: "item", or the kind of the thing."""
        query = (
            "SELECT subject, 'item' FROM json_each(?1) AS wanted JOIN entry ON subject = wanted.value "
            "UNION ALL SELECT iri, kind FROM json_each(?1) AS wanted JOIN thing ON iri = wanted.value"
        )
        return {iri: kinds[0] for iri, kinds in self._by_first(query, iris).items()}

    def _by_first(self, query: str, values: Iterable[str]) -> dict[str, list[str]]:
        wanted = sorted(set(values))
        found: dict[str, list[str]] = {}
        for start in range(0, len(wanted), _BATCH):
            for name, value in self._rows(query, (json.dumps(wanted[start : start + _BATCH]),)):
                found.setdefault(name, []).append(value)
        return found

    def suggest(self, prefix: str, limit: int = 10, facets: Iterable[str] = SUGGESTED) -> list[Suggestion]:
        """Return names and subjects that begin with what was typed, or have a word that does; the most frequent first."""
        key = sort_key(prefix)
        if len(fold(prefix.strip())) < 2 or not runs(prefix):
            return []
        wanted = ", ".join(str(NUMBERS[name]) for name in facets)
        rows = self._rows(
            f"SELECT facet, key, label, number FROM value WHERE facet IN ({wanted}) AND label_key >= ? AND label_key < ? "
            "ORDER BY number DESC, label_key LIMIT ?",
            (key, f"{key}\U0010ffff", limit),
        )
        if len(rows) < limit:
            rows += self._rows(
                "SELECT facet, key, label, value.number FROM thing_text JOIN thing ON thing.id = thing_text.rowid "
                f"JOIN value ON value.key = thing.iri AND facet IN ({wanted}) WHERE thing_text MATCH ? "
                "ORDER BY value.number DESC, label_key LIMIT ?",
                (f"{{names}} : {' AND '.join([*map(_phrase, runs(prefix)[:_MOST_WORDS])])} *", limit),
            )
        found = {
            (NAMES[facet], key): Suggestion(NAMES[facet], key, label, number) for facet, key, label, number in rows
        }
        return list(found.values())[:limit]


def _phrase(run: str) -> str:
    return f'"{" ".join(pairs(run)) if is_paired(run) else run}"'
