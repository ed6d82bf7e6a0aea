"""Build a generation in a temporary folder: catalog, store, search index, figures of quality, named graphs, checks, and finally the switch."""

from __future__ import annotations

import errno
import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lod.disk.atomic import DESCRIPTION, move_durably, sync_tree
from lod.disk.os_errors import as_store_error, is_system_fault, store_error
from lod.disk.packed_bytes import DamagedBytesError
from lod.dump.manifest import DUMPS
from lod.dump.write import DumpWriter
from lod.errors import StoreError
from lod.feed.write import FeedWriter
from lod.store.catalog.claim_changes import Changes
from lod.store.catalog.schema import CATALOG
from lod.store.catalog.writer import CatalogWriter
from lod.store.generation.catalog_difference import CatalogDifference
from lod.store.generation.checksums import SHA256, STORE, checksums, file_fault
from lod.store.generation.named_graphs import GraphSource, GraphWriter, NamedGraph
from lod.store.generation.things import CatalogThings
from lod.store.oxigraph import DifferenceError, OxigraphStore, WritableOxigraphStore, after_storing
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.build.update import Publication, write_quality
from lod.store.quality.values.acceptances import Acceptance
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.update import changed_things, write_index
from lod.store.search.find.index import SearchIndex
from lod.worker_pool import Work, WorkerPool

BUILDING = ".building-"
RELOAD_SHARE = 0.5
"""Share of changed claims from which a full load is faster: 6 µs a claim, against 8 (to remove) to 13 (to add)."""

COUNTED_TRIPLES = 1_000_000
"""Largest store that is counted after a difference, which takes 0.15 s. In larger ones each claim of the difference is
still checked when it is applied, and every full load is counted."""

BESIDE_TRIPLES = 100_000
"""Triples from which on another process pays that writes search index and figures: two seconds' work, of which its start takes a sixth."""

_REMOVAL_ATTEMPTS = 4

_log = logging.getLogger(__name__)


