"""Direct answers: a kept answer is sent by the loop, as the app would send it; whatever is not plain goes to the request parser."""

import logging
import re
import socket
import urllib.parse
from contextlib import suppress

import pytest

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.kept.direct import DIRECT
from lod.web.server.plain_request import read_plain_request
from tests.helpers.served_process import started
from tests.helpers.web_site import BASE, DATA, SETTINGS, PublishedHere, build, running

PATH = "/repo/data/item/999/a.b/c.ttl"
PLAIN = f"GET {PATH} HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n".encode()


def test_the_lines_of_a_plain_request_are_those_of_a_wsgi_environment():
    sent = b"HEAD /id/x%2Fy?a=b&c HTTP/1.1\r\nhost:  a.example:80 \r\nAccept-Language: de\r\nConnection: Keep-Alive\r\n\r\n"
    assert read_plain_request(sent) == {
        "REQUEST_METHOD": "HEAD",
        "REQUEST_URI": "/id/x%2Fy?a=b&c",
        "QUERY_STRING": "a=b&c",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "a.example:80",
        "HTTP_ACCEPT_LANGUAGE": "de",
        "HTTP_CONNECTION": "Keep-Alive",
    }


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(PLAIN[:-2], id="not yet whole"),
        pytest.param(PLAIN + PLAIN, id="two requests"),
        pytest.param(b"\r\n" + PLAIN, id="a blank line before it"),
        pytest.param(PLAIN.replace(b"GET", b"POST"), id="another method"),
        pytest.param(PLAIN.replace(b"GET", b"get"), id="a method in lower case"),
        pytest.param(PLAIN.replace(b"1.1", b"1.0"), id="HTTP/1.0"),
        pytest.param(PLAIN.replace(b"GET /", b"GET http://a/"), id="the address of a proxy"),
        pytest.param(PLAIN.replace(b"GET /", b"GET //"), id="a host without scheme"),
        pytest.param(PLAIN.replace(b".ttl ", b".ttl#a "), id="a fragment"),
        pytest.param(PLAIN.replace(b".ttl ", b".ttl\x00 "), id="a control character"),
        pytest.param(PLAIN.replace(b".ttl ", b".ttl\xc3\xa9 "), id="a letter that is not escaped"),
        pytest.param(PLAIN.replace(b".ttl ", b".ttl  "), id="two blanks"),
        pytest.param(PLAIN.replace(b"Host: a\r\n", b""), id="no host"),
        pytest.param(PLAIN.replace(b"Host: a", b"Host: a/b"), id="a host that is none"),
        pytest.param(PLAIN.replace(b"Accept", b"Host"), id="two hosts"),
        pytest.param(PLAIN.replace(b"Accept:", b"Content-Length:"), id="a length"),
        pytest.param(PLAIN.replace(b"Accept: */*", b"Transfer-Encoding: chunked"), id="a coding of the transfer"),
        pytest.param(PLAIN.replace(b"Accept: */*", b"Expect: 100-continue"), id="an expectation"),
        pytest.param(PLAIN.replace(b"Accept: */*", b"Connection: close"), id="the end of the connection"),
        pytest.param(PLAIN.replace(b"Accept:", b"Acc_ept:"), id="a low line in a name"),
        pytest.param(PLAIN.replace(b"Accept:", b"Accept :"), id="a blank after a name"),
        pytest.param(PLAIN.replace(b"\r\nAccept", b"\r\n Accept"), id="a folded line"),
        pytest.param(PLAIN.replace(b"*/*", b"*/*\n"), id="a bare line feed"),
        pytest.param(PLAIN.replace(b"*/*", b"*/*\rX: y"), id="a bare carriage return"),
        pytest.param(PLAIN.replace(b"*/*", b"a" * 9_000), id="very long"),
    ],
)
def test_whatever_is_not_plain_is_for_the_request_parser(sent):
    assert read_plain_request(sent) is None


