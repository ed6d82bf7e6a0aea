"""How fast a generation is built, against the bare bulk loader on the same lines, and what a small change costs.

    python tests/bench/bench_load.py [RECORDS]

Each record has 100 claims, 20 of them about people that other records describe too.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox

from lod.mapping.mapped import Mapped, ValueFate
from lod.record import Record, Value
from lod.report import Fate
from lod.store.catalog.packing import packed
from lod.store.generation.generations import Site
from lod.store.oxigraph import stored_form

BASE = "https://data.example.org/"
PROPERTIES = [f"<http://purl.org/dc/terms/property{number}>" for number in range(40)]
PEOPLE = 3_000


def claims_of(number: int, edition: str) -> list[str]:
    item = f"{BASE}id/item/10722/{number}"
    text = f"of record {number}, {edition}, with words as a title has them"
    own = [f'<{item}> {name} "{position} {text}"@en .' for position, name in enumerate(PROPERTIES)]
    parts = [
        f"<{item}#agent-{n}> {PROPERTIES[n]} <{BASE}id/person/rp{(number * 7 + n) % PEOPLE:05d}> ." for n in range(40)
    ]
    people = [(number * 7 + n) % PEOPLE for n in range(20)]
    shared = [
        f'<{BASE}id/person/rp{person:05d}> <http://xmlns.com/foaf/0.1/name> "Person {person}" .' for person in people
    ]
    return sorted({*own, *parts, *shared})


def record_of(number: int, edition: str) -> tuple[Mapped, Record]:
    key = f"10722/{number}"
    record = Record(
        "/bench/records.csv",
        f"records.csv, row {number}",
        tuple(
            Value(f"dc.field{position}", f"{position} of record {number}, {edition}", "en") for position in range(30)
        ),
        handle=key,
    )
    claims = tuple(claims_of(number, edition))
    fates = tuple(ValueFate(Fate.MAPPED, f"dspace.toml, rule {position}", "", claims[:3]) for position in range(30))
    return Mapped(key, f"{BASE}id/item/{key}", f"{BASE}data/item/{key}", f"Record {number}", claims, fates, ()), record


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def build(site: Site, records: Sequence[tuple[Mapped, Record]]) -> tuple[float, float]:
    """Return the seconds for the catalog, and those for store, checks, syncing and the switch."""
    mapped_by_key = {mapped.key: mapped for mapped, _ in records}
    with site.build() as builder:
        catalog = builder.catalog

        def write() -> None:
            catalog.begin_run()
            for mapped, record in records:
                catalog.stage(mapped.key, record)
            for batch in catalog.staged_batches(500):
                for row in batch:
                    packed_row = packed(mapped_by_key[row.key], row.record, (), stored_form)
                    catalog.put(packed_row, row.payload, row.content_hash, "basis", "2026-01-02T03:04:05Z")

        return seconds(write), seconds(lambda: builder.finish({}, {}))


def main(count: int) -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, pyoxigraph {ox.__version__}; {count:,} records")
    records = [record_of(number, "first edition") for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "claims.nt")
        lines.write_text("\n".join(line for mapped, _ in records for line in mapped.claims) + "\n", encoding="utf-8")
        bare_store = ox.Store(str(Path(folder, "bare")))
        bare = seconds(lambda: bare_store.bulk_load(path=str(lines), format=ox.RdfFormat.N_TRIPLES))
        site_folder = Path(folder, "site")
        site_folder.mkdir()
        site = Site(site_folder)
        catalog, finish = build(site, records)
        live = site.live()
        size = sum(path.stat().st_size for path in live.directory.rglob("*") if path.is_file()) if live else 0
        changed = [record_of(number, "second edition") for number in range(0, count, max(count // 10, 1))]
        few = sum(build(site, changed))
    print(f"bare bulk_load      {bare:7.2f} s  {count / bare:8,.0f} records/s")
    print(f"store and switch    {finish:7.2f} s  {count / finish:8,.0f} records/s  ratio {bare / finish:.2f}")
    print(f"catalog             {catalog:7.2f} s  {count / catalog:8,.0f} records/s")
    print(f"both                {catalog + finish:7.2f} s  ratio {bare / (catalog + finish):.2f}")
    print(
        f"{len(changed)} of {count:,} changed {few:7.2f} s  {(catalog + finish) / few:8.1f} times faster than all anew"
    )
    print(f"generation          {size / count / 1000:7.1f} kB a record")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
