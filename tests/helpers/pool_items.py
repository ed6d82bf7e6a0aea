"""What workers do in tests of pools: items that end the worker that gets them, each time or once."""

import os
import signal
from pathlib import Path


class TooLarge:
    """What no worker has the memory for."""

    def __reduce__(self):
        return fail, ("no memory",)


def fail(text):
    raise MemoryError(text)


def end_this_process():
    os.kill(os.getpid(), signal.SIGKILL)


def answer(given, batch):
    """Return each item with what the worker was given; some items end the worker that gets them."""
    results = []
    for item in batch:
        name, _, path = item.partition(" ")
        if name == "poison":
            end_this_process()
        if name == "large":
            raise MemoryError
        if name == "wrong":
            raise ValueError(item)
        if name == "once" and not Path(path).exists():
            Path(path).touch()
            end_this_process()
        results.append(f"{item} {given}")
    return results


def lost(item):
    return f"lost {item}"


def names(start, stop):
    return [str(number) for number in range(start, stop)]


def pids(given, batch):
    return [str(os.getpid()) for _ in batch]
