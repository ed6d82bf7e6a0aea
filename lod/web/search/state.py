"""State of a search: what an address asks for, and the address of each state. One state has one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from lod.errors import BadValueError
from lod.store.search.find.index import SORTS
from lod.store.search.values.facets import BY_NAME, FILTERS
from lod.web.reading.paging import page_number

SIZES = (10, 20, 50, 100)
"""Hits that a page may have."""
DEFAULT_SIZE = 20
MOST_FILTERS = 6
"""Most filters in one search: only crawlers that walk all combinations send more."""
_MOST_PAGES = 99_999
_LONGEST_FILTER = 500

Filter = tuple[str, str]
"""A facet and a value of it, as addresses have it."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """The parameters of a search.

    Attributes:
        text: the query.
        filters: in the order of the table of facets.
        sort: "" for the usual order: by relevance where there is a query, else newest first.
        page, size: which hits are shown.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE

    @property
    def by_facet(self) -> Mapping[str, list[str]]:
        """The filters by facet."""
        return {name: found for name in FILTERS if (found := [value for facet, value in self.filters if facet == name])}

    def address(self, start: str, **more: str) -> str:
        """Return the address of this state; `start` is the path of the search, `more` are other arguments, such as `format`."""
        pairs = [*self.pairs(), *more.items()]
        return f"{start}?{urlencode(pairs, quote_via=quote, safe='/:')}" if pairs else start

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address of this state."""
        return [
            *((("q", self.text),) if self.text else ()),
            *self.filters,
            *((("sort", self.sort),) if self.sort else ()),
            *((("size", str(self.size)),) if self.size != DEFAULT_SIZE else ()),
            *((("page", str(self.page)),) if self.page != 1 else ()),
        ]

    def at(self, page: int) -> SearchState:
        """Return the state of another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> SearchState:
        """Return the state in another order, from the beginning."""
        return replace(self, sort=sort, page=1)

    def sized(self, size: int) -> SearchState:
        """Return the state with so many hits a page, from the beginning."""
        return replace(self, size=size, page=1)

    def asking(self, text: str) -> SearchState:
        """Return the state with another query, from the beginning."""
        return replace(self, text=text, page=1)

    def having(self, facet: str, value: str) -> SearchState:
        """Return the state with one filter more, from the beginning; a range of years takes the place of another."""
        kept = (pair for pair in self.filters if facet != "year" or pair[0] != "year")
        return replace(self, filters=in_order((*kept, (facet, value))), page=1)

    def without(self, facet: str, value: str) -> SearchState:
        """Return the state with one filter less, from the beginning."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair != (facet, value)), page=1)

    def without_filters(self) -> SearchState:
        """Return the state with no filter."""
        return replace(self, filters=(), page=1)


def in_order(filters: Iterable[Filter]) -> tuple[Filter, ...]:
    """Return filters in the order of the table of facets, each once."""
    return tuple(sorted(dict.fromkeys(filters), key=lambda pair: (FILTERS.index(pair[0]), pair[1])))


def read_state(arguments: MultiDict[str, str]) -> SearchState:
    """Return the state that the arguments of an address ask for; unknown arguments are left out.

    Raises:
        BadValueError: an argument has no meaning; the text says what would have.
    """
    filters = [(name, value.strip()) for name in FILTERS for value in arguments.getlist(name) if value.strip()]
    years = _years(arguments)
    if years:
        filters = [*(pair for pair in filters if pair[0] != "year"), ("year", years)]
    filters = list(in_order(filters))
    if len(filters) > MOST_FILTERS:
        raise BadValueError(f"{len(filters)} filters at once; at most {MOST_FILTERS} are taken. Drop some of them.")
    for name, value in filters:
        if len(value) > _LONGEST_FILTER:
            raise BadValueError(
                f"?{name}= has {len(value):,} characters; a {BY_NAME[name].label.lower()} has at most 500."
            )
    sort = arguments.get("sort", "")
    if sort and sort not in SORTS:
        raise BadValueError(f"?sort={sort[:20]} is no order; known: {', '.join(SORTS)}.")
    size = arguments.get("size", str(DEFAULT_SIZE))
    if size not in map(str, SIZES):
        raise BadValueError(f"?size={size[:20]} is not offered; a page has {', '.join(map(str, SIZES))} hits.")
    page = page_number(arguments.get("page", "1"), _MOST_PAGES)
    return SearchState(" ".join(arguments.get("q", "").split()), tuple(filters), sort, page, int(size))


def _years(arguments: MultiDict[str, str]) -> str:
    """Return the range that the two fields of the form give: "2010..2015", "" for none."""
    first, last = (arguments.get(name, "").strip() for name in ("from", "to"))
    for name, year in (("from", first), ("to", last)):
        digits = year.removeprefix("-")
        if year and not (digits.isascii() and digits.isdecimal() and len(digits) <= 5):
            raise BadValueError(f"?{name}={year[:20]} is no year; a year has four digits.")
    return f"{first}..{last}" if first or last else ""
