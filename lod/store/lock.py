"""One publisher at a time: a lock on a site, with the name of who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import weakref
from datetime import UTC, datetime
from pathlib import Path

from lod.errors import StoreError
from lod.store.faults import told_as_store_error


class SiteLock:
    """An exclusive lock on a file, held until `release` or the end of the process.

    The operating system frees it when its holder dies, so that a stale lock does not exist; what stands in the file
    only tells others who holds it.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            StoreError: another publisher holds it, or the file cannot be written.
        """
        self._path = path
        with told_as_store_error(path, "locking the site"):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _holder(path)
                os.close(self._descriptor)
                raise StoreError(
                    f"{path}: another publisher is at work on this site: {holder}; wait until it has ended, or end it"
                ) from None
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps(_self_description()).encode())
        _HELD.add(self)

    def release(self) -> None:
        """Give the lock back."""
        _HELD.discard(self)
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            # Unlocked, not only closed: a child that was just forked may not have closed its copy yet.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1

    def _leave_in_child(self) -> None:
        # A forked worker shares the lock with its parent and would keep it when the parent is killed.
        os.close(self._descriptor)
        self._descriptor = -1


_HELD: weakref.WeakSet[SiteLock] = weakref.WeakSet()


def _leave_all_in_child() -> None:
    for lock in list(_HELD):
        lock._leave_in_child()


os.register_at_fork(after_in_child=_leave_all_in_child)


def _self_description() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _holder(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return f"process {found['pid']} on {found['host']}, since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has not written its name yet"
