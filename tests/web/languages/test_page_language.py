"""Which language a page is in: the address before the reader's list, the list before the usual one; numbers and dates in its form."""

import pytest

from lod.settings.table import PAGE_LANGUAGES
from lod.web.languages.numbers_and_dates import change, day, language_name, number
from lod.web.languages.page_language import (
    PageLanguage,
    negotiated,
    page_language,
    rank_for_reader,
    requested_language,
    set_page_language,
)


@pytest.fixture
def in_language():
    yield lambda tag: set_page_language(PageLanguage(tag))
    set_page_language(PageLanguage())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("", "en", id="no header"),
        pytest.param("de-AT,de;q=0.9,en;q=0.8", "de", id="a region"),
        pytest.param("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant", id="Taiwan writes traditional characters"),
        pytest.param("zh-HK", "zh-Hant", id="and so does Hong Kong"),
        pytest.param("zh-CN,zh;q=0.9", "en", id="simplified characters are another script"),
        pytest.param("it,fr;q=0.5,de;q=0.4", "fr", id="the best that is offered"),
        pytest.param("ca", "es", id="readers of Catalan read Spanish"),
        pytest.param("de;q=0, es;q=0.1", "es", id="refused"),
        pytest.param("ja, *;q=0.5", "en", id="anything"),
        pytest.param("tlh", "en", id="none is offered"),
        pytest.param('"<script>, ;;q=x, -', "en", id="no header at all"),
        pytest.param("de," * 2_000, "en", id="too long"),
    ],
)
def test_the_header_chooses_among_what_is_offered(header, language):
    assert negotiated(header, PAGE_LANGUAGES) == language


def test_the_usual_language_is_the_first_of_the_site():
    assert negotiated("ja", ("fr", "en")) == "fr"
    assert negotiated("de", ("fr", "en")) == "fr"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("de", PageLanguage("de", is_chosen=True)),
        ("ZH-hant", PageLanguage("zh-Hant", is_chosen=True)),
        ("it", PageLanguage("es")),
        ("", PageLanguage("es")),
        (None, PageLanguage("es")),
    ],
)
def test_the_address_wins_where_it_names_a_language_that_is_offered(chosen, expected):
    assert requested_language(chosen, "es", PAGE_LANGUAGES) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["12,345", "0.5", "+1,200", "23 November 2026", "March 2010", "English"]),
        ("de", ["12.345", "0,5", "+1.200", "23. November 2026", "März 2010", "Englisch"]),
        ("fr", ["12\u202f345", "0,5", "+1\u202f200", "23 novembre 2026", "mars 2010", "anglais"]),
        ("es", ["12.345", "0,5", "+1.200", "23 de noviembre de 2026", "marzo de 2010", "inglés"]),
        ("zh-Hant", ["12,345", "0.5", "+1,200", "2026年11月23日", "2010年3月", "英文"]),
    ],
)
def test_numbers_dates_and_names_of_languages_have_the_form_of_the_language(in_language, language, expected):
    in_language(language)
    found = [number(12_345), number(0.5, 1), change(1_200), day("2026-11-23"), day("2010-03"), language_name("eng")]
    assert found == expected
    assert [day("2010"), day("ca. 1900"), day("2010-02-31"), number(7), change(-7), language_name("x")] == [
        *("2010", "ca. 1900", "2010-02-31", "7", "−7", ""),
    ]


@pytest.mark.parametrize(
    ("reader", "order"),
    [
        ("en", [None, "en-GB", "zh-Hant", "de"]),
        ("de", ["de", None, "en-GB", "zh-Hant"]),
        ("zh-Hant", ["zh-Hant", "zh_TW", "zh", None, "en-GB", "de"]),
    ],
)
def test_names_in_the_language_of_the_reader_come_first(reader, order):
    assert sorted(order, key=lambda tag: rank_for_reader(tag, reader)) == order


def test_outside_of_requests_everything_is_in_english():
    assert page_language() == PageLanguage("en")
