"""Findings become a SHACL validation report without blank nodes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, Literal, URIRef

from lod.report import Finding, Severity
from lod.validation.report_graph import report_changes, report_graph, report_triples, result_iri, to_turtle
from lod.validation.shapes import Shapes
from lod.validation.validate import validate
from tests.helpers.shape_cases import BASE, KEY, TODAY, patched

REPORT = URIRef(f"{BASE}data/report")
FINDING = Finding(
    rule="I17",
    severity=Severity.WARNING,
    message="No date of issue, or several.",
    record=KEY,
    value="2010 | 2011",
    focus=f"{BASE}id/item/{KEY}",
    path="http://purl.org/dc/terms/issued",
)


def test_a_result_says_what_the_finding_says() -> None:
    graph = report_graph([FINDING], BASE)
    (result,) = graph.objects(REPORT, SH.result)
    assert str(result).startswith(f"{BASE}data/report#I17-")
    assert {
        (predicate, object_) for predicate, object_ in graph.predicate_objects(result) if predicate != RDF.type
    } == {
        (SH.focusNode, URIRef(FINDING.focus)),
        (SH.resultPath, URIRef(FINDING.path)),
        (SH.value, Literal("2010 | 2011")),
        (SH.resultMessage, Literal("No date of issue, or several.")),
        (SH.resultSeverity, SH.Warning),
        (SH.sourceShape, URIRef("https://w3id.org/lod-repository/rule/I17")),
        (SH.sourceConstraintComponent, URIRef("https://w3id.org/lod-repository/rule/I17")),
    }
    assert graph.value(REPORT, SH.conforms) == Literal(False)


def test_no_findings_conform() -> None:
    graph = report_graph([], BASE)
    assert graph.value(REPORT, SH.conforms) == Literal(True)
    assert len(graph) == 2


def test_any_result_is_a_result_whatever_its_severity() -> None:
    graph = report_graph([Finding("R07", Severity.INFO, "No date.", record=KEY)], BASE)
    assert graph.value(REPORT, SH.conforms) == Literal(False)


FINDINGS = [
    Finding(rule, severity, f"{rule} message", record=record, value=value)
    for rule, severity in (("I17", Severity.WARNING), ("D01", Severity.VIOLATION))
    for record in ("", KEY)
    for value in ("", "2010", "2011")
]


@given(st.sets(st.sampled_from(FINDINGS)), st.sets(st.sampled_from(FINDINGS)))
def test_the_difference_of_two_reports_leads_from_one_to_the_other(old: set[Finding], new: set[Finding]) -> None:
    differing = [(finding, finding in new) for finding in old ^ new]
    changes = list(report_changes(differing, not old, not new, BASE))
    before, after = set(report_triples(old, BASE)), set(report_triples(new, BASE))
    removed = {triple for triple, is_added in changes if not is_added}
    added = {triple for triple, is_added in changes if is_added}
    assert removed <= before
    assert not added & before
    assert before - removed | added == after


def test_the_place_of_a_finding_is_not_part_of_its_name() -> None:
    assert result_iri(replace(FINDING, place="a.csv, row 2"), BASE) == result_iri(FINDING, BASE)


def test_the_same_finding_twice_is_one_result_and_has_the_same_iri_in_every_report() -> None:
    assert len(list(report_graph([FINDING, FINDING], BASE).objects(REPORT, SH.result))) == 1
    assert result_iri(FINDING, BASE) == result_iri(FINDING, BASE)


@pytest.mark.parametrize(
    ("finding", "focus"),
    [
        pytest.param(
            Finding("no-key", Severity.VIOLATION, "no-key No handle.", record="row 3 of a b.csv"),
            f"{BASE}data/item/row%203%20of%20a%20b.csv",
            id="a record without resource",
        ),
        pytest.param(Finding("x", Severity.INFO, "x"), f"{BASE}data/report", id="neither record nor resource"),
        pytest.param(
            Finding("G01", Severity.VIOLATION, "Invalid IRI.", record=KEY, focus="a b", path="no iri"),
            f"{BASE}data/item/{KEY}",
            id="a resource that is no IRI",
        ),
    ],
)
def test_every_result_has_a_focus_node(finding: Finding, focus: str) -> None:
    graph = report_graph([finding], BASE)
    assert [str(node) for node in graph.objects(None, SH.focusNode)] == [focus]


def test_odd_texts_are_written_and_read_back() -> None:
    finding = Finding("X01", Severity.INFO, 'X01 \ud800 \x00 " \\ \n', record=KEY, value="\udfff 'x'")
    graph = rdflib.Graph().parse(data=to_turtle([finding], BASE), format="turtle")
    assert [str(value) for value in graph.objects(None, SH.value)] == ["? 'x'"]
    assert [str(text) for text in graph.objects(None, SH.resultMessage)] == ['X01 ? \x00 " \\ \n']


def test_findings_of_a_record_make_a_report_without_blank_nodes(shapes: Shapes) -> None:
    findings = validate(
        [patched({"remove": ["item:129504 dcterms:title *", "item:129504 bibo:authorList *"]})], shapes, today=TODAY
    )
    triples = list(report_triples(findings, BASE))
    assert not any(term.startswith("_:") for triple in triples for term in triple)
    graph = rdflib.Graph().parse(data=to_turtle(findings, BASE), format="turtle")
    assert {str(shape).rpartition("/")[2] for shape in graph.objects(None, SH.sourceShape)} == {"I01", "I16"}
    assert set(graph.subjects(RDF.type, SH.ValidationReport)) == {REPORT}
