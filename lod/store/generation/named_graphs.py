"""The named graphs of a generation: written sorted beside the store, and brought along by difference.

A quality report may have more triples than the records that a run has changed. Writing it anew, or reading it back from
the store (9 µs a triple), would cost more than everything else that an incremental run does. So each generation
keeps its named graphs as files, N-Triples sorted and packed in blocks (`lod.dump.blocks`), named by the last part of
their IRI: `graphs/report.nt.gz`, and `graphs/report.json`, which says where the blocks lie.
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
"""Share of changed triples from which a graph is replaced as a whole: removing costs 16 µs a triple, loading 8."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphSource:
    """What a named graph is made from.

    Attributes:
        claims: gives all its claims, in any order.
        changes: gives what is to be added and removed, in any order, against the generation before; None where that can
            only be found by comparing all claims.
        made_with: what the claims depend on beside the catalog: under another, they are made anew.
    """

    claims: Callable[[], Iterable[str]]
    changes: Callable[[], Iterable[Change]] | None = None
    made_with: str = ""


@dataclass(frozen=True)
class NamedGraph:
    """One named graph: its IRI, its file in the generation's folder, and how many triples it has.

    `origins` tells of one just written which block of the generation before each of its blocks equals, None where it is new.
    """

    iri: str
    path: Path
    triples: int
    origins: tuple[int | None, ...] = field(default=(), compare=False)

    @classmethod
    def all_of(cls, directory: Path, description: Mapping[str, Any]) -> list[Self]:
        """Return the named graphs that the description of the generation in a folder lists."""
        return [
            cls(row["iri"], directory / GRAPHS / row["path"], row["triples"]) for row in description.get("graphs", ())
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the row of the description."""
        return {"iri": self.iri, "path": self.path.name, "triples": self.triples}

    def lines(self) -> Iterator[str]:
        """Yield the claims, sorted."""
        return gzip_lines(self.path)

    def blocks(self, numbers: Sequence[int] | None = None) -> Iterator[list[str]]:
        """Yield the claims of some blocks, or of all."""
        if numbers is None:
            yield from in_blocks(self.lines(), BY_LINE)
            return
        index = _Index.of(self.path)
        if index is None:
            raise UnlikeBlocksError(f"{self.path} has no list of its blocks")
        with self.path.open("rb") as file:
            yield from map(index.reader(file), numbers)

    def chunks(self) -> Iterator[bytes]:
        """Yield the claims as N-Triples in UTF-8."""
        with gzip.open(self.path, "rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk


@dataclass(frozen=True, slots=True)
class _Index:
    """Where the blocks of a graph's file lie, how each begins, what they were made with, and the checksum of the file."""

    made_with: str
    sha256: str
    firsts: list[str]
    lengths: list[int]

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return that of a graph's file, None where there is none that can be read."""
        try:
            return cls(**json.loads(_index_path(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        _index_path(path).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    def reader(self, file: BinaryIO) -> Callable[[int], list[str]]:
        """Return what reads a block of the file, by its number."""
        offsets = Stretch(0, self.lengths).offsets()

        def read(number: int) -> list[str]:
            file.seek(offsets[number])
            return GZIP.unpack(file.read(self.lengths[number])).decode().removesuffix("\n").split("\n")

        return read


def gzip_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a packed file of claims."""
    # newline: claims hold other characters that Python takes for line breaks.
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]


def graph_of(directory: Path, iri: str) -> NamedGraph | None:
    """Return a named graph of the generation in a folder, None where it has none of that name."""
    description = directory / DESCRIPTION
    if not description.is_file():
        return None
    graphs = NamedGraph.all_of(directory, json.loads(description.read_text(encoding="utf-8")))
    return next((graph for graph in graphs if graph.iri == iri), None)


class GraphWriter:
    """Writes the named graphs of a generation into its folder, from those of the generation before where it can."""

    def __init__(self, directory: Path, before: Iterable[NamedGraph]) -> None:
        self._folder = directory / GRAPHS
        self._folder.mkdir()
        self._before = {graph.iri: graph for graph in before}
        self._changes: dict[str, list[Change]] = {}

    def write(self, sources: Mapping[str, GraphSource]) -> list[NamedGraph]:
        """Write graphs by their IRI, and return them."""
        return [self._written(iri, source) for iri, source in sources.items()]

    def bring_along(self, store: WritableOxigraphStore, graphs: Iterable[NamedGraph]) -> None:
        """Turn the named graphs of a store, which are those of the generation before or none, into those written."""
        there = set(store.named_graphs())
        for iri in there - {graph.iri for graph in graphs}:
            store.remove_graph(iri)
        for graph in graphs:
            if graph.iri not in there or not self._changed_in_place(store, graph):
                store.remove_graph(graph.iri)
                store.add_graph(graph.iri, graph.chunks())

    def _changed_in_place(self, store: WritableOxigraphStore, graph: NamedGraph) -> bool:
        """Apply the difference between two states of a graph; False if it is not known, or does not fit the store."""
        changes = self._changes.get(graph.iri)
        if changes is None:
            return False
        added, removed = ([line for line, is_added in changes if is_added is side] for side in (True, False))
        try:
            store.apply(added, removed, graph.iri)
        except DifferenceError as fault:
            _log.warning("%s: %s; the graph is loaded anew", graph.iri, str(fault))
            return False
        return True

    def _written(self, iri: str, source: GraphSource) -> NamedGraph:
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
                    _log.warning("%s: %s; the graph is made anew", iri, fault)
                else:
                    self._changes[iri] = changes
                    return graph
        blocks = in_blocks(sorted_distinct(map(stored_form, source.claims())), BY_LINE)
        written = _write_blocks(path, blocks)
        written.index(made_with, path).write(path)
        return NamedGraph(iri, path, written.new_lines)

    def _few_changes(self, old: NamedGraph, source: GraphSource) -> list[Change] | None:
        """Return the sorted difference to a graph; None where it is so large that the graph is made anew sooner."""
        changes: Iterator[Change]
        if source.changes:
            changes = ((stored_form(line), is_added) for line, is_added in source.changes())
        else:
            changes = difference(old.lines(), sorted_distinct(map(stored_form, source.claims())))
        most = int(REPLACED_SHARE * old.triples)
        few = list(islice(changes, most + 1))
        return sorted(few) if len(few) <= most else None

    def _updated(self, path: Path, old: NamedGraph, index: _Index, changes: list[Change]) -> NamedGraph:
        # Two readers of the file before: one goes from block to block, the other copies.
        with old.path.open("rb") as file, old.path.open("rb") as copied:
            results = updated(index.firsts, index.reader(file), lambda: iter(changes), BY_LINE)
            written = _write_blocks(path, results, index, copied)
        written.index(index.made_with, path).write(path)
        triples = old.triples + sum(1 if is_added else -1 for _, is_added in changes)
        return NamedGraph(old.iri, path, triples, tuple(written.origins))


@dataclass(slots=True)
class _Written:
    """The blocks of a file just written: how each begins, its bytes, where it comes from; the lines of the new ones."""

    firsts: list[str] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    lengths: Sequence[int] = ()
    new_lines: int = 0

    def index(self, made_with: str, path: Path) -> _Index:
        return _Index(made_with, sha256_of(path), self.firsts, list(self.lengths))


def _write_blocks(
    path: Path, results: Iterable[int | list[str]], index: _Index | None = None, copied: BinaryIO | None = None
) -> _Written:
    """Write a file from blocks: claims, or numbers of blocks of the file before, which are copied."""
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
