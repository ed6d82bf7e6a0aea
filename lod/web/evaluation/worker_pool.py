"""Pool of query workers: disposable processes that evaluate untrusted queries.

Oxigraph can neither stop a query nor survive every query (a few kilobytes of nesting overflow its stack), so the web
process never evaluates a query itself. A worker that runs too long, dies or is left half-read is replaced. One thread, the
supervisor, starts and ends all workers: they end with the thread that started them.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lod.errors import DamagedError, LodError, StoreError
from lod.web.evaluation import messages
from lod.web.evaluation.evaluator import DAMAGED, UNREADABLE, Evaluated, Job, QueryError, QueryLimits, never_gone
from lod.web.evaluation.worker_process import WorkerDiedError, WorkerProcess

_LOG = logging.getLogger(__name__)
_START_TIME_LIMIT_S = 30
_BORROW_TIME_LIMIT_S = 3.0
_JOBS_PER_WORKER = 1_000
_HELD_BYTES = 1 << 20
_HELD_S = 0.4
"""A result is held back until it has this size or age: an error until then gets its own status."""

_POLL_S = 0.2
"""How often the pool checks whether the client is still connected."""

_SPARE = 2
"""Workers beyond those that may evaluate at once, so that a worker that dies is replaced by one that has started already."""


class WorkerPool:
    """A fixed number of workers, started at the first query or by `start`. Safe to use from several threads."""

    def __init__(self, size: int, limits: QueryLimits, *, networked: bool = False) -> None:
        """`size` queries may be evaluated at once, each within `limits`; `networked` where the store is at an address."""
        self._networked = networked
        self.size = size + _SPARE
        self.limits = limits
        self._state = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._spent: list[WorkerProcess] = []
        self._living: set[WorkerProcess] = set()
        self._directory = ""
        self._closing = False
        self._supervisor: threading.Thread | None = None

    def start(self) -> None:
        """Start the workers, without waiting for them."""
        with self._state:
            if self._supervisor is None and not self._closing:
                self._supervisor = threading.Thread(target=self._supervise, name="query-supervisor", daemon=True)
                self._supervisor.start()

    def close(self) -> None:
        """End all workers, those that evaluate a query included."""
        with self._state:
            self._closing = True
            self._state.notify_all()
            supervisor = self._supervisor
        if supervisor is not None:
            supervisor.join(_START_TIME_LIMIT_S)

    def pids(self) -> list[int]:
        """Return the process ids of the living workers."""
        with self._state:
            return [worker.pid for worker in self._living]

    def is_ready(self) -> bool:
        """See `Evaluator.is_ready`."""
        return bool(self.pids())

    def evaluate(self, job: Job, gone: Callable[[], bool] = never_gone) -> Evaluated:
        """See `Evaluator.evaluate`."""
        self.start()
        self._switch_to(job.directory)
        worker = self._borrow()
        result = Evaluated("", "", _HeldParts([], _nothing()))
        parts = self._read(worker, job, result, gone)
        next(parts)
        held: list[bytes] = []
        size, until = 0, 0.0
        for part in parts:
            if part:
                held.append(part)
                size += len(part)
                until = until or time.monotonic() + _HELD_S
            if size >= _HELD_BYTES or (held and time.monotonic() >= until):
                break
        else:
            result.whole = True
        result.parts = _HeldParts(held, parts)
        return result

    def _read(
        self, worker: WorkerProcess, job: Job, result: Evaluated, gone: Callable[[], bool]
    ) -> Generator[bytes, None, None]:
        """Yield once when the form of the result is known, then its parts, b"" while there is none.

        The worker is given back in every case.
        """
        seconds = min(job.time_limit_s, self.limits.time_s)
        deadline = time.monotonic() + seconds
        finished = False
        try:
            worker.directory = job.directory
            worker.send(self._order(job, seconds))
            size = 0
            while True:
                message = self._next(worker, deadline, gone)
                if message is None:
                    if result.form:
                        yield b""
                    continue
                kind, payload = message
                if kind == messages.END:
                    finished = True
                    result.cut = bool(json.loads(payload)["cut"])
                    return
                if kind == messages.ERROR:
                    error = json.loads(payload)
                    finished = True
                    raise _error_of(error["kind"], error["message"], job.directory)
                if kind == messages.RESULT:
                    found = json.loads(payload)
                    result.form, result.extension = found["form"], found["extension"]
                    yield b""
                    continue
                size += len(payload)
                if size > self.limits.result_bytes:
                    raise QueryError(
                        "size",
                        f"The result is larger than {self.limits.result_bytes} bytes; ask for less, with LIMIT for example.",
                    )
                yield payload
        except TimeoutError:
            raise QueryError("time", f"The query ran longer than {seconds:g} s and was stopped.") from None
        except (WorkerDiedError, BrokenPipeError):
            raise self._death(worker) from None
        finally:
            self._give_back(worker, finished)

    def _order(self, job: Job, seconds: float) -> dict[str, Any]:
        return {
            **asdict(job),
            "memory_mib": self.limits.memory_mib,
            "most_rows": self.limits.result_rows,
            "time_limit_s": seconds,
        }

    def _next(self, worker: WorkerProcess, deadline: float, gone: Callable[[], bool]) -> tuple[bytes, bytes] | None:
        """Return the next message, None where there is none yet.

        Raises:
            TimeoutError: the deadline has passed.
            QueryError: the client has disconnected.
        """
        try:
            return worker.read(min(deadline, time.monotonic() + _POLL_S))
        except TimeoutError:
            if time.monotonic() >= deadline:
                raise
        if gone():
            raise QueryError("gone", "The client went away before the result was there.")
        return None

    def _death(self, worker: WorkerProcess) -> QueryError:
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

    def _switch_to(self, directory: str) -> None:
        """End idle workers that have another generation open, so that its files can be removed."""
        with self._state:
            if directory == self._directory:
                return
            self._directory = directory
            for worker in [idle for idle in self._idle if idle.directory not in {"", directory}]:
                self._idle.remove(worker)
                self._spend(worker)

    def _borrow(self) -> WorkerProcess:
        until = time.monotonic() + _BORROW_TIME_LIMIT_S
        with self._state:
            while True:
                while self._idle:
                    worker = self._idle.pop()
                    if worker.alive:
                        return worker
                    self._spend(worker)
                left = until - time.monotonic()
                if self._closing or left <= 0 or not self._state.wait(left):
                    raise QueryError("busy", "No query worker is ready; try again in a few seconds.", 5)

    def _give_back(self, worker: WorkerProcess, finished: bool) -> None:
        worker.jobs += 1
        with self._state:
            current = worker.directory == self._directory
            if finished and current and worker.jobs < _JOBS_PER_WORKER and not self._closing:
                self._idle.append(worker)
            else:
                self._spend(worker)
            self._state.notify_all()

    def _spend(self, worker: WorkerProcess) -> None:
        self._living.discard(worker)
        self._spent.append(worker)
        self._state.notify_all()

    def _supervise(self) -> None:
        """Start and end workers until the pool is closed. Runs in the thread of the supervisor."""
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
        try:
            worker = WorkerProcess(networked=self._networked)
        except OSError as error:
            _LOG.error("a query worker could not be started: %s", error)
            time.sleep(1)
            return
        try:
            worker.read(time.monotonic() + _START_TIME_LIMIT_S)
        except (TimeoutError, WorkerDiedError):
            _LOG.error("a query worker did not start: %s", worker.end())
            time.sleep(1)
            return
        with self._state:
            self._living.add(worker)
            self._idle.append(worker)
            self._state.notify_all()


class _HeldParts:
    """Parts that were held back, then the rest."""

    def __init__(self, held: list[bytes], rest: Generator[bytes, None, None]) -> None:
        self._held = held[::-1]
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._held:
            return self._held.pop()
        return next(part for part in self._rest if part)

    def close(self) -> None:
        """See `Parts.close`."""
        self._held.clear()
        self._rest.close()


def _error_of(kind: str, message: str, directory: str) -> LodError:
    if kind == DAMAGED:
        return DamagedError(message, Path(directory))
    return StoreError(message) if kind == UNREADABLE else QueryError(kind, message)


def _nothing() -> Generator[bytes, None, None]:
    yield from ()
