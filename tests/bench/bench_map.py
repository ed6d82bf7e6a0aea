"""Mapping: records per second, as a ratio to building the same triples with rdflib and serialising them.

    python tests/bench/bench_map.py [RECORDS]

Both sides run in turn in this process; medians of five rounds.
"""

import statistics
import sys
import time

import rdflib

from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.apply import map_record
from lod.rdf.claims import split_claim, to_graph
from lod.settings.table import make_settings
from lod.sources import open_source
from tests.helpers.paths import ROOT

MOMENT = "2026-11-23T00:00:00Z"
ROUNDS = 5


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int) -> None:
    settings = make_settings({"base_iri": "https://example.org/"}, {})
    crosswalk = load_crosswalk(settings)
    sample = [record for record in open_source(ROOT / "lod" / "sample", settings) if hasattr(record, "values")]
    records = (sample * (count // len(sample) + 1))[:count]
    triples = [[split_claim(line) for line in map_record(record, crosswalk, MOMENT).claims] for record in records]

    def ours():
        for record in records:
            "\n".join(map_record(record, crosswalk, MOMENT).claims)

    def with_rdflib():
        for lines in triples:
            graph: rdflib.Graph = to_graph(lines)
            graph.serialize(format="nt")

    pairs = [(seconds(ours), seconds(with_rdflib)) for _ in range(ROUNDS)]
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    claims = sum(map(len, triples))
    print(f"{len(records)} records, {claims / len(records):.0f} claims each")
    print(f"lod, record to claims:                    {len(records) / mine:8.0f} records/s")
    print(f"rdflib, finished terms to N-Triples only: {len(records) / peer:8.0f} records/s")
    print(f"ratio {peer / mine:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