class Builder:
    """The next generation, while it is built: write `catalog`, then call `finish`."""

    def __init__(
        self,
        directory: Path,
        name: str,
        live: Path | None,
        switch: Callable[[str], None],
        *,
        is_rolled_back: bool = False,
    ) -> None:
        """Start in `directory`, the folder of generations, from the folder of the live generation if there is one.

        `is_rolled_back` says that others than those it was built on have been live.
        """
        self.name = name
        self._final = directory / name
        self._folder = directory / f"{BUILDING}{name}"
        self._live = live
        self._switch = switch
        self._is_rolled_back = is_rolled_back
        self._finished = False
        self._live_description = _description_of(live) if live else {}
        self._graphs_before = NamedGraph.all_of(live, self._live_description) if live else []
        try:
            with as_store_error(self._folder, "starting a generation"):
                self._folder.mkdir()
                if live:
                    # The live catalog never changes, so its file can simply be copied.
                    shutil.copyfile(live / CATALOG, self._folder / CATALOG)
                    self._check_catalog(live)
            path = self._folder / CATALOG
            make = CatalogWriter.open_for_writing if live else CatalogWriter.create
            self.catalog = make(path)
        except StoreError:
            remove_folder(self._folder)
            raise

    def _check_catalog(self, live: Path) -> None:
        """Refuse to build on a changed catalog file: everything else can be rebuilt, but only from the catalog."""
        digest = self._live_description.get(SHA256, {}).get(CATALOG)
        fault = digest and file_fault(self._folder / CATALOG, digest)
        if fault:
            raise StoreError(
                f"{live / CATALOG} {fault}, so the next generation cannot be built on it; go back with 'lod rollback GENERATION' "
                "('lod status' lists the kept ones, 'lod verify GENERATION' checks one), or restore a backup with "
                f"'lod restore'; if there is neither, move {live.parent} away and publish every source again"
            )

    @property
    def quality(self) -> Path:
        """The file of the figures of quality, once it is written."""
        return self._folder / QUALITY

    def difference(self) -> CatalogDifference:
        """Return the difference to the catalog of the previous generation; the run must have ended.

        Raises:
            RuntimeError: there is no previous generation.
        """
        if self._live is None:
            raise RuntimeError(f"{self._final}: there is no previous generation")
        return CatalogDifference(self._folder / CATALOG, self._live / CATALOG)

    def search_index(self) -> SearchIndex | None:
        """Return the search index of the generation, which is there when sources of named graphs are read."""
        return SearchIndex.open(self._folder / SEARCH)

    @contextmanager
    def discard_unless_finished(self) -> Iterator[None]:
        """Close the catalog, and remove the folder unless `finish` has run; turn errors of the catalog into StoreError."""
        try:
            yield
        except DamagedBytesError as fault:
            # SQLite has no checksums, but the packed values in its rows have.
            raise store_error(self._folder / CATALOG, "reading the catalog", fault) from fault
        except sqlite3.Error as fault:
            if not is_system_fault(fault):
                raise
            raise store_error(self._folder / CATALOG, "writing the catalog", fault) from fault
        finally:
            self.catalog.close()
            if not self._finished:
                remove_folder(self._folder)

    def finish(
        self,
        report: Mapping[str, Any],
        named_graphs: Mapping[str, GraphSource],
        dumps: DumpWriter | None = None,
        feed: FeedWriter | None = None,
        accepted: Sequence[Acceptance] = (),
        messages: Mapping[str, str] | None = None,
        *,
        processes: int = 1,
    ) -> None:
        """Update the store from the catalog, check both, write dumps, change feed, figures and named graphs, and switch.

        `report` is `RunReport.to_dict()`; `named_graphs` are the sources of all named graphs, by IRI. They are read after
        the run has ended and all else is written, so that they may read the catalog, the figures of the dumps and those of
        quality. `accepted` are the findings that leave the work list, `messages` those of the rules by their ids. With more
        than one process a new search index and new figures are written in another one, beside the dumps.

        Raises:
            StoreError: store and catalog differ, or writing failed; the live generation is unchanged.
        """
        changes = self.catalog.changes()
        with as_store_error(self._folder, "building the generation"):
            triples = self.catalog.counts()["triples"]
            self.catalog.set_report(report)
            changed = changed_things(self.catalog.bases(), changes.added, changes.removed) if self._live else None
            self.catalog.commit_run()
            # The engine works without Python's lock, and so beside the dumps.
            with ThreadPoolExecutor(2, "beside") as beside:
                updated = beside.submit(self._updated_store, changes, triples)
                figures = self._publication(changed, accepted, messages or {})
                is_apart = processes > 1 and changed is None and triples >= BESIDE_TRIPLES
                apart = beside.submit(write_beside, self._folder, figures) if is_apart else None
                if dumps:
                    before = self._live / DUMPS if self._live else None
                    dumps.write_published(self._folder / DUMPS, before, changes, self.catalog.all_claims, triples)
                if feed:
                    self._write_feed(feed, changes)
            store = updated.result()
            del updated
            self.catalog.finish_run()
            if apart is None or not apart.result():
                self._write_index(changed)
                write_quality(self._folder, figures)
            writer = GraphWriter(self._folder, self._graphs_before)
            graphs = writer.write(named_graphs)
            damage = ""
            try:
                writer.update_store(store, graphs)
                store.flush()
            except DifferenceError as fault:
                damage = str(fault)
            if damage:
                self._warn(damage)
                # Dropped before its folder is removed: until then the engine goes on writing.
                del store
                store = self._rebuilt_store(triples)
                writer.update_store(store, graphs)
                store.flush()
            if dumps:
                dumps.complete(graphs)
            counts = self.catalog.counts()
            # Dropped before the sync: the engine writes its last files then.
            del store
            self.catalog.close()
            self._describe(counts, graphs)
            sync_tree(self._folder)
            move_durably(self._folder, self._final)
        self._finished = True
        self._switch(self.name)

    def _write_index(self, changed: set[str] | None) -> None:
        digest = self._live_description.get(SHA256, {}).get(SEARCH, "")
        write_index(self._folder, self._folder / CATALOG, self._live, changed, digest)

    def _publication(
        self, changed: Iterable[str] | None, accepted: Sequence[Acceptance], messages: Mapping[str, str]
    ) -> Publication:
        """Return what the figures of quality are made of."""
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        catalog_before = self._live / CATALOG if self._live else None
        before = self._live, catalog_before, self._live_description.get(SHA256, {}).get(QUALITY, "")
        return Publication(self._folder / CATALOG, self.name, moment, *before, changed, accepted, messages)

    def _write_feed(self, feed: FeedWriter, changes: Changes) -> None:
        catalog, moment = self.catalog, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        things = CatalogThings(catalog, feed.base)
        continues = not self._is_rolled_back
        feed.write(
            self._folder, self.name, self._live, moment, changes, catalog.published_claims, things, continues=continues
        )

    def _updated_store(self, changes: Changes, triples: int) -> WritableOxigraphStore:
        if self._live and changes.added_count + changes.removed_count <= RELOAD_SHARE * triples:
            store = self._live_store_with(self._live, changes, triples)
            if store is not None:
                return store
        return self._rebuilt_store(triples)

    def _live_store_with(self, live: Path, changes: Changes, triples: int) -> WritableOxigraphStore | None:
        """Return a copy of the live store with the difference applied, None if it does not fit or the store cannot be read."""
        try:
            OxigraphStore.open_read_only(live / STORE).backup(self._folder / STORE)
            store = WritableOxigraphStore.open(self._folder / STORE)
        except StoreError as fault:
            self._warn(str(fault))
            return None
        named = sum(graph.triples for graph in self._graphs_before)
        try:
            store.apply(changes.added(), changes.removed())
            found = store.size() - named if triples <= COUNTED_TRIPLES else triples
            if found != triples:
                raise DifferenceError(f"the store holds {found} triples, the catalog {triples}")
        except DifferenceError as fault:
            # As text: a log that keeps the exception would keep the store open, and the engine cannot open a folder twice.
            self._warn(str(fault))
            return None
        return store

    def _warn(self, reason: str) -> None:
        _log.warning("generation %s: %s; the store is rebuilt from the catalog", self.name, reason)

    def _rebuilt_store(self, triples: int) -> WritableOxigraphStore:
        """Return a new store, loaded from the catalog."""
        remove_folder(self._folder / STORE)
        store = WritableOxigraphStore.open(self._folder / STORE)
        store.load(self.catalog.published_chunks())
        found = store.size()
        if found != triples:
            raise StoreError(
                f"{self._final}: the store holds {found} triples, the catalog {triples}{self._reason()}; "
                "the live generation is unchanged. This is a bug or a disk error: run 'lod publish' again, and report it if it "
                "happens again"
            )
        return store

    def _reason(self) -> str:
        """Return a claim that the store writes in another form: two forms of one triple count twice in the catalog."""
        for line in self.catalog.published_claims():
            if (form := after_storing(line)) != line:
                return f" (the claim {line} is stored as {form})"
        return ""

    def _describe(self, counts: Mapping[str, int], graphs: Iterable[NamedGraph]) -> None:
        description = {
            "name": self.name,
            "previous": self._live.name if self._live else None,
            "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "counts": dict(counts),
            "graphs": [graph.to_dict() for graph in graphs],
            SHA256: checksums(self._folder, self._live, self._live_description.get(SHA256)),
        }
        (self._folder / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def write_beside(folder: Path, figures: Publication) -> bool:
    """Write search index and figures of quality anew in another process; return False where that one was ended."""
    with WorkerPool(1, Work(None, _written, _not_written)) as pool:
        return next(pool.in_order([[(folder, figures)]]))[0]


def _written(_: None, jobs: Sequence[tuple[Path, Publication]]) -> list[bool]:
    for folder, figures in jobs:
        with as_store_error(folder / SEARCH, "building the search index"):
            write_index(folder, folder / CATALOG, None, None)
        with as_store_error(folder / QUALITY, "writing the figures of quality"):
            write_quality(folder, figures)
    return [True] * len(jobs)


def _not_written(job: tuple[Path, Publication]) -> bool:
    return False


def _description_of(live: Path) -> dict[str, Any]:
    with as_store_error(live / DESCRIPTION, "reading the description of the live generation"):
        found: dict[str, Any] = json.loads((live / DESCRIPTION).read_text(encoding="utf-8"))
    return found


def remove_generation(path: Path) -> None:
    """Remove a generation. It is renamed first, so that a partly removed one is never taken for complete.

    Raises:
        StoreError: it cannot be removed.
    """
    leaving = path.with_name(f"{BUILDING}{path.name}")
    with as_store_error(path, "removing a generation"):
        path.rename(leaving)
    remove_folder(leaving)


def remove_folder(path: Path) -> None:
    """Remove the folder of a generation, or what a failed build left of one.

    Raises:
        StoreError: it cannot be removed.
    """
    with as_store_error(path, "removing a folder"):
        for is_last in (*[False] * _REMOVAL_ATTEMPTS, True):
            try:
                if path.exists():
                    shutil.rmtree(path)
            except OSError as fault:
                # An engine that is just closing its store in it still adds and removes files.
                if is_last or fault.errno not in {errno.ENOENT, errno.ENOTEMPTY}:
                    raise
            else:
                return
