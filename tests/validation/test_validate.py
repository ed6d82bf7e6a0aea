"""A batch says what its records say one by one, whatever is in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod import bundled
from lod.mapping.mapped import Mapped
from lod.report import Finding, Severity
from lod.settings.table import SHACL_ENGINES
from lod.validation.engines.engine import UNVALIDATED
from lod.validation.engines.record_view import RecordView
from lod.validation.shapes import EMAIL_RULES, Shapes, load_shapes
from lod.validation.validate import ENGINES, validate
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.shape_cases import BASE, CASES, KEY, TODAY, VALID_CLAIMS, claims_of, copied, patched, record_of

EXAMPLE = SHARED_FOLDER / "model" / "example.ttl"
VALID = record_of(VALID_CLAIMS)

# Records that share a journal, a person, a publisher and concepts, and do not agree about them.
_FAULTS = [case for case in CASES["case"] if "fails" in case]
POOL = [copied(VALID, 1)] + [copied(patched(case), number) for number, case in enumerate(_FAULTS, start=2)]


def _one_by_one(records: list[Mapped], shapes: Shapes) -> Counter[Finding]:
    return Counter(finding for record in records for finding in validate([record], shapes, today=TODAY))


@pytest.fixture(scope="module")
def alone(shapes: Shapes) -> list[Counter[Finding]]:
    """The findings of each record of the pool, judged alone."""
    return [Counter(validate([record], shapes, today=TODAY)) for record in POOL]


@pytest.mark.slow
def test_all_records_in_one_batch_say_what_they_say_alone(shapes: Shapes, alone: list[Counter[Finding]]) -> None:
    assert len(POOL) > 100
    assert Counter(validate(POOL, shapes, today=TODAY)) == sum(alone, Counter())


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_partition_into_batches_gives_the_same_findings(
    data: st.DataObject, shapes: Shapes, alone: list[Counter[Finding]]
) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(POOL) - 1), max_size=12, unique=True))
    cuts = data.draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    batches: list[list[Mapped]] = [[]]
    for index, cut in zip(chosen, cuts, strict=True):
        if cut:
            batches.append([])
        batches[-1].append(POOL[index])
    found = Counter(finding for batch in batches for finding in validate(batch, shapes, today=TODAY))
    assert found == sum((alone[index] for index in chosen), Counter())


SERIAL = f"<{BASE}id/serial/0003-4967> <http://purl.org/dc/terms/title>"


def test_a_title_of_the_journal_in_one_record_does_not_hide_that_another_lacks_it(shapes: Shapes) -> None:
    lacking = record_of([claim for claim in VALID_CLAIMS if not claim.startswith(SERIAL)])
    findings = validate([copied(VALID, 1), copied(lacking, 2), copied(VALID, 3)], shapes, today=TODAY)
    assert [(finding.rule, finding.record) for finding in findings] == [("C05", "10722/2")]


def test_two_spellings_in_two_records_are_nobodys_fault(shapes: Shapes) -> None:
    other = record_of(
        [
            claim.replace("Annals of the", "Annals Of The") if claim.startswith(SERIAL) else claim
            for claim in VALID_CLAIMS
        ]
    )
    assert validate([copied(VALID, 1), copied(other, 2)], shapes, today=TODAY) == []


def test_a_fault_of_a_shared_resource_is_told_for_each_record_that_states_it(shapes: Shapes) -> None:
    lacking = record_of([claim for claim in VALID_CLAIMS if not claim.startswith(SERIAL)])
    findings = validate([copied(lacking, number) for number in (1, 2, 3)], shapes, today=TODAY)
    assert [(finding.rule, finding.record) for finding in findings] == [
        ("C05", "10722/1"),
        ("C05", "10722/2"),
        ("C05", "10722/3"),
    ]
    assert {finding.focus for finding in findings} == {f"{BASE}id/serial/0003-4967"}


def test_findings_say_what_where_and_which_value(shapes: Shapes) -> None:
    (finding,) = validate([patched({"add": 'item:129504 dcterms:issued "2011"^^xsd:gYear .'})], shapes, today=TODAY)
    assert finding == Finding(
        rule="I17",
        severity=Severity.WARNING,
        message="No date of issue, or several. Give exactly one dc.date.issued: citations need it.",
        record=KEY,
        value="2010 | 2011",
        focus=f"{BASE}id/item/{KEY}",
        path="http://purl.org/dc/terms/issued",
    )


def test_the_property_of_an_alternative_path_is_the_one_with_the_value(shapes: Shapes) -> None:
    (finding,) = validate(
        [patched({"remove": ["item:129504 dcterms:publisher *"], "add": 'item:129504 dcterms:rights "All of them" .'})],
        shapes,
        today=TODAY,
    )
    assert (finding.rule, finding.path, finding.value) == ("G06", "http://purl.org/dc/terms/rights", "All of them")


def test_a_long_value_is_cut(shapes: Shapes) -> None:
    (finding,) = validate(
        [
            patched(
                {"remove": ["item:129504 dcterms:title *"], "add": f'item:129504 dcterms:title "{"STEM " * 90}CELL" .'}
            )
        ],
        shapes,
        today=TODAY,
    )
    assert (finding.rule, len(finding.value), finding.value[-1]) == ("I04", 200, "…")


def test_an_empty_batch_has_no_findings(shapes: Shapes) -> None:
    assert validate([], shapes) == []


def test_rules_can_be_left_out() -> None:
    own = load_shapes([bundled.SHAPES], without=EMAIL_RULES | {"I01"})
    record = patched(
        {"remove": ["item:129504 dcterms:title *"], "add": "<id/person/rp00477> foaf:mbox <mailto:a@example.org> ."}
    )
    assert validate([record], own, today=TODAY) == []


# ---------------------------------------------------------------- hostile records


def _list(length: int, tail: str) -> str:
    head = " ".join(f"cell:{n} rdf:first <id/org/{n}> ; rdf:rest cell:{n + 1} ." for n in range(1, length))
    return f"{head} cell:{length} rdf:first <id/org/{length}> ; rdf:rest {tail} ."


@pytest.mark.parametrize("tail", ["cell:1", "cell:2500", "<id/nowhere>"])
def test_a_long_broken_list_neither_crashes_nor_hangs_and_costs_the_others_nothing(tail: str, shapes: Shapes) -> None:
    broken = copied(patched({"remove": ["cell:1 * *", "cell:2 * *"], "add": _list(5000, tail)}), 2)
    findings = validate([copied(VALID, 1), broken, copied(VALID, 3)], shapes, today=TODAY)
    assert {finding.record for finding in findings} == {"10722/2"}
    assert "I13" in {finding.rule for finding in findings}
    assert UNVALIDATED not in {finding.rule for finding in findings}


def test_five_thousand_authors_are_no_fault(shapes: Shapes) -> None:
    people = "".join(
        f'part:a{n} a foaf:Person ; foaf:name "Author, A" . item:129504 dcterms:creator part:a{n} . '
        f"cell:{n} rdf:first part:a{n} ; rdf:rest {f'cell:{n + 1}' if n < 5000 else 'rdf:nil'} . "
        for n in range(1, 5001)
    )
    record = patched({"remove": ["cell:1 * *", "cell:2 * *", "item:129504 dcterms:creator *"], "add": people})
    assert validate([record], shapes, today=TODAY) == []


@pytest.mark.parametrize(
    "turtle",
    [
        pytest.param("serial:0003-4967 dcterms:isPartOf item:129504 .", id="containers in a circle"),
        pytest.param("item:129504 dcterms:isPartOf item:129504 .", id="an item in itself"),
        pytest.param(
            " ".join(f"concept:c{n} skos:broader concept:c{n + 1} ." for n in range(3000)), id="3000 broader concepts"
        ),
        pytest.param(f'item:129504 dcterms:description "{"<b" * 50_000}" .', id="half a tag, many times"),
        pytest.param(f'item:129504 dcterms:description "{"a." * 50_000}@" .', id="almost an address"),
        pytest.param(f'item:129504 bibo:pageStart "{"1" * 5_000}" .', id="a page number of 5000 digits"),
        pytest.param(f'item:129504 dcat:byteSize "{"1" * 5_000}"^^xsd:integer .', id="a size of 5000 digits"),
        pytest.param(f'item:129504 fabio:hasPublicationYear "{"1" * 5_000}"^^xsd:gYear .', id="a distant year"),
        pytest.param('item:129504 dcterms:description "<p/>"^^rdf:HTML , "<p"^^rdf:XMLLiteral .', id="markup literals"),
        pytest.param("item:129504 a item:129504 , rdf:List .", id="an item that is its own class"),
        pytest.param('item:129504 dcterms:title "\\u0000\\u202E\\uFFFE"@en .', id="control characters"),
    ],
)
def test_odd_graphs_are_judged(turtle: str, shapes: Shapes) -> None:
    findings = validate([copied(VALID, 1), copied(patched({"add": turtle}), 2)], shapes, today=TODAY)
    assert UNVALIDATED not in {finding.rule for finding in findings}
    assert {finding.record for finding in findings} <= {"10722/2"}


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.one_of(st.text(max_size=40), st.text(max_size=20).map(lambda t: f'<{BASE}id/x> <{BASE}p> "{t}" .'))
    )
)
def test_nothing_in_the_claims_raises(lines: list[str], shapes: Shapes) -> None:
    broken = record_of([*VALID_CLAIMS, *lines])
    for finding in validate([broken], shapes, today=TODAY):
        assert finding.record == KEY
        assert len(finding.value) <= 200


def _pyshacl_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyshacl

    run = pyshacl.validate

    def crash(data, **arguments):
        if any("10722/3#" in str(subject) for subject in data.subjects()):
            raise RecursionError("too deep")
        return run(data, **arguments)

    monkeypatch.setattr(pyshacl, "validate", crash)


def _a_check_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(record, *arguments, **options):
        if record.key == "10722/3":
            raise RecursionError("too deep")
        return RecordView(record, *arguments, **options)

    monkeypatch.setattr("lod.validation.engines.compiled.RecordView", crash)


@pytest.mark.parametrize(("engine", "crashes"), [("pyshacl", _pyshacl_crashes), ("compiled", _a_check_crashes)])
def test_a_crash_of_the_validator_costs_one_record(
    engine: str, crashes, shapes: Shapes, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes(monkeypatch)
    records = [copied(VALID, number) for number in range(1, 6)]
    findings = validate(records, shapes, today=TODAY, engine=ENGINES[engine])
    assert [(finding.rule, finding.record, finding.severity) for finding in findings] == [
        (UNVALIDATED, "10722/3", Severity.VIOLATION)
    ]
    assert findings[0].value == "RecursionError: too deep"
    assert "could not be validated" in findings[0].message


def test_the_setting_takes_every_engine() -> None:
    assert set(ENGINES) == set(SHACL_ENGINES)


# ---------------------------------------------------------------- a site's own shapes

_SITE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rt: <https://w3id.org/lod-repository/> . @prefix bibo: <http://purl.org/ontology/bibo/> .
rt:shape\\/Own a sh:NodeShape ; {0} .
"""


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(
            'sh:targetClass rt:RepositoryItem ; sh:severity sh:Info ; sh:sparql [ sh:message "X01 Title is long. Cut it." ; '
            'sh:select "SELECT $this ?value WHERE { $this <http://purl.org/dc/terms/title> ?value }" ]',
            id="SPARQL",
        ),
        pytest.param(
            "sh:targetClass bibo:Journal ; sh:property [ sh:path [ sh:inversePath dcterms:isPartOf ] ; sh:maxCount 0 ; "
            'sh:severity sh:Info ; sh:message "X01 Journal has parts. Look at them." ]',
            id="inverse path",
        ),
        pytest.param(
            "sh:targetObjectsOf dcterms:publisher ; sh:property [ sh:path bibo:handle ; sh:minCount 1 ; "
            'sh:severity sh:Info ; sh:message "X01 Publisher without handle. Find one." ]',
            id="objects of a property",
        ),
    ],
)
def test_shapes_that_could_look_beyond_one_record_judge_each_by_itself(shape: str, tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(_SITE.format(shape), encoding="utf-8")
    own = load_shapes([bundled.SHAPES, tmp_path])
    batch = [copied(VALID, 1), copied(VALID, 2)]
    findings = [finding for finding in validate(batch, own, today=TODAY) if finding.rule == "X01"]
    assert [finding.record for finding in findings] == ["10722/1", "10722/2"]
    assert {finding.severity for finding in findings} == {Severity.INFO}
    assert Counter(validate(batch, own, today=TODAY)) == _one_by_one(batch, own)


# ---------------------------------------------------------------- the worked example of the model


def _example() -> Mapped:
    import pyoxigraph

    text = EXAMPLE.read_text(encoding="utf-8").replace("https://example.org/vocab/", "https://w3id.org/lod-repository/")
    quads = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=BASE))
    cells: dict[str, str] = {}
    for quad in quads:
        for term in (quad.subject, quad.object):
            if isinstance(term, pyoxigraph.BlankNode):
                cells.setdefault(str(term), f"<{BASE}.well-known/genid/item/{KEY}/authorList/{len(cells) + 1}>")
    return record_of(
        [f"{cells.get(str(q.subject), q.subject)} {q.predicate} {cells.get(str(q.object), q.object)} ." for q in quads]
    )


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the worked example of the model is not beside this checkout")
def test_the_worked_example_has_no_fault(shapes: Shapes) -> None:
    own = replace(shapes, qualifiers=shapes.qualifiers | {"adverse effects"})
    findings = validate([_example()], own, today=TODAY)
    # R07: the source gives no date of modification. S05: the example leaves one heading without MeSH link on purpose.
    assert [(finding.rule, finding.severity, finding.value) for finding in findings] == [
        ("S05", Severity.INFO, "Antibodies, Antinuclear"),
        ("R07", Severity.INFO, ""),
    ]


def test_prefixed_data_is_what_the_cases_say() -> None:
    assert claims_of("item:129504 dcterms:title 'x' .") == [
        f'<{BASE}id/item/{KEY}> <http://purl.org/dc/terms/title> "x" .'
    ]
