"""An OAI-PMH provider: what it is, and its lists one after the other. Source: OAI-PMH 2.0, sections 3.5 (flow control) and 4.5 (ListRecords)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lod.errors import SourceError
from lod.harvest.addresses import with_query
from lod.harvest.journal import Entry, Run
from lod.harvest.oai.answers import (
    PREFERRED,
    Identity,
    best_prefix,
    read_formats,
    read_identity,
)
from lod.harvest.oai.list_records import OaiList, Told
from lod.harvest.responses import Response
from lod.harvest.web import Client
from lod.settings.load import Settings

Result = TypeVar("Result")


@dataclass(frozen=True)
class Provider:
    """Asks an OAI-PMH provider what it is. `scratch` is a folder for answers that are not kept."""

    base_url: str
    client: Client
    settings: Settings
    scratch: Path

    def identify(self) -> Identity:
        """Ask who it is.

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
        offered = ", ".join(prefix for prefix, _ in formats)
        if wanted:
            if wanted not in {prefix for prefix, _ in formats}:
                raise SourceError(
                    f"{self.base_url}: offers no metadata prefix {wanted!r}; it offers: {offered}. Leave metadata_prefix "
                    "out to take the best of them"
                )
            return wanted
        best = best_prefix(formats)
        if not best:
            raise SourceError(
                f"{self.base_url}: offers no form of metadata that can be read here; it offers: {offered}; known: "
                f"{', '.join(PREFERRED)}"
            )
        return best

    def _ask(self, parameters: dict[str, str], read: Callable[[Response, Settings], Result]) -> Result:
        url = with_query(self.base_url, parameters)
        target = self.scratch / f"{parameters['verb']}.xml.gz"
        try:
            return self.client.fetch(url, target, lambda path: read(Response.to(url, path), self.settings))
        finally:
            target.unlink(missing_ok=True)


@dataclass
class Harvester:
    """Fetches the lists of a run, from where it has come to."""

    run: Run
    base_url: str
    client: Client
    settings: Settings
    told: Told
    tokens_are_old: bool = False
    remarks: list[str] = field(default_factory=list)

    def go_on(self) -> None:
        """Fetch what is missing of the run.

        Raises:
            SourceError: the provider breaks off; what has come is kept, and the next call goes on behind it.
        """
        for set_ in self.run.terms.sets:
            one = OaiList(
                self.run, set_, self.base_url, self.client, self.settings, self.told, self.tokens_are_old, self.remarks
            )
            one.go_on()
        self.run.add(Entry(sort="whole"))
