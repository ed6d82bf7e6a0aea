"""A stand-in for Amazon Neptune, as its manual describes it: every triple in a named graph, the default graph all of them.

Requests are let through to a real store behind it when their AWS signature is right. What is right is computed here anew,
from the specification: Signature Version 4 of the IAM User Guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

from tests.helpers.waiting import ended

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
"""Those of the test vectors that AWS has published."""

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+), ?SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<said>[0-9a-f]{64})"
)


def signature(method: str, target: str, headers: Mapping[str, str], names: str, body: bytes, scope: str) -> str:
    """The signature of a request: `names` are those of the signed headers, `scope` is day/region/service/aws4_request."""
    path, _, query = target.partition("?")
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(query, True))
    lines = [f"{name}:{' '.join(headers[name].split())}" for name in names.split(";")]
    canonical = [method, quote(path), "&".join(f"{name}={value}" for name, value in pairs), *lines, "", names]
    request = "\n".join([*canonical, hashlib.sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


class _Gate(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if found is None:
            return self._say(
                403, "text/plain", b'{"code":"AccessDeniedException","detailedMessage":"Missing Authentication Token"}'
            )
        right = signature("POST", self.path, headers, found["names"], body, found["scope"])
        scope = f"{headers['x-amz-date'][:8]}/{self.server.region}/neptune-db/aws4_request"
        if (found["key"], found["scope"], found["said"]) != (KEY, scope, right) or "host" not in found["names"]:
            return self._say(403, "text/plain", b'{"code":"AccessDeniedException","detailedMessage":"wrong signature"}')
        # The addresses of Neptune, and behind them those of Oxigraph.
        is_update = headers["content-type"] == "application/sparql-update"
        address = urlsplit(self.path)
        path = {"/sparql/gsp/": f"/store?{address.query}", "/sparql": "/update" if is_update else "/query"}[
            address.path
        ]
        passed = {name: headers[name] for name in ("content-type", "accept")}
        with closing(HTTPConnection("127.0.0.1", self.server.behind, timeout=60)) as behind:
            behind.request("POST", path, body, passed)
            with behind.getresponse() as answer:
                return self._say(answer.status, answer.headers.get("Content-Type", "text/plain"), answer.read())

    def _say(self, status, media_type, body):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self):
        return "none"

    def log_message(self, *_):
        pass


@contextmanager
def gate(port: int, region: str) -> Iterator[int]:
    """Stand before the store at a port of this machine; give the port of the gate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gate)
    server.behind, server.region = port, region
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        ended(thread)
        server.server_close()
