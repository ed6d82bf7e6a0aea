"""A process pool that maps a function over batches, in order, in flat memory.

A worker that is killed, or has too little memory, costs a retry. An item that does this to every worker it meets is found by
halving its batch. Processes are spawned, so that they inherit no lock, no connection and no thread.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, Self, TypeVar

from lod.errors import WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCHES_A_WORKER = 2
"""Batches that are with the workers or wait for their turn, for each of them: more would only cost memory."""
_ATTEMPTS = 2
"""Times that an item, alone in a worker, may end it: the first may be chance."""

_STARTS = 3

_log = logging.getLogger(__name__)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class WorkerPool:
    """Spawned processes; use it as a context, which starts them with the first batch and ends them."""

    def __init__(self, size: int, prepare: Callable[..., object], *arguments: object) -> None:
        """Have `size` processes, each of which first calls `prepare` with the arguments."""
        self._size = size
        self._prepare = (prepare, arguments)
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def in_order(
        self,
        function: Callable[[Sequence[Item]], list[Result]],
        batches: Iterable[Sequence[Item]],
        poisoned: Callable[[Item], Result],
    ) -> Iterator[list[Result]]:
        """Yield the results of each batch, in order. A few batches are read ahead.

        `poisoned` gives the result of an item that ends each worker that gets it.

        Raises:
            WorkerError: no worker can be started.
            Exception: whatever else the function raises, but for MemoryError.
        """
        most = _BATCHES_A_WORKER * self._size
        running: deque[tuple[Sequence[Item], Future[list[Result]]]] = deque()
        for batch in batches:
            running.append((batch, self._submit(function, batch)))
            if len(running) > most:
                yield self._first(running, function, poisoned)
        while running:
            yield self._first(running, function, poisoned)

    def _first(
        self,
        running: deque[tuple[Sequence[Item], Future[list[Result]]]],
        function: Callable[[Sequence[Item]], list[Result]],
        poisoned: Callable[[Item], Result],
    ) -> list[Result]:
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
            tried = {id(suspect): self._alone(suspect, function, poisoned) for suspect, _ in suspects}
            self._end()
            running_again = [
                (other, _done(tried[id(other)]) if id(other) in tried else found) for other, found in running
            ]
            running.clear()
            running.extend(running_again)
            return tried[id(batch)]
        return future.result()

    def _alone(
        self,
        batch: Sequence[Item],
        function: Callable[[Sequence[Item]], list[Result]],
        poisoned: Callable[[Item], Result],
    ) -> list[Result]:
        """Return the results of a batch that is the only one, in a pool of one worker; it is halved where it ends that."""
        for _ in range(1 if len(batch) > 1 else _ATTEMPTS):
            future = self._submit(function, batch, 1)
            if not _has_failed(future):
                return future.result()
            self._end()
        if len(batch) == 1:
            return [poisoned(batch[0])]
        half = len(batch) // 2
        return [*self._alone(batch[:half], function, poisoned), *self._alone(batch[half:], function, poisoned)]

    def _submit(
        self, function: Callable[[Sequence[Item]], list[Result]], batch: Sequence[Item], size: int = 0
    ) -> Future[list[Result]]:
        if self._executor is None:
            self._executor = self._started(size or self._size)
        try:
            return self._executor.submit(function, batch)
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
                size, mp_context=get_context("spawn"), initializer=_start, initargs=self._prepare
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


def _start(prepare: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Prepare a worker: Ctrl-C is the parent's to handle, and a worker whose parent was killed ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
