"""The switch between languages: links that choose one, and the choice carried by the links and forms of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import current_app
from markupsafe import Markup, escape

from lod.web.languages.page_language import NAMES, PARAMETER, page_language

OFFER = "lod.languages"
"""Where the app has the offer of its site among its extensions."""

_TAG = re.compile(r"<(a|form) ([^<>]{0,20000})>")
_HREF = re.compile(r'href="([^"]{0,20000})"')
_NO_PAGE = re.compile(
    r"(?:data/|dumps/[^?#]|linkset/|static/|timemap/|api/|changes|activities|oai|reconcile|suggest)"
    r"|[^?#]{0,2000}\.(?:json|jsonld|xml|txt|css|svg)(?:[?#]|$)"
)
"""Addresses of this site, below its mount, that lead to no page."""
_NAMED = re.compile(rf"[?&;](?:format|download|{PARAMETER})=")
"""Addresses that name a format or a language already."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages of a site, the usual one first, and the path that its addresses begin with."""

    languages: tuple[str, ...]
    mount: str


@dataclass(frozen=True, slots=True)
class Switch:
    """The links of a page to the same page in other languages, as HTML: those in its head, and the items of a list."""

    head: Markup
    items: Markup


def switch(own_query: Sequence[tuple[str, str]] | None) -> Switch | None:
    """Return the switch of a page; None where there is nothing to switch.

    `own_query` are the parameters of its address, None for a page that is no answer to an address alone.
    """
    offered = current_offer().languages
    return None if own_query is None or len(offered) < 2 else _switch(tuple(own_query), page_language().tag, offered)


@lru_cache(512)
def _switch(own_query: tuple[tuple[str, str], ...], present: str, offered: tuple[str, ...]) -> Switch:
    kept = [pair for pair in own_query if pair[0] != PARAMETER]
    start = f"?{urlencode(kept, quote_via=quote)}&" if kept else "?"
    head, items = (
        Markup('<link rel="alternate" hreflang="{}" href="{}">\n'),
        Markup('<li><a rel="nofollow" href="{0}" hreflang="{1}" lang="{1}"{2}>{3}</a></li>'),
    )
    marks = {present: Markup(' aria-current="true"')}
    addresses = [(tag, f"{start}{PARAMETER}={tag}") for tag in offered]
    return Switch(
        Markup("").join(head.format(tag, address) for tag, address in addresses),
        Markup("").join(items.format(address, tag, marks.get(tag, ""), NAMES[tag]) for tag, address in addresses),
    )


def current_offer() -> Offer:
    """Return the offer of the app that handles the current request."""
    found = current_app.extensions[OFFER]
    assert isinstance(found, Offer)  # noqa: S101 - create_app puts it there
    return found


def carrying(page: str, language: str) -> str:
    """Return a page whose links to pages of this site, and whose forms, name a language as its own address does."""
    mount = current_offer().mount
    field = f'<input type="hidden" name="{PARAMETER}" value="{escape(language)}">'

    def linked(match: re.Match[str]) -> str:
        return f'href="{with_language(match[1], language, mount, "&amp;")}"'

    def carried(tag: re.Match[str]) -> str:
        if tag[1] == "form":
            return f"{tag[0]}{field}"
        return f"<a {_HREF.sub(linked, tag[2], count=1)}>"

    return _TAG.sub(carried, page)


def with_language(address: str, language: str, mount: str, separator: str = "&") -> str:
    """Return an address that names a language, if it leads to a page of this site; else as it is."""
    is_own = address.startswith((mount, "?")) and not address.startswith("//")
    if not is_own or _NAMED.search(address) or _NO_PAGE.match(address, len(mount) if address[0] == "/" else 0):
        return address
    start, hash_, anchor = address.partition("#")
    return f"{start}{separator if '?' in start else '?'}{PARAMETER}={language}{hash_}{anchor}"
