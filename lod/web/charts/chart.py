"""Charts as SVG: bars, lines, points, a timeline, a map. Pure: labels and numbers in, SVG out.

A chart in a page takes its colours from the style sheet, light and dark; a chart in a file has them with it. Neither has a script, a
`style` attribute or an address in it. Each mark says in a `title` what it represents; a chart is never alone, a table has its numbers.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from markupsafe import Markup

from lod.web.charts.bars import bars, timeline
from lod.web.charts.drawing import WIDTH, Chart, Drawing, Series, numbered
from lod.web.charts.points import lines, scatter, world
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.writing.xml_text import element, tagged

KINDS: dict[str, Callable[[Chart], Drawing]] = {
    "bar": bars,
    "line": lines,
    "scatter": scatter,
    "timeline": timeline,
    "map": world,
}
"""How the kinds of charts are drawn, by name.

What the series of a chart hold: for "bar" and "line" a number for each label; for "scatter" x, then y; for "timeline" the begin of each
label in years (1998.5 is July 1998), then its end where there is one; for "map" the latitude, then the longitude in degrees.
"""

WORDS = {
    "bar": gettext_noop("Bar chart"),
    "line": gettext_noop("Line chart"),
    "scatter": gettext_noop("Scatter chart"),
    "timeline": gettext_noop("Timeline"),
    "map": gettext_noop("Map"),
}

_FILE_STYLE = """
svg{background:#fff;color:#1c2127;font:13px system-ui,sans-serif;--c1:#0b57a4;--c2:#b3541e;--c3:#1a6b3c;--c4:#6a3d9a;--c5:#525c66;--paper:#fff;--grid:#d3d9df;--land:#e4e8ec}
@media(prefers-color-scheme:dark){svg{background:#14181c;color:#e6e9ec;--c1:#84b9f2;--c2:#f0a06c;--c3:#7fd09b;--c4:#c4a6ea;--c5:#a4aeb8;--paper:#14181c;--grid:#363e46;--land:#2b333b}}
text{fill:currentColor}.e{text-anchor:end}.m{text-anchor:middle}.grid{stroke:var(--grid)}.axis{stroke:currentColor}.land{fill:var(--land);stroke:var(--grid)}
.s1{fill:var(--c1);stroke:var(--c1)}.s2{fill:var(--c2);stroke:var(--c2)}.s3{fill:var(--c3);stroke:var(--c3)}.s4{fill:var(--c4);stroke:var(--c4)}.s5{fill:var(--c5);stroke:var(--c5)}
.line{fill:none;stroke-width:2}.line.s2{stroke-dasharray:7 3}.line.s3{stroke-dasharray:2 3}.line.s4{stroke-dasharray:9 3 2 3}.line.s5{stroke-dasharray:4 4}.point{stroke:var(--paper)}
"""

FILE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_FILE_STYLE.encode()).digest()).decode()}'"
)
"""Content-Security-Policy of a chart at an address of its own: its style, known by its hash, and nothing else."""


def chart_svg(kind: str, title: str, labels: list[str], series: dict[str, list[float | None]]) -> Markup:
    """Return a chart as SVG in a page.

    Args:
        kind: a name from `KINDS`, which also says what the series hold.
        title: what the chart shows, for who cannot see it.
        labels: of the marks, in order; for lines those that are numbers or dates have their place on an axis.
        series: numbers by name, as many as there are labels; None for none.
    """
    return drawing_svg(_drawn(kind, title, labels, series), title)


def chart_file(kind: str, title: str, labels: list[str], series: dict[str, list[float | None]]) -> bytes:
    """Return a chart as an SVG file, with its style; see `chart_svg`."""
    drawing = _drawn(kind, title, labels, series)
    attributes: dict[str, str | None] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": str(WIDTH),
        "height": numbered(drawing.height),
    }
    return _svg(drawing, title, drawing.summary, attributes, tagged("style", _FILE_STYLE)).encode("utf-8")


def _drawn(kind: str, title: str, labels: list[str], series: dict[str, list[float | None]]) -> Drawing:
    chart = Chart(title, tuple(labels), tuple(Series(name, tuple(values)) for name, values in series.items()))
    drawing = KINDS[kind](chart)
    drawing.summary = f"{gettext(WORDS[kind])}. {drawing.summary}"
    return drawing


def drawing_svg(drawing: Drawing, title: str) -> Markup:
    """Return any drawing as SVG in a page."""
    return Markup(_svg(drawing, title, drawing.summary, {"class": "chart"}, ""))  # noqa: S704 - every text in it is escaped


def _svg(drawing: Drawing, title: str, described: str, attributes: dict[str, str | None], style: str) -> str:
    content = "".join((element("title", title), element("desc", described), style, *drawing.parts))
    view = f"0 0 {WIDTH} {numbered(drawing.height)}"
    return tagged(
        "svg",
        content,
        {
            **attributes,
            "viewBox": view,
            "role": "img",
            "aria-label": f"{title}{'' if title.endswith(('.', '?')) else '.'} {described}",
        },
    )
