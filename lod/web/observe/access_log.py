"""Access log, request ids, and the observation of every response for /metrics.

A WSGI middleware, since only there the end of a streamed response is seen, and responses that never reach a route. The
access log has no query strings, no headers but the user agent, and of client addresses only the network, unless the
settings say otherwise: what a person asked for is private by default.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, request

from lod.web.http.client_address import shortened

ACCESS_LOG = logging.getLogger("lod.access")
ROUTE = "lod.route"
UNMATCHED = "unmatched"

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Id of the request that this thread handles, "-" outside of one."""

_FOREIGN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MOST_CHARACTERS = 512


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response.

    Attributes:
        id: made here, or by a trusted proxy.
        client: address of the client, as the server knows it.
        method, path, protocol: as the client sent them; the path without its query.
        query_bytes: length of the query string.
        user_agent: header of the client, "" for none.
        route: the rule that matched the request ("/id/<path:_>"), "unmatched" for none.
        status, sent_bytes: of the response; bytes of the body.
        seconds: from the request's arrival in the app to the end of the response.
        broken: the response was cut short: the client went away, or a limit was reached.
    """

    id: str
    client: str
    method: str
    path: str
    protocol: str
    query_bytes: int
    user_agent: str
    route: str
    status: int
    sent_bytes: int
    seconds: float
    broken: bool


Observer = Callable[[Exchange], None]


class Observed:
    """WSGI middleware that reports every response to observers when it has ended.

    Source: PEP 3333, "Middleware: Components that Play Both Sides".
    """

    def __init__(
        self, app: Callable[..., Iterable[bytes]], observers: Iterable[Observer], *, foreign_ids: bool
    ) -> None:
        """`foreign_ids` says whether an X-Request-ID of the client is taken over: that of a trusted proxy is."""
        self._app = app
        self._observers = tuple(observers)
        self._foreign_ids = foreign_ids

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Call the app, and add the id of the request as a header."""
        response = _ObservedResponse(environ, self._id(environ), self._observers)
        request_id.set(response.id)
        response.watch_files()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            response.status = int(status[:3])
            return start_response(status, [*headers, ("X-Request-ID", response.id)], *more)

        try:
            response.parts = self._app(environ, start)
        except BaseException:
            response.close()
            raise
        # A file that the server sends by itself must reach the server unwrapped.
        return response.parts if response.is_file else response

    def report(self, environ: dict[str, Any], status: str, sent_bytes: int, started: float) -> str:
        """Report a whole response that did not go through the app, started at `time.perf_counter()`; return the id of its request."""
        id_ = self._id(environ)
        _report(self._observers, environ, id_, int(status[:3]), sent_bytes, started)
        return id_

    def _id(self, environ: dict[str, Any]) -> str:
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        return given if self._foreign_ids and _FOREIGN_ID.fullmatch(given) else os.urandom(16).hex()


class _ObservedResponse:
    """The parts of a response while they are sent."""

    def __init__(self, environ: dict[str, Any], id_: str, observers: tuple[Observer, ...]) -> None:
        self.id = id_
        self.status = 500
        self.parts: Iterable[bytes] = ()
        self._environ = environ
        self._observers = observers
        self._started = time.perf_counter()
        self._sent = 0
        self._complete = False
        self._reported = False
        self._file: Any = None

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self._sent += len(part)
            yield part
        self._complete = True

    def close(self) -> None:
        """End the response, and report it once."""
        try:
            if hasattr(self.parts, "close"):
                self.parts.close()
        finally:
            self._report_once()

    @property
    def is_file(self) -> bool:
        """Whether the response is a file in the server's own wrapper."""
        return self._file is not None and self.parts is self._file

    def watch_files(self) -> None:
        """Report the end of a file that the server sends by itself.

        Source: PEP 3333, "Optional Platform-Specific File Handling".
        """
        wrapper = self._environ.get("wsgi.file_wrapper")
        if wrapper is None:
            return

        def wrapped(file: Any, block_bytes: int = 8192) -> Any:
            self._file = wrapper(_WatchedFile(file, self._file_sent), block_bytes)
            return self._file

        self._environ["wsgi.file_wrapper"] = wrapped

    def _file_sent(self, sent: int, *, complete: bool) -> None:
        if self.is_file:
            self._sent, self._complete = sent, complete
            self._report_once()

    def _report_once(self) -> None:
        if not self._reported:
            self._reported = True
            self._report()

    def _report(self) -> None:
        environ = self._environ
        broken = not self._complete and environ.get("REQUEST_METHOD") != "HEAD" and self.status not in (204, 304)
        _report(self._observers, environ, self.id, self.status, self._sent, self._started, broken=broken)


def _report(
    observers: tuple[Observer, ...],
    environ: dict[str, Any],
    id_: str,
    status: int,
    sent_bytes: int,
    started: float,
    *,
    broken: bool = False,
) -> None:
    # The path as the client sent it, without its query; PATH_INFO has lost its escapes.
    path = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ.get("PATH_INFO", ""))
    exchange = Exchange(
        id_,
        str(environ.get("REMOTE_ADDR") or ""),
        str(environ.get("REQUEST_METHOD", "")),
        path.partition("?")[0][:_MOST_CHARACTERS],
        str(environ.get("SERVER_PROTOCOL", "")),
        len(str(environ.get("QUERY_STRING", ""))),
        str(environ.get("HTTP_USER_AGENT", ""))[:_MOST_CHARACTERS],
        str(environ.get(ROUTE, UNMATCHED)),
        status,
        sent_bytes,
        time.perf_counter() - started,
        broken,
    )
    for observer in observers:
        observer(exchange)


class _WatchedFile:
    """A file that reports, when it is closed, how far it was read."""

    def __init__(self, file: Any, closed: Callable[..., None]) -> None:
        self._file = file
        self._closed = closed
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable
        self.is_temporary = getattr(file, "is_temporary", False)

    def close(self) -> None:
        if not self._file.closed:
            sent = self.tell()
            complete = sent == self.seek(0, io.SEEK_END)
            self._file.close()
            self._closed(sent, complete=complete)


def name_routes(app: Flask) -> None:
    """Put the rule that matches a request where `Observed` finds it."""

    @app.before_request
    def _name() -> None:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule


def access_log(*, whole_addresses: bool) -> Observer:
    """Return an observer that writes one line of JSON for each response to the logger `lod.access`."""

    def write(exchange: Exchange) -> None:
        line = {
            "time": _moment(),
            "id": exchange.id,
            "client": exchange.client if whole_addresses else shortened(exchange.client),
            "method": exchange.method,
            "path": exchange.path,
            "query_bytes": exchange.query_bytes,
            "protocol": exchange.protocol,
            "status": exchange.status,
            "sent_bytes": exchange.sent_bytes,
            "ms": round(exchange.seconds * 1000, 1),
            "user_agent": exchange.user_agent,
        }
        if exchange.broken:
            line["broken"] = True
        # ASCII, so that neither line breaks nor control characters of a client reach the log.
        ACCESS_LOG.info(json.dumps(line))

    return write


def _moment() -> str:
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return f"{_to_the_second(seconds)}.{nanoseconds // 1_000_000:03}Z"


@lru_cache(1)
def _to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class WithRequestId(logging.Filter):
    """Adds the id of the current request to every log record, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; drop no record."""
        record.request_id = request_id.get()
        return True
