"""Push a generation to a remote triple store: by difference where it is known, else as a whole.

A push may break off anywhere, so the store is trusted only as far as it can be checked: a difference between two generations
is sent only where the mark names one that is in the site's folder and the counts agree; everything else is compared with what
the store itself holds, triple by triple, or is replaced.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from io import SEEK_END
from itertools import chain, islice

from lod.disk.sorted_lines import difference, sorted_distinct
from lod.dump.manifest import ADDED, DUMPS, MAIN, REMOVED, Manifest
from lod.errors import StoreError
from lod.http.addresses import shown as shown_address
from lod.http.retry import BUSY, Retry
from lod.rdf.claims import claim
from lod.remote.credentials import store_credentials
from lod.remote.engines import StoreEngine, addresses, engine_of
from lod.remote.mark import Mark, erase, read_mark
from lod.remote.sparql_client import SparqlClient
from lod.remote.store import PUSH_MARK, STAGING, RemoteStore
from lod.remote.update_text import batches, delete_data, insert_data
from lod.settings.table import Settings
from lod.store.generation.generations import Generation
from lod.store.generation.named_graphs import NamedGraph, gzip_lines

_LOADED_TRIPLES = 20_000
_LOADED_BYTES = 8 << 20
_UPDATE_BYTES = 512 << 10

Lines = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class GraphPush:
    """What was done to one graph, "" for the default graph.

    `way` is "unchanged", "difference" (of two generations), "compared" (with what the store holds), "loaded" (the graph was
    empty), "replaced" (as a whole) or "found" (loaded by other means); with `added` and `removed` triples, and `triples` in the end.
    """

    graph: str
    way: str
    added: int
    removed: int
    triples: int


@dataclass(frozen=True, slots=True)
class PushReport:
    """What one push did. `previous` is the generation that the store held, "" where that is not known."""

    generation: str
    previous: str
    graphs: tuple[GraphPush, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A graph of a generation: its claims, sorted, and how many they are."""

    generation: str
    graph: str
    lines: Lines
    triples: int
    difference: Callable[[str], Iterator[tuple[str, bool]] | None] = lambda _: None
    """Gives the difference to a generation by its name, None where both have to be compared."""


