"""Charts of points: lines, a scatter of two numbers, a map of places."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from lod.web.charts.drawing import (
    WIDTH,
    Chart,
    Drawing,
    Scale,
    legend,
    numbered,
    scale_of,
    shown,
    sparse,
    spoken,
    ticks,
    width_of,
)
from lod.web.languages.catalogues import gettext, ngettext
from lod.web.writing.xml_text import element, tagged

MOST_POINTS = 2_000
_HEIGHT = 300
_FEW_POINTS = 60
_DATE = re.compile(r"(-?\d{4,6})(?:-(\d\d)(?:-(\d\d))?)?(?:[TZ+].{0,40})?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?")
_LEAST_SPAN = 30
"""Degrees that a map shows at least: nearer, its outlines are too coarse to tell where something is."""


def moment(text: str) -> float | None:
    """Return a year, month or day in years, 1998.5 for July 1998; None for any other text."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) + (int(match[2] or 1) - 1) / 12 + (int(match[3] or 1) - 1) / 366


def number(text: str) -> float | None:
    """Return a decimal number or one with an exponent; None for any other text."""
    return float(text) if _NUMBER.fullmatch(text) else None


def lines(chart: Chart) -> Drawing:
    """Draw each series as a line; labels that are all numbers or dates have their place on the axis, others equal steps."""
    drawing = Drawing(0, spoken(chart))
    top = (legend(drawing, (series.name for series in chart.shown), 0) if len(chart.shown) > 1 else 0) + 14
    bottom = top + _HEIGHT
    drawing.height = bottom + 26
    vertical, marks = scale_of([value for series in chart.shown for value in series.known] or [0.0], bottom, top)
    left = max(width_of(shown(mark)) for mark in marks) + 12
    _grid(drawing, vertical, marks, left)
    horizontal, places = _across(drawing, chart.labels, left, bottom)
    for colour, series in enumerate(chart.shown, 1):
        points = sorted(
            (places[place], value, label)
            for place, (label, value) in enumerate(zip(chart.labels, series.values, strict=True))
            if value is not None
        )[:MOST_POINTS]
        path = "L".join(f"{numbered(horizontal(x))} {numbered(vertical(y))}" for x, y, _ in points)
        if path:
            drawing.parts.append(tagged("path", "", {"class": f"line s{colour}", "d": f"M{path}"}))
        for x, y, label in points:
            named = f"{label}: {shown(y)}" if len(chart.series) == 1 else f"{label}, {series.name}: {shown(y)}"
            radius = 4 if len(points) <= _FEW_POINTS else 2.5
            drawing.mark("circle", f"point s{colour}", named, cx=horizontal(x), cy=vertical(y), r=radius)
    return drawing


def _across(drawing: Drawing, labels: tuple[str, ...], left: float, bottom: float) -> tuple[Scale, list[float]]:
    """Label the axis below a line; return its scale, and where each label is on it."""
    for read, write in ((moment, lambda mark: str(int(mark))), (number, shown)):
        found = [read(label) for label in labels]
        places = [place for place in found if place is not None]
        if len(places) == len(labels) > 1 and min(places) < max(places):
            scale = Scale(min(places), max(places), left + 6, WIDTH - 20)
            marks = [mark for mark in ticks(min(places), max(places), 8) if scale.least <= mark <= scale.most]
            if read is moment:
                marks = [mark for mark in marks if mark == int(mark)]
            if len(marks) < 2:
                marks = [scale.least, scale.most]
            texts = [write(mark) for mark in marks]
            for position in sparse(texts, scale(marks[1]) - scale(marks[0])):
                drawing.text(scale(marks[position]), bottom + 18, texts[position], "m")
            return scale, places
    scale = Scale(-0.5, max(1, len(labels)) - 0.5, left, WIDTH)
    for position in sparse(labels, scale(1) - scale(0)):
        drawing.text(scale(position), bottom + 18, labels[position], "m")
    return scale, [float(position) for position in range(len(labels))]


def _grid(drawing: Drawing, vertical: Scale, marks: list[float], left: float) -> None:
    for mark in marks:
        drawing.line(left, vertical(mark), WIDTH, vertical(mark), "axis" if mark == 0 else "grid")
        drawing.text(left - 8, vertical(mark) + 4, shown(mark), "e")


