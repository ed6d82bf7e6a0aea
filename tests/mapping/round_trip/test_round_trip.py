"""The field table of a record comes back from what is published of it: docs/round-trip.md."""

import re
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.errors import BadValueError, SourceError
from lod.mapping.record.apply import map_record
from lod.mapping.record.kinds import KINDS
from lod.mapping.round_trip.compare import RoundTrip, compare
from lod.mapping.round_trip.normal_forms import NORMAL_FORMS
from lod.mapping.round_trip.read_back import READERS
from lod.mapping.round_trip.rebuild import rebuild_values
from lod.rdf.claims import split_claim
from lod.record import Record, Value
from lod.report import Fate
from lod.settings.table import make_settings
from lod.sources import SourceFile, find_files
from tests.helpers.loaded import bundled_crosswalk
from tests.helpers.paths import ROOT, SHARED_FOLDER

MOMENT = "2026-11-23T00:00:00Z"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/1/2")
SAMPLE_RECORDS = 25
"""Records of each real file that the suite takes; `pytest --every-record` takes all."""


def record_of(*values, **parts):
    return Record("s", "s.csv, row 2", (*values, HANDLE), **parts)


def came_back(crosswalk, *values, **parts):
    """Return what comes back of a record: field, text and language, without the handle."""
    claims = map_record(record_of(*values, **parts), crosswalk, MOMENT).claims
    back = rebuild_values(map(split_claim, claims), crosswalk)
    return [(value.field, value.text, value.language) for value in back if value != HANDLE]


def told(result):
    return {"lost": result.lost, "invented": result.invented, "misplaced": result.misplaced}


NOTHING = {"lost": [], "invented": [], "misplaced": []}

