"""The whole pipeline against a plain one, one process against two, growth and memory.

    python tests/bench/bench_pipeline.py EXPORT.csv.gz [RECORDS,RECORDS,…] [ROUNDS]

The records are those of a DSpace metadata export, given as often as it takes under other handles, with other titles. The peer is
what one would write without this package: rdflib graphs of 500 records, pySHACL with the same shapes, N-Triples and the
report written, the file loaded into Oxigraph. It gets the mapped triples for nothing and writes neither dumps nor a catalog.

Each figure is that of a fresh process with those that it has started: CPU seconds, wall seconds, and the peak resident set of the
largest one. Medians of the rounds, in turns; "growth" is the exponent of CPU seconds over records.
"""

from __future__ import annotations

import json
import math
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import pyoxigraph
import pyshacl
from bench_increment import exported, varied

from lod import bundled
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.apply import map_record
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.rdf.claims import Triple, split_claim, to_graph
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes

_BATCH = 500
_MOMENT = "2026-11-29T00:00:00Z"
_KINDS = ("plain", "lod, 1 process", "lod, 2 processes")


def plan_of(workers: str = "1") -> Plan:
    """Return the plan of a run with the bundled crosswalk and shapes."""
    crosswalk = load_crosswalk(make_settings({"base_iri": "https://data.example.org/"}, {}))
    return Plan(crosswalk, load_shapes([bundled.SHAPES], crosswalk.vocabulary), workers=workers)


def triples(path: Path, plan: Plan, number: int) -> Iterator[list[Triple]]:
    """Yield the mapped triples of 500 records at a time."""
    records = varied(exported(path, plan.crosswalk.settings), number)
    while batch := list(islice(records, _BATCH)):
        yield [split_claim(line) for record in batch for line in map_record(record, plan.crosswalk, _MOMENT).claims]


def run_plain(prepared: Path, folder: Path) -> None:
    """Validate, write and load what is prepared in a file, as one would without this package."""
    shapes = load_shapes([bundled.SHAPES]).graph
    with prepared.open("rb") as source, (folder / "plain.nt").open("wb") as target:
        for number in range(pickle.load(source)):  # noqa: S301 (written by this program)
            graph = to_graph(pickle.load(source))  # noqa: S301
            _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
            target.write(graph.serialize(format="nt", encoding="utf-8"))
            report.serialize(folder / f"report{number}.ttl")
    store = pyoxigraph.Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "plain.nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.flush()


def run_lod(path: Path, number: int, workers: str, folder: Path) -> None:
    """Publish so many records."""
    plan = plan_of(workers)
    report = publish(varied(exported(path, plan.crosswalk.settings), number), plan, Site(folder))
    assert report.published + report.refused == number


def measured(kind: str, path: Path, number: int, prepared: Path) -> tuple[float, float, float]:
    """Return CPU seconds, wall seconds and peak memory in MiB of a run in a fresh process."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        started = time.perf_counter()
        arguments = [__file__, "--run", kind, str(path), str(number), str(prepared), folder]
        output = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout
        cpu, peak = json.loads(output.splitlines()[-1])
        return cpu, time.perf_counter() - started, peak


def run_here(kind: str, path: str, number: str, prepared: str, folder: str) -> None:
    """Run in this process, and print what it cost."""
    if kind == "plain":
        run_plain(Path(prepared), Path(folder))
    else:
        run_lod(Path(path), int(number), kind.split()[1], Path(folder))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(part.ru_utime + part.ru_stime for part in used)
    print(json.dumps([cpu, max(part.ru_maxrss for part in used) / 1024]))


def main(path: Path, sizes: list[int], rounds: int) -> None:
    spent: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    for number in sizes:
        with tempfile.NamedTemporaryFile(prefix="bench-") as prepared:
            batches = list(triples(path, plan_of(), number))
            pickle.dump(len(batches), prepared)
            for batch in batches:
                pickle.dump(batch, prepared)
            prepared.flush()
            count = sum(map(len, batches))
            del batches
            found: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in _KINDS}
            for _ in range(rounds):
                for kind in _KINDS:
                    found[kind].append(measured(kind, path, number, Path(prepared.name)))
        print(f"{number:,} records, {count:,} triples; medians of {rounds}")
        plain = [statistics.median(column) for column in zip(*found["plain"], strict=True)]
        for kind in _KINDS:
            cpu, wall, peak = (statistics.median(column) for column in zip(*found[kind], strict=True))
            spent[kind].append(cpu)
            ratios = f"{plain[0] / cpu:5.2f} times the CPU, {plain[1] / wall:5.2f} times the wall of it"
            print(f"  {kind:17} {cpu:8.1f} CPU s {wall:8.1f} s {peak:6.0f} MiB  plain takes {ratios}", flush=True)
    for kind in _KINDS:
        for (a, b), (x, y) in zip(pairwise(sizes), pairwise(spent[kind]), strict=True):
            print(f"growth of {kind}, {a:,} to {b:,}: {math.log(y / x) / math.log(b / a):.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "--run":
        run_here(*sys.argv[2:])
    else:
        chosen = [int(size) for size in (sys.argv[2] if len(sys.argv) > 2 else "10000").split(",")]
        main(Path(sys.argv[1]), chosen, int(sys.argv[3]) if len(sys.argv) > 3 else 3)
