"""Builds one generation aside: catalog, store, checks, and at the end the switch."""

from __future__ import annotations

import errno
import json
import logging
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lod.disk.atomic import DESCRIPTION, move_durably, sync_tree
from lod.disk.os_errors import as_store_error, is_system_fault, store_error
from lod.dump.manifest import DUMPS
from lod.dump.write import DumpWriter
from lod.errors import StoreError
from lod.store.catalog.claim_changes import Changes
from lod.store.catalog.writer import CatalogWriter
from lod.store.generation.catalog_difference import CatalogDifference
from lod.store.generation.checksums import CATALOG, SHA256, STORE, checksums, file_fault
from lod.store.generation.named_graphs import GraphSource, GraphWriter, NamedGraph
from lod.store.oxigraph import DifferenceError, OxigraphStore, WritableOxigraphStore, after_storing, stored_form

BUILDING = ".building-"
RELOAD_SHARE = 0.5
"""Share of changed claims from which loading everything anew is faster: 6 µs a claim, against 8 (removing) to 13 (adding)."""

COUNTED_TRIPLES = 1_000_000
"""Up to so many, triples are counted after a difference too, which takes 0.15 s. Beyond, each claim of the difference
is checked as it is applied, and the store is counted whenever it is loaded anew."""

_REMOVAL_ATTEMPTS = 4

_log = logging.getLogger(__name__)


