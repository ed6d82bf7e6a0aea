"""Golden records: each fixture of a source gives the Turtle beside it, compared as graphs.

`pytest --accept` rewrites the files; `git diff` is the review.
"""

from pathlib import Path

import pytest
import rdflib
from rdflib.compare import graph_diff, to_isomorphic

from lod.claims import split_claim, to_graph
from lod.errors import BadValueError
from lod.mapping.apply import map_record
from lod.mapping.iris import item_key
from lod.record import Record
from lod.sources import open_source

DATA = Path(__file__).parents[1] / "data" / "sources"
SAMPLE = Path(__file__).parents[2] / "lod" / "sample"
GOLDEN = Path(__file__).parents[1] / "data" / "golden"
MOMENT = "2026-11-23T00:00:00Z"
SOURCES = [
    path
    for folder in (DATA, SAMPLE)
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".txt", ".csv"} and path.is_file()
]


def golden_file(path):
    name = "sample" if SAMPLE in path.parents else path.parent.name
    return GOLDEN / f"{name}-{path.stem}.ttl"


def mapped_graph(path, settings, crosswalk):
    graph = rdflib.Graph(bind_namespaces="none")
    for record in open_source(path, settings):
        if isinstance(record, Record) and has_key(record):
            graph += to_graph(map(split_claim, map_record(record, crosswalk, MOMENT).claims))
    for prefix, namespace in crosswalk.vocabulary.prefixes.items():
        graph.bind(prefix, namespace)
    return graph


def has_key(record):
    try:
        item_key(record)
    except BadValueError:
        return False
    return True


def test_there_are_golden_records():
    assert len(SOURCES) >= 8
    assert {golden_file(path) for path in SOURCES} == set(GOLDEN.glob("*.ttl"))


@pytest.mark.parametrize("path", [pytest.param(path, id=golden_file(path).stem) for path in SOURCES])
def test_a_source_gives_its_golden_graph(path, settings, crosswalk, request):
    made = mapped_graph(path, settings, crosswalk)
    golden = golden_file(path)
    if request.config.getoption("--accept"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made.serialize(format="longturtle"), encoding="utf-8")
    wanted = rdflib.Graph().parse(golden)
    _, missing, extra = graph_diff(to_isomorphic(wanted), to_isomorphic(made))
    assert (sorted(missing), sorted(extra)) == ([], [])
