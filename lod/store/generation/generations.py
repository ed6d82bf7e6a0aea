"""Generations of a site: open, build, switch, roll back, prune.

generations/current                name of the live generation, replaced atomically
generations/NAME/store/            Oxigraph
generations/NAME/catalog.sqlite    records and their claims
generations/NAME/generation.json   name, creation, counts
generations/.building-NAME/        a running or failed build
generations/lock                   lock of the publisher
generations/push.lock              lock of a push to another store
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from lod.disk.atomic import DESCRIPTION, make_folder, write_atomically
from lod.disk.lock import ReadLock, SiteLock, without_readers
from lod.disk.os_errors import as_store_error
from lod.dump.manifest import Manifest
from lod.errors import StoreError
from lod.privacy import mask_addresses
from lod.store.base import PublishedGeneration
from lod.store.catalog.reader import CatalogReader
from lod.store.catalog.schema import CATALOG
from lod.store.generation.builder import BUILDING, Builder, remove_folder, remove_generation
from lod.store.generation.checksums import STORE
from lod.store.generation.named_graphs import graph_of
from lod.store.oxigraph import OxigraphStore

_NAME_FORMAT = "%Y%m%dT%H%M%S.%fZ"
_Stamp = tuple[int, int, int]
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_READ_ATTEMPTS = 5
_SHOWN_CHARACTERS = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Generation:
    """A generation; a `PublishedGeneration`. Its files are opened at first use and closed with the object.

    As long as the object lives, no publisher removes the generation.
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
            text = path.read_bytes()
        try:
            description = json.loads(text)
            _ = description["name"], description["created"], dict(description["counts"])
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
        """The counts of its catalog."""
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
    """The generations of a site's folder; a `PublishedSite`."""

    def __init__(self, folder: Path, mask: Callable[[str], str] = mask_addresses) -> None:
        """Use a site's folder. `mask` masks parts of field texts on pages; `str` masks nothing."""
        self.folder = folder
        self._mask = mask
        self._current = str(self.directory / "current")
        self._live: tuple[_Stamp, Generation] | None = None
        self._switching = threading.Lock()

    @property
    def directory(self) -> Path:
        """The folder of the generations."""
        return self.folder / "generations"

    def live(self) -> Generation | None:
        """See `PublishedSite.live`. Each call asks for the state of one file; an old generation can still be used by its holders.

        Raises:
            StoreError: the live generation is missing or damaged.
        """
        stamp, live = self._stamp(), self._live
        if live is not None and live[0] == stamp is not None:
            return live[1]
        with self._switching:
            # A switch after the stamp was taken is seen by the next call.
            generation = self._open_live()
            self._live = (stamp, generation) if stamp and generation else None
            return generation

    def is_live(self, generation: PublishedGeneration) -> bool:
        """See `PublishedSite.is_live`."""
        stamp, live = self._stamp(), self._live
        return live is not None and live[0] == stamp is not None and live[1].name == generation.name

    def _stamp(self) -> _Stamp | None:
        """Return what changes with the file that names the live generation, which is replaced and never written to."""
        try:
            found = os.stat(self._current)  # noqa: PTH116 - at every request: a `Path` takes as long as the call
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def live_name(self) -> str | None:
        """Return the name of the live generation, None before the first.

        Raises:
            StoreError: the file that names it is missing, cannot be read, or names none. A run that took this for a site without
                generations would lose tombstones and redirects, and could remove records that it does not read.
        """
        path = self.directory / "current"
        with as_store_error(path, "reading the name of the live generation"):
            try:
                name = path.read_text(encoding="utf-8", errors="replace").strip()
            except FileNotFoundError:
                if any(self._has_previous(folder) for folder in self._folders()):
                    raise StoreError(
                        f"{path}, which names the live generation, is missing; {self._way_back()}"
                    ) from None
                return None
        if not _NAME.fullmatch(name):
            raise StoreError(
                f"{path} holds {name[:_SHOWN_CHARACTERS]!r}, which is not the name of a generation; {self._way_back()}"
            )
        return name

    def switched(self) -> str:
        """See `PublishedSite.switched`.

        Raises:
            StoreError: nothing has been published, or the file system fails.
        """
        path = self.directory / "current"
        with as_store_error(path, "reading when the live generation went live"):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()

    def is_rolled_back(self) -> bool:
        """See `PublishedSite.is_rolled_back`."""
        live = self.live_name()
        if live is None:
            return False
        if any(folder.name > live for folder in self._folders()):
            return True
        # A backup is an earlier state, too.
        known = self._live[1] if self._live else None
        generation = known if known and known.name == live else Generation.open(self.directory / live)
        return "restored" in generation.description

    def generations(self) -> list[Generation]:
        """See `PublishedSite.generations`."""
        found = []
        for folder in self._folders():
            try:
                found.append(Generation.open(folder, self._mask))
            except StoreError:
                # A publisher may have removed it after its name was read.
                if (folder / DESCRIPTION).exists():
                    raise
        return found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the publisher's lock, and remove what a failed run left.

        Raises:
            StoreError: another process holds the lock, or the folder cannot be written.
        """
        if not self.folder.is_dir():
            raise StoreError(f"{self.folder}: no such folder; make a site with 'lod init {self.folder}'")
        with self._lock("lock"):
            for path in self.directory.glob(f"{BUILDING}*"):
                remove_folder(path)
            for path in self.directory.glob(".*.new"):
                path.unlink()
            yield

    @contextmanager
    def locked_for_push(self) -> Iterator[list[Generation]]:
        """Hold the lock of pushes to other stores, and yield the generations; publishing is still allowed.

        Raises:
            StoreError: another process holds the lock, or the folder cannot be written.
        """
        with self._lock("push.lock"):
            yield self.generations()

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        with as_store_error(self.directory, "creating the folder of generations"):
            make_folder(self.directory)
        lock = SiteLock(self.directory / name)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def build(self, keep_generations: int = 3) -> Iterator[Builder]:
        """Start the next generation, with a copy of the live catalog; without `Builder.finish` it is discarded.

        Raises:
            StoreError: another process holds the lock, or the folder cannot be written.
        """
        with self.locked():
            # Read first: nothing may be removed before it is known which one is live.
            replaced = self.live_name()
            live = self._readable(replaced) if replaced else None
            is_rolled_back = self.is_rolled_back()
            self._prune(keep_generations, spared=set())
            builder = Builder(self.directory, self.next_name(), live, self.switch, is_rolled_back=is_rolled_back)
            with builder.discard_unless_finished():
                if live:
                    builder.catalog.note_live(self.switched(), is_rolled_back=is_rolled_back)
                yield builder
            try:
                self._prune(keep_generations, spared={replaced})
            except StoreError as fault:
                _log.warning("generation %s is live, but an old one could not be removed: %s", builder.name, fault)

    def rollback(self, name: str | None = None) -> Generation:
        """Switch to a kept generation, by default the one before the live one, and return it.

        The next run builds on it. The generation that was live is kept until it is pruned.

        Raises:
            StoreError: there is no such generation, it is damaged, or another process holds the lock.
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
                    f"{generation.directory}: a manual copy of the generation {generation.name}; remove it, or move it out of the "
                    "folder of generations"
                )
            # Opened before the switch: a generation that cannot be read must not go live.
            _ = generation.store, generation.catalog
            self.switch(name)
        return generation

    def _readable(self, name: str) -> Path:
        """Return the folder of a generation, after reading its description.

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
            "or remove that file and publish all sources again"
        )

    def _has_previous(self, folder: Path) -> bool:
        """Return whether a generation was built on another, so that one must have been live; True for a damaged one."""
        try:
            return Generation.open(folder).description.get("previous") is not None
        except StoreError:
            return True

    def _before(self, live: str, kept: list[str]) -> str | None:
        """Return the nearest kept ancestor of the live generation; if none is kept, the latest older one, if any."""
        # An older one need not be an ancestor: its run may have been killed before the switch.
        previous = Generation.open(self.directory / live).description.get("previous") if live in kept else None
        manifest = _manifest_of(self.directory / live)
        ancestors = [previous, *(manifest.ancestors if manifest else ())]
        built_on = next((name for name in ancestors if name in kept), None)
        return built_on or max((name for name in kept if name < live), default=None)

    def switch(self, name: str) -> None:
        """Make a complete generation the live one."""
        with as_store_error(self.directory / "current", "switching to the new generation"):
            write_atomically(self.directory / "current", f"{name}\n")
        # Holders of the previous generation may go on using it; this object lets it go.
        self._live = None

    def _open_live(self) -> Generation | None:
        for attempt in range(_READ_ATTEMPTS):
            name = self.live_name()
            if name is None:
                return None
            if self._live is not None and self._live[1].name == name:
                return self._live[1]
            try:
                live = Generation.open(self._readable(name), self._mask)
                _ = live.store, live.catalog
            except StoreError:
                # Two switches in a row may have removed it after its name was read.
                if attempt + 1 == _READ_ATTEMPTS or self.live_name() == name:
                    raise
            else:
                return live
        raise AssertionError("unreachable")

    def _folders(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        # Manual copies under other names are ignored.
        folders = (path for path in self.directory.iterdir() if _NAME.fullmatch(path.name))
        return sorted(path for path in folders if (path / DESCRIPTION).is_file())

    def next_name(self) -> str:
        """Return the present time, in UTC, as a name that sorts after all others, even if the clock was set back."""
        moment = datetime.now(UTC)
        folders = self._folders()
        if folders:
            last = datetime.strptime(folders[-1].name, _NAME_FORMAT).replace(tzinfo=UTC)
            moment = max(moment, last + timedelta(microseconds=1))
        return moment.strftime(_NAME_FORMAT)

    def _prune(self, keep: int, spared: set[str | None]) -> None:
        """Remove generations beyond `keep`, but not the live one, spared ones or those being read.

        Those that changed nothing are removed first, then the oldest, so that a site published every hour can still go back to
        yesterday. The one just replaced is spared until the next run starts, since requests may be about to read it.
        """
        folders, live = self._folders(), self.live_name()
        # A spared one that the next run will remove must not cause the removal of another now.
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
    """Return the manifest of a generation's dumps, None if there is none or it cannot be read."""
    try:
        return Manifest.of(generation)
    except (OSError, ValueError, KeyError, TypeError):
        return None
