"""Texts in templates: `_`, `pgettext` and `ngettext` with links and code in them, numbers and dates; pages are rendered here.

A message holds no HTML. What is in [brackets] becomes a link, to the addresses that the call has in this order; what is in
`backquotes` becomes code; `%(name)s` represents a value, which is escaped unless it is Markup.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from flask import render_template, request
from jinja2 import Environment
from markupsafe import Markup, escape

from lod.web.languages.catalogues import gettext, gettext_noop, ngettext, pgettext
from lod.web.languages.numbers_and_dates import change, day, language_name, moment, number
from lod.web.languages.page_language import page_language
from lod.web.languages.switch import carrying, switch

_LINK = re.compile(r"\[([^\[\]]{1,300})\]")
_PAIR = (gettext_noop("Property"), gettext_noop("Value"))
_PLACEHOLDER = re.compile(r"%\((\w{1,40})\)s")
_CODE = re.compile(r"`([^`]{1,300})`")


def add_texts(environment: Environment) -> None:
    """Give templates the functions for texts, numbers and dates."""
    environment.globals.update(
        {
            "_": _text,
            "ngettext": _plural,
            "pgettext": pgettext,
            "number": number,
            "change_of": change,
            "day": day,
            "moment": moment,
            "language_name": language_name,
            "page_language": page_language,
            "in_english": in_english,
            "untranslated": untranslated,
            "headings_of_pairs": lambda: _headings_of_pairs(page_language().tag),
            "switch": switch,
        }
    )


def render_page(template: str, **values: Any) -> str:
    """Return a page in the language of the request; where its address names the language, its links do as well.

    `own_query` has the parameters of its address that a page in another language needs too, as pairs; they are those of the
    request where it is left out, which is only for pages that are not kept under another key than the address.
    """
    if "own_query" not in values:
        values["own_query"] = list(request.args.items(multi=True)) if request.method in {"GET", "HEAD"} else None
    page = render_template(template, **values)
    language = page_language()
    return carrying(page, language.tag) if language.is_chosen else page


def _text(message: str, /, *links: str, **values: Any) -> str:
    text = gettext(message)
    return _filled(text, links, values) if links or values or "`" in text else text


def _plural(one: str, several: str, count: int, /, *links: str, **values: Any) -> str:
    """Return a text with a number, which `%(number)s` represents."""
    return _filled(ngettext(one, several, count), links, {"number": number(count), **values})


def _filled(text: str, links: tuple[str, ...], values: dict[str, Any]) -> str:
    filled = list(_pieces(text, len(links)))
    for place in range(1, len(filled), 2):
        name = filled[place]
        filled[place] = escape(links[int(name)] if name.isdecimal() else values[name])
    return Markup("".join(filled))  # noqa: S704 - each piece and each value is escaped


@lru_cache(2_048)
def _pieces(text: str, links: int) -> tuple[str, ...]:
    """Return a text as HTML in pieces: texts, and between them the names of values, or the numbers of links."""
    places = iter(range(links))
    escaped = str(escape(text))
    linked = _LINK.sub(lambda match: f'<a href="%({next(places)})s">{match[1]}</a>', escaped) if links else escaped
    return tuple(_PLACEHOLDER.split(_CODE.sub(r"<code>\1</code>", linked)))


def numbered(text: str, count: int) -> Markup:
    """Return a text with a number that stands out, which `%(number)s` represents."""
    return escape(text) % {"number": Markup("<strong>{}</strong>").format(number(count))}


@cache
def _headings_of_pairs(_language: str) -> Markup:
    """Return the headings of tables of properties and values, of which a page has dozens."""
    cells = Markup("").join(Markup('<th scope="col">{}</th>').format(gettext(name)) for name in _PAIR)
    return Markup('<thead class="hidden"><tr>{}</tr></thead>').format(cells)


def in_english() -> Markup:
    """Return the attribute of an element whose text is in English on every page, after a space; nothing on English pages."""
    return Markup() if page_language().tag == "en" else Markup(' lang="en"')


def untranslated(message: str) -> Markup:
    """Return the attribute of an element with a message that the catalogue may lack, such as the title of a site's own rule."""
    return in_english() if gettext(message) == message else Markup()
