"""Source text with its parts marked for colours, by Pygments; the style sheet has the colours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

_MOST_CHARACTERS = 40_000
"""More of a document than this is not shown on its page; it is an address of its own."""


def coloured(text: str, language: str) -> Markup:
    """Return source text as HTML; `language` is the name of a lexer, "" for none. A long text breaks off at a line."""
    if len(text) > _MOST_CHARACTERS:
        text = text[: text.rfind("\n", 0, _MOST_CHARACTERS) + 1] + "…\n"
    if not language or not text:
        return escape(text)
    from pygments import highlight

    lexer, formatter = _parts(language)
    return Markup(highlight(text, lexer, formatter))  # noqa: S704 - Pygments escapes what it marks


@lru_cache(8)
def _parts(language: str) -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(language), HtmlFormatter(nowrap=True)
