"""What each phase of a run costs at growing sizes, with peak memory and disk, and the exponents of growth.

    python tests/bench/bench_growth.py EXPORT.csv.gz RECORDS,RECORDS,… [--dask ADDRESS|local]

The records are those of a DSpace metadata export, given as often as it takes under other handles, with other titles. Each size is
published once, into a fresh site, by a fresh process with one worker, or on a Dask cluster. CPU seconds of the process that
publishes; the store is loaded in threads beside the dumps, and counts as what they have not used. Peak memory is that of the largest process.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_increment import exported, varied
from bench_pipeline import plan_of

from lod.dump.write import DumpWriter
from lod.memory import give_back_large_blocks
from lod.publish import run as pipeline
from lod.store.generation import builder
from lod.store.generation.generations import Site

_HELD_RECORDS = 2_000
"""So many records of the export are given over and over: all of them would be the most of what the process holds."""


class Clock:
    """CPU seconds by phase."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._phase, self._since = "read and stage", time.process_time()

    def turn_to(self, phase: str) -> None:
        """End the phase that is running."""
        now = time.process_time()
        self.spent[self._phase] = self.spent.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = phase, now

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take what a run tells of its progress."""
        if stage == "map" and self._phase == "read and stage":
            self.turn_to("map, judge, catalog")
        if stage == "store":
            self.turn_to("dumps and load")

    def around(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time is a phase."""

        def timed(*given: Any, **named: Any) -> Any:
            before = self._phase
            self.turn_to(phase)
            try:
                return function(*given, **named)
            finally:
                self.turn_to(before if before != "dumps and load" else "graphs, sync")

        return timed

    def in_thread(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time in its own thread is taken from the phase that is running."""

        def timed(*given: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*given, **named)
            finally:
                self.spent[phase] = self.spent.get(phase, 0.0) + time.thread_time() - started

        return timed


def run_here(path: str, number: str, dask: str, folder: str) -> None:
    """Publish in this process, and print what it cost."""
    from dataclasses import replace

    give_back_large_blocks()
    plan = replace(plan_of(), dask=dask)
    records = list(itertools.islice(exported(Path(path), plan.crosswalk.settings), _HELD_RECORDS))
    clock, started = Clock(), time.perf_counter()
    builder.write_index = clock.around("search index", builder.write_index)  # type: ignore[assignment]
    builder.write_quality = clock.around("figures of quality", builder.write_quality)  # type: ignore[assignment]
    builder.checksums = clock.around("checksums", builder.checksums)  # type: ignore[assignment]
    DumpWriter.write_published = clock.in_thread("dumps", DumpWriter.write_published)  # type: ignore[method-assign]
    pipeline._judge_store = clock.around("rules over the store", pipeline._judge_store)  # type: ignore[assignment]
    report = pipeline.publish(varied(itertools.cycle(records), int(number)), plan, Site(Path(folder)), clock.progress)
    clock.turn_to("end")
    wall = time.perf_counter() - started
    assert report.published + report.refused == int(number)
    spent = clock.spent
    spent["load"] = spent.pop("dumps and load") - spent["dumps"]
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    generation = Site(Path(folder)).live()
    assert generation is not None
    disk = sum(file.stat().st_size for file in generation.directory.rglob("*") if file.is_file())
    figures = {"spent": spent, "wall": wall, "disk": disk, "children": used[1].ru_utime + used[1].ru_stime}
    print(json.dumps({**figures, "peak": [part.ru_maxrss / 1024 for part in used], "published": report.published}))


def main(path: str, sizes: list[int], dask: str) -> None:
    found: list[dict[str, Any]] = []
    for number in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            arguments = [sys.executable, __file__, "--run", path, str(number), dask, folder]
            output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        figures = json.loads(output.splitlines()[-1])
        found.append(figures)
        cpu = sum(figures["spent"].values())
        print(
            f"{number:,} records: {cpu:.1f} CPU s here, {figures['children']:.1f} in processes that have ended, {figures['wall']:.0f} s; "
            f"peak {figures['peak'][0]:.0f} MiB; {figures['disk'] / number:,.0f} bytes of disk a record"
        )
        for phase, spent in sorted(figures["spent"].items(), key=lambda pair: -pair[1]):
            growth = ""
            if len(found) > 1 and (before := found[-2]["spent"].get(phase)):
                growth = f"growth {math.log(spent / before) / math.log(number / sizes[len(found) - 2]):.2f}"
            print(f"  {phase:22} {spent:8.2f} s {1e3 * spent / number:7.3f} ms a record  {growth}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--run":
        run_here(*sys.argv[2:])
    else:
        at = sys.argv.index("--dask") if "--dask" in sys.argv else 0
        main(sys.argv[1], [int(size) for size in sys.argv[2].split(",")], sys.argv[at + 1] if at else "")
