"""Which charts the columns of a result allow, and one of them drawn. Pure: terms of SPARQL results in, SVG out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lod.questions.load import VIEWS
from lod.rdf.claims import XSD_NS
from lod.web.charts.chart import KINDS
from lod.web.charts.points import moment, number

TABLE = "table"
_NUMBERS = frozenset(
    f"{XSD_NS}{name}"
    for name in (
        "integer",
        "decimal",
        "double",
        "float",
        "int",
        "long",
        "short",
        "nonNegativeInteger",
        "positiveInteger",
    )
)
_DATES = frozenset(f"{XSD_NS}{name}" for name in ("gYear", "gYearMonth", "date", "dateTime"))
_VIEW = re.compile(r"^[ \t]{0,20}#[ \t]{0,5}defaultView:([A-Za-z]{1,30})", re.MULTILINE)
_BY_NAME = {name.lower(): kind for kind, name in VIEWS.items()} | {
    "areachart": "line",
    "bubblechart": "bar",
    TABLE: TABLE,
}
"""Views of the Wikidata Query Service, by the name in lower case, and what they are here."""
_POINT = re.compile(r"POINT ?Z?\((-?[\d.]{1,20}) (-?[\d.]{1,20})(?: -?[\d.]{1,20})?\)", re.IGNORECASE)
_LATITUDE, _LONGITUDE = frozenset({"lat", "latitude"}), frozenset({"lon", "long", "lng", "longitude"})

Term = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: its name, its terms as JSON has them, and the texts that a table shows for them."""

    name: str
    terms: Sequence[Term | None]
    texts: Sequence[str]

    def numbers(self) -> list[float | None] | None:
        """Return the numbers, if nothing else is in the column."""
        found = [number(term["value"]) if term and term.get("datatype") in _NUMBERS else None for term in self.terms]
        return found if self._is_whole(found) else None

    def moments(self) -> list[float | None] | None:
        """Return the dates in years, if nothing else is in the column: typed ones, or texts that are all years or dates."""
        found = [
            moment(term["value"])
            if term and term["type"] == "literal" and term.get("datatype") in {None, *_DATES}
            else None
            for term in self.terms
        ]
        return found if self._is_whole(found) else None

    def points(self) -> tuple[list[float | None], list[float | None]] | None:
        """Return the latitudes and longitudes of points (WKT, GeoSPARQL), if nothing else is in the column."""
        matches = [_POINT.search(term["value"]) if term else None for term in self.terms]
        if not self._is_whole(matches):
            return None
        return (
            [number(match[2]) if match else None for match in matches],
            [number(match[1]) if match else None for match in matches],
        )

    def _is_whole(self, found: Sequence[object]) -> bool:
        return any(value is not None for value in found) and all(
            value is not None for value, term in zip(found, self.terms, strict=True) if term is not None
        )


@dataclass(frozen=True, slots=True)
class Drawable:
    """What a chart of one kind is drawn from: its labels, and its series by name."""

    labels: list[str]
    series: dict[str, list[float | None]]


def stated_view(query: str) -> tuple[str, str]:
    """Return the view that a comment of a query states ("" for none), and a remark where it is not known."""
    match = _VIEW.search(query)
    if match is None:
        return "", ""
    kind = _BY_NAME.get(match[1].lower(), "")
    known = ", ".join(("Table", *VIEWS.values()))
    return kind, "" if kind else f"There is no view {match[1]} here; known: {known}."


def drawable(columns: Sequence[Column]) -> dict[str, Drawable]:
    """Return what can be drawn of the columns of a result, by the kind of chart, in the order of `KINDS`."""
    if not columns or not columns[0].terms:
        return {}
    numbers = {column.name: read for column in columns if (read := column.numbers())}
    moments = {column.name: read for column in columns if column.name not in numbers and (read := column.moments())}
    others = [column for column in columns if column.name not in numbers]
    found: dict[str, Drawable | None] = {
        "bar": _measured(columns, numbers, others),
        "line": _measured(columns, numbers, others),
        "scatter": _scattered(columns, numbers, moments),
        "timeline": _dated(columns, moments),
        "map": _placed(columns, numbers),
    }
    return {kind: drawn for kind in KINDS if (drawn := found[kind])}


def _measured(
    columns: Sequence[Column], numbers: dict[str, list[float | None]], others: list[Column]
) -> Drawable | None:
    """Return numbers by label; where there are two columns of labels, one series for each value of the other."""
    if not numbers:
        return None
    if not others:
        if len(numbers) < 2:
            return None
        first, *rest = columns
        return Drawable(list(first.texts), {column.name: numbers[column.name] for column in rest})
    label, *more = _named(others)
    if len(numbers) == 1 and more and len(set(label.texts)) < len(label.texts) >= 2 * len(set(more[0].texts)):
        return _split(label.texts, more[0].texts, next(iter(numbers.values())))
    return Drawable(list(label.texts), dict(numbers))


def _named(columns: list[Column]) -> list[Column]:
    """Return columns with labels, texts before things, whose names a text beside them often is."""
    return sorted(columns, key=lambda column: any(term and term["type"] != "literal" for term in column.terms))


def _split(labels: Sequence[str], names: Sequence[str], values: Sequence[float | None]) -> Drawable:
    """Return one series for each name, the largest first, from rows of a label, a name and a number."""
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    series: dict[str, list[float | None]] = {}
    for label, name, value in zip(labels, names, values, strict=True):
        series.setdefault(name, [None] * len(places))[places[label]] = value
    ranked = sorted(series.items(), key=lambda pair: -sum(value or 0 for value in pair[1]))
    return Drawable(list(places), dict(ranked))


def _scattered(
    columns: Sequence[Column], numbers: dict[str, list[float | None]], moments: dict[str, list[float | None]]
) -> Drawable | None:
    places = {**moments, **numbers}
    across = next((column.name for column in columns if column.name in places), "")
    up = next((name for name in numbers if name != across), "")
    return Drawable(_labels(columns, {across, up}), {across: places[across], up: numbers[up]}) if up else None


def _dated(columns: Sequence[Column], moments: dict[str, list[float | None]]) -> Drawable | None:
    names = [column.name for column in columns if column.name in moments][:2]
    if not names or len(columns) < 2:
        return None
    return Drawable(_labels(columns, set(names)), {name: moments[name] for name in names})


def _placed(columns: Sequence[Column], numbers: dict[str, list[float | None]]) -> Drawable | None:
    for column in columns:
        found = column.points()
        if found:
            return Drawable(_labels(columns, {column.name}), {"latitude": found[0], "longitude": found[1]})
    latitude = next((name for name in numbers if name.lower() in _LATITUDE), "")
    longitude = next((name for name in numbers if name.lower() in _LONGITUDE), "")
    if not latitude or not longitude:
        return None
    labels = _labels(columns, {latitude, longitude})
    return Drawable(labels, {"latitude": numbers[latitude], "longitude": numbers[longitude]})


def _labels(columns: Sequence[Column], without: Iterable[str]) -> list[str]:
    """Return what the rows are called by the other columns."""
    named = _named([column for column in columns if column.name not in without])
    return list(named[0].texts) if named else [""] * len(columns[0].terms)
