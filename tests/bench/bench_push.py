"""What a push costs, whole and as a difference, against the store's own loader on the dump of the same generation.

    python tests/bench/bench_push.py SITE

SITE is the folder of a site that keeps two generations at least; its live one, the one before it and the live one again are pushed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from lod.remote.push import Push, opened_to_write
from lod.remote.store import PUSH_MARK
from lod.settings.table import read_settings
from lod.site.dump import write_dumps
from lod.store.generation.generations import Generation, Site
from tests.helpers.servers import GRAPH, Server, oxigraph_server, virtuoso_server

ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Bench:
    """One store, and the generations that go into it."""

    def __init__(self, server: Server, site: Path) -> None:
        self.server, self.site = server, Site(site)
        settings = read_settings(site)
        self.settings = replace(settings, store=server.query, store_graph=server.graph)
        live = self.site.live()
        assert live is not None
        self.live = live
        self.before = [one for one in self.site.generations() if one.name < live.name][-1]

    def push(self, generation: Generation, way: str) -> float:
        with opened_to_write(self.settings, self.server.environment) as (store, engine):
            job = Push(store, engine, self.settings.base_iri)
            reports = []
            taken = seconds(lambda: reports.append(job.run(generation, self.site.generations())))
        published = reports[0].graphs[0]
        assert (published.way, published.triples) == (way, generation.counts["triples"]), published
        print(f"    {way}: {taken:.2f} s, {published.added:,} added, {published.removed:,} removed", flush=True)
        return taken

    def empty(self) -> None:
        with opened_to_write(self.settings, self.server.environment) as (store, _):
            for graph in (*store.named_graphs(), f"{self.settings.base_iri}{PUSH_MARK}"):
                store.client.update(f"DROP SILENT GRAPH <{graph}>")
            store.client.update(
                f"CLEAR SILENT {'GRAPH <' + self.server.graph + '>' if self.server.graph else 'DEFAULT'}"
            )

    def count(self) -> int:
        with opened_to_write(self.settings, self.server.environment) as (store, _):
            return store.count()


def show(name: str, whole: list[float], change: list[float], bulk: list[float], triples: int) -> None:
    rows = {"push, whole": whole, "push, difference": change, "own loader": bulk}
    base = median(bulk)
    print(f"{name}, {triples:,} triples, median of {len(whole)}")
    for what, taken in rows.items():
        print(f"  {what:17} {median(taken):8.2f} s   x {median(taken) / base:.2f} of its own loader")


def virtuoso(site: Path, folder: Path) -> None:
    with virtuoso_server(folder) as server:
        bench = Bench(server, site)
        whole, change, bulk = [], [], []
        for number in range(ROUNDS):
            dumps = server.folder / f"dumps{number}"
            write_dumps(bench.live, bench.settings, dumps, ["nq.gz"], GRAPH)
            load = f"ld_dir_all('{dumps}', '*.nq.gz', NULL);\nrdf_loader_run();\ncheckpoint;\n"
            bench.empty()
            bulk.append(
                seconds(lambda: subprocess.run(server.sql, input=load, text=True, check=True, capture_output=True))  # noqa: B023
            )
            assert bench.count() == bench.live.counts["triples"]
            bench.empty()
            whole.append(bench.push(bench.live, "loaded"))
            bench.push(bench.before, "difference")
            change.append(bench.push(bench.live, "difference"))
        show("Virtuoso", whole, change, bulk, bench.live.counts["triples"])


def oxigraph(site: Path, folder: Path) -> None:
    whole, change, bulk = [], [], []
    program = Path(sys.executable).parent / "oxigraph"
    for number in range(ROUNDS):
        place = folder / str(number)
        place.mkdir()
        with oxigraph_server(place) as server:
            bench = Bench(server, site)
            whole.append(bench.push(bench.live, "loaded"))
            bench.push(bench.before, "difference")
            change.append(bench.push(bench.live, "difference"))
        shutil.rmtree(place / "oxigraph")
        dumps = place / "dumps"
        write_dumps(bench.live, bench.settings, dumps, ["nq.gz"])
        command = [program, "load", "--location", place / "oxigraph", "--file", dumps / "dataset.nq.gz"]
        bulk.append(seconds(lambda: subprocess.run(command, check=True, capture_output=True)))  # noqa: B023
        with oxigraph_server(place) as server:
            assert Bench(server, site).count() == bench.live.counts["triples"]
        shutil.rmtree(place)
    show("Oxigraph", whole, change, bulk, bench.live.counts["triples"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        for store in (virtuoso, oxigraph):
            folder = Path(temporary) / store.__name__
            folder.mkdir()
            store(Path(sys.argv[1]), folder)
