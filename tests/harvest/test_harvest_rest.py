"""DSpace's REST API and files on the web, told from what they answer."""

from __future__ import annotations

import pytest

from tests.helpers.faulty_provider import HTML
from tests.helpers.repository_server import Repository


def test_the_root_of_an_api_gives_all_items_page_by_page(site, serve):
    repository = Repository.of(250)
    report = site.report(f"{serve(repository)}/server/api")
    assert (report["live"], report["removed"]) == (250, 0)
    search = "/server/api/discover/search/objects?dsoType=item&sort=dc.date.accessioned%2CASC&size=100"
    assert repository.requests[1:] == [search, f"{search}&page=1", f"{search}&page=2"]
    record = site.live.catalog.explain("20.500.99/7").record
    assert record.uuid == "00000000-0000-4000-8000-000000000007"


@pytest.mark.parametrize("path", ["/server/api/core/items", "/server/api/discover/search/objects?dsoType=item&size=10"])
def test_any_list_of_items_is_read_to_its_end(site, serve, path):
    repository = Repository.of(45)
    assert site.report(f"{serve(repository)}{path}")["live"] == 45


@pytest.mark.slow
def test_what_is_to_be_embedded_is_asked_of_every_page(site, serve):
    repository = Repository.of(25)
    path = "/server/api/discover/search/objects?size=10&embed=bundles%2Fbitstreams&embed=relationships"
    assert site.report(f"{serve(repository)}{path}")["live"] == 25
    assert repository.requests[-2:] == [f"{path}&page=1", f"{path}&page=2"]


def test_a_collection_can_be_named_as_the_set(site, serve):
    repository = Repository.of(30)
    assert site.report(f"{serve(repository)}/server/api", "--set", "col_1")["live"] == 15


@pytest.mark.slow
def test_an_item_that_is_no_longer_listed_is_removed_and_what_is_unchanged_is_left_alone(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/server/api"
    site.report(url)
    repository.delete(7)
    repository.change(8, "A new title")
    report = site.report(url)
    assert (report["published"], report["unchanged"], report["removed"]) == (1, 28, 1)


def test_a_list_that_is_shorter_than_the_server_says_removes_nothing(site, serve):
    repository = Repository.of(30)
    url = f"{serve(repository)}/server/api"
    site.report(url)
    repository.delete(7)
    repository.list_size = lambda size: size + 1
    report = site.report(url)
    assert (report["removed"], report["live"]) == (0, 30)
    assert any("the list has 29 of the 30 items that the server counts" in row["message"] for row in report["by_rule"])


@pytest.mark.parametrize(("stated", "shown"), [("9" * 5_000, "9" * 20), ("many", "many")])
def test_a_number_of_items_that_is_none_is_named(site, serve, stated, shown):
    repository = Repository.of(30)
    repository.list_size = lambda size: stated
    result = site.publish(f"{serve(repository)}/server/api")
    assert result.exit_code == 3
    assert f"page.totalElements is '{shown}', which counts nothing" in result.stderr


@pytest.mark.slow
def test_a_harvest_that_breaks_off_goes_on_behind_the_last_page(site, serve):
    repository = Repository.of(60, page_size=20)
    url = f"{serve(repository)}/server/api/core/items"
    site.source("items", url, tries=1)

    def broken(handler, number):
        if handler.query.get("page") != "2":
            return False
        handler.send(503, b"")
        return True

    repository.fault = broken
    result = site.publish()
    assert result.exit_code == 3
    assert f"lod: items: {url}?page=2: it answered 503 Service Unavailable" in result.output
    repository.fault = None
    before = len(repository.requests)
    assert site.report()["live"] == 60
    assert repository.requests[before:] == ["/server/api/core/items?page=2"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(HTML, "the answer is no JSON: it begins with '<!DOCTYPE html>", id="HTML"),
        pytest.param(
            b'{"_embedded": {"items": [{"uuid": "', "the answer is JSON that breaks off or is damaged", id="cut"
        ),
        pytest.param(b'{"status": 7}', "no item, page of items or search result of DSpace's REST API", id="other JSON"),
        pytest.param(b"[" * 100_000, "the answer is JSON that breaks off or is damaged", id="depth"),
    ],
)
def test_what_is_no_list_is_told_and_changes_nothing(site, serve, body, message):
    repository = Repository.of(30)
    url = f"{serve(repository)}/server/api/core/items"
    site.report(url)
    repository.delete(7)
    repository.fault = lambda handler, number: handler.send(200, body, "application/json") or True
    result = site.publish(url)
    assert result.exit_code == 3
    assert message in result.output
    assert f"lod: {url}: " in result.output
    assert site.live.catalog.counts()["records"] == 30


def test_a_list_whose_next_page_has_been_read_has_no_end(site, serve):
    repository = Repository.of(60, page_size=20)

    def loop(handler, number):
        if handler.query.get("page") == "1":
            handler.query = {}
        return False

    repository.fault = loop
    result = site.publish(f"{serve(repository)}/server/api/core/items")
    assert result.exit_code == 3
    assert "which has been read: the list has no end" in result.output


# ------------------------------------------------------------------ files

CSV = b"id,dc.title[en],dc.identifier.uri,dc.type\n,A study,http://hdl.handle.net/1/1,Report\n"


def test_a_file_on_the_web_is_read_in_whatever_format_it_is_and_forgets_what_it_no_longer_holds(site, serve):
    answers = [CSV, CSV + b",Another,http://hdl.handle.net/1/2,Report\n"]
    repository = Repository(fault=lambda handler, number: handler.send(200, answers[-1], "text/csv") or True)
    url = f"{serve(repository)}/exports/all.csv"
    assert site.report(url)["live"] == 2
    answers.pop()
    report = site.report(url)
    assert (report["live"], report["removed"]) == (1, 1)
    assert site.live.catalog.explain("1/1").record.place == f"{url}, row 2"


def test_an_answer_of_no_known_format_is_told(site, serve):
    repository = Repository(fault=lambda handler, number: handler.send(200, b"hello there", "text/plain") or True)
    url = f"{serve(repository)}/somewhere"
    result = site.publish(url)
    assert result.exit_code == 3
    assert f"lod: {url}: the answer is of no known format; name it with --format, or mend the address" in result.output
    assert "the answer is no OAI-PMH but something that begins with 'hello there'" in result.output


# ------------------------------------------------------------------ lod status


@pytest.mark.slow
def test_status_says_when_and_how_each_source_was_last_harvested(site, serve):
    import json

    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    site.source("theses", url, set=["col_1"])
    site.source("papers", f"{serve(Repository(fault=lambda handler, number: handler.send(404, b'') or True))}/oai")
    assert "not published yet" in site.run("status", "--site", site.folder).output
    assert site.publish().exit_code == 3
    repository.tick()
    repository.change(1, "A new title")
    site.report("theses")
    rows = json.loads(site.run("status", "--site", site.folder, "--json").stdout)["sources"]
    theses, papers = rows
    assert (theses["name"], theses["url"], theses["sets"]) == ("theses", url, ["col_1"])
    assert (theses["last"]["kind"], theses["last"]["records"], theses["last_full"]["records"]) == ("incremental", 1, 15)
    assert (papers["last"], "404" in papers["fault"]) == (None, True)
    text = site.run("status", "--site", site.folder).output
    assert "incremental of xoai: 1 records, 0 of them deleted, 2 requests" in text
    assert "last full one: " in text
    assert "stopped " in text
