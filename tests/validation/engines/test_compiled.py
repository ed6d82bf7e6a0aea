"""Compiled shapes find what pySHACL finds: all of SHACL Core, broken records, real records; what is not compiled is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from lod.errors import BadValueError, SourceError
from lod.mapping.record.apply import map_record
from lod.rdf.vocabulary import Vocabulary, load_vocabulary
from lod.record import Record
from lod.report import Finding
from lod.sources import SourceFile, find_files
from lod.validation.engines.compiled import left_to_pyshacl, run_compiled
from lod.validation.engines.engine import UNVALIDATED, quiet
from lod.validation.engines.pyshacl import run_pyshacl
from lod.validation.rules.record_index import Names, RecordIndex, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import UNREADABLE, check_record
from lod.validation.shapes import Shapes, load_shapes
from tests.helpers.core_shapes import CORE, LEFT, odd_records
from tests.helpers.mutants import mutants
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.sampling import sampled
from tests.helpers.shape_cases import TODAY, VALID_CLAIMS, record_of

MOMENT = "2026-11-23T00:00:00Z"
SAMPLE_RECORDS = 8
NEVER = {"nodeKind IRIOrLiteral", "minLength 0"}
"""Shapes that no value breaks."""
ALWAYS = {"target: node", "target: texts", "target: a text that records have", "target: several"}
"""Shapes that every record breaks."""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def odd(vocabulary: Vocabulary) -> list[RecordIndex]:
    return _indexed(odd_records(40), vocabulary)


def _indexed(records, vocabulary: Vocabulary) -> list[RecordIndex]:
    names = Names(vocabulary)
    return [index_claims(record, names) for record in records]


def _own(text: str, folder: Path, vocabulary: Vocabulary) -> Shapes:
    (folder / "own.ttl").write_text(text, encoding="utf-8")
    return load_shapes([folder], vocabulary)


def _assert_same(records: list[RecordIndex], shapes: Shapes) -> list[list[Finding]]:
    """Assert that both engines find the same in each record, and return it."""
    with quiet():
        compiled = [run_compiled(record, shapes) for record in records]
        reference = [run_pyshacl(record, shapes) for record in records]
    for record, found, wanted in zip(records, compiled, reference, strict=True):
        assert _without_reasons(found) == _without_reasons(wanted), record.key
    return compiled


def _without_reasons(findings: list[Finding]) -> list[Finding]:
    """Return findings without the text of what was raised: which of several comparisons raises first is chance."""
    return [replace(finding, value="") if finding.rule == UNVALIDATED else finding for finding in findings]


# ---------------------------------------------------------------- SHACL Core


@pytest.mark.parametrize("name", sampled(CORE, 4))
def test_each_part_of_shacl_core_is_compiled_and_finds_what_pyshacl_finds(
    name: str, odd: list[RecordIndex], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    shapes = _own(CORE[name], tmp_path, vocabulary)
    assert left_to_pyshacl(shapes) == []
    found = _assert_same(odd, shapes)
    rules = {finding.rule for findings in found for finding in findings} - {UNVALIDATED}
    assert bool(rules) is (name not in NEVER)
    assert all(found) is (name in ALWAYS)


@pytest.mark.parametrize("name", LEFT)
def test_what_cannot_be_compiled_is_told_and_judged_by_pyshacl(
    name: str, odd: list[RecordIndex], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text, reason = LEFT[name]
    shapes = _own(text, tmp_path, vocabulary)
    assert left_to_pyshacl(shapes) == [f"rt:Own: {reason}"]
    found = _assert_same(odd[:10], shapes)
    assert any(found) is (name != "a shape that refers to itself")


def test_one_shape_that_cannot_be_compiled_leaves_the_others_compiled(
    odd: list[RecordIndex], tmp_path: Path, vocabulary: Vocabulary
) -> None:
    (tmp_path / "other.ttl").write_text(
        CORE["maxCount 0"].replace("rt:Own", "rt:Other").replace("X01", "X03"), encoding="utf-8"
    )
    shapes = _own(LEFT["SPARQL"][0], tmp_path, vocabulary)
    assert left_to_pyshacl(shapes) == ["rt:Own: sh:sparql"]
    rules = Counter(finding.rule for findings in _assert_same(odd[:10], shapes) for finding in findings)
    assert rules.keys() == {"X01", "X03"}


def test_a_comparison_that_raises_costs_the_record_whatever_else_it_breaks(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    shapes = _own(CORE["lessThan"], tmp_path, vocabulary)
    start = "<https://example.org/n1> <https://w3id.org/lod-repository/"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    record = record_of(
        [
            f"<https://example.org/n1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{vocabulary.namespace}T> .",
            f'{start}p> "b" .',
            f'{start}p> "1.5"^^<{xsd}decimal> .',
            f'{start}r> "NaN"^^<{xsd}double> .',
            f'{start}r> "5"^^<{xsd}integer> .',
        ]
    )
    ((finding,),) = _assert_same(_indexed([record], vocabulary), shapes)
    assert (finding.rule, finding.value) == (UNVALIDATED, "InvalidOperation: [<class 'decimal.InvalidOperation'>]")


def test_a_property_whose_iri_looks_like_a_prefixed_name_is_another_property(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    shapes = _own(CORE["minCount"], tmp_path, vocabulary)
    typed = f"<https://example.org/n1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{vocabulary.namespace}T> ."
    record = record_of([typed, '<https://example.org/n1> <rt:p> "b" .'])
    ((finding,),) = _assert_same(_indexed([record], vocabulary), shapes)
    assert (finding.rule, finding.path) == ("X01", f"{vocabulary.namespace}p")


@pytest.mark.parametrize("text", ['"a"', "<p>a</p>", "<a>"])
def test_a_finding_repeats_a_text_that_looks_like_a_term_as_it_is(
    text: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    shapes = _own(CORE["datatype integer"], tmp_path, vocabulary)
    record = record_of(
        [
            f"<https://example.org/n1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{vocabulary.namespace}T> .",
            "<https://example.org/n1> <https://w3id.org/lod-repository/p> " + '"' + text.replace('"', '\\"') + '" .',
        ]
    )
    ((finding,),) = _assert_same(_indexed([record], vocabulary), shapes)
    assert finding.value == text


@pytest.mark.slow
@pytest.mark.parametrize("name", CORE)
def test_many_odd_records_break_what_they_break_for_pyshacl(name: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    _assert_same(_indexed(odd_records(60, seed=11), vocabulary), _own(CORE[name], tmp_path, vocabulary))


# ---------------------------------------------------------------- the bundled shapes


def test_every_bundled_shape_is_compiled(shapes: Shapes) -> None:
    assert left_to_pyshacl(shapes) == []


def _mutants(shapes: Shapes, every: int = 1) -> list[RecordIndex]:
    broken = {tuple(claims): name for name, claims in mutants(VALID_CLAIMS, shapes)}
    assert len(broken) > 5_000
    chosen = list(broken.items())[::every]
    return _indexed([record_of(list(claims), name) for claims, name in chosen], shapes.vocabulary)


@pytest.mark.slow
def test_broken_records_break_what_they_break_for_pyshacl(shapes: Shapes) -> None:
    found = _assert_same(_mutants(shapes, every=47), shapes)
    assert len({finding.rule for findings in found for finding in findings}) > 20


@pytest.mark.slow
def test_every_broken_record_breaks_what_it_breaks_for_pyshacl(shapes: Shapes, request: pytest.FixtureRequest) -> None:
    whole = request.config.getoption("--every-record")
    found = _assert_same(_mutants(shapes, every=1 if whole else 3), shapes)
    unbroken = {*shapes.rule_of.values()} - {finding.rule for findings in found for finding in findings}
    assert len(unbroken) <= (0 if whole else 5)


# ---------------------------------------------------------------- real records


def _real_files() -> list:
    if not SHARED_FOLDER.is_dir():
        absent = pytest.mark.skip(reason="the folder 'shared' with real data is not there")
        return [pytest.param(None, None, marks=absent, id="no-shared-data")]
    pairs = find_files(SHARED_FOLDER / "data")[0]
    assert len(pairs) > 50
    return [pytest.param(*pair, id=pair[0].name) for pair in pairs]


def _records_of(path: Path, source_format, crosswalk, shapes: Shapes, limit: int | None) -> list[RecordIndex]:
    names = Names(shapes.vocabulary)
    context = RuleContext(names, shapes.targeted, TODAY, shapes.qualifiers)
    records = []
    for item in islice(source_format.read(SourceFile(path.resolve()), crosswalk.settings), limit):
        if isinstance(item, Record) and not item.about:
            try:
                record = index_claims(map_record(item, crosswalk, MOMENT), names)
            except BadValueError:
                continue  # no key
            if UNREADABLE.isdisjoint(finding.rule for finding in check_record(record, context)):
                records.append(record)
    return records


@pytest.mark.slow
@pytest.mark.parametrize(("path", "source_format"), _real_files())
def test_real_records_break_what_they_break_for_pyshacl(
    path: Path, source_format, crosswalk, shapes: Shapes, request: pytest.FixtureRequest
) -> None:
    limit = None if request.config.getoption("--every-record") else SAMPLE_RECORDS
    try:
        records = _records_of(path, source_format, crosswalk, shapes, limit)
    except SourceError as fault:
        pytest.skip(str(fault).partition(": ")[2])
    _assert_same(records, shapes)
