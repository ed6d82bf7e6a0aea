"""Named graphs of a generation: sorted files beside the store, updated by difference.

A quality report may have more triples than the records that a run has changed. To write it again, or to read it back from
the store (9 µs a triple), would cost more than all else that an incremental run does. So each generation has its named
graphs as files, sorted N-Triples compressed in blocks (`lod.dump.blocks`), named by the last part of their IRI:
`graphs/report.nt.gz`, with the index of its blocks in `graphs/report.json`.
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Self

from lod import __version__
from lod.disk.atomic import DESCRIPTION
from lod.disk.checksum import sha256_of
from lod.disk.compression import GZIP, LIBRARIES
from lod.disk.sorted_lines import difference, sorted_distinct
from lod.dump.block_files import BlockFile, Stretch
from lod.dump.blocks import BY_LINE, Change, UnlikeBlocksError, in_blocks, updated
from lod.dump.syntaxes import Block, write_n_triples
from lod.store.generation.checksums import GRAPHS
from lod.store.oxigraph import DifferenceError, WritableOxigraphStore, stored_form

REPLACED_SHARE = 0.3
"""Share of changed triples from which a graph is replaced: to remove costs 16 µs a triple, to load 8."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphSource:
    """The source of a named graph.

    Attributes:
        claims: returns all its claims, in any order.
        changes: returns the claims added and removed since the previous generation, in any order; None if all claims
            must be compared to find them.
        made_with: what the claims depend on beside the catalog; if it differs, the graph is rebuilt.
    """

    claims: Callable[[], Iterable[str]]
    changes: Callable[[], Iterable[Change]] | None = None
    made_with: str = ""