class Builder:
    """The next generation, while it is made. `catalog` is to be written, then `finish` called."""

    def __init__(self, directory: Path, name: str, live: Path | None, switch: Callable[[str], None]) -> None:
        """Begin in `directory`, the folder of generations, from the live generation's folder if there is one."""
        self.name = name
        self._final = directory / name
        self._folder = directory / f"{BUILDING}{name}"
        self._live = live
        self._switch = switch
        self._finished = False
        self._described_before = _description_of(live) if live else {}
        self._graphs_before = NamedGraph.all_of(live, self._described_before) if live else []
        try:
            with as_store_error(self._folder, "beginning a generation"):
                self._folder.mkdir()
                if live:
                    # The live catalog is closed and never changes, so that its file may simply be copied.
                    shutil.copyfile(live / CATALOG, self._folder / CATALOG)
                    self._check_catalog(live)
            path = self._folder / CATALOG
            make = CatalogWriter.open_for_writing if live else CatalogWriter.create
            self.catalog = make(path, stored_form)
        except StoreError:
            remove_folder(self._folder)
            raise

    def _check_catalog(self, live: Path) -> None:
        """Refuse to build on a catalog that is not as it was written: everything else can be made anew from it."""
        digest = self._described_before.get(SHA256, {}).get(CATALOG)
        fault = digest and file_fault(self._folder / CATALOG, digest)
        if fault:
            raise StoreError(
                f"{live / CATALOG} {fault}, so that nothing can be built on it; go back with 'lod rollback GENERATION' "
                "('lod status' lists those that are kept, 'lod verify GENERATION' tells a sound one), or restore a backup with "
                f"'lod restore'; where there is neither, move {live.parent} away and publish every source again"
            )

    def difference(self) -> CatalogDifference:
        """Return the difference of the catalog to that of the generation before, once the run has ended.

        Raises:
            RuntimeError: there is none before.
        """
        if self._live is None:
            raise RuntimeError(f"{self._final}: there is no generation before")
        return CatalogDifference(self._folder / CATALOG, self._live / CATALOG)

    @contextmanager
    def undone_unless_finished(self) -> Iterator[None]:
        """Remove the building folder if the block ends, well or not, before `finish`; tell faults of the catalog as StoreError."""
        try:
            yield
        except zlib.error as fault:
            # SQLite has no checksums; what is packed in its rows has.
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
    ) -> None:
        """Bring the store along with the catalog, check both, write the dumps, and switch.

        `report` is `RunReport.to_dict()`; `named_graphs` are claims about the dataset by the IRI of their graph, and
        take the place of those before. They may be read from the catalog while they are asked for: the run has ended by
        then, and the figures of the dumps are known.

        Raises:
            StoreError: store and catalog differ, or the disk refused; the live generation stays as it was.
        """
        changes = self.catalog.changes()
        with as_store_error(self._folder, "building the generation"):
            store = self._brought_along(changes)
            triples = self.catalog.counts()["triples"]
            if dumps:
                before = self._live / DUMPS if self._live else None
                dumps.write_published(self._folder / DUMPS, before, changes, self.catalog.all_claims, triples)
            self.catalog.set_report(report)
            self.catalog.finish_run()
            writer = GraphWriter(self._folder, self._graphs_before)
            graphs = writer.write(named_graphs)
            damage = ""
            try:
                writer.bring_along(store, graphs)
                store.flush()
            except DifferenceError as fault:
                damage = str(fault)
            if damage:
                self._warn(damage)
                # Gone before its folder is: the engine goes on writing until its store is dropped.
                del store
                store = self._anew(triples)
                writer.bring_along(store, graphs)
                store.flush()
            if dumps:
                dumps.complete(graphs)
            counts = self.catalog.counts()
            # Closed before it is synced: the engine writes its last files when the store is dropped.
            del store
            self.catalog.close()
            self._describe(counts, graphs)
            sync_tree(self._folder)
            move_durably(self._folder, self._final)
        self._finished = True
        self._switch(self.name)

    def _brought_along(self, changes: Changes) -> WritableOxigraphStore:
        triples = self.catalog.counts()["triples"]
        if self._live and changes.added_count + changes.removed_count <= RELOAD_SHARE * triples:
            store = self._from_live(self._live, changes, triples)
            if store is not None:
                return store
        return self._anew(triples)

    def _anew(self, triples: int) -> WritableOxigraphStore:
        remove_folder(self._folder / STORE)
        return self._from_catalog(triples)

    def _from_live(self, live: Path, changes: Changes, triples: int) -> WritableOxigraphStore | None:
        """Return the live store with the difference applied, None if it does not fit, or cannot be read."""
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
            # As text: a log that keeps the exception would keep the store open, and the engine opens no folder twice.
            self._warn(str(fault))
            return None
        return store

    def _warn(self, reason: str) -> None:
        _log.warning("generation %s: %s; the store is loaded anew from the catalog", self.name, reason)

    def _from_catalog(self, triples: int) -> WritableOxigraphStore:
        store = WritableOxigraphStore.open(self._folder / STORE)
        store.load(self.catalog.published_chunks())
        found = store.size()
        if found != triples:
            raise StoreError(
                f"{self._final}: the store holds {found} triples, the catalog {triples}{self._reason()}; "
                "the live generation stays. This is a fault of the program or of the disk: run 'lod publish' again, and "
                "report it if it happens again"
            )
        return store

    def _reason(self) -> str:
        """Name a claim that the store writes in another form: two spellings of one triple count twice in the catalog."""
        for chunk in self.catalog.published_chunks():
            for line in chunk.decode().removesuffix("\n").split("\n"):
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
            SHA256: checksums(self._folder, self._live, self._described_before.get(SHA256)),
        }
        (self._folder / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def _description_of(live: Path) -> dict[str, Any]:
    with as_store_error(live / DESCRIPTION, "reading the description of the live generation"):
        found: dict[str, Any] = json.loads((live / DESCRIPTION).read_text(encoding="utf-8"))
    return found


def remove_generation(path: Path) -> None:
    """Remove a generation: no longer complete at once, so that one removed in part is never taken for whole.

    Raises:
        StoreError: it cannot be removed.
    """
    leaving = path.with_name(f"{BUILDING}{path.name}")
    with as_store_error(path, "removing a generation"):
        path.rename(leaving)
    remove_folder(leaving)


def remove_folder(path: Path) -> None:
    """Remove a generation's folder or a broken-off build, whatever of it is left.

    Raises:
        StoreError: it cannot be removed.
    """
    with as_store_error(path, "removing a folder"):
        for is_last in (*[False] * _REMOVAL_ATTEMPTS, True):
            try:
                if path.exists():
                    shutil.rmtree(path)
            except OSError as fault:
                # An engine that is just closing its store in there makes and removes files meanwhile.
                if is_last or fault.errno not in {errno.ENOENT, errno.ENOTEMPTY}:
                    raise
            else:
                return
