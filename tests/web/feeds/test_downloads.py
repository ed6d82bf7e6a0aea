"""Downloads from a running server while publishers switch and prune: whole, of one generation, and never a mixture."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from lod.dump.manifest import DUMPS
from lod.dump.write import DumpWriter
from lod.rdf.vocabulary import load_vocabulary
from lod.store.generation.generations import Site
from tests.helpers.paths import ROOT
from tests.helpers.synthetic import own_claims, publish_into
from tests.helpers.waiting import LONGEST_S, wait_until

pytestmark = pytest.mark.slow

RECORDS = 12
SHORT, LONG = 10_000, 800_000
"""Bytes of a record's text, hardly to be compressed: long ones are more, together, than sockets keep by themselves."""

LATEST = "/dumps/latest/dataset.nt.gz"
SLOW_DOWNLOADS = 6
THREADS = 2


def publish(folder, edition, numbers=range(RECORDS), size=SHORT):
    """Publish another text of some records, and keep one generation beside it; return the new one's name."""
    site = Site(folder)
    dumps = DumpWriter(["nt.gz"], load_vocabulary().prefixes, "https://data.example.org/id/")
    with site.build(1) as builder:
        builder.catalog.begin_run()
        for number in numbers:
            text = base64.b64encode(random.Random(f"{number} {edition}").randbytes(size * 3 // 4)).decode()
            publish_into(builder.catalog, f"1/{number}", own_claims(f"1/{number}", f"Edition {edition} {text}"))
        builder.finish({}, {}, dumps)
    return site.live_name()


def file_of(folder, generation, name="dataset.nt.gz"):
    return (folder / "generations" / generation / DUMPS / name).read_bytes()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lod.toml").write_text(
        f'base_iri = "https://data.example.org/"\nport = 0\nthreads = {THREADS}\nquery_workers = 1\nquery_queue = 0\n',
        encoding="utf-8",
    )
    publish(tmp_path, 0)
    return tmp_path


class Served:
    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    def get(self, path, headers=None, method="GET"):
        """Return status, headers and body, redirects followed with the same headers, as curl -L does."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 307:
                return self.get(answer.headers["Location"], headers, method)
            return answer.status, answer.headers, body

    def slow(self, path):
        return Slow(self.port, path)

    def spooled(self):
        """Return how many bytes the server keeps in files that have no name."""
        found = 0
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                name = str(descriptor.readlink())
                if name.endswith("(deleted)") and "/generations/" not in name:
                    found += descriptor.stat().st_size
        return found


class Slow:
    """A download of which nothing but the headers and a little is read at first."""

    def __init__(self, port, path):
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._socket.settimeout(60)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = http.client.parse_headers(self._file)
        self.body = self._file.read(100)

    def rest(self):
        self.body += self._file.read(int(self.headers["Content-Length"]) - len(self.body))
        return self.body

    def close(self):
        self._file.close()
        self._socket.close()


def _address(process, said):
    assert process.poll() is None, said.read_text()
    return re.search(r"at http://127\.0\.0\.1:(\d+)/", said.read_text())


@pytest.fixture
def served(folder):
    program = [sys.executable, "-c", "from lod.cli import main; main()", "serve", "--site", str(folder)]
    said = folder / "server.log"
    with said.open("w") as log, subprocess.Popen(program, stdout=log, stderr=log) as process:
        try:
            found = wait_until(lambda: _address(process, said), "the server does not start")
            yield Served(process, int(found[1]), said)
        finally:
            process.terminate()
            process.wait(30)
    assert "Traceback" not in said.read_text(), said.read_text()


def test_slow_downloads_end_whole_though_their_generation_is_pruned_meanwhile(folder, served):
    publish(folder, 1, size=LONG)
    second = publish(folder, 2, size=LONG)
    names = ("dataset.nt.gz", "added.nt.gz")
    wanted = [file_of(folder, second, name) for name in names]
    assert min(map(len, wanted)) > 6_000_000
    downloads = [served.slow(f"/dumps/{second}/{name}") for name in names]
    assert [download.status for download in downloads] == [200, 200]
    for edition in range(3, 7):
        publish(folder, edition, [1])
        assert served.get("/data/item/1/1.ttl")[0] == 200
    assert not (folder / "generations" / second).exists()
    assert served.get(f"/dumps/{second}/dataset.nt.gz")[0] == 410
    for download, whole in zip(downloads, wanted, strict=True):
        assert download.headers["Content-Length"] == str(len(whole))
        assert hashlib.sha256(download.rest()).digest() == hashlib.sha256(whole).digest()
        download.close()


def test_slow_downloads_take_neither_threads_nor_disk(folder, served):
    generation = publish(folder, 1, size=LONG)
    whole = file_of(folder, generation)
    downloads = [served.slow(f"/dumps/{generation}/dataset.nt.gz") for _ in range(SLOW_DOWNLOADS)]
    assert served.get("/data/item/1/1.ttl")[0] == 200
    assert served.spooled() < len(whole)
    for download in downloads:
        assert download.rest() == whole
        download.close()


def test_the_access_log_tells_how_much_of_a_file_was_sent(folder, served):
    generation = publish(folder, 1, size=LONG)
    path = f"/dumps/{generation}/dataset.nt.gz"
    size = len(file_of(folder, generation))
    served.get(path)
    served.get(path, {"Range": "bytes=10-19"})
    served.get(path, method="HEAD")
    broken = served.slow(path)
    broken.close()
    until = time.monotonic() + 60
    while len(rows := [json.loads(line) for line in served.log.read_text().splitlines() if path in line]) < 4:
        assert time.monotonic() < until, rows
        time.sleep(0.05)
    assert [(row["method"], row["status"], row.get("broken", False)) for row in rows] == [
        ("GET", 200, False),
        ("GET", 206, False),
        ("HEAD", 200, False),
        ("GET", 200, True),
    ]
    assert [row["sent_bytes"] for row in rows[:3]] == [size, 10, 0]
    assert 0 < rows[3]["sent_bytes"] < size


def test_a_download_that_is_resumed_after_a_switch_never_mixes_generations(folder, served):
    first = file_of(folder, Site(folder).live_name())
    status, headers, _ = served.get(LATEST, {"Range": "bytes=0-999"})
    assert (status, headers["Content-Range"]) == (206, f"bytes 0-999/{len(first)}")
    tag, modified = headers["ETag"], headers["Last-Modified"]
    goes_on = {"Range": "bytes=1000-", "If-Range": tag}
    status, _, body = served.get(LATEST, goes_on)
    assert (status, body == first[1000:]) == (206, True)
    second = file_of(folder, publish(folder, 1))
    assert second != first
    status, headers, body = served.get(LATEST, goes_on)
    assert (status, body == second, headers["ETag"] == tag) == (200, True, False)
    status, headers, body = served.get(LATEST, goes_on | {"If-Range": modified})
    assert (status, body == second) == (200, True)
    status, headers, body = served.get(LATEST, {"Range": "bytes=1000-", "If-Match": tag})
    assert (status, len(body) < 500) == (412, True)
    assert b"has changed since" in body
    status, _, body = served.get(LATEST, {"Range": "bytes=1000-", "If-Match": f'"another", "{sha256(second)}"'})
    assert (status, body == second[1000:]) == (206, True)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_a_mirror_that_follows_the_differences_ends_with_the_same_bytes(folder, served, tmp_path):
    mirror = tmp_path / "mirror"
    mirror.mkdir()

    def listed():
        found = json.loads(served.get("/dumps/?format=json")[2])
        return found["live"], {one["name"]: one["previous"] for one in found["generations"]}

    live, _ = listed()
    (mirror / "published.nt").write_bytes(gzip.decompress(served.get(f"/dumps/{live}/dataset.nt.gz")[2]))
    held = live
    for edition in (1, 2, 3, 4):
        publish(folder, edition, [edition])
    live, previous = listed()
    steps = [live]
    while previous[steps[-1]] != held:
        steps.append(previous[steps[-1]])
    assert len(steps) == 4
    for step in reversed(steps):
        for name in ("added.nt.gz", "removed.nt.gz"):
            status, _, body = served.get(f"/dumps/{step}/{name}")
            assert status == 200
            (mirror / name).write_bytes(body)
        done = subprocess.run(
            ["bash", "-ec", recipe()], cwd=mirror, capture_output=True, text=True, check=False, timeout=300
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert (mirror / "published.nt").read_bytes() == gzip.decompress(file_of(folder, live))


def recipe():
    """Return what docs/dumps.md tells a mirror to do with the two files of a difference."""
    text = (ROOT / "docs" / "dumps.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```sh\n(export LC_ALL=C.*?)```", text, re.DOTALL)
    return found


SCRIPT = ROOT / "docs" / "deploy" / "mirror.sh"


def mirrored(served, mirror, after_s=None):
    """Run the script of the documentation, killed after so many seconds if any are given."""
    process = subprocess.Popen(
        [SCRIPT, f"http://127.0.0.1:{served.port}/", mirror], stderr=subprocess.PIPE, process_group=0
    )
    with process:
        try:
            said = process.communicate(timeout=after_s or LONGEST_S)[1]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            assert after_s, f"the script has not ended in {LONGEST_S} s"
            return
    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(not (all(map(shutil.which, ("jq", "curl", "flock")))), reason="the script needs jq, curl and flock")
def test_the_script_of_the_documentation_follows_the_site_whatever_happens(folder, served, tmp_path):
    mirror = tmp_path / "mirror"

    def is_equal():
        live = Site(folder).live_name()
        whole = gzip.decompress(file_of(folder, live))
        return (mirror / "published.nt").read_bytes() == whole and (mirror / "generation").read_text() == f"{live}\n"

    def asked():
        return [path for path in re.findall(r'"path": "([^"]+)"', served.log.read_text()) if "dataset.nt.gz" in path]

    mirrored(served, mirror)
    assert is_equal()
    for edition in (1, 2, 3):
        publish(folder, edition, [edition])
    mirrored(served, mirror)
    assert is_equal()
    assert len(asked()) == 1, "the whole was taken again"
    mirrored(served, mirror)
    assert sorted(path.name for path in mirror.iterdir()) == ["generation", "lock", "published.nt"]
    for edition in range(4, 8):
        publish(folder, edition, [edition])
        mirrored(served, mirror, after_s=random.Random(edition).uniform(0.01, 0.15))
    mirrored(served, mirror)
    assert is_equal()
    Site(folder).rollback()
    publish(folder, 20, [0])
    mirrored(served, mirror)
    assert is_equal()
    assert len(asked()) > 1, "what was taken back cannot be followed by differences"
