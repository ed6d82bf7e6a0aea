"""Limits of connections: open file descriptors, clients that are too slow, connections that stay idle."""

from __future__ import annotations

import errno
import logging
import resource
import time
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from waitress.server import BaseWSGIServer

from lod.web.server.connections import Connection

_LOG = logging.getLogger(__name__)
_WANTED_DESCRIPTORS = 65_536
_OWN_DESCRIPTORS = 256
"""For the store, the query workers, logs and what the threads have open."""
_CONNECTIONS = 1_000
_CLOSED_AT_ONCE = 16
"""Share of the connections that is closed where there are too many: one in so many."""
_QUIET_S = 60
"""A warning is not repeated within this time."""
_PAUSE_S = 1
_OUT_OF_DESCRIPTORS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files as far as it is wanted and allowed; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _WANTED_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _WANTED_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def most_connections(descriptors: int) -> int:
    """Return how many connections may be open: each takes a socket, and a file for its response."""
    return max(16, min(_CONNECTIONS, (descriptors - _OWN_DESCRIPTORS) // 2))


@dataclass(frozen=True, slots=True)
class ClientPace:
    """How slow a client may be.

    Attributes:
        least_bytes_per_s: that it reads of its response, or sends of its request.
        window_s: over which that is measured.
        on_disk_s: longest that a response waits for it on disk.
    """

    least_bytes_per_s: int
    window_s: int
    on_disk_s: int


class ConnectionLimits:
    """Closes connections between two turns of the server's loop, in the thread of the loop; counts them by reason."""

    def __init__(self, sockets: dict[int, Any], most: int, pace: ClientPace, closed: Counter[str]) -> None:
        """Take the sockets of the server, the most of them, and where those that are closed are counted."""
        self._sockets = sockets
        self._most = most
        self._pace = pace
        self._closed = closed
        self._paused: list[tuple[float, BaseWSGIServer]] = []
        self._quiet_until = 0.0
        self._next_look = 0.0

    def watch(self, listener: BaseWSGIServer) -> None:
        """Let a listener pause where no descriptor is left, instead of logging a traceback at every turn."""
        accept = listener.accept

        def accept_or_pause() -> object:
            try:
                return accept()
            except OSError as fault:
                if fault.errno not in _OUT_OF_DESCRIPTORS:
                    raise
                listener.accepting = False
                self._paused.append((time.monotonic() + _PAUSE_S, listener))
                self._close_idle(f"no connection can be accepted ({fault.strerror}); raise the limit (ulimit -n)")
                return None

        listener.accept = accept_or_pause

    def enforce(self) -> None:
        """Close the connections of clients that are too slow, and the idlest ones where there are too many."""
        now = time.monotonic()
        if len(self._sockets) >= self._most:
            self._close_idle(f"{self._most} connections are open, the most that there may be")
        if now < self._next_look:
            return
        self._next_look = now + min(1.0, self._pace.window_s / 4)
        for connection in self._connections():
            if connection.is_too_slow(now, self._pace.least_bytes_per_s, self._pace.window_s):
                self._close(connection, "slow")
            elif connection.on_disk_s(now) > self._pace.on_disk_s:
                self._close(connection, "on disk")
        for _, listener in [entry for entry in self._paused if entry[0] <= now]:
            listener.accepting = True
        self._paused = [entry for entry in self._paused if entry[0] > now]

    def _close(self, connection: Connection, reason: str) -> None:
        connection.handle_close()
        self._closed[reason] += 1

    def _connections(self) -> list[Connection]:
        return [part for part in self._sockets.values() if isinstance(part, Connection)]

    def _close_idle(self, reason: str) -> None:
        idle = sorted((part for part in self._connections() if part.is_idle), key=attrgetter("last_activity"))
        closed = idle[: self._most // _CLOSED_AT_ONCE]
        for connection in closed:
            self._close(connection, "idle")
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + _QUIET_S
            _LOG.warning("%s; closed the %d that were idle longest", reason, len(closed))
