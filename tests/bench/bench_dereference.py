"""How long one dereferenced item takes, against the same bytes as a static file from the same server.

Run: python tests/bench/bench_dereference.py [requests]. Everything runs in this process over the loopback interface.
"made" makes each answer anew, "kept" gives the one that was made for an earlier request of the same generation.
"""

import http.client
import platform
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from flask import send_file
from waitress.server import create_server

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.http.cache import ResponseCache
from tests.helpers.web_site import BASE, DATA, PublishedHere, build

PATHS = {
    "Turtle": "data/item/999/a.b/c.ttl",
    "JSON-LD": "data/item/999/a.b/c.jsonld",
    "N-Triples": "data/item/999/a.b/c.nt",
    "HTML": "page/item/999/a.b/c",
    "303": "id/item/999/a.b/c",
}


def median_ms(connection, path, requests):
    """Return the median of the time from request to last byte, in milliseconds, and the bytes of one answer."""
    times, size = [], 0
    for _ in range(requests):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Accept": "text/turtle"})
        size = len(connection.getresponse().read())
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), size


def main(requests):
    with tempfile.TemporaryDirectory() as folder:
        generation = build(Path(folder), "bench", [DATA / "site.ttl", DATA / "many.ttl"])
        app = create_app(make_settings({"base_iri": BASE}, {}), PublishedHere(generation))
        files = {}
        app.add_url_rule("/bench/<name>", "bench", lambda name: send_file(files[name], mimetype="text/plain"))
        client = app.test_client()
        for name, path in PATHS.items():
            files[name] = Path(folder) / name
            files[name].write_bytes(client.get(f"/repo/{path}").data)
        server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
        threading.Thread(target=server.run, daemon=True).start()
        reader = app.extensions["lod"].reader()
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port)
        print(f"{platform.python_implementation()} {platform.python_version()}, {requests} requests, medians in ms")
        for name, path in PATHS.items():
            median_ms(connection, f"/repo/{path}", 20)
            kept, size = median_ms(connection, f"/repo/{path}", requests)
            reader.responses = ResponseCache(0)
            made, _ = median_ms(connection, f"/repo/{path}", requests)
            reader.responses = ResponseCache()
            static, _ = median_ms(connection, f"/bench/{name}", requests)
            print(
                f"{name:10} {size:7} bytes  static file {static:5.2f}  kept {kept:5.2f} (ratio {static / kept:4.2f})"
                f"  made {made:5.2f} (ratio {static / made:4.2f})"
            )
        connection.close()
        server.task_dispatcher.shutdown()
        server.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
