"""Log lines are written by a thread of their own: where nobody reads the standard output, no request waits for it."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TextIO

WAITING_LINES = 10_000
"""So many lines wait for whoever reads them; about 4 MB."""

_LAST_WORDS_S = 1.0

_LOG = logging.getLogger(__name__)


class AsideHandler(logging.Handler):
    """Writes to a stream as fast as it is read. Lines that find no place any more are counted, and told when there is place again."""

    def __init__(self, stream: TextIO, waiting_lines: int = WAITING_LINES) -> None:
        """Start the thread that writes to the stream."""
        super().__init__()
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(waiting_lines)
        self._left_out = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line at the end of those that wait."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._left_out += 1

    def close(self) -> None:
        """Write what waits, as long as somebody reads it."""
        try:
            self._lines.put(None, timeout=_LAST_WORDS_S)
            self._thread.join(_LAST_WORDS_S)
        except queue.Full:
            pass  # nobody reads: the lines are lost with the process
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):
                # Whoever read it has gone, or the stream is closed.
                self._left_out += 1
                continue
            if self._left_out:
                left_out, self._left_out = self._left_out, 0
                _LOG.warning("%d lines of the log were left out, since nobody read them", left_out)
