"""One HTTP request with an end: the sockets that it opens are shut when its time is over, whatever the other side does."""

from __future__ import annotations

import http.client
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.client import HTTPResponse
from socket import SHUT_RDWR, socket
from typing import IO, Any, cast
from urllib.error import HTTPError
from urllib.request import Request


@contextmanager
def opened(request: Request, read_seconds: float, seconds: float) -> Iterator[HTTPResponse]:
    """Send a request and give its answer, of whatever status; a redirect is an answer, too.

    A server that sends nothing for `read_seconds` raises TimeoutError; one that still sends after `seconds` is cut off, which
    raises TimeoutError as well, also out of the body of the `with`. Proxies are those of the environment (`https_proxy`,
    `no_proxy`); certificates are checked against those of the system.

    Raises:
        OSError, http.client.HTTPException: the connection fails or breaks off.
    """
    watch = _Watch()
    opener = urllib.request.build_opener(_Plain(watch), _Encrypted(watch), _NoRedirect())
    opener.addheaders = []
    timer = threading.Timer(seconds, watch.shut)
    timer.daemon = True
    timer.start()
    try:
        try:
            answer = cast("HTTPResponse", opener.open(request, timeout=read_seconds))
        except HTTPError as fault:
            # An answer with a status of 300 and more is raised, and read like any other.
            answer = cast("HTTPResponse", fault)
        with answer:
            yield answer
        if watch.over:
            raise TimeoutError(f"longer than {seconds:.0f} s")
    except Exception as fault:
        # Whatever a cut answer looks like to its reader, it was cut.
        if watch.over:
            raise TimeoutError(f"longer than {seconds:.0f} s") from fault
        raise
    finally:
        timer.cancel()


class _Watch:
    """The open sockets of one request."""

    def __init__(self) -> None:
        self.over = False
        self._sockets: list[socket] = []

    def add(self, one: socket) -> None:
        self._sockets.append(one)
        if self.over:
            self.shut()

    def shut(self) -> None:
        self.over = True
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(SHUT_RDWR)


def _watched(watch: _Watch, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
    """Return a connection whose socket the watch knows as soon as it is open."""
    connect = connection.connect

    def watched_connect() -> None:
        connect()
        watch.add(connection.sock)

    connection.connect = watched_connect  # type: ignore[method-assign]
    return connection


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: Request) -> HTTPResponse:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            return _watched(self._watch, http.client.HTTPConnection(host, **options))

        return self.do_open(connection, req)


class _Encrypted(urllib.request.HTTPSHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def https_open(self, req: Request) -> HTTPResponse:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            return _watched(self._watch, http.client.HTTPSConnection(host, **options))

        return self.do_open(connection, req, context=ssl.create_default_context())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where to is decided by who asked."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message[str, str], newurl: str
    ) -> Any:
        return None
