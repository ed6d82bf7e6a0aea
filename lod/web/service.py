"""Service: what all requests to one app share. Settings, site, vocabulary, query workers, the readers of generations."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from flask import current_app

from lod.dump.manifest import Manifest
from lod.errors import DamagedError, StoreError
from lod.program import program_fingerprint
from lod.rdf.vocabulary import Vocabulary, load_vocabulary
from lod.settings.table import Settings
from lod.store.base import PublishedGeneration, PublishedSite
from lod.web.appearance.site_files import Appearance
from lod.web.evaluation.admission_control import QUICK_PLACES, Admission
from lod.web.evaluation.evaluator import Evaluator, QueryLimits
from lod.web.evaluation.result_buffers import ResultBuffers
from lod.web.evaluation.worker_pool import WorkerPool
from lod.web.http.addresses import Addresses
from lod.web.limits.client_budgets import ClientBudgets
from lod.web.profiles.offers import Profiles
from lod.web.reading.local_terms import LocalTerms
from lod.web.reading.reader import Reader
from lod.web.writing.graph_files import GraphFiles
from lod.web.writing.json_ld_context import Context

EXTENSION = "lod"
CLOSED_FOR = ("slow", "on disk", "idle")
"""Why the server closes connections: too slow, a response too long on disk, too many connections."""

_MOST_PAST = 4


class NothingPublishedError(Exception):
    """The site has no live generation yet."""


@dataclass
class Service:
    """The parts of one app.

    `buffered_bytes` returns how much disk the server itself takes for responses that slow clients have not read yet; 0 where it
    cannot tell. `fingerprint` changes with the program and with the settings. `connections_closed` counts those that it has closed, by reason.
    """

    settings: Settings
    site: PublishedSite
    addresses: Addresses
    vocabulary: Vocabulary
    context: Context
    local_terms: LocalTerms
    pool: Evaluator
    admission: Admission
    fingerprint: str
    profiles: Profiles
    result_buffers: ResultBuffers
    request_budgets: ClientBudgets
    graph_files: GraphFiles
    appearance: Appearance
    buffered_bytes: Callable[[], int] = int
    connections_closed: Counter[str] = field(default_factory=Counter)
    _reader: Reader | None = None
    _past: dict[str, Reader] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def is_item(self, classes: Iterable[str]) -> bool:
        """Return whether encoded classes are those of an item of a repository."""
        return f"<{self.vocabulary.expand('rt:RepositoryItem')}>" in classes

    def waiting_bytes(self) -> int:
        """Return how much disk the responses take that are being made, or that clients have not read yet."""
        return self.buffered_bytes() + self.result_buffers.bytes_on_disk

    def reader(self) -> Reader:
        """Return a reader of the live generation of this moment; a request asks once (`PublishedView`).

        Raises:
            NothingPublishedError: there is none.
        """
        generation = self.site.live()
        if generation is None:
            raise NothingPublishedError
        reader = self._reader
        if reader is None or reader.generation.name != generation.name:
            reader = self._reader = Reader(generation, self.addresses, self.site.switched())
            with self._opening:
                # An open generation is not pruned: let the older ones go for the next run.
                self._past.clear()
        return reader

    def open_reader(self) -> Reader | None:
        """Return the reader of the live generation if it is open; no file is opened and no store is asked."""
        reader = self._reader
        return reader if reader and self.site.is_live(reader.generation) else None

    def is_searchable(self) -> bool:
        """Return whether the live generation has a search index; False for one that cannot be read."""
        with suppress(NothingPublishedError, StoreError):
            return self.reader().search is not None
        return False

    def has_quality(self) -> bool:
        """Return whether there are pages about the quality of the records: the site shows them, and the generation has figures."""
        with suppress(NothingPublishedError, StoreError):
            return self.settings.quality_public and self.reader().quality is not None
        return False

    def note(self, error: StoreError) -> None:
        """Remember that a read found the live generation damaged, until another one is live."""
        reader = self._reader
        if reader and isinstance(error, DamagedError) and error.path.is_relative_to(reader.generation.directory):
            reader.is_damaged = True

    def is_damaged(self) -> bool:
        """Return whether a read has found the live generation damaged."""
        return self.reader().is_damaged

    def past(self) -> list[PublishedGeneration]:
        """Return the generations that are kept, up to the live one, in the order of time.

        Those that were rolled back from are not among them (docs/adr/0025), nor are those that a run has left for their readers
        only: opened again for each client that asks for the history of a thing, they would never go.
        """
        live = self.reader().generation
        found: Sequence[PublishedGeneration] = ()
        # A run may remove a generation while they are listed; then the live one is left.
        with suppress(StoreError):
            found = self.site.generations()
        line = [live]
        for generation in sorted(found, key=lambda item: item.name, reverse=True):
            manifest = Manifest.of(line[0].directory)
            # A generation between them that changed nothing may have been removed.
            made_from = manifest.ancestors if manifest else []
            if generation.name < line[0].name and (not made_from or generation.name in made_from):
                line.insert(0, generation)
        # A run spares the one that it replaces.
        return line[-(self.settings.keep_generations + 1) :]

    def reader_of(self, generation: PublishedGeneration) -> Reader:
        """Return a reader of a generation that is kept; the last ones used stay open.

        Raises:
            StoreError: it has been removed since, or an earlier version of lod wrote it.
        """
        live = self.reader()
        if generation.name == live.generation.name:
            return live
        with self._opening:
            known = self._past.pop(generation.name, None) or Reader(generation, self.addresses)
            self._past[generation.name] = known
            while len(self._past) > _MOST_PAST:
                del self._past[next(iter(self._past))]
        return known


def make_service(settings: Settings, site: PublishedSite, appearance: Appearance) -> Service:
    """Return the parts of an app. No process is started yet.

    Raises:
        ConfigError: the bundled vocabulary cannot be read.
    """
    addresses = Addresses(settings)
    buffers = ResultBuffers(settings.max_waiting_bytes)
    limits = QueryLimits(
        settings.query_time_limit_s,
        settings.query_memory_limit_mib,
        settings.max_result_bytes,
        settings.max_result_rows,
    )
    return Service(
        settings,
        site,
        addresses,
        load_vocabulary(settings.vocabulary_namespace),
        Context(settings.base_iri, settings.vocabulary_namespace),
        LocalTerms(settings.vocabulary_namespace),
        WorkerPool(settings.query_workers + QUICK_PLACES, limits, buffers, networked=bool(settings.store)),
        Admission(
            settings.query_workers,
            settings.query_queue,
            settings.query_wait_s,
            ClientBudgets(settings.query_seconds_per_minute),
        ),
        hashlib.sha256(f"{program_fingerprint()}\n{settings!r}\n{appearance.digest}".encode()).hexdigest(),
        Profiles(settings.vocabulary_namespace),
        buffers,
        ClientBudgets(settings.client_cost_per_minute),
        GraphFiles(max(1, settings.threads // 4)),
        appearance,
    )


def current_service() -> Service:
    """Return the service of the app that handles the current request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Service)  # noqa: S101 - create_app puts it there
    return found
