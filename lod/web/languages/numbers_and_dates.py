"""Numbers, dates and names of languages in the form of the language of the page. Source: CLDR, as Babel has it."""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache

from lod.web.languages.page_language import page_language

_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


@cache
def babel_locale(language: str) -> str:
    """Return the name of a locale as Babel has it; the English of the pages is British."""
    return "en_GB" if language == "en" else language.replace("-", "_")


def number(value: float, decimals: int = 0) -> str:
    """Return a number with its thousands grouped: 12,345 or 12.345."""
    if not decimals and -1_000 < value < 1_000:
        return f"{value:.0f}"
    return _number(value, decimals, page_language().tag)


def change(value: int) -> str:
    """Return a difference with its sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


def day(text: str) -> str:
    """Return a date (ISO 8601, to the day, month or year) in words, "23 November 2026"; any other text as it is."""
    return _day(text, page_language().tag)


def moment(text: str) -> str:
    """Return a date and time in UTC (ISO 8601) in words, to the minute."""
    return f"{day(text[:10])}, {text[11:16]} UTC"


def language_name(code: str) -> str:
    """Return what a language is called in that of the page, by its ISO 639 code; "" where that is not known."""
    return _language_name(code, page_language().tag)


@lru_cache(4_096)
def _number(value: float, decimals: int, language: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, f"#,##0.{'0' * decimals}" if decimals else "#,##0", babel_locale(language))


@lru_cache(4_096)
def _day(text: str, language: str) -> str:
    from babel.dates import format_date, format_skeleton

    match = _DATE.fullmatch(text)
    if match is None:
        return text
    try:
        found = datetime.date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return text
    if match[3]:
        return format_date(found, "long", babel_locale(language))
    return format_skeleton("yMMMM", found, locale=babel_locale(language))


@lru_cache(4_096)
def _language_name(code: str, language: str) -> str:
    import langcodes
    from babel import Locale

    try:
        standard = langcodes.standardize_tag(code).partition("-")[0]
    except ValueError:
        return ""
    return str(Locale.parse(babel_locale(language)).languages.get(standard, ""))
