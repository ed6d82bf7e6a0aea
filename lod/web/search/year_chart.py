"""Works by year: a chart of the hits of a search, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lod.store.search.find.index import Hits, SearchIndex
from lod.web.charts.chart import chart_svg
from lod.web.languages.catalogues import gettext
from lod.web.search.state import SearchState

_MOST_YEARS = 120
"""Years in a chart, the last ones; the table has them all."""
_FEWEST_YEARS = 4
"""Fewer are said in a line."""


@dataclass(frozen=True, slots=True)
class YearChart:
    """Works by year: `years` have their number and the search for them, the latest first; `svg` is None where there are few."""

    svg: Markup | None
    years: list[tuple[int, int, str]]


def works_by_year(index: SearchIndex, hits: Hits, state: SearchState, start: str) -> YearChart:
    """Return the hits of a state by year; `start` is the path of the search."""
    found = {year.year: year.number for year in index.years(hits)}
    years = [(year, number, state.having("year", str(year)).address(start)) for year, number in reversed(found.items())]
    return YearChart(_drawn(found) if len(found) >= _FEWEST_YEARS else None, years)


def _drawn(found: dict[int, int]) -> Markup:
    last = max(found)
    shown: Sequence[int] = range(max(min(found), last - _MOST_YEARS + 1), last + 1)
    return chart_svg(
        "bar",
        gettext("Works by year"),
        [*map(str, shown)],
        {gettext("Works"): [float(found.get(year, 0)) for year in shown]},
    )
