"""Regular expressions over texts of any length, in memory that a text takes a few times and not a hundred."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

LONG = 65_536
"""Characters from which on a text is long."""


def substitute(pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
    """Return what `pattern.sub(replacement, text)` returns; `replacement` is a function, or a text without backslashes.

    `re.sub` keeps every piece between two matches as a text of its own, 50 bytes and more each, until it joins them.
    """
    if len(text) < LONG:
        return pattern.sub(replacement, text)
    written, end = StringIO(), 0
    for match in pattern.finditer(text):
        written.write(text[end : match.start()])
        written.write(replacement if isinstance(replacement, str) else replacement(match))
        end = match.end()
    written.write(text[end:])
    return written.getvalue()


def collapse(text: str) -> str:
    """Return a text with each run of white space as one space, and none at its ends."""
    # Of white space only the space is printable, and most texts have no other, and one at a time.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    # Not by its words where they are many: each of them is a text of its own.
    return " ".join(text.split()) if len(text) < LONG else substitute(_WHITE, " ", text).strip(" ")


_WHITE = re.compile(r" \s+|[^\S ]\s*")
"""White space that is not one space."""
