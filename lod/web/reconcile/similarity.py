"""Similarity of names and titles, 0 to 100, over folded words; 100 is kept for what is the same but for case, marks and punctuation."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from lod.store.search.values.folding import is_paired, runs

Compare = Callable[[str, str], float]

_ALMOST = 99.0
_INITIAL, _LEFT_OUT = 0.85, 0.6
"""What a letter counts that a word begins with, and a word that the other name does not have."""
_SUBTITLE = 92.0
_OTHER_ORDER = 0.97
_OTHER_NUMBERS = 0.85


def of_people(one: str, other: str) -> float:
    """Return how like two names of people are: parts may be swapped, "A" represents any word that begins with it."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second) or _is_same_run(first, second):
        return 100.0
    return max(_in_any_order(first, second), _with_initials(first, second))


def of_names(one: str, other: str) -> float:
    """Return how like two names of organisations, journals or concepts are."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second) or _is_same_run(first, second):
        return 100.0
    return _in_any_order(first, second) * _numbers(first, second)


def of_titles(one: str, other: str) -> float:
    """Return how like two titles are; one without its subtitle is nearly the same, one with another number is not."""
    from rapidfuzz import fuzz

    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    if first == second or _is_same_run(first, second):
        return 100.0
    if _words(_main(one)) == second or first == _words(_main(other)):
        return _SUBTITLE
    plain = fuzz.ratio(" ".join(first), " ".join(second))
    return min(_ALMOST, max(plain, _OTHER_ORDER * _in_any_order(first, second)) * _numbers(first, second))


def has_full_words(name: str) -> bool:
    """Return whether a name of a person says more than a family name and initials."""
    words = _words(name)
    return sum(len(word) > 1 for word in words) > 1 or any(is_paired(word) for word in words)


@lru_cache(maxsize=16_384)
def _words(text: str) -> tuple[str, ...]:
    return tuple(runs(text))


def _main(title: str) -> str:
    main, colon, _ = title.partition(":")
    return main if colon else ""


def _in_any_order(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    from rapidfuzz import fuzz

    return min(_ALMOST, fuzz.token_sort_ratio(" ".join(first), " ".join(second)))


def _is_same_run(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Return whether names of ideographs, kana or hangul are the same but for spaces."""
    return is_paired(first[0]) and "".join(first) == "".join(second)


def _numbers(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    def of(words: tuple[str, ...]) -> list[str]:
        return sorted(word for word in words if word.isdecimal())

    return 1.0 if of(first) == of(second) else _OTHER_NUMBERS


def _with_initials(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return what names have in common where all words of the shorter one are in the other one, or are initials of its words."""
    short, long = sorted((first, second), key=len)
    left = list(long)
    total, has_word = 0.0, False
    for word in sorted(short, key=len, reverse=True):
        found = word if word in left else next((other for other in left if _is_initial(word, other)), None)
        if found is None:
            return 0.0
        left.remove(found)
        total += 1 if found == word else _INITIAL
        has_word |= found == word and len(word) > 1
    return min(_ALMOST, 100 * (total + _LEFT_OUT * len(left)) / len(long)) if has_word else 0.0


def _is_initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[:1] == other[:1]
