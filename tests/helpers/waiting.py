"""Waits that end: a thread, a process or a line of its output that does not come fails the test and says so."""

from __future__ import annotations

import os
import threading
import time

LONGEST_S = 300


def ended(thread, seconds=LONGEST_S):
    """Wait until a thread has ended."""
    thread.join(seconds)
    assert not thread.is_alive(), f"the thread {thread.name} has not ended in {seconds} s"


def line_of(process, seconds=LONGEST_S):
    """Return the next line that a process prints, "" where its output has ended; one that prints none is killed."""
    return _read(process, process.stdout.readline, seconds)


def rest_of(process, seconds=LONGEST_S):
    """Return what a process prints until its output ends; where it does not, it is killed."""
    return _read(process, process.stdout.read, seconds)


def _read(process, read, seconds):
    is_late = threading.Event()

    def kill():
        is_late.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.start()
    try:
        found = read()
    finally:
        timer.cancel()
    assert not is_late.is_set(), f"what was waited for of {process.args} has not come in {seconds} s"
    return found


def exit_status(pid, seconds=LONGEST_S):
    """Return the exit status of a child process, as os.waitpid has it."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return status
        time.sleep(0.01)
    raise AssertionError(f"the process {pid} has not ended in {seconds} s")


def wait_until(holds, message, seconds=LONGEST_S):
    """Wait until something holds, and return it; `message` says what is wrong where it never does."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, f"after {seconds} s: {message}"
        time.sleep(0.005)
    return found
