"""The rules about the whole store over incremental runs: what a run of the changes finds is what a fresh build finds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Tombstone, Value
from lod.store.generation.generations import Site

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = {"D07", "A07", "C05i", "C05w", "G07"}


@pytest.fixture(scope="module")
def run_at(crosswalk, shapes):
    def run(folder, *items):
        return publish(items, Plan(crosswalk, shapes, now=NOON), Site(folder))

    return run


def article(number, doi="", journal="Nature", issn="0028-0836"):
    values = [
        Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"),
        Value("dc.title", f"A study of lupus, part {number}", "en"),
        Value("dc.type", "Article"),
        Value("dc.relation.ispartof", journal),
        Value("dc.identifier.issn", issn),
    ]
    if doi:
        values.append(Value("dc.identifier.doi", doi))
    return Record("/data/a.csv", f"a.csv, row {number}", tuple(values))


def told(folder):
    findings = Site(folder).live().catalog.findings()
    return sorted(
        (finding.rule, finding.record, finding.value, finding.place) for finding in findings if finding.rule in WHOLE
    )


def test_a_run_of_one_record_finds_what_it_has_in_common_with_an_older_one(tmp_path, run_at):
    run_at(tmp_path, article(1, "10.5555/a"), article(2))
    assert told(tmp_path) == []
    report = run_at(tmp_path, article(3, "10.5555/a", journal="Nature Medicine"))
    assert told(tmp_path) == [
        ("C05w", "1/3", "Nature Medicine (1 record), elsewhere Nature (2 records)", "a.csv, row 3"),
        ("D07", "1/1", "10.5555/a, also 1/3", "a.csv, row 1"),
        ("D07", "1/3", "10.5555/a, also 1/1", "a.csv, row 3"),
    ]
    assert report.by_rule["D07", "warning"] == 2


def test_findings_go_when_what_they_are_about_goes(tmp_path, run_at):
    run_at(tmp_path, article(1, "10.5555/a"), article(2, "10.5555/a"), article(3, "10.5555/a"))
    assert len(told(tmp_path)) == 3
    run_at(tmp_path, article(3, "10.5555/c"))
    assert [row[:2] for row in told(tmp_path)] == [("D07", "1/1"), ("D07", "1/2")]
    run_at(tmp_path, Tombstone("/data/a.csv", "a.csv, row 2", handle="1/2"))
    assert told(tmp_path) == []


def test_findings_stay_while_nothing_changes(tmp_path, run_at):
    items = [article(1, "10.5555/a"), article(2, "10.5555/a")]
    first = run_at(tmp_path, *items)
    before = told(tmp_path)
    again = run_at(tmp_path, *items)
    assert told(tmp_path) == before
    assert again.by_rule == first.by_rule


def test_explain_shows_them_with_the_record(tmp_path, run_at):
    run_at(tmp_path, article(1, "10.5555/a"), article(2, "10.5555/a"))
    explained = Site(tmp_path).live().catalog.explain("1/1")
    assert "D07" in [finding.rule for finding in explained.findings]


def test_a_link_is_told_until_what_it_leads_to_is_published_and_again_when_it_goes(tmp_path, run_at):
    related = Value("dc.relation.references", "http://hdl.handle.net/1/2")
    one = article(1)
    one = Record(one.source, one.place, (*one.values, related))
    run_at(tmp_path, one)
    linked = [row for row in told(tmp_path) if row[0] == "G07"]
    assert linked == [("G07", "1/1", "https://example.org/id/item/1/2", "a.csv, row 1")]
    run_at(tmp_path, article(2))
    assert [row for row in told(tmp_path) if row[0] == "G07"] == []
    run_at(tmp_path, Tombstone("/data/a.csv", "a.csv, row 2", handle="1/2"))
    assert [row for row in told(tmp_path) if row[0] == "G07"] == linked


CHANGES = st.tuples(
    st.integers(1, 6),
    st.sampled_from(["", "10.5555/a", "10.5555/b"]),
    st.sampled_from(["Nature", "NATURE", "Nature (London)", "Science", "gone"]),
)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(runs=st.lists(st.lists(CHANGES, min_size=1, max_size=4, unique_by=lambda change: change[0]), max_size=3))
def test_any_history_ends_with_the_findings_of_a_fresh_build(runs, run_at, tmp_path_factory):
    grown, fresh = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("fresh")
    held = {1: article(1, "10.5555/a")}
    run_at(grown, *held.values())
    for changes in runs:
        items = []
        for number, doi, journal in changes:
            if journal == "gone":
                items.append(Tombstone("/data/a.csv", f"a.csv, row {number}", handle=f"1/{number}"))
                held.pop(number, None)
            else:
                held[number] = article(number, doi, journal)
                items.append(held[number])
        run_at(grown, *items)
    run_at(fresh, *held.values())
    assert told(grown) == told(fresh)
