"""Dates: every form that is read, and every form that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.mapping.values.dates import (
    DATE,
    DATE_TIME,
    EDTF,
    G_YEAR,
    G_YEAR_MONTH,
    only_year_in,
    read_date,
    read_timestamp,
    year_of,
)


@pytest.mark.parametrize(
    ("text", "form", "datatype", "changed"),
    [
        pytest.param("2010", "2010", G_YEAR, False, id="year"),
        pytest.param(" 2010 ", "2010", G_YEAR, False, id="year with blanks"),
        pytest.param("2010-08", "2010-08", G_YEAR_MONTH, False, id="month"),
        pytest.param("2010-08-15", "2010-08-15", DATE, False, id="day"),
        pytest.param("2012-02-29", "2012-02-29", DATE, False, id="leap day"),
        pytest.param("2010-00-00", "2010", G_YEAR, True, id="zero month and day"),
        pytest.param("2010-08-00", "2010-08", G_YEAR_MONTH, True, id="zero day"),
        pytest.param("20100815", "2010-08-15", DATE, True, id="compact"),
        pytest.param("2010-12-23T08:38:13Z", "2010-12-23T08:38:13Z", DATE_TIME, False, id="moment"),
        pytest.param("2010-12-23T08:38:13.500+00:00", "2010-12-23T08:38:13.5Z", DATE_TIME, True, id="canonical moment"),
        pytest.param("2010-12-23T08:38:13+0800", "2010-12-23T08:38:13+08:00", DATE_TIME, True, id="zone without colon"),
        pytest.param("2010-12-23 08:38", "2010-12-23T08:38:00", DATE_TIME, True, id="moment with a blank"),
        pytest.param("20000406144503.0", "2000-04-06T14:45:03", DATE_TIME, True, id="field 005 of MARC"),
        pytest.param("10000-01-01", "10000-01-01", DATE, False, id="embargo for ever"),
        pytest.param("2010?", "2010?", EDTF, False, id="uncertain"),
        pytest.param("2010~", "2010~", EDTF, False, id="approximate"),
        pytest.param("201X", "201X", EDTF, False, id="decade"),
        pytest.param("2007/2008", "2007/2008", EDTF, False, id="interval"),
        pytest.param("2012-05/2013-08", "2012-05/2013-08", EDTF, False, id="interval of months"),
        pytest.param("2010-21", "2010-21", EDTF, False, id="season"),
        pytest.param("2004-06-11%", "2004-06-11%", EDTF, False, id="uncertain and approximate"),
        pytest.param("19XX", "19XX", EDTF, False, id="century"),
        pytest.param("1985-XX-XX", "1985-XX-XX", EDTF, False, id="month and day unspecified"),
        pytest.param("1985-04-XX", "1985-04-XX", EDTF, False, id="day unspecified"),
        pytest.param("1985-04-12/..", "1985-04-12/..", EDTF, False, id="open end"),
        pytest.param("../1985", "../1985", EDTF, False, id="open start"),
        pytest.param("1985/", "1985/", EDTF, False, id="unknown end"),
        pytest.param("/1985", "/1985", EDTF, False, id="unknown start"),
        pytest.param("1984?/2004~", "1984?/2004~", EDTF, False, id="qualified interval"),
        pytest.param("-0044", "-0044", G_YEAR, False, id="before our era"),
        pytest.param("Y17000", "Y17000", EDTF, False, id="far year"),
        pytest.param("1911-1924", "1911/1924", EDTF, True, id="years joined by a hyphen"),
        pytest.param("1911 – 1924", "1911/1924", EDTF, True, id="years joined by a dash"),
        pytest.param("1936?-1938?", "1936?/1938?", EDTF, True, id="uncertain years joined by a hyphen"),
        pytest.param("2022-11-3", "2022-11-03", DATE, True, id="day without its zero"),
        pytest.param("2022-1-13", "2022-01-13", DATE, True, id="month without its zero"),
        pytest.param("1980's", "198X", EDTF, True, id="decade with an apostrophe"),
        pytest.param("1980s", "198X", EDTF, True, id="decade"),
        pytest.param("ca. 1900", "1900~", EDTF, True, id="circa"),
        pytest.param("Fall 2021", "2021-23", EDTF, True, id="season"),
        pytest.param("2019, Winter", "2019-24", EDTF, True, id="season after the year"),
        pytest.param("Primavera de 2014", "2014-21", EDTF, True, id="season in Spanish"),
        pytest.param("лето 2003", "2003-22", EDTF, True, id="season in Russian"),
        pytest.param("Published in 1983", "1983", G_YEAR, True, id="year with words"),
        pytest.param("[1983]", "1983", G_YEAR, True, id="year supplied"),
        pytest.param("[1983?]", "1983?", EDTF, True, id="year supplied and uncertain"),
        pytest.param("c2010", "2010", G_YEAR, True, id="year of copyright"),
        pytest.param("© 2010", "2010", G_YEAR, True, id="year with the sign of copyright"),
        pytest.param("2010.", "2010", G_YEAR, True, id="year with a full stop"),
        pytest.param("Apr 2019", "2019-04", G_YEAR_MONTH, True, id="month of three letters"),
        pytest.param("Sept. 2019", "2019-09", G_YEAR_MONTH, True, id="month cut short"),
        pytest.param("décembre 2022", "2022-12", G_YEAR_MONTH, True, id="month in French"),
        pytest.param("2 de agosto de 2010", "2010-08-02", DATE, True, id="day in Spanish"),
        pytest.param("21. Mai 2010", "2010-05-21", DATE, True, id="day in German"),
        pytest.param("August 15th, 2010", "2010-08-15", DATE, True, id="day after the month"),
        pytest.param("2010 Aug 5", "2010-08-05", DATE, True, id="day after the month, year first"),
        pytest.param("15-Aug-2010", "2010-08-15", DATE, True, id="day of a spreadsheet"),
        pytest.param("15/08/2010", "2010-08-15", DATE, True, id="the first number can be no month"),
        pytest.param("9/9/1850", "1850-09-09", DATE, True, id="day and month are one number"),
        pytest.param("12/14/1819", "1819-12-14", DATE, True, id="the second number can be no month"),
    ],
)
def test_a_date_keeps_the_precision_it_was_given_in(text, form, datatype, changed):
    assert read_date(text) == (form, datatype, changed)


@pytest.mark.parametrize(
    "text",
    [
        "04/08/2010",
        "15/14/2010",
        "15/08.2010",
        "31/02/2010",
        "Listopad 2010",
        "5 May 6 2010",
        "[0000]",
        "Fall",
        "Semester 2021",
        "published in spring",
        "forthcoming",
        "2010-13-01",
        "12/3/59",
        "99",
        "20001306144503.0",
        "2000040614450",
        "0000",
        "",
        "2010-08-15 noon",
        "undated",
        "n.d.",
        "May",
        "08-09-2023",
        "1998 Dec-1999 Jan",
        "1998-9",
        "1924-1911",
        "1900s",
        "1980-1989s",
        "/",
        "info:eu-repo/date/embargoEnd/2030-01-01",
        "oneyear",
        "untilArticleAppears",
    ],
)
def test_nothing_is_guessed(text):
    with pytest.raises(BadValueError, match=r"not a date|no day"):
        read_date(text)


def test_a_span_that_ends_before_it_begins_is_named():
    with pytest.raises(BadValueError, match="the span 2008/2007 ends before it begins"):
        read_date("2008/2007")


def test_a_day_that_does_not_exist_is_named():
    with pytest.raises(BadValueError, match="there is no day 2011-02-29"):
        read_date("2011-02-29")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2010-12-23T08:38:13", "2010-12-23T08:38:13Z"),
        ("2010-12-23T08:38:13Z", "2010-12-23T08:38:13Z"),
        ("2014-05-01", "2014-05-01"),
    ],
)
def test_a_moment_of_the_record_is_in_utc(text, form):
    assert read_timestamp(text)[0] == form


@pytest.mark.parametrize(
    ("form", "year"), [("2010-08", "2010"), ("2007/2008", "2007"), ("201X", None), ("10000-01-01", None)]
)
def test_the_year_is_read_where_one_stands(form, year):
    assert year_of(form) == year


@given(st.dates())
def test_every_day_of_the_calendar_is_read(day):
    assert read_date(day.isoformat())[:2] == (day.isoformat(), DATE)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_bad_value(text):
    try:
        form, datatype, _ = read_date(text)
    except BadValueError:
        return
    assert form
    assert datatype


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("in press 2010", "2010"),
        ("04/08/2010", "2010"),
        ("1998 Dec-1999 Jan", None),
        ("forthcoming", None),
        ("20101", None),
    ],
)
def test_a_date_that_cannot_be_read_may_show_its_year(text, year):
    assert only_year_in(text) == year
