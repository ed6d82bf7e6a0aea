"""The dumps, loaded by the stores' own loaders as docs/triple-stores.md says, and taken over by `lod push --loaded`."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.dump.manifest import DumpFile
from lod.rdf.claims import claim, iri
from lod.store.generation.generations import Site
from tests.helpers.jena import jena
from tests.helpers.pushing import REPORT, Target, published, run
from tests.helpers.servers import BASE, GRAPH, oxigraph_server
from tests.helpers.store_contract import ODD_LITERALS
from tests.helpers.synthetic import TITLE, item_of, person_claims

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path):
    """A site with a published generation."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "lod.toml").write_text(f'base_iri = "{BASE}"\n', encoding="utf-8")
    site = Site(folder)
    published(site, range(5), extra=[claim(iri(item_of("10722/1")), TITLE, term) for term in ODD_LITERALS.values()])
    return site


def folder_of(site):
    return site.directory.parent


def dumps(site, target, *options):
    """What `lod dump` writes into a new folder."""
    told = CliRunner().invoke(main, ["dump", str(target), "--site", str(folder_of(site)), "--json", *options])
    assert told.exit_code == 0, told.output
    return target, {row["name"]: row for row in json.loads(told.output)["files"]}


def quads_of(site, graph):
    """The lines of a generation in a store: those of the published triples in a graph, "" for the default one."""
    live = site.live()
    where = f" <{graph}> ." if graph else " ."
    own = [f"{line[:-2]}{where}" for line in live.catalog.all_claims()]
    return [*own, *(f"{line[:-1]}<{REPORT}> ." for line in sorted(person_claims(9)))]


def taken_over(site, target, ways):
    """Assert that `lod push --loaded` finds the generation, in these ways, and that the next push is a difference."""
    told = run(target, folder_of(site), "--loaded", "--json")
    assert told.exit_code == 0, told.output
    report = json.loads(told.output)
    assert [row["way"] for row in report["graphs"]] == ways
    assert report["graphs"][0]["triples"] == site.live().counts["triples"]
    target.holds(site.live())
    generation = published(site, range(1, 6))
    assert [row["way"] for row in json.loads(run(target, folder_of(site), "--json").output)["graphs"]] == [
        "difference",
        "unchanged",
    ]
    target.holds(generation)


# --- the dumps


def test_dumps_for_a_named_graph_name_it_in_every_line_and_beside_the_files(site, tmp_path):
    folder, files = dumps(site, tmp_path / "D", "--graph", GRAPH)
    with gzip.open(folder / "dataset.nq.gz", "rt", encoding="utf-8") as file:
        assert [line[:-1] for line in file] == quads_of(site, GRAPH)
    assert {path.name for path in folder.glob("*.graph")} == {
        "dataset.nt.graph",
        "dataset.nq.graph",
        "dataset.ttl.graph",
    }
    assert {path.read_text() for path in folder.glob("*.graph")} == {f"{GRAPH}\n"}
    listed = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name, row in files.items():
        data = (folder / name).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert listed[name] == row["sha256"]


def test_dumps_that_are_carried_are_copied_and_quads_name_the_graph(tmp_path):
    assert CliRunner().invoke(main, ["demo", "--no-serve", "--site", str(tmp_path / "site")]).exit_code == 0
    site = Site(tmp_path / "site")
    _, plain = dumps(site, tmp_path / "plain")
    folder, named = dumps(site, tmp_path / "named", "--graph", GRAPH)
    quads = {"dataset.nq.gz", "dataset.nq.zst"}
    assert {name for name in plain if plain[name]["sha256"] != named[name]["sha256"]} == quads
    for name in quads:
        lines = DumpFile(**named[name]).format.compression.chunks(folder / name)
        graphs = Counter(line.split(b" ")[-2].decode() for line in b"".join(lines).splitlines())
        assert graphs.pop(f"<{GRAPH}>") == site.live().counts["triples"]
        assert set(graphs) == {
            f"<http://127.0.0.1:8000/data/{name}>" for name in ("dataset", "model", "quality", "questions", "report")
        }
        assert named[name]["triples"] == plain[name]["triples"]
    _, alone = dumps(site, tmp_path / "alone", "--graph", GRAPH, "--format", "nq.zst")
    assert alone == {"dataset.nq.zst": named["dataset.nq.zst"]}