@dataclass(frozen=True)
class Push:
    """Pushes generations of one site to one store. `progress` is called for each batch: the graph, and triples so far."""

    store: RemoteStore
    engine: StoreEngine
    base: str
    progress: Callable[[str, int], None] = lambda *_: None

    def run(self, new: Generation, kept: Sequence[Generation], *, full: bool = False, dry: bool = False) -> PushReport:
        """Push a generation. `kept` are those of the site's folder; `full` trusts no mark, `dry` only counts.

        Raises:
            StoreError: the store refuses, breaks off, has no default graph of its own, or holds something else in the end.
        """
        mark = read_mark(self.store, self.base)
        before = self._before(mark, kept)
        wanted = self._wanted(new)
        gone = [graph for graph in (mark.graphs if mark else ()) if graph not in {other.graph for other in wanted}]
        target = _mark(new, wanted)
        if not dry:
            self._begin(target, mark)
        done = [self._bring(before.get(graph.graph), graph, full=full, dry=dry) for graph in wanted]
        for graph in gone:
            done.append(GraphPush(graph, "replaced", 0, self.store.count(graph), 0))
            if not dry:
                self.store.client.update(f"DROP SILENT GRAPH <{graph}>")
        if not dry:
            for other in wanted:
                self._check(other)
            self.store.client.update(target.update(self.base))
        return PushReport(new.name, mark.generation if mark and mark.is_whole else "", tuple(done))

    def mark(self, generation: Generation) -> PushReport:
        """Mark the store as holding a generation whose published triples were loaded by other means, after a count.

        Named graphs that are not there, or that have another count, are brought along.

        Raises:
            StoreError: the store holds something else.
        """
        wanted = self._wanted(generation)
        published = wanted[0]
        self._check(published)
        done = [GraphPush(published.graph, "found", 0, 0, published.triples)]
        for graph in wanted[1:]:
            if self.store.count(graph.graph) == graph.triples:
                done.append(GraphPush(graph.graph, "found", 0, 0, graph.triples))
            else:
                done.append(self._bring(None, graph, full=False, dry=False))
                self._check(graph)
        self.store.client.update(_mark(generation, wanted).update(self.base))
        return PushReport(generation.name, "", tuple(done))

    def _check(self, wanted: _Wanted) -> None:
        """Compare the count of a graph with that of the store.

        Raises:
            StoreError: they differ.
        """
        found = self.store.count(wanted.graph)
        if found != wanted.triples:
            raise StoreError(
                f"{shown_address(self.store.client.query_address)}: {_named(wanted.graph)} holds {found:,} triples, generation "
                f"{wanted.generation} {wanted.triples:,}; does something else write there? 'lod push --full' compares "
                "triple by triple and mends it"
            )

    def _wanted(self, generation: Generation) -> list[_Wanted]:
        graphs = NamedGraph.all_of(generation.directory, generation.description)
        name = generation.name
        published = _published(generation, self.store.graph)
        return [published, *(_Wanted(name, graph.iri, graph.lines, graph.triples) for graph in graphs)]

    def _before(self, mark: Mark | None, kept: Sequence[Generation]) -> dict[str, _Wanted]:
        """Return the graphs that the store should hold, by name; none where that is not known, or not in the site's folder."""
        for generation in kept:
            if mark and mark.is_whole and mark.generation == generation.name:
                try:
                    _ = generation.catalog
                except StoreError:
                    return {}  # written by another version of this program
                return {graph.graph: graph for graph in self._wanted(generation)}
        return {}

    def _begin(self, target: Mark, before: Mark | None) -> None:
        """Mark the store as being pushed to, and refuse one whose default graph would show everything else as well."""
        self.store.client.update(replace(target, is_whole=False).update(self.base))
        if not self.store.graph and self.store.exists(self.base + PUSH_MARK):
            self.store.client.update(before.update(self.base) if before else erase(self.base))
            raise StoreError(
                f"{shown_address(self.store.client.query_address)}: its default graph is all its graphs together, so the published triples need "
                f"one of their own: 'lod push --graph {self.base}data/published' (setting store_graph)"
            )

    def _bring(self, old: _Wanted | None, new: _Wanted, *, full: bool, dry: bool) -> GraphPush:
        held = self.store.count(new.graph)
        if not full and old is not None and held == old.triples:
            if old.generation == new.generation:
                return GraphPush(new.graph, "unchanged", 0, 0, held)
            known = new.difference(old.generation) or difference(old.lines(), new.lines())
            return self._apply("difference", known, new, dry=dry)
        if held == 0:
            return self._apply("loaded", ((line, True) for line in new.lines()), new, dry=dry)
        if compared := self._compare(new, held, dry=dry):
            if not dry and compared.removed and (left := self.store.count(new.graph)) < new.triples:
                # A value that the store writes in a form of its own went with that form, though ours was there: once more.
                self._compare(new, left, dry=False)
            return compared
        if not dry:
            self._replace(new)
        return GraphPush(new.graph, "replaced", new.triples, held, new.triples)

    def _compare(self, new: _Wanted, held: int, *, dry: bool) -> GraphPush | None:
        """Bring a graph by the difference to what the store hands out; None if that is not all of the triples it holds."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as file:
            lines = sorted_distinct(claim(*triple) for triple in self.store.all_triples(new.graph))
            if sum(bool(file.write(f"{line}\n")) for line in lines) != held:
                return None
            file.seek(0)
            return self._apply("compared", difference((line[:-1] for line in file), new.lines()), new, dry=dry)

    def _apply(self, way: str, pairs: Iterator[tuple[str, bool]], new: _Wanted, *, dry: bool) -> GraphPush:
        """Send what is new, then take away what is not there any more: nothing that stays is missing in between.

        `pairs` are lines, and whether they are new.
        """
        removed = 0
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as leaving:

            def coming() -> Iterator[str]:
                nonlocal removed
                for line, is_new in pairs:
                    if is_new:
                        yield line
                    else:
                        removed += 1
                        leaving.write(f"{line}\n")

            rest = coming()
            first = list(islice(rest, self.engine.update_triples))
            following = next(rest, None)
            leaving.seek(0)
            if following is None and (update := self._as_one(new.graph, first, leaving, removed)):
                added = len(first)
                if not dry:
                    self.store.client.update(update)
            else:
                leaving.seek(0, SEEK_END)
                added = self._add(new.graph, chain(first, [following] if following else [], rest), dry=dry)
                leaving.seek(0)
                if not dry:
                    for batch in batches((line[:-1] for line in leaving), self.engine.update_triples, _UPDATE_BYTES):
                        self.store.client.update(delete_data(new.graph, batch))
        return GraphPush(new.graph, way if added or removed else "unchanged", added, removed, new.triples)

    def _as_one(self, graph: str, added: Sequence[str], leaving: Iterable[str], removed: int) -> str:
        """Return a difference as one update, which most stores do whole or not at all; "" if it is empty or too large."""
        if (not added and not removed) or len(added) + removed > self.engine.update_triples:
            return ""
        gone = [line[:-1] for line in leaving]
        if sum(map(len, added)) + sum(map(len, gone)) > _UPDATE_BYTES:
            return ""
        return " ;\n".join(
            [*([delete_data(graph, gone)] if gone else []), *([insert_data(graph, added)] if added else [])]
        )

    def _add(self, graph: str, lines: Iterable[str], *, dry: bool = False) -> int:
        whole = bool(self.store.client.graph_store_address)
        most = (_LOADED_TRIPLES, _LOADED_BYTES) if whole else (self.engine.update_triples, _UPDATE_BYTES)
        number = 0
        for batch in batches(lines, *most):
            number += len(batch)
            if not dry:
                if whole:
                    self.store.client.add(graph, "".join(f"{line}\n" for line in batch).encode())
                else:
                    self.store.client.update(insert_data(graph, batch))
            self.progress(graph, number)
        return number

    def _replace(self, new: _Wanted) -> None:
        """Put a graph in the place of what is there, which the store does not hand out whole: loaded aside, counted, switched.

        Where a MOVE of millions of triples is one transaction, it is the switch. Else the graph gets everything that is new
        and then loses, in one update, what is not: nothing that stays is missing in between.
        """
        staging = self.base + STAGING
        self.store.client.update(f"DROP SILENT GRAPH <{staging}>")
        self._add(staging, new.lines())
        loaded = self.store.count(staging)
        if loaded != new.triples:
            raise StoreError(
                f"{shown_address(self.store.client.query_address)}: of {new.triples:,} triples {loaded:,} arrived in <{staging}>; "
                f"{_named(new.graph)} stays as it was. Run 'lod push --full' again"
            )
        if self.engine.moves:
            # Sent once: a second MOVE would find nothing to move.
            target = f"GRAPH <{new.graph}>" if new.graph else "DEFAULT"
            self.store.client.update(f"MOVE GRAPH <{staging}> TO {target}", once=True)
            return
        self._add(new.graph, new.lines())
        held = f"GRAPH <{new.graph}> {{ ?s ?p ?o }}" if new.graph else "?s ?p ?o"
        wanted = f"FILTER NOT EXISTS {{ GRAPH <{staging}> {{ ?s ?p ?o }} }}"
        self.store.client.update(f"DELETE {{ {held} }} WHERE {{ {held} {wanted} }}")
        self.store.client.update(f"DROP SILENT GRAPH <{staging}>")


_SILENT_S = 3_600
"""A store is silent while it moves a graph of millions of triples."""

_RETRY = Retry(statuses=frozenset({*BUSY, 500}))
"""What passes in a minute should not end a push."""


@contextmanager
def opened_to_write(
    settings: Settings, environment: Mapping[str, str], silent_s: float = _SILENT_S, retry: Retry = _RETRY
) -> Iterator[tuple[RemoteStore, StoreEngine]]:
    """Yield the store that the settings name, to be written to with the credentials of the environment, and its engine.

    Raises:
        RemoteStoreError: it does not answer.
    """
    credentials = store_credentials(environment, settings.store, settings.store_engine)
    with closing(SparqlClient(settings.store, credentials, silent_s=silent_s, retry=retry)) as client:
        client.ask("ASK {}")
        engine = engine_of(client.headers, settings.store, settings.store_engine)
        update, graph_store = addresses(engine, settings.store)
        client.update_address = settings.store_update or update
        client.graph_store_address = settings.store_graph_store or graph_store
        yield RemoteStore(client, settings.base_iri, settings.store_graph), engine


def _published(generation: Generation, graph: str) -> _Wanted:
    """Return the published triples: from the dumps of the generation where it carries them, which is faster."""
    manifest = Manifest.of(generation.directory)
    folder = generation.directory / DUMPS
    whole = folder / MAIN.file
    lines = (lambda: gzip_lines(whole)) if manifest and manifest.file(MAIN.file) else generation.catalog.all_claims

    def from_files(before: str) -> Iterator[tuple[str, bool]] | None:
        if manifest is None or manifest.previous != before:
            return None
        added = ((line, True) for line in gzip_lines(folder / ADDED)) if manifest.file(ADDED) else iter(())
        removed = ((line, False) for line in gzip_lines(folder / REMOVED)) if manifest.file(REMOVED) else iter(())
        return chain(added, removed)

    return _Wanted(generation.name, graph, lines, generation.counts["triples"], from_files)


def _mark(generation: Generation, wanted: Sequence[_Wanted]) -> Mark:
    counts = generation.counts
    graphs = tuple(graph.graph for graph in wanted[1:])
    return Mark(generation.name, generation.created, counts["triples"], counts["records"], graphs)


def _named(graph: str) -> str:
    return f"<{graph}>" if graph else "the default graph"
