"""lod validate: foreign RDF from files and endpoints, whatever is in it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from lod.cli import main
from lod.errors import SourceError
from lod.validation.foreign.files import load_file
from lod.validation.foreign.validate import ForeignReport, judge_graph
from lod.validation.shapes import Shapes
from tests.helpers.shape_cases import BASE, CASES, PREFIXES, VALID, patched

ITEM = f"{BASE}id/item/10722/129504"
# What makes a case one of a set of claims, not of a graph; A06 to R11 as files have them cannot be told from these.
NOT_IN_A_GRAPH = {"untargeted", "R11", "not-a-claim", "I24"}


def judged(turtle: str, shapes: Shapes) -> ForeignReport:
    store = ox.Store()
    store.bulk_extend(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=BASE, lenient=True))
    return judge_graph(store, shapes)


def rules(report: ForeignReport) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_the_valid_record_conforms(shapes: Shapes) -> None:
    report = judged(VALID, shapes)
    assert report.findings == []
    assert report.conforms
    assert report.judged > 20


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CASES["case"]
        if "fails" in case and not case.get("claims") and case["rule"] not in NOT_IN_A_GRAPH
    ],
    ids=lambda case: f"{case['rule']} {case['fails']}",
)
def test_a_fault_is_found_in_a_graph_as_in_a_record(case: dict[str, Any], shapes: Shapes) -> None:
    store = ox.Store()
    text = "\n".join(patched(case).claims)
    store.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_TRIPLES, lenient=True))
    # A record without item leaves its item without record; what nothing describes is missing in the whole graph too.
    also = {"R02"} if case["rule"] == "R01" else {"G07"}
    assert rules(judge_graph(store, shapes)) | also == {case["rule"]} | also


def test_a_list_that_loops_in_blank_nodes_is_found(shapes: Shapes) -> None:
    looping = VALID.replace("bibo:authorList cell:1", "bibo:authorList _:a").replace(
        "cell:1 rdf:first part:agent-liang%2C_j ; rdf:rest cell:2 .",
        "_:a rdf:first part:agent-liang%2C_j ; rdf:rest _:b . _:b rdf:first <id/person/rp00477> ; rdf:rest _:a .",
    )
    report = judged(looping, shapes)
    assert {"I13"} <= rules(report)
    assert "unvalidated" not in rules(report)


def test_collections_of_blank_nodes_are_lists_like_others(shapes: Shapes) -> None:
    folded = VALID.replace("bibo:authorList cell:1", "bibo:authorList ( part:agent-liang%2C_j <id/person/rp00477> )")
    folded = "\n".join(line for line in folded.splitlines() if not line.startswith("cell:"))
    assert rules(judged(folded, shapes)) == set()


def test_other_blank_nodes_are_told(shapes: Shapes) -> None:
    report = judged(f"{PREFIXES} <id/item/1/2> dcterms:publisher [ a foaf:Organization ; foaf:name 'X' ] .", shapes)
    (finding,) = [finding for finding in report.findings if finding.rule == "G03"]
    assert finding.focus.startswith("_:")


def test_data_that_no_shape_is_for_do_not_conform(shapes: Shapes) -> None:
    report = judged("<a> a <http://example.org/Thing> ; <http://purl.org/dc/terms/title> 'x' . <b> <c> <d> .", shapes)
    assert (report.resources, report.judged, report.conforms) == (2, 0, False)
    assert report.unjudged == {"http://example.org/Thing": 1, "": 1}


def test_whole_graph_rules_look_at_all_items(shapes: Shapes) -> None:
    twice = f"{VALID}\nitem:2 a rt:RepositoryItem ; bibo:doi '10.1136/ard.2009.123463' ; bibo:handle '10722/129504' ."
    assert {"D04", "D07"} <= rules(judged(twice, shapes))


def test_a_long_list_of_authors_is_followed_to_its_end(shapes: Shapes) -> None:
    people = " ".join(f"<#p{number}>" for number in range(2_000))
    described = " ".join(f"<#p{number}> a foaf:Person ; foaf:name 'A' ." for number in range(2_000))
    linked = " , ".join(f"<#p{number}>" for number in range(2_000))
    text = VALID.replace("bibo:authorList cell:1", f"bibo:authorList ( {people} )").replace(
        "dcterms:creator part:agent-liang%2C_j , <id/person/rp00477>", f"dcterms:creator {linked}"
    )
    text = "\n".join(line for line in text.splitlines() if not line.startswith("cell:"))
    assert rules(judged(text + described, shapes)) == set()


# ---------------------------------------------------------------- files


@pytest.fixture
def written(tmp_path: Path) -> Path:
    quads = list(ox.parse(VALID, format=ox.RdfFormat.TURTLE, base_iri=BASE))
    for ending, format_ in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("nq", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ):
        data = ox.serialize([quad.triple for quad in quads], format=format_)
        (tmp_path / f"valid.{ending}").write_bytes(data)
        with gzip.open(tmp_path / f"valid.{ending}.gz", "wb") as file:
            file.write(data)
    return tmp_path


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "rdf", "jsonld", "ttl.gz", "rdf.gz", "jsonld.gz"])
def test_every_serialization_is_read(ending: str, written: Path) -> None:
    store = ox.Store()
    load_file(store, written / f"valid.{ending}")
    assert len(store) == len(list(ox.parse(VALID, format=ox.RdfFormat.TURTLE, base_iri=BASE)))


_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/"><rdf:Description rdf:about="http://a.org/"><e:p>&a;</e:p></rdf:Description></rdf:RDF>'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("x.jsonld", '{"@context": "http://127.0.0.1:9/c", "@id": "http://a.org/"}', "nothing is fetched", id="remote context"),
        pytest.param("x.rdf", f'<!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/hostname">]>{_RDF}', "fetched from elsewhere", id="file entity"),
        pytest.param("x.rdf", f'<!DOCTYPE rdf:RDF [<!ENTITY b "x"><!ENTITY a "&b;&b;">]>{_RDF}', "or grow", id="growing entity"),
        pytest.param("x.rdf", f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * 2000}">]>{_RDF}', "or grow", id="long entity"),
        pytest.param("x.rdf", f'<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/x.dtd">{_RDF}', "would have to be fetched", id="remote DTD"),
        pytest.param("x.rdf", f'<!DOCTYPE rdf:RDF [{" " * 70_000}]>{_RDF}', "longer than", id="long DTD"),
        pytest.param("x.ttl", "<a> <b> .", "not readable", id="broken Turtle"),
        pytest.param("x.ttl.gz", "no gzip", "cannot be read", id="no gzip"),
        pytest.param("x.txt", "", "use --format with one of ttl, n3, jsonld, json, nt", id="unknown name"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        load_file(ox.Store(), tmp_path / name)


def test_short_entities_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.rdf").write_text(f'<!DOCTYPE rdf:RDF [<!ENTITY a "http://e.org/">]>{_RDF}', encoding="utf-8")
    store = ox.Store()
    load_file(store, tmp_path / "x.rdf")
    assert [quad.object.value for quad in store] == ["http://e.org/"]


# ---------------------------------------------------------------- the command


def lod(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def test_the_command_says_what_was_found_and_what_was_not_judged(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(VALID.replace("dcterms:title", "rdfs:label", 1) + "<x> a <http://e.org/T> .", encoding="utf-8")
    result = lod(file)
    assert result.exit_code == 1, result.output
    assert "I01 violation 1: Item has no title." in result.output
    assert "are of classes that no shape is for: http://e.org/T (1)" in result.output


def test_json_csv_and_shacl_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(f"@base <{BASE}> .\n{VALID}\nitem:129504 bibo:doi '10.5072/x' .", encoding="utf-8")
    report = json.loads(lod(file, "--json").stdout)
    found = {row["rule"] for row in report["by_rule"]}
    assert {"D06", "D08"} <= found
    printed = lod(file, "--csv", "-").stdout
    assert {line.split(",")[0] for line in printed.splitlines()[1:]} == found
    assert ITEM in printed
    graph = lod(file, "--shacl").stdout
    assert graph.count("sh:ValidationResult") == len(report["findings"])


def test_exit_codes(tmp_path: Path) -> None:
    good, nothing = tmp_path / "good.ttl", tmp_path / "nothing.ttl"
    good.write_text(VALID, encoding="utf-8")
    nothing.write_text("<a> <b> <c> .", encoding="utf-8")
    assert (lod(good).exit_code, lod(nothing).exit_code) == (0, 1)
    assert "Nothing was judged" in lod(nothing).output
    assert (lod().exit_code, lod(good, "--endpoint", "http://x/").exit_code) == (2, 2)
    assert lod(tmp_path / "no.ttl").exit_code == 3
    assert lod("--endpoint", "http://127.0.0.1:9/sparql").exit_code == 3
    assert lod("--endpoint", "file:///etc/passwd").exit_code == 3


def test_other_shapes_stand_alone(tmp_path: Path) -> None:
    folder, file = tmp_path / "shapes", tmp_path / "a.ttl"
    folder.mkdir()
    (folder / "own.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> ."
        "@prefix bibo: <http://purl.org/ontology/bibo/> . <http://e.org/s> a sh:NodeShape ; sh:targetClass bibo:Journal ;"
        'sh:property [ sh:path dcterms:identifier ; sh:minCount 1 ; sh:severity sh:Violation ; sh:message "X1 No identifier." ] .',
        encoding="utf-8",
    )
    file.write_text(VALID, encoding="utf-8")
    for place in (folder, folder / "own.ttl"):
        report = json.loads(lod(file, "--shapes", place, "--json").stdout)
        assert [(row["rule"], row["count"]) for row in report["by_rule"]] == [("X1", 1)]
        assert report["judged"] == 1
