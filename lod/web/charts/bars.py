"""Charts of bars: columns where labels are short, rows where they are words, and bars from a begin to an end on a timeline."""

from __future__ import annotations

from lod.web.charts.drawing import (
    ROW,
    WIDTH,
    Chart,
    Drawing,
    Series,
    legend,
    scale_of,
    shortened,
    shown,
    sparse,
    spoken,
    width_of,
)
from lod.web.languages.catalogues import gettext

MOST_ROWS = 60
"""Rows of bars below each other; a table has them all."""

_MOST_COLUMNS = 240
_SHORT = 60
_GUTTER = 250
_COLUMN_HEIGHT = 260
_GAP = 6


def bars(chart: Chart) -> Drawing:
    """Draw a number for each label: columns for years and other short labels, rows for words."""
    # Two years are no row of columns yet, but words may be short too.
    is_short = all(width_of(label) <= _SHORT for label in chart.labels)
    return _columns(chart) if is_short and len(chart.labels) <= _MOST_COLUMNS else _rows(chart)


def _columns(chart: Chart) -> Drawing:
    drawing = Drawing(0, spoken(chart))
    top = (legend(drawing, (series.name for series in chart.shown), 0) if len(chart.shown) > 1 else 0) + 14
    bottom = top + _COLUMN_HEIGHT
    drawing.height = bottom + 26
    scale, marks = scale_of([0.0, *_all(chart.shown)], bottom, top)
    left = max(width_of(shown(mark)) for mark in marks) + 8
    for mark in marks:
        drawing.line(left, scale(mark), WIDTH, scale(mark), "axis" if mark == 0 else "grid")
        drawing.text(left - 6, scale(mark) + 4, shown(mark), "e")
    step = (WIDTH - left) / max(1, len(chart.labels))
    thick = min(step * 0.8, 80) / len(chart.shown)
    for number, series in enumerate(chart.shown, 1):
        for place, (label, value) in enumerate(zip(chart.labels, series.values, strict=True)):
            if value is None:
                continue
            x = left + step * (place + 0.5) + thick * (number - 1 - len(chart.shown) / 2)
            y, end = sorted((scale(value), scale(0)))
            drawing.mark(
                "rect", f"s{number}", _said(chart, label, series, value), x=x, y=y, width=thick, height=end - y
            )
    for place in sparse(chart.labels, step):
        drawing.text(left + step * (place + 0.5), bottom + 18, chart.labels[place], "m")
    return drawing


def _rows(chart: Chart) -> Drawing:
    labels = chart.labels[:MOST_ROWS]
    drawing = Drawing(0, spoken(chart))
    top = legend(drawing, (series.name for series in chart.shown), 0) if len(chart.shown) > 1 else 0
    thick = 16 if len(chart.shown) == 1 else 12
    row = thick * len(chart.shown) + _GAP
    left = min(_GUTTER, max(map(width_of, labels), default=0)) + 8
    values = [value for series in chart.shown for value in series.values[:MOST_ROWS] if value is not None]
    room = max((width_of(shown(value)) for value in values), default=0) + 8
    scale, _ = scale_of([0.0, *values], left, WIDTH - room)
    for place, label in enumerate(labels):
        y = top + place * row
        drawing.text(left - 8, y + thick * len(chart.shown) / 2 + 5, shortened(label, _GUTTER), "e", label)
        for number, series in enumerate(chart.shown, 1):
            value = series.values[place]
            if value is None:
                continue
            begin, end = sorted((scale(0), scale(value)))
            at = y + thick * (number - 1)
            drawing.mark(
                "rect",
                f"s{number}",
                _said(chart, label, series, value),
                x=begin,
                y=at,
                width=max(end - begin, 1),
                height=thick - 1,
            )
            drawing.text(end + 5, at + thick / 2 + 4, shown(value))
    drawing.height = top + len(labels) * row
    drawing.line(scale(0), top, scale(0), drawing.height, "axis")
    return drawing


def timeline(chart: Chart) -> Drawing:
    """Draw when each label was: a point at its begin, or a bar to its end, the first ones on top."""
    begins = chart.series[0].values
    ends = chart.series[1].values if len(chart.series) > 1 else (None,) * len(begins)
    rows = [
        (begin, begin if end is None else max(begin, end), label)
        for label, begin, end in zip(chart.labels, begins, ends, strict=True)
        if begin is not None
    ]
    rows.sort()
    drawing = Drawing(ROW)
    if not rows:
        drawing.summary = gettext("No dates.")
        return drawing
    drawing.summary = gettext(
        "%(number)s from %(first)s to %(last)s.",
        number=shown(len(rows)),
        first=int(rows[0][0]),
        last=int(max(end for _, end, _ in rows)),
    )
    del rows[MOST_ROWS:]
    left = min(_GUTTER, max(width_of(label) for _, _, label in rows)) + 8
    scale, marks = scale_of([int(rows[0][0]), int(max(end for _, end, _ in rows)) + 1], left, WIDTH - 20, 8)
    bottom = len(rows) * ROW
    drawing.height = bottom + 24
    for mark in marks:
        drawing.line(scale(mark), 0, scale(mark), bottom)
    for place, (begin, end, label) in enumerate(rows):
        y = place * ROW
        drawing.text(left - 8, y + 16, shortened(label, _GUTTER), "e", label)
        years = f"{int(begin)}" if end == begin else gettext("%(first)s to %(last)s", first=int(begin), last=int(end))
        x, to = scale(begin), scale(end)
        drawing.mark("rect", "s1", f"{label}: {years}", x=x - 4, y=y + 7, width=to - x + 8, height=10, rx=4)
    labels = [str(int(mark)) for mark in marks]
    for place in sparse(labels, scale(marks[1]) - scale(marks[0])):
        drawing.text(scale(marks[place]), bottom + 18, labels[place], "m")
    return drawing


def _all(series: tuple[Series, ...]) -> list[float]:
    return [value for one in series for value in one.known]


def _said(chart: Chart, label: str, series: Series, value: float) -> str:
    return f"{label}: {shown(value)}" if len(chart.series) == 1 else f"{label}, {series.name}: {shown(value)}"
