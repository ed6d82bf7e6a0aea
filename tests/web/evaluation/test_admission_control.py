"""Places for queries: a few for long ones, a quick lane beside them, a budget for each client."""

import threading

import pytest

from lod.web.evaluation.admission_control import QUICK_PLACES, Admission, client_of
from lod.web.evaluation.evaluator import QueryError

SOMEONE, ANOTHER, HERE = "192.0.2.7", "192.0.2.8", "127.0.0.1"


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def refusal(admission, address):
    with pytest.raises(QueryError) as caught:
        admission.enter(address)
    return caught.value


def test_when_all_slots_are_taken_a_query_still_gets_a_quick_place():
    admission = Admission(2, 0, 60)
    assert [admission.enter(HERE).quick for _ in range(2 + QUICK_PLACES)] == [False, False] + [True] * QUICK_PLACES
    assert refusal(admission, HERE).kind == "busy"


def test_a_place_that_was_left_is_given_again_and_leaving_twice_gives_it_once():
    admission = Admission(1, 0, 60)
    place = admission.enter(HERE)
    place.leave()
    place.leave()
    assert not admission.enter(HERE).quick
    assert admission.enter(HERE).quick


def test_one_client_takes_half_of_the_slots_only():
    admission = Admission(2, 0, 60)
    assert [admission.enter(SOMEONE).quick, admission.enter(SOMEONE).quick] == [False, True]
    assert not admission.enter(ANOTHER).quick


def test_a_client_that_has_used_its_seconds_is_told_when_to_come_again():
    clock = Clock()
    admission = Admission(2, 0, 60, clock)
    place = admission.enter(SOMEONE)
    clock.now += 70
    place.leave()
    clock.now += 5
    problem = refusal(admission, SOMEONE)
    assert (problem.kind, problem.retry_after_s) == ("budget", 7)
    assert str(problem) == "Queries from your address have used their 60 seconds a minute; try again in 7 s."
    assert not admission.enter(ANOTHER).quick
    clock.now += 7
    assert not admission.enter(SOMEONE).quick


def test_requests_from_this_machine_have_no_budget():
    clock = Clock()
    admission = Admission(1, 0, 1, clock)
    for _ in range(3):
        place = admission.enter(HERE)
        clock.now += 600
        place.leave()
    assert not admission.enter(HERE).quick


def test_the_newest_of_those_that_wait_gets_the_next_place():
    admission = Admission(1, 2, 0)
    places = [admission.enter(HERE) for _ in range(1 + QUICK_PLACES)]
    order = []

    def wait(name):
        admission.enter(HERE)
        order.append(name)

    threads = []
    for name in ("older", "newer"):
        threads.append(threading.Thread(target=wait, args=[name]))
        threads[-1].start()
        while len(admission._waiting) < len(threads):
            pass
    assert refusal(admission, HERE).kind == "busy"
    for place, thread in zip(places[1:], reversed(threads), strict=False):
        place.leave()
        thread.join()
    assert order == ["newer", "older"]


def test_who_waits_too_long_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr("lod.web.evaluation.admission_control._WAIT_S", 0.01)
    admission = Admission(1, 1, 0)
    for _ in range(1 + QUICK_PLACES):
        admission.enter(HERE)
    assert refusal(admission, HERE).retry_after_s == 5
    assert admission._waiting == []


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("127.0.0.5", None),
        ("::1", None),
        ("fe80::1%eth0", "fe80::/64"),
        ("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("", None),
        (None, None),
    ],
)
def test_what_counts_as_one_client(address, client):
    assert client_of(address) == client
