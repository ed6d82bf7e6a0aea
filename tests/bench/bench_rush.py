"""What one group of clients costs the others: the report, parallel queries, slow readers, deep pages of fragments.

Run: python tests/bench/bench_rush.py [items] [folder]. The site has so many items, and a quality report of as many findings;
it is built in the folder, and found there again the next time. `lod serve` runs in a process of its own, clients in threads
of this one; they are told apart by X-Forwarded-For. Counts and ratios say more than times.
"""

import gzip
import http.client
import json
import multiprocessing
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from lod.rdf.claims import claim
from lod.report import Finding, Severity
from lod.store.oxigraph import OxigraphStore
from lod.validation.report_graph import report_triples
from tests.bench.bench_sparql import QUERIES, write_items
from tests.helpers.paths import ROOT
from tests.helpers.web_site import BASE, Catalog, Generation, build

PROGRAM = """
import json, sys
from pathlib import Path
from tests.bench.bench_rush import opened
from tests.helpers.web_site import BASE, PublishedHere
from lod.settings.table import make_settings
from lod.web.server.waitress import serve
settings = make_settings({"base_iri": BASE, "access_log": False, "trusted_proxy": "127.0.0.1", **json.loads(sys.argv[2])}, {})
serve(settings, PublishedHere(opened(Path(sys.argv[1]))), "127.0.0.1", 0, lambda address: print(address, flush=True))
"""
READERS, SLOW_READERS, PARALLEL, CLIENTS = 24, 20, 10, 4
RATES = (800, 20_000)
"""Bytes a second that the slow readers read, by turns."""
SECONDS = 20
SLOW = (
    "SELECT (COUNT(*) AS ?n) { ?a dcterms:title ?b ; bibo:doi ?d . "
    + " ".join(f"FILTER(!REGEX(CONCAT(STR(?b), ?d), '({letter}|b)+.*(c|d)+.*[0-9]+x$'))" for letter in "aefg")
    + " }"
)


