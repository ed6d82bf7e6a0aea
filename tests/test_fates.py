"""Every value of every record has exactly one fate, in the mapping, in the run report and in the catalog; nothing withheld leaks."""

import json
import logging
from collections import Counter
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.errors import BadValueError, SourceError
from lod.mapping.record.apply import map_record
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import File, Record, Value
from lod.report import Fate
from lod.settings.table import make_settings
from lod.site.coverage import coverage_of
from lod.sources import SourceFile, find_files
from lod.store.generation.generations import Site
from lod.validation.validate import validate
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes
from tests.helpers.paths import SHARED_FOLDER

MOMENT = "2026-11-23T00:00:00Z"
SAMPLE_RECORDS = 25
RULES = bundled_crosswalk(make_settings({"base_iri": "https://example.org/"}, {}))
FIELDS = sorted({name.replace("*", "2021") for rule in RULES.rules for name in rule.fields} | {"local.field", "x.y.z"})
GIVEN = sorted({rule.example.text for rule in RULES.rules if rule.example})
UUID = "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11"
SHAPES = bundled_shapes()
SECRET = "qzx7"
SECRETS = (
    Value("dc.description.provenance", f"Submitted by {SECRET}"),
    Value("dc.identifier.email", f"Lu:{SECRET}@example.org"),
    Value("person.birthDate", f"{SECRET} 1929"),
    Value("local.note", f"ask {SECRET}@example.org"),
    Value("dc.subject", f"{SECRET}@example.org"),
    Value("dc.description.abstract", f"Write to {SECRET}@example.org, who has the data of this study at hand."),
    Value("dc.contributor.author", f"Lu, L ({SECRET}&#64;example.org)"),
)
AUTHORITIES = [
    None,
    None,
    None,
    "rp00477",
    UUID,
    "virtual::1373",
    "https://orcid.org/0000-0002-1825-0097",
    "will be generated",
]
TEXTS = st.one_of(
    st.sampled_from(GIVEN),
    st.sampled_from(
        [
            "Article",
            "Journal",
            "Person",
            "Project",
            "2010",
            "Smith, Ann",
            "a; b",
            "\x00",
            "&nbsp;",
            "10.5555/abc",
            "-",
            "undated",
        ]
    ),
    st.text(min_size=1, max_size=30),
).filter(str.strip)
VALUES = st.builds(
    Value,
    st.sampled_from(FIELDS),
    TEXTS,
    st.sampled_from([None, None, "en", "en_HK", "zh", "*", "none such"]),
    st.sampled_from(AUTHORITIES),
    st.sampled_from([None, 600, 0]),
)
RECORDS = st.builds(
    Record,
    st.just("s"),
    st.just("s.csv, row 2"),
    st.lists(VALUES, max_size=10).map(tuple),
    handle=st.just("10722/1"),
    uuid=st.sampled_from([None, UUID]),
    url=st.sampled_from([None, "https://example.org/handle/10722/1"]),
    modified=st.sampled_from([None, "2020-01-01", "no date"]),
    collections=st.sampled_from([(), ("10722/9",), ("A name",)]),
    files=st.sampled_from([(), (File("a.pdf", "https://example.org/a.pdf", "application/pdf"),)]),
)


def fates_of(record, mapped, crosswalk):
    """Assert what is true of the fates of one record, and return them by field."""
    assert len(mapped.fates) == len(record.values)
    copy = f"<{mapped.document}> <{crosswalk.vocabulary.prefixes['fld']}"
    suppressed = f"<{mapped.document}> {crosswalk.terms['rt:suppressedField']} "
    claims = set(mapped.claims)
    for value, fate in zip(record.values, mapped.fates, strict=True):
        assert set(fate.claims) <= claims
        copies = [line for line in fate.claims if line.startswith(copy)]
        if fate.fate is Fate.MAPPED:
            assert len(fate.claims) > len(copies), value
        elif fate.fate is Fate.KEPT:
            assert fate.claims, value
            assert len(copies) == len(fate.claims), value
        elif not record.about:
            assert fate.fate is Fate.WITHHELD, value
            assert fate.why, value
            assert all(line.startswith(suppressed) for line in fate.claims), value
    return Counter((value.field, fate.fate) for value, fate in zip(record.values, mapped.fates, strict=True))


