"""Works of a thing, from the search index: how many in which role, by year, the newest; who and what is found together with it."""

from __future__ import annotations

from dataclasses import dataclass

from lod.store.search.find.index import FacetValue, Hits, SearchIndex
from lod.store.search.values.facets import VIA
from lod.web.search.shown import SEARCH, HitRow, rows_of
from lod.web.search.state import SearchState
from lod.web.search.year_chart import YearChart, works_by_year
from lod.web.view import PublishedView

_SHOWN = 20
"""Works on the page; the search has them all."""
_BESIDE = 10
_MOST_LISTS = 3
_MOST_CONTENTS = 200
"""Works in a table of contents."""

_ROLES = {
    "person": ("work", "works"),
    "organisation": ("work", "works"),
    "journal": ("work", "works"),
    "subject": ("work on it", "works on it"),
    "place": ("work about it", "works about it"),
    "publisher": ("work published", "works published"),
    "collection": ("work in it", "works in it"),
    "funder": ("work funded", "works funded"),
    VIA: ("work", "works"),
}
"""What one work of a thing is called, and several, by the facet that counts them."""

_TOGETHER = {
    "person": (("Co-authors", "person"), ("Journals", "journal"), ("Subjects", "subject"), ("Keywords", "keyword")),
    "organisation": (("People", "person"), ("Together with", "organisation"), ("Journals", "journal")),
    "journal": (("Authors", "person"), ("Subjects", "subject"), ("Keywords", "keyword")),
    "subject": (("Often together with", "subject"), ("Authors", "person"), ("Journals", "journal")),
    "place": (("Subjects", "subject"), ("Keywords", "keyword"), ("Authors", "person"), ("Places beside it", "place")),
    "publisher": (("Journals", "journal"), ("Authors", "person"), ("Subjects", "subject"), ("Keywords", "keyword")),
    "collection": (("Authors", "person"), ("Journals", "journal"), ("Subjects", "subject"), ("Keywords", "keyword")),
    "funder": (("Authors", "person"), ("Organisations", "organisation"), ("Subjects", "subject")),
    VIA: (("Authors", "person"), ("Subjects", "subject"), ("Keywords", "keyword")),
}
"""Lists beside the works, by that facet: heading and facet, the first ones that have values."""


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many works lead to a thing in one role, and the search for them."""

    label: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Together:
    """A value that works of a thing have beside it: its page ("" for none), the search for the works with both, their number."""

    label: str
    page: str
    search: str
    number: int
    by_name: bool


@dataclass(frozen=True, slots=True)
class Works:
    """The works of a thing.

    Attributes:
        roles: the one with the most works first; the rest is about that one.
        rows: works, the newest first, or in the order of their pages where `is_contents`.
        by_year: a chart and a table.
        beside: lists with their headings.
    """

    roles: list[RoleCount]
    rows: list[HitRow]
    by_year: YearChart
    beside: list[tuple[str, list[Together]]]
    is_contents: bool


def works_of(view: PublishedView, index: SearchIndex, iri: str, *, is_contents: bool) -> Works | None:
    """Return the works of a thing, None where it has none; `is_contents` is True for a volume or issue.

    What it costs does not grow with the number of works: figures are those of the index, and the rows are bounded.
    """
    found = [value for value in index.facets_of(iri) if value.facet in _ROLES]
    if not found:
        return None
    param = index.param(found[0].facet, iri)
    states = [SearchState(filters=((value.facet, param),)) for value in found]
    start, state = view.addresses.path(SEARCH), states[0]
    hits = index.search("", state.by_facet, "place" if is_contents else "newest")
    if is_contents:
        states[0] = state.sorted_by("place")
    roles = [
        RoleCount(_ROLES[value.facet][value.number != 1], value.number, one.address(start))
        for value, one in zip(found, states, strict=True)
    ]
    return Works(
        roles,
        rows_of(view, index.entries(hits, 1, _MOST_CONTENTS if is_contents else _SHOWN)),
        works_by_year(index, hits, state, start),
        # What stands beside a single work is in its row.
        _beside(view, index, state, hits, found[0]) if hits.total > 1 else [],
        is_contents,
    )


def _beside(
    view: PublishedView, index: SearchIndex, state: SearchState, hits: Hits, own: FacetValue
) -> list[tuple[str, list[Together]]]:
    found: list[tuple[str, list[Together]]] = []
    lists = _TOGETHER[own.facet]
    for heading, facet in lists:
        if len(found) == _MOST_LISTS:
            break
        values = index.facets(hits, [facet], _BESIDE + 1).get(facet, [])
        others = [value for value in values if value.key != own.key][:_BESIDE]
        if others:
            found.append((heading, [_together(view, index, state, value) for value in others]))
    return found


def _together(view: PublishedView, index: SearchIndex, state: SearchState, value: FacetValue) -> Together:
    both = state.having(value.facet, index.param(value.facet, value.key)).address(view.addresses.path(SEARCH))
    is_own = value.is_thing and value.key.startswith(view.addresses.base)
    page = (view.addresses.link(value.key) or "") if is_own else ""
    return Together(value.label, page, both, value.number, value.is_by_name)
