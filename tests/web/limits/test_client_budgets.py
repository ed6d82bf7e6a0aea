"""Budgets: what one client may use in a minute."""

import math

from lod.web.limits import client_budgets
from lod.web.limits.client_budgets import ClientBudgets

SOMEONE, ANOTHER = "192.0.2.7", "192.0.2.8"


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def test_a_bucket_holds_a_minute_and_fills_evenly():
    clock = Clock()
    budgets = ClientBudgets(60, clock)
    assert budgets.left(SOMEONE) == 60
    budgets.take(SOMEONE, 70)
    assert budgets.left(SOMEONE) == -10
    clock.now += 5
    assert budgets.left(SOMEONE) == -5
    assert budgets.left(ANOTHER) == 60
    clock.now += 600
    assert budgets.left(SOMEONE) == 60


def test_the_wait_is_as_long_as_it_takes_until_there_is_what_is_asked_for():
    clock = Clock()
    budgets = ClientBudgets(120, clock)
    assert budgets.wait_s(SOMEONE) == 0
    budgets.take(SOMEONE, 121)
    assert (budgets.wait_s(SOMEONE), budgets.wait_s(SOMEONE, 20)) == (1, 11)
    clock.now += 11
    assert budgets.wait_s(SOMEONE, 20) == 0


def test_this_machine_and_a_budget_of_none_are_free():
    assert ClientBudgets(60).left(None) == ClientBudgets(0).left(SOMEONE) == math.inf
    free = ClientBudgets(0)
    free.take(SOMEONE, 1_000)
    assert free.wait_s(SOMEONE) == 0


def test_the_number_of_clients_is_bounded_and_the_last_ones_are_remembered(monkeypatch):
    monkeypatch.setattr(client_budgets, "_MOST_CLIENTS", 3)
    budgets = ClientBudgets(60, Clock())
    for number in range(4):
        budgets.take(f"192.0.2.{number}", 10)
    assert [budgets.left(f"192.0.2.{number}") for number in (3, 2, 1)] == [50, 50, 50]
    assert budgets.left("192.0.2.0") == 60
