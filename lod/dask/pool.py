"""A pool of workers on a Dask cluster: batches in order, in flat memory, whatever happens to workers.

A worker that is lost costs a retry, which is Dask's. A batch that Dask gives up, since several workers were lost with it, is
settled by a process of this machine, as `WorkerPool` does: it halves the batch and finds the item.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import Any, Generic, Self

from lod.dask.worker import do, take, this_program
from lod.errors import ConfigError, WorkerError
from lod.worker_pool import Item, Result, Work, WorkerPool

LOCAL = "local"
"""Stands in the place of an address for processes of this machine."""

_BATCHES_A_WORKER = 3
_FEWEST_BATCHES, _MOST_BATCHES = 4, 64
"""Bounds of the batches that are on their way, whatever the size of the cluster: they are held here and by the scheduler."""
_KEPT_MESSAGES = 20
"""Messages to the scheduler, and in a local cluster to each worker, that Dask keeps for its developers: 1,000 unless told, batches and all."""
_LOOK_S = 10.0
"""Time after which it is looked what has become of a batch and of the workers."""
_WORKERS_WAIT_S = 600.0
"""Longest wait for a first worker, where Dask's configuration has none."""

_log = logging.getLogger(__name__)


class DaskPool(Generic[Item, Result]):
    """The workers of a Dask cluster, a `Pool`; use it as a context, which reaches the cluster and leaves it."""

    def __init__(self, address: str, size: int, work: Work[Item, Result]) -> None:
        """Name the scheduler; where it is "local", `size` processes of this machine are started."""
        self._address = address
        self._size = size
        self._work = work
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        """Reach the cluster, and compare its workers with this program.

        Raises:
            ConfigError: Dask is not installed.
            WorkerError: the scheduler cannot be reached, or a worker differs.
        """
        try:
            import dask
            import distributed
        except ImportError:
            raise ConfigError(
                "Dask is not installed here, so no cluster can be used; install it (pip install 'lod[dask]'), or leave out --dask"
            ) from None
        with ExitStack() as exits:
            exits.enter_context(dask.config.set({"distributed.admin.low-level-log-length": _KEPT_MESSAGES}))
            if self._address == LOCAL:
                place = exits.enter_context(local_cluster(self._size))
            else:
                place = self._address
                self._probe()
            self._client = exits.enter_context(distributed.Client(place, set_as_default=False))
            self._program = this_program()
            self._bytes = pickle.dumps(self._work)
            self._digest = hashlib.sha256(self._bytes).hexdigest()
            self._alone_since = time.monotonic()
            self._hand_over()
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def in_order(self, batches: Iterable[Sequence[Item]]) -> Iterator[list[Result]]:
        """See `Pool.in_order`."""
        running: deque[tuple[Sequence[Item], Any]] = deque()
        for batch in batches:
            running.append((batch, self._submit(batch)))
            while len(running) > self._most():
                yield self._results(*running.popleft())
        while running:
            yield self._results(*running.popleft())

    def _probe(self) -> None:
        """Connect once. Dask's client waits forever for a service that is silent, and complains of itself where it fails."""
        from dask.config import get
        from dask.utils import parse_timedelta
        from distributed import Security
        from distributed.comm import connect

        limit_s = float(parse_timedelta(get("distributed.comm.timeouts.connect")))

        async def reach() -> None:
            arguments = Security().get_connection_args("client")
            comm = await asyncio.wait_for(connect(self._address, timeout=limit_s, **arguments), 2 * limit_s)
            await comm.close()

        try:
            asyncio.run(reach())
        except TimeoutError:
            raise self._unreachable(f"what listens there gives no answer in {2 * limit_s:g} s") from None
        except (OSError, RuntimeError, TypeError, ValueError) as fault:
            reason = f"{fault}: {fault.__cause__}" if fault.__cause__ else str(fault)
            raise self._unreachable(reason) from None

    def _unreachable(self, reason: str) -> WorkerError:
        return WorkerError(
            f"the Dask scheduler {self._address} cannot be reached ({' '.join(reason.split())}). Start one with 'dask scheduler', give "
            "the address that it shows, tls:// with the certificates of Dask's configuration where it wants them, or leave out "
            "--dask; DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT lengthens the wait. Nothing has changed"
        )

    def _hand_over(self, worker: str | None = None) -> None:
        """Have a worker, or each that there is, compare itself with this program and take the work. Later ones are found by their first batch."""
        workers = None if worker is None else [worker]
        with self._connection():
            answers = self._client.run(
                take, self._program, self._digest, self._bytes, workers=workers, on_error="return"
            )
        for address, fault in answers.items():
            if isinstance(fault, WorkerError):
                raise fault
            if isinstance(fault, Exception) and not isinstance(fault, OSError):
                raise self._cannot_load(f"the Dask worker {address}", fault)

    def _cannot_load(self, place: str, fault: BaseException) -> WorkerError:
        return WorkerError(
            f"{place} cannot load the program ({fault}); this run was started by {self._program}. Install the same version of lod "
            "where the scheduler and the workers run, and start them again. Nothing has changed"
        )

    def _submit(self, batch: Sequence[Item]) -> Any:
        """Send a batch. Its key is the hash of all that its results depend on, so that doing it twice is doing it once."""
        items = pickle.dumps(batch)
        digest = hashlib.sha256(f"{self._program} {self._digest} ".encode() + items).hexdigest()
        with self._connection():
            return self._client.submit(do, self._program, self._digest, items, key=f"lod-{digest}", pure=False)

    def _most(self) -> int:
        """Return how many batches may be on their way."""
        with self._connection():
            workers = len(self._client.nthreads())
        return max(_FEWEST_BATCHES, min(_BATCHES_A_WORKER * workers, _MOST_BATCHES))

    def _results(self, batch: Sequence[Item], future: Any) -> list[Result]:
        from distributed import KilledWorker

        answer = self._answer(future)
        while isinstance(answer, str):
            # A worker that joined since, or rejoined. The key is computed again once no worker holds it.
            self._hand_over(answer)
            future.release()
            future = self._submit(batch)
            answer = self._answer(future)
        future.release()
        if isinstance(answer, list):
            return answer
        if isinstance(answer, KilledWorker | MemoryError):
            _log.warning(
                "%s; its batch is settled by a process of this machine", answer or "a worker had too little memory"
            )
            with WorkerPool(1, self._work) as pool:
                return pool.alone(batch)
        cause = answer.__cause__ or answer
        if isinstance(cause, ImportError):
            raise self._cannot_load(f"the Dask cluster {self._address}", cause) from None
        raise answer

    def _answer(self, future: Any) -> Any:
        """Wait for what a worker answers: results, its address, or what it has raised."""
        from distributed import KilledWorker

        while True:
            with self._connection():
                try:
                    fault: Exception | None = future.exception(timeout=_LOOK_S)
                    if fault is not None:
                        return fault
                    return future.result(timeout=_LOOK_S)
                except TimeoutError:
                    self._look_for_workers()
                except KilledWorker as ended:
                    # The result was lost with its worker, and so were those that made it again.
                    return ended

    def _look_for_workers(self) -> None:
        """Stop where there has been no worker for too long; a cluster that grows with its work may take a while to start one."""
        from dask.config import get
        from dask.utils import parse_timedelta

        now = time.monotonic()
        if self._client.nthreads():
            self._alone_since = now
        limit_s = float(parse_timedelta(get("distributed.scheduler.no-workers-timeout", None) or _WORKERS_WAIT_S))
        if now - self._alone_since > limit_s:
            raise WorkerError(
                f"the Dask cluster {self._address} has had no worker for {limit_s:g} s. Start some with 'dask worker {self._address}'; "
                "DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT lengthens the wait. Nothing has changed"
            )

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """Stop where the connection to the scheduler is lost."""
        try:
            yield
        except (CancelledError, asyncio.CancelledError, OSError) as fault:
            raise WorkerError(
                f"the connection to the Dask scheduler {self._address} is lost ({' '.join(str(fault).split())}). Start it and its workers "
                "again, and publish again. Nothing has changed"
            ) from None


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    """Start Dask's processes on this machine, and end them.

    Dask always serves its figures: on this machine, at any port. It takes a worker for lost that is away twice, 15 seconds apart,
    and would start none for it.
    """
    import dask
    import distributed

    here, any_port = "127.0.0.1", "127.0.0.1:0"
    ports = {"dashboard_address": any_port, "worker_dashboard_address": any_port}
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1 day"}),
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, host=here, **ports) as cluster,
    ):
        yield cluster
