"""Temporary folders: removed at the end, or by the next process after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from lod.disk.scratch import scratch_folder
from tests.helpers.waiting import line_of

LONG_AGO = time.time() - 3_600
HOLDING = "from lod.disk.scratch import scratch_folder\nwith scratch_folder() as folder:\n    print(folder, flush=True)\n    input()"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_folder_exists_for_the_block_only(place):
    with scratch_folder() as folder:
        (folder / "file").write_text("x")
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_the_folder_of_a_killed_process_is_removed_by_the_next_one_and_one_in_use_stays(place):
    program = [sys.executable, "-c", HOLDING]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        folder = place / line_of(process).rstrip("\n").rpartition("/")[2]
        (folder / "file").write_text("x")
        os.utime(folder, (LONG_AGO, LONG_AGO))
        with scratch_folder():
            assert folder.is_dir()
        process.send_signal(signal.SIGKILL)
    assert folder.is_dir()
    with scratch_folder():
        assert not folder.exists()


def test_what_is_new_or_only_has_such_a_name_stays(place):
    (place / "lod-scratch-new").mkdir()
    (place / "elsewhere").mkdir()
    (place / "lod-scratch-link").symlink_to("elsewhere")
    (place / "lod-scratch-file").write_text("x")
    for name in ("elsewhere", "lod-scratch-file"):
        os.utime(place / name, (LONG_AGO, LONG_AGO))
    with scratch_folder():
        pass
    assert len(list(place.iterdir())) == 4
