"""What all views of one app share: settings, site, addresses, vocabulary, context, query workers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from flask import current_app

from lod import __version__
from lod.dump.manifest import Manifest
from lod.dump.void_and_dcat import DATASET, DESCRIPTION_GRAPH, describe_dumps
from lod.errors import DamagedError, StoreError
from lod.rdf.claims import Triple, iri, split_claim
from lod.rdf.vocabulary import Vocabulary, load_vocabulary
from lod.settings.load import Settings
from lod.store.base import PublishedGeneration, PublishedSite
from lod.web.evaluation.admission_control import QUICK_PLACES, Admission
from lod.web.evaluation.evaluator import Endpoint, Evaluator, Limits
from lod.web.evaluation.worker_pool import WorkerPool
from lod.web.http.addresses import VOCABULARY, Addresses, spellings
from lod.web.http.formats import FORMATS, HTML, JSON_LD_FORMS, Format
from lod.web.profiles.offers import Profiles
from lod.web.reading import site_descriptions as descriptions
from lod.web.reading.documents import Document, make_document
from lod.web.reading.local_terms import LocalTerms
from lod.web.reading.reader import Reader
from lod.web.writing.json_ld_context import Context

EXTENSION = "lod"
_MOST_PAST = 4
_ENDINGS = tuple(f".{format_.extension}" for format_ in FORMATS)
_EXTENSIONS = tuple(format_.extension for format_ in (*FORMATS, *JSON_LD_FORMS))


class NothingPublishedError(Exception):
    """The site has no live generation yet."""


@dataclass
class Service:
    """One app's parts. `reader` gives the live generation of the moment, so a request should ask once.

    `waiting_bytes` says how much disk the answers take that slow clients have not read yet, where the server can tell; else 0.
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
    waiting_bytes: Callable[[], int] = int
    _reader: Reader | None = None
    _past: dict[str, Reader] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def reader(self) -> Reader:
        """Return a reader of the live generation.

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
                # What is held is not pruned: the next run finds the older ones free.
                self._past.clear()
        return reader

    def note(self, fault: StoreError) -> None:
        """Remember where a read found the live generation damaged: it stays so until there is another one."""
        reader = self._reader
        if reader and isinstance(fault, DamagedError) and fault.path.is_relative_to(reader.generation.directory):
            reader.is_damaged = True

    def is_damaged(self) -> bool:
        """Tell whether a read has found the live generation damaged."""
        return self.reader().is_damaged

    def endpoint(self, reader: Reader) -> Endpoint | None:
        """Return the store at an address that queries are sent to; None for the embedded store."""
        settings = self.settings
        if not settings.store:
            return None
        graphs = tuple(reader.store.named_graphs())
        seconds = float(settings.query_time_limit_s)
        return settings.store, settings.base_iri, settings.store_graph, graphs, seconds, settings.store_engine

    def past(self) -> list[PublishedGeneration]:
        """Return the generations that are kept, up to the live one, in the order of time.

        What was rolled back from is not among them: it was taken back (docs/adr/0025).
        """
        live = self.reader().generation
        kept: Sequence[PublishedGeneration] = ()
        # A run may remove a generation while it is looked at; without a look at the others the live one remains.
        with suppress(StoreError):
            kept = self.site.generations()
        line = [live]
        for generation in sorted(kept, key=lambda one: one.name, reverse=True):
            manifest = Manifest.of(line[0].directory)
            # One between them that changed nothing may have been removed.
            made_from = manifest.ancestors if manifest else []
            if generation.name < line[0].name and (not made_from or generation.name in made_from):
                line.insert(0, generation)
        return line

    def reader_of(self, generation: PublishedGeneration) -> Reader:
        """Return a reader of a generation that is kept; the last ones asked for stay open.

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

    def find(self, reader: Reader, key: str) -> str | None:
        """Return the key under which a thing is known, of the spellings that a request may have used; None if it is not."""
        return next((spelling for spelling in spellings(key) if self._is_known(reader, spelling)), None)

    def removed_on(self, reader: Reader, key: str) -> str | None:
        """Return when an item was removed (ISO 8601), None where it was not."""
        dates = (reader.catalog.removed_on(f"{self.addresses.base}id/{spelling}") for spelling in spellings(key))
        return next((date for date in dates if date), None)

    def has_known(self, reader: Reader, key: str) -> bool:
        """Tell whether a thing is known by a key, or was until it moved or was removed."""
        return bool(self.find(reader, key) or self.moved_to(reader, key) or self.removed_on(reader, key))

    def moved_to(self, reader: Reader, key: str) -> str | None:
        """Return the key that a thing has now under which it was not known before; None if it has not moved."""
        for spelling in spellings(key):
            target = reader.catalog.moved_to(self.addresses.thing(spelling))
            moved = self.addresses.key(target) if target else None
            if moved and self._is_known(reader, moved):
                return moved
        return None

    def document(self, reader: Reader, key: str, page: int = 1) -> Document:
        """Return the document of a thing that is known."""
        subject = self.addresses.thing(key)
        if key == VOCABULARY:
            return make_document(iri(subject), self.local_terms.triples)
        published = reader.document(subject, page)
        own = self._own_description(reader, key)
        if not own:
            return published
        triples = [*own, *published.triples]
        return make_document(
            published.subject, triples, published.pointing, page=page, more=published.more, counts=published.counts
        )

    def dataset(self, reader: Reader) -> list[Triple]:
        """Return the description of the dataset, as it was published, and its dumps."""
        generation = reader.generation
        # Whole before any is read: the checksum of the file is at its end.
        lines = list(reader.graph_lines(self.settings.base_iri + DESCRIPTION_GRAPH) or ())
        manifest = Manifest.of(generation.directory)
        return [
            *(split_claim(line) for line in lines),
            *(describe_dumps(self.settings, generation.name, generation.created, manifest) if manifest else ()),
        ]

    def document_of(self, reader: Reader, key: str, format_: Format) -> str:
        """Return the address of a thing's document in a format, after the base.

        An item's key may end like an extension (10722/129504.nt); the other one's document is then named by ?format=.
        """
        if format_ is HTML:
            return f"page/{key}"
        if format_.extension in reader.taken_endings(self.addresses.thing(key), _EXTENSIONS):
            return f"data/{key}?format={format_.extension}"
        return f"data/{key}.{format_.extension}"

    def _is_known(self, reader: Reader, key: str) -> bool:
        if not key.startswith(VOCABULARY):
            return f"id/{key}" in _BUILT_IN or reader.is_known(self.addresses.thing(key))
        term = self.addresses.thing(key)
        if key == VOCABULARY or reader.is_known(term):
            return True
        # Every field name has a property by rule, but `field/dc.title.ttl` asks for a document about dc.title.
        return not key.endswith(_ENDINGS) and bool(self.local_terms.describe(term))

    def _own_description(self, reader: Reader, key: str) -> list[Triple]:
        if f"id/{key}" == DATASET:
            return self.dataset(reader)
        if f"id/{key}" == descriptions.SOFTWARE:
            return list(descriptions.describe_software(self.settings))
        if key.startswith(f"{VOCABULARY}/"):
            return self.local_terms.describe(self.addresses.thing(key))
        return []


_BUILT_IN = frozenset({DATASET, descriptions.SOFTWARE})


def make_service(settings: Settings, site: PublishedSite) -> Service:
    """Return the parts of an app. No process is started yet.

    Raises:
        ConfigError: the bundled vocabulary cannot be read.
    """
    addresses = Addresses(settings)
    limits = Limits(
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
        WorkerPool(settings.query_workers + QUICK_PLACES, limits, networked=bool(settings.store)),
        Admission(settings.query_workers, settings.query_queue, settings.query_seconds_per_minute),
        hashlib.sha256(f"{__version__}\n{settings!r}".encode()).hexdigest(),
        Profiles(settings.vocabulary_namespace),
    )


def service() -> Service:
    """Return the service of the app that answers the current request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Service)  # noqa: S101 - create_app puts it there
    return found
