"""What the text of a query shows before it is evaluated: its form, its nesting, whether its result can be cached.

This is no parser: the text is read token by token, past strings, comments and IRIs. The results are used for messages, for
early refusals and for caching, never for safety alone (the workers are for that).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lod.web.evaluation.service_keyword import TOKEN, opens_nothing, tokens, undo_escapes

PROLOGUE = r"(?:\s|#[^\n]*(?:\n|\Z)|(?:PREFIX\s*+[^\s<#]{0,200}\s*+|BASE\s*+)<[^>]*+>)*+"
_UPDATE = re.compile(rf"{PROLOGUE}(?:WITH|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)
_DESCRIBE = re.compile(rf"{PROLOGUE}DESCRIBE", re.IGNORECASE)
# What is between a name and its bracket may be a comment: then the name is enough.
_NOT_REPEATABLE = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*+[(#]|_:|\[", re.IGNORECASE)
_OPENING = {"(": ")", "{": "}", "[": "]"}
_CLOSING = frozenset(_OPENING.values())


def is_update(text: str) -> bool:
    """Return whether a text that is no query begins as an update does. Source: SPARQL 1.1 Update, section 3."""
    return _UPDATE.match(undo_escapes(text)) is not None


def is_describe(text: str) -> bool:
    """Return whether a query begins as DESCRIBE does. Source: SPARQL 1.1 Query, section 19.8, rule 2."""
    return _DESCRIBE.match(undo_escapes(text)) is not None


def names_dataset(text: str) -> bool:
    """Return whether a query names its dataset, with FROM or FROM NAMED.

    Raises:
        ValueError: dozens of quotation marks close nothing.
    """
    return any((match["words"] or "").lower() == "from" for match in tokens(undo_escapes(text)))


def is_repeatable(text: str) -> bool:
    """Return whether a query gives the same bytes each time: no NOW, RAND, UUID, and no blank nodes are made."""
    return _NOT_REPEATABLE.search(undo_escapes(text)) is None


@dataclass(frozen=True, slots=True)
class Nesting:
    """The brackets of a query: the deepest level, and what is wrong with them ("" for nothing)."""

    depth: int
    error: str = ""


def nesting(text: str) -> Nesting:
    """Return how deeply the brackets of a query are nested, and the first that has no partner."""
    opened: list[tuple[str, int]] = []
    deepest = position = 0
    error = ""
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            break
        if opens_nothing(match, text):
            return Nesting(deepest, error or f"The string that begins at {_place(text, position)} is never closed.")
        bracket = match["other"]
        if bracket in _OPENING:
            opened.append((bracket, position))
            deepest = max(deepest, len(opened))
        elif bracket in _CLOSING:
            if opened and _OPENING[opened[-1][0]] == bracket:
                opened.pop()
            elif not error:
                error = f"'{bracket}' at {_place(text, position)} closes nothing."
        position = match.end()
    if opened and not error:
        bracket, at = opened[-1]
        error = f"'{bracket}' at {_place(text, at)} is never closed."
    return Nesting(deepest, error)


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"
