"""Atomic and durable writes: after a power cut a file or folder is the old one or the new one, never a part of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

DESCRIPTION = "generation.json"
"""The file that makes a generation complete: name, time of creation, counts, named graphs."""


def sync_tree(directory: Path) -> None:
    """Sync a folder and every file and folder under it to the disk."""
    for folder, _, names in os.walk(directory, topdown=False):
        for name in names:
            sync(Path(folder, name))
        sync(Path(folder))


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Replace a small file: readers see the old text or the new one, after a power cut too.

    A `private` file is readable by its owner only, whatever the umask.
    """
    with atomic_text_file(path) as file:
        if private:
            os.fchmod(file.fileno(), 0o600)
        file.write(text)


@contextmanager
def atomic_text_file(path: Path, encoding: str = "utf-8", newline: str | None = None) -> Iterator[IO[str]]:
    """Yield a text file that replaces `path` when the block ends; if the block raises, `path` is left as it was."""
    # Always the same name, so that what a killed process left is overwritten.
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("w", encoding=encoding, newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder that may be there already, and those above it, so that a power cut does not take what is put into them."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode, exist_ok=True)
    sync(path.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """Hard-link a file that never changes, or copy it where the file system has no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def move_durably(old: Path, new: Path) -> None:
    """Rename a folder within its parent folder and sync the parent."""
    old.rename(new)
    sync(new.parent)


def sync(path: Path) -> None:
    """Sync a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
