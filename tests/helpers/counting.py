"""Counts the work that something takes: unlike seconds, the same on every machine."""

import sys


def calls_of(function):
    """Return how many calls and returns of Python a function takes, all that it calls included."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls
