"""Locks of a site (flock): one writer at a time, and no removal of a generation that is being read.

The operating system frees a lock when its holder dies, so that there are no stale locks. Over NFS they work where the
server supports locks (version 4 does); see docs/architecture.md.
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

from lod.disk.os_errors import as_store_error
from lod.errors import StoreError


class SiteLock:
    """An exclusive lock on a file, held until `release` or the end of the process.

    The content of the file only names the holder, for the message to others.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            StoreError: another process holds it, or the file cannot be written.
        """
        self._path = path
        with as_store_error(path, "locking the site"):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _holder(path)
                os.close(self._descriptor)
                raise StoreError(
                    f"{path}: locked by another lod process: {holder}; wait for it to finish, or stop it"
                ) from None
            except OSError:
                os.close(self._descriptor)
                raise
        # On a full disk the lock works without the name of its holder.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps(_self_description()).encode())
        _HELD.add(self)

    def release(self) -> None:
        """Release the lock."""
        _HELD.discard(self)
        if self._descriptor >= 0:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            # Unlock before closing: a child that was just forked may still have its copy open.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1

    def _leave_in_child(self) -> None:
        # A forked worker shares the lock with its parent and would keep it when the parent is killed.
        os.close(self._descriptor)
        self._descriptor = -1


class ReadLock:
    """A shared lock on a file, held as long as the object lives: a generation that is being read is not removed.

    On a file system without locks it has no effect.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            FileNotFoundError: the file does not exist, or has just been removed.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._closed = weakref.finalize(self, os.close, descriptor)
        try:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # It may have been removed between opening and locking.
            if path.stat().st_ino != os.fstat(descriptor).st_ino:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        except OSError:
            self._closed()
            raise


@contextmanager
def without_readers(path: Path) -> Iterator[bool]:
    """Yield whether no process holds a `ReadLock` on the file; if so, none can take one until the block ends."""
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
