"""Locks of a site: one publisher at a time, and generations that are kept while somebody reads them.

Both are locks of the operating system (flock) on files of the site. It frees them when their holder dies, however it dies,
so that a stale lock does not exist. Over NFS they hold where the server keeps locks (version 4 does); see docs/architecture.md.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from lod.disk.os_errors import told_as_store_error
from lod.errors import StoreError


class SiteLock:
    """An exclusive lock on a file, held until `release` or the end of the process.

    What stands in the file only tells others who holds it.
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
            except OSError:
                os.close(self._descriptor)
                raise
        # On a full disk the lock holds without a name.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps(_self_description()).encode())
        _HELD.add(self)

    def release(self) -> None:
        """Give the lock back."""
        _HELD.discard(self)
        if self._descriptor >= 0:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            # Unlocked, not only closed: a child that was just forked may not have closed its copy yet.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1

    def _leave_in_child(self) -> None:
        # A forked worker shares the lock with its parent and would keep it when the parent is killed.
        os.close(self._descriptor)
        self._descriptor = -1


class ReadLock:
    """Keeps a generation from being removed while somebody reads it: a shared lock on a file of it.

    Held as long as the object lives. Where a file system keeps no locks, nothing is kept.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            FileNotFoundError: the file is not there, or was removed meanwhile.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._closed = weakref.finalize(self, os.close, descriptor)
        try:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # Between opening and locking it may have been removed.
            if path.stat().st_ino != os.fstat(descriptor).st_ino:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        except OSError:
            self._closed()
            raise


@contextmanager
def unread(path: Path) -> Iterator[bool]:
    """Tell whether nobody holds a `ReadLock` on the file, and keep it so for the length of the block."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:
            pass  # a file system without locks
        yield True
    finally:
        os.close(descriptor)


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
