"""Mementos: the generations that are kept answer for the past."""

import dataclasses
import json

import pytest

from lod.errors import StoreError
from lod.web.app import create_app
from tests.helpers.web_site import BASE, PublishedHere, build, running
from tests.helpers.web_site import DATA as FILES

KEY = "item/999/a.b/c"
OLD = {"Accept-Datetime": "Sat, 07 Nov 2026 00:00:00 GMT"}


@pytest.fixture(scope="module")
def past(tmp_path_factory, web_settings):
    """A site with three generations; the first lacks an item, the last has another removed."""
    folder = tmp_path_factory.mktemp("past")
    gone = {f"{BASE}id/item/999/7": "2026-11-20"}
    less = folder / "less.ttl"
    text = (FILES / "site.ttl").read_text()
    less.write_text(text.replace("Annals of Testing", "Annals, as they were").replace("999/7.nt", "999/8.nt"))
    last = folder / "last.ttl"
    last.write_text(text.replace("<id/item/999/7>", "<id/item/999/9>"))
    first, second = build(folder, "1", [less]), build(folder, "2", [FILES / "site.ttl"])
    live = build(folder, "3", [last], removed=gone)
    for generation, day in ((first, 1), (second, 10), (live, 20)):
        generation.created = f"2026-11-{day:02}T12:00:00Z"
    with running(create_app(web_settings, PublishedHere(live, past=(first, second)))) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("moment", "generation"),
    [
        pytest.param("Sat, 07 Nov 2026 00:00:00 GMT", "1", id="between"),
        pytest.param("Tue, 10 Nov 2026 12:00:00 GMT", "2", id="to the second"),
        pytest.param("Mon, 01 Jan 2001 00:00:00 GMT", "1", id="before the first"),
        pytest.param("Thu, 01 Jan 2099 00:00:00 GMT", "3", id="in the future"),
    ],
)
@pytest.mark.parametrize("path", [f"id/{KEY}", f"data/{KEY}.ttl", f"page/{KEY}"])
def test_an_address_is_its_own_time_gate(past, path, moment, generation):
    response = past.get(f"/repo/{path}", headers={"Accept-Datetime": moment})
    assert (response.status_code, response.headers["Location"]) == (302, f"/repo/memento/{generation}/{path}")
    assert "Accept-Datetime" in response.headers["Vary"]
    assert f'<{BASE}{path}>; rel="original timegate"' in response.headers["Link"]


def test_a_memento_says_what_was_published_then(past):
    response = past.get("/repo/memento/1/data/serial/0003-4967.ttl")
    assert response.status_code == 200
    assert "Annals, as they were" in response.text
    assert response.headers["Memento-Datetime"] == "Sun, 01 Nov 2026 12:00:00 GMT"
    links = response.headers["Link"]
    assert f'<{BASE}data/serial/0003-4967.ttl>; rel="original timegate"' in links
    assert f'<{BASE}timemap/data/serial/0003-4967.ttl>; rel="timemap"; type="application/link-format"' in links
    assert f'<{BASE}memento/1/data/serial/0003-4967.ttl>; rel="first memento"; datetime="Sun, 01 Nov 2026' in links
    assert f'<{BASE}memento/3/data/serial/0003-4967.ttl>; rel="last memento"' in links


def test_a_memento_of_a_thing_leads_to_one_of_its_documents(past):
    response = past.get(f"/repo/memento/1/id/{KEY}", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/repo/memento/1/data/{KEY}.ttl")
    assert response.headers["Memento-Datetime"] == "Sun, 01 Nov 2026 12:00:00 GMT"


def test_a_page_of_the_past_says_so(past):
    text = past.get("/repo/memento/1/page/serial/0003-4967").text
    assert "This is how it was published on" in text
    assert '<a href="/repo/page/serial/0003-4967">See the current state</a>' in text
    assert "This is how it was" not in past.get("/repo/page/serial/0003-4967").text


def test_the_time_map_lists_the_generations_in_which_a_thing_is_known(past):
    whole = past.get(f"/repo/timemap/data/{KEY}.ttl")
    assert whole.mimetype == "application/link-format"
    assert whole.text.count('memento"; datetime=') == 3
    assert 'rel="first memento"; datetime="Sun, 01 Nov 2026 12:00:00 GMT"' in whole.text
    newer = past.get("/repo/timemap/id/item/999/7.nt").text
    assert newer.count('memento"; datetime=') == 2
    assert 'rel="self"; type="application/link-format"; from="Tue, 10 Nov 2026 12:00:00 GMT"' in newer


def test_what_was_removed_does_not_come_back_as_a_memento(past):
    assert past.get("/repo/memento/2/data/item/999/7.ttl").status_code == 410
    assert past.get("/repo/data/item/999/7.ttl", headers=OLD).status_code == 410
    assert past.get("/repo/timemap/id/item/999/7").status_code == 410


def test_what_was_rolled_back_from_is_no_past_state(web_settings, tmp_path, make_app):
    """Also when something has been published since."""
    first, taken_back, live = (build(tmp_path, name, [FILES / "site.ttl"]) for name in ("1", "2", "3"))
    manifest = live.directory / "dumps" / "dumps.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"previous": "1"}))
    app = make_app(web_settings, PublishedHere(live, past=(first, taken_back)))
    listed = app.test_client().get(f"/repo/timemap/id/{KEY}").text
    assert [f"/memento/{name}/" in listed for name in ("1", "2", "3")] == [True, False, True]
    assert app.test_client().get(f"/repo/memento/2/data/{KEY}.ttl").status_code == 404


def test_a_date_that_is_none_and_a_generation_that_is_not_kept_are_refused(past):
    assert past.get(f"/repo/id/{KEY}", headers={"Accept-Datetime": "yesterday"}).status_code == 400
    response = past.get(f"/repo/memento/0/id/{KEY}")
    assert response.status_code == 404
    assert response.text == "No generation 0 is kept. Kept are: 1, 2, 3\n"


def test_a_generation_that_cannot_be_read_any_more_is_passed_over(web_settings, tmp_path, make_app):
    class Unreadable:
        name, created = "0", "2026-10-01T00:00:00Z"

        @property
        def store(self):
            raise StoreError("generations/0: no such folder")

    live = build(tmp_path, "1", [FILES / "site.ttl"])
    app = make_app(web_settings, PublishedHere(live, past=(Unreadable(),)))
    client = app.test_client()
    assert client.get(f"/repo/data/{KEY}.ttl", headers=OLD).headers["Location"] == f"/repo/memento/1/data/{KEY}.ttl"
    assert client.get(f"/repo/memento/0/id/{KEY}").text == "Generation 0 is not kept any more.\n"


def test_every_document_tells_where_its_past_is_found(past):
    links = past.get(f"/repo/data/{KEY}.ttl").headers["Link"]
    assert f'<{BASE}data/{KEY}.ttl>; rel="timegate"' in links
    assert f'<{BASE}timemap/data/{KEY}.ttl>; rel="timemap"' in links


def test_a_generation_that_a_run_has_spared_for_its_readers_only_is_not_opened_again(past, web_settings):
    site = past.application.extensions["lod"].site
    with running(create_app(dataclasses.replace(web_settings, keep_generations=1), site)) as app:
        assert [generation.name for generation in app.extensions["lod"].past()] == ["2", "3"]
        listed = app.test_client().get(f"/repo/timemap/id/{KEY}").text
    assert "/memento/1/" not in listed
    assert "/memento/2/" in listed
