"""Rows of a table that are no records: remarks, explanations of the columns, the header once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lod.long_texts import LONG
from lod.sources.reading.field_names import Column, Header

_INSTRUCTION = re.compile(
    r"(?:required|mandatory|optional|recommended|(?:not |non-)?repeatable|controlled|free text|text|date|url|uuid"
    r"|yyyy(?:-mm(?:-dd)?)?|e\.g\.|for example|example:|format:|one per|separate|use |enter |see )\b.*",
    re.IGNORECASE | re.DOTALL,
)
_WORDS = re.compile(r"[^\W\d_]+")
_FRAGMENT_HANDLE = re.compile(r"#/\d[\d.]*/\S+")
_DSPACE_ID = re.compile(r"\+|\d+|[0-9a-fA-F-]{32,36}")


def is_comment(cells: Sequence[str], header: Header) -> bool:
    """Return whether a row is a remark: its first cell starts with "#", and is no field or the only cell.

    A record of which only one value is known cannot be published anyway. "#/11463/23958" is no remark but a handle as the
    pages of some repositories write it: such a row is refused as a record, so that what was published of it stays.
    """
    first = cells[0].strip()
    if not first.startswith("#") or _FRAGMENT_HANDLE.fullmatch(first):
        return False
    return all(column.index != 0 for column in header.columns) or not any(map(str.strip, cells[1:]))


def is_explanation(cells: Sequence[str], header: Header) -> bool:
    """Return whether a row says what the columns are for ("Title", "Date of issue", "required", "YYYY-MM-DD").

    Two cells must say so, and half of those that are filled.
    """
    identifier = header.work.get("id")
    if identifier is not None and _DSPACE_ID.fullmatch(cells[identifier].strip()):
        return False
    filled = [(column, text) for column in header.columns if (text := cells[column.index].strip())]
    explained = sum(_explains(column, text) for column, text in filled)
    return explained >= 2 and 2 * explained >= len(filled)


def _explains(column: Column, text: str) -> bool:
    if len(text) > LONG:
        return False
    names = {part.casefold() for part in column.field.split(".")[1:]}
    words = {word.removesuffix("s") for word in map(str.casefold, _WORDS.findall(text))} - {"of", "the", "in", "or"}
    return bool(words and words <= {name.removesuffix("s") for name in names}) or bool(_INSTRUCTION.fullmatch(text))
