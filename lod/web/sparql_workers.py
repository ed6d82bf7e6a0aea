"""The pool of query workers: disposable processes that evaluate what strangers send.

Oxigraph can neither stop a query nor survive every query (a few kilobytes of nesting overflow its stack), so the web
process never evaluates one itself. A worker that runs too long, dies or is left half-read is replaced. One thread, the
keeper, starts and buries all workers: they are bound to the life of the thread that started them.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from lod.errors import LodError
from lod.web import frames

_LOG = logging.getLogger(__name__)
_START_TIME_LIMIT_S = 30
_CLOSE_TIME_LIMIT_S = 5
_PART_BYTES = 65_536
_STDERR_SHOWN_BYTES = 2_000
_JOBS_PER_WORKER = 1_000
_HELD_BYTES = 1 << 20
"""Bytes of a result that are held back before the answer begins: what fails so early has a status of its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """One query for a worker. `formats` names the extension to use by form of the result, None where none will do."""

    query: str
    directory: str
    formats: dict[str, str | None]
    base_iri: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: seconds, MiB of memory beyond the worker's own, bytes of result; seconds to wait for a worker."""

    time_s: int
    memory_mib: int
    result_bytes: int
    wait_s: float = 3.0


class QueryError(LodError):
    """A query has no result. `kind` is "syntax", "not acceptable", "store", "evaluation", "time", "crash", "memory", "size" or "busy"."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class _DiedError(Exception):
    """The worker's output ended."""


