"""Admission control for queries: run a few, queue a few, refuse the rest (503 with Retry-After).

- `slots` long places, for queries that run as long as the time limit allows.
- There is a quick lane too: while all long places are taken a query still runs, for one second, so that simple queries
  are answered under any load. One that needs longer takes a long place if one is idle; if not, it stays until another one
  waits, and then waits itself for a long place, in which it begins anew.
- Who waits gets the place that comes free, the oldest first. Where the queue is full the newest is refused.
- One client has half of the long places while others wait for one; it gets more only where they would stand idle, and
  gives those back likewise.
- One client has a budget of seconds a minute.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from lod.web.evaluation.evaluator import QueryError, go_on
from lod.web.http.client_address import client_of
from lod.web.limits.client_budgets import ClientBudgets

QUICK_PLACES = 2
QUICK_S = 1.0
_RETRY_AFTER_S = 5
_POLL_S = 0.5
"""How often a query that waits checks whether its client is still there."""


@dataclass(eq=False, slots=True)
class _Ticket:
    """A query that waits, or has just got a place."""

    client: str | None
    number: int
    quick_will_do: bool
    place: str = ""
    """ "long" or "quick" while it has one, "none" where it is refused."""


@dataclass(slots=True)
class _Taken:
    """The places that are taken."""

    long: int = 0
    quick: int = 0
    by_client: Counter[str | None] = field(default_factory=Counter)
    """Long places of each client."""


class Admission:
    """Hands out places. Safe to use from several threads."""

    def __init__(
        self, slots: int, queue: int, wait_s: float, budgets: ClientBudgets, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the number of long places, of queries that may wait, how long they may, and seconds of evaluation by client."""
        self._slots = slots
        self._queue = queue
        self._wait_s = wait_s
        self._budgets = budgets
        self.clock = clock
        self._state = threading.Condition()
        self._taken = _Taken()
        self._waiting: list[_Ticket] = []
        self._tickets = 0

    @property
    def running(self) -> int:
        """How many queries have a place."""
        return self._taken.long + self._taken.quick

    @property
    def waiting(self) -> int:
        """How many queries wait for one."""
        return len(self._waiting)

    def enter(self, address: str | None, check: Callable[[], None] = go_on) -> Place:
        """Return a place for a query of the client at an address; it has to be left.

        `check` raises QueryError where the query has no need to wait any more.

        Raises:
            QueryError: "budget" or "busy".
        """
        client = client_of(address)
        wait_s = self._budgets.wait_s(client)
        if wait_s:
            raise QueryError(
                "budget",
                f"Queries from your address have used their {self._budgets.per_minute} seconds a minute; "
                f"try again in {wait_s} s.",
                wait_s,
            )
        with self._state:
            self._tickets += 1
            ticket = _Ticket(client, self._tickets, quick_will_do=True)
        place = Place(self, ticket)
        self._wait(ticket, check, self._wait_s)
        place.start()
        return place

    def again(self, ticket: _Ticket, check: Callable[[], None], waited_s: float) -> None:
        """Wait for a long place with a ticket that has had a place, after it has waited for some seconds."""
        ticket.quick_will_do = False
        self._wait(ticket, check, self._wait_s - waited_s)

    def leave(self, ticket: _Ticket, seconds: float) -> None:
        """Take a place back that was used for a number of seconds."""
        self._budgets.take(ticket.client, seconds)
        with self._state:
            self._take_back(ticket)

    def may_stay(self, ticket: _Ticket, seconds: float) -> bool:
        """Return whether a query may go on after a number of seconds; if not, its place is another's already.

        One in the quick lane changes to a long place where it may.
        """
        with self._state:
            within = self._taken.by_client[ticket.client] < self._share(ticket.client)
            if ticket.place == "quick":
                if seconds < QUICK_S:
                    return True
                if self._taken.long < self._slots and (within or not self._others_wait(ticket)):
                    self._taken.quick -= 1
                    self._give(ticket, "long")
                    self._hand_out()
                    return True
                stays = not any(other.quick_will_do for other in self._waiting)
            else:
                more = self._taken.by_client[ticket.client] > self._share(ticket.client)
                stays = not (more and self._others_wait(ticket))
            if not stays:
                self._take_back(ticket)
            return stays

    def _take_back(self, ticket: _Ticket) -> None:
        if ticket.place == "quick":
            self._taken.quick -= 1
        elif ticket.place == "long":
            self._taken.long -= 1
            self._taken.by_client -= Counter([ticket.client])
        ticket.place = ""
        self._hand_out()

    def _wait(self, ticket: _Ticket, check: Callable[[], None], wait_s: float) -> None:
        with self._state:
            self._waiting.append(ticket)
            self._waiting.sort(key=lambda waiting: waiting.number)
            self._hand_out()
            until = time.monotonic() + wait_s
            try:
                while not ticket.place:
                    left = until - time.monotonic()
                    if left <= 0:
                        break
                    self._state.wait(min(left, _POLL_S))
                    if not ticket.place:
                        check()
            finally:
                if not ticket.place:
                    self._waiting.remove(ticket)
        if ticket.place not in {"long", "quick"}:
            raise _busy()

    def _hand_out(self) -> None:
        """Give places to those that wait, the oldest first; refuse the newest where more wait than may."""
        for ticket in tuple(self._waiting):
            if self._taken.long < self._slots and self._taken.by_client[ticket.client] < self._share(ticket.client):
                self._give(ticket, "long")
            elif ticket.quick_will_do and self._taken.quick < QUICK_PLACES:
                self._give(ticket, "quick")
        # What is left would stand idle.
        for ticket in tuple(self._waiting):
            if self._taken.long < self._slots:
                self._give(ticket, "long")
        while len(self._waiting) > self._queue:
            self._waiting.pop().place = "none"
        self._state.notify_all()

    def _give(self, ticket: _Ticket, place: str) -> None:
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        ticket.place = place
        if place == "quick":
            self._taken.quick += 1
        else:
            self._taken.long += 1
            self._taken.by_client[ticket.client] += 1

    def _share(self, client: str | None) -> int:
        return self._slots if client is None else (self._slots + 1) // 2

    def _others_wait(self, ticket: _Ticket) -> bool:
        """Return whether a query waits whose client has not got its share of the long places."""
        return any(
            other.client != ticket.client and self._taken.by_client[other.client] < self._share(other.client)
            for other in self._waiting
        )


