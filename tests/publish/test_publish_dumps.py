"""Dumps of a site that is really published: through histories, rollback, backup; read by other people's programs."""

import gzip
import json
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from lod import bundled
from lod.cli import main
from lod.dump.manifest import DUMPS, Manifest
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.settings.table import make_settings
from lod.site.backup import back_up, restore
from lod.site.verify import verify_generation, verify_site
from lod.store.generation.generations import Site
from tests.helpers.jena import jena
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes
from tests.helpers.paths import ROOT

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DOCUMENTATION = ROOT / "docs" / "dumps.md"


@pytest.fixture(scope="module")
def plan(crosswalk):
    return Plan(crosswalk, bundled_shapes(), scopes=("/data",), now=NOON, allow_shrink=True)


def record(number, *titles):
    values = (
        Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"),
        *(Value("dc.title", title, "en") for title in titles or (f"Study \u2028 {number}",)),
        Value("dc.contributor.author", f"Lu, {chr(65 + number % 7)}"),
        Value("dc.subject", f"Keyword {number % 5}"),
        Value("dc.type", "Article"),
    )
    return Record("/data/a.csv", f"a.csv, row {number}", values)


def run(folder, plan, *records):
    folder.mkdir(exist_ok=True)
    publish(records, plan, Site(folder))
    return Site(folder).live().directory


def dumps_of(generation):
    return {path.name: path.read_bytes() for path in (generation / DUMPS).glob("dataset.*")}


def lines_of(path):
    text = gzip.decompress(path.read_bytes()).decode()
    return text.removesuffix("\n").split("\n") if text else []


@pytest.mark.slow
def test_dumps_after_a_history_are_those_of_a_fresh_site(tmp_path, plan):
    chance = random.Random(7)
    versions = {}
    for _ in range(5):
        for number in chance.sample(range(60), 12):
            versions[number] = chance.choice([None, (), ("Another title",), ("Two", "titles")])
        records = [record(number, *titles) for number, titles in sorted(versions.items()) if titles is not None]
        live = run(tmp_path / "site", plan, *records)
        assert list(verify_generation(live)) == []
    fresh = run(tmp_path / "fresh", plan, *records)
    assert Manifest.of(live).previous
    after, anew = dumps_of(live), dumps_of(fresh)
    assert len(after) == 6
    # The graph of removals is about the history itself; all else in N-Quads is the same.
    quads = [gzip.decompress(files.pop("dataset.nq.gz")).decode().split("\n") for files in (after, anew)]
    quads = [[line for line in lines if not line.endswith("/data/removed> .")] for lines in quads]
    assert quads[0] == quads[1]
    del after["dataset.nq.zst"], anew["dataset.nq.zst"]
    assert after == anew


def test_dumps_are_sorted_after_a_run_that_has_published_nothing(tmp_path, plan):
    run(tmp_path, plan, Record("/data/a.csv", "a.csv, row 1", (Value("dc.title", "No handle"),)))
    live = run(tmp_path, plan, record(4, "A study"), record(3, "A study"))
    lines = lines_of(live / DUMPS / "dataset.nt.gz")
    assert lines
    assert lines == sorted(lines)


def test_the_dumps_hold_what_the_store_holds_named_graphs_included(tmp_path, plan):
    live = run(tmp_path / "site", plan, *map(record, range(30)))
    store = Site(tmp_path / "site").live().store
    graphs = {f"https://example.org/data/{name}" for name in ("dataset", "model", "quality", "questions", "report")}
    assert set(store.named_graphs()) == graphs
    quads = ox.parse(gzip.decompress((live / DUMPS / "dataset.nq.gz").read_bytes()), format=ox.RdfFormat.N_QUADS)
    by_graph = {}
    for quad in quads:
        by_graph.setdefault(str(quad.graph_name).strip("<>"), []).append(quad)
    assert len(by_graph["DEFAULT"]) == store.count()
    assert by_graph.keys() == graphs | {"DEFAULT"}
    for graph in graphs:
        assert len(by_graph[graph]) == sum(1 for _ in store.all_triples(graph))


