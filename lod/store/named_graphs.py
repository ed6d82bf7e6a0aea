"""The named graphs of a generation: written sorted beside the store, and brought along by difference.

A quality report has more triples than the records that it is about; replacing it would cost more than everything else
that an incremental run does. Reading it back from the store is slow too (9 µs a triple), so each generation keeps its
named graphs as files, N-Triples sorted and compressed, named by the last part of their IRI: `graphs/report.nt.gz`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from lod.store.folders import DESCRIPTION
from lod.store.lines import difference, sorted_distinct
from lod.store.oxigraph import DifferenceError, WritableOxigraphStore, stored_form

GRAPHS = "graphs"

REPLACED_SHARE = 0.3
"""Share of changed triples from which a graph is replaced as a whole: removing costs 16 µs a triple, loading 8."""


@dataclass(frozen=True)
class NamedGraph:
    """One named graph: its IRI, its file in the generation's folder, and how many triples it has."""

    iri: str
    path: Path
    triples: int

    @classmethod
    def all_of(cls, directory: Path, description: Mapping[str, Any]) -> list[Self]:
        """Return the named graphs that the description of the generation in a folder lists."""
        return [
            cls(row["iri"], directory / GRAPHS / row["path"], row["triples"]) for row in description.get("graphs", ())
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the row of the description."""
        return {**asdict(self), "path": self.path.name}

    def lines(self) -> Iterator[str]:
        """Yield the claims, sorted."""
        return gzip_lines(self.path)

    def chunks(self) -> Iterator[bytes]:
        """Yield the claims as N-Triples in UTF-8."""
        with gzip.open(self.path, "rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk


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


def write_graphs(directory: Path, graphs: Mapping[str, Iterable[str]]) -> list[NamedGraph]:
    """Write claims by the IRI of their graph into a generation's folder."""
    folder = directory / GRAPHS
    folder.mkdir()
    return [_written(folder / f"{iri.rpartition('/')[2]}.nt.gz", iri, claims) for iri, claims in graphs.items()]


def bring_along(store: WritableOxigraphStore, old: list[NamedGraph], new: list[NamedGraph]) -> None:
    """Turn the named graphs of a store, which are `old`, into `new`."""
    before = {graph.iri: graph for graph in old}
    after = {graph.iri: graph for graph in new}
    for iri in before.keys() - after.keys():
        store.remove_graph(iri)
    for graph in new:
        if graph.iri not in before or not _changed_in_place(store, before[graph.iri], graph):
            store.remove_graph(graph.iri)
            store.add_graph(graph.iri, graph.chunks())


def _written(path: Path, iri: str, claims: Iterable[str]) -> NamedGraph:
    count = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8", newline="\n") as file:
        for line in sorted_distinct(map(stored_form, claims)):
            file.write(f"{line}\n")
            count += 1
    return NamedGraph(iri, path, count)


def _changed_in_place(store: WritableOxigraphStore, old: NamedGraph, new: NamedGraph) -> bool:
    """Apply the difference between two states of a graph; False if it is too large, or does not fit the store."""
    most = REPLACED_SHARE * max(old.triples, new.triples)
    sides: dict[bool, list[str]] = {True: [], False: []}
    # Once through both files: reading them is what a small change to a large graph costs.
    for line, is_new in difference(old.lines(), new.lines()):
        sides[is_new].append(line)
        if len(sides[True]) + len(sides[False]) > most:
            return False
    try:
        store.apply(sides[True], sides[False], new.iri)
    except DifferenceError:
        return False
    return True
