"""What is seen of every request: a line in the access log, the figures of /metrics, a request id.

A layer around the app, since only there the end of an answer that streams is seen, and answers that never reach a view.
The access log holds no query strings, no headers but the user agent, and of client addresses only the network, unless
the site wants more: what a person asked for is nobody's business by default.
"""

from __future__ import annotations

import io
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, request

ACCESS_LOG = logging.getLogger("lod.access")
ROUTE = "lod.route"
UNMATCHED = "unmatched"

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Id of the request that this thread answers, "-" outside of one."""

_FOREIGN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEPT_BITS = {4: 24, 6: 48}
_SHOWN_CHARACTERS = 512


@dataclass(frozen=True, slots=True)
class Answered:
    """One request and how it was answered.

    Attributes:
        id: made here, or by a proxy that is trusted.
        client: address of the client, as the server knows it.
        method, path, protocol: as the client sent them; the path without its query.
        query_bytes: length of the query string.
        user_agent: what the client calls itself, "" if nothing.
        route: the rule that took the request ("/id/<path:_>"), "unmatched" for none.
        status, sent_bytes: of the answer; bytes of the body.
        seconds: from the request's arrival in the app to the end of the answer.
        broken: the answer ended before its end: the client went away, or a limit was reached.
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


Observer = Callable[[Answered], None]


class Observed:
    """A WSGI app around another one that tells observers of every answer when it has ended.

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
        """Answer a request as the app does, with its id in a header."""
        answer = _Answer(environ, self._id(environ), self._observers)
        request_id.set(answer.id)
        answer.watch_files()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answer.status = int(status[:3])
            return start_response(status, [*headers, ("X-Request-ID", answer.id)], *more)

        try:
            answer.parts = self._app(environ, start)
        except BaseException:
            answer.close()
            raise
        # A file that the server sends by itself must reach it as it is.
        return answer.parts if answer.is_file else answer

    def _id(self, environ: dict[str, Any]) -> str:
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        return given if self._foreign_ids and _FOREIGN_ID.fullmatch(given) else uuid.uuid4().hex


class _Answer:
    """The parts of an answer on their way out."""

    def __init__(self, environ: dict[str, Any], id_: str, observers: tuple[Observer, ...]) -> None:
        self.id = id_
        self.status = 500
        self.parts: Iterable[bytes] = ()
        self._environ = environ
        self._observers = observers
        self._begun = time.perf_counter()
        self._sent = 0
        self._whole = False
        self._told = False
        self._file: Any = None

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self._sent += len(part)
            yield part
        self._whole = True

    def close(self) -> None:
        """End the answer, and tell of it once."""
        try:
            if hasattr(self.parts, "close"):
                self.parts.close()
        finally:
            self._tell_once()

    @property
    def is_file(self) -> bool:
        """Whether the answer is a file in the server's own wrapper."""
        return self._file is not None and self.parts is self._file

    def watch_files(self) -> None:
        """See to it that the end of a file is told that the server sends by itself.

        Source: PEP 3333, "Optional Platform-Specific File Handling".
        """
        wrapper = self._environ.get("wsgi.file_wrapper")
        if wrapper is None:
            return

        def wrapped(file: Any, block_bytes: int = 8192) -> Any:
            self._file = wrapper(_WatchedFile(file, self._file_sent), block_bytes)
            return self._file

        self._environ["wsgi.file_wrapper"] = wrapped

    def _file_sent(self, sent: int, *, whole: bool) -> None:
        if self.is_file:
            self._sent, self._whole = sent, whole
            self._tell_once()

    def _tell_once(self) -> None:
        if not self._told:
            self._told = True
            self._tell()

    def _tell(self) -> None:
        environ = self._environ
        # The path as the client sent it, without its query; PATH_INFO has lost its escapes.
        path = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ.get("PATH_INFO", ""))
        answered = Answered(
            self.id,
            str(environ.get("REMOTE_ADDR") or ""),
            str(environ.get("REQUEST_METHOD", "")),
            path.partition("?")[0][:_SHOWN_CHARACTERS],
            str(environ.get("SERVER_PROTOCOL", "")),
            len(str(environ.get("QUERY_STRING", ""))),
            str(environ.get("HTTP_USER_AGENT", ""))[:_SHOWN_CHARACTERS],
            str(environ.get(ROUTE, UNMATCHED)),
            self.status,
            self._sent,
            time.perf_counter() - self._begun,
            not self._whole and environ.get("REQUEST_METHOD") != "HEAD" and self.status not in (204, 304),
        )
        for observer in self._observers:
            observer(answered)


class _WatchedFile:
    """A file that tells, when it is closed, how far it was read."""

    def __init__(self, file: Any, closed: Callable[..., None]) -> None:
        self._file = file
        self._closed = closed
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def close(self) -> None:
        if not self._file.closed:
            sent = self.tell()
            whole = sent == self.seek(0, io.SEEK_END)
            self._file.close()
            self._closed(sent, whole=whole)


def name_routes(app: Flask) -> None:
    """Leave the rule that takes a request where `Observed` finds it."""

    @app.before_request
    def _name() -> None:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule


def access_log(*, whole_addresses: bool) -> Observer:
    """Return an observer that writes one line of JSON for each answer to the logger `lod.access`."""

    def write(answered: Answered) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "id": answered.id,
            "client": answered.client if whole_addresses else shortened(answered.client),
            "method": answered.method,
            "path": answered.path,
            "query_bytes": answered.query_bytes,
            "protocol": answered.protocol,
            "status": answered.status,
            "sent_bytes": answered.sent_bytes,
            "ms": round(answered.seconds * 1000, 1),
            "user_agent": answered.user_agent,
        }
        if answered.broken:
            line["broken"] = True
        # ASCII, so that neither line breaks nor control characters of a client reach the log.
        ACCESS_LOG.info(json.dumps(line))

    return write


def shortened(address: str) -> str:
    """Return the network of a client: 192.0.2.77 becomes 192.0.2.0, 2001:db8:1:2::3 becomes 2001:db8:1::."""
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return ""
    return str(ip_network((found, _KEPT_BITS[found.version]), strict=False).network_address)


class WithRequestId(logging.Filter):
    """Gives every record of a log the id of the request in whose thread it was made, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; let everything through."""
        record.request_id = request_id.get()
        return True
