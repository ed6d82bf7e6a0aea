"""Memory: what is freed goes back to the system, as far as the C library can be told."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE_BYTES = 1 << 19
_HEAPS = 2


def give_back_large_blocks() -> None:
    """Have the C library map blocks of 512 KiB and more one by one.

    glibc raises that bound to the largest block it has seen freed, up to 32 MiB, and keeps what is below it in a heap that
    hardly ever shrinks: a process would hold several times the largest value that it has ever seen. Other libraries know no
    such setting and are left as they are. Source: mallopt(3), M_MMAP_THRESHOLD.
    """
    _set(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def share_heaps() -> None:
    """Have all threads take their memory from two heaps.

    glibc gives threads heaps of their own, up to eight a core, and each keeps the most that it has ever held. A cache that all
    threads fill and that is emptied again and again would take its size in each of them. To be called before threads start.
    Source: mallopt(3), M_ARENA_MAX.
    """
    _set(_M_ARENA_MAX, _HEAPS)


def _set(option: int, value: int) -> None:
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(option, value)
