"""Places of kept answers: memory, and a folder of files for what memory does not hold. Both are bounded."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from lod.errors import BadValueError
from lod.web.kept.answer import KeptAnswer, unpacked
from lod.web.kept.requests import KeptRequest

_LONGEST_WAIT_S = 0.5
"""For the answers of earlier states to be counted and removed: a few thousand are, the rest goes on in the background."""


class Memory:
    """The answers of one generation that were sent last, at most so many bytes. Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._state = ""
        self._answers: OrderedDict[KeptRequest, KeptAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, state: str, request: KeptRequest) -> KeptAnswer | None:
        """Return the answer to a request in a state of the site, None where it is not kept."""
        with self._lock:
            if state != self._state:
                return None
            answer = self._answers.get(request)
            if answer is not None:
                self._answers.move_to_end(request)
            return answer

    def put(self, state: str, request: KeptRequest, answer: KeptAnswer) -> None:
        """Keep an answer; those of an earlier state go, then the least recently sent. A very large one is not kept."""
        if answer.size > self._most_bytes // 10:
            return
        with self._lock:
            if state != self._state:
                self._answers.clear()
                self._state, self._bytes = state, 0
            previous = self._answers.pop(request, None)
            self._bytes += answer.size - (previous.size if previous else 0)
            self._answers[request] = answer
            while self._bytes > self._most_bytes:
                self._bytes -= self._answers.popitem(last=False)[1].size


class Disk:
    """The answers of one state in files, at most so many bytes; several processes may share the folder.

    A file that is damaged, or cannot be read or written, is an answer that is not kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._state = ""
        self._is_counted = False
        self._lock = threading.Lock()

    def get(self, folder: Path, state: str, request: KeptRequest) -> KeptAnswer | None:
        """Return the answer to a request in a state of the site, None where it is not kept."""
        try:
            data = _path(folder, state, request).read_bytes()
        except OSError:
            return None
        with suppress(BadValueError):
            return unpacked(data)
        return None

    def put(self, folder: Path, state: str, request: KeptRequest, answer: KeptAnswer) -> None:
        """Keep an answer; once the folder is full, none is added until the state of the site changes.

        Nor is any while it is not known yet how full the folder is.
        """
        data = answer.packed()
        with self._lock:
            if state != self._state:
                self._begin(folder, state)
            if not self._is_counted or self._bytes + len(data) > self._most_bytes:
                return
            self._bytes += len(data)
        with suppress(OSError):
            _write(_path(folder, state, request), data)

    def _begin(self, folder: Path, state: str) -> None:
        """Count the answers that there are of this state, and remove those of others: no request waits for many of them."""
        self._state, self._is_counted = state, False
        thread = threading.Thread(target=self._tidy, args=[folder, state], name="kept-answers", daemon=True)
        thread.start()
        thread.join(_LONGEST_WAIT_S)

    def _tidy(self, folder: Path, state: str) -> None:
        found = 0
        for path in (folder / state).glob("??/*"):
            with suppress(OSError):
                found += path.stat().st_size
        if self._state != state:
            return
        self._bytes, self._is_counted = found, True
        with suppress(OSError):
            for former in folder.iterdir():
                if self._state != state:
                    return  # this one is a former state by now
                if former.name != state and former.is_dir() and not former.is_symlink():
                    shutil.rmtree(former, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _path(folder: Path, state: str, request: KeptRequest) -> Path:
    name = hashlib.sha256("\n".join(request).encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return folder / state / name[:2] / name[2:]
