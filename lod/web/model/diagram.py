"""The classes and their joins as a drawing: the item on the left, what it leads to in columns to the right of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lod.web.charts.drawing import Drawing, numbered, shortened, shown
from lod.web.languages.catalogues import gettext
from lod.web.model.joins import ClassFound
from lod.web.writing.xml_text import element, tagged

_MOST_CLASSES = 24
_COLUMNS = (0.0, 284.0, 568.0)
_BOX, _HEIGHT, _STEP = 150.0, 40.0, 58.0
_GAP = 6
_LABEL = 132
"""Room for a label; its letters are smaller than those that widths are measured for."""


def diagram(
    classes: Sequence[ClassFound], start: str, label: Callable[[str], str], name: Callable[[str], str]
) -> Drawing:
    """Draw classes as boxes and the properties between them as lines.

    Args:
        classes: the classes, of which the most frequent are drawn.
        start: the class that everything begins at.
        label: returns the label of a class; `name` the prefixed name of a property.
    """
    drawn = {found.iri: found for found in classes[:_MOST_CLASSES]}
    columns = _columns(drawn, start)
    places = {
        iri: (_COLUMNS[number], row * _STEP + 4)
        for number, column in enumerate(columns)
        for row, iri in enumerate(column)
    }
    height = max((len(column) for column in columns), default=1) * _STEP + 8
    if start in places:
        places[start] = (_COLUMNS[0], min(height / 2 - _HEIGHT, (len(columns[0]) + 1) * _STEP))
    drawing = Drawing(height)
    named: set[str] = set()
    number = 0
    for source, target, properties in sorted(_edges(drawn), key=lambda edge: edge[0] != start):
        if source in places and target in places and source != target:
            names = [name(property_) for property_ in properties]
            if _edge(drawing, places[source], places[target], names, is_named=target not in named):
                named.add(target)
            number += 1
    for iri, (x, y) in places.items():
        drawing.mark("rect", "box", "", x=x, y=y, width=_BOX, height=_HEIGHT, rx=4)
        drawing.text(x + 8, y + 17, shortened(label(iri), _BOX - 14), "", label(iri))
        drawing.text(x + 8, y + 33, shown(drawn[iri].number), "quiet")
    drawing.summary = gettext(
        "%(classes)s classes with %(joins)s joins; the tables below list them.", classes=len(places), joins=number
    )
    return drawing


def _edges(drawn: dict[str, ClassFound]) -> Iterator[tuple[str, str, list[str]]]:
    for source, found in drawn.items():
        by_target: dict[str, list[str]] = {}
        for join in found.joins:
            for target in join.targets:
                by_target.setdefault(target, []).append(join.property)
        for target, properties in by_target.items():
            yield source, target, properties


def _columns(drawn: dict[str, ClassFound], start: str) -> list[list[str]]:
    """Return the classes by how many steps they are from the first; what is not reached is below the first."""
    steps = {start: 0} if start in drawn else {}
    waiting = list(steps)
    links: dict[str, list[str]] = {}
    for source, target, _ in _edges(drawn):
        links.setdefault(source, []).append(target)
    while waiting:
        source = waiting.pop(0)
        for target in links.get(source, ()):
            if target in drawn and target not in steps:
                steps[target] = min(steps[source] + 1, len(_COLUMNS) - 1)
                waiting.append(target)
    columns: list[list[str]] = [[] for _ in _COLUMNS]
    for iri in drawn:
        columns[steps.get(iri, 0)].append(iri)
    return columns


def _edge(
    drawing: Drawing, source: tuple[float, float], target: tuple[float, float], names: list[str], *, is_named: bool
) -> bool:
    """Draw a line to a box, with the first property beside its end and all of them in its title; return whether it goes right."""
    (x1, y1), (x2, y2) = source, target
    y1, y2 = y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
    if x2 > x1:
        x1, middle = x1 + _BOX, (x1 + _BOX + x2) / 2
        path = f"M{numbered(x1)} {numbered(y1)}C{numbered(middle)} {numbered(y1)} {numbered(middle)} {numbered(y2)} {numbered(x2)} {numbered(y2)}"
        more = f" +{len(names) - 1}" if len(names) > 1 else ""
        if is_named:
            drawing.text(x2 - _GAP, y2 - 5, shortened(names[0], _LABEL) + more, "e quiet", ", ".join(names))
        class_ = "join"
    else:
        side = _BOX if x1 == x2 else 0
        bend = 26 if x1 == x2 else -26
        path = (
            f"M{numbered(x1 + side)} {numbered(y1 + 6)}C{numbered(x1 + side + bend)} {numbered(y1 + 6)} "
            f"{numbered(x2 + _BOX - side + side + bend)} {numbered(y2 - 6)} {numbered(x2 + _BOX)} {numbered(y2 - 6)}"
        )
        class_ = "join back"
    drawing.parts.insert(0, tagged("path", element("title", ", ".join(names)), {"class": class_, "d": path}))
    return x2 > x1
