"""Log from a background thread, so that a blocked stdout never blocks a request."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TextIO

MOST_LINES = 10_000
"""Longest queue of unwritten log lines (about 4 MB)."""

_CLOSE_TIME_LIMIT_S = 1.0
_REST_S = 0.05
"""How long the thread lets lines gather after it has written some: to wake it for each one costs more than to write it."""

_LOG = logging.getLogger(__name__)


class BackgroundHandler(logging.Handler):
    """Writes to a stream from a thread. Lines that do not fit into the queue are dropped, and their number is logged."""

    def __init__(self, stream: TextIO, most_lines: int = MOST_LINES) -> None:
        """Start the thread that writes to the stream."""
        super().__init__()
        self._stream = stream
        self._most_lines = most_lines
        self._lines: deque[str] = deque()
        self._any = threading.Event()
        self._many = threading.Event()
        self._closed = False
        self._lost = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line into the queue."""
        waiting = len(self._lines)
        if waiting >= self._most_lines:
            self._lost += 1
            return
        self._lines.append(f"{self.format(record)}\n")
        if not self._any.is_set():
            self._any.set()
        if 2 * waiting >= self._most_lines:
            self._many.set()

    def close(self) -> None:
        """Write the queued lines, for a second at most; where the stream is blocked, they are lost with the process."""
        self._closed = True
        self._any.set()
        self._many.set()
        self._thread.join(_CLOSE_TIME_LIMIT_S)
        super().close()

    def _run(self) -> None:
        while not self._closed:
            self._any.wait()
            self._any.clear()
            self._many.clear()
            self._write()
            self._many.wait(_REST_S)
        self._write()

    def _write(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if not lines:
            return
        try:
            self._stream.writelines(lines)
            self._stream.flush()
        except (OSError, ValueError):
            # The reader of the stream has gone, or the stream is closed.
            self._lost += len(lines)
            return
        if self._lost:
            lost, self._lost = self._lost, 0
            _LOG.warning("%d lines of the log were left out, since they were not read in time", lost)
