"""The client of a store at an address: what it tries again, what it gives up, and what it says then."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lod.http.retry import BUSY, Retry
from lod.remote.credentials import StoreCredentials
from lod.remote.sparql_client import RemoteStoreError, SparqlClient
from lod.remote.store import RemoteStore
from tests.helpers.waiting import ended

ROWS = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"x"}}]}}'
RETRY = Retry(tries=3, first_wait_s=0.01, statuses=BUSY)


class Scripted(BaseHTTPRequestHandler):
    """Answers with what the server was told, one after the other; the last answer stays."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.headers.get("Authorization"))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    ended(thread)
    server.server_close()


def client_of(server, *answers, credentials=None):
    server.answers = list(answers)
    address = f"http://127.0.0.1:{server.server_port}/sparql"
    client = SparqlClient(address, credentials or StoreCredentials(), silent_s=5, retry=RETRY)
    client.update_address = address
    return closing(client)


def test_what_may_pass_is_tried_again(server):
    with client_of(server, (503, {}, b"busy"), (502, {}, b""), (200, {}, ROWS)) as client:
        assert client.select("SELECT ?o {}", "o") == [('"x"',)]
    assert len(server.asked) == 3


def test_what_does_not_pass_is_told_with_address_status_and_words(server):
    with client_of(server, (503, {}, b"out of\norder")) as client, pytest.raises(RemoteStoreError) as raised:
        client.select("SELECT ?o {}", "o")
    assert (raised.value.status, len(server.asked)) == (503, 3)
    assert str(raised.value).startswith(f"{client.query_address}: answered 503 ")
    assert "out of order" in str(raised.value)


@pytest.mark.parametrize("once", [True, False])
def test_a_refusal_is_not_repeated_nor_what_may_be_sent_once_only(server, once):
    status = 503 if once else 400
    with client_of(server, (status, {}, b"no")) as client, pytest.raises(RemoteStoreError):
        client.update("MOVE <x:a> TO <x:b>", once=once)
    assert len(server.asked) == 1


def test_a_result_that_the_store_cut_off_is_no_result(server):
    with client_of(server, (200, {"X-SPARQL-MaxRows": "1"}, ROWS)) as client, pytest.raises(RemoteStoreError) as raised:
        client.select("SELECT ?o {}", "o")
    assert "cuts results off at 1 rows" in str(raised.value)


@pytest.mark.parametrize("count", ["9" * 5_000, "many", "-1"])
def test_a_count_that_is_none_is_told(server, count):
    body = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": count}}]}})
    with client_of(server, (200, {"X-SPARQL-MaxRows": "9" * 5_000}, body.encode())) as client:
        store = RemoteStore(client, "https://example.org/")
        with pytest.raises(RemoteStoreError, match="where it was to count triples") as raised:
            store.count()
    assert str(raised.value).startswith(f"{client.query_address}: answers ")
    assert len(str(raised.value)) < 200


def test_an_answer_that_is_no_result_is_told_as_such(server):
    with client_of(server, (200, {}, b"<html>")) as client, pytest.raises(RemoteStoreError) as raised:
        client.select("SELECT ?o {}", "o")
    assert "its answer is no SPARQL result" in str(raised.value)


@pytest.mark.parametrize(
    ("challenge", "kind"), [('Basic realm="x"', "Basic "), ('Digest realm="x", nonce="n", qop="auth"', "Digest ")]
)
def test_a_user_is_named_in_the_way_that_the_store_asks_for(server, challenge, kind):
    who = StoreCredentials("loader", "secret")
    refusal = (401, {"WWW-Authenticate": challenge}, b"")
    # A client of Digest asks once more for the challenge.
    answers = (*[refusal] * (2 if kind == "Digest " else 1), (200, {}, ROWS))
    with client_of(server, *answers, credentials=who) as client:
        client.select("SELECT ?o {}", "o")
        client.select("SELECT ?o {}", "o")
    assert server.asked[0] is None
    assert [given.startswith(kind) for given in server.asked if given] == [True, True]
    assert "secret" not in repr(who)


def test_a_token_is_sent_as_it_is(server):
    with client_of(server, (200, {}, ROWS), credentials=StoreCredentials(token="t")) as client:
        client.select("SELECT ?o {}", "o")
    assert server.asked == ["Bearer t"]


def test_without_an_address_for_updates_the_option_is_named():
    client = SparqlClient("http://127.0.0.1:9/sparql", StoreCredentials())
    with closing(client), pytest.raises(RemoteStoreError, match="--update"):
        client.update("CLEAR ALL")
