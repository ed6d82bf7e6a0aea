"""Known files: what a run has read before need not be read again where neither the file nor what decides its reading has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from lod.program import program_fingerprint

_BLOCK_BYTES = 1 << 20


class FileWatch(Protocol):
    """Told of each file that a source is read from, before and after: it knows what the last run read."""

    def is_known(self, source: str, digest: str) -> bool:
        """Return whether a file, by its path, was read last with this digest: then the watch has its items, and none is read."""
        ...

    def has_ended(self, source: str) -> None:
        """Note that all items of a file that was not known have been read, and that it was the same all the time."""
        ...


def digest_of(path: Path, conditions: str) -> str:
    """Return a SHA-256 over the bytes of a file, over the program, and over all else that decides what is read from it.

    "" where the file cannot be read.
    """
    digest = hashlib.sha256(f"{program_fingerprint()}\n{conditions}\n".encode("utf-8", "backslashreplace"))
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def state_of(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written or replaced; () where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