def test_without_a_graph_no_file_names_one(site, tmp_path):
    folder, _ = dumps(site, tmp_path / "D", "--format", "nq.gz")
    assert {path.name for path in folder.iterdir()} == {"dataset.nt.gz", "dataset.nq.gz", "SHA256SUMS"}
    with gzip.open(folder / "dataset.nq.gz", "rt", encoding="utf-8") as file:
        assert [line[:-1] for line in file] == quads_of(site, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["D", "--graph", "published"], "--graph is 'published'; it takes an address that starts with http"),
        (["--graph", GRAPH], "give DIR, a new folder"),
    ],
)
def test_a_graph_that_is_none_and_one_without_a_folder_are_refused(site, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["dump", "--site", str(folder_of(site)), *arguments])
    assert told.exit_code == 2
    assert said in told.output


# --- Virtuoso


@pytest.fixture
def virtuoso(servers, tmp_path):
    target = Target(servers("virtuoso"))
    target.server.emptied().close()
    # The list of what was loaded is the server's own, and outlives a test.
    return target, target.server.folder / tmp_path.name


def isql(target, text):
    found = subprocess.run(target.server.sql, input=text, text=True, check=True, capture_output=True, timeout=60)
    assert "*** Error" not in found.stdout, found.stdout
    return found.stdout


@pytest.mark.parametrize(
    ("mask", "ways"),
    [("*.nt.gz", ["found", "loaded"]), ("*.ttl.gz", ["found", "loaded"]), ("*.nq.gz", ["found", "found"])],
)
def test_virtuoso_loads_a_folder_into_the_graph_that_the_files_beside_the_dumps_name(site, virtuoso, mask, ways):
    target, folder = virtuoso
    dumps(site, folder, "--graph", GRAPH)
    isql(target, f"ld_dir_all('{folder}', '{mask}', NULL);\nrdf_loader_run();\ncheckpoint;\n")
    failed = isql(
        target,
        f"SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_file LIKE '{folder}%' AND ll_error IS NOT NULL;",
    )
    assert "0 Rows" in failed
    taken_over(site, target, ways)


def test_virtuoso_loads_quads_without_a_graph_into_the_one_that_is_named_to_it(site, virtuoso):
    target, folder = virtuoso
    dumps(site, folder)
    isql(target, f"ld_dir('{folder}', 'dataset.nq.gz', '{GRAPH}');\nrdf_loader_run();\ncheckpoint;\n")
    taken_over(site, target, ["found", "found"])


# --- Oxigraph


@pytest.mark.parametrize("graph", ["", GRAPH])
def test_oxigraph_loads_quads_while_no_server_runs(site, tmp_path, graph):
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    if program is None:
        pytest.skip("the Oxigraph server is not installed (pip install oxigraph)")
    folder, _ = dumps(site, tmp_path / "D", *(["--graph", graph] if graph else []))
    command = [program, "load", "--location", str(tmp_path / "oxigraph"), "--file", str(folder / "dataset.nq.gz")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with oxigraph_server(tmp_path) as server:
        target = Target(replace(server, graph=graph))
        taken_over(site, target, ["found", "found"])


# --- Apache Jena: what Fuseki serves


@pytest.mark.parametrize("graph", ["", GRAPH])
def test_the_loader_of_tdb2_takes_the_quads(site, tmp_path, graph):
    load, query = jena("tdb2.tdbloader", tmp_path), jena("tdb2.tdbquery", tmp_path)
    folder, _ = dumps(site, tmp_path / "D", *(["--graph", graph] if graph else []))
    place = ["--loc", str(tmp_path / "DB2")]
    subprocess.run([*load, *place, str(folder / "dataset.nq.gz")], check=True, capture_output=True, timeout=120)
    counted = "SELECT ?g (COUNT(*) AS ?n) WHERE { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } } GROUP BY ?g"
    found = subprocess.run(
        [*query, *place, "--results", "json", counted], check=True, capture_output=True, text=True, timeout=120
    )
    rows = json.loads(found.stdout)["results"]["bindings"]
    counts = {row.get("g", {"value": ""})["value"]: int(row["n"]["value"]) for row in rows}
    assert counts == {graph: site.live().counts["triples"], REPORT: 2}
