"""Dumps depend on what is published alone; each is what its name says; the difference leads from one to the next."""

import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.dump import blocks
from lod.dump.blocks import BY_LINE, in_blocks
from lod.dump.checks import dump_faults
from lod.dump.manifest import ADDED, BLOCKS, DIFFERENCES, DUMPS, REMOVED, SUMS, Manifest
from lod.dump.statistics import Statistics
from lod.dump.syntaxes import by_subject
from lod.dump.write import DumpWriter
from lod.errors import StoreError
from lod.rdf.claims import RDF_TYPE, claim, literal
from lod.rdf.formats import DUMP_NAMES

PREFIXES = {"dcterms": "http://purl.org/dc/terms/", "e": "https://e.org/"}
SPACE = "https://e.org/id/"
SUBJECTS = [f"<https://e.org/{part}/{number}>" for part in ("id", "data") for number in range(8)]
POOL = [
    line
    for subject in SUBJECTS
    for line in (
        claim(subject, RDF_TYPE, "<https://e.org/C>"),
        claim(subject, "<http://purl.org/dc/terms/title>", literal("a\u2028b\n\\")),
        claim(subject, "<http://www.w3.org/2002/07/owl#sameAs>", "<https://doi.org/10.1/x>"),
    )
]


@dataclass
class Named:
    iri: str
    claims: list

    @property
    def triples(self):
        return len(self.claims)

    @property
    def origins(self):
        return ()

    def blocks(self, numbers=None):
        return in_blocks(self.claims, BY_LINE)


@dataclass
class Change:
    old: set
    new: set

    def added(self):
        return iter(sorted(self.new - self.old))

    def removed(self):
        return iter(sorted(self.old - self.new))


GRAPHS = [Named("https://e.org/data/report", sorted(POOL[:3]))]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "SUBJECTS_PER_BLOCK", 3)


def write(generation, claims, before=None, old=None, formats=DUMP_NAMES, graphs=GRAPHS):
    generation.mkdir()
    writer = DumpWriter(formats, PREFIXES, SPACE)
    change = Change(old, claims) if before else None
    writer.write_published(generation / DUMPS, before and before / DUMPS, change, lambda: sorted(claims), len(claims))
    return writer.complete(graphs)


def contents(generation):
    return {path.name: path.read_bytes() for path in (generation / DUMPS).glob("dataset.*")}


def faults(generation, claims, graphs=GRAPHS):
    return list(dump_faults(generation, lambda: sorted(claims), graphs))


def text_of(path):
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()).decode()
    return zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read().decode()


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.sets(st.sampled_from(POOL)), min_size=2, max_size=5))
def test_the_same_claims_make_the_same_bytes_whatever_their_history(states):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "0", states[0])
        for number in range(1, len(states)):
            write(folder / str(number), states[number], folder / str(number - 1), states[number - 1])
        last = folder / str(len(states) - 1)
        write(folder / "fresh", states[-1])
        assert contents(last) == contents(folder / "fresh")
        assert (last / DUMPS / BLOCKS).read_bytes() == (folder / "fresh" / DUMPS / BLOCKS).read_bytes()
        counted = Statistics(SPACE)
        counted.add(by_subject(sorted(states[-1])))
        assert Manifest.of(last).statistics.to_dict() == counted.to_dict()
        assert faults(last, states[-1]) == []


@settings(deadline=None, max_examples=60)
@given(st.sets(st.sampled_from(POOL)), st.sets(st.sampled_from(POOL)))
def test_a_mirror_that_applies_the_difference_holds_the_newer_dump(old, new):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "0", old)
        write(folder / "1", new, folder / "0", old)
        lines = set(text_of(folder / "0" / DUMPS / "dataset.nt.gz").split("\n")) - {""}
        lines -= set(text_of(folder / "1" / DUMPS / REMOVED).split("\n"))
        lines |= set(text_of(folder / "1" / DUMPS / ADDED).split("\n")) - {""}
        assert "".join(f"{line}\n" for line in sorted(lines)) == text_of(folder / "1" / DUMPS / "dataset.nt.gz")


