"""Regular expressions that others write: a site's `when` and `pattern`, tried when they are read and stopped when they are slow.

Only the main thread of a process can stop Python's `re`, by a signal; every command reads and maps there.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable
from types import FrameType

from lod.errors import ConfigError

TIME_LIMIT_S = 1.0
"""Longest that one expression may look at one value, in seconds of the processor."""
_TRIED_CHARACTERS = 5_000
"""A long abstract. ".*word", which takes the square of the length, passes; what is worse does not."""
_REPEATED = ("word ", "a", "1", " ", "A, ", "a.", "1-", "http://a/", ";", "(", '"', "é")
_SHOWN_CHARACTERS = 60


class SlowPatternError(Exception):
    """An expression has had its time."""


class GivenPattern:
    """An expression that a file of the site gives; `place` says where it is: "local.toml, rule 3 (dc.title): 'when'"."""

    def __init__(self, expression: str, place: str) -> None:
        """Compile it.

        Raises:
            re.error, TypeError: it is no expression.
        """
        self.pattern = expression
        self._pattern = re.compile(expression)
        self._place = place

    def search(self, text: str) -> re.Match[str] | None:
        """Return where the expression is found in a text.

        Raises:
            ConfigError: looking takes longer than the limit.
        """
        return self._within_limit(self._pattern.search, text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the expression with the whole of a text.

        Raises:
            ConfigError: looking takes longer than the limit.
        """
        return self._within_limit(self._pattern.fullmatch, text)

    def _within_limit(self, look: Callable[[str], re.Match[str] | None], text: str) -> re.Match[str] | None:
        try:
            return within_limit(look, text)
        except SlowPatternError:
            raise ConfigError(
                f"{self._place} is slow: it looked for {TIME_LIMIT_S:g} second of the processor at a value of {len(text):,} characters "
                f"that begins {text[:_SHOWN_CHARACTERS]!r}; {ADVICE}. Nothing has been changed."
            ) from None


ADVICE = "leave out '.*' at its start, and repeat nothing that is itself repeated, as (a+)+ does"


def within_limit(look: Callable[[str], re.Match[str] | None], text: str) -> re.Match[str] | None:
    """Return what an expression makes of a text. What other programs do with the processor is not counted.

    Raises:
        SlowPatternError: it takes longer than the limit.
    """
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, TIME_LIMIT_S)
        try:
            return look(text)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SlowPatternError


def slow_sample(expression: str, samples: Iterable[str] = ()) -> str:
    """Return what an expression is slow with when a long text repeats it, "" where nothing is found.

    `samples` are texts that it is made for: what begins as they do costs it most.
    """
    look = re.compile(expression).search
    for sample in (*filter(None, samples), *_REPEATED):
        try:
            within_limit(look, f"{sample * (_TRIED_CHARACTERS // len(sample))}\n!")
        except SlowPatternError:
            return sample[:_SHOWN_CHARACTERS]
    return ""
