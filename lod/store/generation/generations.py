"""A site's generations: built aside, checked, switched to in one step.

generations/current                the name of the live one, replaced atomically
generations/NAME/store/            Oxigraph
generations/NAME/catalog.sqlite    who claimed what
generations/NAME/generation.json   name, creation, counts
generations/.building-NAME/        a build under way, or broken off
generations/lock                   who is publishing
generations/push.lock              who is pushing to another store
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from lod.disk.atomic import DESCRIPTION, write_atomically
from lod.disk.lock import ReadLock, SiteLock, without_readers
from lod.disk.os_errors import as_store_error
from lod.dump.manifest import Manifest
from lod.errors import StoreError
from lod.privacy import mask_addresses
from lod.store.catalog.reader import CatalogReader
from lod.store.generation.builder import BUILDING, Builder, remove_folder, remove_generation
from lod.store.generation.checksums import CATALOG, STORE
from lod.store.generation.named_graphs import graph_of
from lod.store.oxigraph import OxigraphStore

__all__ = ["Builder", "Generation", "Site"]

_NAME_FORMAT = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_READ_ATTEMPTS = 5
_SHOWN = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Generation:
    """One published state; meets `PublishedGeneration`. Its files are opened at first use and closed with it.

    As long as it lives no publisher removes it.
    """

    directory: Path
    description: dict[str, Any]
    lock: ReadLock = field(repr=False)
    mask: Callable[[str], str] = field(default=mask_addresses, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def open(cls, directory: Path, mask: Callable[[str], str] = mask_addresses) -> Generation:
        """Open the generation in a folder.

        Raises:
            StoreError: it is missing or damaged.
        """
        path = directory / DESCRIPTION
        with as_store_error(path, "opening the generation"):
            lock = ReadLock(path)
            text = path.read_text(encoding="utf-8")
        try:
            description = json.loads(text)
            _ = description["name"], description["created"], description["counts"]
        except (ValueError, KeyError, TypeError):
            raise StoreError(
                f"{path}: damaged; switch to another generation with 'lod rollback GENERATION', "
                "or restore the site from a backup with 'lod restore'"
            ) from None
        return cls(directory, description, lock, mask)

    @property
    def name(self) -> str:
        """See `PublishedGeneration.name`."""
        return str(self.description["name"])

    @property
    def created(self) -> str:
        """See `PublishedGeneration.created`."""
        return str(self.description["created"])

    @property
    def counts(self) -> dict[str, int]:
        """The figures of its catalog when it was built."""
        return dict(self.description["counts"])

    @property
    def store(self) -> OxigraphStore:
        """See `PublishedGeneration.store`."""
        with self._opening:
            return self._store

    @property
    def catalog(self) -> CatalogReader:
        """See `PublishedGeneration.catalog`."""
        with self._opening:
            return self._catalog

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """See `PublishedGeneration.graph_lines`."""
        graph = graph_of(self.directory, iri)
        return graph.lines() if graph else None

    @cached_property
    def _store(self) -> OxigraphStore:
        return OxigraphStore.open_read_only(self.directory / STORE)

    @cached_property
    def _catalog(self) -> CatalogReader:
        return CatalogReader.open(self.directory / CATALOG, mask=self.mask)


class Site:
    """The generations of a site's folder; meets `PublishedSite`."""

    def __init__(self, folder: Path, mask: Callable[[str], str] = mask_addresses) -> None:
        """Take the site's folder. `mask` withholds parts of field texts on pages; `str` withholds nothing."""
        self.folder = folder
        self._mask = mask
        self._live: Generation | None = None
        self._switching = threading.Lock()

    @property
    def directory(self) -> Path:
        """The folder of the generations."""
        return self.folder / "generations"

    def live(self) -> Generation | None:
        """See `PublishedSite.live`. One small file is read each time; who holds an old generation may go on using it.

        Raises:
            StoreError: the live generation is missing or damaged.
        """
        live = self._live
        if live is not None and live.name == self.live_name():
            return live
        with self._switching:
            self._live = self._open_live()
            return self._live

    def live_name(self) -> str | None:
        """Return the name of the live generation, None before the first.

        Raises:
            StoreError: the file that names it cannot be read, names none, or was lost. A run that took that for a site
                without generations would forget what was removed and renamed, and could remove what it does not read.
        """
        path = self.directory / "current"
        try:
            name = path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            if any(self._has_previous(folder) for folder in self._folders()):
                raise StoreError(f"{path} is missing, which names the live generation; {self._way_back()}") from None
            return None
        except OSError as fault:
            with as_store_error(path, "reading the name of the live generation"):
                raise fault
        if not _NAME.fullmatch(name):
            raise StoreError(f"{path} holds {name[:_SHOWN]!r}, which is no name of a generation; {self._way_back()}")
        return name

    def switched(self) -> str:
        """See `PublishedSite.switched`.

        Raises:
            StoreError: nothing has been published, or the disk refuses to tell.
        """
        path = self.directory / "current"
        with as_store_error(path, "reading when the live generation went live"):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()

    def generations(self) -> list[Generation]:
        """See `PublishedSite.generations`."""
        found = []
        for folder in self._folders():
            try:
                found.append(Generation.open(folder, self._mask))
            except StoreError:
                # A publisher may have removed it since its name was read.
                if (folder / DESCRIPTION).exists():
                    raise
        return found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the site as its only publisher, and clean up what a broken-off one left.

        Raises:
            StoreError: another publisher is at work, or the folder cannot be written.
        """
        if not self.folder.is_dir():
            raise StoreError(f"{self.folder}: no such folder; make a site with 'lod init {self.folder}'")
        with as_store_error(self.directory, "making the folder of generations"):
            self.directory.mkdir(exist_ok=True)
        lock = SiteLock(self.directory / "lock")
        try:
            for path in self.directory.glob(f"{BUILDING}*"):
                remove_folder(path)
            for path in self.directory.glob(".*.new"):
                path.unlink()
            yield
        finally:
            lock.release()

    @contextmanager
    def locked_for_push(self) -> Iterator[list[Generation]]:
        """Hold the site as the only one that pushes it to other stores, and yield its generations; publishing may go on.

        Raises:
            StoreError: another push is at work, or the folder cannot be written.
        """
        with as_store_error(self.directory, "making the folder of generations"):
            self.directory.mkdir(exist_ok=True)
        lock = SiteLock(self.directory / "push.lock")
        try:
            yield self.generations()
        finally:
            lock.release()

    @contextmanager
    def build(self, keep_generations: int = 3) -> Iterator[Builder]:
        """Begin the next generation: its catalog starts as a copy of the live one. Without `Builder.finish` all is undone.

        Raises:
            StoreError: another publisher is at work, or the folder cannot be written.
        """
        with self.locked():
            # Before anything is removed: what is live must be known.
            replaced = self.live_name()
            live = self._sound(replaced) if replaced else None
            self._prune(keep_generations, spared=set())
            builder = Builder(self.directory, self.next_name(), live, self.switch)
            with builder.undone_unless_finished():
                yield builder
            try:
                self._prune(keep_generations, spared={replaced})
            except StoreError as fault:
                _log.warning("generation %s is live, but an old one stays: %s", builder.name, fault)

    def rollback(self, name: str | None = None) -> Generation:
        """Make a kept generation the live one again, the one before the live one if none is named, and return it.

        The next run builds on it. The generation that was live stays until it is pruned.

        Raises:
            StoreError: there is none such, it is damaged, or another publisher is at work.
        """
        with self.locked():
            kept = [path.name for path in self._folders()]
            if name is None:
                live = self.live_name()
                name = self._before(live, kept) if live else None
                if name is None:
                    raise StoreError(
                        f"{self.directory}: no generation before the live one is kept; 'lod status' lists them all"
                    )
            if name not in kept:
                raise StoreError(f"{self.directory}: no generation {name!r}; kept: {', '.join(kept) or 'none'}")
            generation = Generation.open(self.directory / name, self._mask)
            if generation.name != name:
                raise StoreError(
                    f"{generation.directory}: a copy of the generation {generation.name} that somebody made by hand; remove it, or "
                    "move it out of the folder of generations"
                )
            # Opened before the switch: what cannot be read must not go live.
            _ = generation.store, generation.catalog
            self.switch(name)
        return generation

    def _sound(self, name: str) -> Path:
        """Return the folder of the live generation once its description has been read.

        Raises:
            StoreError: it is missing or damaged.
        """
        folder = self.directory / name
        if not (folder / DESCRIPTION).is_file():
            raise StoreError(
                f"{self.directory / 'current'} names the generation {name}, which is not there; {self._way_back()}"
            )
        Generation.open(folder)
        return folder

    def _way_back(self) -> str:
        kept = ", ".join(folder.name for folder in self._folders())
        if kept:
            return f"kept: {kept}; 'lod rollback GENERATION' switches to one of them"
        return (
            "no generation is kept; restore the site from a backup with 'lod restore', "
            "or remove that file and publish all sources anew"
        )

    def _has_previous(self, folder: Path) -> bool:
        """Tell whether a generation was built on another, so that one was live; a damaged one counts too."""
        try:
            return Generation.open(folder).description.get("previous") is not None
        except StoreError:
            return True

    def _before(self, live: str, kept: list[str]) -> str | None:
        """Return the generation that the live one was built on; where it is not kept, the latest of those before."""
        # One between them may never have been live: its run was killed before the switch.
        previous = Generation.open(self.directory / live).description.get("previous") if live in kept else None
        manifest = _manifest_of(self.directory / live)
        ancestors = [previous, *(manifest.ancestors if manifest else ())]
        built_on = next((one for one in ancestors if one in kept), None)
        return built_on or max((one for one in kept if one < live), default=None)

    def switch(self, name: str) -> None:
        """Make a complete generation the live one."""
        with as_store_error(self.directory / "current", "switching to the new generation"):
            write_atomically(self.directory / "current", f"{name}\n")
        # Who goes on using the one before may; this object does not hold it.
        self._live = None

    def _open_live(self) -> Generation | None:
        for attempt in range(_READ_ATTEMPTS):
            name = self.live_name()
            if name is None:
                return None
            if self._live is not None and self._live.name == name:
                return self._live
            try:
                live = Generation.open(self._sound(name), self._mask)
                _ = live.store, live.catalog
            except StoreError:
                # Two switches in a row may have removed it since its name was read.
                if attempt + 1 == _READ_ATTEMPTS or self.live_name() == name:
                    raise
            else:
                return live
        raise AssertionError("unreachable")

    def _folders(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        # A copy that somebody made of one beside it, under another name, is none of ours.
        folders = (path for path in self.directory.iterdir() if _NAME.fullmatch(path.name))
        return sorted(path for path in folders if (path / DESCRIPTION).is_file())

    def next_name(self) -> str:
        """Return the moment, in UTC: it sorts after every other name, though the clock be set back."""
        moment = datetime.now(UTC)
        folders = self._folders()
        if folders:
            last = datetime.strptime(folders[-1].name, _NAME_FORMAT).replace(tzinfo=UTC)
            moment = max(moment, last + timedelta(microseconds=1))
        return moment.strftime(_NAME_FORMAT)

    def _prune(self, keep: int, spared: set[str | None]) -> None:
        """Remove generations beyond `keep`; never the live one, nor those that are spared or being read.

        Those that published what the one before them had go first, then the oldest: who publishes every hour can still go
        back to yesterday. The one just replaced is spared until the next run begins, since requests may be about to read it.
        """
        folders, live = self._folders(), self.live_name()
        # What is spared and goes with the next run must not push out another now.
        leaving = [path for path in folders if path.name in spared - {live} and _changes_nothing(path)]
        most = max(len(folders) - len(leaving) - keep, 0)
        removable = [path for path in folders if path.name not in {*spared, live}] if most else []
        for path in sorted(removable, key=lambda path: not _changes_nothing(path))[:most]:
            with as_store_error(path, "removing a generation"), without_readers(path / DESCRIPTION) as is_unused:
                if is_unused:
                    remove_generation(path)


def _changes_nothing(generation: Path) -> bool:
    manifest = _manifest_of(generation)
    return manifest is not None and manifest.changes_nothing


def _manifest_of(generation: Path) -> Manifest | None:
    """Return the manifest of a generation's dumps, None where it has none that can be read."""
    try:
        return Manifest.of(generation)
    except (OSError, ValueError, KeyError, TypeError):
        return None
