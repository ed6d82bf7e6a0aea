"""Retry policy: which responses are tried again, how often, and how long to wait (Retry-After, back-off)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf

from lod.http.errors import DamagedResponseError, HttpError
from lod.numbers import whole_number

LONGEST_BACKOFF_S = 60.0
MOST_SECONDS_DIGITS = 9
DAMAGED_TRIES = 2
"""How often a damaged response is fetched before giving up: a broken connection passes, what a server says does not."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
BUSY = frozenset({429, 502, 503, 504})
"""What may pass of a SPARQL service: many answer 500 to a query that they cannot evaluate."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often a request is tried.

    Attributes:
        tries: attempts in all.
        first_wait_s: wait before the second attempt; it doubles with each further one, up to LONGEST_BACKOFF_S.
        longest_wait_s: longest Retry-After that is waited for.
        statuses: statuses that may pass.
    """

    tries: int = 5
    first_wait_s: float = 1
    longest_wait_s: float = 600
    statuses: frozenset[int] = PASSING

    def wait_s(self, fault: HttpError, tries: int, damaged: int) -> float | None:
        """Return the seconds before the next attempt, None where there is to be none."""
        is_last = tries >= self.tries or (isinstance(fault, DamagedResponseError) and damaged >= DAMAGED_TRIES)
        if is_last or not fault.may_pass or self.is_too_long(fault):
            return None
        return min(self.first_wait_s * 2.0 ** (tries - 1), LONGEST_BACKOFF_S) if fault.wait_s is None else fault.wait_s

    def is_too_long(self, fault: HttpError) -> bool:
        """Return whether a server asks for a longer wait than is waited."""
        return fault.may_pass and (fault.wait_s or 0) > self.longest_wait_s


def retry_after(text: str) -> float | None:
    """Return the seconds that a header Retry-After asks for, as a number or a date; inf for a longer number than any wait.

    Source: RFC 9110, 10.2.3.
    """
    if text.strip().isdecimal():
        seconds = whole_number(text.strip(), MOST_SECONDS_DIGITS)
        return inf if seconds is None else float(seconds)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(text)
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0)
    return None
