"""The pure half of a run: batches of records in, outcomes out, the same in any process and in any batch."""

import ast
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import lod.publish.judge as module
from lod.publish.judge import KeyedRecord, judge
from lod.record import Record, Value
from lod.report import Severity
from tests.helpers.paths import ROOT

MOMENT = "2026-11-23T00:00:00Z"
TITLES = ("A study of lupus", "", "UNTITLED", "Write to ann@example.org", "\ud83d", "x" * 3_000)


def keyed(number: int) -> KeyedRecord:
    """One of many records that share journals and people, and of which some are refused."""
    fields = [
        Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"),
        Value("dc.title", TITLES[number % len(TITLES)] or "A", "en" if number % 4 else "en_"),
        Value("dc.contributor.author", f"Lu, {'LMN'[number % 3]}", authority=f"rp{number % 5}"),
        Value("dc.relation.ispartof", ("Annals of the Rheumatic Diseases", "The Lancet")[number % 2]),
        Value("dc.identifier.issn", "0003-4967"),
        Value("dc.date.issued", str(2000 + number * 3)),
    ]
    if number % 6 != 1:
        fields.append(Value("dc.type", "Article"))
    else:
        del fields[1]
    return KeyedRecord(f"1/{number}", Record("/data/a.csv", f"a.csv, row {number}", tuple(fields)))


@pytest.fixture(scope="module")
def batch():
    # The last one has lost its key: it is refused before it is mapped.
    return [*(keyed(number) for number in range(1, 60)), KeyedRecord("1/99", Record("/data/a.csv", "row 99", ()))]


@pytest.fixture(scope="module")
def outcomes(batch, crosswalk, shapes):
    return judge(batch, crosswalk, shapes, MOMENT)


def test_an_outcome_is_published_with_its_claims_or_refused_with_a_violation(batch, outcomes):
    assert len(outcomes) == len(batch)
    published = [outcome for outcome in outcomes if outcome.mapped]
    assert 10 < len(published) < len(batch) - 10
    for record, outcome in zip(batch, outcomes, strict=True):
        violations = [finding for finding in outcome.findings if finding.severity is Severity.VIOLATION]
        assert bool(violations) is (outcome.mapped is None)
        assert {finding.place for finding in outcome.findings} <= {record.record.place}
        if outcome.mapped:
            assert outcome.mapped.key == record.key
            assert outcome.mapped.claims
            assert outcome.entries
        else:
            assert outcome.entries == ()
    assert [finding.rule for finding in outcomes[-1].findings] == ["no-key"]


@pytest.mark.parametrize("size", [1, 7, 500])
def test_outcomes_are_the_same_in_batches_of_any_size(size, batch, outcomes, crosswalk, shapes):
    parts = [batch[start : start + size] for start in range(0, len(batch), size)]
    assert [outcome for part in parts for outcome in judge(part, crosswalk, shapes, MOMENT)] == outcomes


def test_another_process_gives_the_same_outcomes(batch, outcomes, crosswalk, shapes):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(judge, batch, crosswalk, shapes, MOMENT).result(timeout=120)
    assert there == outcomes


def test_years_are_compared_with_the_moment_of_the_run_and_not_with_the_clock(crosswalk, shapes):
    values = [value for value in keyed(6).record.values if value.field != "dc.date.issued"]
    record = KeyedRecord("1/6", Record("s", "row 1", (*values, Value("dc.date.issued", "2040-01-01"))))
    for moment, rules in (("2026-11-23T00:00:00Z", {"I20"}), ("2040-11-23T00:00:00Z", set())):
        (outcome,) = judge([record], crosswalk, shapes, moment)
        assert {finding.rule for finding in outcome.findings} & {"I20"} == rules


def test_judging_reaches_no_store_no_site_and_no_clock():
    names, waiting = set(), ["lod.publish.judge"]
    while waiting:
        name = waiting.pop()
        path = ROOT / f"{name.replace('.', '/')}.py"
        if name in names or not path.exists():
            continue
        names.add(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
    assert "lod.validation.engines.pyshacl" in names
    assert not [name for name in names if name.startswith(("lod.store", "lod.site", "lod.harvest", "lod.remote"))]
    assert not {"datetime", "time"} & set(vars(module))


def test_a_check_that_fails_on_a_guess_costs_the_guess_and_not_the_record(crosswalk, shapes):
    sentence = "Molecular Biology of Examples 2015, 26(17), 2791-2785. doi: 10.5555/mbc.1"
    pairs = [
        ("dc.identifier.uri", "http://hdl.handle.net/1/2"),
        ("dc.title", "Screens of examples"),
        ("dc.type", "Article"),
        ("dc.date.issued", "2015"),
        ("dc.identifier", sentence),
    ]
    record = Record("/data/a.csv", "a.csv, row 2", tuple(Value(*pair) for pair in pairs))
    (outcome,) = judge([KeyedRecord("1/2", record)], crosswalk, shapes, MOMENT)
    assert outcome.mapped is not None
    assert outcome.mapped.guessed == frozenset()
    assert not any("pageEnd" in line for line in outcome.mapped.claims)
    assert any(sentence in line for line in outcome.mapped.claims)
    (warning,) = [finding for finding in outcome.findings if finding.rule == "guess"]
    assert (warning.severity, warning.field, warning.value) == (Severity.WARNING, "dc.identifier", sentence)
    assert warning.message.startswith(
        "What was guessed of the value was left out, since it fails C10: Pages out of order"
    )
