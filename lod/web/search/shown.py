"""What pages of searches show, as plain values: rows, chips, facets, the histogram of years, the pager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.store.search.find.index import Entry, FacetValue, Hits, SearchIndex
from lod.store.search.values.facets import BY_NAME, FACETS, VIA
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.languages.numbers_and_dates import number
from lod.web.pages.code_words import access_of, container_words, label_of_value, volume_or_issue, words_of
from lod.web.pages.values import Shown
from lod.web.search.state import SearchState
from lod.web.view import PublishedView

SEARCH = "search"
"""Path of the search, below the mount."""

SORT_LABELS = {
    "relevance": gettext_noop("Relevance"),
    "newest": gettext_noop("Newest"),
    "title": gettext_noop("Title"),
    "place": gettext_noop("Cited place"),
}
FEW_VALUES = 8
"""Values of a facet beside the hits; a page of its own has more."""
MANY_VALUES = 500
_OPEN_FACETS = frozenset({"type", "year", "person", "subject", "keyword"})
_CHART_WIDTH, _CHART_HEIGHT = 240, 60
_MOST_BARS = 120


@dataclass(frozen=True, slots=True)
class HitRow:
    """A hit: title with its link, authors, where it was published, year, type, access."""

    title: Shown
    authors: list[Shown]
    more_authors: int
    containers: list[Shown]
    year: str
    types: list[str]
    access: list[str]
    is_open: bool
    licence: list[str]
    doi: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen, or dropped: its label, its count (None where it is not known), the address that it leads to."""

    label: str
    number: int | None
    href: str
    is_chosen: bool = False
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class FacetShown:
    """A facet beside the hits; `more` is the address of all of its values, "" where these are all."""

    name: str
    label: str
    choices: list[Choice]
    is_open: bool
    more: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram, in units of its drawing."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The histogram of years; `bars` of several years each where there are many."""

    bars: list[Bar]
    width: int
    height: int
    first: int
    last: int
    summary: str


def rows_of(view: PublishedView, entries: Iterable[Entry]) -> list[HitRow]:
    """Return entries as lists show them."""
    return [_row(view, entry) for entry in entries]


def item_path(view: PublishedView, iri: str) -> str:
    """Return the path that leads to an item."""
    return view.addresses.link(iri) or view.addresses.path(f"id/{view.addresses.given_key(iri)}")


def chips(view: PublishedView, index: SearchIndex, state: SearchState) -> list[Choice]:
    """Return the filters of a state, each with the address of the state without it."""
    start = view.addresses.path(SEARCH)
    found = []
    for facet, param in state.filters:
        value = index.value(facet, param)
        label = f"{gettext(BY_NAME[facet].label)}: {_label(index, value) if value else _in_words(facet, param)}"
        is_by_name = value is not None and value.is_by_name
        found.append(Choice(label, None, state.without(facet, param).address(start), True, is_by_name))
    return found


def facets_shown(view: PublishedView, index: SearchIndex, state: SearchState, hits: Hits) -> list[FacetShown]:
    """Return the facets beside the hits."""
    start = view.addresses.path(SEARCH)
    counted = index.facets(hits, limit=FEW_VALUES + 1)
    found = []
    for facet in FACETS:
        values = counted.get(facet.name, [])
        if not values or (len(values) == 1 and values[0].number == hits.total and not _chosen(state, facet.name)):
            # What all hits have in common narrows nothing.
            continue
        more = state.address(f"{start}/facet/{facet.name}") if len(values) > FEW_VALUES else ""
        choices = [choice(view, index, state, value) for value in values[:FEW_VALUES]]
        is_open = facet.name in _OPEN_FACETS or bool(_chosen(state, facet.name))
        found.append(FacetShown(facet.name, facet.label, choices, is_open, more))
    return found


def choice(view: PublishedView, index: SearchIndex, state: SearchState, value: FacetValue) -> Choice:
    """Return a value of a facet as a link: to the state with it, or without it where it is chosen."""
    start, param = view.addresses.path(SEARCH), index.param(value.facet, value.key)
    is_chosen = (value.facet, param) in state.filters
    target = state.without(value.facet, param) if is_chosen else state.having(value.facet, param)
    label = label_of_value(value.facet, value.key, value.label)
    return Choice(label, value.number, target.address(start), is_chosen, value.is_by_name)


