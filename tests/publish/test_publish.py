"""The pipeline: what a run reads, publishes, refuses, removes; over a real store on disk."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lod import bundled
from lod.errors import ConfigError, ShrinkError, SourceError
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Tombstone, Value
from lod.report import Fate, Finding, Severity
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes
from tests.helpers.loaded import bundled_crosswalk
from tests.helpers.synthetic import redirects_of

ITEM = "https://example.org/id/item/1/"
REPORT = "https://example.org/data/report"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def record(number, title="A study of lupus", *values, place=None, **parts):
    fields = (Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"), Value("dc.title", title, "en"), *values)
    return Record("/data/a.csv", place or f"a.csv, row {number}", fields, **parts)


@pytest.fixture
def run(tmp_path, crosswalk, shapes):
    def over(items, **parts):
        return publish(items, Plan(crosswalk, shapes, now=NOON, **parts), Site(tmp_path))

    def publish_items(*items, **parts):
        return over(items, **parts)

    publish_items.over = over

    publish_items.site = Site(tmp_path)
    return publish_items


def titles(run):
    return {iri.rpartition("/")[2]: title for iri, title in run.site.live().catalog.items(100)}


def test_a_run_publishes_what_it_reads(run):
    report = run(record(1), record(2, "Another study"))
    assert (report.read, report.published, report.refused, report.live) == (2, 2, 0, 2)
    assert titles(run) == {"1": "A study of lupus", "2": "Another study"}
    assert run.site.live().name == report.generation


def test_values_read_are_mapped_kept_withheld_or_refused(run):
    keyless = Record("/data/a.csv", "a.csv, row 9", (Value("dc.title", "No handle"),))
    values = (Value("local.note", "x"), Value("dc.identifier.email", "ann@example.org"))
    report = run(record(1, "A study", *values), keyless)
    assert report.totals() == {"read": 5, "mapped": 2, "kept": 1, "withheld": 1, "refused": 1}
    assert report.to_dict()["balance"]["fields"]["local.note"] == {"read": 1, "kept": 1}


def test_publishing_again_changes_nothing(run):
    run(record(1), record(2))
    before = sorted(run.site.live().store.all_triples())
    report = run(record(1), record(2))
    assert (report.read, report.published, report.unchanged) == (2, 0, 2)
    assert sorted(run.site.live().store.all_triples()) == before


def test_findings_of_unchanged_records_are_told_again(run):
    first = run(record(1, "A study", Value("dc.language", "Klingonish")))
    again = run(record(1, "A study", Value("dc.language", "Klingonish")))
    assert first.warnings == again.warnings > 0


def test_an_older_version_of_an_unchanged_record_is_reported_once(run):
    old = record(1, "Old title", Value("dcterms.modified", "2020-01-01"))
    new = record(1, "New title", Value("dcterms.modified", "2021-01-01"), place="a.csv, row 2")
    for report in (run(old, new), run(old, new)):
        assert [finding.rule for finding in report.findings].count("D04") == 1
    assert report.unchanged == 1


def test_findings_are_listed_by_key_whatever_has_changed(run):
    odd = Value("dc.language", "Klingonish")
    run(*(record(number, "A study", odd) for number in (1, 2, 3)))
    report = run(record(1, "A study", odd), record(2, "Another study", odd), record(3, "A study", odd))
    named = [finding.record for finding in report.findings if finding.record]
    assert set(named) == {"1/1", "1/2", "1/3"}
    assert named == sorted(named)


def test_a_finding_follows_its_record_to_another_row(run):
    odd = Value("dc.language", "Klingonish")
    run(record(1, "A study", odd, place="a.csv, row 2"))
    before = list(run.site.live().store.all_triples(REPORT))
    report = run(record(1, "A study", odd, place="a.csv, row 3"))
    assert {finding.place for finding in report.findings if finding.record} == {"a.csv, row 3"}
    assert {finding.place for finding in run.site.live().catalog.findings() if finding.record} == {"a.csv, row 3"}
    assert sorted(run.site.live().store.all_triples(REPORT)) == sorted(before)


def test_a_changed_record_is_replaced_exactly(run):
    journal = Value("dc.relation.ispartof", "The Lancet"), Value("dc.type", "Article")
    run(record(1, "Old title", *journal), record(2, "Other", *journal))
    report = run(record(1, "New title"), record(2, "Other", *journal))
    assert (report.published, report.unchanged) == (1, 1)
    texts = {object_ for _, _, object_ in run.site.live().store.triples_of(f"{ITEM}1")}
    assert '"New title"@en' in texts
    assert '"Old title"@en' not in texts
    assert any('"The Lancet"' in triple for triple in run.site.live().store.all_triples())


def test_a_record_missing_from_a_source_read_whole_is_removed(run):
    run(record(1), record(2))
    report = run(record(1), scopes=("/data/a.csv",))
    assert report.removed == 1
    catalog = run.site.live().catalog
    assert catalog.removed_on(f"{ITEM}2") == "2026-11-23"
    assert not run.site.live().store.exists(f"{ITEM}2")


def test_a_list_that_is_not_whole_removes_nothing_and_is_no_record(run):
    run(record(1), record(2))
    incomplete = Finding("oai-incomplete", Severity.VIOLATION, "a.xml: the response goes on", place="a.xml, the end")
    report = run(record(1), incomplete, scopes=("/data/a.csv",))
    assert (report.read, report.refused, report.removed) == (1, 0, 0)
    assert report.by_rule["oai-incomplete", "violation"] == 1
    assert report.by_rule["removals-held", "warning"] == 1


def test_a_folder_stands_for_the_files_in_it(run):
    run(record(1), record(2))
    assert run(record(1), scopes=("/data",)).removed == 1


def test_what_was_published_from_a_file_that_is_not_recognised_now_stays(run):
    run(record(1), record(2))
    assert run(scopes=("/data",), unread=("/data/a.csv",)).removed == 0


def test_a_part_of_a_source_removes_nothing(run):
    run(record(1), record(2))
    report = run(record(1))
    assert (report.removed, report.live) == (0, 2)


def test_a_record_of_another_source_stays(run):
    run(record(1), record(2))
    assert run(scopes=("/data/b.csv",)).live == 2


def test_a_tombstone_removes(run):
    run(record(1))
    report = run(Tombstone("/data/a.csv", "a.csv, row 2", handle="1/1", removed="2026-01-02"))
    assert report.removed == 1
    assert run.site.live().catalog.removed_on(f"{ITEM}1") == "2026-01-02"


def test_a_removed_record_may_come_back(run):
    run(record(1), record(2))
    assert run(record(2), scopes=("/data/a.csv",)).removed == 1
    run(record(1))
    assert run.site.live().catalog.removed_on(f"{ITEM}1") is None
    assert set(titles(run)) == {"1", "2"}


BROKEN = (Value("dc.identifier.spage", "20"), Value("dc.identifier.epage", "11"))


def test_a_violation_keeps_a_record_out_and_its_last_good_version_stays(run):
    run(record(1, "Good"))
    report = run(record(1, "Broken", *BROKEN))
    assert (report.published, report.refused, report.live) == (0, 1, 1)
    assert titles(run) == {"1": "Good"}
    finding = next(finding for finding in report.findings if finding.severity is Severity.VIOLATION)
    assert finding.rule == "C10"
    assert finding.place == "a.csv, row 1"
    known = run.site.live().catalog.explain("1/1")
    assert known.status == "refused"
    assert {fate.fate for fate in known.fates} == {Fate.REFUSED}
    assert known.published.title == "Good"


def test_a_refused_record_is_not_removed_as_missing(run):
    run(record(1, "Good"))
    assert run(record(1, "Broken", *BROKEN), scopes=("/data/a.csv",)).removed == 0


def test_a_record_refused_as_undecidable_is_not_removed_as_missing(run):
    run(record(1, "Good"))
    report = run(record(1, "One"), record(1, "Other"), scopes=("/data/a.csv",))
    assert (report.refused, report.removed) == (2, 0)
    assert titles(run) == {"1": "Good"}


def test_nothing_is_removed_while_some_record_cannot_be_read(run):
    run(record(1), record(2))
    fault = Finding("csv-row", Severity.VIOLATION, "The row has too many cells.", place="a.csv, row 3")
    report = run(record(1), fault, scopes=("/data/a.csv",))
    assert (report.removed, report.live) == (0, 2)
    held = next(finding for finding in report.findings if finding.rule == "removals-held")
    assert "1 record is missing from the sources but was not removed" in held.message
    assert run(record(1), scopes=("/data/a.csv",)).removed == 1


def test_a_run_that_read_nothing_removes_nothing(run):
    run(record(1), record(2))
    report = run(scopes=("/data/a.csv",))
    assert (report.read, report.removed, report.live) == (0, 0, 2)
    assert "nothing at all was read" in report.findings[-1].message


def test_a_damaged_handle_is_shown_and_holds_removals(run):
    run(record(1), record(2))
    damaged = Record("/data/a.csv", "a.csv, row 3", (Value("dc.identifier.uri", "http://hdl.handle.net/1/2 x"),))
    report = run(record(1), damaged, scopes=("/data/a.csv",))
    assert (report.refused, report.removed, report.live) == (1, 0, 2)
    assert "'http://hdl.handle.net/1/2 x' is no handle" in report.findings[0].message
    assert report.findings[0].field == "dc.identifier.uri"


def test_a_changed_base_iri_moves_every_record_also_those_not_read(run, tmp_path, shapes):
    run(record(1, "A", Value("dc.publisher", "Press")), record(2, "B"))
    crosswalk = bundled_crosswalk(make_settings({"base_iri": "https://new.example.org/"}, {}))
    report = publish([record(1, "A", Value("dc.publisher", "Press"))], Plan(crosswalk, shapes, now=NOON), run.site)
    assert (report.read, report.published, report.remapped, report.live) == (1, 1, 1, 2)
    assert [finding.message for finding in report.findings if finding.rule == "base-iri"] == [
        "base_iri was https://example.org/ and is https://new.example.org/ now: 2 records have new IRIs, and the old IRIs "
        "no longer resolve here. If that was not meant, set it back and publish again."
    ]
    assert not any("https://example.org/" in " ".join(triple) for triple in run.site.live().store.all_triples())
    assert [iri for iri, _ in run.site.live().catalog.items(9)] == [
        f"https://new.example.org/id/item/1/{n}" for n in (1, 2)
    ]


PICKY = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rt: <https://w3id.org/lod-repository/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/shape/picky> a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:property <https://example.org/shape/titles> .
<https://example.org/shape/titles> sh:path dcterms:title ; sh:pattern "^(?!Bad)" ; sh:severity sh:Violation ;
    sh:message "Z01 This site takes no bad titles." .
"""


