"""Response: an answer of a provider, saved, as a file that the readers of sources read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lod.harvest.addresses import shortened
from lod.sources import SourceFile


@dataclass(frozen=True)
class Response(SourceFile):
    """A saved answer.

    Attributes:
        identity: names the source whatever page or form of metadata was asked for; records are found missing by it.
        address: the URL that was asked; places of records start with it.
    """

    identity: str
    address: str

    @cached_property
    def name(self) -> str:
        """The address, as messages have it."""
        return shortened(self.address)

    @cached_property
    def source(self) -> str:
        """The identity of the source."""
        return self.identity
