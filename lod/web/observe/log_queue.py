"""Log from a background thread, so that a blocked stdout never blocks a request."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TextIO

MOST_LINES = 10_000
"""Longest queue of unwritten log lines (about 4 MB)."""

_CLOSE_TIME_LIMIT_S = 1.0

_LOG = logging.getLogger(__name__)


class BackgroundHandler(logging.Handler):
    """Writes to a stream from a thread. Lines that do not fit into the queue are dropped, and their number is logged."""

    def __init__(self, stream: TextIO, most_lines: int = MOST_LINES) -> None:
        """Start the thread that writes to the stream."""
        super().__init__()
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(most_lines)
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line into the queue."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Write the queued lines, for a second at most."""
        try:
            self._lines.put(None, timeout=_CLOSE_TIME_LIMIT_S)
            self._thread.join(_CLOSE_TIME_LIMIT_S)
        except queue.Full:
            pass  # the stream is blocked: the lines are lost with the process
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):
                # The reader of the stream has gone, or the stream is closed.
                self._lost += 1
                continue
            if self._lost:
                lost, self._lost = self._lost, 0
                _LOG.warning("%d lines of the log were left out, since they were not read in time", lost)