def test_only_what_is_kept_of_the_open_generation_is_answered_directly(tmp_path, caplog):
    published = PublishedHere(build(tmp_path, "first", [DATA / "site.ttl"]))
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    with running(create_app(settings, published)) as app, caplog.at_level(logging.INFO, "lod.access"):
        direct = app.extensions[DIRECT]

        def answer(**changes):
            return direct.answer(read_plain_request(PLAIN) | {"REMOTE_ADDR": "192.0.2.7"} | changes)

        assert answer() is None
        made = app.test_client().get(PATH, headers={"Accept": "*/*"})
        caplog.clear()
        head, _, body = answer().partition(b"\r\n\r\n")
        first, *fields = head.decode().split("\r\n")
        found = dict(field.split(": ", 1) for field in fields)
        assert (first, body) == ("HTTP/1.1 200 OK", made.data)
        own = {"Date", "X-Request-ID"}
        assert set(found) - set(made.headers.keys()) == {"Date"}
        assert {name: found[name] for name in found if name not in own} == {
            name: value for name, value in made.headers if name not in own
        }
        (line,) = [record.getMessage() for record in caplog.records]
        assert f'"id": "{found["X-Request-ID"]}", "client": "192.0.2.0", "method": "GET", "path": "{PATH}"' in line
        assert f'"status": 200, "sent_bytes": {len(body)}' in line
        assert answer(REQUEST_METHOD="HEAD").endswith(b"\r\n\r\n")
        unmodified = answer(HTTP_IF_NONE_MATCH=made.headers["ETag"])
        assert unmodified.startswith(b"HTTP/1.1 304 NOT MODIFIED\r\n")
        assert unmodified.endswith(b"\r\n\r\n")
        metrics = app.test_client().get("/repo/metrics").get_data(as_text=True)
        assert re.search(r'lod_requests_total\{method="GET",route="/repo/data/<path:_>",status="304"\} 1\.0', metrics)
        assert answer(HTTP_RANGE="bytes=0-1") is None
        published.generation = build(tmp_path, "second", [DATA / "site.ttl"])
        assert answer() is None, "another generation is not opened for it"
        assert app.test_client().get(PATH).status_code == 200
        assert answer(HTTP_ACCEPT="") is not None


@pytest.mark.slow
def test_what_is_sent_directly_stands_where_the_answer_of_the_app_would_stand(tmp_path):
    with started(tmp_path) as (_process, address):
        port = urllib.parse.urlsplit(address).port
        last = PLAIN.replace(b"Accept: */*", b"Accept: */*\r\nConnection: close")

        def answers(*pieces):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                for number, piece in enumerate(pieces):
                    connection.sendall(piece)
                    if number + 1 < len(pieces):
                        assert connection.recv(1, socket.MSG_PEEK)
                found = connection.makefile("rb").read()
            return re.sub(rb"(?i)\r\n(x-request-id|date|connection): [^\r]*", b"", found)

        # The server writes the names of the app's headers another way: "Etag" for "ETag".
        by_app = answers(last)
        assert b"\r\nEtag: " in by_app
        directly = answers(PLAIN, PLAIN, last)
        assert directly.count(b"\r\nETag: ") == 2
        assert directly.endswith(by_app)
        bodies = re.findall(rb"\r\n\r\n(.*?)(?=HTTP/1\.1 |\Z)", directly, re.DOTALL)
        assert bodies == [by_app.partition(b"\r\n\r\n")[2]] * 3
        # A request in the middle of others waits for its turn.
        slow = b"GET /repo/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\n\r\n"
        whole = answers(PLAIN + slow + PLAIN + last)
        assert re.findall(rb"\r\nContent-Type: ([a-z/-]+)", whole)[1] == b"application/sparql-results"
        assert whole.count(b"HTTP/1.1 200 OK") == 4
        assert whole.endswith(by_app)


@pytest.mark.slow
def test_a_client_that_reads_a_direct_answer_slowly_holds_up_nobody(tmp_path):
    with started(tmp_path) as (_process, address):
        port = urllib.parse.urlsplit(address).port
        with socket.socket() as slow, socket.create_connection(("127.0.0.1", port), timeout=30) as other:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            slow.settimeout(30)
            slow.connect(("127.0.0.1", port))
            other.sendall(PLAIN)
            length = len(received(other))
            slow.setblocking(False)
            taken = 0
            with suppress(BlockingIOError):
                while taken < len(PLAIN) * 3_000:
                    taken += slow.send(PLAIN[taken % len(PLAIN) :])
            for _ in range(20):
                other.sendall(PLAIN)
                assert len(received(other)) == length
            slow.setblocking(True)
            slow.settimeout(30)
            left = taken // len(PLAIN) * length
            assert left > 20 * length
            while left > 0:
                left -= len(slow.recv(65_536))


def received(connection):
    """One whole response."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(65_536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
