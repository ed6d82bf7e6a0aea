"""Memory: large blocks that are freed go back to the system at once."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 1 << 19


def give_back_large_blocks() -> None:
    """Have the C library map blocks of 512 KiB and more one by one.

    glibc raises that bound to the largest block it has seen freed, up to 32 MiB, and keeps what is below it in a heap that
    hardly ever shrinks: a process would hold several times the largest value that it has ever seen. Other libraries know no
    such setting and are left as they are. Source: mallopt(3), M_MMAP_THRESHOLD.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
