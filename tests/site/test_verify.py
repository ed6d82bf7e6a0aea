"""lod verify: a generation that was tampered with is told, and one that was not is not."""

import gzip
import json
import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.store.generation.generations import Site
from lod.store.oxigraph import WritableOxigraphStore

CSV = (
    "dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],dc.relation.ispartof\n"
    '"A study, of lupus","Hua, B||Lu, L",http://hdl.handle.net/1/1,Article,The Lancet\n'
    'Another,"Wang, H",http://hdl.handle.net/1/2,Article,The Lancet\n'
    "No key,,,Thesis,\n"
)
EXTRA = '<https://example.org/id/x> <http://purl.org/dc/terms/title> "x" .'


def lod(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A site whose first generation was followed by a second one."""
    folder = tmp_path_factory.mktemp("verify")
    lod("init", folder / "site", "--base-iri", "https://example.org/")
    for text in (CSV, CSV.replace("Another", "A third")):
        (folder / "a.csv").write_text(text, encoding="utf-8")
        assert lod("publish", "--site", folder / "site", folder / "a.csv").exit_code == 1
    return folder / "site"


@pytest.fixture
def site(published, tmp_path):
    shutil.copytree(published, tmp_path / "site")
    return tmp_path / "site"


def live(site):
    return site / "generations" / Site(site).live_name()


def test_every_generation_of_a_sound_site_shows_no_differences(published):
    result = lod("verify", "--all", "--site", published)
    assert result.exit_code == 0, result.output
    assert result.output.count("no differences") == 2
    found = json.loads(lod("verify", "--json", "--site", published).stdout)["generations"]
    assert found == {Site(published).live_name(): []}


def sql(statement):
    def tamper(folder):
        connection = sqlite3.connect(folder / "catalog.sqlite")
        connection.execute(statement)
        connection.commit()
        connection.close()

    return tamper


def stored(added=(), removed=(), graph=None):
    def tamper(folder):
        store = WritableOxigraphStore.open(folder / "store")
        store.apply(added, removed, graph)
        store.flush()
        del store

    return tamper


def described(**parts):
    def tamper(folder):
        path = folder / "generation.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **parts}))

    return tamper


def removed(name):
    return lambda folder: shutil.rmtree(folder / name)


def cut_short(name):
    def tamper(folder):
        paths = list(folder.glob(name))
        assert paths
        # All: one that the engine has replaced and not removed yet would not be missed.
        for path in paths:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return tamper


def with_a_changed_byte(pattern):
    """Change a byte in the middle of the largest file of a pattern."""

    def tamper(directory):
        file = max(directory.glob(pattern), key=lambda path: path.stat().st_size)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0x55
        # A file of its own: the generation before must stay sound.
        file.unlink()
        file.write_bytes(content)

    return tamper


TAMPERED = [
    pytest.param(
        sql("DELETE FROM backlink WHERE subject = '/id/item/1/1'"),
        "<https://example.org/id/item/1/1>, by <http://purl.org/dc/terms/isPartOf>, is not kept among what points at it",
        id="a backlink too few",
    ),
    pytest.param(
        sql("INSERT INTO backlink VALUES ('/id/x', 1, '/id/y')"),
        "<https://example.org/id/x>: <https://example.org/id/y>, by <",
        id="a backlink too many",
    ),
    pytest.param(stored([EXTRA]), f"the store holds, the catalog does not: {EXTRA}", id="a triple too many"),
    pytest.param(
        stored([EXTRA], graph="https://example.org/data/report"),
        "named graph <https://example.org/data/report>: only the store holds",
        id="a triple too many in a named graph",
    ),
    pytest.param(
        stored([EXTRA], graph="https://example.org/x"),
        "named graph <https://example.org/x> is in the store only",
        id="a graph too many",
    ),
    pytest.param(
        sql("UPDATE record SET content_hash = 'x' WHERE key = '1/1'"),
        "record 1/1: its fields do not have its content hash",
        id="content hash",
    ),
    pytest.param(sql("DELETE FROM body WHERE id = 1"), "record 1/1 has no body", id="no body"),
    pytest.param(sql("DELETE FROM message"), "finding 1/1 has no message", id="no message"),
    pytest.param(
        sql("UPDATE shared_claim SET records = 9 WHERE claim LIKE '%Lancet%'"),
        "shared claim is counted 9 times, but not stated by as many records: <https://example.org/id/serial/",
        id="count of a shared claim",
    ),
    pytest.param(
        sql("DELETE FROM shared_claim WHERE claim LIKE '%Lancet%'"),
        "shared claim is stated by 2 records, but not counted so: <https://example.org/id/serial/",
        id="a shared claim too few",
    ),
    pytest.param(
        sql("INSERT INTO tombstone VALUES ('1/1', '1/1', 'https://example.org/id/item/1/9', '2026-01-01')"),
        "1/1 is published and removed at once",
        id="published and removed",
    ),
    pytest.param(
        described(counts={"records": 7, "removed": 0, "refused": 1, "triples": 1}),
        "generation.json says 7 records, the catalog 2",
        id="figures",
    ),
    pytest.param(described(name="x"), "generation.json names the generation x, its folder", id="name"),
    pytest.param(cut_short("catalog.sqlite"), "damaged", id="catalog cut short"),
    pytest.param(cut_short("graphs/report.nt.gz"), "cannot be read (EOFError", id="graph cut short"),
    pytest.param(cut_short("store/*.sst"), "opening the store failed: the file is damaged", id="store cut short"),
    pytest.param(cut_short("generation.json"), "generation.json: damaged", id="description cut short"),
]


@pytest.mark.parametrize(("tamper", "message"), TAMPERED)
def test_what_differs_is_named(site, tamper, message):
    tamper(live(site))
    result = lod("verify", "--site", site)
    assert message in result.output
    assert "Traceback" not in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        pytest.param(stored([EXTRA]), "triples, generation.json says", id="a triple too many"),
        pytest.param(cut_short("catalog.sqlite"), "damaged", id="catalog cut short"),
        pytest.param(cut_short("graphs/report.nt.gz"), "cannot be read (EOFError", id="graph cut short"),
        pytest.param(cut_short("store/*.sst"), "opening the store failed: the file is damaged", id="store cut short"),
        pytest.param(with_a_changed_byte("store/*.sst"), ".sst has changed since it was written", id="store changed"),
        pytest.param(with_a_changed_byte("catalog.sqlite"), "catalog.sqlite has changed since", id="catalog changed"),
        pytest.param(removed("dumps"), "dumps/dumps.json, the list of the dumps, is missing; 'lod pub", id="no dumps"),
        pytest.param(cut_short("dumps/dataset.ttl.gz"), "dumps/dataset.ttl.gz has ", id="dump cut short"),
        pytest.param(cut_short("generation.json"), "generation.json: damaged", id="description cut short"),
        pytest.param(described(counts={"records": 7, "triples": 1}), "generation.json says 7 records", id="figures"),
    ],
)
def test_a_quick_look_names_what_is_damaged(site, tamper, message):
    assert lod("verify", "--quick", "--site", site).exit_code == 0
    tamper(live(site))
    result = lod("verify", "--quick", "--site", site)
    assert message in result.output
    assert "Traceback" not in result.output
    assert result.exit_code == 1


def test_claims_are_compared_whatever_the_state_of_the_dump_that_gives_their_order(site):
    path = live(site) / "dumps" / "dataset.nt.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    for changed in (lines[:-1], [*lines, lines[-1]], lines[::-1], [*lines, b"<x:s> <x:p> <x:o> .\n"], [b"\xff\n"]):
        path.write_bytes(gzip.compress(b"".join(changed)))
        (found,) = json.loads(lod("verify", "--json", "--site", site).stdout)["generations"].values()
        assert len(found) == 1
        assert found[0].startswith("dumps/dataset.nt.gz has ")


def test_a_triple_too_few_is_named(site):
    generation = Site(site).live()
    line = next(iter(generation.catalog.all_claims()))
    stored(removed=[line])(live(site))
    result = lod("verify", "--site", site)
    assert f"the catalog holds, the store does not: {line}" in result.output
    assert "triples, generation.json says" in result.output


def test_a_current_that_names_nothing_is_told_with_the_way_out(site):
    kept = [generation.name for generation in Site(site).generations()]
    (site / "generations" / "current").write_text("20991231T000000.000000Z\n")
    result = lod("verify", "--site", site)
    assert result.exit_code == 3
    assert (
        f"names the generation 20991231T000000.000000Z, which is not there; kept: {', '.join(kept)}; 'lod rollback"
        in result.stderr
    )
    assert lod("rollback", kept[1], "--site", site).exit_code == 0
    assert lod("verify", "--site", site).exit_code == 0


def test_names_that_are_not_kept_are_told(site, tmp_path):
    assert "no generation 'x'; kept: " in lod("verify", "x", "--site", site).stderr
    both = lod("verify", "--all", "x", "--site", site)
    assert (both.exit_code, "name generations (x) or give --all, not both" in both.stderr) == (2, True)
    lod("init", tmp_path / "empty")
    assert "nothing has been published yet" in lod("verify", "--site", tmp_path / "empty").stderr


def test_a_status_that_cannot_be_read_names_what_else_is_kept(site):
    before, now = sorted(path.parent.name for path in (site / "generations").glob("*/generation.json"))[-2:]
    cut_short("catalog.sqlite")(site / "generations" / now)
    result = lod("status", "--site", site)
    assert result.exit_code == 3
    assert before in result.stderr.partition("other generations that are kept: ")[2]
    assert now not in result.stderr.partition("other generations that are kept: ")[2]
    assert lod("rollback", before, "--site", site).exit_code == 0
    assert lod("status", "--site", site).exit_code == 0
