"""Lines of a tagged text and the references in them: a tag, its texts, and what continues them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from lod.errors import SourceError
from lod.report import Finding
from lod.sources.reading.source_file import SourceFile

LARGEST_REFERENCE_BYTES = 64 * 1024 * 1024
"""Longest line, and largest reference."""


@dataclass
class TaggedReference:
    """One reference: tags with their lines, in the order of the file, and what is wrong with it."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    fault: str = ""

    def lines(self, tag: str) -> list[str]:
        """Return all lines of a tag."""
        return [line for name, lines in self.tags if name == tag for line in lines]

    def text(self, tag: str) -> str:
        """Return the lines of a tag as one text."""
        return " ".join(self.lines(tag)).strip()


def tagged_references(
    file: SourceFile,
    tag: re.Pattern[str],
    begins: Callable[[str, TaggedReference], bool],
    stray: list[int],
    *,
    ending: Set[str] = frozenset(),
    blank_ends: bool = False,
) -> Iterator[TaggedReference]:
    """Yield the references of a file; a line without a tag continues the one before.

    Args:
        file: UTF-8, with or without a byte order mark.
        tag: matches a whole line with a tag; its groups are the tag and the text.
        begins: whether a tag begins a new reference after the one that is open.
        stray: gets the numbers of lines outside of references.
        ending: tags that end a reference and belong to none.
        blank_ends: a blank line ends a reference.

    Raises:
        SourceError: a reference is larger than 64 MiB, or the file cannot be read.
    """
    current: TaggedReference | None = None
    characters = 0
    for number, line in _lines(file):
        characters += len(line)
        if characters > LARGEST_REFERENCE_BYTES:
            raise _too_large(file, current.line if current else number)
        match = tag.fullmatch(line)
        name, blank = match[1] if match else "", not line.strip(" \t\x1a\ufeff")
        if current is not None and (name in ending or (blank and blank_ends) or (name != "" and begins(name, current))):
            yield current
            current, characters = None, len(line)
        if name in ending or blank:
            continue
        if current is None and match is None:
            stray.append(number)
            continue
        current = current or TaggedReference(number)
        if match is not None:
            current.tags.append((name, [(match[2] or "").strip()]))
        else:
            current.tags[-1][1].append(line.strip())
        if not current.fault and any("\udc80" <= character <= "\udcff" for character in line):
            label = current.tags[-1][0]
            current.fault = f"{label} is not UTF-8, in line {number}; save the file as UTF-8 and read it again"
    if current is not None:
        yield current


def stray_remark(file: SourceFile, rule: str, stray: list[int]) -> Iterator[Finding]:
    """Yield a remark about lines outside of references, if there are any."""
    if stray:
        yield file.remark(
            rule, f"text outside of references was left out: {len(stray)} lines, the first is line {stray[0]}"
        )


def _too_large(file: SourceFile, line: int) -> SourceError:
    return SourceError(
        f"{file.source}: what starts in line {line} is larger than {LARGEST_REFERENCE_BYTES:,} bytes, which no reference is; "
        "look for the line that ends it"
    )


def _lines(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line; line ends may be LF, CRLF or CR."""
    with file.reading() as stream:
        number = 0
        while raw := stream.readline(LARGEST_REFERENCE_BYTES + 1):
            if len(raw) > LARGEST_REFERENCE_BYTES:
                raise _too_large(file, number + 1)
            text = raw.decode("utf-8-sig" if number == 0 else "utf-8", errors="surrogateescape")
            for line in text.rstrip("\r\n").split("\r"):
                number += 1
                yield number, line
