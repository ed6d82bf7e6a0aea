"""docs/deploy/nginx.conf in front of a real server: what the client asks for arrives as it was sent."""

import http.client
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager

import pytest

from lod.site.folder import free_port
from tests.helpers.paths import ROOT
from tests.helpers.served_process import started

CONFIGURATION = ROOT / "docs" / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


@contextmanager
def proxied(folder, address, fresh_s=10):
    """The documented configuration with the addresses of this test; the address of the proxy."""
    port = free_port("127.0.0.1")
    text = CONFIGURATION.read_text(encoding="utf-8")
    for documented, here in (
        ("127.0.0.1:8000", address.removeprefix("http://").partition("/")[0]),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("    ssl_certificate     /etc/ssl/data.example.org.pem;\n", ""),
        ("    ssl_certificate_key /etc/ssl/data.example.org.key;\n", ""),
        ("location = /metrics", "location = /repo/metrics"),
        ("rate=20r/s", "rate=10000r/s"),
        ("location ~ ^/", "location ~ ^/repo/"),
        ("/var/cache/nginx/lod", f"{folder}/cache"),
        ("proxy_cache_valid 200 303 10s", f"proxy_cache_valid 200 303 {fresh_s}s"),
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


ITEM = "item/999/a.b/c"
ACCEPTS = [
    pytest.param(None, True, id="no header"),
    pytest.param("*/*", True, id="anything"),
    pytest.param("text/html", True, id="html"),
    pytest.param("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True, id="Firefox"),
    pytest.param(
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7", True, id="Chromium",
    ),
    pytest.param("text/turtle", True, id="Turtle"),
    pytest.param("application/ld+json", True, id="JSON-LD"),
    pytest.param("application/rdf+xml", True, id="RDF/XML"),
    pytest.param("application/n-triples", True, id="N-Triples"),
    pytest.param("application/rdf+xml, application/xml; q=0.6, text/xml; q=0.6, text/html; q=0.3", False, id="OWLAPI"),
    pytest.param("text/turtle;q=0.4, application/ld+json;q=0.8", False, id="qualities"),
    pytest.param("image/png", False, id="nothing on offer"),
]  # fmt: skip


@pytest.fixture(scope="module")
def two_doors(tmp_path_factory):
    """The address of a server, and that of the documented proxy before it, which keeps what it has for a second without asking."""
    folder = tmp_path_factory.mktemp("cached")
    with (
        started(folder, trusted_proxy="127.0.0.1") as (_process, server),
        proxied(folder, server, fresh_s=1) as address,
    ):
        yield server, address


@pytest.mark.parametrize(("accept", "kept"), ACCEPTS)
def test_what_the_proxy_keeps_is_what_the_server_says(two_doors, accept, kept):
    server, address = two_doors
    for coding in (None, "gzip", "br, gzip", "gzip;q=0, br;q=0.1"):
        headers = {name: value for name, value in (("Accept", accept), ("Accept-Encoding", coding)) if value}
        # A coding with conditions is left out for what is kept, which is always right.
        same = dict(headers)
        if kept and ";" in (coding or ""):
            del same["Accept-Encoding"]
        # A key of their own for each row: what an earlier one has put into the cache is a hit from the first.
        row = urllib.parse.urlencode({"row": f"{accept} {coding}"})
        for path in (f"id/{ITEM}?{row}", f"data/{ITEM}?{row}"):
            _, direct = seen(server + path, same)
            found = [seen(address + path, headers) for _ in range(2)]
            assert found == [(status, direct) for status in (("MISS", "HIT") if kept else ("BYPASS", "BYPASS"))], path


LANGUAGES = [
    pytest.param("de-AT,de;q=0.9,en;q=0.8", True, "de", id="German"),
    pytest.param("fr", True, "fr", id="French"),
    pytest.param("zh-TW,zh;q=0.9", True, "zh-Hant", id="Taiwan"),
    pytest.param("it,fr;q=0.5", False, "fr", id="a language that is not offered first"),
    pytest.param("de;q=0.1, en", False, "en", id="qualities"),
]


@pytest.mark.parametrize(("header", "kept", "language"), LANGUAGES)
def test_pages_are_kept_for_each_language_and_data_for_all(two_doors, header, kept, language):
    server, address = two_doors
    row = urllib.parse.urlencode({"languages": header})
    page = {"Accept": "text/html", "Accept-Language": header}
    _, direct = seen(f"{server}page/{ITEM}?{row}", page)
    assert f'<html lang="{language}">'.encode() in direct[1]
    found = [seen(f"{address}page/{ITEM}?{row}", page) for _ in range(2)]
    assert found == [(status, direct) for status in (("MISS", "HIT") if kept else ("BYPASS", "BYPASS"))]
    data = {"Accept": "text/turtle", "Accept-Language": header}
    first, again = (
        seen(f"{address}data/{ITEM}.ttl?{row}", {**data, **more}) for more in ({}, {"Accept-Language": "en"})
    )
    assert (first[0], again[0], first[1]) == ("MISS", "HIT", again[1])


def test_what_has_been_kept_for_long_is_asked_for_with_its_tag(two_doors):
    server, address = two_doors
    path = f"page/{ITEM}"
    assert seen(address + path, {})[0] == "MISS"
    time.sleep(2.1)
    assert seen(address + path, {}) == ("REVALIDATED", seen(server + path, {})[1])
    tag = asked(address + path)[1]["ETag"]
    status, headers, body = asked(address + path, **{"If-None-Match": tag})
    assert (status, body, headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Accept-Profile": "<https://schema.org/>"}, id="a profile"),
        pytest.param({"Accept-Datetime": "Thu, 01 Jan 2026 00:00:00 GMT"}, id="a moment"),
    ],
)
def test_what_other_headers_choose_is_not_kept(two_doors, headers):
    server, address = two_doors
    path = f"data/{ITEM}.ttl"
    assert seen(address + path, headers) == ("BYPASS", seen(server + path, headers)[1])


_SEEN = ("Content-Type", "Content-Encoding", "ETag", "Location", "Vary", "Content-Location")


def seen(address, headers):
    """What the proxy says of its cache, and what a client sees that does not follow redirects."""
    status, found, body = asked_once(address, headers)
    return found["X-Cache-Status"], (status, body, *(found[name] for name in _SEEN))


def asked_once(address, headers):
    parts = urllib.parse.urlsplit(address)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.putrequest(
            "GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, skip_accept_encoding=True
        )
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers, response.read()
