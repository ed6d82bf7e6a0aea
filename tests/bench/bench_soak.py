"""Memory and descriptors of `lod serve` under mixed load, while a run publishes each minute.

Run: python tests/bench/bench_soak.py TABLE.csv [minutes] [folder] [name=value of lod.toml …]. The first 2,000 records of a
DSpace table are published, and each minute 30 of them with another title. Clients are told apart by X-Forwarded-For; the
budget of each is as settings have it, so that some answers are 429. Each minute is a line: answers by status, errors, memory
of the server and of its query workers, open descriptors, threads.
"""

import csv
import http.client
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from tests.helpers.paths import ROOT

RECORDS, CHANGED, CLIENTS, THREADS, PAUSE_S = 2_000, 30, 40, 4, 0.02
COMMAND = [sys.executable, "-c", "from lod.cli import main; main()"]
RDF = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples", "text/html")
OAI = "oai?verb="
OTHERS = (
    "search?q={word}",
    "search?q={word}&format=json&type=article",
    "suggest?q={word}",
    "sparql?query=" + quote("SELECT * { ?s dcterms:title ?o } LIMIT 50 #") + "{number}",
    "sparql?query=" + quote("SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t #") + "{number}",
    "fragments?subject={item}",
    "fragments?predicate=" + quote("http://purl.org/dc/terms/title") + "&page={small}",
    OAI + "ListRecords&metadataPrefix=oai_dc",
    OAI + "ListIdentifiers&metadataPrefix=mods",
    OAI + "GetRecord&metadataPrefix=oai_openaire&identifier={item}",
    "data/report.ttl",
    "data/report.nt",
    "id/?page={small}",
    "browse/people",
    "changes",
    "changes.atom",
    "sitemap-1.xml",
    "dumps/",
    "timemap/{path}",
    "reconcile?query={word}",
)


class Load:
    """What clients ask, and what came of it."""

    def __init__(self, host, port, items, words, ends):
        self.host, self.port, self.items, self.words, self.ends = host, port, items, words, ends
        self.statuses, self.errors = Counter(), Counter()

    def run(self, seed):
        """Ask until the end, over one connection after the other."""
        chance = random.Random(seed)
        connection = None
        while time.monotonic() < self.ends:
            connection = connection or http.client.HTTPConnection(self.host, self.port, timeout=60)
            address, headers = self.request(chance)
            try:
                connection.request("GET", address, headers=headers)
                response = connection.getresponse()
                response.read()
                self.statuses[response.status] += 1
                # A harvester that has used up its budget gets 503 with Retry-After, others 429.
                if response.status >= 500 and "Retry-After" not in response.headers:
                    self.errors[f"{response.status} {address.partition('?')[0]}"] += 1
                if chance.random() < 0.05:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                self.errors[f"{type(error).__name__} {address[:30]}"] += 1
                connection.close()
                connection = None
            time.sleep(PAUSE_S)

    def request(self, chance):
        """Return an address and headers: a resource in some form twice of three times."""
        item = chance.choice(self.items)
        headers = {
            "X-Forwarded-For": f"198.51.100.{chance.randrange(CLIENTS)}",
            "Accept": chance.choice(RDF),
            "Accept-Encoding": chance.choice(("gzip", "br", "identity")),
        }
        path = item.partition("://")[2].partition("/")[2]
        if chance.random() < 0.66:
            return f"/{path}" if chance.random() < 0.3 else f"/{path.replace('id/', 'data/', 1)}", headers
        return "/" + chance.choice(OTHERS).format(
            item=quote(item, safe=""),
            path=path,
            word=quote(chance.choice(self.words)),
            number=chance.randrange(10**9),
            small=chance.randrange(1, 5),
        ), headers


def state(pid):
    """Return memory, descriptors and threads of a process, and the memory of its children."""
    about = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    sizes = {name: int(size) >> 10 for name, size in re.findall(r"(VmRSS|RssAnon|RssFile|VmHWM):\s+(\d+) kB", about)}
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    below = 0
    for child in children:
        try:
            below += (
                int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text(encoding="ascii"))[1]) >> 10
            )
        except (OSError, TypeError):
            continue
    descriptors, threads = (len(list(Path(f"/proc/{pid}/{name}").iterdir())) for name in ("fd", "task"))
    return f"{sizes} MiB, {len(children)} children {below} MiB, {descriptors} descriptors, {threads} threads"


def run_lod(*arguments):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )


def write_rows(path, head, rows, number=0):
    title = next(place for place, name in enumerate(head) if name.startswith("dc.title"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows:
            writer.writerow(
                [f"{cell} ({number})" if number and place == title else cell for place, cell in enumerate(row)]
            )


def main(table, minutes="10", folder="", *assignments):
    csv.field_size_limit(1 << 30)
    folder = Path(folder or tempfile.mkdtemp(prefix="lod-soak-"))
    site = folder / "site"
    with Path(table).open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    write_rows(folder / "all.csv", head, rows[:RECORDS])
    run_lod("init", site, "--base-iri", "https://example.org/")
    with (site / "lod.toml").open("a", encoding="utf-8") as file:
        file.write(
            "\n".join(
                [
                    '\ntrusted_proxy = "127.0.0.1"\noai_pmh = true\nreconciliation = true\nchange_feed = true\ncontact_email = "library@example.org"',
                    *assignments,
                    "",
                ]
            )
        )
    print(run_lod("publish", folder / "all.csv", "--site", site).stdout[-300:], flush=True)
    items = _items(site)
    words = sorted({word for row in rows[:300] for word in re.findall(r"[A-Za-z]{5,12}", " ".join(row))})
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--site", str(site), "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            line = server.stdout.readline()
            host, port = re.search(r"http://([^:/]+):(\d+)", line).groups()
            threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()
            watch(
                server.pid,
                Load(host, int(port), items, words, time.monotonic() + 60 * float(minutes)),
                site,
                head,
                rows,
            )
        finally:
            server.terminate()
            server.wait(60)


def _items(site):
    from lod.store.generation.generations import Site

    return [item for item, _ in Site(site).live().catalog.items(RECORDS)]


def watch(pid, load, site, head, rows):
    """Send the load and publish each minute; print a line a minute."""
    clients = [threading.Thread(target=load.run, args=(seed,), daemon=True) for seed in range(THREADS)]
    print("start", state(pid), flush=True)
    for client in clients:
        client.start()
    minute = 0
    while time.monotonic() < load.ends:
        minute += 1
        until = min(time.monotonic() + 60, load.ends)
        source = site.parent / f"changed-{minute}.csv"
        write_rows(source, head, rows[CHANGED * minute : CHANGED * (minute + 1)], minute)
        published = run_lod("publish", source, "--site", site).returncode
        time.sleep(max(0, until - time.monotonic()))
        print(
            f"minute {minute}: publish {published}, {dict(load.statuses)}, errors {dict(load.errors)}; {state(pid)}",
            flush=True,
        )
    for client in clients:
        client.join(90)
    time.sleep(5)
    print("end", state(pid), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
