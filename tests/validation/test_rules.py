"""Each rule catches what it is for, nothing else does, and the valid record passes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from shape_cases import CASES, TODAY, VALID_CLAIMS, patched, record_of

from lod.validation.code_rules import CODE_RULES
from lod.validation.shapes import Shapes
from lod.validation.validate import validate
from lod.validation.whole_store import WHOLE_RULES

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


# The one rule that the published graph cannot show, and where it is decided and tested.
ELSEWHERE = {"A08": "the mapping, which sees the source fields: tests/mapping/test_apply.py"}


def test_every_rule_of_the_model_is_there(shapes: Shapes, shared: Path) -> None:
    text = (shared / "model" / "rules.md").read_text(encoding="utf-8")
    ids = re.findall(r"^\| ([A-Z][0-9]{2})\*? \|", text, re.MULTILINE)
    assert len(ids) == 113
    assert set(ids) <= shapes.rules.keys() | ELSEWHERE.keys()


def test_every_rule_of_the_model_has_its_severity(shapes: Shapes, shared: Path) -> None:
    text = (shared / "model" / "rules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][0-9]{2})\*? \|.*\| (Violation|Warning|Info) \|", text, re.MULTILINE)
    assert len(rows) == 113
    differing = [
        name for name, severity in rows if name in shapes.rules and shapes.rules[name].severity != severity.lower()
    ]
    assert differing == []


def test_every_rule_has_its_row_in_the_documentation(shapes: Shapes) -> None:
    text = (Path(__file__).parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    in_code = {rule.id for rule in CODE_RULES}
    for rule in shapes.rules.values():
        place = "whole store" if rule.id in WHOLE_RULES else "code" if rule.id in in_code else "shape"
        row = f"| {rule.id} | {rule.severity} | {place} | {rule.message.removeprefix(f'{rule.id} ')} |"
        assert row in text, row


def test_rules_in_code_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in CODE_RULES}) == len(CODE_RULES)


@pytest.mark.parametrize("case", FAILING, ids=_name)
def test_a_fault_is_caught_by_its_rule_and_by_no_other(case: dict[str, Any], shapes: Shapes) -> None:
    findings = validate([patched(case)], shapes, today=TODAY)
    assert {finding.rule for finding in findings} == {case["rule"]}
    rule = shapes.rules[case["rule"]]
    for finding in findings:
        assert (finding.severity, finding.message, finding.record) == (rule.severity, rule.message, "10722/129504")
        assert finding.message.startswith(f"{rule.id} ")
        assert len(finding.value) <= 200
        assert finding.focus.startswith("http")
    if "value" in case:
        assert case["value"] in [finding.value for finding in findings]


@pytest.mark.parametrize("case", PASSING, ids=_name)
def test_what_only_looks_like_a_fault_passes(case: dict[str, Any], shapes: Shapes) -> None:
    assert [finding for finding in validate([patched(case)], shapes, today=TODAY) if finding.rule == case["rule"]] == []
