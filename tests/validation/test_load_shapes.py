"""Shapes are read, checked whole, and refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import SH

from lod import bundled
from lod.errors import ConfigError
from lod.rdf.vocabulary import Vocabulary, load_vocabulary
from lod.validation.shapes import EMAIL_RULES, Shapes, load_shapes

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix rt: <https://w3id.org/lod-repository/> .
@prefix my: <https://w3id.org/lod-repository/shape/> .
"""
GOOD = """my:Own a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:property my:X01 .
my:X01 sh:path dcterms:rightsHolder ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "X01 No holder of rights. Name one." .
"""
NODE = "my:Own a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:property my:X01 .\n"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def _site(folder: Path, text: str, name: str = "own.ttl") -> Path:
    (folder / name).write_text(HEAD + text, encoding="utf-8")
    return folder


def _faults(folder: Path, vocabulary: Vocabulary) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_shapes([bundled.SHAPES, folder], vocabulary)
    return list(caught.value.faults)


def test_a_file_of_the_site_is_added(tmp_path: Path, vocabulary: Vocabulary, shapes: Shapes) -> None:
    own = load_shapes([bundled.SHAPES, _site(tmp_path, GOOD)], vocabulary)
    assert own.rules.keys() - shapes.rules.keys() == {"X01"}
    assert own.rules["X01"].severity == "warning"
    assert own.fingerprint != shapes.fingerprint


def test_a_file_of_the_same_name_replaces_the_bundled_one(tmp_path: Path, vocabulary: Vocabulary) -> None:
    own = load_shapes([bundled.SHAPES, _site(tmp_path, GOOD, "item.ttl")], vocabulary)
    assert "X01" in own.rules
    assert "I01" not in own.rules


def test_the_fingerprint_is_that_of_the_contents(vocabulary: Vocabulary, shapes: Shapes) -> None:
    again = load_shapes([bundled.SHAPES], vocabulary)
    assert again.fingerprint == shapes.fingerprint
    assert len(again.fingerprint) == 64
    assert load_shapes([bundled.SHAPES], vocabulary, without=EMAIL_RULES).fingerprint != again.fingerprint


def test_iris_follow_the_namespace_of_the_site() -> None:
    own = load_shapes([bundled.SHAPES], load_vocabulary("https://example.org/words#"))
    targets = {str(target) for target in own.graph.objects(None, SH.targetClass)}
    assert "https://example.org/words#RepositoryItem" in targets
    assert not any("w3id.org/lod-repository" in str(term) for triple in own.graph for term in triple)
    assert "rt:RepositoryItem" in own.targeted


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "own.ttl").write_bytes(b"\xef\xbb\xbf" + (HEAD + GOOD).replace("\n", "\r\n").encode())
    assert "X01" in load_shapes([bundled.SHAPES, tmp_path], vocabulary).rules


def test_bundled_shapes_look_at_named_properties_only(shapes: Shapes) -> None:
    assert shapes.predicates is not None
    assert "http://purl.org/dc/terms/title" in shapes.predicates


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("my:Own a sh:NodeShape", "own.ttl: no Turtle", id="does not parse"),
        pytest.param("", "own.ttl: holds no shape", id="empty"),
        pytest.param(
            GOOD.replace("sh:minCount", "sh:mincount"),
            "rt:shape/X01: unknown term sh:mincount; did you mean sh:minCount?",
            id="misspelt constraint",
        ),
        pytest.param(
            GOOD.replace("sh:targetClass", "sh:targetclass"), "did you mean sh:targetClass?", id="misspelt target"
        ),
        pytest.param(
            GOOD.replace("sh:targetClass rt:RepositoryItem ;", ""),
            "rt:shape/Own: no target, and no shape refers to it, so it never runs; add sh:targetClass",
            id="no target",
        ),
        pytest.param(
            NODE,
            "rt:shape/Own: refers to rt:shape/X01, which no file describes",
            id="reference to nothing",
        ),
        pytest.param(
            GOOD.replace("sh:Warning", "sh:Warnung"), "unknown term sh:Warnung; did you mean sh:Warning?", id="severity"
        ),
        pytest.param(
            GOOD.replace("sh:Warning", '"warning"'),
            "rt:shape/X01: sh:severity is 'warning'; it takes sh:Violation, sh:Warning or sh:Info",
            id="severity as text",
        ),
        pytest.param(
            GOOD.replace("minCount 1", 'minCount "1"'),
            "rt:shape/X01: sh:minCount is '1'; it takes a whole number",
            id="count as text",
        ),
        pytest.param(
            GOOD.replace("dcterms:rightsHolder", "dcterms:rightsholder"),
            "rt:shape/X01: dcterms:rightsholder is no known vocabulary term; did you mean dcterms:rightsHolder?",
            id="misspelt property",
        ),
        pytest.param(
            GOOD.replace("dcterms:rightsHolder", "( dcterms:publisher [ sh:oneOrMorePath bibo:Holder ] )"),
            "bibo:Holder is no known vocabulary term",
            id="unknown property inside a path",
        ),
        pytest.param(
            GOOD.replace("sh:minCount 1", "sh:in ( bibo:ConferencePaper )"),
            "bibo:ConferencePaper is no known vocabulary term",
            id="unknown class in a list",
        ),
        pytest.param(
            GOOD.replace("sh:minCount 1", 'sh:pattern "("'),
            "rt:shape/X01: sh:pattern '(' is no regular expression",
            id="pattern",
        ),
        pytest.param(
            GOOD.replace("sh:minCount 1", 'sh:pattern "^(a+)+$"'),
            "rt:shape/X01: sh:pattern '^(a+)+$' is slow: a value that repeats 'a' keeps it busy for more than a second; leave out '.*'",
            id="slow pattern",
        ),
        pytest.param(
            GOOD.replace("X01 No", "D12 No"),
            "rt:shape/X01: rule D12 is one in code; choose another id",
            id="rule of another",
        ),
        pytest.param(
            GOOD.replace("X01 No", "I01 No"),
            "rule I01 is a ",
            id="one rule with two severities",
        ),
        pytest.param(
            GOOD.replace("sh:minCount 1", "sh:rule [ sh:object 1 ]"),
            "unknown term sh:rule",
            id="what is not run here",
        ),
        pytest.param(
            GOOD + ' rt:Q sh:targetClass bibo:Book ; sh:sparql [ sh:select "SELECT $this WHERE" ] .',
            "Q: sh:sparql: the query cannot be read: ",
            id="a query that cannot be read",
        ),
        pytest.param(
            GOOD
            + ' rt:Q sh:targetClass bibo:Book ; sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> { $this ?p 1 } }" ] .',
            "Q: sh:sparql: a query of a shape may not have SERVICE",
            id="a query that goes elsewhere",
        ),
        pytest.param(
            GOOD + " rt:Q sh:targetClass bibo:Book ; sh:sparql [ ] .",
            "Q: sh:sparql: it needs exactly one query (sh:select)",
            id="no query",
        ),
        pytest.param(
            GOOD.replace("sh:path dcterms:rightsHolder ;", ""), "rt:shape/X01 needs exactly one sh:path", id="no path"
        ),
        pytest.param(
            GOOD.replace("sh:minCount", "<http://www.w3.org/ns/shacl/minCount>"),
            "http://www.w3.org/ns/shacl/minCount is no property of shapes",
            id="another namespace",
        ),
    ],
)
def test_a_fault_names_file_shape_and_way_out(text: str, told: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    faults = _faults(_site(tmp_path, text) if text else tmp_path, vocabulary) if text else None
    if faults is None:
        (tmp_path / "own.ttl").write_text("# nothing\n", encoding="utf-8")
        faults = _faults(tmp_path, vocabulary)
    assert any(told in fault and "own.ttl" in fault for fault in faults), faults


def test_every_fault_is_told_at_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    _site(tmp_path, GOOD.replace("sh:minCount", "sh:mincount"), "a.ttl")
    _site(tmp_path, "my:Other a sh:NodeShape", "b.ttl")
    faults = _faults(tmp_path, vocabulary)
    assert {name for name in ("a.ttl", "b.ttl") if any(name in fault for fault in faults)} == {"a.ttl", "b.ttl"}


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert _faults(tmp_path / "none", vocabulary) == [f"{tmp_path / 'none'}: no such file or folder of shapes"]


def test_no_shapes_at_all_is_a_fault(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(ConfigError, match="no shapes at all"):
        load_shapes([tmp_path], vocabulary)


def test_a_rule_to_leave_out_must_exist(vocabulary: Vocabulary) -> None:
    with pytest.raises(ConfigError, match="rule 'Z99' is to be left out, and there is no such rule"):
        load_shapes([bundled.SHAPES], vocabulary, without={"Z99"})


@pytest.mark.slow
def test_the_shapes_are_valid_shacl(shapes: Shapes) -> None:
    import pyshacl
    import rdflib

    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes.graph, meta_shacl=True)
    assert conforms, text


def test_every_message_says_what_to_do(shapes: Shapes) -> None:
    for rule in shapes.rules.values():
        assert len(rule.message) >= 60, rule
        assert rule.message.count(". ") + rule.message.count(": ") >= 1, rule


FOREIGN = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/s#> .
"""


def _foreign(folder: Path, text: str) -> Shapes:
    (folder / "own.ttl").write_text(FOREIGN + text, encoding="utf-8")
    return load_shapes([folder], load_vocabulary())


@pytest.mark.parametrize(
    ("text", "rule", "severity", "message"),
    [
        pytest.param(
            "ex:S sh:targetSubjectsOf dct:title ; sh:property [ sh:path dct:title ; sh:uniqueLang true ] .",
            "S-title",
            "violation",
            "The shape https://example.org/s#S (dcterms:title) asks for at most one value in each language. "
            "Correct the value at its source.",
            id="a property without a name",
        ),
        pytest.param(
            "ex:Title a sh:PropertyShape ; sh:targetClass ex:Book ; sh:path dct:title ; sh:minCount 1 ; sh:maxCount 1 ; "
            'sh:name "title" ; sh:severity sh:Info ; sh:datatype <http://www.w3.org/2001/XMLSchema#string> .',
            "Title",
            "info",
            "The shape title (https://example.org/s#Title) asks for at least 1 of its values; at most 1 of its values; values of "
            "the datatype xsd:string. Correct the value at its source.",
            id="several constraints",
        ),
        pytest.param(
            '[] sh:targetClass ex:Book ; sh:path dct:title ; sh:in ( "a" ex:b ) ; sh:or ( [ sh:minLength 3 ] [ sh:class ex:C ] ) .',
            "Book-title",
            "violation",
            "The shape a shape without a name (dcterms:title) asks for one of 'a', https://example.org/s#b; what fits one or more "
            "of (values of at least 3 characters), (values that are a https://example.org/s#C). Correct the value at its source.",
            id="no name at all",
        ),
        pytest.param(
            'ex:S sh:targetClass ex:Book ; sh:closed true ; sh:message "Zu viel."@de , "Too much."@en .',
            "S",
            "violation",
            "Too much.",
            id="messages in two languages",
        ),
        pytest.param(
            'ex:S sh:targetClass ex:Book ; sh:sparql [ sh:message "No: {?value}" ; sh:select "SELECT $this WHERE { $this ?p 1 }" ] .',
            "S",
            "violation",
            "No: {?value}",
            id="a query",
        ),
    ],
)
def test_a_shape_without_message_rule_or_severity_gets_them(
    text: str, rule: str, severity: str, message: str, tmp_path: Path
) -> None:
    made = _foreign(tmp_path, text).rules[rule]
    assert (made.id, made.severity, made.message) == (rule, severity, message)


def test_shapes_of_one_name_are_numbered_alike_in_each_run(tmp_path: Path) -> None:
    text = "ex:S sh:targetClass ex:Book ; sh:property [ sh:path dct:title ; sh:minCount 1 ] , [ sh:path dct:title ; sh:maxCount 2 ] ."
    for _ in range(3):
        rules = _foreign(tmp_path, text).rules
        assert ("at least 1" in rules["S-title"].message, "at most 2" in rules["S-title-2"].message) == (True, True)


def test_a_rule_whose_id_is_made_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(FOREIGN + "ex:S sh:targetClass ex:Book ; sh:closed true .")
    shapes = load_shapes([tmp_path], load_vocabulary(), without=["S"])
    assert list(shapes.graph.objects(None, SH.deactivated))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ex:S sh:targetClass ex:B ; sh:rule [ sh:predicate dct:title ] .", id="rule"),
        pytest.param('ex:S sh:target [ sh:select "SELECT ?this {}" ] ; sh:closed true .', id="target by query"),
        pytest.param("ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:p ] .", id="constraint component"),
        pytest.param("ex:S sh:targetClass ex:B ; sh:js ex:j .", id="script"),
    ],
)
def test_what_is_not_run_is_refused_by_name_and_never_skipped(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _foreign(tmp_path, text)
    assert any(
        "unknown term sh:" in fault and "only SHACL Core and queries (sh:sparql) are run here" in fault
        for fault in caught.value.faults
    )


def test_annotations_and_terms_of_any_vocabulary_are_taken(tmp_path: Path) -> None:
    text = (
        'ex:S sh:targetClass ex:Book ; ex:editor "x" ; sh:property [ sh:path ex:shelf ; sh:minCount 1 ; ex:note "y" ] .'
    )
    assert "S-shelf" in _foreign(tmp_path, text).rules
