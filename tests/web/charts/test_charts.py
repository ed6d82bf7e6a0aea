"""Charts as SVG: what is drawn where, what is said of it, and what no chart contains."""

import base64
import hashlib
import re

import pytest
from lxml import etree

from lod.web.charts.chart import FILE_POLICY, KINDS, chart_file, chart_svg
from lod.web.charts.drawing import WIDTH, shortened, ticks
from lod.web.charts.points import moment

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("x")</script>&\x00'
CHARTS = {
    "bar": (["2010", "2011", "2012"], {"Works": [1, 4.5, None]}),
    "line": (["2010-01", "2010-07", "2012"], {"a": [1, 2, 3], "b": [3, None, 1]}),
    "scatter": (["x", "y"], {"pages": [10, 20], "authors": [1, 7]}),
    "timeline": (["First", "Second"], {"begin": [1900.5, 1950], "end": [1980, None]}),
    "map": (["Hong Kong", "Łódź"], {"latitude": [22.3, 51.8], "longitude": [114.2, 19.5]}),
}


def read(kind, labels, series):
    return etree.fromstring(chart_file(kind, "What it shows", labels, series))


def test_every_kind_is_tried_here():
    assert set(CHARTS) == set(KINDS)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_has_a_title_a_description_and_a_name_for_every_mark(kind):
    labels, series = CHARTS[kind]
    root = read(kind, labels, series)
    assert root.findtext(f"{SVG}title") == "What it shows"
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"What it shows. {root.findtext(f'{SVG}desc')}"
    said = {mark.findtext(f"{SVG}title") for mark in root.iter(f"{SVG}rect", f"{SVG}circle")} - {None}
    for label, *values in zip(labels, *series.values(), strict=True):
        if any(value is not None for value in values):
            assert [text for text in said if label in text], label


@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize("draw", [chart_svg, chart_file], ids=["page", "file"])
def test_a_chart_has_no_script_no_style_attribute_and_no_address(kind, draw):
    _, series = CHARTS[kind]
    number = len(next(iter(series.values())))
    found = draw(kind, HOSTILE, [HOSTILE] * number, {f"{name}{HOSTILE}": values for name, values in series.items()})
    root = etree.fromstring(str(found) if isinstance(found, str) else found)
    assert not [element for element in root.iter() if "script" in element.tag]
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name == "style" or name.startswith("on") or "href" in name}
    if draw is chart_svg:
        assert "<style" not in found


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_of_nothing_is_empty_and_says_so(kind):
    root = read(kind, [], {name: [] for name in CHARTS[kind][1]})
    assert re.search(r"No values|No dates|0 points|0 places", root.findtext(f"{SVG}desc"))


@pytest.mark.parametrize(
    ("labels", "is_across"),
    [pytest.param(["2010", "2011"], False, id="columns"), pytest.param(["Journal article", "Thesis"], True, id="rows")],
)
def test_bars_stand_for_years_and_lie_for_words(labels, is_across):
    bars = read("bar", labels, {"Works": [10, 20]}).findall(f"{SVG}rect")
    sizes = [float(bar.get("width" if is_across else "height")) for bar in bars]
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=0.2)


def test_every_mark_is_inside_the_drawing():
    for kind, (labels, series) in CHARTS.items():
        root = read(kind, labels, series)
        for mark in root.iter(f"{SVG}circle", f"{SVG}rect"):
            x = float(mark.get("cx") or mark.get("x"))
            assert -1 <= x <= WIDTH, kind
            assert -1 <= float(mark.get("cy") or mark.get("y")) <= float(root.get("height")), kind


def test_dates_have_their_place_on_the_axis_of_a_line():
    circles = list(read("line", ["2010", "2012", "2011"], {"n": [1, 1, 1]}).iter(f"{SVG}circle"))
    places = [float(circle.get("cx")) for circle in circles]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.2)
    assert [circle.findtext(f"{SVG}title") for circle in circles] == ["2010: 1", "2011: 1", "2012: 1"]


def test_the_description_says_the_least_and_the_most():
    root = read("bar", ["2010", "2011", "2012"], {"Works": [5, 1200, 1]})
    assert root.findtext(f"{SVG}desc") == "Bar chart. 3 values of Works, from 1 (2012) to 1,200 (2011)."


def test_points_at_one_place_are_one_mark_with_all_names():
    root = read("map", ["A", "B", "C"], {"lat": [1, 1, 99], "lon": [2, 2, 0]})
    assert [circle.findtext(f"{SVG}title") for circle in root.iter(f"{SVG}circle")] == ["A; B"]
    assert root.findtext(f"{SVG}desc") == "Map. 2 places."


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        pytest.param(0, 7, [0, 2, 4, 6, 8], id="small"),
        pytest.param(0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1], id="nothing"),
        pytest.param(-3, 12_000, [-5_000, 0, 5_000, 10_000, 15_000], id="below zero"),
        pytest.param(0, 0.03, [0, 0.01, 0.02, 0.03], id="fractions"),
    ],
)
def test_ticks_are_round_and_hold_the_range(least, most, expected):
    assert ticks(least, most, 5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1998", 1998), ("1998-07", 1998.5), ("1998-07-01T00:00:00Z", 1998.5), ("Vol. 3", None), ("12", None)],
)
def test_a_date_is_a_moment_in_years(text, expected):
    assert moment(text) == expected


def test_a_long_label_is_cut_and_said_whole():
    label = "Annals of everything that was ever measured in a laboratory, and of what was not"
    root = read("bar", [label, "b"], {"n": [1, 2]})
    assert shortened(label, 250).endswith("…")
    assert label in [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")]


def test_the_policy_of_a_file_names_its_style_by_its_hash():
    style = read("bar", ["a"], {"n": [1]}).findtext(f"{SVG}style")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" == FILE_POLICY
