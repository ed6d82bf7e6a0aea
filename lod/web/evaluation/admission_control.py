"""Admission control for queries: run a few, queue a few, refuse the rest (503 with Retry-After).

- `slots` queries may run as long as the time limit allows.
- There is a quick lane too: while all slots are taken a query still runs, for one second at most, so that simple queries
  are answered under any load.
- The queue is last in, first out: under load the oldest client has given up already.
- One client takes at most half of the slots, and has a budget of seconds a minute. Requests from this machine have no
  budget: they come from a proxy that does not report its client, or from the operator.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from lod.web.evaluation.evaluator import QueryError

QUICK_PLACES = 2
QUICK_TIME_LIMIT_S = 1.0
_WAIT_S = 2.0
_RETRY_AFTER_S = 5
_MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Account:
    """The rest of one client's budget, as of a moment, and the slots that it holds."""

    seconds: float
    at: float
    slots: int = 0


@dataclass(eq=False, slots=True)
class _Waiting:
    place: bool = False
    """Whether the place has been handed over."""


class Admission:
    """Hands out places. Safe to use from several threads."""

    def __init__(
        self, slots: int, queue: int, budget_s_per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slots = slots
        self._queue = queue
        self._budget_s = budget_s_per_minute
        self.clock = clock
        self._state = threading.Condition()
        self._taken = self._quick = 0
        self._waiting: list[_Waiting] = []
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    def enter(self, address: str | None) -> Place:
        """Return a place for a query of the client at an address; it has to be left.

        Raises:
            QueryError: "budget" or "busy".
        """
        client = client_of(address)
        started = self.clock()
        with self._state:
            account = self._account(client)
            if account is not None and account.seconds <= 0:
                wait_s = int(1 - account.seconds * 60 / self._budget_s) + 1
                raise QueryError(
                    "budget",
                    f"Queries from your address have used their {self._budget_s} seconds a minute; try again in {wait_s} s.",
                    wait_s,
                )
            if self._taken < self._slots and (account is None or account.slots < (self._slots + 1) // 2):
                self._taken += 1
                if account is not None:
                    account.slots += 1
                return Place(self, client, quick=False, waited_s=0.0, started=started)
            self._wait_for_quick_place()
            return Place(self, client, quick=True, waited_s=self.clock() - started, started=self.clock())

    def leave(self, client: str | None, *, quick: bool, seconds: float) -> None:
        """Take a place back that was used for a number of seconds."""
        with self._state:
            account = self._account(client)
            if account is not None:
                account.seconds -= seconds
            if quick:
                self._hand_over()
            else:
                self._taken -= 1
                if account is not None:
                    account.slots = max(0, account.slots - 1)

    def _wait_for_quick_place(self) -> None:
        if self._quick < QUICK_PLACES:
            self._quick += 1
            return
        if len(self._waiting) >= self._queue:
            raise _busy()
        waiting = _Waiting()
        self._waiting.append(waiting)
        until = time.monotonic() + _WAIT_S
        while not waiting.place:
            left = until - time.monotonic()
            if left <= 0:
                self._waiting.remove(waiting)
                raise _busy()
            self._state.wait(left)

    def _hand_over(self) -> None:
        if self._waiting:
            self._waiting.pop().place = True
            self._state.notify_all()
        else:
            self._quick -= 1

    def _account(self, client: str | None) -> _Account | None:
        if client is None or not self._budget_s:
            return None
        now = self.clock()
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(float(self._budget_s), now)
            while len(self._accounts) > _MOST_CLIENTS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(client)
        account.seconds = min(float(self._budget_s), account.seconds + (now - account.at) * self._budget_s / 60)
        account.at = now
        return account


class Place:
    """A place to evaluate one query. It may be left more than once."""

    def __init__(
        self, admission: Admission, client: str | None, *, quick: bool, waited_s: float, started: float
    ) -> None:
        self._admission = admission
        self._client = client
        self._started = started
        self._left = False
        self.quick = quick
        self.waited_s = waited_s

    def leave(self) -> None:
        """Give the place back."""
        if not self._left:
            self._left = True
            seconds = self._admission.clock() - self._started
            self._admission.leave(self._client, quick=self.quick, seconds=seconds)


def client_of(address: str | None) -> str | None:
    """Return the identity of a client: its IPv4 address, the /64 network of its IPv6 address; None for this machine."""
    if not address:
        return None  # a Unix socket has no address
    try:
        parsed = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address  # unknown clients share one account
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return None if parsed.is_loopback else str(ipaddress.ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return None if parsed.is_loopback else str(parsed)


def _busy() -> QueryError:
    return QueryError(
        "busy",
        f"Too many queries are being evaluated; try again in {_RETRY_AFTER_S} seconds.",
        _RETRY_AFTER_S,
    )
