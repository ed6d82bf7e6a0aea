"""Write the dumps of a generation block by block; the compressed bytes of unchanged blocks are copied."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lod.disk.atomic import link_or_copy
from lod.disk.checksum import sha256_of
from lod.disk.compression import LIBRARIES
from lod.dump.block_files import BlockFile, Stretch, copy_bytes
from lod.dump.blocks import (
    BY_SUBJECT,
    LINES_PER_BLOCK,
    Change,
    UnlikeBlocksError,
    in_blocks,
    merged,
    subject_of,
    updated,
)
from lod.dump.manifest import (
    ADDED,
    BLOCKS,
    DIFFERENCES,
    DUMP_FORMATS,
    MAIN,
    MANIFEST,
    REMOVED,
    DumpFile,
    DumpFormat,
    Manifest,
    PastDifference,
)
from lod.dump.statistics import Statistics
from lod.dump.syntaxes import Block, by_subject, write_n_triples
from lod.errors import StoreError
from lod.rdf.formats import N_QUADS, N_TRIPLES

_LAYOUT = 1
_MOST_HISTORY = 1_000
_MOST_RECOUNTED = 100_000

_log = logging.getLogger(__name__)


class Difference(Protocol):
    """The claims that a generation adds to the previous one, and those that it removes; each side sorted."""

    @property
    def added(self) -> Callable[[], Iterator[str]]:
        """Returns the added claims."""

    @property
    def removed(self) -> Callable[[], Iterator[str]]:
        """Returns the removed claims."""


class DumpedGraph(Protocol):
    """A named graph: its IRI, the number of its triples, and its claims, sorted, in blocks (`BY_LINE`)."""

    @property
    def iri(self) -> str:
        """Its name."""

    @property
    def triples(self) -> int:
        """The number of its triples."""

    @property
    def origins(self) -> Sequence[int | None]:
        """For each block, the number of the block of the previous generation that it is known to equal, else None."""

    def blocks(self, numbers: Sequence[int] | None = None) -> Iterator[list[str]]:
        """Yield the claims of some blocks, or of all."""


@dataclass
class _Blocks:
    """Index of blocks. Of the published claims: the first subject of each, and its length in each file, in bytes.

    `graphs` has, by format and IRI, the offset of the blocks of a named graph, and the length of each.
    """

    made_with: str
    firsts: list[str] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)
    graphs: dict[str, dict[str, tuple[int, list[int]]]] = field(default_factory=dict)

    def of_graph(self, name: str, iri: str) -> Stretch | None:
        """Return the blocks of a named graph in the file of a format."""
        found = self.graphs.get(name, {}).get(iri)
        return Stretch(*found) if found else None

    @classmethod
    def of(cls, folder: Path) -> _Blocks | None:
        """Return the index of the dumps in a folder, None where there are none."""
        try:
            return cls(**json.loads((folder / BLOCKS).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def write(self, folder: Path) -> None:
        text = json.dumps(self.__dict__, ensure_ascii=False, separators=(",", ":"))
        (folder / BLOCKS).write_text(text, encoding="utf-8")


class DumpWriter:
    """Writer of the dumps of a generation: first those of the published claims, then, with the named graphs, the rest."""

    def __init__(self, formats: Sequence[str], prefixes: Mapping[str, str], uri_space: str) -> None:
        """Take names of `DUMP_FORMATS`, the prefixes of Turtle, and the beginning of the IRIs of entities."""
        wanted = {MAIN.name, *formats}
        # N-Quads are N-Triples and the named graphs after them, so that the former are packed anyway.
        wanted |= {name.replace(N_QUADS.extension, N_TRIPLES.extension, 1) for name in formats}
        self._formats = [format_ for name, format_ in DUMP_FORMATS.items() if name in wanted]
        self._prefixes = prefixes
        self._names = {namespace: name for name, namespace in prefixes.items()}
        self._folder = Path()
        self._before: Path | None = None
        self._blocks = _Blocks(self._made_with)
        self._old: _Blocks | None = None
        self._files: list[DumpFile] = []
        self.statistics = Statistics(uri_space)
        self._recounted: frozenset[str] | None = None

    def write_published(
        self,
        folder: Path,
        before: Path | None,
        changes: Difference | None,
        claims: Callable[[], Iterable[str]],
        triples: int | None = None,
    ) -> None:
        """Write the dumps of the published claims into a new folder, and the difference.

        Args:
            folder: is made.
            before: the dumps of the previous generation, None where there is none.
            changes: the difference, None without a previous generation.
            claims: returns all published claims, sorted; called only if no old blocks can be used.
            triples: their number; old blocks that add up to another number are not used.

        Raises:
            StoreError: the number of claims differs.
        """
        self._folder = folder
        folder.mkdir()
        if before and changes:
            self._before = before
            for name, side in ((ADDED, changes.added), (REMOVED, changes.removed)):
                self._files.append(self._dump_file(name, self._write_side(folder / name, side())))
            if self._write_changes(before, changes, triples):
                return
        self.statistics, self._recounted = Statistics(self.statistics.uri_space), None
        self._write(in_blocks(claims()), None, None)
        if triples not in {None, self.statistics.triples}:
            raise StoreError(
                f"{folder}: the catalog gives {self.statistics.triples} claims and counts {triples}; the live generation "
                "stays. Run 'lod publish' again, and report it if it happens again"
            )

    def complete(self, graphs: Sequence[DumpedGraph]) -> Manifest:
        """Write N-Quads, checksums and figures; return what was written."""
        triples = self.statistics.triples
        named = sum(graph.triples for graph in graphs)
        dumps = []
        for format_ in self._formats:
            if format_.syntax is N_QUADS:
                self._write_quads(format_, sorted(graphs, key=lambda graph: graph.iri))
            dumps.append(self._dump_file(format_.file, triples + named if format_.syntax is N_QUADS else triples))
        self._blocks.write(self._folder)
        previous = self._before.parent.name if self._before else ""
        history = self._carried_on(dumps[0].bytes)
        manifest = Manifest(previous, (*dumps, *self._files), self.statistics, self._prefixes, history)
        manifest.write(self._folder)
        return manifest

    @property
    def _block_formats(self) -> list[DumpFormat]:
        return [format_ for format_ in self._formats if format_.syntax is not N_QUADS]

    @property
    def _made_with(self) -> str:
        """What the bytes of a block depend on, beside its claims."""
        return (
            f"layout {_LAYOUT}, {BY_SUBJECT.each()} subjects a block, {LINES_PER_BLOCK} lines of a graph, {LIBRARIES}"
        )

    def _write_changes(self, before: Path, changes: Difference, triples: int | None) -> bool:
        """Write the dumps from the old blocks and the difference; return False where they cannot be used."""
        try:
            found = self._usable(before)
            if found is None:
                return False
            blocks, manifest = found
            self.statistics = manifest.statistics
            self._recounted = _few_subjects(merged(changes.added(), changes.removed()))
            with (before / MAIN.file).open("rb") as file:
                main = Stretch(blocks.heads[MAIN.name], blocks.lengths[MAIN.name])
                offsets = main.offsets()

                def read(number: int) -> list[str]:
                    file.seek(offsets[number])
                    packed = file.read(main.lengths[number])
                    lines = MAIN.compression.unpack(packed).decode().removesuffix("\n").split("\n")
                    self.statistics.add(by_subject(line for line in lines if self._counts(subject_of(line))), -1)
                    return lines

                after = updated(blocks.firsts, read, lambda: merged(changes.added(), changes.removed()))
                self._write(after, blocks, before)
            if triples not in {None, self.statistics.triples}:
                raise UnlikeBlocksError(f"{self.statistics.triples} claims, {triples} are published")
        except UnlikeBlocksError as fault:
            _log.warning("the dumps in %s: %s; the dumps are written anew", before, str(fault))
            return False
        self._old = blocks
        return True

    def _counts(self, subject: str) -> bool:
        """Return whether a subject, as `subject_of` returns it, is subtracted with an old block and added with a new one."""
        return self._recounted is None or subject in self._recounted

    def _carried_on(self, most_bytes: int) -> tuple[PastDifference, ...]:
        """Carry on the differences of earlier generations, while all together are smaller than the whole."""
        try:
            manifest = Manifest.of(self._before.parent) if self._before else None
        except (ValueError, KeyError, TypeError):
            return ()
        if self._before is None or manifest is None or not manifest.previous:
            return ()
        latest = PastDifference(self._before.parent.name, manifest.previous, tuple(manifest.difference))
        sources = [(latest, self._before)]
        sources += [(past, self._before / DIFFERENCES / past.name) for past in manifest.history]
        history: list[PastDifference] = []
        for past, source in sources[:_MOST_HISTORY]:
            most_bytes -= past.bytes
            if most_bytes < 0 or not all((source / file.name).is_file() for file in past.files):
                break
            target = self._folder / DIFFERENCES / past.name
            target.mkdir(parents=True)
            for file in past.files:
                link_or_copy(source / file.name, target / file.name)
            history.append(past)
        return tuple(history)

    def _usable(self, before: Path) -> tuple[_Blocks, Manifest] | None:
        """Return index and manifest of the previous dumps, None where their blocks cannot be copied.

        Raises:
            UnlikeBlocksError: they are damaged; a damaged block must not be copied.
        """
        try:
            blocks, manifest = _Blocks.of(before), Manifest.of(before.parent)
        except (ValueError, KeyError, TypeError) as fault:
            raise UnlikeBlocksError(f"{MANIFEST} or {BLOCKS} cannot be read ({fault})") from None
        if (
            blocks is None
            or manifest is None
            or blocks.made_with != self._made_with
            or manifest.prefixes != self._prefixes
            or manifest.statistics.uri_space != self.statistics.uri_space
            or not {format_.name for format_ in self._block_formats} <= blocks.lengths.keys()
        ):
            return None
        for format_ in self._formats:
            file = manifest.file(format_.file)
            if file is None and format_.syntax is N_QUADS:
                continue
            if file is None or not (before / format_.file).is_file() or sha256_of(before / format_.file) != file.sha256:
                raise UnlikeBlocksError(f"{format_.file} is missing or has changed")
        return blocks, manifest

    def _write(self, results: Iterable[int | list[str]], old: _Blocks | None, before: Path | None) -> None:
        """Write all formats but N-Quads from blocks: claims, or the number of an old block to copy."""
        new = self._blocks = _Blocks(self._made_with)
        with ExitStack() as files:
            outputs: list[tuple[DumpFormat, BlockFile]] = []
            for format_ in self._block_formats:
                file = files.enter_context((self._folder / format_.file).open("wb"))
                head = format_.writer.head(self._prefixes)
                new.heads[format_.name] = file.write(format_.compression.pack(head.encode())) if head else 0
                output = BlockFile(file, format_.compression)
                if old and before:
                    source = files.enter_context((before / format_.file).open("rb"))
                    output.begin(source, Stretch(old.heads[format_.name], old.lengths[format_.name]))
                else:
                    output.begin()
                outputs.append((format_, output))
            for result in results:
                if isinstance(result, int):
                    assert old is not None  # noqa: S101 - only old blocks have numbers
                    new.firsts.append(old.firsts[result])
                    for _, output in outputs:
                        output.copy(result)
                    continue
                block = Block(result)
                new.firsts.append(BY_SUBJECT.part(result[0]))
                self.statistics.add(claims for claims in block.subjects if self._counts(f"{claims[0]} "))
                for format_, output in outputs:
                    output.add(format_.writer.block(block, self._names))
            for format_, output in outputs:
                new.lengths[format_.name] = list(output.end().lengths)

    def _write_quads(self, format_: DumpFormat, graphs: Iterable[DumpedGraph]) -> None:
        """Write N-Quads: the compressed N-Triples, then the named graphs; unchanged blocks are copied."""
        triples = DUMP_FORMATS[f"{N_TRIPLES.extension}.{format_.compression.extension}"]
        stretches = self._blocks.graphs.setdefault(format_.name, {})
        with ExitStack() as files:
            file = files.enter_context((self._folder / format_.file).open("wb"))
            published = files.enter_context((self._folder / triples.file).open("rb"))
            copy_bytes(published, file, 0, (self._folder / triples.file).stat().st_size)
            output = BlockFile(file, format_.compression)
            source = None
            for graph in graphs:
                stretch = self._old.of_graph(format_.name, graph.iri) if self._old else None
                if stretch and self._before and source is None:
                    source = files.enter_context((self._before / format_.file).open("rb"))
                output.begin(source, stretch)
                origins = graph.origins if stretch else ()
                new = [number for number, origin in enumerate(origins) if origin is None] if origins else None
                blocks = graph.blocks(new)
                for origin in origins:
                    if origin is None:
                        output.add(_quads(next(blocks), graph.iri))
                    else:
                        output.copy(origin)
                for block in blocks:
                    output.add(_quads(block, graph.iri))
                end = output.end()
                stretches[graph.iri] = (end.start, list(end.lengths))

    def _write_side(self, path: Path, lines: Iterable[str]) -> int:
        count = 0
        with path.open("wb") as file:
            for block in in_blocks(lines):
                file.write(MAIN.compression.pack(write_n_triples(Block(block)).encode()))
                count += len(block)
            if not count:
                file.write(MAIN.compression.pack(b""))
        return count

    def _dump_file(self, name: str, triples: int) -> DumpFile:
        path = self._folder / name
        return DumpFile(name, path.stat().st_size, sha256_of(path), triples)


def quads(graphs: Iterable[DumpedGraph]) -> Iterator[str]:
    """Yield the named graphs as N-Quads, block by block, the graphs in the order of their IRIs."""
    for graph in sorted(graphs, key=lambda graph: graph.iri):
        for block in graph.blocks():
            yield _quads(block, graph.iri)


def _quads(block: Iterable[str], iri: str) -> str:
    # A claim ends in " ."; the name of the graph goes before the full stop.
    return "".join([f"{line[:-1]}<{iri}> .\n" for line in block])


def _few_subjects(changes: Iterator[Change]) -> frozenset[str] | None:
    """Return the subjects of a difference, None where they are many."""
    subjects: set[str] = set()
    for line, _ in changes:
        subjects.add(subject_of(line))
        if len(subjects) > _MOST_RECOUNTED:
            return None
    return frozenset(subjects)
