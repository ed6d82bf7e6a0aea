"""Hints on syntax errors: a misspelt keyword with the one that is meant, an expression in SELECT without brackets or name.

The engine says where it cannot read on, which is often a word later. The query is read token by token here; what is found counts
only where it is before the engine's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lod.web.evaluation.service_keyword import tokens

_CLAUSES = """
    ADJUST ALL AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LATERAL LIMIT MINUS
    NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SERVICE UNDEF UNION VALUES VERSION WHERE TRUE FALSE A
"""
_AGGREGATES = "AVG COUNT GROUP_CONCAT MAX MIN SAMPLE SUM"
_FUNCTIONS = """
    ABS BNODE BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC
    ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LCASE MD5 MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE ROUND SAMETERM
    SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT
    SUBSTR TIMEZONE TRIPLE TZ UCASE URI UUID YEAR HASLANG HASLANGDIR
"""
_CALLED = frozenset(f"{_AGGREGATES} {_FUNCTIONS}".split())
_KNOWN = frozenset(_CLAUSES.split()) | _CALLED
"""Words of SPARQL 1.1 (sections 19.8 and 17.4) and of the engine's extensions; `a` is matched without case."""

_WORD = re.compile(r"[A-Za-z_]{2,20}")
_ALIKE = 0.7
_END_OF_SELECT = frozenset({"WHERE", "FROM", "{"})
_MOST_TOKENS = 5_000


@dataclass(frozen=True, slots=True)
class Hint:
    """What is wrong at a place of a query (an offset in its text), in one sentence."""

    position: int
    message: str


def hint_on(query: str, until: int) -> Hint | None:
    """Return the first thing that is wrong before an offset in a query that cannot be read; None where nothing is known."""
    try:
        found = [match for match, _ in zip(tokens(query), range(_MOST_TOKENS), strict=False) if not match["skip"]]
    except ValueError:
        return None
    hints = (*_misspelt(found), *_without_name(query, found))
    return min((hint for hint in hints if hint.position < until), key=lambda hint: hint.position, default=None)


def _misspelt(found: list[re.Match[str]]) -> Iterator[Hint]:
    """Yield words that are none of SPARQL's and look like one: between strings, IRIs and names a query has only keywords."""
    for match in found:
        word = match["words"] or ""
        if _WORD.fullmatch(word) and word.upper() not in _KNOWN:
            near = get_close_matches(word.upper(), _KNOWN, n=1, cutoff=_ALIKE)
            if near:
                yield Hint(match.start(), f"{word} is no word of SPARQL; did you mean {near[0]}?")


def _without_name(query: str, found: list[re.Match[str]]) -> Iterator[Hint]:
    """Yield expressions in SELECT without brackets, or without a name. Source: SPARQL 1.1 Query, section 19.8, rule 9."""
    names = {match["variable"][1:] for match in found if match["variable"]}
    free = next((name for name in ("n", "number", "result") if name not in names), "other")
    for first, end in _select_clauses(found):
        yield from _nameless(query, found, first, end, free)


def _select_clauses(found: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield where the list of each SELECT begins and ends among the tokens."""
    first: int | None = None
    for number, match in enumerate(found):
        text = match.group().upper()
        if first is not None and (text == "SELECT" or text in _END_OF_SELECT):
            yield first, number
            first = None
        if text == "SELECT":
            first = number + 1
    if first is not None:
        yield first, len(found)


def _nameless(query: str, found: list[re.Match[str]], first: int, end: int, free: str) -> Iterator[Hint]:
    """Yield the expressions of one list that have no brackets or no name, up to the first call without brackets."""
    depth, start, named = 0, 0, False
    for number in range(first, end):
        match, text = found[number], found[number].group().upper()
        if text == "(":
            if depth == 0:
                start, named = match.end(), False
            depth += 1
        elif text == ")":
            depth -= 1
            if depth == 0 and not named:
                yield Hint(match.start(), _as_written(query[start : match.start()], free))
        elif text == "AS" and depth == 1:
            named = True
        elif text in _CALLED and depth == 0 and [later.group() for later in found[number + 1 : number + 2]] == ["("]:
            if call := _call(query, match.start(), found):
                yield Hint(match.start(), _as_written(call[0], call[1] or free))
            # The rest of the list is read differently once this is mended.
            return


def _call(query: str, start: int, found: list[re.Match[str]]) -> tuple[str, str] | None:
    """Return a call that begins at an offset, and the name that AS gives it ("" for none); None where it is not closed."""
    depth = 0
    for number, match in enumerate(found):
        if match.start() > start:
            depth += {"(": 1, ")": -1}.get(match.group(), 0)
            if depth == 0:
                after = [following.group() for following in found[number + 1 : number + 3]]
                is_named = len(after) == 2 and after[0].upper() == "AS" and after[1][0] in "?$"
                return query[start : match.end()], after[1][1:] if is_named else ""
    return None


def _as_written(expression: str, name: str) -> str:
    shown = " ".join(expression.split())
    if len(shown) > 80:
        shown = f"{shown[:77]}…"
    return f"An expression in SELECT is in brackets and has a name: ({shown} AS ?{name})."
