"""Order of literals as pySHACL compares them, for ranges and for pairs of properties."""

from __future__ import annotations

from datetime import datetime, time

from rdflib import Literal

_BY_VALUE = (datetime, time)
"""Types that rdflib would put into some order in every case: here a time with a zone and one without have none."""


def compared(one: Literal, other: Literal) -> int:
    """Return 0 where two literals are equal, 1 where the first is greater, else -1.

    Raises:
        TypeError, NotImplementedError: they have no order.
    """
    if one.eq(other):
        return 0
    if type(one.value) not in _BY_VALUE:
        return 1 if one > other else -1
    if one.value == other.value:
        return 0
    return 1 if one.value > other.value else -1
