"""Keys that change: what was published under an older key answers 301, whatever the reason."""

from datetime import UTC, datetime

import pytest

from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.settings.table import make_settings
from lod.sources import SourceDefaults, open_source
from lod.store.generation.generations import Site
from tests.helpers.loaded import bundled_crosswalk

BASE = "https://example.org/"
ITEM = f"{BASE}id/item/"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = "@article{first, title={One}, year=2001}\n"
BROKEN = (Value("dc.identifier.spage", "20"), Value("dc.identifier.epage", "11"))
SECOND = "@article{second, title={Two}, year=2002, doi={10.5555/two}}\n"


def crosswalk_of(**settings):
    return bundled_crosswalk(make_settings({"base_iri": BASE} | settings, {}))


@pytest.fixture
def run(tmp_path, shapes):
    """Publish the file list.bib, read whole, under settings; return the report."""
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")

    def publish_file(text=None, *, name="", read=True, path="list.bib", **settings):
        crosswalk = crosswalk_of(**settings)
        file = folder / path
        if text is not None:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        items = open_source(file, crosswalk.settings, defaults=SourceDefaults(name)) if read else []
        scopes = (str(file.resolve()),) if read else ()
        return publish(items, Plan(crosswalk, shapes, now=NOON, scopes=scopes), site)

    publish_file.site = site
    return publish_file


def live(run):
    return sorted(iri.removeprefix(ITEM) for iri, _ in run.site.live().catalog.items(100))


def moved(run, key):
    found = run.site.live().catalog.moved_to(f"{ITEM}{key}")
    return found and found.removeprefix(ITEM)


def test_a_site_that_takes_away_its_list_of_keys_keeps_its_old_iris_as_redirects(run):
    run(FIRST + SECOND, key_from=["bibtex.key"])
    assert live(run) == ["bibtex.key/first", "bibtex.key/second"]
    report = run()
    assert (report.refused, report.live) == (0, 2)
    assert live(run) == ["bibtex.key/list.bib/first", "doi/10.5555/two"]
    assert moved(run, "bibtex.key/first") == "bibtex.key/list.bib/first"
    assert moved(run, "bibtex.key/second") == "doi/10.5555/two"


@pytest.mark.slow
def test_a_site_of_many_records_may_change_its_keys_without_allowing_to_shrink(run):
    many = "".join(f"@article{{k{number}, title={{T{number}}}, year=2001}}\n" for number in range(20))
    run(many, key_from=["bibtex.key"])
    report = run()
    assert (report.removed, report.live) == (0, 20)
    assert moved(run, "bibtex.key/k7") == "bibtex.key/list.bib/k7"


def test_keys_change_back_as_well(run):
    run(FIRST + SECOND)
    run(key_from=["bibtex.key"])
    assert live(run) == ["bibtex.key/first", "bibtex.key/second"]
    assert moved(run, "bibtex.key/list.bib/first") == "bibtex.key/first"
    assert moved(run, "doi/10.5555/two") == "bibtex.key/second"


@pytest.mark.slow
def test_records_that_are_mapped_from_the_catalog_move_too(run):
    run(FIRST + SECOND, key_from=["bibtex.key"])
    report = run(read=False)
    assert (report.remapped, report.live) == (2, 2)
    assert live(run) == ["bibtex.key/list.bib/first", "doi/10.5555/two"]
    assert moved(run, "bibtex.key/second") == "doi/10.5555/two"


@pytest.mark.slow
def test_a_file_that_becomes_a_source_with_a_name_moves(run):
    run(FIRST)
    run(name="group")
    assert live(run) == ["bibtex.key/group/first"]
    assert moved(run, "bibtex.key/list.bib/first") == "bibtex.key/group/first"


@pytest.mark.parametrize("gained", ["doi={10.5555/one}", "url={https://hdl.handle.net/1/2}"])
def test_a_record_that_gains_a_better_identifier_moves(run, gained):
    run(FIRST)
    run(FIRST.replace("year", f"{gained}, year"))
    (key,) = live(run)
    assert key in {"doi/10.5555/one", "1/2"}
    assert moved(run, "bibtex.key/list.bib/first") == key


