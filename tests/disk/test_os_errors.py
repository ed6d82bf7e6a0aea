"""Errors of the system are reported with path, cause and remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from lod.disk.os_errors import as_store_error
from lod.errors import StoreError

PATH = Path("/site/generations")


def os_error(number, path=None):
    return OSError(number, os.strerror(number), path)


def sqlite_error(code):
    fault = sqlite3.OperationalError("the message of SQLite")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param(
            os_error(errno.ENOSPC), "/site/generations: building failed: the disk is full; free some", id="full"
        ),
        pytest.param(os_error(errno.EDQUOT), "the disk is full", id="quota"),
        pytest.param(os_error(errno.EACCES), "not allowed; run the command as the user who owns", id="denied"),
        pytest.param(os_error(errno.EROFS), "the file or the disk is read-only; make it writable", id="read-only"),
        pytest.param(
            OSError("Oxigraph needs at least 96 file descriptors, only 40 are available"),
            "too many open files; raise the limit",
            id="open files, as Oxigraph says it",
        ),
        pytest.param(os_error(errno.EMFILE), "too many open files; raise the limit", id="open files"),
        pytest.param(os_error(errno.EEXIST), "a file or folder is in the way; name another folder", id="exists"),
        pytest.param(os_error(errno.ENOTDIR), "a file or folder is in the way", id="no folder"),
        pytest.param(sqlite_error(sqlite3.SQLITE_ERROR), "the file is damaged; go back", id="no such table"),
        pytest.param(os_error(errno.EIO), "the disk reports an error; see the system log", id="disk"),
        pytest.param(os_error(errno.ENOSPC, "/site/x"), "/site/x: building failed", id="the path of the error"),
        pytest.param(
            OSError("IO error: No space left on device: /x"), "the disk is full", id="the message of the engine"
        ),
        pytest.param(
            OSError("Corruption: bad block"), "the file is damaged; go back to another generation", id="corruption"
        ),
        pytest.param(sqlite_error(sqlite3.SQLITE_FULL), "the disk is full", id="SQLite full"),
        pytest.param(sqlite_error(sqlite3.SQLITE_READONLY), "read-only; make it writable", id="SQLite read-only"),
        pytest.param(
            sqlite_error(sqlite3.SQLITE_IOERR | (3 << 8)), "the disk reports an error", id="SQLite, extended code"
        ),
    ],
)
def test_an_error_of_the_system_is_reported_with_path_and_remedy(fault, message):
    def refuse():
        with as_store_error(PATH, "building"):
            raise fault

    with pytest.raises(StoreError) as raised:
        refuse()
    assert message in str(raised.value)
    assert str(fault) in str(raised.value)


@pytest.mark.parametrize("fault", [sqlite3.IntegrityError("ours"), ValueError("ours"), StoreError("reported already")])
def test_a_bug_of_ours_is_raised_unchanged(fault):
    def refuse():
        with as_store_error(PATH, "building"):
            raise fault

    with pytest.raises(type(fault)) as raised:
        refuse()
    assert raised.value is fault


def test_an_expression_that_fts5_cannot_read_is_no_damage_to_the_file():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE text USING fts5(title)")
    with pytest.raises(sqlite3.OperationalError, match="fts5: syntax error"), as_store_error(PATH, "searching"):
        connection.execute("SELECT rowid FROM text WHERE text MATCH ?", ('"a" * *',))
    connection.close()
