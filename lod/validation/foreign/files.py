"""Load files of foreign RDF, in any usual serialization, into a store on disk."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from lod.errors import SourceError
from lod.rdf.files import ending, read_quads
from lod.rdf.formats import BY_ENDING


def load_file(store: ox.Store, path: Path, format_: str = "") -> None:
    """Load a file into a store, its blank nodes renamed so that those of two files stay apart.

    IRIs are taken unchanged, even malformed ones: rule G01 reports them.

    Raises:
        SourceError: the file is missing, its serialization is not known, or it is not in that serialization.
    """
    chosen = BY_ENDING.get(format_ or ending(path.name))
    if chosen is None:
        raise SourceError(
            f"{path}: the name does not tell the serialization; use --format with one of {', '.join(BY_ENDING)}"
        )
    try:
        with _opened(path) as file:
            store.bulk_extend(read_quads(file, chosen, str(path), path.resolve().as_uri(), lenient=True))
    except (OSError, EOFError, ValueError) as fault:
        raise SourceError(f"{path}: cannot be read: {fault}") from None


def _opened(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")