@pytest.mark.slow
def test_an_old_key_that_two_records_may_have_had_moves_to_neither(run, shapes):
    crosswalk = crosswalk_of()
    path = "/data/a.csv"
    fields = (Value("dc.title", "One"), Value("dc.identifier.doi", "10.5555/a"))
    publish([Record(path, "row 2", fields)], Plan(crosswalk, shapes, now=NOON, scopes=(path,)), run.site)
    assert live(run) == ["doi/10.5555/a"]
    deposits = [
        Record(path, f"row {number}", (*fields, Value("dc.identifier.uri", f"hdl:1/{number}"))) for number in (2, 3)
    ]
    publish(deposits, Plan(crosswalk, shapes, now=NOON, scopes=(path,)), run.site)
    assert live(run) == ["1/2", "1/3"]
    assert moved(run, "doi/10.5555/a") is None


@pytest.mark.slow
def test_another_source_with_the_same_doi_takes_nothing_over(run, shapes):
    crosswalk = crosswalk_of()
    fields = (Value("dc.title", "One"), Value("dc.identifier.doi", "10.5555/a"))
    publish([Record("/data/a.csv", "row 2", fields)], Plan(crosswalk, shapes, now=NOON), run.site)
    other = Record("/data/b.csv", "row 2", (*fields, Value("dc.identifier.uri", "hdl:1/2")))
    publish([other], Plan(crosswalk, shapes, now=NOON), run.site)
    assert live(run) == ["1/2", "doi/10.5555/a"]


def test_a_record_that_is_refused_under_its_new_key_stays_published_under_the_old_one(run, shapes):
    path = "/data/a.csv"
    fields = (Value("dc.title", "One"), Value("dc.identifier.local", "7"))
    old = Plan(crosswalk_of(key_from=["dc.identifier.local"]), shapes, now=NOON, scopes=(path,))
    publish([Record(path, "row 2", fields)], old, run.site)
    broken = (*fields, Value("dc.identifier.doi", "10.5555/a"), *BROKEN)
    report = publish([Record(path, "row 2", broken)], Plan(crosswalk_of(), shapes, now=NOON, scopes=(path,)), run.site)
    assert report.removed == 0
    assert live(run) == ["dc.identifier.local/7"]


@pytest.mark.slow
def test_two_files_of_one_name_do_not_take_each_other_s_keys(run):
    run(FIRST)
    report = run(FIRST.replace("One", "Other"), path="elsewhere/list.bib")
    assert report.refused == 1
    assert "which has the same name" in report.findings[0].message
    assert "[[source]] of lod.toml" in report.findings[0].message
    assert list(dict(run.site.live().catalog.items(9)).values()) == ["One"]


HEAD = "dc.title,dc.identifier.uri,dc.identifier.doi\n"
WITH_HANDLE = f"{HEAD}One,http://hdl.handle.net/10722/1,10.5555/one\nTwo,http://hdl.handle.net/10722/2,10.5555/two\n"


def test_a_record_that_loses_its_handle_goes_on_under_its_doi(run):
    run(WITH_HANDLE, path="list.csv")
    report = run(f"{HEAD}One,,10.5555/one\n", path="list.csv")
    assert (report.removed, live(run)) == (1, ["doi/10.5555/one"])
    assert moved(run, "10722/1") == "doi/10.5555/one"
    catalog = run.site.live().catalog
    assert catalog.removed_on(f"{ITEM}10722/1") is None
    assert catalog.removed_on(f"{ITEM}10722/2") == "2026-11-23"


@pytest.mark.slow
def test_of_two_lost_handles_neither_is_taken_for_the_doi_that_both_had(run):
    run(WITH_HANDLE.replace("10.5555/two", "10.5555/one"), path="list.csv")
    run(f"{HEAD}One,,10.5555/one\n", path="list.csv")
    assert live(run) == ["doi/10.5555/one"]
    assert (moved(run, "10722/1"), moved(run, "10722/2")) == (None, None)


@pytest.mark.slow
def test_a_record_that_was_there_under_the_doi_is_not_what_another_has_become(run):
    run(f"{WITH_HANDLE}Three,,10.5555/one\n", path="list.csv")
    assert live(run) == ["10722/1", "10722/2", "doi/10.5555/one"]
    run(f"{HEAD}Two,http://hdl.handle.net/10722/2,10.5555/two\nThree,,10.5555/one\n", path="list.csv")
    assert live(run) == ["10722/2", "doi/10.5555/one"]
    assert moved(run, "10722/1") is None
