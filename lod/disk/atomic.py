"""Files and folders that survive a power cut: written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

DESCRIPTION = "generation.json"
"""The file that a complete generation has: name, creation, counts, named graphs."""


def sync_tree(directory: Path) -> None:
    """Wait until every file and folder under a folder, itself included, is on the disk."""
    for folder, _, names in os.walk(directory, topdown=False):
        for name in names:
            sync(Path(folder, name))
        sync(Path(folder))


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file: readers see the old text or the new one, after a power cut too."""
    with written_aside(path) as file:
        file.write(text)


@contextmanager
def written_aside(path: Path, encoding: str = "utf-8", newline: str | None = None) -> Iterator[IO[str]]:
    """Yield a text file that takes the place of another when the block ends, and leaves it as it was where it raises."""
    # One name for all: what a killed process left there is overwritten.
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


def move_durably(old: Path, new: Path) -> None:
    """Rename a folder beside itself and wait until the disk has it."""
    old.rename(new)
    sync(new.parent)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
