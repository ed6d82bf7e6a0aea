"""A disk that damages what is served: the public reads a plain sentence, the log names the file and the way out."""

import logging
import re
import shutil
import subprocess
import sys
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.settings.table import read_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from lod.web.http.error_responses import UNREADABLE_NOW
from tests.helpers.web_site import running

BASE = "https://data.example.org/"
RECORDS = 120
EVERYTHING = "SELECT * { ?s ?p ?o }"
AFTER_MUCH = f"SELECT ?text {{ ?s ?p ?o BIND('{'enough ' * 150}' AS ?text) }}"
"""Reads one index of the store from its beginning, and gives more than is held back before an answer begins."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    rows = "".join(
        f'Study {number} of {number * 7919 % 1009} things,"Wang, H{number}",http://hdl.handle.net/1/{number},Article\n'
        for number in range(RECORDS)
    )
    table = folder / "a.csv"
    table.write_text(f"dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en]\n{rows}", encoding="utf-8")
    for arguments in (
        ["init", folder / "site", "--base-iri", BASE],
        ["publish", "--site", folder / "site", table],
        ["publish", "--site", folder / "site", table],
    ):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code in {0, 1}, result.output
    return folder / "site"


@pytest.fixture
def folder(published, tmp_path):
    shutil.copytree(published, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def app(folder):
    with running(create_app(read_settings(folder), Site(folder))) as app:
        yield app


def live(folder):
    return folder / "generations" / Site(folder).live_name()


def flip(path, start, length):
    data = bytearray(path.read_bytes())
    data[start : start + length] = bytes(byte ^ 0xFF for byte in data[start : start + length])
    # In place: another file of that name would not be the one that is open.
    with path.open("r+b") as file:
        file.write(data)


def damage_store(folder, parts=range(1, 16)):
    """Flip bytes all through the large files of the store, less their ends, without which it does not open."""
    tables = [path for path in (live(folder) / "store").glob("*.sst") if path.stat().st_size > 1 << 14]
    assert tables
    for table in tables:
        for part in parts:
            flip(table, table.stat().st_size * part // 20, 1)


def damage_catalog(folder):
    path = live(folder) / "catalog.sqlite"
    pages = path.stat().st_size // 4096
    flip(path, pages // 2 * 4096, 4 * 4096)


def damage_search(folder):
    """Flip bytes all through the search index, less its first pages, without which it does not open."""
    path = live(folder) / "search.sqlite"
    for part in range(4, 40):
        flip(path, path.stat().st_size * part // 40 + 700, 300)


def is_clean(folder, response):
    text = f"{response.headers}{response.text}"
    return not any(word in text for word in (str(folder), "/generations/", ".sst", "sqlite", "Corruption", "Traceback"))


def test_a_query_over_a_damaged_store_is_answered_in_plain_words_and_the_log_has_the_engines(folder, app, caplog):
    damage_store(folder)
    for accept in ("application/sparql-results+json", "text/csv", "text/html", "application/json"):
        response = app.test_client().get("/sparql", query_string={"query": EVERYTHING}, headers={"Accept": accept})
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert UNREADABLE_NOW in response.text
        assert is_clean(folder, response)
    assert (
        f"{live(folder)}/store: answering a query failed: the file is damaged; go back to another generation"
        in caplog.text
    )
    assert "'lod rollback GENERATION'" in caplog.text
    assert "Corruption: block checksum mismatch: stored" in caplog.text
    assert re.search(rf"in {re.escape(str(live(folder)))}/store/[0-9]+\.sst offset", caplog.text)


@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }"])
def test_every_form_of_query_is_answered_so(folder, app, query):
    damage_store(folder)
    response = app.test_client().get("/sparql", query_string={"query": query})
    assert (response.status_code, UNREADABLE_NOW in response.text) == (503, True), response.text
    assert is_clean(folder, response)


def test_a_result_that_fails_after_much_of_it_is_refused_with_the_plain_sentence(folder, app, caplog):
    damage_store(folder, [15])
    response = app.test_client().get(f"/sparql?format=csv&query={quote(AFTER_MUCH)}")
    assert response.status_code == 503
    assert UNREADABLE_NOW in response.text
    assert is_clean(folder, response)
    assert "Corruption: " in caplog.text


def test_faults_of_the_query_keep_their_messages(folder, app):
    client = app.test_client()
    unknown = client.get("/sparql", query_string={"query": "SELECT (<http://example.org/f>(1) AS ?a) {}"})
    assert unknown.status_code == 400
    assert unknown.text == "The query cannot be answered: The custom function <http://example.org/f> is not supported\n"
    unread = client.get("/sparql", query_string={"query": "SELECT {"})
    assert (unread.status_code, "The query cannot be read: line 1" in unread.text) == (400, True)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [damage_store, damage_catalog])
def test_pages_documents_and_fragments_of_a_damaged_site_answer_503_or_what_is_sound(folder, app, damage, caplog):
    damage(folder)
    client = app.test_client()
    paths = ["/", "/items", "/items?page=3", "/id/dataset", "/sitemap.xml", "/dumps", "/data/report.nt", "/fragments"]
    paths += [f"/fragments?page={page}" for page in range(2, 60, 3)]
    for number in range(0, RECORDS, 3):
        paths += [f"/page/item/1/{number}", f"/data/item/1/{number}.ttl"]
    paths += [f"/{kind}/data/item/1/{number}.ttl" for kind in ("timemap",) for number in range(0, RECORDS, 20)]
    statuses = {}
    for path in paths:
        response = client.get(path, buffered=True)
        assert response.status_code in {200, 301, 302, 303, 404, 503}, (path, response.status_code, response.text)
        statuses.setdefault(response.status_code, []).append(path)
        assert is_clean(folder, response), path
        if response.status_code == 503:
            assert UNREADABLE_NOW in response.text.replace("\n", " ")
            assert response.headers["Retry-After"] == "30"
    assert statuses[503]
    messages = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert messages
    assert all("is damaged; " in message and str(folder) in message for message in messages), messages[:3]


def test_searches_of_a_damaged_index_answer_503_or_what_is_sound(folder, app, caplog):
    damage_search(folder)
    client = app.test_client()
    paths = [
        "/search",
        "/search?q=study",
        "/search?q=study&type=c_6501&sort=title",
        "/browse/people",
        "/suggest?q=wang",
        "/search?q=stdy",
    ]
    paths += [f"/search?q=study&page={page}" for page in range(1, 7)] + [
        f"/search?person=Wang,%20H{n}" for n in range(0, 120, 5)
    ]
    statuses = [client.get(path, buffered=True) for path in paths]
    assert {response.status_code for response in statuses} <= {200, 404, 503}
    assert 503 in {response.status_code for response in statuses}
    assert all(is_clean(folder, response) for response in statuses)
    assert "the search index failed: the file is damaged" in caplog.text
    assert client.get("/page/item/1/1").status_code == 200


def test_the_description_of_the_dataset_is_answered_so_where_its_file_is_damaged(folder, app, caplog):
    (path,) = (live(folder) / "graphs").glob("dataset*.nt.gz")
    flip(path, path.stat().st_size // 2, 3)
    for address in ("/data/dataset.ttl", "/page/dataset", "/.well-known/void"):
        response = app.test_client().get(address)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "30"), address
        assert is_clean(folder, response)
    assert f"{path.parent}: reading a named graph failed: the file is damaged; go back to another" in caplog.text


def test_verify_tells_of_such_a_store_and_takes_no_memory_without_end(folder):
    damage_store(folder)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)); from lod.cli import main; "
        "main(['verify', '--site', sys.argv[1]])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    assert found.returncode == 1, found.stderr[-500:]
    assert "reading the store failed: the file is damaged; go back to another generation" in found.stdout


def test_readyz_says_so_from_the_first_read_that_failed_until_another_generation_is_live(folder, app):
    app.extensions["lod"].pool.start()
    client = app.test_client()
    assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    assert client.get("/readyz").json == {"ready": True, "faults": []}
    damage_store(folder)
    assert client.get("/sparql", query_string={"query": EVERYTHING}).status_code == 503
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {
        "ready": False,
        "faults": ["the live generation is damaged: a request failed, and the log says where"],
    }
    Site(folder).rollback(min(one.name for one in Site(folder).generations()))
    assert client.get("/sparql", query_string={"query": EVERYTHING}).status_code == 200
    assert client.get("/readyz").json == {"ready": True, "faults": []}
