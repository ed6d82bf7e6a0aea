"""Records of pieces: what every reader puts between the parts of its file and the records that they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lod.border import guarded
from lod.report import Finding
from lod.sources.files import Item, SourceFile

Piece = TypeVar("Piece")


def records_of(
    file: SourceFile,
    pieces: Iterable[Piece | Finding],
    read_one: Callable[[Piece], Iterable[Item]],
    where: Callable[[Piece], str],
) -> Iterator[Item]:
    """Yield what each piece gives; one that our own code fails on costs itself, as a violation with the rule "fault".

    A generator that has raised is at its end: the border must be here, and not around the reader.

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
        place = file.place(where(piece))
        found = guarded(_all(read_one), piece, "read", place=place)
        if isinstance(found, Finding):
            yield found
        else:
            yield from found


def _all(read_one: Callable[[Piece], Iterable[Item]]) -> Callable[[Piece], list[Item]]:
    return lambda piece: list(read_one(piece))
