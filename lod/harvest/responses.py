"""Response: an answer of a provider, saved, as a file that the readers of sources read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from lod.harvest.addresses import shortened
from lod.sources import SourceFile


@dataclass(frozen=True)
class Response(SourceFile):
    """A saved answer; its label is the address that was asked.

    `identity` names the source, whatever page or form of metadata was asked for; records are found missing by it.
    """

    identity: str = ""

    @classmethod
    def to(cls, address: str, path: Path, identity: str = "") -> Self:
        """Return the answer to an address; without an identity, messages about the whole file name the address."""
        return cls(path, shortened(address), identity or shortened(address))

    @cached_property
    def source(self) -> str:
        """The identity of the source."""
        return self.identity