def scatter(chart: Chart) -> Drawing:
    """Draw a point for each label: the first series is its place across, the second its height."""
    across, up = chart.series[:2]
    points = [
        (x, y, label)
        for label, x, y in zip(chart.labels, across.values, up.values, strict=True)
        if x is not None and y is not None
    ][:MOST_POINTS]
    drawing = Drawing(
        0,
        gettext("%(number)s points: %(up)s by %(across)s.", number=shown(len(points)), up=up.name, across=across.name),
    )
    top, bottom = 26, 26 + _HEIGHT
    drawing.height = bottom + 44
    vertical, marks = scale_of([y for _, y, _ in points] or [0.0], bottom, top)
    left = max(width_of(shown(mark)) for mark in marks) + 12
    _grid(drawing, vertical, marks, left)
    horizontal, marks = scale_of([x for x, _, _ in points] or [0.0], left, WIDTH - 20, 8)
    are_years = all(x == int(x) and 1000 <= x < 3000 for x, _, _ in points)
    texts = [str(int(mark)) if are_years else shown(mark) for mark in marks]
    for position in sparse(texts, horizontal(marks[1]) - horizontal(marks[0])):
        drawing.text(horizontal(marks[position]), bottom + 18, texts[position], "m")
    drawing.text(0, 12, up.name)
    drawing.text(WIDTH, bottom + 38, across.name, "e")
    for x, y, label in points:
        place = str(int(x)) if are_years else shown(x)
        named = f"{label}: {up.name} {shown(y)}, {across.name} {place}"
        drawing.mark("circle", "point s1", named, cx=horizontal(x), cy=vertical(y), r=4)
    return drawing


def world(chart: Chart) -> Drawing:
    """Draw a point for each label on the outlines of the land, as near as these allow."""
    latitudes, longitudes = chart.series[:2]
    places = [
        (latitude, longitude, label)
        for label, latitude, longitude in zip(chart.labels, latitudes.values, longitudes.values, strict=True)
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    ][:MOST_POINTS]
    west, east, south, north = _section([place[:2] for place in places])
    scale = WIDTH / (east - west)
    drawing = Drawing(
        (north - south) * scale,
        ngettext("%(number)s place.", "%(number)s places.", len(places), number=shown(len(places))),
    )
    # The outlines are in quarters of a degree, south is down.
    move = f"scale({scale / 4:.4f}) translate({-west * 4:.1f} {north * 4:.1f})"
    land = {"class": "land", "d": _land(), "transform": move, "vector-effect": "non-scaling-stroke"}
    drawing.parts.append(tagged("path", "", {**land}))
    by_place: dict[tuple[float, float], list[str]] = {}
    for latitude, longitude, label in places:
        by_place.setdefault((latitude, longitude), []).append(label)
    for (latitude, longitude), labels in by_place.items():
        left = len(labels) - 10
        more = (
            f" {ngettext('and %(number)s more', 'and %(number)s more', left, number=shown(left))}" if left > 0 else ""
        )
        named = "; ".join(labels[:10]) + more
        circle = {
            "class": "point s1",
            "cx": numbered((longitude - west) * scale),
            "cy": numbered((north - latitude) * scale),
        }
        drawing.parts.append(tagged("circle", element("title", named), {**circle, "r": "5"}))
    return drawing


def _section(places: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return the west, east, south and north of the part of the world that a map shows."""
    if not places:
        return -180, 180, -60, 85
    south, north = min(latitude for latitude, _ in places), max(latitude for latitude, _ in places)
    west, east = min(longitude for _, longitude in places), max(longitude for _, longitude in places)
    across = min(360.0, max((east - west) * 1.2, (north - south) * 1.2 * 2, _LEAST_SPAN * 2))
    up = across / 2
    west = min(max((west + east - across) / 2, -180), 180 - across)
    south = min(max((south + north - up) / 2, -90), 90 - up)
    return west, west + across, south, south + up


@cache
def _land() -> str:
    """Return the outlines of the land in quarters of a degree.

    Source: Natural Earth, 1:110m physical vectors (public domain), by way of world-atlas 2.0.2.
    """
    return files(__package__).joinpath("land.path").read_text(encoding="ascii").replace("\n", "")
