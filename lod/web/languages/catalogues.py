"""Catalogues: the texts of pages in the language of the page. English is what the code says.

The catalogues are gettext's (.po), read when a page in their language is made for the first time.
"""

from __future__ import annotations

import gettext as standard
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lod.web.languages.page_language import ENGLISH, page_language

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

DOMAIN = "lod"
"""Name of the files of the catalogues."""


def gettext(message: str, /, **values: Any) -> str:
    """Return a text in the language of the page, with values for its placeholders: `%(name)s`."""
    tag = page_language().tag
    # A catalogue has its header under the empty text.
    text = _texts(tag).get(message, message) if tag != ENGLISH and message else message
    return text % values if values else text


def ngettext(one: str, several: str, number: int, /, **values: Any) -> str:
    """Return a text in the language of the page, in the form that goes with a number."""
    text = catalogue(page_language().tag).ngettext(one, several, number)
    return text % values if values else text


def pgettext(context: str, message: str, /) -> str:
    """Return a text in the language of the page that means something else elsewhere; the context says where this is."""
    return catalogue(page_language().tag).pgettext(context, message)


def gettext_noop(message: str, /) -> str:
    """Mark a text in a table, which is translated where it is shown."""
    return message


class Said(str):
    """A text in English that knows how it is said in the language of a page: programs get the one, readers the other."""

    __slots__ = ("message", "values")

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> Said:
        """Take a message of the catalogues, and values for its placeholders."""
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made

    @property
    def translated(self) -> str:
        """The text in the language of the page."""
        return gettext(self.message, **self.values)


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Return the texts in a language that stand in no context and go with no number: pages ask for hundreds of them."""
    found = _read(language)
    return {
        message.id: str(message.string)
        for message in found or ()
        if isinstance(message.id, str) and not message.context
    }


@cache
def catalogue(language: str) -> standard.NullTranslations:
    """Return the texts in a language; a text that its catalogue lacks, and a language without one, is in English."""
    from babel.messages.mofile import write_mo

    found = _read(language)
    if found is None:
        return standard.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


@cache
def _read(language: str) -> Catalog | None:
    from babel.messages.pofile import read_po

    path = files(__package__).joinpath("locale", language.replace("-", "_"), "LC_MESSAGES", f"{DOMAIN}.po")
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain=DOMAIN)


def capitalised(text: str) -> str:
    """Return a text with its first letter as a capital; the others stay, as nouns in German have their own."""
    return f"{text[:1].upper()}{text[1:]}"
