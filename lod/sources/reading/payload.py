"""Payload: what one form of metadata gives to a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lod.record import File, Value


@dataclass(frozen=True, slots=True)
class Payload:
    """The metadata of one record, in whatever form it came.

    Attributes:
        handle: the handle that the metadata itself has for the item, outside of its values.
        refused: why the metadata cannot be read, "" where it can.
        collections: handles of the collections, the owning one first.
        left_out: names of what the metadata holds besides, each with the reason why it is no value (`Ignored`).
    """

    values: tuple[Value, ...]
    files: tuple[File, ...] = ()
    handle: str | None = None
    collections: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
