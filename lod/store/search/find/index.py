"""SearchIndex: what pages, feeds and services ask of the index of a generation."""

from __future__ import annotations

import json
import threading
import weakref
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from lod.rdf.coar import ACCESS_RIGHTS, TYPES
from lod.store.catalog.schema import ReaderPool
from lod.store.search.build.entry import shown_in_lists
from lod.store.search.build.schema import basis
from lod.store.search.build.things import Thing
from lod.store.search.find.browse import Browser, Listing
from lod.store.search.find.candidates import Candidates
from lod.store.search.find.counting import FacetCounter, FacetValue, damaged, unpacked
from lod.store.search.find.lookup import SUGGESTED, LookUp, Part, Suggestion
from lod.store.search.find.query import SCHEMES, Query, SearchTerm, read_query, readable
from lod.store.search.find.spelling import Spelling
from lod.store.search.values.facets import NAMES, NUMBERS, OF_THINGS
from lod.store.search.values.folding import keyword_key, sort_key, words
from lod.store.sqlite_files import BASIS

__all__ = ["Entry", "FacetValue", "Hits", "Listing", "Part", "SearchIndex", "Suggestion", "Thing", "Year"]

MOST_RANKED = 20_000
"""Largest number of hits that are ranked by relevance; more are listed newest first."""

SORTS = ("relevance", "newest", "title", "place")
"""Orders of hits: by relevance, by date, by title, by the place that a citation names."""

