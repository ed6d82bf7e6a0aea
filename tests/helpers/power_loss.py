"""Power loss: records what a command does to a folder, and rebuilds the folder as a power cut may leave it.

What is on the disk for certain is what was there before, the content of a file at its last fsync, and the names in a folder at
its last fsync. All else a power cut may take or leave. After each step of the command (a file opened for writing, renamed, removed, linked,
a folder made, an fsync) five states are legal, and rebuilt if they differ from those before:

- strict: only what is certain;
- names: the names of now, contents that are certain (a file that was never synced is empty);
- contents: the names that are certain, the contents of now;
- torn: the names of now, of what is not certain the first half;
- whole: everything, as after a kill.

Steps are what Python does. What SQLite and Oxigraph write is seen at the next step, and counts as certain only by our own fsync.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

STATES = ("strict", "names", "contents", "torn", "whole")
_CHANGING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

Names = dict[str, int]
"""Names in a folder, with the inodes of what they name."""

_active: list[Recorder] = []


@dataclass(frozen=True)
class Tree:
    """A folder at one moment: names by the inode of their folder, contents by the inode of their file, as digests."""

    folders: dict[int, Names]
    files: dict[int, str]


@dataclass
class Recorder:
    """What happens in a folder. `pool` is a folder on the same disk, in which inodes are kept from being used again."""

    root: Path
    pool: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    steps: list[tuple[str, Tree, Tree]] = field(default_factory=list)
    _seen: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    _held: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = self.now()
        # What was there before the command is on the disk.
        self.certain = Tree({inode: dict(names) for inode, names in now.folders.items()}, dict(now.files))

    def now(self) -> Tree:
        """Return the folder as it is."""
        tree = Tree({}, {})
        self._walk(self.root, tree)
        return tree

    def step(self, what: str) -> None:
        """Note the states that a power cut may leave now."""
        certain = Tree({inode: dict(names) for inode, names in self.certain.folders.items()}, dict(self.certain.files))
        self.steps.append((what, certain, self.now()))

    def synced(self, descriptor: int) -> None:
        """Note that a file or a folder is on the disk."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if not path.is_relative_to(self.root):
            return
        inode, now = os.fstat(descriptor).st_ino, self.now()
        if inode in now.folders:
            self.certain.folders[inode] = now.folders[inode]
        elif inode in now.files:
            self.certain.files[inode] = now.files[inode]
        self.step(f"fsync {path.relative_to(self.root)}")

    def close(self) -> None:
        """Let go of the folders."""
        for descriptor in self._held.values():
            os.close(descriptor)

    def _walk(self, folder: Path, tree: Tree) -> None:
        inode = folder.stat().st_ino
        if inode not in self._held:
            self._held[inode] = os.open(folder, os.O_RDONLY)
        names = tree.folders[inode] = {}
        for entry in os.scandir(folder):
            try:
                names[entry.name] = entry.inode()
                if entry.is_dir(follow_symlinks=False):
                    self._walk(Path(entry.path), tree)
                else:
                    tree.files[entry.inode()] = self._content(Path(entry.path))
            except FileNotFoundError:
                names.pop(entry.name, None)

    def _content(self, path: Path) -> str:
        status = path.stat()
        known = self._seen.get(status.st_ino)
        if known and known[:2] == (status.st_mtime_ns, status.st_size):
            return known[2]
        if not known:
            os.link(path, self.pool / str(status.st_ino))
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        self.contents[digest] = data
        self._seen[status.st_ino] = (status.st_mtime_ns, status.st_size, digest)
        return digest

    def is_certain(self, path: str) -> bool:
        """Return whether a path is on the disk after the command has ended."""
        certain = self._rebuilt(self.root.stat().st_ino, "", self.certain.folders, lambda inode: b"")
        return path in dict(certain)

    def states(self) -> Iterator[tuple[str, dict[str, bytes | None]]]:
        """Yield every different state that a power cut may have left: paths with contents, None for folders."""
        known: set[str] = set()
        root = self.root.stat().st_ino
        for number, (what, certain, now) in enumerate(self.steps):
            for state in STATES:
                names = certain if state in {"strict", "contents"} else now
                found = dict(self._rebuilt(root, "", names.folders, self._bytes_of(state, certain, now)))
                digest = hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()
                if digest not in known:
                    known.add(digest)
                    yield f"{state} after step {number} of {len(self.steps)}, {what}", found

    def _bytes_of(self, state: str, certain: Tree, now: Tree) -> Callable[[int], bytes]:
        def content(inode: int) -> bytes:
            before, after = certain.files.get(inode), now.files.get(inode)
            if after is None or (state in {"strict", "names"}) or (state == "torn" and before == after):
                return self.contents[before] if before else b""
            data = self.contents[after]
            return data[: len(data) // 2] if state == "torn" else data

        return content

    def _rebuilt(
        self, folder: int, path: str, folders: dict[int, Names], content: Callable[[int], bytes]
    ) -> Iterator[tuple[str, bytes | None]]:
        for name, inode in folders.get(folder, {}).items():
            place = f"{path}{name}"
            # A folder whose own names were never synced is there, and empty.
            if inode in self._held:
                yield place, None
                yield from self._rebuilt(inode, f"{place}/", folders, content)
            else:
                yield place, content(inode)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active or (event != "open" and event not in _CHANGING):
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITING):
        return
    recorder = _active[0]
    paths = [os.fsdecode(part) for part in arguments[:2] if isinstance(part, str | bytes | os.PathLike)]
    if any(Path(path).is_absolute() and Path(path).is_relative_to(recorder.root) for path in paths):
        # An audit hook is called before what it tells of.
        _active.clear()
        recorder.step(f"what came before {event} {' '.join(Path(path).name for path in paths)}")
        _active.append(recorder)


_hooked: list[bool] = []


@contextmanager
def recorded(root: Path, pool: Path) -> Iterator[Recorder]:
    """Record what this process does in a folder; `pool` is a new folder beside it. What it syncs is noted, not synced."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    pool.mkdir()
    recorder = Recorder(root, pool)

    def fsync(file: int) -> None:
        _active.clear()
        recorder.synced(file)
        _active.append(recorder)

    _active.append(recorder)
    try:
        with patch("os.fsync", fsync):
            yield recorder
    finally:
        _active.clear()
        recorder.step("the end")
        recorder.close()


def rebuild(state: dict[str, bytes | None], folder: Path, cache: Path) -> None:
    """Make a folder of a state, with links to files in `cache`: nobody is to write in it."""
    folder.mkdir()
    for path, content in state.items():
        place = folder / path
        if content is None:
            place.mkdir()
            continue
        cached = cache / hashlib.sha256(content).hexdigest()
        if not cached.exists():
            cached.write_bytes(content)
        os.link(cached, place)
