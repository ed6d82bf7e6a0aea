"""A query worker as the web process sees it: the process, its pipes, its exit status."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

from lod.web.evaluation import messages

NETWORKED = "networked"
_CLOSE_TIME_LIMIT_S = 5
_PART_BYTES = 65_536
_STDERR_SHOWN_BYTES = 2_000


class WorkerDiedError(Exception):
    """The worker's output ended."""


class WorkerProcess:
    """One process and its pipes. Used by one thread at a time."""

    def __init__(self, *, networked: bool = False) -> None:
        """Start a process; `networked` for queries over a store at an address."""
        # No input reaches the command line.
        self._process = subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-P",  # no file of the folder that the server was started in takes the place of a module
                "-m",
                "lod.web.evaluation.worker",
                str(os.getpid()),
                NETWORKED if networked else "secluded",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._pending = bytearray()
        self._end = ""
        self.jobs = 0
        self.directory = ""
        """Folder of the store that it has open."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, job: dict[str, Any]) -> None:
        """Send a job."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: it was opened above
        payload = json.dumps(job).encode("utf-8")
        data = memoryview(messages.HEADER.pack(messages.JOB, len(payload)) + payload)
        while data:
            written = self._process.stdin.write(data)
            data = data[written or 0 :]

    def read(self, deadline: float) -> tuple[bytes, bytes]:
        """Return kind and payload of the next message.

        Raises:
            TimeoutError: there is none by the deadline (of time.monotonic).
            WorkerDiedError: the worker has ended.
        """
        while True:
            if len(self._pending) >= messages.HEADER.size:
                kind, length = messages.HEADER.unpack_from(self._pending)
                end = messages.HEADER.size + length
                if len(self._pending) >= end:
                    payload = bytes(self._pending[messages.HEADER.size : end])
                    del self._pending[:end]
                    return kind, payload
            self._pending += self._more(deadline)

    def _more(self, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN | select.POLLHUP)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        data = os.read(self._process.stdout.fileno(), _PART_BYTES)
        if not data:
            raise WorkerDiedError
        return data

    def end(self) -> str:
        """Kill the process if it lives, close its pipes, and return how it died: "SIGSEGV", "SIGABRT", "exit 1"."""
        if self._end:
            return self._end
        self._process.kill()
        code = self._process.wait()
        output = b""
        if self._process.stderr is not None:
            output = self._process.stderr.read() or b""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        cause = signal.Signals(-code).name if code < 0 else f"exit {code}"
        text = output[-_STDERR_SHOWN_BYTES:].decode("utf-8", "replace").strip()
        self._end = f"{cause}: {text}" if text else cause
        return self._end

    def death(self) -> str:
        """Wait some seconds for a process whose output has ended, and return how it died."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSE_TIME_LIMIT_S)
        return self.end()
