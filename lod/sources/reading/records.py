"""Read a file piece by piece, so that a fault of our own code costs one piece only; used by every reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lod.errors import LodError
from lod.guard import fault_of
from lod.report import Finding
from lod.sources.reading.source_file import Item, SourceFile

Piece = TypeVar("Piece")


def records_of(
    file: SourceFile,
    pieces: Iterable[Piece | Finding],
    read_one: Callable[[Piece], Iterable[Item]],
    where: Callable[[Piece], str],
) -> Iterator[Item]:
    """Yield what each piece gives; one that our own code fails on costs itself, as a violation with the rule "fault".

    A generator that has raised cannot be resumed, so faults are caught for each piece and not around the reader.

    Args:
        file: what the pieces come from.
        pieces: elements, lines, rows, entries; a finding among them is yielded as it is.
        read_one: returns the items of one piece.
        where: returns the place of a piece in the file: "row 14".

    Raises:
        SourceError: as `pieces` and `read_one` do.
    """
    for piece in pieces:
        if isinstance(piece, Finding):
            yield piece
            continue
        # As `guarded` does; inlined, since there may be millions of small pieces.
        try:
            items = list(read_one(piece))
        except (LodError, MemoryError):
            raise
        except Exception as fault:
            items = [fault_of(fault, "read", place=file.place(where(piece)))]
        yield from items