class Place:
    """A place to evaluate one query. It may be left more than once."""

    def __init__(self, admission: Admission, ticket: _Ticket) -> None:
        self._admission = admission
        self._ticket = ticket
        self._asked = self._started = admission.clock()
        self._is_left = True
        self.waited_s = 0.0

    @property
    def quick(self) -> bool:
        """Whether it is in the quick lane."""
        return self._ticket.place == "quick"

    def start(self) -> None:
        """Begin to count the seconds."""
        now = self._admission.clock()
        self.waited_s += now - self._asked
        self._started = now
        self._is_left = False

    def check(self) -> None:
        """Raise QueryError, "place", where the query has to give its place to another one."""
        if not self._admission.may_stay(self._ticket, self._admission.clock() - self._started):
            raise QueryError("place", "The query has to begin anew in another place.")

    def wait_again(self, check: Callable[[], None]) -> None:
        """Leave this place, and wait for a long one.

        Raises:
            QueryError: "busy".
        """
        self.leave()
        self._asked = self._admission.clock()
        self._admission.again(self._ticket, check, self.waited_s)
        self.start()

    def leave(self) -> None:
        """Give the place back."""
        if not self._is_left:
            self._is_left = True
            self._admission.leave(self._ticket, self._admission.clock() - self._started)


def _busy() -> QueryError:
    return QueryError(
        "busy",
        f"Too many queries are being evaluated; try again in {_RETRY_AFTER_S} seconds.",
        _RETRY_AFTER_S,
    )