_WEIGHTS = "10.0, 5.0, 1.0, 4.0, 3.0, 2.0, 8.0"
"""Of the columns of the text, in their order."""
_ORDERS = {
    "newest": "date DESC, title_key, id",
    "title": "title_key, id",
    "place": "place_key = '', place_key, title_key, id",
}
_PREFIXES = {
    "type": TYPES,
    "language": "http://id.loc.gov/vocabulary/iso639-2/",
    "access": ACCESS_RIGHTS,
    "licence": "https://creativecommons.org/licenses/",
}
"""Starts of IRIs that addresses leave out."""
_KEPT_RANKINGS = 32
_EXPORT_ROWS = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in a list: its IRI, its title, and what else lists show (`lod.store.search.build.entry`), by name."""

    iri: str
    title: str
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Year:
    """A bar of the histogram."""

    year: int
    number: int


@dataclass(frozen=True)
class Hits:
    """What a search found.

    Attributes:
        query: as it was read.
        filters: values by facet, as they were given.
        total: the exact number of hits.
        sort: the order of the hits; "newest" where too many were found to be ranked (`is_ranked` is False then).
        entries: all hits; None for all items.
        first: those that the typed identifier names.
        things: things that the typed identifier names.
        few: adds up how often each value occurs among few hits, once; returns None where they are many.
    """

    query: Query
    filters: Mapping[str, Sequence[str]]
    total: int
    sort: str
    is_ranked: bool
    entries: BitMap | None = field(repr=False)
    first: tuple[int, ...]
    things: tuple[Thing, ...]
    few: Callable[[], Counter[int] | None] = field(repr=False)


class SearchIndex:
    """The index of one generation, which never changes. Safe to use from several threads.

    A search is two steps: `search` finds, `entries`, `facets` and `years` show of what was found. Filters are values of facets as
    addresses have them (`param`): "c_6501" for the COAR type, "person/rp00477" for a person of this site, "Lu, L" for who is known
    by name only, "2010..2015" for years. Each filter narrows; counts are those of the hits.
    """

    def __init__(self, path: Path, pool: ReaderPool) -> None:
        """Use `open`."""
        self.path = path
        self._rows = pool.rows
        self._counter = FacetCounter(pool.rows)
        self._browser = Browser(pool.rows)
        self._spelling = Spelling(pool.rows)
        self._look_up = LookUp(pool.rows)
        self.candidates = Candidates(pool.rows, self._spelling)
        self._orders: dict[str, array[int]] = {}
        self._rankings: OrderedDict[str, array[int]] = OrderedDict()
        self._ranking = threading.Lock()
        self._closed = weakref.finalize(self, pool.close)

    @staticmethod
    def open(path: Path) -> SearchIndex | None:
        """Open the index in a file; None where there is none, or another version of lod made it: the next run makes it anew.

        Raises:
            StoreError: it cannot be read.
        """
        if not path.is_file():
            return None
        pool = ReaderPool(path, lambda connection, path: None, "the search index")
        if pool.rows(BASIS) != [(basis(),)]:
            pool.close()
            return None
        return SearchIndex(path, pool)

    # --- search

    def search(self, text: str = "", filters: Mapping[str, Sequence[str]] | None = None, sort: str = "") -> Hits:
        """Find the items that a query and filters let through. Any text is a query; "" lets all through.

        Words have to be there all of them, in any field; docs/search.md has the syntax. An identifier in any spelling (DOI,
        ISSN, ISBN, ORCID iD, handle …) finds what has it first. `sort` is one of SORTS; "" is relevance for a query, else newest.
        """
        query = read_query(text)
        filters = {facet: [*map(readable, params)] for facet, params in (filters or {}).items()}
        narrowed = self._narrowed(query, filters)
        iris = self._look_up.iris_of_identifier(query.text) if query.text else []
        named = self._named_by(iris)
        match = query.match()
        matching = self._matching(match) if match else None
        can_be_ranked = matching is not None and len(matching) <= MOST_RANKED
        found = self._found(query, matching, named if iris else None, narrowed)
        total = len(found) if found is not None else len(self._all)
        wanted = sort if sort in SORTS else "relevance" if match or iris else "newest"
        is_ranked = wanted != "relevance" or not match or can_be_ranked
        order = wanted if wanted != "relevance" or can_be_ranked else "newest"
        own = self._own_entries(iris)
        first = tuple(sorted(own if found is None else own & found)) if wanted == "relevance" else ()
        things = tuple(thing for iri in iris if (thing := self._look_up.thing(iri)))
        few = cache(lambda: None if found is None else self._counter.add_up(found))
        return Hits(query, filters, total, order, is_ranked, found, first, things, few)

    def _found(
        self, query: Query, matching: BitMap | None, named: BitMap | None, narrowed: BitMap | None
    ) -> BitMap | None:
        """Return the hits: what matches or is named, less what is unwanted, within the filters; None for all entries."""
        without, found = query.match_unwanted(), matching
        if found is None and query.text and not query.exact and not without:
            found = BitMap()
        if named is not None:
            found = named if found is None else found | named
        if without:
            found = (self._all if found is None else found) - self._matching(without)
        if narrowed is not None:
            found = narrowed if found is None else found & narrowed
        return found

    def entries(self, hits: Hits, page: int = 1, size: int = 20) -> list[Entry]:
        """Return a page of the hits, in their order."""
        start = (page - 1) * size
        return self._read(list(islice(self._in_order(hits), start, start + size)))

    def all_entries(self, hits: Hits) -> Iterator[Entry]:
        """Yield all hits, in their order."""
        ids = self._in_order(hits)
        while batch := list(islice(ids, _EXPORT_ROWS)):
            yield from self._read(batch)

    def facets(self, hits: Hits, names: Sequence[str] = NAMES, limit: int = 10) -> dict[str, list[FacetValue]]:
        """Return the most frequent values of each facet among the hits, with exact counts; facets without values are left out."""
        found = {name: self._counter.top(name, hits.entries, limit, hits.few()) for name in names}
        return {name: values for name, values in found.items() if values}

    def years(self, hits: Hits) -> list[Year]:
        """Return how many of the hits are of each year, the earliest first; years without hits are left out."""
        values = self._counter.top("year", hits.entries, 10_000, hits.few())
        return sorted((Year(int(value.key), value.number) for value in values), key=lambda year: year.year)

    def suggested_query(self, hits: Hits) -> str:
        """Return the query with words of this site in the place of unknown ones, "" where there are none like them."""
        corrected = self._spelling.corrections(hits.query.words())
        if not corrected:
            return ""
        parts = []
        for part in hits.query.text.split(" "):
            found = words(part)
            parts.append(part if not any(word in corrected for word in found) else _respelt(part, found, corrected))
        text = " ".join(parts)
        return text if self.search(text).total else ""

    # --- values and things

    def value(self, facet: str, param: str) -> FacetValue | None:
        """Return the value of a facet that a filter names, with its count among all items; None where no item has it."""
        for key in self.keys(facet, readable(param)):
            for row in self._rows(
                "SELECT key, label, number FROM value WHERE key = ? AND facet = ?", (key, NUMBERS[facet])
            ):
                return FacetValue(facet, *row)
        return None

    def param(self, facet: str, key: str) -> str:
        """Return a value as addresses have it: the key, without the start that all IRIs of its kind have."""
        return next((key[len(start) :] for start in self._starts(facet) if key.startswith(start)), key)

    def keys(self, facet: str, param: str) -> list[str]:
        """Return the keys that a value in an address may stand for, the likeliest first."""
        if facet == "keyword":
            return [keyword_key(param)]
        return [*(start + param for start in self._starts(facet)), param]

    def browse(
        self,
        facet: str,
        letter: str = "",
        contains: str = "",
        order: str = "name",
        page: int = 1,
        size: int = 100,
        *,
        identified: bool = False,
    ) -> Listing:
        """Return a page of all values of a facet, "name" or "count" first: those under a letter, those that contain a text.

        `identified` leaves out those that are known by name only.
        """
        contains = readable(contains)
        return self._browser.list(facet, readable(letter), contains, order, page, size, identified=identified)

    def number_of_values(self, facet: str) -> int:
        """Return how many values a facet has."""
        return self._browser.number_of_values(facet)

    def suggest(self, prefix: str, limit: int = 10, facets: Iterable[str] = SUGGESTED) -> list[Suggestion]:
        """Return names and subjects, or values of other facets, that complete what was typed, the most frequent first."""
        return self._look_up.suggest(readable(prefix), limit, facets)

    def thing(self, iri: str) -> Thing | None:
        """Return a person, organisation, journal, concept … by its IRI."""
        return self._look_up.thing(iri)

    def identifiers_of(self, scheme: str) -> Iterator[tuple[str, str]]:
        """Yield the forms of all identifiers of a scheme, sorted, each with the IRI of what has it."""
        return self._look_up.identifiers_of(scheme)

    def numbers_of_kinds(self) -> dict[str, int]:
        """Return how many things of each kind, and items, there are."""
        return self._look_up.numbers_of_kinds()

    def things_of(self, kinds: Iterable[str]) -> Iterator[Thing]:
        """Yield the things of some kinds."""
        return self._look_up.things_of(kinds)

    def number_of_items(self, iri: str) -> int:
        """Return how many items lead to a thing."""
        return self._look_up.number_of_items(iri)

    def facets_of(self, iri: str) -> list[FacetValue]:
        """Return the values that a thing is, one for each facet that has it, the one of the most items first."""
        return [FacetValue(facet, iri, label, number) for facet, label, number in self._look_up.facets_of(iri)]

    def parts_of(self, iri: str, limit: int) -> list[Part]:
        """Return the volumes and issues of a journal, or the issues of a volume, at most `limit`."""
        return self._look_up.parts_of(iri, limit)

    def iris_by_identifier(self, text: str) -> list[str]:
        """Return the IRIs of the things and items that have an identifier, typed in any spelling."""
        return self._look_up.iris_of_identifier(readable(text))

    def iris_with_forms(self, forms: Iterable[str]) -> list[str]:
        """Return the IRIs of what has an identifier of one of some forms (`lod.store.search.values.identifiers`)."""
        return self._look_up.iris_with_forms(map(readable, forms))

    def iris_by_form(self, forms: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of what has an identifier, by each of some forms."""
        return self._look_up.iris_by_form(forms)

    def forms_of(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """Return the forms of the identifiers of what is published, by each of some IRIs."""
        return self._look_up.forms_of(iris)

    def kinds_of(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the kinds of those of some IRIs that are published: "item", or the kind of the thing."""
        return self._look_up.kinds_of(iris)

    def entry(self, iri: str) -> Entry | None:
        """Return the entry of an item by its IRI, None where it is no item."""
        return next(iter(self._read(sorted(self._own_entries([iri])))), None)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The base IRIs of items and things."""
        return tuple(json.loads(self._rows("SELECT value FROM meta WHERE name = 'bases'")[0][0]))

    # --- parts

    def _starts(self, facet: str) -> list[str]:
        """Return the starts of keys that addresses leave out."""
        if facet in OF_THINGS:
            return [f"{base}id/" for base in self.bases]
        return [_PREFIXES[facet]] if facet in _PREFIXES else []

    @cached_property
    def _all(self) -> BitMap:
        return BitMap(id_ for (id_,) in self._rows("SELECT id FROM entry"))

    def _order(self, sort: str) -> array[int]:
        known = self._orders.get(sort)
        if known is None:
            rows = self._rows(f"SELECT id FROM entry ORDER BY {_ORDERS[sort]}")
            known = self._orders[sort] = array("I", (id_ for (id_,) in rows))
        return known

    def _narrowed(self, query: Query, filters: Mapping[str, Sequence[str]]) -> BitMap | None:
        """Return the entries that filters, and fields of the query that stand for filters, let through; None for all."""
        narrowed: BitMap | None = None
        wanted = [self._filtered(facet, param) for facet, params in filters.items() for param in params]
        for term in query.exact:
            found = self._of_term(term)
            wanted.append(self._all - found if term.is_excluded else found)
        for found in wanted:
            narrowed = found if narrowed is None else narrowed & found
        return narrowed

    def _filtered(self, facet: str, param: str) -> BitMap:
        if facet == "year" and ".." in param:
            return self._of_years(*param.split("..", 1))
        return self._counter.entries_with(facet, self.keys(facet, param))

    def _of_years(self, first: str, last: str) -> BitMap:
        low = int(first) if _is_year(first) else -99_999
        high = int(last) if _is_year(last) else 99_999
        found = BitMap()
        query = "SELECT entries FROM value WHERE facet = ? AND CAST(key AS INTEGER) BETWEEN ? AND ?"
        for (packed,) in self._rows(query, (NUMBERS["year"], low, high)):
            found |= unpacked(packed)
        return found

    def _of_term(self, term: SearchTerm) -> BitMap:
        if term.field in SCHEMES:
            text = f"pmid:{term.text}" if term.field == "pmid" else term.text
            return self._named_by(self._look_up.iris_of_identifier(text))
        if term.field == "year" and ".." in term.text:
            return self._of_years(*term.text.split("..", 1))
        found = self._counter.entries_with(term.field, self.keys(term.field, term.text))
        query = "SELECT entries FROM value WHERE facet = ? AND label_key = ?"
        for (packed,) in self._rows(query, (NUMBERS[term.field], sort_key(term.text))):
            found |= unpacked(packed)
        return found

    def _named_by(self, iris: Sequence[str]) -> BitMap:
        """Return the entries of items, and those that lead to things, with these IRIs."""
        found = self._own_entries(iris)
        for iri in iris:
            for (packed,) in self._rows("SELECT entries FROM value WHERE key = ?", (iri,)):
                found |= unpacked(packed)
        return found

    def _own_entries(self, iris: Sequence[str]) -> BitMap:
        rows = (self._rows("SELECT id FROM entry WHERE subject = ?", (iri,)) for iri in iris)
        return BitMap(found[0][0] for found in rows if found)

    def _matching(self, expression: str) -> BitMap:
        return BitMap(id_ for (id_,) in self._rows("SELECT rowid FROM text WHERE text MATCH ?", (expression,)))

    def _in_order(self, hits: Hits) -> Iterator[int]:
        yield from hits.first
        ids = self._ranked(hits.query.match()) if hits.sort == "relevance" else self._order(hits.sort)
        entries, first = hits.entries, frozenset(hits.first)
        for id_ in ids:
            if (entries is None or id_ in entries) and id_ not in first:
                yield id_
        if hits.sort == "relevance" and entries is not None:
            # What leads to a thing that the typed identifier names need not have the words.
            ranked = BitMap(ids)
            yield from (
                id_ for id_ in self._order("newest") if id_ in entries and id_ not in ranked and id_ not in first
            )

    def _ranked(self, expression: str) -> array[int]:
        """Return the entries that match, by relevance; the last rankings are kept, for other pages and filters."""
        with self._ranking:
            known = self._rankings.get(expression)
            if known is not None:
                self._rankings.move_to_end(expression)
                return known
        query = f"SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, {_WEIGHTS}), rowid LIMIT ?"
        ids = array("I", (id_ for (id_,) in self._rows(query, (expression, MOST_RANKED))))
        with self._ranking:
            self._rankings[expression] = ids
            while len(self._rankings) > _KEPT_RANKINGS:
                self._rankings.popitem(last=False)
        return ids

    def _read(self, ids: Sequence[int]) -> list[Entry]:
        query = (
            "SELECT subject, title, shown FROM json_each(?) AS wanted JOIN entry ON entry.id = wanted.value "
            "ORDER BY wanted.key"
        )
        rows = self._rows(query, (json.dumps(list(ids)),))
        try:
            return [Entry(subject, title, shown_in_lists(shown)) for subject, title, shown in rows]
        except ValueError as fault:
            raise damaged(fault) from fault


def _is_year(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) <= 5


def _respelt(part: str, found: list[str], corrected: Mapping[str, str]) -> str:
    """Return a part of a query with its words in new spelling; what is around them stays."""
    folded = " ".join(corrected.get(word, word) for word in found)
    head = part[: len(part) - len(part.lstrip('-"'))]
    name, colon, _ = part[len(head) :].partition(":")
    tail = part[len(part.rstrip('"*')) :]
    if colon and len(found) > 1 and words(name) == found[:1]:
        return f"{head}{name}:{' '.join(corrected.get(word, word) for word in found[1:])}{tail}"
    return f"{head}{folded}{tail}"
