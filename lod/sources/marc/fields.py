"""MarcRecord and MarcField: one record whatever its carrier, and the subfields that a reader takes out of a field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lod.long_texts import collapse
from lod.sources.marc.field_tables import ABBREVIATIONS

_ISBD = " /:;=,"
# Romanised Cyrillic has ligatures of two half marks over its letters: "vremi︠a︡.".
_STOP = re.compile(
    r"(?<![^\W\d_])(?<![\u0300-\u036f\ufe20-\ufe2f])((?:[^\W\d_][\u0300-\u036f\ufe20-\ufe2f]{0,3}){3,40})\.$"
)
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
CATALOG = re.compile(r"(?<!\s)\s*+\[(?:from old catalog|old catalog heading)\]\s*", re.IGNORECASE)
"""What the Library of Congress wrote behind headings that it took over unchecked: no part of them."""


class Subfield(NamedTuple):
    """One subfield: its code, one character, and its text as the record has it."""

    code: str
    text: str


@dataclass(slots=True)
class MarcField:
    """One field. A control field has `data` and no subfields; indicators are one character each, a space for none.

    `left_out` has the codes of subfields whose text no value repeats, each with the reason.
    """

    tag: str
    indicators: str = "  "
    subfields: list[Subfield] = field(default_factory=list)
    data: str = ""
    taken: set[int] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)

    def all(self, codes: str, *, take: bool = True) -> list[str]:
        """Return the filled texts of the subfields with these codes, in the order of the record, and note that they are used."""
        found = []
        for position, (code, text) in enumerate(self.subfields):
            if code in codes and (tidy := collapse(text)):
                found.append(tidy)
                if take:
                    self.taken.add(position)
        return found

    def first(self, code: str, *, take: bool = True) -> str:
        """Return the first filled text of a code, "" where there is none; only this one is used."""
        for position, (other, text) in enumerate(self.subfields):
            if other == code and (tidy := collapse(text)):
                if take:
                    self.taken.add(position)
                return tidy
        return ""

    def pairs(self, codes: str) -> Iterator[Subfield]:
        """Yield code and text of the filled subfields with these codes, in the order of the record, and note that they are used."""
        for position, (code, text) in enumerate(self.subfields):
            if code in codes and (tidy := collapse(text)):
                self.taken.add(position)
                yield Subfield(code, tidy)

    def rest(self) -> list[Subfield]:
        """Return the filled subfields that nothing has used."""
        return [
            subfield
            for position, subfield in enumerate(self.subfields)
            if position not in self.taken and subfield.text.strip()
        ]


@dataclass(slots=True)
class MarcRecord:
    """One record: leader and fields, in its order."""

    leader: str
    fields: list[MarcField]

    def all(self, *tags: str) -> list[MarcField]:
        """Return the fields with these tags, in the order of the record."""
        return [field for field in self.fields if field.tag in tags]

    def data(self, tag: str) -> str:
        """Return the text of the first control field of a tag, "" where there is none."""
        return next((field.data for field in self.fields if field.tag == tag and field.data.strip()), "")

    def left_out(self) -> dict[str, str]:
        """Return the subfields whose text no value repeats, by tag and code ("700$e"), each with the reason."""
        return {f"{field.tag}${code}": reason for field in self.fields for code, reason in field.left_out.items()}

    def position(self, tag: str, start: int, end: int) -> str:
        """Return characters of the leader ("") or of a control field, fill characters and other signs for "none" as spaces."""
        text = self.data(tag) if tag else self.leader
        return re.sub(r"[|#^\\]", " ", text[start:end])


def bare(text: str) -> str:
    """Return a text without the punctuation of ISBD at its end: "Wiley CIO series ;" is "Wiley CIO series"."""
    return CATALOG.sub("", collapse(text)).rstrip(_ISBD)


def in_sentences(parts: Iterable[str]) -> str:
    """Return parts with a full stop after each but the last, where it has none: "Great Britain. Office for National Statistics"."""
    filled = [part for part in parts if part]
    return " ".join(part if part.endswith(".") else f"{part}." for part in filled[:-1]) + (
        (" " if len(filled) > 1 else "") + filled[-1] if filled else ""
    )


def without_stop(text: str) -> str:
    """Return a text without the punctuation and the full stop at its end; abbreviations, initials and dots keep theirs."""
    plain = bare(text)
    match = _STOP.search(plain)
    if match and match[1].casefold() not in ABBREVIATIONS:
        return plain[:-1]
    if plain.endswith((").", "].", '".', "”.", "?.", "!.")) or re.search(r"\d\.$", plain):
        return plain[:-1]
    return plain


def without_brackets(text: str) -> str:
    """Return a text without the square brackets that say where a cataloguer has it from: "[Paris]" is "Paris"."""
    plain = without_stop(text)
    return without_stop(plain[1:-1]) if plain.startswith("[") and plain.endswith("]") else plain


def name_of(tag: str, code: str = "") -> str:
    """Return the field name of a value that is kept as it is: "marc.245.h"; signs that no name has are written as code points."""
    parts = ["marc", tag.strip() or "none", *([code] if code else [])]
    return ".".join(part if _NAME.fullmatch(part) and part.isascii() else _spelled(part) for part in parts)


def _spelled(part: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else f"x{ord(sign):02x}" for sign in part)
