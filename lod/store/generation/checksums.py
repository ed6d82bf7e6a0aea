"""Checksums of a generation's catalog, store, named graphs, search index and figures of quality, in its description; dumps have a list of their own (SHA256SUMS).

SQLite has no checksums, and a store reads only the files that a query needs. Without checksums a damaged byte could be
copied from one generation to the next until no intact one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lod.disk.checksum import sha256_of
from lod.store.catalog.schema import CATALOG
from lod.store.quality.build.schema import QUALITY
from lod.store.search.build.schema import SEARCH

STORE = "store"
GRAPHS = "graphs"
SHA256 = "sha256"
"""Key of the checksums in the description; they are listed by path in the generation's folder."""

_REMEDIES = {
    CATALOG: "go back with 'lod rollback GENERATION', or restore a backup with 'lod restore'",
    STORE: "remove the folder 'store' of the generation: 'lod publish' then rebuilds it from the catalog",
    GRAPHS: "'lod publish' rebuilds it",
    SEARCH: "remove the file if it is there: 'lod publish' then rebuilds it from the catalog",
    QUALITY: "remove the file if it is there: 'lod publish' then rebuilds it from the catalog, without the figures of earlier runs",
}


def checksums(folder: Path, before: Path | None = None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of each file, in hex, by its path in a generation's folder.

    A file that is a hard link to the same file in the folder `before` has the checksum `known` of it there and is not read.
    """
    sums = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        is_old = before is not None and known is not None and name in known and _is_same_file(path, before / name)
        sums[name] = known[name] if is_old and known else sha256_of(path)
    return sums


def changed_files(folder: Path, description: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for each file of a generation that differs from its checksum in the description."""
    for name, digest in description.get(SHA256, {}).items():
        fault = file_fault(folder / name, digest)
        if fault:
            yield f"{name} {fault}; {_REMEDIES[name.partition('/')[0]]}"


def file_fault(path: Path, digest: str) -> str:
    """Return how a file differs from its SHA-256, "" if it does not."""
    if not path.is_file():
        return "is missing"
    return "" if sha256_of(path) == digest else "has changed since it was written (the disk, or another program)"


def _files(folder: Path) -> list[Path]:
    kinds = (
        (folder / STORE).glob("*.sst"),
        (folder / GRAPHS).glob("*.nt.gz"),
        folder.glob(SEARCH),
        folder.glob(QUALITY),
    )
    return sorted([folder / CATALOG, *(path for paths in kinds for path in paths)])


def _is_same_file(path: Path, other: Path) -> bool:
    return other.is_file() and path.samefile(other)
