"""Connections of waitress: its own refusals carry our headers, and what waits on disk for slow clients is counted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from lod.web.http.headers import SECURITY


class Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress answers itself, before the app is asked: a bad request line, headers or a body that are too long."""

    def execute(self) -> None:
        """Send it, with the headers that every answer carries."""
        self.response_headers.extend(SECURITY.items())
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    error_task_class = Refusal


def waiting_bytes(connections: Iterable[object]) -> int:
    """Return how much disk the answers take that clients have not read to the end.

    What is sent from a file of the site, a dump for example, takes none. A file keeps its size until all of it has been sent.
    """
    return sum(
        _size(buffer)
        for connection in connections
        if isinstance(connection, HTTPChannel)
        for buffer in tuple(connection.outbufs)
        if isinstance(buffer, OverflowableBuffer) and buffer.overflowed
    )


def _size(buffer: OverflowableBuffer) -> int:
    # The thread that sends may close the file meanwhile.
    with suppress(OSError, ValueError, AttributeError):
        return os.fstat(buffer.getfile().fileno()).st_size
    return 0
