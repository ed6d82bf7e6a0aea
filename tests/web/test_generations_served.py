"""A real site on disk behind the app: what is kept answers for the past, what is rolled back to counts as new."""

import os
import sqlite3
from email.utils import parsedate_to_datetime

import pytest

from lod.dump.write import DumpWriter
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from tests.helpers.synthetic import BASE, own_claims, publish_into, record_of
from tests.helpers.web_site import running

KEY = "10722/1"
TURTLE = f"/data/item/{KEY}.ttl"


def publish(site, title, keep=3, *, dumps=False):
    with site.build(keep) as builder:
        builder.catalog.begin_run()
        publish_into(builder.catalog, KEY, own_claims(KEY, title), record_of(KEY, title))
        builder.finish({}, {}, DumpWriter(["nt.gz"], {}, f"{BASE}id/") if dumps else None)
    return site.live_name()


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.fixture
def client(site):
    with running(create_app(make_settings({"base_iri": BASE}, {}), site)) as app:
        yield app.test_client()


def test_each_generation_that_is_kept_is_a_memento(site, client):
    names = [publish(site, title) for title in ("First", "Second", "Third")]
    listed = client.get(f"/timemap{TURTLE}").text
    assert [name in listed for name in names] == [True, True, True]
    for name, title in zip(names, ("First", "Second", "Third"), strict=True):
        assert f'"{title}"' in client.get(f"/memento/{name}{TURTLE}").text
    gate = client.get(TURTLE, headers={"Accept-Datetime": "Mon, 01 Jan 2001 00:00:00 GMT"})
    assert gate.headers["Location"] == f"/memento/{names[0]}{TURTLE}"


def test_states_before_a_run_that_changed_nothing_stay_mementos(site, client):
    names = [publish(site, title, dumps=True) for title in ("First", "Second", "Second", "Second", "Second")]
    kept = [one.name for one in site.generations()]
    # The one before the last is spared until the next run.
    assert kept == [names[0], names[1], *names[3:]]
    assert [name in client.get(f"/timemap{TURTLE}").text for name in kept] == [True] * 4
    assert '"First"' in client.get(f"/memento/{names[0]}{TURTLE}").text


def test_what_is_pruned_is_no_memento_any_more(site, client):
    first = publish(site, "First", keep=1)
    assert client.get(f"/memento/{first}{TURTLE}").status_code == 200
    for title in ("Second", "Third", "Fourth"):
        last = publish(site, title, keep=1)
        assert f'"{title}"' in client.get(TURTLE).text
    assert client.get(f"/memento/{first}{TURTLE}").status_code == 404
    assert client.get(f"/memento/{last}{TURTLE}").status_code == 200


def test_after_a_rollback_nobody_keeps_what_was_rolled_back_from(site, client):
    first = publish(site, "First")
    second = publish(site, "Second")
    seen = client.get(TURTLE)
    assert '"Second"' in seen.text
    site.rollback(first)
    later = parsedate_to_datetime(seen.headers["Last-Modified"]).timestamp() + 5
    os.utime(site.directory / "current", (later, later))
    conditions = {"If-Modified-Since": seen.headers["Last-Modified"]}
    assert '"First"' in client.get(TURTLE, headers=conditions).text
    assert second not in client.get(f"/timemap{TURTLE}").text


def test_a_run_that_changes_something_else_leaves_the_tag(site, client):
    publish(site, "First")
    tag = client.get(TURTLE).headers["ETag"]
    with site.build() as builder:
        builder.catalog.begin_run()
        publish_into(builder.catalog, "10722/2", own_claims("10722/2"), record_of("10722/2"))
        builder.finish({}, {})
    assert client.get(TURTLE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/data/item/10722/2.ttl").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", TURTLE, f"/page/item/{KEY}", "/sparql?query=ASK%7B%7D", "/dumps/", "/sitemap.xml"]
)
def test_a_site_published_by_another_version_answers_503_and_logs_the_way_out(site, client, caplog, path, make_app):
    publish(site, "First")
    connection = sqlite3.connect(site.live().directory / "catalog.sqlite")
    connection.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
    connection.commit()
    connection.close()
    fresh = make_app(make_settings({"base_iri": BASE}, {}), Site(site.folder))
    response = fresh.test_client().get(path)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Its log tells the operator of this site what to do." in response.text
    assert str(site.folder) not in response.text
    assert "catalog format 1, this version reads" in caplog.text
