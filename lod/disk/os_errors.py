"""Turn OSError and errors of SQLite, Oxigraph and decompression into StoreError with path, cause and remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile
from pathlib import Path

from lod.disk.packed_bytes import DamagedBytesError
from lod.errors import DamagedError, StoreError

_FULL = "the disk is full; free some space, or lower keep_generations in lod.toml, then publish again"
_DENIED = "not allowed; run the command as the user who owns the folder, or change its owner"
_READ_ONLY = "the file or the disk is read-only; make it writable, or move the site to another disk"
_MISSING = "no such file or folder; check whether the site was moved or its generations were removed by hand"
_DAMAGED = (
    "the file is damaged; go back to another generation with 'lod rollback', or restore the site from a backup with "
    "'lod restore', and publish again"
)
_STORE_DAMAGED = (
    "the file is damaged; go back to another generation with 'lod rollback GENERATION' ('lod verify --all --quick' shows "
    "which are intact), or remove the folder of the store: 'lod publish' then rebuilds it from the catalog"
)
_IN_THE_WAY = "a file or folder is in the way; name another folder, or move what is there"
_DISK = "the disk reports an error; see the system log"
_OPEN_FILES = "too many open files; raise the limit (ulimit -n) or close other programs"

_BAD_MATCH = "fts5: syntax error"
"""Of an expression for MATCH, which this program has made."""

_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _READ_ONLY,
    errno.ENOENT: _MISSING,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EIO: _DISK,
    errno.EMFILE: _OPEN_FILES,
    errno.ENFILE: _OPEN_FILES,
}
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check whether the folder exists and who owns it",
    # "no such table": our queries fit every catalog, so the file is not an intact catalog.
    sqlite3.SQLITE_ERROR: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_IOERR: _DISK,
}


def store_error(path: Path, action: str, fault: Exception) -> StoreError:
    """Return the StoreError for a system error: "PATH: ACTION failed: cause and remedy (the system's message)"."""
    where = getattr(fault, "filename", None) or path
    remedy = _remedy(fault)
    message = f"{where}: {action} failed: {remedy} ({fault})"
    return DamagedError(message, path) if remedy in {_DAMAGED, _STORE_DAMAGED} else StoreError(message)


@contextmanager
def as_store_error(path: Path, action: str) -> Iterator[None]:
    """Turn errors of files, decompression and SQLite inside the block into StoreError.

    Misuse of SQLite (a broken constraint, a wrong call) is a bug of ours and is raised unchanged.
    """
    try:
        yield
    except (OSError, zlib.error, DamagedBytesError) as fault:
        raise store_error(path, action, fault) from fault
    except sqlite3.Error as fault:
        if not is_system_fault(fault):
            raise
        raise store_error(path, action, fault) from fault


def is_system_fault(fault: Exception) -> bool:
    """Return whether an exception of SQLite comes from the disk or the file, not from a wrong call."""
    return type(fault) in (sqlite3.OperationalError, sqlite3.DatabaseError) and not str(fault).startswith(_BAD_MATCH)


def _remedy(fault: Exception) -> str:
    if isinstance(fault, (zlib.error, DamagedBytesError, BadGzipFile, EOFError, UnicodeDecodeError)):
        return _DAMAGED
    if isinstance(fault, sqlite3.Error):
        # The low byte is the primary code, the rest are details. SQLite gives no code where a text is not UTF-8.
        code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_CANTOPEN and _no_descriptor_is_left():
            return _OPEN_FILES
        return _BY_SQLITE_CODE.get(code, _DISK)
    if isinstance(fault, RuntimeError):
        # Raised by Oxigraph where a checksum is wrong.
        return _STORE_DAMAGED
    number = getattr(fault, "errno", None)
    if number is None:
        # RocksDB gives only the system's message.
        number = next((code for code in _BY_ERRNO if os.strerror(code) in str(fault)), None)
    if number is None and "file descriptors" in str(fault):
        return _OPEN_FILES
    if number is None and "orruption" in str(fault):
        return _STORE_DAMAGED
    return _BY_ERRNO.get(number or 0, _DISK)


def _no_descriptor_is_left() -> bool:
    """Return whether nothing can be opened at all; SQLite does not say why it could not."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as fault:
        return fault.errno in (errno.EMFILE, errno.ENFILE)
    return False