def test_the_description_can_be_queried(tmp_path, plan):
    run(tmp_path / "site", plan, *map(record, range(30)))
    store = Site(tmp_path / "site").live().store
    graph = "https://example.org/data/dataset"
    found = {predicate: object_ for _, predicate, object_ in store.triples_of("https://example.org/id/dataset", graph)}
    assert (
        found["<http://rdfs.org/ns/void#triples>"] == f'"{store.count()}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    )
    part = "https://example.org/id/dataset#class-rt.RepositoryItem"
    assert [object_ for _, _, object_ in store.triples_of(part, graph) if "integer" in object_] == [
        '"30"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


@pytest.mark.slow
def test_a_rollback_takes_dumps_back_and_the_next_run_starts_from_there(tmp_path, plan):
    site = tmp_path / "site"
    first = run(site, plan, *map(record, range(20)))
    second = run(site, plan, *map(record, range(10)))
    assert Manifest.of(second).previous == first.name
    Site(site).rollback()
    third = run(site, plan, *map(record, range(25)))
    assert Manifest.of(third).previous == first.name
    assert list(verify_generation(third)) == []
    added = set(lines_of(third / DUMPS / "added.nt.gz"))
    removed = set(lines_of(third / DUMPS / "removed.nt.gz"))
    assert (set(lines_of(first / DUMPS / "dataset.nt.gz")) - removed) | added == set(
        lines_of(third / DUMPS / "dataset.nt.gz")
    )


def test_dumps_go_with_their_generation(tmp_path, plan):
    for number in range(6):
        live = run(tmp_path / "site", plan, *map(record, range(10 + number)))
    kept = sorted(path.parent.name for path in (tmp_path / "site" / "generations").glob("*/dumps"))
    assert (len(kept), kept[-1]) == (3, live.name)


@pytest.mark.slow
def test_a_backup_takes_dumps_along_and_what_is_restored_goes_on_from_them(tmp_path, plan):
    run(tmp_path / "site", plan, *map(record, range(20)))
    (tmp_path / "site" / "lod.toml").write_text('base_iri = "https://example.org/"\n')
    live = Site(tmp_path / "site").live().directory
    back_up(tmp_path / "site", tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    restored = Site(tmp_path / "again").live().directory
    assert dumps_of(restored) == dumps_of(live)
    following = run(tmp_path / "again", plan, *map(record, range(21)))
    assert dumps_of(following).keys() == dumps_of(live).keys()
    assert [faults for _, faults in verify_site(tmp_path / "again", all_kept=True)] == [[], []]
    assert Manifest.of(following).previous == restored.name


def test_a_damaged_dump_is_told(tmp_path, plan):
    live = run(tmp_path / "site", plan, *map(record, range(5)))
    (live / DUMPS / "dataset.ttl.gz").write_bytes(gzip.compress(b"", mtime=0))
    ((told,),) = [faults for _, faults in verify_site(tmp_path / "site")]
    assert told.startswith("dumps/dataset.ttl.gz has 20 bytes, the list of dumps says ")


def test_only_the_dumps_of_the_settings_are_carried(tmp_path, plan):
    settings = make_settings({"base_iri": "https://example.org/", "dump_formats": ["ttl.gz"]}, {})
    plain = Plan(bundled_crosswalk(settings), plan.shapes, now=NOON)
    live = run(tmp_path / "site", plain, *map(record, range(5)))
    assert set(dumps_of(live)) == {"dataset.nt.gz", "dataset.ttl.gz"}


@pytest.mark.slow
def test_the_recipe_for_mirrors_does_what_it_says(tmp_path, plan):
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    recipe = next(block for block in blocks if "comm -23" in block)
    site, mirror = tmp_path / "site", tmp_path / "mirror"
    live = run(site, plan, *map(record, range(20)))
    mirror.mkdir()
    (mirror / "published.nt").write_bytes(gzip.decompress((live / DUMPS / "dataset.nt.gz").read_bytes()))
    for records in ([record(number, "New") for number in range(5, 30)], list(map(record, range(12)))):
        live = run(site, plan, *records)
        for name in ("added.nt.gz", "removed.nt.gz"):
            shutil.copy(live / DUMPS / name, mirror / name)
        subprocess.run(["bash", "-euc", recipe], cwd=mirror, check=True, timeout=300)
        published = gzip.decompress((live / DUMPS / "dataset.nt.gz").read_bytes())
        assert (mirror / "published.nt").read_bytes() == published


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The bundled sample, published, with settings that change the dumps on the way."""
    folder = tmp_path_factory.mktemp("sample")
    invoke("init", str(folder))
    invoke("publish", "--site", str(folder), str(bundled.SAMPLE))
    return folder


def invoke(*arguments, code=0):
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_lists_what_the_live_generation_carries(sample):
    output = invoke("dump", "--site", str(sample))
    assert [line.split()[0] for line in output.splitlines()[1:]] == [
        f"dataset.{name}" for name in ("nt.gz", "nt.zst", "nq.gz", "nq.zst", "ttl.gz", "jsonl.gz")
    ]
    found = json.loads(invoke("dump", "--site", str(sample), "--json"))
    assert found["files"][0]["name"] == "dataset.nt.gz"
    assert found["generation"] in output


def test_the_command_writes_what_is_carried_and_what_is_not(sample, tmp_path):
    live = Site(sample).live().directory
    invoke("dump", str(tmp_path / "copied"), "--site", str(sample), "--format", "ttl.gz")
    assert sorted(path.name for path in (tmp_path / "copied").iterdir()) == ["SHA256SUMS", "dataset.ttl.gz"]
    shutil.copytree(sample, tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "generations" / live.name / DUMPS)
    assert "no dumps" in invoke("dump", "--site", str(tmp_path / "bare"))
    invoke("dump", str(tmp_path / "made"), "--site", str(tmp_path / "bare"))
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").glob("dataset.*")}
    assert made == dumps_of(live)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "made", capture_output=True, timeout=300
    )
    assert checked.returncode == 0
    again = CliRunner().invoke(main, ["dump", str(tmp_path / "made"), "--site", str(sample)])
    assert (again.exit_code, "there is something already" in again.output) == (3, True)


def test_a_site_without_a_generation_has_no_dumps(tmp_path):
    invoke("init", str(tmp_path / "site"))
    assert "nothing has been published yet" in invoke("dump", "--site", str(tmp_path / "site"), code=2)


@pytest.mark.parametrize(
    ("file", "syntax"),
    [("dataset.nt.gz", "ntriples"), ("dataset.nq.gz", "nquads"), ("dataset.ttl.gz", "turtle")],
)
def test_rapper_reads_as_many_triples_as_we_say(sample, file, syntax):
    if not shutil.which("rapper"):
        pytest.skip("rapper (package raptor2-utils) is not installed")
    live = Site(sample).live().directory
    text = gzip.decompress((live / DUMPS / file).read_bytes())
    found = subprocess.run(
        ["rapper", "-q", "-i", syntax, "-o", "ntriples", "-", "https://example.org/"],
        input=text,
        capture_output=True,
        timeout=300,
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.count(b"\n") == Manifest.of(live).file(file).triples


@pytest.fixture
def riot(tmp_path):
    """The command that reads RDF with Apache Jena."""
    return jena("riot", tmp_path)


@pytest.mark.slow
def test_jena_reads_as_many_triples_as_we_say(sample, riot):
    live = Site(sample).live().directory
    names = ("dataset.nt.gz", "dataset.nq.gz", "dataset.ttl.gz")
    found = subprocess.run(
        [*riot, "--count", *(str(live / DUMPS / name) for name in names)], capture_output=True, text=True, timeout=300
    )
    counts = re.findall(r" : (?:Triples|Quads) = ([\d,]+)", found.stdout + found.stderr)
    assert [int(number.replace(",", "")) for number in counts] == [
        Manifest.of(live).file(name).triples for name in names
    ], found.stderr