def test_every_dump_is_what_its_name_says(tmp_path):
    manifest = write(tmp_path / "0", set(POOL))
    folder = tmp_path / "0" / DUMPS
    expected = sorted(POOL)
    assert {file.name for file in manifest.dumps} == {f"dataset.{name}" for name in DUMP_NAMES}
    for name in ("nt.gz", "nt.zst"):
        assert text_of(folder / f"dataset.{name}") == "".join(f"{line}\n" for line in expected)
    for name in ("nq.gz", "nq.zst"):
        lines = text_of(folder / f"dataset.{name}").removesuffix("\n").split("\n")
        assert lines[: len(expected)] == expected
        assert lines[len(expected) :] == [f"{line[:-1]}<https://e.org/data/report> ." for line in sorted(POOL[:3])]
    quads = ox.parse(text_of(folder / "dataset.ttl.gz").encode(), format=ox.RdfFormat.TURTLE)
    assert len({str(quad.triple) for quad in quads}) == len(expected)
    nodes = [json.loads(line) for line in text_of(folder / "dataset.jsonl.gz").removesuffix("\n").split("\n")]
    assert [f"<{node['@id']}>" for node in nodes] == sorted(SUBJECTS)
    counts = {file.name: file.triples for file in manifest.files}
    assert (counts["dataset.nt.gz"], counts["dataset.nq.zst"]) == (48, 51)


def test_sizes_and_checksums_are_those_of_the_files(tmp_path):
    manifest = write(tmp_path / "0", set(POOL))
    for file in manifest.files:
        data = (tmp_path / "0" / DUMPS / file.name).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=tmp_path / "0" / DUMPS, capture_output=True, timeout=300
    )
    assert (checked.returncode, checked.stdout.count(b": OK\n")) == (0, 6)


def test_only_the_dumps_that_are_wanted_are_carried(tmp_path):
    assert [file.name for file in write(tmp_path / "0", set(POOL), formats=()).files] == ["dataset.nt.gz"]
    names = [file.name for file in write(tmp_path / "1", set(POOL), formats=("nq.zst",)).files]
    assert names == ["dataset.nt.gz", "dataset.nt.zst", "dataset.nq.zst"]


def test_a_format_that_is_wanted_anew_is_written_from_the_claims(tmp_path):
    write(tmp_path / "0", set(POOL), formats=())
    write(tmp_path / "1", set(POOL[1:]), tmp_path / "0", set(POOL))
    write(tmp_path / "2", set(POOL[1:]))
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    assert text_of(tmp_path / "1" / DUMPS / REMOVED) == f"{POOL[0]}\n"


