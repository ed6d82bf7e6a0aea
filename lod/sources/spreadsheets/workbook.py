"""Workbooks of spreadsheet programs, xlsx and ods: their sheets, and the rows of each as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lod.sources.parsing.csv_rows import CsvRow

WAY_OUT = "open the file in a spreadsheet program, and save it"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` reads it from its start: row numbers and cells as text, at most so many rows where a number is given."""

    title: str
    is_visible: bool
    rows: Callable[[int | None], Iterator[CsvRow]]


def named(titles: Sequence[str]) -> str:
    """Return the names of sheets for a message."""
    return ", ".join(f"'{title}'" for title in titles) or "none"
