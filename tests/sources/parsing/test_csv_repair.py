"""Rows of CSV files with stray and unclosed quotation marks: what they cost, and what is told."""

from __future__ import annotations

import pytest

from lod.sources.parsing import csv_repair
from lod.sources.parsing.csv_repair import BrokenRow, CsvLines, MendedRow, split_rows
from tests.helpers.counting import calls_of

HEAD = "key,title,year\nT1,One,2001\nT2,Two,2002\n"
LAST = "T8,Eight,2008\nT9,Nine,2009\n"
MISSING = "a quotation mark is missing or one too many, so that nothing says where a cell ends"
STRAY = "neither begins nor ends a cell and was read as text"


def _rows(text: str, delimiter: str = ",") -> list[list[str]]:
    lines = text.splitlines(keepends=True)
    return list(split_rows(CsvLines(iter(lines)), delimiter, lines[:20]))


@pytest.mark.parametrize(
    ("middle", "rows"),
    [
        pytest.param('T3,"The ""big"" one, read",2003\n', [["T3", 'The "big" one, read', "2003"]], id="doubled"),
        pytest.param('T3,a 5" disk,2003\n', [["T3", 'a 5" disk', "2003"]], id="in a cell without quotation"),
        pytest.param('T3, "One, two", 2003\n', [["T3", "One, two", "2003"]], id="blanks after delimiters"),
        pytest.param(
            'T3,"First line\nsecond, line\nthird",2003\n',
            [["T3", "First line\nsecond, line\nthird", "2003"]],
            id="lines",
        ),
        pytest.param('T3,"First, line\n and more",\n', [["T3", "First, line\n and more", ""]], id="two lines"),
        pytest.param("T3,Three\n", [["T3", "Three"]], id="short"),
    ],
)
def test_a_sound_row_is_read_as_it_is(middle, rows):
    found = _rows(HEAD + middle + LAST)
    assert found[3:-2] == rows
    assert not any(isinstance(row, BrokenRow | MendedRow) for row in found)


@pytest.mark.parametrize(
    ("middle", "row"),
    [
        pytest.param('T3,"The "big" one, read",2003\n', ["T3", 'The "big" one, read', "2003"], id="within a cell"),
        pytest.param('T3,""Wiley-Blackwell",2003\n', ["T3", '"Wiley-Blackwell', "2003"], id="two at the start"),
        pytest.param('T3,"A "B, c",2003\n', ["T3", 'A "B, c', "2003"], id="one within a cell"),
        pytest.param('T3,"Three"",2003\n', ["T3", '"Three""', "2003"], id="two at the end"),
        pytest.param('T3,"Three" and more,2003\n', ["T3", '"Three" and more', "2003"], id="first words"),
        pytest.param('T3,"Never closed,2003\n', ["T3", '"Never closed', "2003"], id="never closed"),
        pytest.param('T3,"a \\"big\\" one, read",2003\n', ["T3", 'a "big" one, read', "2003"], id="backslashes"),
        pytest.param(
            'T3,"He said "x" and, then\nmore",2003\n', ["T3", 'He said "x" and, then\nmore', "2003"], id="of two lines"
        ),
    ],
)
def test_a_stray_mark_is_text_where_the_row_is_as_wide_as_all_then(middle, row):
    found = _rows(HEAD + middle + LAST)
    assert found[3] == row
    assert isinstance(found[3], MendedRow)
    last = 3 + middle.count("\n")
    assert STRAY in found[3].reason
    assert f"in line{' 4' if last == 4 else f's 4 to {last}'} " in found[3].reason
    assert found[4:] == [["T8", "Eight", "2008"], ["T9", "Nine", "2009"]]


@pytest.mark.parametrize(
    ("middle", "after", "where"),
    [
        pytest.param('T3,"Never, closed,2003\n', LAST, "line 4", id="and no mark after it"),
        pytest.param('T3,"Never, closed,2003\n', 'T4,"Four, read",2004\n', "line 4", id="the next opens a cell"),
        pytest.param('T3,"Never, closed,2003\n', 'T4,"Four\nlines, of it",2004\n', "line 4", id="of several lines"),
        pytest.param('T3,"A, b "B, c", d",2003\n', LAST, "line 4", id="too many cells"),
        pytest.param('T3,"A, b\nsecond line\nthird of it,2003\n', LAST, "lines 4 to 6", id="lines that are no rows"),
        pytest.param(
            'T3,"A, b,2003\n' + LAST * 2, 'T5,an inch ",2005\n' + LAST, "line 4", id="closed by another stray mark"
        ),
    ],
)
def test_a_broken_row_costs_itself(middle, after, where):
    found = _rows(HEAD + middle + after)
    sound = [row for row in found if not isinstance(row, BrokenRow)]
    (broken,) = [row for row in found if isinstance(row, BrokenRow)]
    assert broken == [middle.split("\n")[0]]
    assert broken.reason == f'in {where} {MISSING}; close it, or double it ("") where it belongs to the text'
    whole = _rows(HEAD + (LAST * 2 if LAST in middle else "") + after)
    assert sound == whole


def test_a_table_with_tabs_may_know_no_quotation():
    found = _rows('k\tt\ty\n1\t"One" and only\t2001\n2\t"Two\t2002\n3\tThree\t2003\n', "\t")
    assert found[1:] == [["1", '"One" and only', "2001"], ["2", '"Two', "2002"], ["3", "Three", "2003"]]


def test_a_longest_row_costs_itself(monkeypatch):
    monkeypatch.setattr(csv_repair, "LARGEST_CELL", 1_000)
    found = _rows(HEAD + 'T3,"never\n' + "closed\n" * 1_000 + LAST)
    assert found[-2:] == [["T8", "Eight", "2008"], ["T9", "Nine", "2009"]]
    assert found[3].reason.startswith(
        "the row is longer than 1,000 characters, which no record is: in lines 4 to 1004 a quotation mark"
    )


@pytest.mark.parametrize("row", ['T,"x,2000\n', 'T,"a""\n', '"\n', '"a""b","c\n', 'T,"x"y",2\n'])
def test_many_broken_rows_take_work_that_grows_with_them(row):
    taken = [calls_of(lambda count=count: _rows(HEAD + row * count)) for count in (1_000, 4_000)]
    assert taken[1] < 5 * taken[0]
