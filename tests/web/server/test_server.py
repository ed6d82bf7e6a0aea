"""The server: it says where it answers, stops when told to, and leaves no process behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from lod.web.http.headers import SECURITY
from tests.helpers.processes import children_of, is_worker
from tests.helpers.served_process import started
from tests.helpers.waiting import wait_until

pytestmark = pytest.mark.slow


MANY_ROWS = urllib.parse.urlencode(
    {"query": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 60000", "format": "json"}
)
"""About 40 MB: more than fits between a server and a client that does not read."""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for processes in")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_a_server_that_is_told_to_stop_ends_with_its_workers(tmp_path, number):
    with started(tmp_path) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        assert address.endswith("/repo/")
        with urllib.request.urlopen(f"{address}sparql?query=ASK%7B%7D", timeout=30) as response:
            assert response.status == 200
        workers = wait_until(lambda: _pair(process.pid), "the server has no two workers")
        process.send_signal(number)
        rest, _ = process.communicate(timeout=120)
        assert rest == ("" if number is signal.SIGKILL else "stopped\n")
        until = time.monotonic() + 60
        while any(is_worker(pid) for pid in workers):
            assert time.monotonic() < until, "workers outlive their server"
            time.sleep(0.05)


def test_a_worker_without_its_parent_ends_at_once():
    done = subprocess.run(
        [sys.executable, "-m", "lod.web.evaluation.worker", str(os.getpid() + 1), "secluded"],
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    assert done.returncode == 0


def test_an_answer_that_has_begun_is_finished_before_the_server_stops(tmp_path):
    with started(tmp_path) as (process, address):
        with urllib.request.urlopen(f"{address}sparql?{MANY_ROWS}", timeout=60) as response:
            begun = response.read(1_000)
            process.send_signal(signal.SIGTERM)
            refused_from_now(address)
            whole = begun + response.read()
        assert len(json.loads(whole)["results"]["bindings"]) == 60_000
        assert process.communicate(timeout=120)[0] == "stopped\n"


@pytest.mark.parametrize(
    ("settings", "signals"),
    [
        pytest.param({"stop_grace_s": 1}, 1, id="when its time is over"),
        pytest.param({"stop_grace_s": 600}, 2, id="at the second signal"),
    ],
)
def test_a_client_that_does_not_read_cannot_keep_the_server(tmp_path, settings, signals):
    with (
        started(tmp_path, **settings) as (process, address),
        urllib.request.urlopen(f"{address}sparql?{MANY_ROWS}", timeout=60) as response,
    ):
        response.read(1_000)
        for _ in range(signals):
            process.send_signal(signal.SIGTERM)
            refused_from_now(address)
        assert process.communicate(timeout=120)[0] == "stopped\n"


def test_results_that_slow_clients_have_not_read_are_bounded_together(tmp_path):
    with started(tmp_path, max_waiting_bytes=60_000_000) as (_process, address):
        with urllib.request.urlopen(f"{address}sparql?{MANY_ROWS}", timeout=60) as slow:
            slow.read(1_000)
            refusal = asked(f"{address}sparql?{MANY_ROWS}")
            assert (refusal.status, refusal.headers["Retry-After"]) == (503, "60")
            assert "Too many results wait here for clients that read them slowly" in refusal.read().decode()
            refusal.close()
            with asked(f"{address}sparql?query=ASK%7B%7D") as small:
                assert small.status == 200
            with urllib.request.urlopen(f"{address}data/item/999/a.b/c.ttl", timeout=30) as document:
                assert document.status == 200
            with urllib.request.urlopen(f"{address}metrics", timeout=30) as metrics:
                (waiting,) = re.findall(r"(?m)^lod_waiting_bytes (\S+)$", metrics.read().decode())
            assert float(waiting) > 30_000_000
        until = time.monotonic() + 120
        while (again := asked(f"{address}sparql?{MANY_ROWS}")).status != 200:
            again.close()
            assert time.monotonic() < until, "the disk is not given back"
            time.sleep(0.05)
        again.close()


def asked(address):
    """Ask, and return the answer, whatever its status."""
    try:
        return urllib.request.urlopen(address, timeout=60)
    except urllib.error.HTTPError as refusal:
        return refusal


REFUSED = {
    "a bad request line": (b"GET / HTTP/9.9.9 x\r\n\r\n", b"400"),
    "headers that are too long": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 213_000 + b"\r\n\r\n", b"431"),
    "a body that is too long": (b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", b"413"),
    "an unknown coding": (b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
    "no host": (b"GET /repo/healthz HTTP/1.1\r\n\r\n", b"400"),
    "two hosts": (b"GET /repo/healthz HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n", b"400"),
    "two hosts in HTTP/1.0": (b"GET /repo/healthz HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", b"400"),
    "a host that is none": (b"GET /repo/healthz HTTP/1.1\r\nHost: a b/c\r\n\r\n", b"400"),
    "a length of 5,000 digits": (
        b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"400",
    ),
    "two lengths": (
        b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"400",
    ),
    "no host in a later minor version": (b"GET /repo/healthz HTTP/1.2\r\n\r\n", b"400"),
    "another major version": (b"POST /repo/sparql HTTP/2.0\r\nHost: a\r\nContent-Length: 9\r\n\r\n", b"505"),
    "chunked twice": (
        b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"400",
    ),
    "a coding of the transfer in HTTP/1.0": (
        b"POST /repo/sparql HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"400",
    ),
}


def test_what_the_server_refuses_itself_has_the_headers_of_every_answer(tmp_path):
    with started(tmp_path) as (_process, address):
        for name, (sent, status) in REFUSED.items():
            with socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(address).port), timeout=30) as connection:
                connection.sendall(sent)
                head, _, _ = connection.makefile("rb").read().partition(b"\r\n\r\n")
            assert head.split(b" ")[1] == status, name
            names = {line.partition(b":")[0].lower().decode() for line in head.split(b"\r\n")[1:]}
            assert {header.lower() for header in SECURITY} <= names, name
            assert "server" not in names, name


def test_a_connection_is_closed_after_a_request_with_two_kinds_of_length(tmp_path):
    follower = b"GET /repo/healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    both = (
        b"POST /repo/sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n"
    )
    with started(tmp_path) as (_process, address):
        port = urllib.parse.urlsplit(address).port
        for sent, answers in (
            (follower + follower.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), 2),
            (both + follower, 1),
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(sent)
                received = connection.makefile("rb").read()
            assert received.count(b"HTTP/1.1 200 OK\r\n") == received.count(b"HTTP/1.1 ") == answers
            assert received.count(b"Connection: close\r\n") == 1


def _pair(pid):
    """The workers of a server, None where there are fewer than two."""
    found = [child for child in children_of(pid) if is_worker(child)]
    return found if len(found) > 1 else None


def refused_from_now(address):
    """Wait until the server takes no new connection."""
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}healthz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            return
        assert time.monotonic() < until, "a server that was told to stop still takes connections"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        pytest.param("127.0.0.1", "203.0.113.9", 403, id="a trusted proxy speaks for its client"),
        pytest.param("127.0.0.1", "127.0.0.1", 403, id="a client that calls itself this machine"),
        pytest.param("", "127.0.0.1", 403, id="nobody knows for whom another one speaks"),
    ],
)
def test_a_forwarded_request_is_never_one_of_this_machine(tmp_path, trusted, forwarded, expected):
    with started(tmp_path, trusted_proxy=trusted) as (_process, address):
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"{address}metrics", headers=headers), timeout=60
            ) as response:
                status = response.status
        except urllib.error.HTTPError as refusal:
            status = refusal.code
            refusal.close()
        assert status == expected
        ask = urllib.request.Request(f"{address}data/item/999/a.b/c.ttl", headers=headers)
        with urllib.request.urlopen(ask, timeout=60) as response:
            whole = response.read().decode() + str(response.headers)
        assert "evil.example" not in whole
        assert "gopher" not in whole


def test_hundreds_of_open_connections_are_answered(tmp_path):
    """A connection that is open and idle costs nothing but a descriptor."""
    with started(tmp_path) as (_process, address), ExitStack() as stack:
        port = int(urllib.parse.urlsplit(address).port)
        idle = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(300)]
        for connection in idle:
            connection.sendall(b"GET /repo/healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert all(connection.recv(12) == b"HTTP/1.1 200" for connection in idle)
