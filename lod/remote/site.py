"""Site over a remote store: what a front serves that holds no triples itself.

The mark in the store names its generation. Where the site's folder has that generation too, its catalog and files are used;
else the front is stateless, and everything comes from the store.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from lod.rdf.claims import claim
from lod.remote.catalog import RemoteCatalog
from lod.remote.credentials import store_credentials
from lod.remote.mark import Mark, read_mark
from lod.remote.sparql_client import SparqlClient
from lod.remote.store import RemoteStore
from lod.settings.table import Settings
from lod.store.base import PublishedCatalog, PublishedGeneration
from lod.store.generation.generations import Generation, Site

_LOOKED_AT_S = 1.0
"""How long what the mark says is taken for true."""


@dataclass(eq=False)
class RemoteGeneration:
    """The generation in the store; meets `PublishedGeneration`. `local` is the same one in the site's folder."""

    name: str
    created: str
    store: RemoteStore
    catalog: PublishedCatalog
    directory: Path
    local: Generation | None

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """See `PublishedGeneration.graph_lines`."""
        if self.local is not None:
            return self.local.graph_lines(iri)
        if iri not in self._graphs:
            return None
        return iter(sorted(claim(*triple) for triple in self.store.all_triples(iri)))

    @cached_property
    def _graphs(self) -> frozenset[str]:
        return frozenset(self.store.named_graphs())


class RemoteSite:
    """A site over a store at an address; meets `PublishedSite`. Safe to use from several threads."""

    def __init__(self, settings: Settings, folder: Site, environment: Mapping[str, str]) -> None:
        """Take the site's own folder, which may hold no generation, and where credentials are."""
        self._settings = settings
        self._folder = folder
        credentials = store_credentials(environment, settings.store, settings.store_engine)
        self._client = SparqlClient(settings.store, credentials, silent_s=settings.store_time_limit_s)
        self._state: tuple[Any, RemoteGeneration | None] = (None, None)
        self._until = 0.0
        self._looking = threading.Lock()

    def close(self) -> None:
        """Close the connections to the store."""
        self._client.close()

    def live(self) -> RemoteGeneration | None:
        """See `PublishedSite.live`: what the mark says; without a mark whatever is there; None for an empty store.

        Raises:
            RemoteStoreError: the store does not answer.
        """
        with self._looking:
            if time.monotonic() >= self._until:
                self._look()
                self._until = time.monotonic() + _LOOKED_AT_S
            return self._state[1]

    def is_live(self, generation: PublishedGeneration) -> bool:
        """See `PublishedSite.is_live`: the store has been asked a short while ago."""
        return time.monotonic() < self._until and generation is self._state[1]

    def switched(self) -> str:
        """See `PublishedSite.switched`: when it was pushed."""
        mark = self._state[0]
        return mark.pushed if isinstance(mark, Mark) and mark.pushed else datetime.now(UTC).isoformat()

    def is_rolled_back(self) -> bool:
        """See `PublishedSite.is_rolled_back`: a store does not tell."""
        return False

    def generations(self) -> Sequence[RemoteGeneration]:
        """See `PublishedSite.generations`: one, a store holds no older ones."""
        live = self.live()
        return [live] if live else []

    def _look(self) -> None:
        settings = self._settings
        mark = read_mark(RemoteStore(self._client, settings.base_iri), settings.base_iri)
        # Without a mark changes are not seen, so that cached responses live for a minute.
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        key = mark or now
        if key == self._state[0]:
            return
        graphs = mark.graphs if mark else ()
        store = RemoteStore(self._client, settings.base_iri, settings.store_graph, graphs)
        if mark is None and not store.rows("?s ?p ?o", "s", ending="LIMIT 1"):
            self._state = (None, None)
            return
        name = mark.generation if mark else f"{now:%Y%m%dT%H%M}Z"
        created = mark.created if mark else now.isoformat()
        local = self._local(mark)
        catalog = (
            local.catalog if local else RemoteCatalog(store, settings.base_iri, settings.vocabulary_namespace, mark)
        )
        directory = local.directory if local else self._folder.directory / name
        if mark and not mark.is_whole:
            name += "-being-pushed"
        self._state = (key, RemoteGeneration(name, created, store.cached(), catalog, directory, local))

    def _local(self, mark: Mark | None) -> Generation | None:
        """Return the generation of the mark, if the site's folder keeps it and the store holds it whole."""
        if mark is None or not mark.is_whole:
            return None
        return next((found for found in self._folder.generations() if found.name == mark.generation), None)
