"""Serve a site with waitress until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from lod.settings.load import Settings
from lod.store.base import PublishedSite
from lod.web.app import create_app
from lod.web.evaluation.admission_control import QUICK_PLACES
from lod.web.server.connections import Channel, waiting_bytes
from lod.web.service import EXTENSION
from lod.web.sparql.answer import BrokenOffError

_LOG = logging.getLogger(__name__)
_REQUEST_HEADER_BYTES = 65_536
_STALLED_CLIENT_S = 60
_ANSWER_IN_MEMORY_BYTES = 65_536
_CONNECTIONS = 1_000
_LOOK_UP_S = 0.25
"""How often the loop looks up whether it has been told to stop."""


class _WithoutBrokenOff(logging.Filter):
    """Leaves out what waitress says of an answer that was broken off on purpose, which has been logged in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is logged."""
        return not (record.exc_info and record.exc_info[0] and issubclass(record.exc_info[0], BrokenOffError))


_WITHOUT_BROKEN_OFF = _WithoutBrokenOff()


class _Stop:
    """Whether the server has been told to stop. The second signal ends the wait for what has begun."""

    def __init__(self) -> None:
        self.told = False
        self.hurried = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal. Only flags are set: what the main thread is in the middle of is finished."""
        self.hurried = self.told
        self.told = True


def serve(settings: Settings, site: PublishedSite, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a site; return after SIGINT or SIGTERM, with requests answered that had begun and all workers ended.

    Args:
        settings: of the site.
        site: what is published.
        host: address to listen on.
        port: port to listen on, 0 for any free one.
        ready: called once with the address that answers, "http://127.0.0.1:8000/".

    Raises:
        OSError: the address cannot be listened on.
    """
    app = create_app(settings, site)
    pool = app.extensions[EXTENSION].pool
    server = create_server(
        app,
        host=host,
        port=port,
        # Queries hold threads of their own, so that they never take those of everything else.
        threads=settings.threads + settings.query_workers + QUICK_PLACES + settings.query_queue,
        ident=None,
        max_request_body_size=3 * settings.max_query_bytes + 4_096,
        max_request_header_size=max(_REQUEST_HEADER_BYTES, 3 * settings.max_query_bytes + 16_384),
        # A result is taken from its worker as fast as it comes; what a slow client has not read yet waits on disk.
        outbuf_high_watermark=settings.max_result_bytes + (1 << 20),
        # Beyond this an answer that waits is in a file; in memory waitress keeps also what has been sent.
        outbuf_overflow=_ANSWER_IN_MEMORY_BYTES,
        channel_timeout=_STALLED_CLIENT_S,
        # Reading on while a request is answered shows that a client has gone.
        channel_request_lookahead=1,
        # select() knows no file beyond the 1,024th, poll() does.
        connection_limit=_CONNECTIONS,
        backlog=_CONNECTIONS,
        asyncore_use_poll=True,
        # Nothing reads them but `client_address`, which has to know that a request was forwarded.
        clear_untrusted_proxy_headers=False,
        trusted_proxy=settings.trusted_proxy or None,
        trusted_proxy_headers={"x-forwarded-for"} if settings.trusted_proxy else set(),
    )
    # A host name with several addresses gives a server for each; they share a map of sockets.
    sockets = server.map if hasattr(server, "map") else server._map
    for listener in _listeners(sockets):
        listener.channel_class = Channel
    app.extensions[EXTENSION].waiting_bytes = lambda: waiting_bytes(tuple(sockets.values()))
    logging.getLogger("waitress").addFilter(_WITHOUT_BROKEN_OFF)
    stop = _Stop()
    previous = _stop_on_signals(stop)
    pool.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{_port_of(server, port)}{app.extensions[EXTENSION].addresses.mount}")
        _run(sockets, stop, settings.stop_grace_s)
    finally:
        pool.close()
        server.task_dispatcher.shutdown()
        server.close()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _listeners(sockets: dict[int, Any]) -> list[BaseWSGIServer]:
    return [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]


def _run(sockets: dict[int, Any], stop: _Stop, grace_s: int) -> None:
    """Serve until told to stop, then take no new connection and finish what has begun, for `grace_s` at most."""
    while not stop.told:
        wasyncore.loop(timeout=_LOOK_UP_S, use_poll=True, map=sockets, count=1)
    _LOG.info("told to stop: finishing what has begun, at most %d s", grace_s)
    for listener in _listeners(sockets):
        # Not the listener's own close, which would also close what wakes this loop.
        wasyncore.dispatcher.close(listener)
    until = time.monotonic() + grace_s
    while not stop.hurried and time.monotonic() < until and any(map(_is_busy, sockets.values())):
        wasyncore.loop(timeout=_LOOK_UP_S, use_poll=True, map=sockets, count=1)
    left = sum(map(_is_busy, sockets.values()))
    _LOG.log(logging.WARNING if left else logging.INFO, "stopped; answers broken off: %d", left)


def _is_busy(part: object) -> bool:
    """Tell whether a connection has a request that is not answered to its last byte, or half a request."""
    return isinstance(part, HTTPChannel) and bool(part.requests or part.request or part.total_outbufs_len)


def _port_of(server: object, port: int) -> int:
    # A host name with several addresses gives a server for each.
    for listening in getattr(server, "effective_listen", ()):
        return int(listening[1])
    return int(getattr(server, "effective_port", port))


def _stop_on_signals(
    stop: _Stop,
) -> dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None]:
    """Let SIGINT and SIGTERM tell the server to stop, where this thread may say so; return the handlers there were."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
