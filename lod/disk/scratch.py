"""Temporary folders for what memory may not hold; those of processes that were killed are removed by the next one that needs one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "lod-scratch-"
_YOUNG_S = 60
"""So long a folder may be without its lock: whoever has made it is about to take it."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield an empty folder where the system keeps temporary files, and remove it at the end."""
    place = Path(tempfile.gettempdir())
    for left in place.glob(f"{_PREFIX}*"):
        _remove_left(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True) as name:
        lock = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # The system frees it when this process ends, however it ends.
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_SH)
            yield Path(name)
        finally:
            os.close(lock)


def _remove_left(folder: Path) -> None:
    # Somebody else's, in use, or gone already.
    with suppress(OSError):
        lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            found = os.fstat(lock)
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > _YOUNG_S:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