def chart_of(index: SearchIndex, hits: Hits) -> Chart | None:
    """Return the histogram of the hits by year, None where they are of one year or none."""
    years = index.years(hits)
    if len(years) < 2:
        return None
    first, last = years[0].year, years[-1].year
    step = -(-(last - first + 1) // _MOST_BARS)
    sums: dict[int, int] = {}
    for year in years:
        sums[(year.year - first) // step] = sums.get((year.year - first) // step, 0) + year.number
    most, width = max(sums.values()), _CHART_WIDTH / ((last - first) // step + 1)
    bars = []
    for position, count in sorted(sums.items()):
        height = max(1.0, count / most * _CHART_HEIGHT)
        begin = first + position * step
        span = str(begin) if step == 1 else gettext("%(first)s to %(last)s", first=begin, last=begin + step - 1)
        label = f"{span}: {number(count)}"
        bars.append(
            Bar(
                round(position * width, 2),
                round(_CHART_HEIGHT - height, 2),
                round(max(width * 0.85, 0.5), 2),
                round(height, 2),
                label,
            )
        )
    top = max(years, key=lambda year: year.number)
    summary = gettext(
        "Hits by year, %(first)s to %(last)s; most in %(year)s: %(number)s",
        first=first,
        last=last,
        year=top.year,
        number=number(top.number),
    )
    return Chart(bars, _CHART_WIDTH, _CHART_HEIGHT, first, last, summary)


def _row(view: PublishedView, entry: Entry) -> HitRow:
    shown = entry.shown
    authors = [_named(view, name, iri, orcid) for name, iri, orcid in shown.get("authors", ())]
    access = shown.get("access", [])
    return HitRow(
        Shown(entry.title, item_path(view, entry.iri)),
        authors,
        shown.get("number_of_authors", 0) - len(authors),
        [_named(view, container_words(name), iri) for name, iri in shown.get("in", ()) if name],
        shown.get("issued", "")[:4] if shown.get("issued", "")[:4].isdecimal() else "",
        [label for iri in shown.get("types", ()) if (label := words_of(iri))],
        [label for iri in access if (label := words_of(iri))],
        any(access_of(iri) == "open" for iri in access),
        [label for iri in shown.get("licence", ()) if (label := words_of(iri))],
        shown.get("doi", ""),
        shown.get("abstract", ""),
    )


def _named(view: PublishedView, name: str, iri: str, orcid: str = "") -> Shown:
    """Return someone with a link to the page; who is known by name only has a link to the search by that name."""
    if iri:
        return Shown(name, view.addresses.link(iri), note=orcid)
    href = SearchState(filters=(("person", name),)).address(view.addresses.path(SEARCH))
    return Shown(name, href, note=orcid)


def _chosen(state: SearchState, facet: str) -> list[str]:
    return [param for name, param in state.filters if name == facet]


def _label(index: SearchIndex, value: FacetValue) -> str:
    """Return the label of a value; a volume or issue without a title is known by its number and that of what it is part of."""
    thing = index.thing(value.key) if value.facet == VIA and not value.label else None
    if thing is None:
        return label_of_value(value.facet, value.key, value.label) or value.key
    above = [index.thing(parent) for parent in thing.parents[:1]]
    names = [volume_or_issue(one.kind, one.number) if one.number and not one.name else one.name for one in above if one]
    return ", ".join([*names, volume_or_issue(thing.kind, thing.number) if thing.number else thing.iri])


def _in_words(facet: str, param: str) -> str:
    """Return a filter that no value represents as people read it: a range of years in words, any other as it is."""
    first, dots, last = param.partition("..")
    if facet != "year" or not dots:
        return param
    if first and last:
        return gettext("%(first)s to %(last)s", first=first, last=last)
    return gettext("from %(year)s", year=first) if first else gettext("to %(year)s", year=last)


def pages_around(page: int, last: int) -> Iterator[int | None]:
    """Yield the numbers of pages that a pager links, None for a gap: the first, the last, and those around this one."""
    wanted = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    before = 0
    for place in wanted:
        if place > before + 1:
            yield None
        yield place
        before = place