TYPE = Value("dc.type", "Article")
AUTHOR, EDITOR = "dc.contributor.author", "dc.contributor.editor"
CASES = [
    pytest.param(
        [Value(AUTHOR, "Zhou, B"), Value(AUTHOR, "Abe, A;"), Value(AUTHOR, "Mo, C")],
        [(AUTHOR, "Zhou, B", None), (AUTHOR, "Abe, A;", None), (AUTHOR, "Mo, C", None)],
        id="authors in their order, a corrected name among them",
    ),
    pytest.param(
        [Value(AUTHOR, "De Deyne, S"), Value(AUTHOR, "Abe, A"), Value(EDITOR, "de Deyne, S")],
        [(AUTHOR, "De Deyne, S", None), (AUTHOR, "Abe, A", None), (EDITOR, "de Deyne, S", None)],
        id="one person spelled in two ways",
    ),
    pytest.param(
        [Value("dc.contributor.advisor", "Lu, L"), Value("dc.contributor.other", "Lu, L")],
        [("dc.contributor.advisor", "Lu, L", None), ("dc.contributor.other", "Lu, L", None)],
        id="one name in a wide role and in a narrow one",
    ),
    pytest.param([Value("dcterms.title", " A  title ", "en_HK")], [("dc.title", "A title", "en-HK")], id="a twin field"),
    pytest.param(
        [Value("dc.title", "One", "en"), Value("dc.title", "Two", "en")],
        [("dc.title", "One", "en"), ("dc.title.alternative", "Two", "en")],
        id="a second title",
    ),
    pytest.param(
        [Value("dc.identifier.doi", "https://doi.org/10.5555/ABC")],
        [("dc.identifier.doi", "https://doi.org/10.5555/ABC", None)],
        id="a DOI with its resolver has a copy",
    ),
    pytest.param(
        [Value("dc.identifier.other", "10.5555/abc")],
        [("dc.identifier.other", "10.5555/abc", None)],
        id="a DOI told by shape"
    ),
    pytest.param([Value("dc.subject", "a; b", "en")], [("dc.subject", "a", "en"), ("dc.subject", "b", "en")], id="keywords in one value"),
    pytest.param([Value("dc.subject", "b"), Value("dc.subject", "a")], [("dc.subject", "a", None), ("dc.subject", "b", None)], id="keywords are a set"),
    pytest.param(
        [Value("dc.subject.mesh", "*Lupus - immunology/therapy"), Value("dc.subject.mesh", "Humans")],
        [("dc.subject.mesh", "Lupus - immunology", None), ("dc.subject.mesh", "Lupus - therapy", None), ("dc.subject.mesh", "Humans", None)],
        id="headings with qualifiers",
    ),
    pytest.param([Value("dc.date.issued", "20100815")], [("dc.date.issued", "20100815", None)], id="a date that was rewritten has a copy"),
    pytest.param([Value("dc.date.issued", "c2010")], [("dc.date.issued", "c2010", None)], id="a date that cannot be read"),
    pytest.param(
        [Value("dc.description.startpage", "1423"), Value("dc.identifier.epage", "9")],
        [("dc.identifier.epage", "9", None), ("dc.identifier.spage", "1423", None)],
        id="a short last page",
    ),
    pytest.param([Value("dc.identifier.spage", "12-15")], [("dc.identifier.spage", "12-15", None)], id="a range in one field"),
    pytest.param([Value("dc.language.iso", "pt_BR")], [("dc.language.iso", "pt_BR", None)], id="a locale keeps its region"),
    pytest.param([Value("dc.language.iso", "en")], [("dc.language", "eng", None)], id="a language by its code"),
    pytest.param([Value("dc.coverage.spatial", "Viet Nam")], [("dc.coverage.spatial", "Viet Nam", None)], id="a country in another spelling"),
    pytest.param(
        [Value("dc.relation.grantno", "RC-2"), Value("dc.relation.funding", "Council B"), Value("dc.relation.funding", "Council A"), Value("dc.relation.grantno", "RC-1")],
        [("dc.relation.funding", "Council A", None), ("dc.relation.funding", "Council B", None), ("dc.relation.grantno", "RC-1", None), ("dc.relation.grantno", "RC-2", None)],
        id="funders and numbers stay in pairs",
    ),
    pytest.param(
        [Value("dc.description.sponsorship", "Supported by NSFC (no. 30972736)")],
        [("dc.description.sponsorship", "Supported by NSFC (no. 30972736)", None)],
        id="the grants of an acknowledgement are no values of their own",
    ),
    pytest.param([Value("local.note", "<b>x</b>", "en")], [("local.note", "<b>x</b>", "en")], id="a field without a rule"),
    pytest.param([Value("dc.identifier.email", "Lu, L:lu@example.org")], [], id="what is withheld stays away"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_values_come_back(values, expected, crosswalk):
    assert came_back(crosswalk, TYPE, *values) == sorted(
        [*expected, ("dc.type", "journal article", None)], key=lambda row: row[0]
    )


def test_a_type_that_is_not_called_by_its_label_is_kept_verbatim(crosswalk):
    assert came_back(crosswalk, Value("dc.type", "Book chapter")) == [("dc.type", "Book chapter", None)]
    assert came_back(crosswalk, Value("dc.type", "Thesis")) == [("dc.type", "thesis", None)]


def test_an_authority_key_comes_back_with_the_name(crosswalk):
    value = Value(AUTHOR, "Lu, L", authority="rp00477", confidence=600)
    assert ("dc.identifier.authority", "Lu, L=rp00477", None) in came_back(crosswalk, TYPE, value)


def test_metrics_come_back_in_the_field_of_their_year():
    opted_in = bundled_crosswalk(
        make_settings({"base_iri": "https://example.org/", "publish_journal_metrics": True}, {})
    )
    values = [TYPE, Value("dc.relation.ispartof", "Annals"), Value("page.journalimpactfactor.2023", "20.3")]
    assert ("page.journalimpactfactor.2023", "20.3", None) in came_back(opted_in, *values)


def test_claims_of_no_record_or_of_two_are_not_read(crosswalk):
    with pytest.raises(BadValueError, match="give those of one item"):
        rebuild_values([], crosswalk)


def test_every_kind_has_a_way_back_or_publishes_verbatim_copies_only():
    assert set(KINDS) - set(NORMAL_FORMS) == {
        "embargo",
        "entity",
        "kept",
        "profile",
        "system",
        "withheld",
    }
    assert set(NORMAL_FORMS) - set(READERS) == {"uri", "grant-agreement"}
    assert {KINDS[name].keep for name in ("entity", "kept", "profile", "uri")} == {"always"}


def test_the_documentation_has_the_normal_form_of_every_kind():
    text = (ROOT / "docs" / "round-trip.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", text, re.MULTILINE))
    assert rows == {name: form.help for name, form in NORMAL_FORMS.items()}


def test_the_example_of_every_rule_comes_back(crosswalk):
    rules = [rule for rule in crosswalk.rules if rule.example]
    assert len(rules) > 90
    faults = {}
    for rule in rules:
        values = [Value(rule.fields[0].replace("*", "2010"), rule.example.text, rule.example.language)]
        values += [Value(name, text) for name, text in rule.example.others]
        record = record_of(*values)
        result = compare(record, map_record(record, crosswalk, MOMENT), crosswalk)
        if told(result) != NOTHING:
            faults[rule.label] = told(result)
    assert faults == {}


def real_files():
    shared = SHARED_FOLDER
    if not shared.is_dir():
        return []
    return [pair for folder in ("seed", "data") for pair in find_files(shared / folder)[0]]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "source_format"), [pytest.param(*pair, id=pair[0].name) for pair in real_files()])
