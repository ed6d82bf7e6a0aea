"""Numbers in texts from anybody, read within bounds: Python refuses to read more than 4,300 digits, and slows down well before."""

from __future__ import annotations

MOST_DIGITS = 18
"""Digits that fit into 64 bits with a sign, whatever they are."""


def whole_number(text: str, most_digits: int = MOST_DIGITS) -> int | None:
    """Return the number that a text of decimal digits writes; None for any other text, and for more digits than allowed.

    Zeros in front do not count as digits; a sign makes it another text.
    """
    if not text.isdecimal():
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= most_digits else None
