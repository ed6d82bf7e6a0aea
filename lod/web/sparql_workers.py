"""The pool of query workers: disposable processes that evaluate what strangers send.

Oxigraph can neither stop a query nor survive every query (a few kilobytes of nesting overflow its stack), so the web
process never evaluates one itself. A worker that runs too long, dies or is left half-read is replaced. One thread, the
keeper, starts and buries all workers: they are bound to the life of the thread that started them.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass, field

from lod.errors import LodError
from lod.web import frames
from lod.web.worker_process import WorkerDiedError, WorkerProcess

_LOG = logging.getLogger(__name__)
_START_TIME_LIMIT_S = 30
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


class WorkerPool:
    """A fixed number of workers, started at the first query or by `start`. Safe to use from several threads."""

    def __init__(self, size: int, limits: Limits) -> None:
        self.size = size
        self.limits = limits
        self._state = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._spent: list[WorkerProcess] = []
        self._living: set[WorkerProcess] = set()
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

    def _read(self, worker: WorkerProcess, job: Job, deadline: float) -> Generator[bytes, None, None]:
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
        except (WorkerDiedError, BrokenPipeError):
            raise self._death(worker) from None
        finally:
            self._give_back(worker, whole)

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

    def _borrow(self) -> WorkerProcess:
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

    def _give_back(self, worker: WorkerProcess, whole: bool) -> None:
        worker.jobs += 1
        with self._state:
            if whole and worker.jobs < _JOBS_PER_WORKER and not self._closing:
                self._idle.append(worker)
            else:
                self._spend(worker)
            self._state.notify_all()

    def _spend(self, worker: WorkerProcess) -> None:
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
        worker = WorkerProcess()
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


def _chained(held: list[bytes], rest: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    try:
        yield from held
        yield from rest
    finally:
        rest.close()
