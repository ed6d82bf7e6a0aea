"""Dumps of a published generation in another folder: in formats that it does not carry, or for a store's own loader.

In the dumps that a generation carries the published triples are in the default graph. For a named graph of a store N-Quads
name that graph in every line, and each file of triples has one beside it with the name of the graph, as Virtuoso reads it
(see `sidecar`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lod.disk.checksum import sha256_of
from lod.disk.compression import GZIP, Compression
from lod.disk.os_errors import as_store_error
from lod.dump.manifest import BLOCKS, DUMPS, MANIFEST, SUMS, DumpFile, DumpFormat, Manifest, sums
from lod.dump.write import DumpWriter, quads
from lod.errors import StoreError
from lod.rdf.formats import JSON_LINES, N_QUADS, N_TRIPLES
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import Settings
from lod.store.generation.generations import Generation
from lod.store.generation.named_graphs import NamedGraph
from lod.store.generation.staged_folder import staged_folder

_PACKED_BYTES = 1 << 20


def write_dumps(
    generation: Generation, settings: Settings, target: Path, names: Sequence[str], graph: str = ""
) -> Manifest:
    """Write dumps of a generation into a new folder, named by `DUMP_FORMATS`; return what was written.

    `graph` is the named graph of a store that the published triples are meant for, "" for the default graph. The folder
    appears when it is complete and on the disk. What the generation carries is copied.

    Raises:
        StoreError: the folder exists, or the disk refused.
    """
    if target.exists():
        raise StoreError(f"{target}: there is something already; name a new folder for the dumps")
    carried = Manifest.of(generation.directory)
    with as_store_error(target, "writing the dumps"), staged_folder(target) as part:
        named = NamedGraph.all_of(generation.directory, generation.description)
        if carried and all(carried.file(f"dataset.{name}") for name in names):
            triples = generation.directory / DUMPS
            written = _copied(carried, triples, part, names)
        else:
            triples = part
            written = _written(generation, settings, part, names, named)
        if graph:
            written = _in_graph(written, part, triples, graph, named)
    return written


def _written(
    generation: Generation, settings: Settings, part: Path, names: Sequence[str], named: Sequence[NamedGraph]
) -> Manifest:
    vocabulary = load_vocabulary(settings.vocabulary_namespace)
    writer = DumpWriter(names, vocabulary.prefixes, f"{settings.base_iri}id/")
    folder = part / DUMPS
    writer.write_published(folder, None, None, generation.catalog.all_claims)
    written = writer.complete(named)
    for path in folder.iterdir():
        if path.name in {BLOCKS, MANIFEST}:
            path.unlink()
        else:
            path.rename(part / path.name)
    folder.rmdir()
    return written


def _copied(carried: Manifest, source: Path, part: Path, names: Sequence[str]) -> Manifest:
    files = tuple(file for file in carried.dumps if file.format.name in names)
    for file in files:
        shutil.copyfile(source / file.name, part / file.name)
    (part / SUMS).write_text(sums(files), encoding="utf-8")
    return Manifest("", files, carried.statistics, carried.prefixes)


def sidecar(name: str) -> str:
    """Return the name of the file that says which graph the triples of a dump belong to.

    Virtuoso's `ld_dir` looks for the name of the file without .gz, and .graph: dataset.nt.graph for dataset.nt.gz. It does
    not read Zstandard.
    """
    return f"{name.removesuffix('.gz')}.graph"


def _in_graph(written: Manifest, folder: Path, triples: Path, graph: str, named: Sequence[NamedGraph]) -> Manifest:
    """Name the graph of the published triples in dumps for the default graph; N-Triples of them lie in the folder `triples`."""
    files = []
    for file in written.dumps:
        syntax = file.format.syntax
        if syntax is N_QUADS:
            file = _quads_in_graph(file, folder, triples, graph, named)
        if file.format.compression is GZIP and syntax is not JSON_LINES:
            (folder / sidecar(file.name)).write_text(f"{graph}\n", encoding="utf-8")
        files.append(file)
    (folder / SUMS).write_text(sums(tuple(files)), encoding="utf-8")
    return replace(written, files=tuple(files))


def _quads_in_graph(file: DumpFile, folder: Path, triples: Path, graph: str, named: Sequence[NamedGraph]) -> DumpFile:
    path, packing = folder / file.name, file.format.compression
    published = triples / DumpFormat(N_TRIPLES, packing).file
    with path.open("wb") as target:
        for text in _lines(published, packing):
            # The line breaks of N-Triples are those between its lines: others are escaped.
            target.write(packing.pack(text.replace(b" .\n", f" <{graph}> .\n".encode())))
        for block in quads(named):
            target.write(packing.pack(block.encode()))
    return replace(file, bytes=path.stat().st_size, sha256=sha256_of(path))


def _lines(path: Path, packing: Compression) -> Iterator[bytes]:
    """Yield the text of a dump in pieces of whole lines."""
    rest = b""
    for chunk in packing.chunks(path):
        rest += chunk
        if len(rest) >= _PACKED_BYTES:
            end = rest.rfind(b"\n") + 1
            yield rest[:end]
            rest = rest[end:]
    yield rest
