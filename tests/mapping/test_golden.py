"""Golden records: a record in the format of its source gives the Turtle beside it, compared as graphs.

A case is a file or a folder in `tests/data/golden/`, in any format that SOURCES tells from its content, holding one
record: `crossref-chapter.json` gives `crossref-chapter.ttl`. An RDF source is not named `.ttl`: that is the result.
The fixtures of `tests/data/sources/FORMAT/` and the sample take part where `golden/FORMAT-CASE.ttl` is there; an empty
file of that name is enough to begin with.

`pytest tests/mapping/test_golden.py --accept` writes the results; `git diff` is the review.
"""

from dataclasses import replace

import pytest
import rdflib
from rdflib.compare import graph_diff, to_isomorphic

from lod.errors import BadValueError
from lod.mapping.record.apply import map_record
from lod.mapping.values.iris import item_key
from lod.rdf.claims import split_claim, to_graph
from lod.record import Record
from lod.sources import open_source
from lod.validation.shapes import load_shapes
from lod.validation.validate import validate
from tests.helpers.paths import ROOT

GOLDEN = ROOT / "tests" / "data" / "golden"
FIXTURES = ROOT / "tests" / "data" / "sources"
SAMPLE = ROOT / "lod" / "sample"
MOMENT = "2026-11-23T00:00:00Z"
KEYS = (
    "doi",
    "pmid",
    "dc.identifier.local",
    "mods.recordInfo.recordIdentifier",
    "csl.id",
    "doaj.id",
    "bibtex.key",
    "ris.id",
    "endnote.key",
    "marc.001",
)


def case_name(path):
    return path.name.partition(".")[0]


def visible(folder):
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]


OWN = {case_name(path): path for path in visible(GOLDEN) if path.suffix != ".ttl"}
BORROWED = {
    f"{folder.name}-{case_name(path)}": path for folder in (SAMPLE, *visible(FIXTURES)) for path in visible(folder)
}
RESULTS = {path.stem for path in GOLDEN.glob("*.ttl")}
CASES = {**{name: path for name, path in BORROWED.items() if name in RESULTS}, **OWN}


def keyed_records(path, settings):
    items = [item for item in open_source(path, settings) if isinstance(item, Record)]
    return [record for record in items if has_key(record, settings)]


def has_key(record, settings):
    try:
        item_key(record, "", settings.key_from)
    except BadValueError:
        return False
    return True


def mapped_graph(records, crosswalk):
    graph = rdflib.Graph(bind_namespaces="none")
    for record in records:
        graph += to_graph(map(split_claim, map_record(record, crosswalk, MOMENT).claims))
    for prefix, namespace in crosswalk.vocabulary.prefixes.items():
        graph.bind(prefix, namespace)
    return graph


def test_every_result_has_its_fixture():
    assert len(CASES) >= 10
    assert sorted(RESULTS - set(CASES)) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_source_gives_its_golden_graph(name, settings, crosswalk, request):
    settings = replace(settings, key_from=KEYS)
    crosswalk = replace(crosswalk, settings=settings)
    records = keyed_records(CASES[name], settings)
    assert name not in OWN or len(records) == 1, "a golden fixture holds one record, and the record has a key"
    made = mapped_graph(records, crosswalk)
    golden = GOLDEN / f"{name}.ttl"
    if request.config.getoption("--accept"):
        golden.write_text(made.serialize(format="longturtle"), encoding="utf-8")
    assert golden.exists(), f"no {golden.name} yet: run pytest with --accept, and read what it writes"
    wanted = rdflib.Graph().parse(golden)
    _, missing, extra = graph_diff(to_isomorphic(wanted), to_isomorphic(made))
    assert (sorted(missing), sorted(extra)) == ([], [])


# What the record itself lacks, or says wrongly; everything else that keeps a record out would be a fault of the mapping.
REFUSED = {name: {"I01"} for name in ("datacite-odd", "dspace-csv-missing", "oai-pmh-missing")}


def test_no_golden_record_is_refused_but_for_what_it_says_itself(settings, crosswalk):
    settings = replace(settings, key_from=KEYS)
    crosswalk, shapes, found = replace(crosswalk, settings=settings), load_shapes(), {}
    for name, path in CASES.items():
        mapped = [map_record(record, crosswalk, MOMENT) for record in keyed_records(path, settings)]
        rules = {finding.rule for finding in validate(mapped, shapes) if finding.severity == "violation"}
        if rules:
            found[name] = rules
    assert found == REFUSED
