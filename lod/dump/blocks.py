"""Sorted claims in blocks that depend on nothing but the claims.

A block begins at every subject whose CRC-32 is a multiple of `SUBJECTS_PER_BLOCK`. So the same claims make the same
blocks, whatever their history, and a change of a few claims changes only the blocks that hold them: the compressed bytes
of all others can be copied. All claims of a subject are in one block; only in named graphs, where one subject may have
most of the claims, blocks begin at lines (`BY_LINE`).
"""

from __future__ import annotations

import heapq
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

SUBJECTS_PER_BLOCK = 64
"""On average: about 50 kB of N-Triples. Larger blocks cost more for each change, smaller ones compress worse."""

LINES_PER_BLOCK = 256
"""Of a named graph, on average: about 40 kB of N-Triples."""

_LINE_START = 256

Change = tuple[str, bool]
"""A claim, and whether it is added; otherwise it is removed."""


class UnlikeBlocksError(Exception):
    """A difference does not fit the blocks that it is about; its text names the claim."""


def subject_of(line: str) -> str:
    """Return the beginning that all claims of a subject share: the encoded IRI and a space."""
    return line[: line.index(" ") + 1]


def start_of(line: str) -> str:
    """Return the first characters of a claim, which decide where a block of a named graph begins: a value may have megabytes."""
    return line[:_LINE_START]


@dataclass(frozen=True, slots=True)
class Cut:
    """How to cut claims into blocks: lines with the same `part`, a beginning, share a block, which has `each` parts on average."""

    part: Callable[[str], str]
    each: Callable[[], int]


BY_SUBJECT = Cut(subject_of, lambda: SUBJECTS_PER_BLOCK)
BY_LINE = Cut(start_of, lambda: LINES_PER_BLOCK)


def in_blocks(lines: Iterable[str], cut: Cut = BY_SUBJECT) -> Iterator[list[str]]:
    """Yield sorted claims block by block."""
    block: list[str] = []
    part, each = "\n", cut.each()
    for line in lines:
        if not line.startswith(part):
            part = cut.part(line)
            if block and zlib.crc32(part.encode()) % each == 0:
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def updated(
    firsts: Sequence[str],
    read: Callable[[int], Iterable[str]],
    changes: Callable[[], Iterator[Change]],
    cut: Cut = BY_SUBJECT,
) -> Iterator[int | list[str]]:
    """Yield the blocks after a difference: the number of an unchanged block, or the claims of a new one.

    Args:
        firsts: of each old block, its first part, as returned by the cut.
        read: returns the claims of an old block, by its number.
        changes: returns the difference, sorted; called twice.
        cut: that of the old blocks.

    Raises:
        UnlikeBlocksError: a removed claim is not there, or an added one is.
    """
    difference = _Pending(changes())
    for run in _runs(firsts, changes(), cut):
        if isinstance(run, int):
            yield run
            continue
        end = firsts[run[-1] + 1] if run[-1] + 1 < len(firsts) else None
        old = chain.from_iterable(read(number) for number in run if number < len(firsts))
        yield from in_blocks(_applied(old, difference.until(end)), cut)


def merged(added: Iterable[str], removed: Iterable[str]) -> Iterator[Change]:
    """Yield the two sides of a difference, each sorted, as one sorted sequence of changes."""
    return heapq.merge(((line, True) for line in added), ((line, False) for line in removed))


def _runs(firsts: Sequence[str], changes: Iterator[Change], cut: Cut) -> Iterator[int | list[int]]:
    """Yield the numbers of unchanged blocks, and lists of adjacent changed ones."""
    touched: set[int] = set()
    for line, is_added in changes:
        part = cut.part(line)
        number = max(bisect_right(firsts, part) - 1, 0)
        touched.add(number)
        # Without its first part, the rest of a block belongs to the previous block.
        if number and not is_added and firsts[number] == part:
            touched.add(number - 1)
    run: list[int] = []
    for number in range(max(len(firsts), 1 if touched else 0)):
        if number in touched:
            run.append(number)
            continue
        if run:
            yield run
            run = []
        yield number
    if run:
        yield run


def _applied(lines: Iterable[str], changes: Iterator[Change]) -> Iterator[str]:
    """Yield sorted claims after a sorted difference."""
    change = next(changes, None)
    for line in lines:
        while change is not None and change[0] < line:
            yield _added(change)
            change = next(changes, None)
        if change is None or change[0] != line:
            yield line
            continue
        if change[1]:
            raise UnlikeBlocksError(f"a claim that should be added is there already: {line}")
        change = next(changes, None)
    while change is not None:
        yield _added(change)
        change = next(changes, None)


def _added(change: Change) -> str:
    line, is_added = change
    if not is_added:
        raise UnlikeBlocksError(f"a claim that should be removed is not there: {line}")
    return line


class _Pending:
    """A sorted difference, consumed piece by piece."""

    def __init__(self, changes: Iterator[Change]) -> None:
        self._changes = changes
        self._next = next(changes, None)

    def until(self, end: str | None) -> Iterator[Change]:
        """Yield the changes before a line, or all that are left."""
        while self._next is not None and (end is None or self._next[0] < end):
            change, self._next = self._next, next(self._changes, None)
            yield change
