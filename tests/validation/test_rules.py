"""Each rule catches what it is for, nothing else does, and the valid record passes."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from lod.mapping.record.apply import map_record
from lod.record import Record, Value
from lod.validation.rules.record_index import Names, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import CODE_RULES
from lod.validation.rules.whole_store import WHOLE_RULES
from lod.validation.shapes import Shapes
from lod.validation.validate import validate
from tests.helpers.mutants import mutants
from tests.helpers.paths import ROOT
from tests.helpers.shape_cases import CASES, DATA, SERIAL, TODAY, VALID_CLAIMS, found, patched, record_of, variant

FAILING = [case for case in CASES["case"] if "fails" in case]
PASSING = [case for case in CASES["case"] if "passes" in case]


def _name(case: dict[str, Any]) -> str:
    return f"{case['rule']} {case.get('fails') or case['passes']}"


def test_there_are_cases() -> None:
    assert len(FAILING) > 100
    assert len(PASSING) > 20


def test_the_valid_record_raises_nothing(shapes: Shapes) -> None:
    assert validate([record_of(VALID_CLAIMS)], shapes, today=TODAY) == []


def test_every_rule_has_a_failing_example(shapes: Shapes) -> None:
    assert {case["rule"] for case in FAILING} == shapes.rules.keys() - WHOLE_RULES.keys()


def test_every_rule_has_a_passing_example(shapes: Shapes) -> None:
    assert {case["rule"] for case in PASSING} | set(CASES["exercised"]) == shapes.rules.keys() - WHOLE_RULES.keys()


MODEL: dict[str, str] = dict(line.split(",") for line in (DATA / "rules.csv").read_text(encoding="utf-8").split()[1:])

# Rules that only several records can break: a record beside which the last one passes, and those that break the rule.
SAME_HANDLE = record_of([claim.replace('"10722/2"', '"10722/1"') for claim in variant(2).claims], "10722/2")
_ANOTHER_SPELLING = [
    variant(number, extra=f'item:{number} dcterms:publisher <urn:{number}> . <urn:{number}> foaf:name "{name}" .')
    for number, name in ((2, "Elsevier"), (3, "Elsevier B.V."))
]
WHOLE_STORE = {
    "A10": _ANOTHER_SPELLING,
    "A07": [variant(2), variant(3, surname="Lü")],
    "C05i": [variant(2), variant(3, title="Ann Rheum Dis")],
    "C05w": [variant(2), variant(3, title="Arthritis and Rheumatism")],
    "C22": [variant(2, extra=f"{SERIAL} a bibo:Series .")],
    "D04": [SAME_HANDLE],
    "D04w": [variant(2, extra="item:2 schema:sameAs <https://hdl.handle.net/10722/1> .")],
    "D07": [variant(2, "10.1136/ard.1")],
    "G07": [variant(2, extra="item:2 dcterms:references item:7 .")],
}
SOURCE_FIELDS = {"A08"}  # seen by the mapping alone


def test_the_model_has_its_113_rules() -> None:
    assert len(MODEL) == 113
    assert Counter(MODEL.values()) == {"violation": 63, "warning": 41, "info": 9}


def test_every_rule_of_the_model_is_there_with_its_severity(shapes: Shapes) -> None:
    found = {name: shapes.rules[name].severity.value for name in MODEL if name in shapes.rules}
    # C05 stands for the violation, its parts C05i and C05w for what only several records show.
    assert {**found, "A08": "warning"} == MODEL


def test_no_rule_of_the_model_is_without_examples(shapes: Shapes) -> None:
    everywhere = WHOLE_STORE.keys() | SOURCE_FIELDS
    assert set(MODEL) <= {case["rule"] for case in FAILING} | everywhere
    assert set(MODEL) <= {case["rule"] for case in PASSING} | set(CASES["exercised"]) | everywhere
    assert WHOLE_STORE.keys() == WHOLE_RULES.keys()


@pytest.mark.parametrize("name", WHOLE_STORE)
def test_what_several_records_say_is_caught_by_its_rule_and_by_no_other(name: str) -> None:
    assert found([variant(1), variant(4)]) == []
    findings = found([variant(1), *WHOLE_STORE[name]])
    assert {(finding.rule, finding.severity) for finding in findings} == {(name, WHOLE_RULES[name].severity)}


def test_an_entry_of_authorities_that_matches_no_author_is_caught_and_one_that_does_is_not(crosswalk) -> None:
    def rules(*pairs: tuple[str, str]) -> set[str]:
        values = (*(Value(*pair) for pair in pairs), Value("dc.identifier.uri", "http://hdl.handle.net/1/2"))
        found = map_record(Record("s", "s.csv, row 2", values), crosswalk, "2026-11-23T00:00:00Z").findings
        return {finding.rule for finding in found if finding.severity == "warning" and finding.field}

    author = ("dc.contributor.author", "Lu, L")
    assert rules(author, ("dc.identifier.authority", "Lu, L=rp00477")) == set()
    assert rules(author, ("dc.identifier.authority", "Hua, B=rp1")) == {"A08"}


def test_the_model_beside_this_checkout_says_the_same(shared: Path) -> None:
    text = (shared / "model" / "rules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][0-9]{2})\*? \|.*\| (Violation|Warning|Info) \|", text, re.MULTILINE)
    assert {name: severity.lower() for name, severity in rows} == MODEL


def test_every_rule_has_its_row_in_the_documentation(shapes: Shapes) -> None:
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    in_code = {rule.id for rule in CODE_RULES}
    for rule in shapes.rules.values():
        place = "whole store" if rule.id in WHOLE_RULES else "code" if rule.id in in_code else "shape"
        row = f"| {rule.id} | {rule.severity} | {place} | {rule.message} |"
        assert row in text, row
    shapes_ = [name for name in MODEL if name in shapes.rules and name not in in_code | WHOLE_RULES.keys()]
    assert (
        f"Of the 113 rules of the model {len(shapes_)} are shapes, {len(in_code & MODEL.keys())} rules in code, "
        f"{len(WHOLE_RULES.keys() & MODEL.keys())} look at the whole store, and A08 is seen by the mapping."
    ) in text


def test_rules_in_code_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in CODE_RULES}) == len(CODE_RULES)


@pytest.mark.parametrize("case", FAILING, ids=_name)
def test_a_fault_is_caught_by_its_rule_and_by_no_other(case: dict[str, Any], shapes: Shapes) -> None:
    findings = validate([patched(case)], shapes, today=TODAY)
    assert {finding.rule for finding in findings} == {case["rule"]}
    rule = shapes.rules[case["rule"]]
    for finding in findings:
        assert (finding.severity, finding.message, finding.record) == (rule.severity, rule.message, "10722/129504")
        assert not finding.message.startswith(rule.id)
        assert len(finding.value) <= 200
        assert finding.focus.startswith("http")
    if "value" in case:
        assert case["value"] in [finding.value for finding in findings]


@pytest.mark.parametrize("case", PASSING, ids=_name)
def test_what_only_looks_like_a_fault_passes(case: dict[str, Any], shapes: Shapes) -> None:
    assert [finding for finding in validate([patched(case)], shapes, today=TODAY) if finding.rule == case["rule"]] == []


def test_a_rule_finds_nothing_in_a_record_without_what_it_needs(shapes: Shapes) -> None:
    context = RuleContext(Names(shapes.vocabulary), shapes.targeted, TODAY, shapes.qualifiers)
    records = [patched(case) for case in CASES["case"]]
    records += [record_of(claims) for _, claims in islice(mutants(VALID_CLAIMS, shapes), 0, None, 5)]
    rules = [rule for rule in CODE_RULES if rule.needs]
    assert len(rules) > 40
    for rule in rules:
        properties = tuple(f" <{context.names.iri(name)}> " for name in rule.needs)
        records += [
            record_of([line for line in record.claims if not any(property_ in line for property_ in properties)])
            for record in records[:200:20]
        ]
    skipped = set()
    for record in (index_claims(record, context.names) for record in records):
        for rule in rules:
            if record.holders.keys().isdisjoint(rule.needs):
                assert list(rule.check(record, context)) == [], rule.id
                skipped.add(rule.id)
    assert skipped == {rule.id for rule in rules}