class _Worker:
    """One process and its pipes. Used by one thread at a time."""

    def __init__(self) -> None:
        # Both are this program's own: no input reaches the command line.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "lod.web.sparql_worker", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._pending = bytearray()
        self._end = ""
        self.jobs = 0

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, job: dict[str, Any]) -> None:
        """Hand a job over."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: it was opened above
        payload = json.dumps(job).encode("utf-8")
        data = memoryview(frames.HEADER.pack(frames.JOB, len(payload)) + payload)
        while data:
            written = self._process.stdin.write(data)
            data = data[written or 0 :]

    def read(self, deadline: float) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame.

        Raises:
            TimeoutError: none has come by the deadline (as time.monotonic counts).
            _DiedError: none will come.
        """
        while True:
            if len(self._pending) >= frames.HEADER.size:
                kind, length = frames.HEADER.unpack_from(self._pending)
                end = frames.HEADER.size + length
                if len(self._pending) >= end:
                    payload = bytes(self._pending[frames.HEADER.size : end])
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
            raise _DiedError
        return data

    def end(self) -> str:
        """Kill the process if it lives, close its pipes, and return how it died: "SIGSEGV", "SIGABRT", "exit 1"."""
        if self._end:
            return self._end
        self._process.kill()
        code = self._process.wait()
        said = b""
        if self._process.stderr is not None:
            said = self._process.stderr.read() or b""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        cause = signal.Signals(-code).name if code < 0 else f"exit {code}"
        text = said[-_STDERR_SHOWN_BYTES:].decode("utf-8", "replace").strip()
        self._end = f"{cause}: {text}" if text else cause
        return self._end

    def death(self) -> str:
        """Wait shortly for a process whose output has ended, and return how it died."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSE_TIME_LIMIT_S)
        return self.end()


class WorkerPool:
    """A fixed number of workers, started at the first query or by `start`. Safe to use from several threads."""

    def __init__(self, size: int, limits: Limits) -> None:
        self.size = size
        self.limits = limits
        self._state = threading.Condition()
        self._idle: list[_Worker] = []
        self._spent: list[_Worker] = []
        self._living: set[_Worker] = set()
        self._closing = False
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        """Start the workers, without waiting for them."""
        with self._state:
            if self._keeper is None and not self._closing:
                self._keeper = threading.Thread(target=self._keep, name="query-keeper", daemon=True)
                self._keeper.start()

    def close(self) -> None:
        """End all workers, those that evaluate included."""
        with self._state:
            self._closing = True
            self._state.notify_all()
            keeper = self._keeper
        if keeper is not None:
            keeper.join(_START_TIME_LIMIT_S)

    def pids(self) -> list[int]:
        """Return the process ids of the workers that live now."""
        with self._state:
            return [worker.pid for worker in self._living]

    def evaluate(self, job: Job) -> tuple[str, Generator[bytes, None, None]]:
        """Evaluate a query; return the extension of the result's format and its bytes.

        The result streams: the generator has to be read to its end or closed. When it fails half-way, it raises.

        Raises:
            QueryError: there is no result, or none could be told yet when the limits were reached.
        """
        self.start()
        worker = self._borrow()
        deadline = time.monotonic() + self.limits.time_s
        parts = self._read(worker, job, deadline)
        extension = next(parts).decode("ascii")
        held: list[bytes] = []
        size = 0
        for part in parts:
            held.append(part)
            size += len(part)
            if size >= _HELD_BYTES:
                break
        return extension, _chained(held, parts)

    def _read(self, worker: _Worker, job: Job, deadline: float) -> Generator[bytes, None, None]:
        """Yield the extension, then the parts of the result; give the worker back, or up, in every case."""
        whole = False
        try:
            worker.send({**asdict(job), "memory_mib": self.limits.memory_mib, "time_limit_s": self.limits.time_s})
            size = 0
            while True:
                kind, payload = worker.read(deadline)
                if kind == frames.END:
                    whole = True
                    return
                if kind == frames.FAULT:
                    whole = True
                    fault = json.loads(payload)
                    raise QueryError(fault["kind"], fault["message"])
                if kind == frames.RESULT:
                    yield json.loads(payload)["extension"].encode("ascii")
                    continue
                size += len(payload)
                if size > self.limits.result_bytes:
                    raise QueryError(
                        "size",
                        f"The result is larger than {self.limits.result_bytes} bytes; ask for less, with LIMIT for example.",
                    )
                yield payload
        except TimeoutError:
            raise QueryError("time", f"The query ran longer than {self.limits.time_s} s and was stopped.") from None
        except (_DiedError, BrokenPipeError):
            raise self._death(worker) from None
        finally:
            self._give_back(worker, whole)

    def _death(self, worker: _Worker) -> QueryError:
        cause = worker.death()
        _LOG.warning("query worker %d died: %s", worker.pid, cause)
        if "memory" in cause.lower():
            return QueryError(
                "memory", f"The query needed more than {self.limits.memory_mib} MiB of memory and was stopped."
            )
        return QueryError(
            "crash",
            f"The query could not be evaluated: it ended the process that ran it ({cause.partition(':')[0]}). "
            "Most often it is nested too deeply; write it in fewer levels.",
        )

    def _borrow(self) -> _Worker:
        until = time.monotonic() + self.limits.wait_s
        with self._state:
            while True:
                while self._idle:
                    worker = self._idle.pop()
                    if worker.alive:
                        return worker
                    self._spend(worker)
                left = until - time.monotonic()
                if self._closing or left <= 0 or not self._state.wait(left):
                    raise QueryError("busy", f"All {self.size} query workers are busy; try again in a few seconds.")

    def _give_back(self, worker: _Worker, whole: bool) -> None:
        worker.jobs += 1
        with self._state:
            if whole and worker.jobs < _JOBS_PER_WORKER and not self._closing:
                self._idle.append(worker)
            else:
                self._spend(worker)
            self._state.notify_all()

    def _spend(self, worker: _Worker) -> None:
        self._living.discard(worker)
        self._spent.append(worker)
        self._state.notify_all()

    def _keep(self) -> None:
        """Start and bury workers until the pool is closed. Runs in the keeper's thread."""
        while True:
            with self._state:
                while not (self._closing or self._spent or len(self._living) < self.size):
                    self._state.wait()
                if self._closing:
                    remaining = [*self._living, *self._spent]
                    self._living.clear()
                    self._idle.clear()
                    self._spent.clear()
                    break
                spent, self._spent = self._spent, []
                wanted = len(self._living) < self.size
            for worker in spent:
                worker.end()
            if wanted:
                self._add()
        for worker in remaining:
            worker.end()

    def _add(self) -> None:
        worker = _Worker()
        try:
            worker.read(time.monotonic() + _START_TIME_LIMIT_S)
        except (TimeoutError, _DiedError):
            _LOG.error("a query worker did not start: %s", worker.end())
            time.sleep(1)
            return
        with self._state:
            self._living.add(worker)
            self._idle.append(worker)
            self._state.notify_all()


def _chained(held: list[bytes], rest: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    try:
        yield from held
        yield from rest
    finally:
        rest.close()
