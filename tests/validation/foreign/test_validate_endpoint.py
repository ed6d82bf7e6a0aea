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
from lod.settings.load import read_settings
from lod.store.generation.generations import Site
from lod.validation.foreign.endpoint import EndpointLimits, fetch
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


def test_no_more_is_asked_than_the_limit_says(endpoint):
    report = json.loads(lod("validate", "--endpoint", endpoint, "--limit", "1", "--json").stdout)
    assert report["judged"] == 1


class _Odd(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/slow":
            time.sleep(2)
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        with suppress(OSError):  # who asks may hang up
            self.wfile.write({"/long": b" " * 100_000, "/none": b"no such service"}.get(self.path, b"<html>"))

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def odd():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
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
    limits = EndpointLimits(answer_seconds=0.5, answer_bytes=1_000)
    with pytest.raises(SourceError, match=said):
        fetch(ox.Store(), odd + path, ["http://example.org/C"], limits)
