"""Payload: what one form of metadata gives to a record."""

from __future__ import annotations

from dataclasses import dataclass

from lod.record import File, Value


@dataclass(frozen=True, slots=True)
class Payload:
    """The metadata of one record, in whatever form it came.

    Attributes:
        handle: the handle that the metadata itself has for the item, outside of its values.
        refused: why the metadata cannot be read, "" where it can.
        collections: handles of the collections, the owning one first.
    """

    values: tuple[Value, ...]
    files: tuple[File, ...] = ()
    handle: str | None = None
    collections: tuple[str, ...] = ()
    refused: str = ""
