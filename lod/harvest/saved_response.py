"""A saved response of a provider, as a file that the readers of sources read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from lod.http.addresses import shown
from lod.sources import SourceFile
from lod.sources.reading.source_defaults import NO_DEFAULTS, SourceDefaults


@dataclass(frozen=True)
class SavedResponse(SourceFile):
    """A saved response; its label is the address that it was fetched from.

    `identity` names the source, whatever page or form of metadata was fetched; records are found missing by it.
    """

    identity: str = ""

    @classmethod
    def to(cls, address: str, path: Path, identity: str = "", defaults: SourceDefaults = NO_DEFAULTS) -> Self:
        """Return the answer to an address; without an identity, messages about the whole file name the address."""
        name = shown(address)
        return cls(path, name, defaults.encoding, defaults.columns, identity or name)

    @cached_property
    def source(self) -> str:
        """The identity of the source."""
        return self.identity
