"""BibtexEntry: one entry of a BibTeX file, taken apart, and how one begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ENTRY = re.compile(r"^[ \t]*@[ \t]*(?!comment\b)[A-Za-z]+[ \t]*[{(]", re.MULTILINE | re.IGNORECASE)
"""The beginning of an entry in a line of its own."""


@dataclass(frozen=True)
class OddField:
    """A field that could not be read: its text as it is, where, and what is wrong with it."""

    text: str
    line: int
    why: str


@dataclass
class BibtexEntry:
    """Entry of the file; `fault` says why it cannot be read, and `kind` is empty where it is text between the entries."""

    kind: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    odd: dict[str, OddField] = field(default_factory=dict)
    fault: str = ""
