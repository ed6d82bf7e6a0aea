"""Lines of a tagged text and the references in them: a tag, its texts, and what continues them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from lod.report import Finding
from lod.sources.reading.source_file import SourceFile
from lod.sources.reading.text_lines import check_size, encoding_fault, numbered_lines

_REMEDY = "look for the line that ends it"


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
    for number, line in numbered_lines(file, _REMEDY):
        characters += len(line)
        check_size(file, current.line if current else number, characters, _REMEDY)
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
        current.fault = current.fault or encoding_fault(current.tags[-1][0], number, line)
    if current is not None:
        yield current


def stray_remark(file: SourceFile, rule: str, stray: list[int]) -> Iterator[Finding]:
    """Yield a remark about lines outside of references, if there are any."""
    if stray:
        yield file.remark(
            rule, f"text outside of references was left out: {len(stray)} lines, the first is line {stray[0]}"
        )
