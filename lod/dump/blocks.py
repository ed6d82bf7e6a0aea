"""Sorted claims in blocks that depend on nothing but the claims.

A block begins at every subject whose CRC-32 is a multiple of `SUBJECTS_PER_BLOCK`. So the same claims make the same
blocks, whatever their history, and a change of a few claims changes only the blocks in which they stand: the bytes of
all others can be copied, compressed as they are. All claims of a subject stand in one block.
"""

from __future__ import annotations

import heapq
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

SUBJECTS_PER_BLOCK = 128
"""On average: about 100 kB of N-Triples. Larger blocks cost more for each change, smaller ones compress worse."""

Change = tuple[str, bool]
"""A claim, and whether it is added; otherwise it is removed."""


class UnlikeBlocksError(Exception):
    """A difference does not fit the blocks that it is about; its text names the claim."""


def subject_of(line: str) -> str:
    """Return how all claims about the subject of a claim begin: the encoded IRI and a space."""
    return line[: line.index(" ") + 1]


def in_blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield sorted claims block by block."""
    block: list[str] = []
    subject = "\n"
    for line in lines:
        if not line.startswith(subject):
            subject = subject_of(line)
            if block and zlib.crc32(subject.encode()) % SUBJECTS_PER_BLOCK == 0:
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def updated(
    firsts: Sequence[str],
    read: Callable[[int], Iterable[str]],
    changes: Callable[[], Iterator[Change]],
) -> Iterator[int | list[str]]:
    """Yield the blocks after a difference: the number of one that stays as it is, or the claims of a new one.

    Args:
        firsts: of each block before, the subject that it begins with, as `subject_of` gives it.
        read: gives the claims of a block before, by its number.
        changes: gives the difference, sorted; called twice.

    Raises:
        UnlikeBlocksError: a removed claim is not there, or an added one is.
    """
    difference = _Pending(changes())
    for run in _runs(firsts, changes()):
        if isinstance(run, int):
            yield run
            continue
        end = firsts[run[-1] + 1] if run[-1] + 1 < len(firsts) else None
        old = chain.from_iterable(read(number) for number in run if number < len(firsts))
        yield from in_blocks(_applied(old, difference.until(end)))


def merged(added: Iterable[str], removed: Iterable[str]) -> Iterator[Change]:
    """Yield the two sides of a difference, each sorted, as one sorted sequence."""
    return heapq.merge(((line, True) for line in added), ((line, False) for line in removed))


def _runs(firsts: Sequence[str], changes: Iterator[Change]) -> Iterator[int | list[int]]:
    """Yield the numbers of blocks that stay, and lists of adjacent ones that do not."""
    touched: set[int] = set()
    for line, is_added in changes:
        subject = subject_of(line)
        number = max(bisect_right(firsts, subject) - 1, 0)
        touched.add(number)
        # Without the subject that it began with, the rest of a block belongs to the one before.
        if number and not is_added and firsts[number] == subject:
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
    """A sorted difference that is taken piece by piece."""

    def __init__(self, changes: Iterator[Change]) -> None:
        self._changes = changes
        self._next = next(changes, None)

    def until(self, end: str | None) -> Iterator[Change]:
        """Yield the changes before a line, all that are left without one."""
        while self._next is not None and (end is None or self._next[0] < end):
            change, self._next = self._next, next(self._changes, None)
            yield change
