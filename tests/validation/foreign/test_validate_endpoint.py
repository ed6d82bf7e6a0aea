"""lod validate --endpoint: over our own server on the loopback interface, and over servers that misbehave."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.errors import SourceError
from lod.http.client import Limits
from lod.settings.table import read_settings
from lod.store.generation.generations import Site
from lod.validation.foreign.endpoint import fetch
from tests.helpers.web_site import running, serving

CSV = (
    "id,dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],dc.relation.ispartof\n"
    ',A study of lupus,"Hua, B||Lu, L",http://hdl.handle.net/1/1,Article,Annals\n'
    ',Another study,"Wang, H",http://hdl.handle.net/1/2,Thesis,\n'
)


def lod(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """The address of a published site's endpoint."""
    from lod.web.app import create_app

    folder = tmp_path_factory.mktemp("endpoint")
    (folder / "a.csv").write_text(CSV, encoding="utf-8")
    assert lod("init", folder / "site", "--base-iri", "https://example.org/").exit_code == 0
    assert lod("publish", folder / "a.csv", "--site", folder / "site").exit_code == 0
    with (
        running(create_app(read_settings(folder / "site"), Site(folder / "site"))) as app,
        serving(app) as (host, port),
    ):
        yield f"http://{host}:{port}/sparql"


def test_what_is_published_is_judged_through_its_endpoint(endpoint):
    result = lod("validate", "--endpoint", endpoint, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["judged"] > 10
    found = {(row["rule"], row["severity"], row["count"]) for row in report["by_rule"]}
    assert {("I17", "warning", 2), ("R07", "info", 2), ("C06", "warning", 1)} <= found


@pytest.mark.slow
def test_no_more_is_asked_than_the_limit_says(endpoint):
    report = json.loads(lod("validate", "--endpoint", endpoint, "--limit", "1", "--json").stdout)
    assert report["judged"] == 1


EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'


class _Odd(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        seen = self.server.seen.setdefault(self.path, [])
        seen.append(self.headers.get("Authorization"))
        if self.path == "/busy":
            return self.answer(200 if len(seen) == 3 else 503, EMPTY)
        if self.path == "/closed":
            return self.answer(200 if seen[-1] else 401, EMPTY, ("WWW-Authenticate", 'Basic realm="x"'))
        if self.path == "/slow":
            time.sleep(2)
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        with suppress(OSError):  # who asks may hang up
            self.wfile.write({"/long": b" " * 100_000, "/none": b"no such service"}.get(self.path, b"<html>"))
        return None

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def odd():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    server.seen = {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/none", "answered 404: no such service", id="not there"),
        pytest.param("/long", "longer than 1000 bytes", id="too long"),
        pytest.param("/html", "is no SPARQL endpoint", id="a page"),
        pytest.param("/slow", "does not answer", id="too slow"),
    ],
)
def test_an_endpoint_that_does_not_answer_as_it_should_is_told(path, said, odd):
    limits = Limits(read_s=0.5, response_s=0.5, response_bytes=1_000)
    with pytest.raises(SourceError, match=said):
        ask(odd, path, limits=limits)


def ask(odd, path, **parts):
    address = f"http://127.0.0.1:{odd.server_address[1]}{path}"
    return fetch(ox.Store(), address, ["http://example.org/C"], 10, **parts)


def test_a_busy_endpoint_is_asked_again(odd):
    assert ask(odd, "/busy") == []
    assert len(odd.seen["/busy"]) == 3


def test_an_endpoint_gets_its_own_credentials_and_not_those_of_the_store(odd):
    with pytest.raises(
        SourceError, match=r"answered 401: .*; set LOD_ENDPOINT_USER and _PASSWORD, or LOD_ENDPOINT_TOKEN, in"
    ):
        ask(odd, "/closed", environment={"LOD_STORE_USER": "loader", "LOD_STORE_PASSWORD": "hush-hush"})
    assert ask(odd, "/closed", environment={"LOD_ENDPOINT_USER": "ada", "LOD_ENDPOINT_PASSWORD": "p"}) == []
    assert odd.seen["/closed"] == [None, None, "Basic YWRhOnA="]


@pytest.mark.parametrize("address", ["ftp://example.org/sparql", "example.org/sparql", "http://a:hush@h:port/sparql"])
def test_what_is_no_address_of_the_web_is_refused(address):
    with pytest.raises(
        SourceError, match="not the address of an endpoint; it starts with http:// or https://"
    ) as raised:
        fetch(ox.Store(), address, [], 10)
    assert "hush" not in str(raised.value)