def untraced(record, mapped, crosswalk):
    """Return the claims that stand with no value and that the record would not have without any value either.

    A record that is known by its own id in its source states that id. What DSpace calls the entity is a system field: it is withheld, and what it says of the item is said by the record.
    """
    traced = {line for fate in mapped.fates for line in fate.claims}
    if record.about:
        return [line for line in mapped.claims if line not in traced]
    system = tuple(value for value in record.values if value.field in {"dspace.entity.type", "relationship.type"})
    handle = unquote(mapped.key) if mapped.key[:1].isdigit() else None
    own = map_record(
        replace(record, values=system, handle=handle, oai_identifier=record.oai_identifier or f"oai:x:{mapped.key}"),
        crosswalk,
        MOMENT,
    )
    said = {line.replace(own.key, mapped.key) for line in own.claims}
    if mapped.key.startswith("id/"):
        said.add(f'<{mapped.item}> <http://purl.org/dc/terms/identifier> "{record.uuid}" .')
    # The record says itself where it was read: from the address among its values, or another.
    harvested = (f"<{mapped.document}> <http://purl.org/dc/terms/source> ", f"<{mapped.document}#mapping> ")
    return [line for line in mapped.claims if line not in traced | said and not line.startswith(harvested)]


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_every_value_has_one_fate_and_every_claim_comes_of_a_value_or_of_the_record(record):
    mapped = map_record(record, RULES, MOMENT)
    fates_of(record, mapped, RULES)
    assert untraced(record, mapped, RULES) == []


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS, st.permutations(SECRETS), st.booleans())
def test_nothing_withheld_leaks_into_claims_findings_fates_or_coverage(record, secrets, keyed):
    record = replace(record, values=(*secrets, *record.values))
    if keyed:
        mapped = map_record(record, RULES, MOMENT)
        said = [*mapped.claims, *map(repr, mapped.findings), *map(repr, mapped.fates), mapped.title]
        assert [line for line in said if SECRET in line] == []
    else:
        record = replace(record, handle=None, uuid=None)
    assert SECRET not in json.dumps(coverage_of([record], Plan(RULES, SHAPES)).to_dict(1000))


# What a record says of itself that keeps it out; anything else would be a fault of the mapping, which refuses what it made.
SAID_BY_THE_RECORD = {"I01", "C10"}


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=20, max_size=40))
def test_the_mapping_makes_nothing_that_the_shapes_refuse(shapes, records):
    mapped = [
        map_record(replace(record, handle=f"10722/{number}"), RULES, MOMENT) for number, record in enumerate(records)
    ]
    refused = {finding.rule: finding for finding in validate(mapped, shapes) if finding.severity == "violation"}
    assert {rule: finding for rule, finding in refused.items() if rule not in SAID_BY_THE_RECORD} == {}


@hypothesis_settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=1, max_size=12), st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_the_report_of_a_run_balances_by_field_and_agrees_with_the_catalog(
    shapes, tmp_path_factory, caplog, records, ways
):
    """Of the records some have a title and are published, some have none and are refused, some have no key."""
    title = Value("dc.title", "A study of lupus")
    items = []
    for number, (record, way) in enumerate(zip(records, ways, strict=False)):
        place = f"s.csv, row {number}"
        values = ((title,) if way else ()) + SECRETS + record.values
        handle = f"10722/{number}" if way < 2 else None
        items.append(replace(record, handle=handle, uuid=None, values=values, place=place))
    site = Site(tmp_path_factory.mktemp("site"))
    with caplog.at_level(logging.DEBUG):
        report = publish(iter(items), Plan(RULES, shapes), site)
    assert SECRET not in caplog.text
    assert SECRET not in json.dumps(report.to_dict())
    given = Counter(value.field for item in items for value in item.values)
    assert {name: sum(row.values()) for name, row in report.balance.items()} == given
    totals = report.totals()
    assert totals["read"] == sum(totals[fate] for fate in Fate) == sum(given.values())
    catalog = site.live().catalog
    found = Counter()
    for item in items:
        known = catalog.explain(item.handle or "") or catalog.explain(item.place)
        found.update((value.field, fate.fate) for value, fate in zip(item.values, known.fates, strict=True))
    assert found == Counter({(name, fate): row[fate] for name, row in report.balance.items() for fate in row})


def real_files():
    shared = SHARED_FOLDER
    if not shared.is_dir():
        return []
    return [pair for folder in ("seed", "data") for pair in find_files(shared / folder)[0]]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "source_format"), [pytest.param(*pair, id=pair[0].name) for pair in real_files()])
def test_every_value_of_a_real_record_has_one_fate(path, source_format, crosswalk, request):
    limit = None if request.config.getoption("--every-record") else SAMPLE_RECORDS
    counted, read = Counter(), 0
    try:
        for item in islice(source_format.read(SourceFile(path.resolve()), crosswalk.settings), limit):
            if isinstance(item, Record):
                try:
                    mapped = map_record(item, crosswalk, MOMENT)
                except BadValueError:
                    continue  # no key: every value is refused
                read += len(item.values)
                counted += fates_of(item, mapped, crosswalk)
                assert untraced(item, mapped, crosswalk) == []
    except SourceError as fault:
        pytest.skip(str(fault).partition(": ")[2])
    assert sum(counted.values()) == read


def test_the_real_records_are_there(shared):
    assert len(real_files()) > 50
