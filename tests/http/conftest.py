"""What the tests of the HTTP client share: a server that does what a function says, and a client with short limits."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lod.http.client import Client, Limits
from lod.http.credentials import Credentials
from lod.http.retry import Retry
from tests.helpers.waiting import ended


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers.items())))
        self.close_connection = self.headers.get("Connection") == "close"
        try:
            self.server.act(self, len(self.server.seen))
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
            self.close_connection = True

    do_POST = do_GET  # noqa: N815

    def answer(self, status=200, body=b"whole", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, act):
        super().__init__(("127.0.0.1", 0), Handler)
        self.act, self.seen, self.hung_up = act, [], threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def handle_error(self, request, client_address):
        """A client that was cut off is what the tests are about."""


@pytest.fixture
def serve():
    """Return a function that starts a server; `act` gets the handler and the number of the request."""
    servers = []

    def start(act):
        servers.append(Server(act))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        ended(server.thread)
        server.server_close()


class FetchError(Exception):
    def __init__(self, url, fault, tried):
        super().__init__(f"{url}: {fault}{tried}")
        self.fault = fault


@pytest.fixture
def client_of():
    """Return a function that makes a client with limits; those of the retry policy have no waits."""
    clients = []

    def make(*, tries=1, longest_wait_s=0, credentials=None, redirects=0, **limits):
        retry = Retry(tries=tries, first_wait_s=0, longest_wait_s=longest_wait_s)
        clients.append(
            Client(
                FetchError, Limits(**{"read_s": 5, **limits}), retry, credentials or Credentials(), redirects=redirects
            )
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def failure():
    return FetchError
