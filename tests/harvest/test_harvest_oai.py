"""Harvesting an OAI-PMH provider: everything, what is new, what is deleted, by sets, after a break."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from lod.harvest.oai.answers import read_page
from lod.harvest.saved_response import SavedResponse
from tests.helpers.repository_server import DATACITE, FORMATS, Repository


def asked(repository, start=0):
    return [dict(parse_qsl(urlsplit(path).query)) for path in repository.requests[start:]]


def fresh_publish(new_site, url, *arguments):
    site = new_site("fresh")
    site.report(url, *arguments)
    return site.published()


# ------------------------------------------------------------------ what is asked for


def test_a_first_harvest_takes_everything_page_by_page_in_the_best_form(site, serve):
    repository = Repository.of(250)
    report = site.report(f"{serve(repository)}/oai")
    assert (report["read"], report["published"], report["removed"]) == (250, 250, 0)
    assert [query["verb"] for query in asked(repository)] == ["Identify", "ListMetadataFormats", *["ListRecords"] * 3]
    assert asked(repository)[2] == {"verb": "ListRecords", "metadataPrefix": "xoai"}
    assert asked(repository)[3] == {"verb": "ListRecords", "resumptionToken": "xoai////100"}
    assert "full harvest of xoai: 250 records, in 5 requests" in report["harvested"][0]
    assert repository.most_in_flight == 1


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        pytest.param(["oai_dc", "qdc", "xoai"], "xoai", id="xoai before all"),
        pytest.param(["oai_dc", "qdc"], "qdc", id="qualified before unqualified"),
        pytest.param(["oai_dc", "oai_datacite"], "oai_datacite", id="DataCite before unqualified"),
        pytest.param(["oai_dc"], "oai_dc", id="what every provider has"),
    ],
)
def test_the_form_of_metadata_that_says_most_is_chosen(site, serve, offered, chosen):
    repository = Repository.of(3, formats={prefix: (FORMATS | DATACITE)[prefix] for prefix in offered})
    assert site.report(f"{serve(repository)}/oai")["published"] == 3
    assert asked(repository)[-1]["metadataPrefix"] == chosen


def test_a_form_that_is_told_is_taken_and_one_that_is_not_offered_is_refused_with_what_is(site, serve):
    repository = Repository.of(3)
    url = f"{serve(repository)}/oai"
    site.report(url, "--metadata-prefix", "oai_dc")
    assert asked(repository)[-1]["metadataPrefix"] == "oai_dc"
    result = site.publish(url, "--metadata-prefix", "marc21")
    assert result.exit_code == 3
    assert f"{url}: offers no metadata prefix 'marc21'; it offers: oai_dc, qdc, xoai" in result.output


def test_we_say_who_we_are(site, serve):
    repository = Repository.of(3)
    site.report(f"{serve(repository)}/oai")
    assert repository.headers[0]["User-Agent"].startswith("lod/")
    assert "(+https://example.org/)" in repository.headers[0]["User-Agent"]


@pytest.mark.slow
def test_a_record_has_its_place_in_the_list_and_the_address_where_it_can_be_had_again(site, serve):
    url = f"{serve(Repository.of(150))}/oai"
    site.report(url)
    record = site.live.catalog.explain("20.500.99/101").record
    assert record.place == f"{url}?verb=ListRecords&resumptionToken=xoai%2F%2F%2F%2F100, line 5"
    assert record.source == f"{url}?verb=ListRecords"
    assert (
        record.url
        == f"{url}?verb=GetRecord&metadataPrefix=xoai&identifier=oai%3Arepository.example.org%3A20.500.99%2F101"
    )


# ------------------------------------------------------------------ what is new


def test_the_next_harvest_asks_for_what_has_changed_since_the_last_and_a_bit_before(site, serve):
    repository = Repository.of(120)
    url = f"{serve(repository)}/oai"
    site.report(url)
    before = len(repository.requests)
    repository.tick(hours=100)
    repository.change(5, "A new title")
    repository.change(999, "A new record")
    report = site.report(url)
    assert (report["read"], report["published"], report["live"]) == (2, 2, 121)
    # The clock of the provider stood at 2026-04-11; 48 hours of overlap.
    assert asked(repository, before) == [
        {"verb": "Identify"},
        {
            "verb": "ListRecords",
            "metadataPrefix": "xoai",
            "from": "2026-04-09T00:00:00Z",
            "until": "2026-04-15T04:00:00Z",
        },
    ]


@pytest.mark.slow
def test_a_provider_that_counts_days_is_asked_for_days(site, serve):
    repository = Repository.of(20, granularity="YYYY-MM-DD")
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.tick(hours=100)
    repository.change(5, "A new title")
    assert site.report(url)["published"] == 1
    assert (asked(repository)[-1]["from"], asked(repository)[-1]["until"]) == ("2026-04-09", "2026-04-15")


def test_nothing_new_is_no_fault_and_changes_nothing(site, serve):
    repository = Repository.of(20)
    url = f"{serve(repository)}/oai"
    site.report(url)
    before = site.published()
    repository.tick(hours=100)
    report = site.report(url)
    assert (report["read"], report["removed"], report["live"]) == (0, 0, 20)
    assert site.published() == before


@pytest.mark.slow
def test_a_deleted_record_is_removed_also_where_only_its_metadata_had_the_handle(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.tick()
    repository.delete(7)
    repository.delete(10)
    assert repository.items[10].identifier.endswith(":id10")
    report = site.report(url)
    assert (report["removed"], report["live"]) == (2, 28)
    assert site.published()[1] == {"20.500.99/7", "20.500.99/10"}


@pytest.mark.slow
def test_a_deleted_record_that_comes_back_is_published_again(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.tick()
    repository.delete(10)
    site.report(url)
    repository.tick()
    repository.items[10].deleted = False
    repository.change(10, "Back again")
    assert site.report(url)["live"] == 30
    assert site.published()[1] == set()


@pytest.mark.slow
def test_full_and_incremental_harvests_end_where_a_fresh_one_does(site, new_site, serve):
    repository = Repository.of(230)
    url = f"{serve(repository)}/oai"
    site.report(url)
    for round_ in range(1, 4):
        repository.tick()
        for number in (3 * round_, 50 + round_, 300 + round_):
            repository.change(number, f"Title of round {round_}")
        for number in (10 * round_, 7 * round_):
            repository.delete(number)
        site.report(url)
    records, _ = site.published()
    assert len(records) == 230 + 3 - 6
    assert records == fresh_publish(new_site, url)[0]


# ------------------------------------------------------------------ deletions that nobody tells


@pytest.mark.slow
def test_a_provider_that_forgets_deletions_is_harvested_whole_when_it_is_time(site, serve):
    repository = Repository.of(30, deleted_record="no")
    url = f"{serve(repository)}/oai"
    site.source("theses", url)
    site.report()
    repository.tick()
    repository.delete(7)
    assert site.report()["live"] == 30
    state = json.loads((site.folder / "harvest/theses/source.json").read_text())
    state["last_full"]["at"] = "2020-01-01T00:00:00Z"
    (site.folder / "harvest/theses/source.json").write_text(json.dumps(state))
    report = site.report()
    assert (report["removed"], report["live"]) == (1, 29)
    assert "theses: full harvest of xoai: 29 records" in report["harvested"][0]


def test_a_full_harvest_can_be_asked_for(site, serve):
    repository = Repository.of(30, deleted_record="no")
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.delete(7)
    assert site.report(url, "--full")["removed"] == 1


def test_a_list_that_is_shorter_than_the_provider_says_removes_nothing(site, serve):
    repository = Repository.of(30, deleted_record="no", page_size=20)
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.delete(7)
    repository.list_size = lambda size: size + 1
    report = site.report(url, "--full")
    assert (report["removed"], report["live"]) == (0, 30)
    (told,) = [row for row in report["by_rule"] if row["rule"] == "harvest" and row["severity"] == "warning"]
    assert "the list has 29 of the 30 records that the provider counts (completeListSize)" in told["message"]
    assert "nothing that seems to be missing is removed" in told["message"]


@pytest.mark.slow
def test_a_provider_that_only_estimates_its_lists_can_be_trusted_all_the_same(site, serve):
    repository = Repository.of(30, deleted_record="no", page_size=20, list_size=lambda size: size + 5)
    site.source("estimating", f"{serve(repository)}/oai", trust_list_size=False)
    site.report()
    repository.delete(7)
    assert site.report("--full")["removed"] == 1


def test_a_list_size_of_more_digits_than_there_are_records_is_none(site, serve):
    repository = Repository.of(30, deleted_record="no", page_size=20, list_size=lambda size: "9" * 5_000)
    assert site.report(f"{serve(repository)}/oai")["live"] == 30


# ------------------------------------------------------------------ sets


@pytest.mark.slow
def test_only_the_sets_that_are_named_are_harvested(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    assert site.report(url, "--set", "col_1")["live"] == 15
    assert asked(repository)[-1]["set"] == "col_1"
    assert site.report(url, "--set", "col_1", "--set", "col_2")["live"] == 30


def test_an_address_with_a_request_in_it_says_set_and_form(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    assert site.report(f"{url}?verb=ListRecords&set=col_2&metadataPrefix=oai_dc")["live"] == 15
    assert asked(repository)[-1] == {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "col_2"}


@pytest.mark.slow
def test_what_has_left_a_set_is_removed_by_a_full_harvest_of_the_set_and_nothing_else_is(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    site.report(url, "--set", "col_1")
    site.report(url, "--set", "col_2")
    repository.items[3].sets = ("col_3",)
    report = site.report(url, "--set", "col_1", "--full")
    assert (report["removed"], report["live"]) == (1, 29)
    assert site.published()[1] == {"20.500.99/3"}


@pytest.mark.parametrize(
    ("name", "records", "deleted", "list_size"),
    [
        ("oai_dc/calpoly.02.xml", 8, 0, 208),
        ("oai_dc/colostate.10.xml", 8, 0, 1008),
        ("oai_dc/dryad.02.xml.gz", 94, 0, None),
        ("oai-doaj/CenterForOpenScience_scrapi_spdataverse.01.xml", 9, 6, None),
    ],
)
def test_the_last_page_of_a_real_list_is_read_to_its_end(shared, settings, name, records, deleted, list_size):
    page = read_page(SavedResponse.to("https://example.org/oai?verb=ListRecords", shared / "data" / name), settings)
    assert (page.records, page.deleted, page.token, page.list_size) == (records, deleted, "", list_size)
