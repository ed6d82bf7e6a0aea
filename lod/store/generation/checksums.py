"""Checksums of a generation's catalog, store and named graphs, in its description; dumps have a list of their own (SHA256SUMS).

SQLite knows no checksums, and a store reads only the files that a question leads to. So a damaged byte could pass from one
generation to the next until no sound one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lod.disk.checksum import sha256_of

STORE = "store"
CATALOG = "catalog.sqlite"
GRAPHS = "graphs"
SHA256 = "sha256"
"""Name of the checksums in the description, by path in the generation's folder."""

_WAYS_OUT = {
    CATALOG: "go back with 'lod rollback GENERATION', or restore a backup with 'lod restore'",
    STORE: "remove the folder 'store' of the generation, and 'lod publish' loads it anew from the catalog",
    GRAPHS: "'lod publish' makes it anew",
}


def checksums(folder: Path, before: Path | None = None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of each file, in hex, by its path in a generation's folder.

    A file that is the same one on the disk as in the folder `before` has the checksum that is known of it there: what is
    not written anew is not read either.
    """
    sums = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        is_old = before is not None and known is not None and name in known and _is_one_file(path, before / name)
        sums[name] = known[name] if is_old and known else sha256_of(path)
    return sums


def changed_files(folder: Path, description: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a generation is not as it was written, one sentence each, from its folder and its description."""
    for name, digest in description.get(SHA256, {}).items():
        fault = file_fault(folder / name, digest)
        if fault:
            yield f"{name} {fault}; {_WAYS_OUT[name.partition('/')[0]]}"


def file_fault(path: Path, digest: str) -> str:
    """Return what is wrong with a file that should have a SHA-256, "" if nothing is."""
    if not path.is_file():
        return "is missing"
    return "" if sha256_of(path) == digest else "has changed since it was written (the disk, or another program)"


def _files(folder: Path) -> list[Path]:
    return sorted([folder / CATALOG, *(folder / STORE).glob("*.sst"), *(folder / GRAPHS).glob("*.nt.gz")])


def _is_one_file(path: Path, other: Path) -> bool:
    return other.is_file() and path.samefile(other)
