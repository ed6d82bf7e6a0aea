"""Connections of waitress: its own error responses get our headers; how fast a client is, and what waits for it, is measured."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import termios
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from waitress.buffers import OverflowableBuffer, ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from lod.web.http.headers import SECURITY
from lod.web.server.plain_request import read_plain_request
from lod.web.server.request_parser import RequestParser

_TURN_BYTES = 1 << 17
"""What is sent over one connection before the others have their turn: a fast client would take all of a long file at once."""


class ErrorResponse(ErrorTask):  # type: ignore[misc]
    """A response of waitress itself, without the app: a bad request line, headers or a body that are too long."""

    def execute(self) -> None:
        """Send it, with the security headers of every response."""
        self.response_headers.extend(SECURITY.items())
        super().execute()


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection, with the bytes that have gone over it."""

    error_task_class = ErrorResponse
    parser_class = RequestParser
    _moved = 0
    _sent_in_turn = 0
    _measured_from: tuple[float, int] | None = None
    """Moment, by the monotonic clock, and bytes until then, since when its client lets the server wait."""
    _on_disk_since: float | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """See `HTTPChannel`. It would read as much of a file as the system's buffer holds, megabytes, for each part that is sent."""
        super().__init__(*arguments, **named)
        self.sendbuf_len = _TURN_BYTES

    def received(self, data: bytes) -> bool:
        """See `HTTPChannel.received`; a plain request with a kept answer is answered at once, in the thread of the loop.

        Only where nothing is before it: no request and no part of one, and no response that its client has not read.
        """
        if not (self.requests or self.request or self.total_outbufs_len or self.will_close or self.close_when_flushed):
            environ = read_plain_request(data)
            response = environ and self.server.direct(environ | {"REMOTE_ADDR": self.addr[0]})
            if response:
                self._send_at_once(response)
                return True
        return bool(super().received(data))

    def _send_at_once(self, response: bytes) -> None:
        """Send what the client takes; the rest is buffered, as that of any response."""
        self._sent_in_turn = 0
        sent = self.send(response[:_TURN_BYTES])
        if sent < len(response) and self.connected:
            with self.outbuf_lock:
                self.outbufs[-1].append(response[sent:])
                self.total_outbufs_len += len(response) - sent

    @property
    def is_idle(self) -> bool:
        """Whether it has no whole request and no response that is not sent."""
        return not (self.requests or self.total_outbufs_len)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """See `wasyncore.dispatcher.send`; at the end of its turn it behaves as if the client could take no more."""
        if self._sent_in_turn >= _TURN_BYTES:
            return 0
        sent = int(super().send(data, do_close))
        self._moved += sent
        self._sent_in_turn += sent
        return sent

    def recv(self, buffer_size: int) -> bytes:
        """See `wasyncore.dispatcher.recv`."""
        data = bytes(super().recv(buffer_size))
        self._moved += len(data)
        return data

    def is_too_slow(self, now: float, least_bytes_per_s: int, window_s: float) -> bool:
        """Return whether the client has read or sent fewer bytes a second, while the server waited for it for so long.

        Waitress closes a connection that nothing goes over only when its socket can be written to, which may be never.
        """
        if not self._waits_for_client:
            self._measured_from = None
            return False
        moved = self._moved - unacknowledged_bytes(self.socket)
        started, before = self._measured_from or (now, moved)
        seconds = now - started
        if self._measured_from is None or seconds >= window_s:
            self._measured_from = now, moved
        return seconds >= window_s and moved - before < least_bytes_per_s * seconds

    def on_disk_s(self, now: float) -> float:
        """Return for how long a response waits on disk for the client."""
        if not any(is_on_disk(buffer) for buffer in tuple(self.outbufs)):
            self._on_disk_since = None
            return 0.0
        self._on_disk_since = self._on_disk_since or now
        return now - self._on_disk_since

    @property
    def _waits_for_client(self) -> bool:
        if self.requests:
            # Waitress sends less than `send_bytes` only at the end of a response.
            return bool(self.total_outbufs_len >= self.adj.send_bytes)
        return bool(self.total_outbufs_len or self.request is not None)

    def _flush_some(self, do_close: bool = True) -> bool:
        """See `HTTPChannel._flush_some`; a file that has been sent is given back before the next request."""
        self._sent_in_turn = 0
        flushed = bool(super()._flush_some(do_close))
        with self.outbuf_lock:
            sent = self.outbufs[0]
            if len(self.outbufs) == 1 and isinstance(sent, OverflowableBuffer) and sent.overflowed and not sent:
                self.outbufs[0] = OverflowableBuffer(self.adj.outbuf_overflow)
                sent.close()
        return flushed


def unacknowledged_bytes(connection: socket.socket) -> int:
    """Return how many of the sent bytes the other side has not acknowledged; 0 where the system cannot tell.

    They stand in a buffer of the system, of megabytes, so that a client that reads slowly would seem to read nothing at times.
    """
    with suppress(OSError, ValueError):
        size = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
        return int.from_bytes(size, sys.byteorder)
    return 0


def is_on_disk(buffer: object) -> bool:
    """Return whether a part of a response that is not sent takes disk for itself; a file of the site, such as a dump, does not."""
    if isinstance(buffer, ReadOnlyFileBasedBuffer):
        return bool(getattr(buffer.file, "is_temporary", False))
    return isinstance(buffer, OverflowableBuffer) and bool(buffer.overflowed)


def buffered_bytes(connections: Iterable[object]) -> int:
    """Return how much disk waitress takes for responses that clients have not read to the end.

    A file takes none beside itself. A buffer on disk keeps its size until all of it has been sent.
    """
    return sum(
        _size(buffer)
        for connection in connections
        if isinstance(connection, HTTPChannel)
        for buffer in tuple(connection.outbufs)
        if isinstance(buffer, OverflowableBuffer) and buffer.overflowed
    )


def _size(buffer: OverflowableBuffer) -> int:
    # The sending thread may close the file meanwhile.
    with suppress(OSError, ValueError, AttributeError):
        return os.fstat(buffer.getfile().fileno()).st_size
    return 0
