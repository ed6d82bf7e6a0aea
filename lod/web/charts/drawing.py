"""What all charts are drawn with: marks and texts, the widths of texts, scales with round ticks, legends."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lod.web.languages.catalogues import gettext, ngettext
from lod.web.languages.numbers_and_dates import number as written
from lod.web.writing.xml_text import element, tagged

WIDTH = 720
"""Units across a drawing; a text is 13 of them high."""

MOST_SERIES = 5
"""As many colours as can be told apart on both backgrounds."""

ROW = 24
_EM = 13 * 0.62
_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers under one name; None where a label has none."""

    name: str
    values: tuple[float | None, ...]

    @property
    def known(self) -> list[float]:
        """The numbers that there are."""
        return [value for value in self.values if value is not None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: labels, and for each of them a number in every series."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def shown(self) -> tuple[Series, ...]:
        """The series that have colours."""
        return self.series[:MOST_SERIES]


@dataclass(slots=True)
class Drawing:
    """SVG elements from the top down, and a sentence that says in words what is seen."""

    height: float
    summary: str = ""
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, class_: str = "", title: str = "") -> None:
        """Write a text at its base line; `class_` is "e" to end and "m" to be centred at x."""
        content = element("text", text, {"x": numbered(x), "y": numbered(y), "class": class_ or None})
        self.parts.append(tagged("g", element("title", title) + content) if title else content)

    def line(self, x1: float, y1: float, x2: float, y2: float, class_: str = "grid") -> None:
        """Draw a straight line."""
        self.parts.append(
            tagged("path", "", {"class": class_, "d": f"M{numbered(x1)} {numbered(y1)}L{numbered(x2)} {numbered(y2)}"})
        )

    def mark(self, name: str, class_: str, title: str, **attributes: float) -> None:
        """Draw a shape that says what it represents."""
        written = {key: numbered(value) for key, value in attributes.items()}
        self.parts.append(tagged(name, element("title", title) if title else "", {"class": class_, **written}))


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers to places in a drawing, linear."""

    least: float
    most: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a number."""
        return self.begin + (value - self.least) / (self.most - self.least) * (self.end - self.begin)


def numbered(number: float) -> str:
    """Return a number as SVG attributes have it."""
    return f"{number:.1f}".removesuffix(".0")


def shown(number: float) -> str:
    """Return a number for people: thousands grouped, at most four decimals."""
    if number == int(number):
        return written(number)
    decimals = len(f"{number:.4f}".rstrip("0").partition(".")[2])
    return written(number, decimals) if decimals else written(round(number))


def width_of(text: str) -> float:
    """Return about how wide a text is."""
    return _EM * sum(1.8 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)


def shortened(text: str, room: float) -> str:
    """Return a text, cut where it does not fit."""
    if width_of(text) <= room:
        return text
    while text and width_of(text) > room - _EM:
        text = text[: max(0, min(len(text) - 1, int(len(text) * room / width_of(text))))]
    return f"{text.rstrip()}…"


def ticks(least: float, most: float, number: int, *, are_whole: bool = False) -> list[float]:
    """Return round numbers around a range, about as many as wished, the first and the last outside or at its ends."""
    if most == least:
        least, most = (min(0.0, least), max(0.0, most)) if least else (0.0, 1.0)
    rough = (most - least) / max(1, number)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    step = max(1.0, step) if are_whole else step
    first = math.floor(least / step + 1e-9)
    last = math.ceil(most / step - 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def scale_of(values: Sequence[float], begin: float, end: float, number: int = 5) -> tuple[Scale, list[float]]:
    """Return a scale for numbers and its ticks."""
    found = ticks(min(values), max(values), number, are_whole=all(value == int(value) for value in values))
    return Scale(found[0], found[-1], begin, end), found


def sparse(labels: Sequence[str], step: float, gap: float = 12) -> Iterator[int]:
    """Yield the positions of labels that fit beside each other, at so many units from one to the next."""
    every = max(1, math.ceil((max(map(width_of, labels), default=0) + gap) / step))
    return iter(range(0, len(labels), every))


def legend(drawing: Drawing, names: Iterable[str], y: float) -> float:
    """Name the series of a chart above it; return the height that this took."""
    x, top = 0.0, y
    for number, name in enumerate(names, 1):
        text = shortened(name, WIDTH / 2)
        if x and x + width_of(text) + 34 > WIDTH:
            x, y = 0.0, y + ROW
        drawing.mark("rect", f"s{number}", "", x=x, y=y, width=12, height=12)
        drawing.text(x + 18, y + 11, text)
        x += width_of(text) + 34
    return y + ROW - top


def spoken(chart: Chart) -> str:
    """Return how many values there are, and which are the least and the most of the first series."""
    first = chart.series[0]
    pairs = [(value, label) for value, label in zip(first.values, chart.labels, strict=True) if value is not None]
    if not pairs:
        return gettext("No values.")
    low, high = min(pairs), max(pairs, key=lambda pair: pair[0])
    named = ngettext(
        "%(number)s value of %(name)s",
        "%(number)s values of %(name)s",
        len(pairs),
        number=shown(len(pairs)),
        name=first.name,
    )
    if low[0] == high[0]:
        return f"{named}: {shown(high[0])}."
    return gettext(
        "%(values)s, from %(least)s (%(first)s) to %(most)s (%(last)s).",
        values=named,
        least=shown(low[0]),
        first=low[1],
        most=shown(high[0]),
        last=high[1],
    )
