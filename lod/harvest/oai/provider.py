"""OAI-PMH provider: what it says of itself (Identify, ListMetadataFormats). Source: OAI-PMH 2.0, sections 4.2 and 4.4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lod.errors import SourceError
from lod.harvest.oai.answers import (
    PREFERRED,
    Identity,
    best_prefix,
    read_formats,
    read_identity,
)
from lod.harvest.saved_response import SavedResponse
from lod.http.addresses import shown, with_query
from lod.http.client import Client
from lod.settings.table import Settings

Result = TypeVar("Result")


@dataclass(frozen=True)
class Provider:
    """An OAI-PMH provider and its answer to Identify. `scratch` is a folder for responses that are not kept."""

    base_url: str
    client: Client
    settings: Settings
    scratch: Path

    def identify(self) -> Identity:
        """Return its answer to Identify.

        Raises:
            SourceError: it is no OAI-PMH provider, or does not answer.
        """
        return self._ask({"verb": "Identify"}, read_identity)

    def choose_prefix(self, wanted: str) -> str:
        """Return the metadata prefix that is wanted, or the best that the provider offers.

        Raises:
            SourceError: it offers no such prefix, or none that can be read.
        """
        formats = self._ask({"verb": "ListMetadataFormats"}, read_formats)
        names = [prefix for prefix, _ in formats]
        if chosen := wanted if wanted in names else "" if wanted else best_prefix(formats):
            return chosen
        offered = f"it offers: {', '.join(names)}"
        raise SourceError(
            f"{shown(self.base_url)}: offers no metadata prefix {wanted!r}; {offered}. Leave metadata_prefix out to take the best of them"
            if wanted
            else f"{shown(self.base_url)}: offers no form of metadata that can be read here; {offered}; known: {', '.join(PREFERRED)}"
        )

    def _ask(self, parameters: dict[str, str], read: Callable[[SavedResponse, Settings], Result]) -> Result:
        url = with_query(self.base_url, parameters)
        target = self.scratch / f"{parameters['verb']}.xml.gz"
        try:
            return self.client.fetch(url, target, lambda path: read(SavedResponse.to(url, path), self.settings))
        finally:
            target.unlink(missing_ok=True)