@pytest.fixture(scope="module")
def picky(crosswalk, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "local.ttl").write_text(PICKY, encoding="utf-8")
    return load_shapes([bundled.SHAPES, folder], crosswalk.vocabulary)


@pytest.mark.slow
def test_a_record_that_other_shapes_refused_is_published_without_its_source(run, crosswalk, shapes, picky):
    publish([record(1, "Bad title"), record(2)], Plan(crosswalk, picky, now=NOON), run.site)
    assert titles(run) == {"2": "A study of lupus"}
    report = run(record(2))
    assert (report.read, report.published, report.unchanged, report.refused, report.remapped) == (1, 1, 0, 0, 1)
    assert titles(run) == {"1": "Bad title", "2": "A study of lupus"}
    assert run.site.live().counts["refused"] == 0


IN_SPARQL = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rt: <https://w3id.org/lod-repository/> .
rt:Picky a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:severity sh:Violation ; sh:sparql [
    sh:message "Z01 This site takes no bad titles." ;
    sh:select "SELECT $this ?value { $this <http://purl.org/dc/terms/title> ?value FILTER STRSTARTS(?value, 'Bad') }" ] .
"""


@pytest.mark.parametrize(("engine", "told"), [("compiled", ["rt:Picky: sh:sparql"]), ("pyshacl", [])])
def test_a_run_names_the_shapes_that_pyshacl_judges_and_both_engines_refuse_the_same(
    engine, told, run, crosswalk, tmp_path
):
    (tmp_path / "local.ttl").write_text(IN_SPARQL, encoding="utf-8")
    shapes = load_shapes([bundled.SHAPES, tmp_path], crosswalk.vocabulary)
    own = replace(crosswalk, settings=replace(crosswalk.settings, engine=engine))
    report = publish([record(1, "Bad title"), record(2)], Plan(own, shapes, now=NOON), run.site)
    assert report.to_dict()["by_pyshacl"] == told
    assert (report.published, report.refused) == (1, 1)
    assert report.by_rule["Z01", "violation"] == 1


def test_a_new_shape_keeps_the_last_good_version_and_says_so_in_every_run(run, crosswalk, picky):
    run(record(1, "Bad title"), record(2))
    for _ in range(2):
        publish([record(2)], Plan(crosswalk, picky, now=NOON), run.site)
        assert titles(run) == {"1": "Bad title", "2": "A study of lupus"}
        assert run.site.live().catalog.explain("1/1").findings[-1].rule == "Z01"


@pytest.mark.slow
def test_a_last_good_version_is_mapped_by_new_rules_though_a_later_one_was_refused(run, settings, shapes, tmp_path):
    run(record(1, "Good"), record(2))
    run(record(1, "Broken", *BROKEN))
    moved = bundled_crosswalk(make_settings({"base_iri": "https://new.example.org/"}, {}))
    for read in ([record(1, "Broken", *BROKEN)], [record(2)]):
        publish(read, Plan(moved, shapes, now=NOON), run.site)
        live = run.site.live()
        assert dict(live.catalog.items(9))["https://new.example.org/id/item/1/1"] == "Good"
        assert not any("https://example.org/" in " ".join(triple) for triple in live.store.all_triples())
        assert live.catalog.explain("1/1").status == "refused"
        assert live.catalog.explain("1/1").record.values[1].text == "Broken"


@pytest.mark.slow
def test_a_key_chosen_by_the_site_lets_refused_records_in_without_their_source(run, shapes):
    keyless = Record(*SOURCE, "a.csv, row 7", (Value("dc.title", "x"), Value("dc.identifier.doi", "10.5555/a")))
    none = bundled_crosswalk(make_settings({"base_iri": "https://example.org/", "key_from": []}, {}))
    assert publish([keyless], Plan(none, shapes, now=NOON), run.site).refused == 1
    crosswalk = bundled_crosswalk(make_settings({"base_iri": "https://example.org/", "key_from": ["doi"]}, {}))
    publish([], Plan(crosswalk, shapes, now=NOON), run.site)
    assert [iri for iri, _ in run.site.live().catalog.items(9)] == ["https://example.org/id/item/doi/10.5555/a"]
    assert run.site.live().counts["refused"] == 0


@pytest.mark.slow
def test_records_of_one_key_that_nothing_decides_between_stay_refused_under_other_rules(run, crosswalk, picky):
    run(record(1, "One"), record(1, "Other"))
    publish([record(2)], Plan(crosswalk, picky, now=NOON), run.site)
    assert titles(run) == {"2": "A study of lupus"}
    assert run.site.live().catalog.explain("1/1").status == "refused"


def test_removals_are_a_named_graph_that_queries_can_ask_and_the_default_graph_knows_nothing_of_them(run):
    run(*(record(number) for number in range(5)))
    graph = "https://example.org/data/removed"
    assert graph not in run.site.live().store.named_graphs()
    run(*(Tombstone("/data/a.csv", "a.csv", handle=f"1/{number}", removed="2026-01-02") for number in (1, 2)))
    live = run.site.live()
    at = "http://www.w3.org/ns/prov#invalidatedAtTime"
    moment = '"2026-01-02T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    gone = sorted(triple for triple in live.store.all_triples(graph) if triple[1] == f"<{at}>")
    assert gone == [(f"<{ITEM}{number}>", f"<{at}>", moment) for number in (1, 2)]
    assert not any(at in triple[1] for triple in live.store.all_triples())
    assert list(live.catalog.removals()) == [(f"{ITEM}1", "2026-01-02"), (f"{ITEM}2", "2026-01-02")]
    run(record(1), record(2))
    assert graph not in run.site.live().store.named_graphs()


@pytest.mark.slow
def test_a_removal_goes_along_when_the_base_iri_changes(run, shapes):
    run(record(1), record(2))
    run(Tombstone("/data/a.csv", "a.csv", handle="1/1", removed="2026-01-02"))
    crosswalk = bundled_crosswalk(make_settings({"base_iri": "https://new.example.org/"}, {}))
    publish([], Plan(crosswalk, shapes, now=NOON), run.site)
    catalog = run.site.live().catalog
    assert catalog.removed_on("https://new.example.org/id/item/1/1") == "2026-01-02"
    assert catalog.removed_on(f"{ITEM}1") is None
    assert redirects_of(catalog) == []


@pytest.mark.slow
def test_a_record_whose_better_key_is_refused_keeps_its_last_good_version(run):
    uuid = "00000000-0000-4000-8000-000000000001"
    by_uuid = Record(*SOURCE, "row 1", (Value("dc.title", "Good"), Value("dc.identifier.doi", "10.5555/a")), uuid=uuid)
    run(by_uuid, record(2))
    report = run(record(1, "Broken", *BROKEN, uuid=uuid), record(2), scopes=SOURCE)
    assert (report.refused, report.removed) == (1, 0)
    assert set(titles(run).values()) == {"Good", "A study of lupus"}
    run(record(1, "Mended", uuid=uuid), record(2), scopes=SOURCE)
    catalog = run.site.live().catalog
    assert catalog.moved_to(f"https://example.org/id/item/uuid/{uuid}") == f"{ITEM}1"
    assert catalog.counts() | {"triples": 0} == {"records": 2, "removed": 0, "refused": 0, "triples": 0}


@pytest.mark.slow
def test_a_record_that_has_lost_its_handle_and_is_refused_keeps_its_last_good_version(run):
    uuid = "00000000-0000-4000-8000-000000000001"
    run(record(1, "Good", uuid=uuid), record(2))
    cut_off = Record(*SOURCE, "a.csv, row 1", (Value("dc.title", "Goo"),), uuid=uuid)
    for _ in range(2):
        report = run(cut_off, record(2), scopes=SOURCE)
        assert (report.refused, report.removed, report.live) == (1, 0, 2)
        assert titles(run) == {"1": "Good", "2": "A study of lupus"}
    assert run(record(1, "Better", uuid=uuid), record(2), scopes=SOURCE).refused == 0
    assert run.site.live().catalog.counts()["refused"] == 0
    assert run(record(2), scopes=SOURCE).removed == 1


@pytest.mark.slow
def test_a_record_that_nothing_names_any_more_keeps_its_last_good_version_by_its_title(run):
    run(record(1, "Forests"), record(2, "Rivers"), record(3, "Seas"))
    nameless = Record(*SOURCE, "a.csv, row 2", (Value("dc.title", "Rivers"),))
    for _ in range(2):
        report = run(record(1, "Forests"), nameless, scopes=SOURCE)
        assert report.refused == 1
        assert titles(run) == {"1": "Forests", "2": "Rivers"}
    assert run(record(1, "Forests"), record(2, "Rivers of Asia"), scopes=SOURCE).refused == 0
    assert titles(run) == {"1": "Forests", "2": "Rivers of Asia"}
    assert run(record(1, "Forests"), scopes=SOURCE).removed == 1


@pytest.mark.slow
def test_a_record_that_moved_to_another_source_and_was_refused_there_is_not_missing(run):
    run(record(1, "Good"), record(2))
    moved = replace(record(1, "Broken", *BROKEN), source="/data/b.csv")
    run(moved)
    assert run(record(2), scopes=SOURCE).removed == 0
    assert run(record(2), scopes=("/data",)).removed == 1


@pytest.mark.slow
def test_records_whose_file_was_renamed_stay_and_the_run_says_so(run, tmp_path):
    old, new = tmp_path / "export.csv", tmp_path / "export-2.csv"
    old.write_text("", encoding="utf-8")
    run(*(replace(record(number), source=str(old)) for number in (1, 2)))
    run(
        replace(record(3), source=str(tmp_path / "all.zip" / "item_1")),
        replace(record(4), source="https://example.org/oai"),
    )
    (tmp_path / "all.zip").write_text("", encoding="utf-8")

    def told(**parts):
        found = run(replace(record(1), source=str(new)), **parts).findings
        return [finding.message for finding in found if finding.rule == "source-gone"]

    old.rename(new)
    assert told() == []
    assert told(scopes=(str(new),)) == [
        f"1 published record comes from files that no longer exist; it stays published: {old}. Put the files back where they were, "
        "or remove the records with a table of their handles whose column action says withdraw."
    ]
    old.write_text("", encoding="utf-8")
    assert told(scopes=(str(new),)) == []
    assert len(titles(run)) == 4


SOURCE = ("/data/a.csv",)


def test_a_run_that_would_remove_too_much_stops_before_anything_changes(run):
    run(*(record(number) for number in range(60)))
    before = run.site.live_name()
    with pytest.raises(ShrinkError) as stopped:
        run(*(record(number) for number in range(53)), scopes=SOURCE)
    assert str(stopped.value).startswith(
        "7 of 60 published records would be removed (1/53, 1/54, 1/55, 1/56, 1/57, …); "
    )
    assert "allows 10 percent in one run" in str(stopped.value)
    assert "publish with --allow-shrink" in str(stopped.value)
    assert str(stopped.value).endswith("Nothing has been changed.")
    assert (run.site.live_name(), run.site.live().counts["records"]) == (before, 60)
    report = run(*(record(number) for number in range(53)), scopes=SOURCE, allow_shrink=True)
    assert (report.removed, report.live) == (7, 53)


def test_tombstones_count_as_records_that_go_and_a_dry_run_only_says_so(run):
    run(*(record(number) for number in range(9)))
    gone = [Tombstone("/data/a.csv", "a.csv", handle=f"1/{number}") for number in range(6)]
    with pytest.raises(ShrinkError, match=r"^6 of 9 published records would be removed \(1/0, "):
        run(*gone)
    report = run(*gone, dry_run=True)
    assert [finding.rule for finding in report.findings] == ["shrink"]
    assert run(*gone[:5]).removed == 5


@pytest.mark.slow
def test_a_share_of_records_within_the_limit_may_go(run):
    run(*(record(number) for number in range(60)))
    assert run(*(record(number) for number in range(54)), scopes=SOURCE).removed == 6


def test_a_tombstone_and_a_record_whose_handles_differ_in_case_are_of_one_key(run):
    def spelt(handle):
        return Record("s", "s, row 2", (Value("dc.identifier.uri", f"hdl:{handle}"), Value("dc.title", "One")))

    run(spelt("1/ab"))
    report = run(Tombstone("s", "s", handle="1/AB"), spelt("1/ab"))
    assert (report.removed, report.live) == (0, 1)


def test_a_record_after_its_tombstone_lives(run):
    run(record(1))
    report = run(Tombstone("/data/a.csv", "a.csv, row 2", handle="1/1"), record(1))
    assert (report.removed, report.live) == (0, 1)


@pytest.mark.slow
@pytest.mark.parametrize("read", [lambda given: [given], lambda _: []], ids=["read again", "not read"])
def test_an_embargo_ends_when_its_day_has_come(run, crosswalk, shapes, read):
    given = record(1, "A study", Value("dc.date.available", "2026-12-01T00:00:00Z"))
    run(given)
    available = "https://example.org/data/item/1/1", "http://purl.org/dc/terms/available"
    assert list(run.site.live().store.objects(*available)) == []
    assert run(given).unchanged == 1
    later = Plan(crosswalk, shapes, now=datetime(2027, 1, 1, tzinfo=UTC))
    report = publish(read(given), later, run.site)
    assert report.published + report.remapped == 1
    assert len(list(run.site.live().store.objects(*available))) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "rule", "ends"),
    [
        pytest.param(Value("dc.date.issued", "2030"), "I20", 2028, id="a year far ahead"),
        pytest.param(Value("dc.date.issued", "1030"), "I20", None, id="a year before print"),
    ],
)
def test_what_is_found_of_a_year_to_come_ends_with_time(run, crosswalk, shapes, value, rule, ends):
    def found(year):
        publish([], Plan(crosswalk, shapes, now=datetime(year, 1, 1, tzinfo=UTC)), run.site)
        return rule in {finding.rule for finding in run.site.live().catalog.findings()}

    run(record(1, "A study", value))
    assert [found(year) for year in (2027, 2028)] == [True, ends is None]


def test_a_record_without_a_key_is_refused_by_its_place(run):
    report = run(Record("/data/a.csv", "a.csv, row 7", (Value("dc.title", "x"),)))
    assert report.refused == 1
    assert report.findings[0].rule == "no-key"
    assert report.findings[0].message.endswith(
        "add its handle as dc.identifier.uri, its UUID in the column 'uuid', or its DOI as dc.identifier.doi, or say which column "
        "names the records: lod coverage /data/a.csv --site DIR --write."
    )
    assert run.site.live().catalog.explain("a.csv, row 7").status == "refused"


def test_a_record_that_could_not_be_read_is_counted_and_the_rest_goes_on(run):
    fault = Finding("csv-row", Severity.VIOLATION, "The row has too many cells.", place="a.csv, row 3")
    report = run(record(1), fault, record(2))
    assert (report.read, report.published, report.refused) == (3, 2, 1)


def test_a_source_that_breaks_off_changes_nothing(run):
    run(record(1))
    name = run.site.live().name

    def broken():
        yield record(2)
        raise SourceError("a.csv: breaks off")

    with pytest.raises(SourceError, match="breaks off"):
        run.over(broken(), scopes=("/data/a.csv",))
    assert run.site.live().name == name
    assert titles(run) == {"1": "A study of lupus"}


def test_a_dry_run_publishes_nothing(run):
    report = run(record(1), dry_run=True)
    assert (report.published, report.generation) == (1, "")
    assert run.site.live() is None


REPEATS = [
    pytest.param([record(1), record(1, place="a.csv, row 8")], (2, 1, 0, 1), "A study of lupus", id="alike"),
    pytest.param(
        [record(1, "Old", modified="2020-01-01"), record(1, "New", modified="2021-01-01")],
        (2, 1, 0, 1),
        "New",
        id="the later one",
    ),
    pytest.param(
        [record(1, collections=("1/8",)), record(1, collections=("1/9",))],
        (2, 1, 0, 1),
        "A study of lupus",
        id="alike but for the collection",
    ),
    pytest.param(
        [record(1, "Old", modified="2020-01-01T23:00:00+08:00"), record(1, "New", modified="2020-01-01T20:00:00Z")],
        (2, 1, 0, 1),
        "New",
        id="later in UTC",
    ),
    pytest.param([record(1, "One"), record(1, "Other")], (2, 0, 2, 0), None, id="undecidable"),
]


@pytest.mark.parametrize(("items", "counts", "title"), REPEATS)
def test_a_repeated_key_is_decided_by_rule(run, items, counts, title):
    report = run(*items)
    assert (report.read, report.published, report.refused, report.repeated) == counts
    assert titles(run).get("1") == title


def test_handles_that_differ_in_case_only_are_one_handle(run):
    first = Record("s", "s, row 2", (Value("dc.identifier.uri", "hdl:1/ab"), Value("dc.title", "One")))
    other = Record("s", "s, row 3", (Value("dc.identifier.uri", "hdl:1/AB"), Value("dc.title", "Other")))
    report = run(first, other)
    assert report.refused == 2
    assert {finding.rule for finding in report.findings} == {"D04"}


def test_a_changed_crosswalk_maps_everything_anew(run, tmp_path, settings, shapes):
    run(record(1, "A study", Value("local.note", "x")))
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "local.toml").write_text(
        '[[rule]]\nfield = "local.note"\nkind = "text"\nproperty = "dcterms:description"\n'
        'example = { in = "x", out = \'dcterms:description "x"\' }\n',
        encoding="utf-8",
    )
    plan = Plan(load_crosswalk(settings, tmp_path), shapes, now=NOON)
    report = publish([record(1, "A study", Value("local.note", "x"))], plan, run.site)
    assert (report.published, report.totals()["mapped"]) == (1, 3)


def test_a_rule_of_the_site_that_never_ends_stops_the_run_and_the_live_generation_stays(
    run, tmp_path, settings, shapes, monkeypatch
):
    monkeypatch.setattr("lod.patterns.TIME_LIMIT_S", 0.1)
    run(record(1, "A study"))
    live = run.site.live().name
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "local.toml").write_text(
        '[[rule]]\nfield = "local.note"\nwhen = "^(~+)+$|x"\nkind = "text"\nproperty = "dcterms:description"\n'
        'example = { in = "x", out = \'dcterms:description "x"\' }\n',
        encoding="utf-8",
    )
    plan = Plan(load_crosswalk(settings, tmp_path), shapes, now=NOON)
    with pytest.raises(ConfigError, match=r"local\.toml, rule 1 \(local\.note\): 'when' is slow: .* begins '~~~"):
        publish([record(1, "A study", Value("local.note", "~" * 99 + "!"))], plan, run.site)
    assert run.site.live().name == live
    assert run(record(1, "A study")).unchanged == 1


def test_the_report_is_in_a_named_graph_without_addresses(run):
    run(record(1, "A study", Value("dc.description", "Write to ann@example.org")))
    store = run.site.live().store
    assert sorted(store.named_graphs()) == [
        f"https://example.org/data/{name}" for name in ("dataset", "model", "quality", "questions", "report")
    ]
    report = list(store.triples_of("https://example.org/data/report", "https://example.org/data/report"))
    assert len(report) > 2
    catalog = run.site.live().catalog
    assert not any("ann@" in json.dumps(finding.to_dict()) for finding in catalog.findings())


def test_a_fault_of_ours_costs_one_record_only(run, monkeypatch, caplog):
    from lod.publish import judge as module

    real = module.map_record

    def faulty(given, crosswalk, moment, **options):
        if given.values[1].text == "Bad":
            raise ZeroDivisionError
        return real(given, crosswalk, moment, **options)

    monkeypatch.setattr(module, "map_record", faulty)
    report = run(record(1, "Bad"), record(2))
    assert (report.published, report.refused) == (1, 1)
    assert report.findings[0].rule == "fault"
    assert "could not be mapped" in caplog.text


def test_a_record_goes_through_json_unchanged():
    given = record(1, "A", Value("dc.x", "y", "en", "k", 600), modified="2020", collections=("1/2",))
    assert Record.from_json(given.to_json()) == given


def test_an_old_iri_leads_to_the_one_by_a_better_key(run):
    journal = Value("dc.relation.ispartof", "The Lancet"), Value("dc.type", "Article")
    author = Value("dc.contributor.author", "Lu, L")
    run(record(1, "A study", author, *journal))
    (by_name,) = {
        line.partition(">")[0][1:] for line in claims_of(run, "1/1") if "/id/serial/" in line.partition(">")[0]
    }
    linked = Value("dc.contributor.author", "Lu, L (0000-0002-1825-0097)")
    run(record(1, "A study", linked, *journal, Value("dc.identifier.issn", "0140-6736")))
    moved = dict(redirects_of(run.site.live().catalog))
    assert moved == {
        by_name: "https://example.org/id/serial/0140-6736",
        f"{ITEM}1#agent-lu%2C_l": "https://example.org/id/person/orcid-0000-0002-1825-0097",
    }


def claims_of(run, key):
    return run.site.live().catalog.explain(key).claims


def test_an_item_by_uuid_moves_to_its_handle(run):
    uuid = "8a3b5c1d-0000-4000-8000-000000000001"
    values = (Value("dc.title", "A study"), Value("dc.identifier.uri", "http://example.org/a"))
    run(Record("/data/a.csv", "a.csv, row 1", values, uuid=uuid), scopes=("/data/a.csv",))
    report = run(record(1, uuid=uuid), scopes=("/data/a.csv",))
    assert (report.published, report.live) == (1, 1)
    catalog = run.site.live().catalog
    assert catalog.moved_to(f"https://example.org/id/item/uuid/{uuid}") == f"{ITEM}1"
    assert catalog.counts()["removed"] == 0


def test_a_site_without_a_licence_is_told_in_every_run_that_nobody_may_reuse_its_data(run, crosswalk, shapes):
    bare = replace(crosswalk, settings=replace(crosswalk.settings, license=""))
    for number in (1, 2):
        report = publish([record(number)], Plan(bare, shapes, now=NOON), run.site)
        assert report.by_rule["R08", "warning"] == 1
        assert report.rule_messages["R08", "warning"] == (
            "Dataset without a licence: it may not be reused. Set license in lod.toml."
        )
        assert [finding.rule for finding in run.site.live().catalog.findings() if finding.rule == "R08"] == ["R08"]
    assert ("R08", "warning") not in run(record(3)).by_rule
    assert [finding.rule for finding in run.site.live().catalog.findings() if finding.rule == "R08"] == []


@pytest.mark.slow
def test_a_site_of_the_time_when_low_lines_were_escaped_keeps_its_items(run, monkeypatch):
    """Its next run moves each item to the IRI without the escape; none is published twice, none is taken for removed."""
    from lod.mapping.values import iris
    from lod.store.catalog import ownership, schema

    source = {"scopes": ("/data/a.csv",)}
    given = Record("/data/a.csv", "a.csv, row 1", (Value("dc.title", "One"),), handle="1/A_b")
    gone = Record("/data/a.csv", "a.csv, row 2", (Value("dc.title", "Two"),), handle="1/c_d")
    with monkeypatch.context() as before:
        plain = iris.quote
        before.setattr(iris, "_PLAIN", iris.re.compile(r"[A-Za-z0-9.~-]*"))
        before.setattr(iris, "quote", lambda text, **options: plain(text, **options).replace("_", "%5F"))
        for module in (
            "lod.store.catalog.writer",
            "lod.store.catalog.staging",
            "lod.publish.stage",
            "lod.publish.removals",
        ):
            before.setattr(f"{module}.folded_name", lambda name: name.lower())
        create = schema.create_catalog

        def without_mark(path):
            connection = create(path)
            connection.execute("DELETE FROM meta WHERE name = 'low lines'")
            return connection

        before.setattr("lod.store.catalog.writer.create_catalog", without_mark)
        run(given, gone, **source)
        assert [key for (key,) in run.site.live().catalog._rows("SELECT key FROM record ORDER BY key")] == [
            "1/A%5Fb",
            "1/c%5Fd",
        ]
    assert ownership.folded_name("1/A%5Fb") == "1/a_b"
    report = run(replace(given, values=(Value("dc.title", "One, again"),)), **source)
    catalog = run.site.live().catalog
    assert [key for (key,) in catalog._rows("SELECT key FROM record")] == ["1/A_b"]
    assert (report.published, report.removed) == (1, 1)
    assert catalog._rows("SELECT count(*) FROM renamed") == [(0,)]
    assert catalog.removed_on(f"{ITEM[:-2]}1/c%5Fd")
