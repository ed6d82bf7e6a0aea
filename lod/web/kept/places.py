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
        """Keep an answer; once the folder is full, none is added until the state of the site changes."""
        data = answer.packed()
        with self._lock:
            if state != self._state:
                self._begin(folder, state)
            if self._bytes + len(data) > self._most_bytes:
                return
            self._bytes += len(data)
        with suppress(OSError):
            _write(_path(folder, state, request), data)

    def _begin(self, folder: Path, state: str) -> None:
        """Remove the answers of other states, and count those that there are of this one."""
        self._state = state
        with suppress(OSError):
            for former in folder.iterdir():
                if former.name != state and former.is_dir() and not former.is_symlink():
                    shutil.rmtree(former, ignore_errors=True)
        self._bytes = 0
        for path in (folder / state).glob("??/*"):
            with suppress(OSError):
                self._bytes += path.stat().st_size


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