def prepare(folder, items):
    """Build the site, unless it is there."""
    if (folder / "site" / "generation.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "items.nt"
    write_items(path, items)
    built = build(folder, "site", [path])
    findings = (
        Finding("I17", Severity.WARNING, "No date of issue.", record=f"1/{number}", value=f"value {number}")
        for number in range(items)
    )
    lines = sorted({claim(*triple) for triple in report_triples(findings, BASE)})
    with gzip.open(built.directory / "graphs" / "report.nt.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    description = json.loads((built.directory / "generation.json").read_text(encoding="utf-8"))
    description["graphs"].append({"iri": f"{BASE}data/report", "path": "report.nt.gz", "triples": len(lines)})
    (built.directory / "generation.json").write_text(json.dumps(description), encoding="utf-8")


def opened(folder):
    """Return the site that was built."""
    return Generation(
        "site", folder / "site", OxigraphStore.open_read_only(folder / "site" / "store"), Catalog([], triples=1)
    )


@contextmanager
def served(folder, **settings):
    """Serve the site; give host, port and a function that returns the server's CPU seconds."""
    arguments = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(settings)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        parts = urllib.parse.urlsplit(process.stdout.readline().strip())

        def cpu_s():
            fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        try:
            yield parts.hostname, parts.port, cpu_s
        finally:
            process.kill()


def ask(address, path, client="203.0.113.1", headers=()):
    """Return status and body of an answer, and whether it was whole."""
    connection = http.client.HTTPConnection(*address, timeout=120)
    try:
        connection.request(
            "GET", f"/repo/{path}", headers={"X-Forwarded-For": client, **dict(headers)} if client else {}
        )
        response = connection.getresponse()
        try:
            return response.status, response.read(), True
        except http.client.IncompleteRead as error:
            return response.status, error.partial, False
    finally:
        connection.close()


def query_path(query):
    return f"sparql?{urllib.parse.urlencode({'query': query, 'format': 'json'})}"


def dereference(address, ended, result):
    """Dereference items until told to end."""
    times, statuses, number = [], Counter(), 0
    while not ended.is_set():
        start = time.perf_counter()
        status, _, _ = ask(address, f"data/item/1/{number % 5_000}.ttl", client=f"198.51.100.{number % 200}")
        times.append((time.perf_counter() - start) * 1000)
        statuses[status] += 1
        number += 1
        time.sleep(0.01)
    times.sort()
    result.put(f"p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms, {dict(statuses)}")


@contextmanager
def dereferencing(address, name):
    """Dereference meanwhile, in a process of its own."""
    ended, result = multiprocessing.Event(), multiprocessing.Queue()
    beside = multiprocessing.Process(target=dereference, args=(address, ended, result))
    beside.start()
    try:
        yield
    finally:
        ended.set()
        print(f"  dereferencing {name}: {result.get(timeout=120)}", flush=True)
        beside.join()


def in_threads(calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(folder):
    with served(folder) as (host, port, cpu_s):
        address, found, sizes = (host, port), Counter(), set()
        with dereferencing(address, "alone"):
            time.sleep(3)

        def read():
            client = f"203.0.113.{len(sizes)}"
            for _ in range(60):
                status, body, whole = ask(address, "data/report.ttl", client)
                found[status, whole] += 1
                if status == 200:
                    sizes.add(len(body))
                    return
                time.sleep(1)

        for name in ("first", "again", "once more"):
            found.clear()
            before, start = cpu_s(), time.perf_counter()
            with dereferencing(address, f"beside {READERS} readers of the report, {name}"):
                in_threads([read] * READERS)
            print(
                f"  report, {name}: {dict(found)}, bytes {sorted(sizes)}, CPU of the server {cpu_s() - before:.1f} s, "
                f"{time.perf_counter() - start:.1f} s",
                flush=True,
            )


def two_queries(folder):
    with served(folder) as (host, port, _):
        address = (host, port)
        for attempt in range(3):
            found = []

            def read(number, found):
                start = time.perf_counter()
                status, _, whole = ask(address, query_path(f"{SLOW} #{number}"), "203.0.113.7")
                found.append((status, whole, round(time.perf_counter() - start, 1)))

            in_threads([lambda number=3 * attempt + n, found=found: read(number, found) for n in range(2)])
            print(f"  two slow queries of one client, nobody else (status, whole, s): {found}", flush=True)
            time.sleep(2)


def parallel_queries(folder):
    with served(folder, query_seconds_per_minute=0) as (host, port, cpu_s):
        address, found = (host, port), Counter()
        queries = [*QUERIES.values(), SLOW]
        until = time.monotonic() + SECONDS

        def read(number):
            asked = number
            while time.monotonic() < until:
                query = f"{queries[asked % len(queries)]} #{number} {asked}"
                status, body, whole = ask(address, query_path(query), f"203.0.113.{number % CLIENTS}")
                found[status, whole and b"*** The result was broken" not in body] += 1
                asked += 1

        with dereferencing(address, f"beside {PARALLEL} parallel queries"):
            in_threads([lambda number=number: read(number) for number in range(PARALLEL)])
        print(f"  {PARALLEL} parallel queries of {CLIENTS} clients: {dict(found)}, CPU {cpu_s():.1f} s", flush=True)


def slow_readers(folder):
    settings = {"stalled_client_s": 5, "query_seconds_per_minute": 0, "trusted_proxy": ""}
    with served(folder, **settings) as (host, port, _):
        address, open_ = (host, port), {}
        ask(address, "data/report.nt", None)
        for number in range(SLOW_READERS):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            connection.connect(address)
            path = query_path(f"{QUERIES['all titles']} #{number}") if number % 4 < 2 else "data/report.nt"
            connection.sendall(f"GET /repo/{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            connection.setblocking(False)
            open_[connection] = RATES[number % 2]
        with dereferencing(address, f"beside {SLOW_READERS} slow readers"):
            for _ in range(250):
                for connection, rate in list(open_.items()):
                    try:
                        alive = connection.recv(rate // 10)
                    except BlockingIOError:
                        continue
                    except OSError:
                        alive = b""
                    if not alive:
                        del open_[connection]
                time.sleep(0.1)
        ends = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        established = {
            line.split()[2] for line in ends if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01"
        }
        left = Counter(
            rate
            for connection, rate in open_.items()
            if any(end.endswith(f":{connection.getsockname()[1]:04X}") for end in established)
        )
        _, metrics, _ = ask(address, "metrics", None)
        waiting = [
            line
            for line in metrics.decode().splitlines()
            if line.startswith(("lod_waiting_bytes ", "lod_connections_closed_total"))
        ]
        print(f"  still served after 25 s, by bytes a second: {dict(left)}; {waiting}", flush=True)


def fragments(folder):
    with served(folder) as (host, port, cpu_s):
        address = (host, port)
        for first, last in ((1, 50), (2_500, 3_500)):
            times, before = [], cpu_s()
            for number in range(first, last):
                start = time.perf_counter()
                status, _, _ = ask(
                    address,
                    f"fragments?page={number}",
                    client=f"192.0.2.{number % 200}",
                    headers={"Accept": "text/turtle"}.items(),
                )
                assert status == 200, status
                times.append((time.perf_counter() - start) * 1000)
            print(
                f"  pages {first} to {last}: p50 {statistics.median(times):.1f} ms, most {max(times):.0f} ms, "
                f"CPU {(cpu_s() - before) * 1000 / len(times):.1f} ms a page",
                flush=True,
            )
        start, before = time.perf_counter(), cpu_s()
        for number in range(100, 4_000, 100):
            ask(
                address,
                f"fragments?page={number}",
                client=f"192.0.2.{number % 200}",
                headers={"Accept": "text/turtle"}.items(),
            )
        print(f"  every hundredth page to 4,000: CPU {(cpu_s() - before) * 1000 / 39:.1f} ms a page", flush=True)


def main(items, folder):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    prepare(folder, items)
    chosen = os.environ.get("RUSH", "report two_queries parallel_queries slow_readers fragments").split()
    for measure in (report, two_queries, parallel_queries, slow_readers, fragments):
        if measure.__name__ in chosen:
            print(measure.__name__, flush=True)
            measure(folder)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        main(count, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(count, Path(made))
