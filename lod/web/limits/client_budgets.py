"""Client budgets: token buckets, one for each client.

A bucket holds what a client may use in a minute, and fills evenly. Requests from this machine have no budget: they come from
a proxy that does not report its client, or from the operator.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Bucket:
    """What is left to a client, as of a moment."""

    left: float
    at: float


class ClientBudgets:
    """The buckets of all clients; the least recently used are dropped. Safe to use from several threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` is what one client may use in a minute; 0 for any."""
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def left(self, client: str | None) -> float:
        """Return what is left to a client (`client_of`), less than 0 for one that has used more than it had."""
        if client is None or not self.per_minute:
            return math.inf
        with self._lock:
            return self._bucket(client).left

    def take(self, client: str | None, amount: float) -> None:
        """Take from what is left to a client, more than that if need be."""
        if client is not None and self.per_minute:
            with self._lock:
                self._bucket(client).left -= amount

    def wait_s(self, client: str | None, amount: float = 0) -> int:
        """Return in how many seconds an amount will be left to a client, rounded up; 0 where it is."""
        short = amount - self.left(client)
        return 0 if short <= 0 else math.ceil(short * 60 / self.per_minute)

    def _bucket(self, client: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(float(self.per_minute), now)
            while len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(client)
        bucket.left = min(float(self.per_minute), bucket.left + (now - bucket.at) * self.per_minute / 60)
        bucket.at = now
        return bucket
