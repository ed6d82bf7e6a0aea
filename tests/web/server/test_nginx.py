"""docs/deploy/nginx.conf in front of a real server: what the client asks for arrives as it was sent."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from lod.site.folder import free_port
from tests.helpers.paths import ROOT
from tests.helpers.served_process import started

CONFIGURATION = ROOT / "docs" / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


@contextmanager
def proxied(folder, address):
    """The documented configuration with the addresses of this test; the address of the proxy."""
    port = free_port("127.0.0.1")
    text = CONFIGURATION.read_text(encoding="utf-8")
    for documented, here in (
        ("127.0.0.1:8000", address.removeprefix("http://").partition("/")[0]),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("    ssl_certificate     /etc/ssl/data.example.org.pem;\n", ""),
        ("    ssl_certificate_key /etc/ssl/data.example.org.key;\n", ""),
        ("location = /metrics", "location = /repo/metrics"),
    ):
        assert documented in text
        text = text.replace(documented, here)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    (folder / "temporary").mkdir()
    paths = "\n".join(
        f"{name}_temp_path {folder}/temporary/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    with subprocess.Popen([NGINX, "-c", str(main), "-p", str(folder)], stderr=subprocess.PIPE, text=True) as process:
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/repo/healthz", timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert process.poll() is None, process.stderr.read()
                    assert time.monotonic() < until, "nginx does not answer"
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/repo/"
        finally:
            process.kill()


def asked(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def test_names_with_escapes_negotiation_and_queries_go_through_the_documented_proxy(tmp_path):
    with (
        started(tmp_path, trusted_proxy="127.0.0.1") as (_process, server),
        proxied(tmp_path, server) as address,
    ):
        concept = "concept/mesh/lupus%2C_systemic"
        for path in (f"id/{concept}", "id/item/999/a.b/c"):
            direct = asked(f"{server}{path}", Accept="text/turtle")
            through = asked(f"{address}{path}", Accept="text/turtle")
            assert (through[0], through[2]) == (direct[0], direct[2]) == (200, direct[2])
            assert through[1]["Content-Type"] == "text/turtle; charset=utf-8"
        status, headers, body = asked(f"{address}sparql?query=ASK%7B%7D&format=json")
        assert (status, json.loads(body)["boolean"]) == (200, True)
        assert len(headers["X-Request-ID"]) == 32
        assert asked(f"{address}metrics")[0] == 404
        assert asked(f"{server}metrics")[0] == 200
