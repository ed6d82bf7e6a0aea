"""What one dereferenced item costs the server in CPU time, against nginx with the same bytes on disk.

Run: python tests/bench/bench_dereference.py [requests]. Each server is a process of its own on the loopback interface, and is
asked by one connection that stays open. "memory" and "disk" are answers that were made for an earlier request of the
same generation, "made" is an answer that is made anew; "304" is the answer to a client that has the representation.
"""

import http.client
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.helpers.served_process import started
from tests.helpers.servers import free_port

PATHS = {
    "Turtle": "data/item/999/a.b/c.ttl",
    "JSON-LD": "data/item/999/a.b/c.jsonld",
    "HTML": "page/item/999/a.b/c",
    "303": "id/item/999/a.b/c",
}
SERVERS = {
    "memory": {"kept_answers_disk_mib": 0},
    "disk": {"kept_answers_mib": 0},
    "made": {"kept_answers_mib": 0, "kept_answers_disk_mib": 0},
}
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_ROUNDS = 3

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
  access_log {folder}/access; sendfile on; keepalive_requests 1000000; default_type text/plain;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def cpu_s(pid):
    """Return the CPU time that a process and its children have used."""
    total = 0.0
    for name in [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]:
        fields = Path(f"/proc/{name}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) * _TICK
    return total


def cost_us(pid, host, path, requests, headers):
    """Return the CPU time of the server for one request in microseconds, the median of three rounds, and the answer's bytes and tag."""
    connection = http.client.HTTPConnection(host)
    found, size, tag = [], 0, ""
    for _ in range(_ROUNDS):
        before = cpu_s(pid)
        for _ in range(requests):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            size, tag = len(response.read()), response.getheader("ETag", "")
        found.append((cpu_s(pid) - before) / requests * 1e6)
    connection.close()
    return median(found), size, tag


@contextmanager
def nginx(folder, files):
    """nginx with the files, and its address; None where it is not installed."""
    program = shutil.which("nginx")
    if not program:
        yield None, ""
        return
    port = free_port()
    (folder / "files").mkdir()
    for name, body in files.items():
        (folder / "files" / name).write_bytes(body)
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    folder.chmod(0o755)
    with subprocess.Popen([program, "-c", folder / "conf"], stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(1)
            yield process, f"127.0.0.1:{port}"
        finally:
            process.terminate()


def main(requests):
    """Print the cost of each representation from each server."""
    headers = {"Accept-Encoding": "gzip"}
    costs, bodies = {}, {}
    for server, settings in SERVERS.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            started(Path(folder), log=subprocess.DEVNULL, **settings, access_log=True) as (process, address),
        ):
            parts = urlsplit(address)
            for name, path in PATHS.items():
                where = f"{parts.path.rstrip('/')}/{path}"
                _, size, tag = cost_us(process.pid, parts.netloc, where, 5, headers)
                costs[name, server], size, tag = cost_us(process.pid, parts.netloc, where, requests, headers)
                bodies[name] = b"x" * size
                if tag and server == "memory":
                    costs[name, "304"], _, _ = cost_us(
                        process.pid, parts.netloc, where, requests, headers | {"If-None-Match": tag}
                    )
    with tempfile.TemporaryDirectory() as folder, nginx(Path(folder), bodies) as (process, host):
        for name in PATHS if process else ():
            costs[name, "nginx"], _, _ = cost_us(process.pid, host, f"/{name}", requests, headers)
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {requests} requests, CPU microseconds for one, median of {_ROUNDS}"
    )
    for name in PATHS:
        peer = costs.get((name, "nginx"))
        shown = [
            f"{server} {costs[name, server]:6.0f}" + (f" ({peer / costs[name, server]:4.2f} of nginx)" if peer else "")
            for server in (*SERVERS, "304")
            if (name, server) in costs
        ]
        print(f"{name:8} {len(bodies[name]):6} bytes  nginx {peer or 0:4.0f}  " + "  ".join(shown))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
