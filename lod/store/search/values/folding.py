"""Folding of texts for search: case, diacritics, letters that have none to strip, runs of ideographs as pairs.

The same function folds what is indexed and what is typed, so that "sussstoff" finds Süßstoff and "lodz" Łódź. SQLite's own
folding leaves ß, đ, ł, ø, æ, œ, þ, ð and ı, and takes a run of ideographs as one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
# Marks that readers leave out when they type: of Latin, Greek and Cyrillic letters, points of Hebrew, vowels of Arabic. Signs of
# Indic scripts, of Thai and of kana make another letter, and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
_PAIRED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U000323af"
"""Scripts that are written without spaces between words, or whose words are composed: kana, ideographs, hangul."""
_WORD = re.compile(f"[{_PAIRED}]+|[^\\W_{_PAIRED}]+(?:[\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff]+)*+")
_RUN = re.compile(f"[{_PAIRED}]")
_ASCII_WORD = re.compile("[a-z0-9]+")
LONGEST_WORD = 60
"""Letters of a longer word that count: no reader types more, and a line of code or base64 is no word."""

OTHER_LETTER = "#"
"""Stands in a list from A to Z for digits and what has no letter of its own there."""


def fold(text: str) -> str:
    """Return a text in lower case, without diacritics, compatibility forms as what they stand for."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFKC", _MARKS.sub("", folded))


def keyword_key(text: str) -> str:
    """Return what a keyword is counted under: "Climate Change" and "climate change" are one."""
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    """Return the folded words of a text; of a run of ideographs each pair, then the last one alone.

    The pairs of what is typed follow each other in what is indexed: 紅斑狼瘡 is "紅斑 斑狼 狼瘡 瘡".
    """
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _ASCII_WORD.findall(text.lower())]
    folded = fold(text)
    if _RUN.search(folded) is None:
        return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]
    return [word for run in _WORD.findall(folded) for word in _parts(run)]


def is_paired(word: str) -> bool:
    """Return whether a folded word is of a script that is indexed by pairs."""
    return _RUN.match(word) is not None


def is_counted(word: str) -> bool:
    """Return whether the index counts the entries of a folded word, to propose it for a misspelt one: letters only, three or more."""
    return word.isalpha() and len(word) > 2


def pairs(run: str) -> list[str]:
    """Return the pairs of a run of ideographs, without the last one alone; a single one as it is."""
    return [run[position : position + 2] for position in range(len(run) - 1)] or [run]


def runs(text: str) -> list[str]:
    """Return the folded words of a text, runs of ideographs whole."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def _parts(run: str) -> Iterator[str]:
    if is_paired(run):
        yield from (run[position : position + 2] for position in range(len(run)))
    else:
        yield run[:LONGEST_WORD]


@lru_cache(maxsize=65_536)
def sort_key(text: str) -> str:
    """Return a key that sorts texts as a catalogue does: É with E, without regard to case and punctuation, numbers by size."""
    return " ".join(
        f"{len(word):02d}{word}" if word.isdecimal() and len(word) < 20 else word for word in runs(text)
    ) or fold(text)


def letter_of(key: str) -> str:
    """Return the letter under which a list from A to Z has a sort key: A to Z, another alphabet's own, "#" for the rest."""
    first = key[:1].upper()
    return first if first.isalpha() and not is_paired(first) else OTHER_LETTER
