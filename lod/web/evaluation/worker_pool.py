"""Pool of query workers: disposable processes that evaluate untrusted queries; one over its time limit is killed.

Oxigraph can neither stop a query nor survive every query (a few kilobytes of nesting overflow its stack), so the web
process never evaluates a query itself. A worker that runs too long, dies or is left half-read is replaced. Results are read at full speed, whatever the client does. One thread, the
supervisor, starts and ends all workers: they end with the thread that started them.
"""

from __future__ import annotations

import json
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from lod.errors import DamagedError, LodError, StoreError
from lod.web.evaluation import messages
from lod.web.evaluation.evaluator import DAMAGED, GRAPH, UNREADABLE, Evaluated, Job, QueryError, QueryLimits, go_on
from lod.web.evaluation.result_buffers import NoRoomError, ResultBuffer, ResultBuffers
from lod.web.evaluation.worker_process import WorkerDiedError, WorkerProcess

_LOG = logging.getLogger(__name__)
_START_TIME_LIMIT_S = 30
_BORROW_TIME_LIMIT_S = 10.0
_JOBS_PER_WORKER = 1_000
_NO_ROOM_RETRY_AFTER_S = 60
_POLL_S = 0.2
"""How often the pool checks whether a query may run on."""

_SPARE = 2
"""Workers beyond those that may evaluate at once, so that a worker that dies is replaced by one that has started already."""


class WorkerPool:
    """A fixed number of workers, started at the first query or by `start`. Safe to use from several threads."""

    def __init__(self, size: int, limits: QueryLimits, buffers: ResultBuffers, *, networked: bool = False) -> None:
        """`size` queries may be evaluated at once, each within `limits`; `networked` where the store is at an address."""
        self.buffers = buffers
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

    def evaluate(self, job: Job, check: Callable[[], None] = go_on) -> Evaluated:
        """See `Evaluator.evaluate`."""
        self.start()
        self._switch_to(job.directory)
        worker = self._borrow()
        body = ResultBuffer(self.buffers)
        try:
            return self._read(worker, job, body, check)
        except BaseException:
            body.close()
            raise

    def _read(self, worker: WorkerProcess, job: Job, body: ResultBuffer, check: Callable[[], None]) -> Evaluated:
        """Read the whole result into a buffer. The worker is given back in every case."""
        seconds = min(job.time_limit_s, self.limits.time_s)
        deadline = time.monotonic() + seconds
        finished = False
        form = extension = ""
        try:
            worker.directory = job.directory
            worker.send(self._order(job, seconds))
            next_check = time.monotonic() + _POLL_S
            while True:
                message = _next(worker, deadline)
                if time.monotonic() >= next_check:
                    check()
                    next_check = time.monotonic() + _POLL_S
                if message is None:
                    continue
                kind, payload = message
                if kind == messages.END:
                    finished = True
                    return Evaluated(form, extension, body, bool(json.loads(payload)["cut"]))
                if kind == messages.ERROR:
                    error = json.loads(payload)
                    finished = True
                    raise _error_of(error["kind"], error["message"], job.directory)
                if kind == messages.RESULT:
                    found = json.loads(payload)
                    form, extension = found["form"], found["extension"]
                    continue
                self._keep(body, payload)
                if form == GRAPH and job.page_bytes is not None and body.size >= job.page_bytes:
                    return Evaluated(form, extension, body, cut=True)
        except TimeoutError:
            raise QueryError("time", f"The query ran longer than {seconds:g} s and was stopped.") from None
        except (WorkerDiedError, BrokenPipeError):
            raise self._death(worker) from None
        finally:
            self._give_back(worker, finished)

    def _keep(self, body: ResultBuffer, part: bytes) -> None:
        if body.size + len(part) > self.limits.result_bytes:
            raise QueryError(
                "size",
                f"The result is larger than {self.limits.result_bytes} bytes; ask for less, with LIMIT for example.",
            )
        try:
            body.append(part)
        except NoRoomError:
            raise no_room() from None
        except OSError as fault:
            _LOG.error("a result cannot be kept in %s: %s", tempfile.gettempdir(), fault.strerror)
            raise no_room() from None

    def _order(self, job: Job, seconds: float) -> dict[str, Any]:
        return {
            **{part.name: getattr(job, part.name) for part in fields(job)},
            "endpoint": asdict(job.endpoint) if job.endpoint else None,
            "memory_mib": self.limits.memory_mib,
            "most_rows": self.limits.result_rows,
            "time_limit_s": seconds,
        }

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


def no_room() -> QueryError:
    """Return the error for a result for which there is no room on disk."""
    return QueryError(
        "busy",
        f"Too many results wait here for clients that read them slowly; try again in {_NO_ROOM_RETRY_AFTER_S} seconds.",
        _NO_ROOM_RETRY_AFTER_S,
    )


def _next(worker: WorkerProcess, deadline: float) -> tuple[bytes, bytes] | None:
    """Return the next message, None where there is none yet.

    Raises:
        TimeoutError: the deadline has passed.
    """
    try:
        return worker.read(min(deadline, time.monotonic() + _POLL_S))
    except TimeoutError:
        if time.monotonic() >= deadline:
            raise
        return None


def _error_of(kind: str, message: str, directory: str) -> LodError:
    if kind == DAMAGED:
        return DamagedError(message, Path(directory))
    return StoreError(message) if kind == UNREADABLE else QueryError(kind, message)
