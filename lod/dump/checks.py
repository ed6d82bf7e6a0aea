"""Checks of dumps: checksums, and every text compared with the text written from the claims."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lod.disk.checksum import sha256_of
from lod.dump.blocks import in_blocks
from lod.dump.manifest import ADDED, DIFFERENCES, DUMPS, MANIFEST, REMOVED, SUMS, DumpFile, Manifest, sums
from lod.dump.statistics import Statistics
from lod.dump.syntaxes import WRITERS, Block
from lod.dump.write import DumpedGraph, quads
from lod.rdf.formats import N_QUADS

_NO_LIST = f"{DUMPS}/{MANIFEST}, the list of the dumps, is missing; 'lod publish' writes all dumps anew"


def dump_faults(generation: Path, claims: Callable[[], Iterable[str]], graphs: Sequence[DumpedGraph]) -> Iterator[str]:
    """Yield the faults of the dumps of a generation, one sentence each.

    Args:
        generation: its folder.
        claims: returns all published claims, sorted.
        graphs: the named graphs.
    """
    manifest = Manifest.of(generation)
    if manifest is None:
        yield _NO_LIST
        return
    folder = generation / DUMPS
    faulty = dict(_file_faults(folder, manifest))
    yield from faulty.values()
    whole = [file for file in manifest.dumps if file.name not in faulty]
    statistics = Statistics(manifest.statistics.uri_space)
    texts = _texts(whole, claims, graphs, manifest.prefixes, statistics)
    for file in whole:
        digest = hashlib.sha256()
        for chunk in file.format.compression.chunks(folder / file.name):
            digest.update(chunk)
        if digest.digest() != texts[file.name]:
            yield f"{DUMPS}/{file.name} does not hold the claims of the catalog and the named graphs"
    if statistics.to_dict() != manifest.statistics.to_dict():
        yield f"{DUMPS}: the figures of the description are not those of the claims"
    yield from _difference_faults(folder, manifest, claims)


def checksum_faults(generation: Path) -> Iterator[str]:
    """Yield the files of a generation's dumps that are missing or differ from the manifest, one sentence each."""
    manifest = Manifest.of(generation)
    if manifest is None:
        yield _NO_LIST
    else:
        yield from (sentence for _, sentence in _file_faults(generation / DUMPS, manifest))


def _file_faults(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield the name of each file that is missing or differs from the manifest, and a sentence."""
    if (folder / SUMS).read_text(encoding="utf-8") != sums(manifest.files):
        yield SUMS, f"{DUMPS}/{SUMS} does not list what {DUMPS} holds"
    past = [(f"{DIFFERENCES}/{past.name}/{file.name}", file) for past in manifest.history for file in past.files]
    for name, file in [*((file.name, file) for file in manifest.files), *past]:
        fault = _checksum_fault(folder / name, file)
        if fault:
            yield name, f"{DUMPS}/{name} {fault}"


def _checksum_fault(path: Path, file: DumpFile) -> str:
    if not path.is_file():
        return "is missing"
    if path.stat().st_size != file.bytes:
        return f"has {path.stat().st_size} bytes, the list of dumps says {file.bytes}"
    return "" if sha256_of(path) == file.sha256 else "has changed"


def _texts(
    files: Iterable[DumpFile],
    claims: Callable[[], Iterable[str]],
    graphs: Sequence[DumpedGraph],
    prefixes: Mapping[str, str],
    statistics: Statistics,
) -> dict[str, bytes]:
    """Return the SHA-256 of the text that each file should hold, and count the claims."""
    names = {namespace: name for name, namespace in prefixes.items()}
    syntaxes = {file.format.syntax for file in files}
    digests = {syntax: hashlib.sha256(WRITERS[syntax].head(prefixes).encode()) for syntax in syntaxes}
    for block in map(Block, in_blocks(claims())):
        statistics.add(block.subjects)
        for syntax, digest in digests.items():
            digest.update(WRITERS[syntax].block(block, names).encode())
    if N_QUADS in digests:
        for text in quads(graphs):
            digests[N_QUADS].update(text.encode())
    return {file.name: digests[file.format.syntax].digest() for file in files}


def _difference_faults(folder: Path, manifest: Manifest, claims: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield the faults of the difference: an added claim that is not published, a removed one that still is."""
    for name, should_exist in ((ADDED, True), (REMOVED, False)):
        file = manifest.file(name)
        if file is None or not (folder / name).is_file():
            continue
        published = iter(claims())
        current = next(published, None)
        wrong = number = 0
        for line in _lines(folder / name, file):
            number += 1
            while current is not None and current < line:
                current = next(published, None)
            wrong += (current == line) is not should_exist
        if number != file.triples:
            yield f"{DUMPS}/{name} has {number} lines, the list of dumps says {file.triples}"
        if wrong:
            yield f"{DUMPS}/{name}: {wrong} lines {'are not' if should_exist else 'are still'} published"


def _lines(path: Path, file: DumpFile) -> Iterator[str]:
    rest = b""
    for chunk in file.format.compression.chunks(path):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in whole)
