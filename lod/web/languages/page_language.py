"""The language of the page that is made: chosen by `?lang=`, else negotiated by Accept-Language among those of the site."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

import langcodes
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

PARAMETER = "lang"
"""Name of the parameter of an address that chooses a language."""
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "zh-Hant": "繁體中文"}
"""What each language calls itself."""

ENGLISH = "en"
_FARTHEST = 25
"""Distance of languages, as CLDR has it, up to which who reads one is given the other: from Swiss German to German it is 8."""
_LONGEST_HEADER = 1_024


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """The language of a page.

    Attributes:
        tag: as `lang` and `hreflang` have it.
        is_chosen: whether the address names it, so that its links do.
    """

    tag: str = ENGLISH
    is_chosen: bool = False

    @property
    def key(self) -> str:
        """The same in a form that is quickly compared, for caches of pages."""
        return f"?{self.tag}" if self.is_chosen else self.tag


_USUAL = PageLanguage()
_CURRENT: ContextVar[PageLanguage] = ContextVar("page_language", default=_USUAL)


page_language: Callable[[], PageLanguage] = _CURRENT.get
"""Return the language of the page that is made for the current request; English outside of requests. Pages call it hundreds of times."""


def set_page_language(language: PageLanguage) -> None:
    """Set the language of the pages that this thread makes from now on."""
    _CURRENT.set(language)


def requested_language(chosen: str | None, header: str | None, offered: tuple[str, ...]) -> PageLanguage:
    """Return the language of the page that a request gets: `chosen` is its `?lang=`, `header` its Accept-Language.

    A language that is not offered is no choice.
    """
    if chosen:
        named = next((tag for tag in offered if tag.lower() == chosen.lower()), None)
        if named:
            return PageLanguage(named, is_chosen=True)
    return PageLanguage(negotiated(header or "", offered))


@lru_cache(4_096)
def negotiated(header: str, offered: tuple[str, ...]) -> str:
    """Return the language of those that are offered that an Accept-Language header likes best; the first where it likes none.

    Source: RFC 9110, section 12.5.4; Unicode Technical Standard 35, part 1, section 4.4 (Language Matching).
    """
    if not header or len(header) > _LONGEST_HEADER:
        return offered[0]
    for wanted, quality in parse_accept_header(header, LanguageAccept):
        if quality <= 0:
            continue
        if wanted == "*":
            return offered[0]
        found = closest(wanted, offered)
        if found:
            return found
    return offered[0]


@lru_cache(4_096)
def closest(wanted: str, offered: tuple[str, ...]) -> str:
    """Return the language that who reads another one reads too, "" where none of those that are offered is near."""
    try:
        found, distance = langcodes.closest_match(wanted, offered, max_distance=_FARTHEST)
    except ValueError:
        return ""
    return found if distance <= _FARTHEST else ""


@lru_cache(4_096)
def is_read(tag: str | None, reader: str) -> bool:
    """Return whether a text in a language is for a reader of another: in the same one, or one near it."""
    tag = (tag or "").replace("_", "-")
    return bool(tag) and (tag.partition("-")[0].lower() == reader.partition("-")[0] or bool(closest(tag, (reader,))))


@lru_cache(4_096)
def rank_for_reader(tag: str | None, reader: str) -> int:
    """Return the rank of a name by its language, the lower the better for a reader: the own language, none stated, English, others.

    For English readers what states no language comes first, since most of it is in English.
    """
    if not tag:
        return 2
    if reader != ENGLISH and is_read(tag, reader):
        return 0 if closest(tag.replace("_", "-"), (reader,)) else 1
    return 3 if tag[:2].lower() == ENGLISH else 4
