"""Temporary folders for data too large for memory. Each use first removes those of processes that were killed."""

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
_GRACE_S = 60
"""Grace period: a folder younger than this may not have taken its lock yet."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield an empty folder in the system's folder for temporary files, and remove it at the end."""
    place = Path(tempfile.gettempdir())
    for found in place.glob(f"{_PREFIX}*"):
        _remove_if_abandoned(found)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True) as name:
        lock = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # The system frees the lock when this process ends, killed or not.
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_SH)
            yield Path(name)
        finally:
            os.close(lock)


def _remove_if_abandoned(folder: Path) -> None:
    # An OSError means that it belongs to another user, is in use, or no longer exists.
    with suppress(OSError):
        lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            status = os.fstat(lock)
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > _GRACE_S:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
