"""Works of a thing, from the search index: how many in which role, by year, the newest; who and what is found together with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from lod.store.search.find.index import FacetValue, Hits, SearchIndex
from lod.store.search.values.facets import VIA
from lod.web.languages.catalogues import gettext, gettext_noop, ngettext
from lod.web.languages.templates import numbered
from lod.web.pages.code_words import label_of_value
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

_Words = tuple[Callable[[int], str], str]

_WORKS: _Words = (lambda number: ngettext("%(number)s work", "%(number)s works", number), gettext_noop("Works"))
_ROLES: dict[str, _Words] = {
    "person": _WORKS,
    "organisation": _WORKS,
    "journal": _WORKS,
    "subject": (
        lambda number: ngettext("%(number)s work on it", "%(number)s works on it", number),
        gettext_noop("Works on it"),
    ),
    "place": (
        lambda number: ngettext("%(number)s work about it", "%(number)s works about it", number),
        gettext_noop("Works about it"),
    ),
    "publisher": (
        lambda number: ngettext("%(number)s work published", "%(number)s works published", number),
        gettext_noop("Works published"),
    ),
    "collection": (
        lambda number: ngettext("%(number)s work in it", "%(number)s works in it", number),
        gettext_noop("Works in it"),
    ),
    "funder": (
        lambda number: ngettext("%(number)s work funded", "%(number)s works funded", number),
        gettext_noop("Works funded"),
    ),
    VIA: _WORKS,
}
"""How works of a thing are counted in words, and their heading, by the facet that counts them."""

_TOGETHER = {
    "person": (
        (gettext_noop("Co-authors"), "person"),
        (gettext_noop("Journals"), "journal"),
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
    ),
    "organisation": (
        (gettext_noop("People"), "person"),
        (gettext_noop("Together with"), "organisation"),
        (gettext_noop("Journals"), "journal"),
    ),
    "journal": (
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
    ),
    "subject": (
        (gettext_noop("Often together with"), "subject"),
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Journals"), "journal"),
    ),
    "place": (
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Places beside it"), "place"),
    ),
    "publisher": (
        (gettext_noop("Journals"), "journal"),
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
    ),
    "collection": (
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Journals"), "journal"),
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
    ),
    "funder": (
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Organisations"), "organisation"),
        (gettext_noop("Subjects"), "subject"),
    ),
    VIA: (
        (gettext_noop("Authors"), "person"),
        (gettext_noop("Subjects"), "subject"),
        (gettext_noop("Keywords"), "keyword"),
    ),
}
"""Lists beside the works, by that facet: heading and facet, the first ones that have values."""


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many works lead to a thing in one role, in words and as a heading, and the search for them."""

    text: Markup
    heading: str
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
    roles = [_role(value, one.address(start)) for value, one in zip(found, states, strict=True)]
    return Works(
        roles,
        rows_of(view, index.entries(hits, 1, _MOST_CONTENTS if is_contents else _SHOWN)),
        works_by_year(index, hits, state, start),
        # What is beside a single work is in its row.
        _beside(view, index, state, hits, found[0]) if hits.total > 1 else [],
        is_contents,
    )


def _role(value: FacetValue, href: str) -> RoleCount:
    words, heading = _ROLES[value.facet]
    return RoleCount(numbered(words(value.number), value.number), gettext(heading), value.number, href)


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
            found.append((gettext(heading), [_together(view, index, state, value) for value in others]))
    return found


def _together(view: PublishedView, index: SearchIndex, state: SearchState, value: FacetValue) -> Together:
    both = state.having(value.facet, index.param(value.facet, value.key)).address(view.addresses.path(SEARCH))
    is_own = value.is_thing and value.key.startswith(view.addresses.base)
    page = (view.addresses.link(value.key) or "") if is_own else ""
    label = label_of_value(value.facet, value.key, value.label)
    return Together(label, page, both, value.number, value.is_by_name)
