"""Serve a site with waitress until a signal stops it."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.proxy_headers import MalformedProxyHeader, parse_proxy_headers
from waitress.server import BaseWSGIServer, create_server

from lod.settings.table import Settings
from lod.store.base import PublishedSite
from lod.web.app import create_app
from lod.web.appearance.site_files import Appearance
from lod.web.evaluation.admission_control import QUICK_PLACES
from lod.web.kept.direct import DIRECT, DirectAnswers
from lod.web.questions.warming import WARMING
from lod.web.server.connections import Connection, buffered_bytes
from lod.web.server.event_loop import Sockets
from lod.web.server.limits import ClientPace, ConnectionLimits, most_connections, raise_descriptor_limit
from lod.web.service import EXTENSION

_LOG = logging.getLogger(__name__)
_REQUEST_HEADER_BYTES = 65_536
_RESPONSE_IN_MEMORY_BYTES = 65_536
_POLL_S = 0.25
"""How often the loop checks whether it has to stop."""


class _Stop:
    """Signal handler: the first signal stops the server, the second ends the wait for requests that have started."""

    def __init__(self) -> None:
        self.requested = False
        self.hurried = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Set a flag; the main thread finishes what it is doing."""
        self.hurried = self.requested
        self.requested = True


def serve(
    settings: Settings,
    site: PublishedSite,
    host: str,
    port: int,
    ready: Callable[[str], None],
    appearance: Appearance | None = None,
) -> None:
    """Serve a site; return after SIGINT or SIGTERM, with all started requests finished and all workers ended.

    Args:
        settings: of the site.
        site: what is published.
        host: address to listen on.
        port: port to listen on, 0 for any free one.
        ready: called once with the address of the server, "http://127.0.0.1:8000/".
        appearance: what the site's folder has for its pages.

    Raises:
        OSError: the address cannot be listened on.
    """
    app = create_app(settings, site, appearance)
    service = app.extensions[EXTENSION]
    connections = most_connections(raise_descriptor_limit())
    sockets = Sockets()
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        # Queries have threads of their own, so that they never take those of other requests.
        threads=settings.threads + settings.query_workers + QUICK_PLACES + settings.query_queue,
        ident=None,
        max_request_body_size=3 * settings.max_query_bytes + 4_096,
        max_request_header_size=max(_REQUEST_HEADER_BYTES, 3 * settings.max_query_bytes + 16_384),
        # No thread waits for a slow client: what it has not read yet is buffered on disk.
        outbuf_high_watermark=settings.max_waiting_bytes + (1 << 20),
        # A longer response is buffered in a file; in memory waitress keeps what has been sent too.
        outbuf_overflow=_RESPONSE_IN_MEMORY_BYTES,
        channel_timeout=settings.stalled_client_s,
        cleanup_interval=min(30, settings.stalled_client_s),
        # Reading ahead while a request is handled shows that its client has disconnected.
        channel_request_lookahead=1,
        connection_limit=connections,
        backlog=connections,
        # Only `client_address` reads them: it has to know that a request was forwarded.
        clear_untrusted_proxy_headers=False,
        trusted_proxy=settings.trusted_proxy or None,
        trusted_proxy_headers={"x-forwarded-for"} if settings.trusted_proxy else set(),
    )
    pace = ClientPace(settings.slow_client_bytes_per_s, settings.stalled_client_s, settings.unread_response_s)
    limits = ConnectionLimits(sockets, connections, pace, service.connections_closed)
    for listener in _listeners(sockets):
        listener.channel_class = Connection
        listener.direct = partial(_answer_directly, app.extensions[DIRECT], settings.trusted_proxy)
        limits.watch(listener)
    service.buffered_bytes = lambda: buffered_bytes(tuple(sockets.values()))
    stop = _Stop()
    previous = _stop_on_signals(stop)
    service.pool.start()
    if settings.warm_questions:
        app.extensions[WARMING].start()
    try:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{_port_of(server, port)}{service.addresses.mount}")
        _run(sockets, limits, stop, settings.stop_grace_s)
    finally:
        app.extensions[WARMING].stop()
        service.pool.close()
        server.task_dispatcher.shutdown()
        server.close()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _answer_directly(direct: DirectAnswers, trusted_proxy: str, environ: dict[str, Any]) -> bytes | None:
    """Return the kept answer to a request; its client is who a trusted proxy says that it is, as in the app."""
    if trusted_proxy and environ["REMOTE_ADDR"] == trusted_proxy:
        try:
            parse_proxy_headers(environ, 1, {"x-forwarded-for"})
        except MalformedProxyHeader:
            return None
    return direct.answer(environ)


def _listeners(sockets: Sockets) -> list[BaseWSGIServer]:
    return [socket for socket in sockets.values() if isinstance(socket, BaseWSGIServer)]


def _run(sockets: Sockets, limits: ConnectionLimits, stop: _Stop, grace_s: int) -> None:
    """Serve until stopped, then accept no connections and finish started requests, for `grace_s` at most."""
    while not stop.requested:
        limits.enforce()
        sockets.turn(_POLL_S)
    _LOG.info("stopping: finishing started requests, for %d s at most", grace_s)
    for listener in _listeners(sockets):
        # The listener's own close would also close the trigger that wakes this loop.
        wasyncore.dispatcher.close(listener)
    until = time.monotonic() + grace_s
    while not stop.hurried and time.monotonic() < until and any(map(_is_busy, sockets.values())):
        sockets.turn(_POLL_S)
    left = sum(map(_is_busy, sockets.values()))
    _LOG.log(logging.WARNING if left else logging.INFO, "stopped; responses broken off: %d", left)


def _is_busy(part: object) -> bool:
    """Return whether a connection has a request that is not answered to its last byte, or a part of a request."""
    return isinstance(part, HTTPChannel) and bool(part.requests or part.request or part.total_outbufs_len)


def _port_of(server: object, port: int) -> int:
    # For a host name with several addresses there is a server for each.
    for listening in getattr(server, "effective_listen", ()):
        return int(listening[1])
    return int(getattr(server, "effective_port", port))


def _stop_on_signals(
    stop: _Stop,
) -> dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None]:
    """Let SIGINT and SIGTERM stop the server, where this is the main thread; return the previous handlers."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
