"""Limits of connections: clients that read nothing, and more connections than there may be."""

import re
import resource
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack

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


def test_clients_that_read_nothing_are_disconnected_and_their_files_freed(tmp_path):
    with started(tmp_path, stalled_client_s=3) as (_process, address), ExitStack() as stack:
        for _ in range(3):
            client = stack.enter_context(connected(address))
            client.sendall(f"GET /repo/sparql?{MANY_ROWS} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        until = time.monotonic() + 120
        while waiting_bytes(address) == 0:
            assert time.monotonic() < until, "no response waits"
            time.sleep(0.05)
        while waiting_bytes(address) > 0:
            assert time.monotonic() < until, "responses wait for clients that read nothing"
            time.sleep(0.05)


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
        for _ in range(1_100):
            stack.enter_context(connected(address)).sendall(b"GET /repo/healthz HTTP/1.1\r\n")
        for _ in range(20):
            with urllib.request.urlopen(f"{address}healthz", timeout=30) as answer:
                assert answer.read() == b"ok\n"
        process.terminate()
        process.communicate(timeout=120)
        told = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in told
    warned = [line for line in told.splitlines() if "idle longest" in line]
    assert len(warned) == 1, told
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


def connected(address):
    return socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(address).port), timeout=30)


def waiting_bytes(address):
    with urllib.request.urlopen(f"{address}metrics", timeout=30) as metrics:
        return float(re.search(r"(?m)^lod_waiting_bytes (\S+)$", metrics.read().decode())[1])
