"""A running server while publishers switch under it: no request fails, none is answered from two generations."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import subprocess
import sys
import threading
import urllib.parse
from pathlib import Path

import pytest

from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.store.generation.generations import Site
from tests.helpers.waiting import ended, wait_until

pytestmark = pytest.mark.slow

RECORDS = 12
EDITION = re.compile(r"Edition (\d+)")
JOURNAL = Value("dc.relation.ispartof", "The Lancet"), Value("dc.identifier.issn", "0140-6736")
ALL = "SELECT ?text WHERE { ?item dcterms:title|dcterms:abstract ?text FILTER CONTAINS(?text, 'Edition') }"
SLOW = (
    "SELECT (COUNT(*) AS ?n) (MIN(?t) AS ?least) (MAX(?t) AS ?most) WHERE "
    "{ ?i a rt:RepositoryItem ; dcterms:title ?t . ?a ?b ?c . ?d ?e ?f }"
)
"""Takes seconds: some publishers switch and prune meanwhile."""


def query(text):
    return f"/sparql?{urllib.parse.urlencode({'query': text, 'format': 'json'})}"


ASKED = {
    "/data/item/1/1.ttl": 2,
    "/page/item/1/2": 2,
    "/id/item/1/3": 2,
    "/data/item/1/4.jsonld": 2,
    "/search?q=edition": RECORDS,
    query(ALL): 2 * RECORDS,
}
"""What is asked, and how many times at least the edition stands in the answer. Pages take fields from the catalog."""


def records(edition):
    for number in range(RECORDS):
        values = (
            Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"),
            Value("dc.title", f"Edition {edition} of study {number}", "en"),
            Value("dc.description.abstract", f"Edition {edition}, said again", "en"),
            Value("dc.type", "Article"),
            *JOURNAL,
        )
        yield Record("/data/a.csv", f"a.csv, row {number}", values)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "lod.toml").write_text(
        'base_iri = "http://127.0.0.1/"\nkeep_generations = 1\nport = 0\nquery_time_limit_s = 400\n', encoding="utf-8"
    )
    return Site(tmp_path)


@pytest.fixture
def publish_edition(site):
    from lod.cli.site import load_plan

    _, plan = load_plan(site.folder)
    assert isinstance(plan, Plan)

    def publish_edition(number):
        assert publish(records(number), plan, Site(site.folder)).published == RECORDS

    return publish_edition


def _address(process, said):
    assert process.poll() is None, said.read_text()
    return re.search(r"at http://127\.0\.0\.1:(\d+)/", said.read_text())


@pytest.fixture
def port(site, publish_edition):
    publish_edition(0)
    program = [sys.executable, "-c", "from lod.cli import main; main()", "serve", "--site", str(site.folder)]
    said = site.folder / "server.log"
    # A file, not a pipe: the access log goes there too, and nobody reads it.
    with said.open("w") as log, subprocess.Popen(program, stdout=log, stderr=log) as server:
        try:
            found = wait_until(lambda: _address(server, said), "the server does not start")
            yield int(found[1])
        finally:
            server.terminate()
            server.wait(30)


def fetch(connection, path):
    """Return the body of an answer; redirects to documents are followed, every other status is an error."""
    return fetch_tagged(connection, path)[0]


def fetch_tagged(connection, path):
    """Return the body of an answer and its tag. The connection is kept: a server that closes it is an error."""
    connection.request("GET", path, headers={"Accept": "text/turtle, text/html;q=0.9, application/json;q=0.8"})
    response = connection.getresponse()
    body = response.read().decode("utf-8")
    assert connection.sock is not None, f"{path}: the server closed the connection"
    if response.status == 303:
        return fetch_tagged(connection, urllib.parse.urlsplit(response.headers["Location"]).path)
    assert response.status == 200, f"{path}: {response.status} {body[:300]}"
    return body, response.headers["ETag"]


def editions(body):
    return [int(number) for number in EDITION.findall(body)]


class Client(threading.Thread):
    """Asks for one thing over and over; notes which edition each answer has, and what went wrong."""

    def __init__(self, port, path, least):
        super().__init__()
        self.asked, self.least, self.port = path, least, port
        self.seen: list[int] = []
        self.tags: dict[str, int] = {}
        self.faults: list[str] = []
        self.started_with = 0
        self.ended = threading.Event()

    def run(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            while not self.ended.is_set():
                try:
                    self.look(connection)
                except (AssertionError, OSError, http.client.HTTPException) as fault:
                    self.faults.append(repr(fault))
                    return

    def look(self, connection):
        live = self.started_with
        body, tag = fetch_tagged(connection, self.asked)
        found = editions(body)
        assert len(found) >= self.least, f"{self.asked}: {found}"
        assert len(set(found)) == 1, f"{self.asked} is answered from several generations: {found}"
        assert found[0] >= live, f"{self.asked} is answered with {found[0]}, after {live} went live"
        assert self.tags.setdefault(tag or f"edition {found[0]}", found[0]) == found[0], (
            f"{self.asked}: {tag} has two editions"
        )
        if self.seen[-1:] != found[:1]:
            self.seen.append(found[0])


def test_no_request_fails_or_mixes_while_publishers_switch(port, publish_edition):
    clients = [Client(port, path, least) for path, least in ASKED.items()]
    for client in clients:
        client.start()
    try:
        for edition in range(1, 7):
            publish_edition(edition)
            for client in clients:
                # What is asked from here on is to be answered with this edition.
                client.started_with = edition
    finally:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            last = {path: set(editions(fetch(connection, path))) for path in ASKED}
        for client in clients:
            client.ended.set()
            ended(client)
    assert [client.faults for client in clients] == [[]] * len(clients)
    assert last == {path: {6} for path in ASKED}
    for client in clients:
        assert client.seen == sorted(client.seen)
    assert len(set().union(*(client.seen for client in clients))) > 2, "no switch was seen on the way"


def test_a_long_query_and_a_download_end_in_the_generation_that_they_began_in(port, site, publish_edition):
    before = Site(site.folder).live_name()
    answers = {}

    def ask():
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=400)) as connection:
            answers["query"] = fetch(connection, query(SLOW))

    thread = threading.Thread(target=ask)
    thread.start()
    held = Site(site.folder).live()
    for edition in range(1, 5):
        publish_edition(edition)
    ended(thread)
    (row,) = json.loads(answers["query"])["results"]["bindings"]
    assert editions(row["least"]["value"] + row["most"]["value"]) == [0, 0]
    # Held here: everything of it can still be read.
    assert held.name == before
    assert {title for _, title in held.catalog.items(99)} == {f"Edition 0 of study {n}" for n in range(RECORDS)}
    assert list(held.store.objects("http://127.0.0.1/id/item/1/1", "http://purl.org/dc/terms/title")) == [
        '"Edition 0 of study 1"@en'
    ]
    folder = held.directory
    assert folder.is_dir()
    del held
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for _ in range(2):
            assert set(editions(fetch(connection, query(ALL)))) == {4}
    publish_edition(5)
    publish_edition(6)
    assert [path for path in (Path(folder),) if path.exists()] == []