@pytest.mark.parametrize(
    ("believed", "message"),
    [
        pytest.param(POOL[:30], "38 claims, 48 are published", id="claims that are nowhere"),
        pytest.param(POOL[:10], "a claim that should be added is there already", id="claims that are there"),
    ],
)
def test_dumps_that_do_not_fit_the_difference_are_written_anew(tmp_path, caplog, believed, message):
    write(tmp_path / "0", set(POOL[:20]))
    write(tmp_path / "1", set(POOL), tmp_path / "0", set(believed))
    write(tmp_path / "2", set(POOL))
    assert message in caplog.text
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_differences_are_carried_on_while_together_they_are_smaller_than_the_whole(tmp_path):
    states = [set(POOL[number:]) for number in range(6)]
    write(tmp_path / "0", states[0])
    for number in range(1, 6):
        write(tmp_path / str(number), states[number], tmp_path / str(number - 1), states[number - 1])
        if number > 2:
            shutil.rmtree(tmp_path / str(number - 3))
    manifest = Manifest.of(tmp_path / "5")
    chain = [("5", manifest.previous), *((past.name, past.previous) for past in manifest.history)]
    assert chain[:4] == [("5", "4"), ("4", "3"), ("3", "2"), ("2", "1")]
    assert sum(past.bytes for past in manifest.history) <= manifest.file("dataset.nt.gz").bytes
    for past in manifest.history:
        for file in past.files:
            data = (tmp_path / "5" / DUMPS / DIFFERENCES / past.name / file.name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == file.sha256
    assert text_of(tmp_path / "5" / DUMPS / DIFFERENCES / "3" / REMOVED) == f"{POOL[2]}\n"
    (tmp_path / "5" / DUMPS / DIFFERENCES / "3" / REMOVED).unlink()
    assert faults(tmp_path / "5", states[5]) == [f"dumps/differences/3/{REMOVED} is missing"]


def test_a_difference_as_large_as_the_whole_ends_the_history(tmp_path):
    write(tmp_path / "0", set(POOL[:24]))
    write(tmp_path / "1", set(POOL[24:]), tmp_path / "0", set(POOL[:24]))
    write(tmp_path / "2", set(POOL[24:30]), tmp_path / "1", set(POOL[24:]))
    assert Manifest.of(tmp_path / "2").history == ()


@pytest.mark.parametrize("name", ["dataset.nt.gz", "dataset.ttl.gz", "dumps.json", "blocks.json"])
def test_a_damaged_dump_is_not_handed_on(tmp_path, caplog, name):
    write(tmp_path / "0", set(POOL[1:]))
    path = tmp_path / "0" / DUMPS / name
    data = path.read_bytes()
    path.write_bytes(data[:-9] + b"damage")
    write(tmp_path / "1", set(POOL), tmp_path / "0", set(POOL[1:]))
    write(tmp_path / "2", set(POOL))
    assert name in caplog.text
    assert "the dumps are written anew" in caplog.text
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_claims_that_are_not_as_many_as_were_counted_are_no_dump(tmp_path):
    writer = DumpWriter(DUMP_NAMES, PREFIXES, SPACE)
    with pytest.raises(StoreError, match="the catalog gives 2 claims and counts 3; the live generation stays"):
        writer.write_published(tmp_path / "dumps", None, None, lambda: sorted(POOL[:2]), 3)


def test_nothing_published_makes_dumps_of_nothing(tmp_path):
    write(tmp_path / "0", set(), graphs=[])
    for name in ("nt.gz", "nt.zst", "nq.gz", "nq.zst", "jsonl.gz"):
        assert text_of(tmp_path / "0" / DUMPS / f"dataset.{name}") == ""
    assert faults(tmp_path / "0", set(), []) == []


def test_what_is_wrong_with_a_dump_is_told(tmp_path):
    claims = set(POOL[2:])
    write(tmp_path / "0", set(POOL))
    write(tmp_path / "1", claims, tmp_path / "0", set(POOL))
    folder = tmp_path / "1" / DUMPS
    data = (folder / "dataset.nt.zst").read_bytes()
    (folder / "dataset.nt.zst").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    (folder / "dataset.ttl.gz").write_bytes(b"short")
    (folder / "dataset.jsonl.gz").unlink()
    told = faults(tmp_path / "1", {*claims, POOL[0]})
    assert "dumps/dataset.nt.zst has changed" in told
    assert any(line.startswith("dumps/dataset.ttl.gz has 5 bytes, the list of dumps says") for line in told)
    assert "dumps/dataset.jsonl.gz is missing" in told
    assert "dumps/dataset.nt.gz does not hold the claims of the catalog and the named graphs" in told
    assert "dumps: the figures of the description are not those of the claims" in told
    assert "dumps/removed.nt.gz: 1 lines are still published" in told
    (folder / SUMS).write_text("")
    assert "dumps/SHA256SUMS does not list what dumps holds" in faults(tmp_path / "1", claims)
