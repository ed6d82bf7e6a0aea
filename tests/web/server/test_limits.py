"""Limits of connections: clients that read nothing, and more connections than there may be."""

import re
import resource
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from lod.web.server.limits import most_connections
from tests.helpers.paths import ROOT
from tests.helpers.served_process import started

pytestmark = pytest.mark.slow

MANY_ROWS = urllib.parse.urlencode(
    {"query": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 30000", "format": "json"}
)
"""About 20 MB: more than fits between a server and a client that does not read."""


@pytest.mark.parametrize(("descriptors", "connections"), [(64, 16), (1_024, 384), (65_536, 1_000)])
def test_connections_leave_descriptors_for_responses_and_the_store(descriptors, connections):
    assert most_connections(descriptors) == connections


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param({"stalled_client_s": 3}, "slow", id="that read nothing"),
        pytest.param({"stalled_client_s": 3_600, "unread_response_s": 2}, "on disk", id="that take too long"),
    ],
)
def test_clients_are_disconnected_and_their_files_freed(tmp_path, settings, reason):
    with started(tmp_path, **settings) as (_process, address), ExitStack() as stack:
        for _ in range(3):
            client = stack.enter_context(connected(address))
            client.sendall(f"GET /repo/sparql?{MANY_ROWS} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        # Some may have been disconnected before the last one has its answer.
        until = time.monotonic() + 120
        while figure(address, f'lod_connections_closed_total{{reason="{reason}"}}') < 3:
            assert time.monotonic() < until, "responses wait for clients that read nothing"
            time.sleep(0.05)
        assert figure(address, "lod_waiting_bytes") == 0


@pytest.mark.parametrize(
    ("least", "stays"), [pytest.param(1_000_000_000, False, id="too slow"), pytest.param(1, True, id="slow")]
)
def test_a_client_that_goes_on_reading_stays_unless_it_is_too_slow(tmp_path, least, stays):
    with started(tmp_path, stalled_client_s=1, slow_client_bytes_per_s=least) as (_process, address):
        with connected(address, receive_buffer=65_536) as client:
            client.sendall(f"GET /repo/sparql?{MANY_ROWS} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            read, looks = 0, 0
            while looks < 8 and (part := received(client)):
                read += len(part)
                looks += 1
                time.sleep(0.5)
            closed = figure(address, 'lod_connections_closed_total{reason="slow"}')
        assert (looks == 8 and closed == 0) if stays else closed == 1


def test_a_client_that_sends_its_request_too_slowly_is_disconnected(tmp_path):
    with started(tmp_path, stalled_client_s=1) as (_process, address), connected(address) as client:
        client.sendall(b"GET /repo/healthz HTTP/1.1\r\nHost: a\r\nX: ")
        until = time.monotonic() + 60
        with suppress(ConnectionError):
            while True:
                assert time.monotonic() < until, "a request may take for ever"
                client.sendall(b"x")
                time.sleep(0.1)
        assert figure(address, 'lod_connections_closed_total{reason="slow"}') == 1


def test_a_connection_keeps_no_file_of_a_response_that_has_been_read(tmp_path):
    """Results that are short enough for memory are buffered by the server when their client does not read them at once."""
    with started(tmp_path) as (process, address), connected(address, receive_buffer=4_096) as client:
        before = deleted_files(process.pid)
        for number in range(3):
            path = f"/repo/sparql?{MANY_ROWS.replace('30000', f'400{number}')}"
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        until = time.monotonic() + 120
        while len(deleted_files(process.pid)) <= len(before):
            assert time.monotonic() < until, "nothing waits on disk"
            time.sleep(0.02)
        client.setblocking(False)
        while deleted_files(process.pid) != before:
            assert time.monotonic() < until, "the file is kept"
            with suppress(BlockingIOError):
                client.recv(1 << 20)


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("hard", [256, 1_024])
def test_half_open_connections_do_not_keep_others_out(tmp_path, hard, many_descriptors):
    with (
        (tmp_path / "log").open("w+", encoding="utf-8") as log,
        started(tmp_path, descriptors=hard, log=log) as (process, address),
        ExitStack() as stack,
    ):
        began = time.monotonic()
        for _ in range(1_100):
            stack.enter_context(connected(address)).sendall(b"GET /repo/healthz HTTP/1.1\r\n")
        for _ in range(20):
            with urllib.request.urlopen(f"{address}healthz", timeout=30) as answer:
                assert answer.read() == b"ok\n"
        process.terminate()
        process.communicate(timeout=120)
        seconds = time.monotonic() - began
        told = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in told
    warned = [line for line in told.splitlines() if "idle longest" in line]
    assert len(warned) <= 1 + seconds // 60, told
    assert warned[0].startswith(
        f"{most_connections(hard)} connections are open, the most that there may be; closed the "
    )


def test_a_catalog_that_no_descriptor_is_left_for_is_no_fault_of_the_disk(tmp_path):
    program = (
        "import resource, sqlite3, sys\n"
        "from pathlib import Path\n"
        "from lod.disk.os_errors import as_store_error\n"
        "from lod.errors import StoreError\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))\n"
        "held = []\n"
        "try:\n"
        "    while True: held.append(open('/dev/null'))\n"
        "except OSError: pass\n"
        "try:\n"
        "    with as_store_error(Path('catalog.sqlite'), 'opening'): sqlite3.connect('no.sqlite')\n"
        "except StoreError as fault: sys.stdout.write(str(fault))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("catalog.sqlite: opening failed: too many open files; raise the limit"), done


def connected(address, *, receive_buffer=None):
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(30)
    client.connect(("127.0.0.1", urllib.parse.urlsplit(address).port))
    return client


def received(client):
    """Some bytes; none where the server has disconnected."""
    try:
        return client.recv(100_000)
    except ConnectionError:
        return b""


def figure(address, name):
    with urllib.request.urlopen(f"{address}metrics", timeout=30) as metrics:
        return float(re.search(rf"(?m)^{re.escape(name)} (\S+)$", metrics.read().decode())[1])


def deleted_files(pid):
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if (name := str(descriptor.readlink())).endswith("(deleted)"):
                found.append(name)
    return found
