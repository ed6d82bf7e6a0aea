"""Places for queries: a few for long ones, a quick lane beside them, a queue in order of arrival, a budget for each client."""

import threading

import pytest

from lod.web.evaluation.admission_control import QUICK_PLACES, QUICK_S, Admission
from lod.web.evaluation.evaluator import QueryError
from lod.web.limits.client_budgets import ClientBudgets
from tests.helpers.waiting import wait_until

SOMEONE, ANOTHER, A_THIRD, HERE = "192.0.2.7", "192.0.2.8", "192.0.2.9", "127.0.0.1"


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def made(slots, queue, *, budget=60, wait_s=60, clock=None):
    clock = clock or Clock()
    return Admission(slots, queue, wait_s, ClientBudgets(budget, clock), clock)


def refusal(call, *arguments):
    with pytest.raises(QueryError) as caught:
        call(*arguments)
    return caught.value


class Waiting:
    """A query that waits for a place in a thread of its own."""

    def __init__(self, admission, enter, *arguments, settled=None):
        before = admission.waiting
        settled = settled or (lambda: admission.waiting != before)
        self.place = self.problem = None
        self._enter, self._arguments = enter, arguments
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        wait_until(lambda: settled() or not self._thread.is_alive(), "the query neither waits nor runs", 60)

    def _run(self):
        try:
            self.place = self._enter(*self._arguments) or True
        except QueryError as problem:
            self.problem = problem

    def ended(self):
        self._thread.join(60)
        assert not self._thread.is_alive(), "it still waits"
        return self

    @property
    def waits(self):
        return self._thread.is_alive()


def test_when_all_slots_are_taken_a_query_still_gets_a_quick_place():
    admission = made(2, 0)
    assert [admission.enter(HERE).quick for _ in range(2 + QUICK_PLACES)] == [False, False] + [True] * QUICK_PLACES
    assert refusal(admission.enter, HERE).kind == "busy"


def test_a_place_that_was_left_is_given_again_and_leaving_twice_gives_it_once():
    admission = made(1, 0)
    place = admission.enter(HERE)
    place.leave()
    place.leave()
    assert not admission.enter(HERE).quick
    assert admission.enter(HERE).quick


def test_one_client_begins_with_half_of_the_slots():
    admission = made(2, 0)
    assert [admission.enter(SOMEONE).quick, admission.enter(SOMEONE).quick] == [False, True]
    assert not admission.enter(ANOTHER).quick


def test_a_query_in_the_quick_lane_that_needs_longer_takes_the_place_that_stands_idle():
    clock = Clock()
    admission = made(2, 0, clock=clock)
    places = [admission.enter(SOMEONE) for _ in range(2)]
    clock.now += QUICK_S / 2
    places[1].check()
    assert places[1].quick
    clock.now += QUICK_S
    places[1].check()
    assert not places[1].quick
    places[1].check()


def test_a_query_in_the_quick_lane_stays_until_another_one_waits():
    clock = Clock()
    admission = made(1, 4, clock=clock)
    places = [admission.enter(HERE) for _ in range(1 + QUICK_PLACES)]
    clock.now += 10
    for place in places:
        place.check()
    simple = Waiting(admission, admission.enter, HERE)
    assert refusal(places[1].check).kind == "place"
    assert simple.ended().place.quick
    places[2].check()
    again = Waiting(admission, places[1].wait_again, lambda: None)
    assert again.waits
    places[0].leave()
    again.ended()
    assert not places[1].quick
    assert places[1].waited_s == 0.0


def test_a_client_gives_back_what_is_more_than_its_half_when_another_one_waits():
    clock = Clock()
    admission = made(2, 4, clock=clock)
    first, second = admission.enter(SOMEONE), admission.enter(SOMEONE)
    clock.now += 2 * QUICK_S
    second.check()
    quick = [admission.enter(ANOTHER) for _ in range(QUICK_PLACES)]
    clock.now += 2 * QUICK_S
    other = Waiting(admission, admission.enter, A_THIRD)
    assert refusal(first.check).kind == "place"
    assert not other.ended().place.quick
    second.check()
    again = Waiting(admission, first.wait_again, lambda: None)
    for place in quick:
        place.leave()
    assert again.waits
    other.place.leave()
    again.ended()
    assert not first.quick


def test_who_waits_gets_the_place_that_comes_free_the_oldest_first_and_the_newest_is_refused():
    admission = made(1, 3, budget=0)
    places = [admission.enter(HERE) for _ in range(1 + QUICK_PLACES)]
    waiting = [Waiting(admission, admission.enter, client) for client in (SOMEONE, ANOTHER, A_THIRD)]
    problem = refusal(admission.enter, HERE)
    assert (problem.kind, problem.retry_after_s) == ("busy", 5)
    assert str(problem) == "Too many queries are being evaluated; try again in 5 seconds."
    for number, (place, quick) in enumerate(zip(places, (False, True, True), strict=True)):
        place.leave()
        assert waiting[number].ended().place.quick is quick
        assert [later.waits for later in waiting[number + 1 :]] == [True] * (2 - number)


def test_a_query_that_has_to_begin_anew_is_older_than_those_that_came_after_it():
    clock = Clock()
    admission = made(1, 1, clock=clock)
    places = [admission.enter(HERE) for _ in range(1 + QUICK_PLACES)]
    clock.now += 2 * QUICK_S
    first = Waiting(admission, admission.enter, HERE)
    assert refusal(places[1].check).kind == "place"
    first.ended()
    newest = Waiting(admission, admission.enter, HERE)
    again = Waiting(admission, places[1].wait_again, lambda: None, settled=lambda: not newest.waits)
    assert newest.ended().problem.kind == "busy"
    assert again.waits
    places[0].leave()
    again.ended()


def test_who_waits_too_long_is_told_to_come_again():
    admission = made(1, 1, wait_s=0.01)
    for _ in range(1 + QUICK_PLACES):
        admission.enter(HERE)
    assert refusal(admission.enter, HERE).retry_after_s == 5
    assert admission.waiting == 0


def test_who_has_gone_away_waits_no_longer(monkeypatch):
    monkeypatch.setattr("lod.web.evaluation.admission_control._POLL_S", 0.01)
    admission = made(1, 1)
    for _ in range(1 + QUICK_PLACES):
        admission.enter(HERE)

    def gone():
        raise QueryError("gone", "The client went away.")

    assert refusal(admission.enter, HERE, gone).kind == "gone"
    assert (admission.waiting, admission.running) == (0, 1 + QUICK_PLACES)


def test_a_client_that_has_used_its_seconds_is_told_when_to_come_again():
    clock = Clock()
    admission = made(2, 0, clock=clock)
    place = admission.enter(SOMEONE)
    clock.now += 70
    place.leave()
    clock.now += 5
    problem = refusal(admission.enter, SOMEONE)
    assert (problem.kind, problem.retry_after_s) == ("budget", 5)
    assert str(problem) == "Queries from your address have used their 60 seconds a minute; try again in 5 s."
    assert not admission.enter(ANOTHER).quick
    clock.now += 5
    assert not admission.enter(SOMEONE).quick


def test_requests_from_this_machine_have_no_budget():
    clock = Clock()
    admission = made(1, 0, budget=1, clock=clock)
    for _ in range(3):
        place = admission.enter(HERE)
        clock.now += 600
        place.leave()
    assert not admission.enter(HERE).quick
