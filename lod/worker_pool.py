"""What workers do, what a pool of them is, and the pool of processes: batches in order, in flat memory.

A worker that is killed, or has too little memory, costs a retry. An item that does this to every worker it meets is found by
halving its batch. Processes are spawned, so that they inherit no lock, no connection and no thread.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any, Generic, Protocol, Self, TypeVar

from lod.errors import WorkerError
from lod.memory import give_back_large_blocks

Item = TypeVar("Item")
Result = TypeVar("Result")
_Taken = TypeVar("_Taken", contravariant=True)
_Made = TypeVar("_Made", covariant=True)

_BATCHES_A_WORKER = 2
"""Batches that are with the workers or wait for their turn, for each of them: more would only cost memory."""
_ATTEMPTS = 2
"""Times that an item, alone in a worker, may end it: the first may be chance."""

_STARTS = 3

_log = logging.getLogger(__name__)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Work(Generic[Item, Result]):
    """What workers do with batches of items. All of it can be pickled.

    Attributes:
        given: what the function is given beside a batch; it is sent to each worker once.
        function: makes of a batch a result for each item, the same whatever else is in the batch.
        poisoned: gives the result of an item that ends each worker that gets it.
    """

    given: Any
    function: Callable[[Any, Sequence[Item]], list[Result]]
    poisoned: Callable[[Item], Result]


class Pool(Protocol[_Taken, _Made]):
    """Workers of one kind of work, wherever they run."""

    def in_order(self, batches: Iterable[Sequence[_Taken]]) -> Iterator[Sequence[_Made]]:
        """Yield the results of each batch, in order. A few batches are read ahead.

        Raises:
            WorkerError: no worker can be started, or reached.
            Exception: whatever else the function raises, but for MemoryError.
        """


class WorkerPool(Generic[Item, Result]):
    """Spawned processes, a `Pool`; use it as a context, which starts them with the first batch and ends them."""

    def __init__(self, size: int, work: Work[Item, Result]) -> None:
        self._size = size
        self._work = work
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def in_order(self, batches: Iterable[Sequence[Item]]) -> Iterator[list[Result]]:
        """See `Pool.in_order`."""
        most = _BATCHES_A_WORKER * self._size
        running: deque[tuple[Sequence[Item], Future[list[Result]]]] = deque()
        for batch in batches:
            running.append((batch, self._submit(batch)))
            if len(running) > most:
                yield self._first(running)
        while running:
            yield self._first(running)

    def alone(self, batch: Sequence[Item]) -> list[Result]:
        """Return the results of a batch that is the only one, in a pool of one worker; it is halved where it ends that."""
        for _ in range(1 if len(batch) > 1 else _ATTEMPTS):
            future = self._submit(batch, 1)
            if not _has_failed(future):
                return future.result()
            self._end()
        if len(batch) == 1:
            return [self._work.poisoned(batch[0])]
        half = len(batch) // 2
        return [*self.alone(batch[:half]), *self.alone(batch[half:])]

    def _first(self, running: deque[tuple[Sequence[Item], Future[list[Result]]]]) -> list[Result]:
        """Return the results of the first batch; where a worker has failed, run all that it may have had once more, one by one."""
        batch, future = running.popleft()
        if _has_failed(future):
            wait([other for _, other in running])
            suspects = [(batch, future), *((other, found) for other, found in running if _has_failed(found))]
            _log.warning(
                "a worker process was ended, or had too little memory; %d batches are tried again, one by one",
                len(suspects),
            )
            self._end()
            tried = {id(suspect): self.alone(suspect) for suspect, _ in suspects}
            self._end()
            running_again = [
                (other, _done(tried[id(other)]) if id(other) in tried else found) for other, found in running
            ]
            running.clear()
            running.extend(running_again)
            return tried[id(batch)]
        return future.result()

    def _submit(self, batch: Sequence[Item], size: int = 0) -> Future[list[Result]]:
        if self._executor is None:
            self._executor = self._started(size or self._size)
        try:
            return self._executor.submit(_do, batch)
        except BrokenProcessPool as fault:
            failed: Future[list[Result]] = Future()
            failed.set_exception(fault)
            return failed

    def _started(self, size: int) -> ProcessPoolExecutor:
        """Return a pool of which a worker has answered, so that a failure to start is laid to no batch.

        A task for each worker has all of them started: a pool that starts one later, while it breaks, uses files that it closes.
        """
        reason = ""
        for _ in range(_STARTS):
            executor = ProcessPoolExecutor(
                size, mp_context=get_context("spawn"), initializer=_start, initargs=(self._work,)
            )
            try:
                answers = [executor.submit(os.getpid) for _ in range(size)]
                answers[0].result()
            except (BrokenProcessPool, OSError) as fault:
                reason = str(fault)
                executor.shutdown(wait=True, cancel_futures=True)
            else:
                return executor
        raise WorkerError(
            f'no worker process can be started ({reason}); give the program more memory, or let it work alone: workers = "1" in '
            "lod.toml, or --workers 1"
        )

    def _end(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _has_failed(future: Future[Any]) -> bool:
    """Wait for a batch, and return whether its worker was ended or had too little memory."""
    return isinstance(future.exception(), BrokenProcessPool | MemoryError)


def _done(results: list[Result]) -> Future[list[Result]]:
    future: Future[list[Result]] = Future()
    future.set_result(results)
    return future


# --- in a worker


_here: list[Work[Any, Any]] = []


def _start(work: Work[Any, Any]) -> None:
    """Take the work: Ctrl-C is the parent's to handle, and a worker whose parent was killed ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    give_back_large_blocks()
    _here[:] = [work]
    # What is loaded now lives as long as the worker; to look through it again and again takes a twentieth of its time.
    gc.freeze()


def _do(batch: Sequence[Any]) -> list[Any]:
    return _here[0].function(_here[0].given, batch)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
