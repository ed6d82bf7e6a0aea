"""A record that is huge or made to hurt costs its own share: it is mapped and judged, and the others are published."""

import pytest

from lod.mapping.crosswalk import Terms
from lod.mapping.record.apply import map_record
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.report import Fate
from lod.store.generation.generations import Site
from lod.validation.engines.engine import UNVALIDATED
from lod.validation.validate import validate

MOMENT = "2026-11-23T00:00:00Z"
MEBIBYTE = 2**20
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")
TITLE, TYPE = Value("dc.title", "A study of lupus"), Value("dc.type", "Article")


def record_of(*values, number=1):
    handle = Value("dc.identifier.uri", f"http://hdl.handle.net/10722/{number}")
    return Record("s", f"s.csv, row {number}", (TITLE, TYPE, *values, handle))


def long(field, text, size):
    return [Value(field, text * (size // len(text)))]


HUGE = {
    "5,000 authors": [Value("dc.contributor.author", f"Smith {n}, Ann") for n in range(5_000)],
    "10 MiB of prose": long("dc.description.abstract", "word ", 10 * MEBIBYTE),
    "nested tags": long("dc.description.abstract", "<b>", MEBIBYTE),
    "tags that never end": long("dc.description.abstract", "<b ", MEBIBYTE),
    "escaped escapes": long("dc.description.abstract", "&amp;", MEBIBYTE),
    "a field without a rule": long("x.y", "word ", MEBIBYTE),
    "100,000 keywords": [Value("dc.subject", f"word {n}") for n in range(100_000)],
    "values without a rule": [Value("x.y", f"word {n}") for n in range(20_000)],
    "dates": [Value("dc.date.issued", "2010")] * 20_000,
    "titles": [Value("dc.title", f"title {n}") for n in range(20_000)],
}


@pytest.mark.slow
@pytest.mark.parametrize("values", HUGE.values(), ids=HUGE)
def test_a_huge_record_is_mapped_whole_and_judged(values, crosswalk, shapes):
    record = record_of(*values)
    mapped = map_record(record, crosswalk, MOMENT)
    assert len(mapped.fates) == len(record.values)
    assert {fate.fate for fate in mapped.fates} <= {Fate.MAPPED, Fate.KEPT}
    findings = validate([mapped], shapes)
    assert UNVALIDATED not in {finding.rule for finding in findings}
    assert all(len(finding.value) <= 200 for finding in [*findings, *mapped.findings])


MANY = {
    "authors in dc.creator": [Value("dc.creator", f"Smith {n}, Ann") for n in range(10_000)],
    "identifiers that are told by their shape": [Value("dc.identifier", f"10.1234/{n}") for n in range(10_000)],
    "headings": [Value("dc.subject.mesh", f"Lupus {n} - therapy") for n in range(10_000)],
    "funders and numbers": [
        Value(name, f"{n}") for n in range(10_000) for name in ("dc.relation.funding", "dc.relation.grantno")
    ],
    "authority entries": [Value("dc.identifier.authority", f"Smith {n}, A=rp{n}") for n in range(10_000)],
    "dates that only together say what they are": [Value("dc.date", f"{1900 + n % 100}") for n in range(10_000)],
    "publishers": [Value("dc.publisher", f"University {n}") for n in range(10_000)],
}


@pytest.mark.slow
@pytest.mark.parametrize("values", MANY.values(), ids=MANY)
def test_thousands_of_values_of_one_kind_are_mapped_whole(values, crosswalk):
    record = record_of(*values)
    assert len(map_record(record, crosswalk, MOMENT).fates) == len(record.values)


# What makes badly written expressions try all ways of reading a text.
ATOMS = ("a", " ", "1", "a ", "A, ", "<b ", "&", "-", ".", "a.", "(", ";", "a; ", "--", "\t\n", "http://a/", "1/", "10.1234/", "a@a.", "Vol. 1 ", "2010-", "Abc, D. ", "::", "%4")  # fmt: skip


def test_no_expression_of_the_mapping_or_of_the_rules_is_lost_in_a_long_text(crosswalk, shapes):
    kinds = {(rule.kind, rule.by_shape, rule.options.get("scheme")): rule.fields[0] for rule in crosswalk.rules}
    assert len(kinds) > 60
    fields = [name.replace("*", "2021") for name in kinds.values()]
    mapped = []
    for number, atom in enumerate(ATOMS):
        text = f"{atom * (4_000 // len(atom))}!"
        record = record_of(*(Value(name, text, "en") for name in fields), number=number)
        mapped.append(map_record(record, crosswalk, MOMENT))
        assert len(mapped[-1].fates) == len(record.values)
    assert UNVALIDATED not in {finding.rule for finding in validate(mapped, shapes)}


def test_a_page_number_of_thousands_of_digits_is_no_number(crosswalk):
    values = (Value("dc.identifier.spage", "1" * 5_000), Value("dc.identifier.epage", "1" * 4_999))
    assert [fate.fate for fate in map_record(record_of(*values), crosswalk, MOMENT).fates[2:4]] == [Fate.MAPPED] * 2


def test_names_of_fields_that_a_source_invents_are_not_remembered_for_ever(crosswalk, monkeypatch):
    monkeypatch.setattr("lod.mapping.crosswalk._MOST_FIELDS", 50)
    terms = Terms(crosswalk.vocabulary)
    for number in range(500):
        assert terms[f"fld:x.f{number}"].endswith(f"/x.f{number}>")
        assert len(terms) <= 50
    for number in range(500):
        crosswalk.rule_for(f"x.f{number}", "v")
    assert len(crosswalk._by_field) <= 50


def test_hostile_records_do_not_keep_the_others_from_being_published(crosswalk, shapes, tmp_path):
    deep = "".join(f"<div class='{n}'>" for n in range(2_000))
    hostile = [
        record_of(*HUGE["5,000 authors"][:1_000], number=2),
        record_of(Value("dc.description.abstract", deep), number=3),
        record_of(Value("dc.identifier.citation", "Journal 12(3): 4-5. " * 2_000), number=4),
        Record("s", "s.csv, row 5", tuple(HUGE["dates"])),
        record_of(Value("dc.title", "\x00" * 1_000), Value("dc.contributor.author", "\ud800"), number=6),
    ]
    report = publish(iter([record_of(), *hostile, record_of(number=7)]), Plan(crosswalk, shapes), Site(tmp_path))
    assert (report.read, report.published, report.refused) == (7, 6, 1)
    assert [finding.rule for finding in report.findings if finding.severity == "violation"] == ["no-key"]
    named = {iri.rpartition("/")[2] for iri, _ in Site(tmp_path).live().catalog.items(100)}
    assert {"1", "7"} <= named