def test_every_value_of_a_real_record_comes_back(path, source_format, crosswalk, request, record_property):
    limit = None if request.config.getoption("--every-record") else SAMPLE_RECORDS
    total = RoundTrip()
    try:
        for item in islice(source_format.read(SourceFile(path.resolve()), crosswalk.settings), limit):
            if isinstance(item, Record):
                try:
                    mapped = map_record(item, crosswalk, MOMENT)
                except BadValueError:
                    continue  # no key: the record is refused, and nothing is published of it
                total.add(compare(item, mapped, crosswalk))
    except SourceError as fault:
        pytest.skip(str(fault).partition(": ")[2])
    record_property("round_trip", f"{total.compared} compared, {total.verbatim} verbatim, {total.normal} normal form")
    assert told(total) == NOTHING
    assert total.compared == total.verbatim + total.normal


# --- invariants, over all fields of the crosswalk and any values

RULES = bundled_crosswalk(make_settings({"base_iri": "https://example.org/"}, {}))
FIELDS = sorted({name.replace("*", "2021") for rule in RULES.rules for name in rule.fields} | {"local.field", "x.y.z"})
GIVEN = sorted({rule.example.text for rule in RULES.rules if rule.example})
SHAPES = (
    "Smith, Ann", "smith, ann", "Smith, Ann;", "University of X.", "Council A", "2010-08", "20100815", "c2010", "12-15", "e123",
    "1423", "9", "vol. 69", "10.5555/ABC", "10.5555/abc", "https://doi.org/10.5555/abc", "PMID: 123", "0003-4967",
    "0306406152", "9780306406157", "a; b", "a", "b", "Lupus - therapy", "Lupus", "A--B", "A -- B", "Title; 3", "Title",
    "http://example.org/a b", "http://example.org/a", "hdl:1/2", "http://hdl.handle.net/1/3", "en_US", "eng", "Book chapter",
    "Article", "Journal", "Conference Paper", "Other", "x@example.org", "see x@example.org", "<i>x</i> &amp; y",
    "cc by", "open access", "China", "Viet Nam", "Funder (no. AB-12)", "Smith, Ann=rp00477", "\x00", "&nbsp;", "漢字漢字漢字",
)  # fmt: skip
SECRET = (Value("dc.description.provenance", "Submitted by qzx7"), Value("local.note", "ask qzx7@example.org"))
SUPPRESSED = RULES.terms["rt:suppressedField"]
VALUES = st.builds(
    Value,
    st.sampled_from(FIELDS),
    st.one_of(st.sampled_from(SHAPES), st.sampled_from(GIVEN), st.text(min_size=1, max_size=12)).filter(str.strip),
    st.sampled_from([None, None, "en", "en_HK", "zh", "*", "none such"]),
)


@pytest.mark.slow
@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(VALUES, max_size=8))
@example([Value("dc.relation.grantno", "AB-12"), Value("page.funding", "Funder (no. AB-12)")])
@example([Value("journal.title", "10.5555/abc")])
@example(
    [Value("dc.contributor.other", "Smith, Ann", authority="\U0002f800", confidence=600)]
)  # another letter when normalized
@example([Value("creativework.datePublished", "\x08_")])  # a dash, once its control character is gone
@example([Value("dc.description.sponsorship", "x@example.org", authority="0")])  # kept beside its text, which is masked
def test_every_value_has_one_fate_and_comes_back(values):
    record = record_of(*values, *SECRET)
    mapped = map_record(record, RULES, MOMENT)
    assert len(mapped.fates) == len(record.values)
    document = f"<{mapped.document}> <{RULES.vocabulary.prefixes['fld']}"
    claims = set(mapped.claims)
    for fate in mapped.fates:
        assert set(fate.claims) <= claims
        if fate.fate is Fate.MAPPED:
            assert any(not line.startswith(document) for line in fate.claims)
        elif fate.fate is Fate.KEPT:
            assert fate.claims
            assert all(line.startswith(document) for line in fate.claims)
        else:
            assert fate.fate is Fate.WITHHELD
            assert all(SUPPRESSED in line for line in fate.claims)
    assert not any("qzx7" in line for line in claims)
    result = compare(record, mapped, RULES)
    withheld = {
        value.field for value, fate in zip(record.values, mapped.fates, strict=True) if fate.fate is Fate.WITHHELD
    }
    # A field of which one value is withheld has no verbatim copies: what was mapped of the others may say less.
    assert [pair for pair in result.lost if pair[0] not in withheld] == []
    secret = {value.field for value in SECRET}
    assert withheld > secret or (result.invented, result.misplaced) == ([], [])


def test_an_option_that_is_off_loses_no_value(crosswalk):
    plain = replace(crosswalk, settings=replace(crosswalk.settings, mirrors=False))
    record = record_of(TYPE, Value("dc.identifier.doi", "10.5555/abc"), Value("dc.date.issued", "2010"))
    assert told(compare(record, map_record(record, plain, MOMENT), plain)) == NOTHING
