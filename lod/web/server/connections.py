"""Connections of waitress: its own error responses get our headers, and responses buffered on disk are counted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from lod.web.http.headers import SECURITY
from lod.web.server.request_parser import RequestParser


class ErrorResponse(ErrorTask):  # type: ignore[misc]
    """A response of waitress itself, without the app: a bad request line, headers or a body that are too long."""

    def execute(self) -> None:
        """Send it, with the security headers of every response."""
        self.response_headers.extend(SECURITY.items())
        super().execute()


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    error_task_class = ErrorResponse
    parser_class = RequestParser
    _read_at = 0.0
    """When the client was last seen to have read, by the monotonic clock."""
    _activity = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether it has no whole request and no response that is not sent."""
        return not (self.requests or self.total_outbufs_len)

    def unread_s(self, now: float) -> float:
        """Return for how long the client has read nothing of a response that waits for it; 0 where none waits.

        Waitress closes such a connection only when its socket can be written to, which never happens.
        """
        if not self.total_outbufs_len or self.last_activity != self._activity:
            self._activity, self._read_at = self.last_activity, now
        return now - self._read_at


def buffered_bytes(connections: Iterable[object]) -> int:
    """Return how much disk the responses take that clients have not read to the end.

    A file of the site, a dump for example, takes none. A buffer on disk keeps its size until all of it has been sent.
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
