"""Which charts the columns of a result allow, and of what they are drawn."""

import pytest

from lod.rdf.claims import XSD_NS
from lod.web.sparql.drawn import Column, drawable, stated_view

TEXTS = ("Hong Kong", "Łódź", "Lima")


def column(name, *values, datatype=None, type_="literal"):
    terms = [
        None
        if value is None
        else {"type": type_, "value": value, **({"datatype": XSD_NS + datatype} if datatype else {})}
        for value in values
    ]
    return Column(name, terms, [value or "" for value in values])


LABELS = column("label", *TEXTS)
THINGS = column("thing", *(f"urn:{number}" for number in range(3)), type_="uri")
NUMBERS = column("n", "1", None, "3.5", datatype="decimal")
YEARS = column("year", "1998", "1999", "2000", datatype="gYear")


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([LABELS], [], id="texts"),
        pytest.param([LABELS, NUMBERS], ["bar", "line"], id="numbers"),
        pytest.param([YEARS, NUMBERS], ["bar", "line", "scatter", "timeline"], id="years and numbers"),
        pytest.param([LABELS, YEARS], ["timeline"], id="dates"),
        pytest.param([LABELS, column("w", "POINT(114.2 22.3)", "Point(19.5 51.8)", None)], ["map"], id="points"),
        pytest.param([column("handle", "10722", "1", "2"), LABELS], [], id="digits that are no numbers"),
        pytest.param([column("n", None, None, None, datatype="integer")], [], id="no values"),
    ],
)
def test_columns_allow_charts(columns, kinds):
    assert list(drawable(columns)) == kinds


def test_bars_have_the_label_beside_a_thing():
    drawn = drawable([THINGS, LABELS, NUMBERS])["bar"]
    assert (drawn.labels, drawn.series) == (list(TEXTS), {"n": [1, None, 3.5]})


def test_a_second_column_of_labels_makes_series_the_largest_first():
    years = column("year", "2010", "2010", "2011", "2011")
    types = column("type", "Thesis", "Article", "Thesis", "Article")
    drawn = drawable([years, types, column("n", "1", "2", "3", "40", datatype="integer")])["line"]
    assert (drawn.labels, drawn.series) == (["2010", "2011"], {"Article": [2, 40], "Thesis": [1, 3]})


def test_a_timeline_runs_from_the_first_column_of_dates_to_the_second():
    end = column("end", "2001", None, "2002-07", datatype="gYearMonth")
    drawn = drawable([LABELS, YEARS, end])["timeline"]
    assert drawn.series == {"year": [1998, 1999, 2000], "end": [2001, None, 2002.5]}


def test_a_map_knows_its_columns_by_name_or_by_points():
    columns = [LABELS, *(column(name, "1", "2", "3", datatype="double") for name in ("Lat", "long"))]
    assert drawable(columns)["map"].series == {"latitude": [1, 2, 3], "longitude": [1, 2, 3]}
    point = column("w", "<urn:crs> POINT Z(114.2 22.3 0)", None, None)
    assert drawable([LABELS, point])["map"].series == {"latitude": [22.3, None, None], "longitude": [114.2, None, None]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("#defaultView:LineChart\nSELECT", ("line", "")),
        ('# A question\n  # defaultView:map{"hide":1}\nSELECT', ("map", "")),
        ("SELECT ?a # defaultView:Map", ("", "")),
        ("#defaultView:Table", ("table", "")),
    ],
)
def test_a_query_states_its_view_in_a_line_of_its_own(query, expected):
    assert stated_view(query) == expected
