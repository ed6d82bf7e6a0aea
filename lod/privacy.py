"""Find and mask e-mail addresses in texts before they are published, also escaped, between tags or in wide letters."""

from __future__ import annotations

import html
import re
import unicodedata

from lod.long_texts import substitute

MASK = "[e-mail address withheld]"

# The bounds keep a long run of letters from costing its square.
_ADDRESS = re.compile(
    r"(?:mailto:)?[\w.%+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}",
    re.IGNORECASE,
)
# Written so that each way starts with a character of its own: by these the text is searched many times faster.
_SIGN = re.compile(r"@|\([aA][tT][)\]]|\[[aA][tT][)\]]|%40|&|\uff20|\ufe6b")
_SIGNS = ("@", "(", "[", "%", "&")
"""Of them each way has one, but for those in wide letters; to look for them takes a fraction of the time of the pattern."""
_HIDING = re.compile(r"<[^<>]{0,80}>|[\u00ad\u200b-\u200f\u2060\ufeff]")


def holds_address(text: str) -> bool:
    """Return whether a text holds an e-mail address: plain, as entity or percent escape, between tags, in wide letters."""
    if not _may_hold_address(text):
        return False
    return _ADDRESS.search(text) is not None or _ADDRESS.search(_revealed(text)) is not None


def _may_hold_address(text: str) -> bool:
    if text.isascii():
        for sign in _SIGNS:
            if sign in text:
                return _SIGN.search(text) is not None
        return False
    return _SIGN.search(text) is not None


def mask_addresses(text: str) -> str:
    """Return the text with each e-mail address replaced by `MASK`."""
    if not _may_hold_address(text):
        return text
    masked = substitute(_ADDRESS, MASK, text)
    revealed = _revealed(masked)
    return substitute(_ADDRESS, MASK, revealed) if _ADDRESS.search(revealed) else masked


def excerpt(text: str, most_characters: int) -> str:
    """Return the start of a text as findings and samples show it: cut, its e-mail addresses masked."""
    # Cut with room to spare before masking, so that an address at the cut does not survive in part.
    # Twice: the first pass takes one level of escapes off, and what was escaped twice shows only then.
    shown = mask_addresses(mask_addresses(text[: 4 * most_characters]))
    return shown if len(shown) <= most_characters else f"{shown[: most_characters - 1]}…"


def _revealed(text: str) -> str:
    plain = html.unescape(text).replace("%40", "@")
    return unicodedata.normalize("NFKC", substitute(_HIDING, "", plain))
