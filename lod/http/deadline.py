"""Deadline of one exchange: its sockets are shut when its time is over, whatever the other side does.

Time limits of sockets begin anew with every byte, so that a server that drips would never meet them.
"""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self


class Deadline:
    """A context manager that runs for some seconds (infinity: for ever). `is_over` says that it has cut the exchange off."""

    def __init__(self, seconds: float) -> None:
        """Take the seconds; they run from entering."""
        self.seconds = seconds
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._timer = None if math.isinf(seconds) else threading.Timer(seconds, self._shut)

    def __enter__(self) -> Self:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note each socket as soon as it is open: the extension "trace" of a request."""
        if self._timer and event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._sockets.append(info["return_value"].get_extra_info("socket"))
            if self.is_over:
                self._shut()

    def _shut(self) -> None:
        self.is_over = True
        for opened in self._sockets:
            # Wrapped for TLS, a socket has given its descriptor away. SSLSocket.shutdown would pass on what is still packed.
            with suppress(OSError):
                socket.socket.shutdown(opened, socket.SHUT_RDWR)
