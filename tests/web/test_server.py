"""The server: it says where it answers, stops when told to, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests_web_support import BASE, DATA, PublishedHere, build
from lod.config import make_settings
from lod.web.server import serve
generation = build(Path(sys.argv[2]), "served", [DATA / "site.ttl"])
settings = make_settings({"base_iri": BASE, "threads": 2}, {})
serve(settings, PublishedHere(generation), "127.0.0.1", 0, lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


def children_of(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for processes in")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_a_server_that_is_told_to_stop_ends_with_its_workers(tmp_path, number):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert address.endswith("/repo/")
        with urllib.request.urlopen(f"{address}sparql?query=ASK%7B%7D", timeout=30) as response:
            assert response.status == 200
        workers = children_of(process.pid)
        while len(workers) < 2:
            time.sleep(0.02)
            workers = children_of(process.pid)
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
        assert rest == ("" if number is signal.SIGKILL else "stopped\n")
        until = time.monotonic() + 20
        while any(Path(f"/proc/{pid}/cmdline").exists() and is_worker(pid) for pid in workers):
            assert time.monotonic() < until, "workers outlive their server"
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()


def is_worker(pid):
    try:
        return b"sparql_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_worker_without_its_parent_ends_at_once():
    done = subprocess.run(
        [sys.executable, "-m", "lod.web.sparql_worker", str(os.getpid() + 1)], stdin=subprocess.DEVNULL, timeout=30
    )
    assert done.returncode == 0
