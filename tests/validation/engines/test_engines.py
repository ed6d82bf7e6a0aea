"""The contract of engines: each finds what the shapes say of the cases; a new engine is one more row."""

from __future__ import annotations

from typing import Any

import pytest

from lod.report import Finding
from lod.validation.engines.compiled import run_compiled
from lod.validation.engines.engine import Engine, quiet
from lod.validation.engines.pyshacl import run_pyshacl
from lod.validation.rules.record_index import Names, RecordIndex, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import CODE_RULES, UNREADABLE, check_record
from lod.validation.shapes import Shapes
from tests.helpers.shape_cases import CASES, KEY, TODAY, VALID_CLAIMS, copied, patched, record_of

ENGINES = [pytest.param(run_compiled, id="compiled"), pytest.param(run_pyshacl, id="pyshacl")]
IN_CODE = {rule.id for rule in CODE_RULES}


def readable(mapped, shapes: Shapes) -> RecordIndex | None:
    """Return what an engine is given of a record, None where a rule in code keeps it from engines."""
    names = Names(shapes.vocabulary)
    record = index_claims(mapped, names)
    found = check_record(record, RuleContext(names, shapes.targeted, TODAY, shapes.qualifiers))
    return record if UNREADABLE.isdisjoint(finding.rule for finding in found) else None


@pytest.fixture(scope="module")
def batch(shapes: Shapes) -> list[tuple[dict[str, Any], RecordIndex]]:
    """Each case with its record, with a key of its own."""
    pairs = (
        (case, readable(copied(patched(case), number), shapes)) for number, case in enumerate(CASES["case"], 1295040)
    )
    return [(case, record) for case, record in pairs if record]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


@pytest.fixture(scope="module")
def alone(batch, engine: Engine, shapes: Shapes) -> list[list[Finding]]:
    """The findings about each record."""
    with quiet():
        return [engine(record, shapes) for _, record in batch]


def test_an_engine_finds_nothing_in_the_valid_record(engine: Engine, shapes: Shapes) -> None:
    record = readable(record_of(VALID_CLAIMS), shapes)
    assert record
    assert engine(record, shapes) == []


def test_an_engine_finds_each_case_by_its_shape_and_by_no_other(batch, alone, shapes: Shapes) -> None:
    fails = [(case, found) for (case, _), found in zip(batch, alone, strict=True) if "fails" in case]
    assert sum(case["rule"] not in IN_CODE for case, _ in fails) > 40
    for case, found in fails:
        assert {finding.rule for finding in found} == {case["rule"]} - IN_CODE, case
    for (case, record), found in zip(batch, alone, strict=True):
        assert "fails" in case or case["rule"] not in {finding.rule for finding in found}, case
        for finding in found:
            rule = shapes.rules[finding.rule]
            assert (finding.severity, finding.message, finding.record) == (rule.severity, rule.message, record.key)
            assert finding.focus.startswith("http")
            assert len(finding.value) <= 200
        if case["rule"] not in IN_CODE and "value" in case:
            assert case["value"] in [finding.value.replace(record.key, KEY) for finding in found]
