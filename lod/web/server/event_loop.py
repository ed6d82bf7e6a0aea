"""Event loop over the sockets of waitress: an open connection that nothing happens on costs nothing.

Waitress's own loop asks every connection at every turn what it waits for, and tells the system anew.
"""

from __future__ import annotations

import select
import selectors
import time
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

_LOOK_AT_ALL_S = 1.0
"""Interval of the full poll of all channels: waitress marks idle ones for closing."""
_FLAGS = {
    selectors.EVENT_READ: select.POLLIN,
    selectors.EVENT_WRITE: select.POLLOUT,
    selectors.EVENT_READ | selectors.EVENT_WRITE: select.POLLIN | select.POLLOUT,
}


class Sockets(dict[int, Any]):
    """The sockets of one server by descriptor, as waitress keeps them, and what the system watches each for."""

    def __init__(self) -> None:
        """Start with none; waitress adds and removes them."""
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, int] = {}
        self._changing: set[int] = set()
        self._look_at_all = 0.0

    def __setitem__(self, descriptor: int, part: Any) -> None:
        """Add a socket."""
        super().__setitem__(descriptor, part)
        self._changing.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        """Remove a socket that is about to be closed."""
        super().__delitem__(descriptor)
        self._changing.discard(descriptor)
        if self._watched.pop(descriptor, 0):
            with suppress(KeyError, ValueError, OSError):
                self._selector.unregister(descriptor)

    def turn(self, timeout_s: float) -> None:
        """Wait until something can be read or written, for so long at most, and do it."""
        now = time.monotonic()
        if now >= self._look_at_all:
            self._look_at_all = now + _LOOK_AT_ALL_S
            self._changing.update(self)
        for descriptor in tuple(self._changing):
            if descriptor in self:
                self._watch(descriptor)
        for key, events in self._selector.select(timeout_s):
            # An earlier one of this turn may have closed it.
            part = self.get(key.fd)
            if part is not None:
                self._changing.add(key.fd)
                wasyncore.readwrite(part, _FLAGS[events])

    def _watch(self, descriptor: int) -> None:
        part = self[descriptor]
        reads = selectors.EVENT_READ if part.readable() else 0
        writes = selectors.EVENT_WRITE if part.writable() and not part.accepting else 0
        wanted, watched = reads | writes, self._watched.get(descriptor, 0)
        if wanted != watched:
            if not watched:
                self._selector.register(descriptor, wanted)
            elif wanted:
                self._selector.modify(descriptor, wanted)
            else:
                self._selector.unregister(descriptor)
            self._watched[descriptor] = wanted
        # What has no request changes by what its client does only, which the selector tells.
        if wanted == selectors.EVENT_READ and isinstance(part, HTTPChannel) and not part.requests:
            self._changing.discard(descriptor)
