"""Dumps of a published generation in another place, or in formats that it does not carry."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from lod.config import Settings
from lod.dump.files import BLOCKS, DUMPS, MANIFEST, SUMS, Manifest, sums
from lod.dump.write import DumpWriter
from lod.errors import StoreError
from lod.store.builder import remove_folder
from lod.store.faults import told_as_store_error
from lod.store.folders import move_durably, sync_tree
from lod.store.generations import Generation
from lod.store.named_graphs import NamedGraph
from lod.vocabulary import load_vocabulary


def write_dumps(generation: Generation, settings: Settings, target: Path, names: Sequence[str]) -> Manifest:
    """Write dumps of a generation into a new folder, named by `DUMP_FORMATS`; return what was written.

    The folder appears when it is complete and on the disk. What the generation carries is copied.

    Raises:
        StoreError: the folder exists, or the disk refused.
    """
    if target.exists():
        raise StoreError(f"{target}: there is something already; name a new folder for the dumps")
    part = target.with_name(f".{target.name}.part")
    carried = Manifest.of(generation.directory)
    with told_as_store_error(target, "writing the dumps"):
        remove_folder(part)
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            if carried and all(carried.file(f"dataset.{name}") for name in names):
                written = _copied(carried, generation.directory / DUMPS, part, names)
            else:
                vocabulary = load_vocabulary(settings.vocabulary_namespace)
                writer = DumpWriter(names, vocabulary.prefixes, f"{settings.base_iri}id/")
                writer.write_published(part, None, None, generation.catalog.all_claims)
                written = writer.complete(NamedGraph.all_of(generation.directory, generation.description))
                for name in (BLOCKS, MANIFEST):
                    (part / name).unlink()
            sync_tree(part)
            move_durably(part, target)
        finally:
            remove_folder(part)
    return written


def _copied(carried: Manifest, source: Path, part: Path, names: Sequence[str]) -> Manifest:
    part.mkdir()
    files = tuple(file for file in carried.dumps if file.format.name in names)
    for file in files:
        shutil.copyfile(source / file.name, part / file.name)
    (part / SUMS).write_text(sums(files), encoding="utf-8")
    return Manifest("", files, carried.statistics, carried.prefixes)