@dataclass(frozen=True)
class NamedGraph:
    """A named graph: its IRI, its file in the generation's folder, and its number of triples.

    `origins` has, for a graph just written, the equal block of the previous generation for each block, None for a new one.
    """

    iri: str
    path: Path
    triples: int
    origins: tuple[int | None, ...] = field(default=(), compare=False)

    @classmethod
    def all_of(cls, directory: Path, description: Mapping[str, Any]) -> list[Self]:
        """Return the named graphs in the description of the generation in a folder."""
        return [
            cls(row["iri"], directory / GRAPHS / row["path"], row["triples"]) for row in description.get("graphs", ())
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the row for the description."""
        return {"iri": self.iri, "path": self.path.name, "triples": self.triples}

    def lines(self) -> Iterator[str]:
        """Yield the claims, sorted."""
        return gzip_lines(self.path)

    def blocks(self, numbers: Sequence[int] | None = None) -> Iterator[list[str]]:
        """Yield the claims of the blocks with some numbers, or of all blocks."""
        if numbers is None:
            yield from in_blocks(self.lines(), BY_LINE)
            return
        index = _Index.of(self.path)
        if index is None:
            raise UnlikeBlocksError(f"{self.path} has no index of its blocks")
        with self.path.open("rb") as file:
            yield from map(index.reader(file), numbers)

    def chunks(self) -> Iterator[bytes]:
        """Yield the claims as N-Triples in UTF-8, whole lines: the store may load each chunk by itself."""
        with gzip.open(self.path, "rb") as file:
            while lines := file.readlines(1 << 20):
                yield b"".join(lines)


@dataclass(frozen=True, slots=True)
class _Index:
    """Index of a graph's file: first key and length of each block, what it was made with, and its checksum."""

    made_with: str
    sha256: str
    firsts: list[str]
    lengths: list[int]

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return the index of a graph's file, None if there is none or it cannot be read."""
        try:
            return cls(**json.loads(_index_path(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        _index_path(path).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    def reader(self, file: BinaryIO) -> Callable[[int], list[str]]:
        """Return a function that reads the block with a number."""
        offsets = Stretch(0, self.lengths).offsets()

        def read(number: int) -> list[str]:
            file.seek(offsets[number])
            return GZIP.unpack(file.read(self.lengths[number])).decode().removesuffix("\n").split("\n")

        return read


def gzip_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a compressed file of claims."""
    # newline: by default Python also splits at other line breaks that claims may contain.
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]


def graph_of(directory: Path, iri: str) -> NamedGraph | None:
    """Return a named graph of the generation in a folder, None if it has no such graph."""
    description = directory / DESCRIPTION
    if not description.is_file():
        return None
    graphs = NamedGraph.all_of(directory, json.loads(description.read_text(encoding="utf-8")))
    return next((graph for graph in graphs if graph.iri == iri), None)


class GraphWriter:
    """Writes the named graphs of a generation into its folder, from the previous generation where possible."""

    def __init__(self, directory: Path, before: Iterable[NamedGraph]) -> None:
        self._folder = directory / GRAPHS
        self._folder.mkdir()
        self._before = {graph.iri: graph for graph in before}
        self._changes: dict[str, list[Change]] = {}

    def write(self, sources: Mapping[str, GraphSource]) -> list[NamedGraph]:
        """Write graphs by their IRI, and return them."""
        return [self._write(iri, source) for iri, source in sources.items()]

    def update_store(self, store: WritableOxigraphStore, graphs: Iterable[NamedGraph]) -> None:
        """Update the named graphs of a store to those written; it has those of the previous generation, or none."""
        existing = set(store.named_graphs())
        for iri in existing - {graph.iri for graph in graphs}:
            store.remove_graph(iri)
        for graph in graphs:
            if graph.iri not in existing or not self._is_updated_in_place(store, graph):
                store.remove_graph(graph.iri)
                store.add_graph(graph.iri, graph.chunks())

    def _is_updated_in_place(self, store: WritableOxigraphStore, graph: NamedGraph) -> bool:
        """Apply the difference of a graph to the store; return False if it is unknown or does not fit."""
        changes = self._changes.get(graph.iri)
        if changes is None:
            return False
        added, removed = ([line for line, is_added in changes if is_added is side] for side in (True, False))
        try:
            store.apply(added, removed, graph.iri)
        except DifferenceError as fault:
            _log.warning("%s: %s; the graph is reloaded", graph.iri, str(fault))
            return False
        return True

    def _write(self, iri: str, source: GraphSource) -> NamedGraph:
        path = self._folder / f"{iri.rpartition('/')[2]}.nt.gz"
        made_with = f"lod {__version__}, {BY_LINE.each()} lines a block, {LIBRARIES}; {source.made_with}"
        old = self._before.get(iri)
        index = _Index.of(old.path) if old else None
        if old and index and index.made_with == made_with and sha256_of(old.path) == index.sha256:
            changes = self._few_changes(old, source)
            if changes is not None:
                try:
                    graph = self._updated(path, old, index, changes)
                except UnlikeBlocksError as fault:
                    _log.warning("%s: %s; the graph is rebuilt", iri, fault)
                else:
                    self._changes[iri] = changes
                    return graph
        blocks = in_blocks(sorted_distinct(map(stored_form, source.claims())), BY_LINE)
        written = _write_blocks(path, blocks)
        written.index(made_with, path).write(path)
        return NamedGraph(iri, path, written.new_lines)

    def _few_changes(self, old: NamedGraph, source: GraphSource) -> list[Change] | None:
        """Return the sorted difference to a graph; None if it is so large that to rebuild the graph is faster."""
        changes: Iterator[Change]
        if source.changes:
            changes = ((stored_form(line), is_added) for line, is_added in source.changes())
        else:
            changes = difference(old.lines(), sorted_distinct(map(stored_form, source.claims())))
        most = int(REPLACED_SHARE * old.triples)
        few = list(islice(changes, most + 1))
        return sorted(few) if len(few) <= most else None

    def _updated(self, path: Path, old: NamedGraph, index: _Index, changes: list[Change]) -> NamedGraph:
        # Two readers of the previous file: one unpacks blocks, the other copies them.
        with old.path.open("rb") as file, old.path.open("rb") as copied:
            results = updated(index.firsts, index.reader(file), lambda: iter(changes), BY_LINE)
            written = _write_blocks(path, results, index, copied)
        written.index(index.made_with, path).write(path)
        triples = old.triples + sum(1 if is_added else -1 for _, is_added in changes)
        return NamedGraph(old.iri, path, triples, tuple(written.origins))


@dataclass(slots=True)
class _Written:
    """The blocks of a file just written: first key, origin and length of each; the number of lines in new blocks."""

    firsts: list[str] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    lengths: Sequence[int] = ()
    new_lines: int = 0

    def index(self, made_with: str, path: Path) -> _Index:
        return _Index(made_with, sha256_of(path), self.firsts, list(self.lengths))


def _write_blocks(
    path: Path, results: Iterable[int | list[str]], index: _Index | None = None, copied: BinaryIO | None = None
) -> _Written:
    """Write a file from blocks: lists of claims, or numbers of blocks of the previous file, which are copied."""
    written = _Written()
    with path.open("wb") as file:
        output = BlockFile(file, GZIP)
        output.begin(copied, Stretch(0, index.lengths) if index else None)
        for result in results:
            if isinstance(result, int):
                assert index is not None  # noqa: S101 - only old blocks have numbers
                written.firsts.append(index.firsts[result])
                written.origins.append(result)
                output.copy(result)
                continue
            written.firsts.append(BY_LINE.part(result[0]))
            written.origins.append(None)
            written.new_lines += len(result)
            output.add(write_n_triples(Block(result)))
        written.lengths = output.end().lengths
    return written


def _index_path(path: Path) -> Path:
    return path.with_name(path.name.replace(".nt.gz", ".json"))
