"""What a query costs through /sparql, against the same query in process, and against `oxigraph serve` where it is installed.

Run: python tests/bench/bench_sparql.py [items] [requests]. The store is made of so many items. "evaluated" turns the cache
off, "kept" uses it. The binary comes with the package `oxigraph` (pip install oxigraph); it need not be there.
Ratios say how many times as long as in process.
"""

import http.client
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

import pyoxigraph as ox

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.sparql import answer as sparql_answer
from tests.helpers.web_site import BASE, PublishedHere, build, serving

QUERIES = {
    "look-up by DOI": 'SELECT ?s { ?s bibo:doi "10.5555/77" }',
    "one item": "CONSTRUCT WHERE { <id/item/1/77> ?p ?o }",
    "count by year": "SELECT ?y (COUNT(*) AS ?n) { ?s dcterms:issued ?y } GROUP BY ?y ORDER BY ?y",
    "10,000 rows": "SELECT ?s ?t { ?s dcterms:title ?t } LIMIT 10000",
    "all titles": "SELECT ?s ?t { ?s dcterms:title ?t }",
}
XSD_YEAR = "http://www.w3.org/2001/XMLSchema#gYear"


def write_items(path, count):
    """Write a store's worth of items in N-Triples."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            item = f"<{BASE}id/item/1/{number}>"
            file.write(
                f"{item} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/lod-repository/RepositoryItem> .\n"
                f'{item} <http://purl.org/dc/terms/title> "A title about as long as titles of articles are, number {number}"@en-HK .\n'
                f'{item} <http://purl.org/ontology/bibo/doi> "10.5555/{number}" .\n'
                f'{item} <http://purl.org/dc/terms/issued> "{1990 + number % 30}"^^<{XSD_YEAR}> .\n'
            )


def median_ms(call, times):
    """Return the median time of a call, in milliseconds."""
    call()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def asking(host, port, path, query):
    """Return a call that asks an endpoint over a connection that is kept."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    accept = "application/n-triples" if "CONSTRUCT" in query else "application/sparql-results+json"
    target = f"{path}?{urllib.parse.urlencode({'query': query})}"

    def call():
        connection.request("GET", target, headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body[:200]

    return call


def in_process(store, query, prefixes):
    """Return a call that evaluates and serializes in this process."""
    format_ = ox.RdfFormat.N_TRIPLES if "CONSTRUCT" in query else ox.QueryResultsFormat.JSON
    return lambda: store.query(query, base_iri=BASE, prefixes=prefixes).serialize(format=format_)


def main(items, requests):
    with tempfile.TemporaryDirectory() as folder:
        write_items(Path(folder) / "items.nt", items)
        generation = build(Path(folder), "bench", [Path(folder) / "items.nt"])
        directory = generation.directory / "store"
        app = create_app(make_settings({"base_iri": BASE, "access_log": False}, {}), PublishedHere(generation))
        service = app.extensions["lod"]
        prefixes = service.vocabulary.prefixes
        written = (
            "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in prefixes.items()) + f"BASE <{BASE}>\n"
        )
        store = ox.Store.read_only(str(directory))
        program, process, other = shutil.which("oxigraph"), None, 0
        if program:
            with socket.create_server(("127.0.0.1", 0)) as free:
                other = free.getsockname()[1]
            process = subprocess.Popen(
                [program, "serve-read-only", "--location", str(directory), "--bind", f"127.0.0.1:{other}"],
                stderr=subprocess.DEVNULL,
            )
            time.sleep(1)
        print(f"Python {platform.python_version()}, {items} items, {requests} requests, medians in ms")
        try:
            with serving(app) as (host, port):
                for name, query in QUERIES.items():
                    base = median_ms(in_process(store, query, prefixes), requests)
                    sparql_answer._CACHED_FROM_S = 1e9
                    evaluated = median_ms(asking(host, port, "/repo/sparql", query), requests)
                    sparql_answer._CACHED_FROM_S = 0
                    kept = median_ms(asking(host, port, "/repo/sparql", query), requests)
                    line = (
                        f"{name:15} in process {base:8.2f}  evaluated {evaluated:8.2f} (ratio {evaluated / base:6.2f})"
                        f"  kept {kept:8.2f} (ratio {kept / base:6.2f})"
                    )
                    if process:
                        theirs = median_ms(asking("127.0.0.1", other, "/query", written + query), requests)
                        line += f"  oxigraph serve {theirs:8.2f} (ratio {theirs / base:6.2f})"
                    print(line, flush=True)
        finally:
            service.pool.close()
            if process:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main(*(int(text) for text in [*sys.argv[1:], *("20000", "30")[len(sys.argv) - 1 :]]))
