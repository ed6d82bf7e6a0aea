"""What Dask's scheduler and workers load: the task that does the work on a batch.

The scheduler reads the names of functions and no arguments: work and batches are bytes to it, so that this module, which imports
nothing else of the program, is all that it needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import platform
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from lod import __version__
from lod.errors import WorkerError
from lod.program import program_fingerprint

if TYPE_CHECKING:
    from lod.worker_pool import Work

_PIECE_ITEMS = 25
"""Items after which a worker looks at its connections: one that is silent for five minutes is taken for dead."""
_MOST_KEPT = 4
"""Works that a worker keeps: several sites may be published on one cluster."""

_kept: OrderedDict[str, Work[Any, Any]] = OrderedDict()


class Program(NamedTuple):
    """What the results depend on beside work and batch. The characters that Python knows differ between its versions."""

    version: str
    fingerprint: str
    python: str

    def __str__(self) -> str:
        return f"lod {self.version} (fingerprint {self.fingerprint[:12]}) on Python {self.python}"


def this_program() -> Program:
    """Return the program that this process runs."""
    return Program(__version__, program_fingerprint(), ".".join(platform.python_version_tuple()[:2]))


def take(program: Program, digest: str, work: bytes, dask_worker: Any) -> None:
    """Compare this worker with the program that publishes, and keep the pickled work, of which `digest` is the SHA-256.

    Raises:
        WorkerError: it is another program, or works in a thread, where no expression of a site can be stopped.
    """
    _compare(program, dask_worker.address)
    found = hashlib.sha256(work).hexdigest()
    if found != digest:
        raise WorkerError(
            f"the Dask worker {dask_worker.address} was given crosswalk, shapes and settings of the hash {found[:12]}, and this run has "
            f"those of the hash {digest[:12]}; publish again"
        )
    _kept[digest] = pickle.loads(work)  # noqa: S301 (made by the process that publishes, as each task is)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)


async def do(program: Program, digest: str, batch: bytes) -> list[Any] | str:
    """Return the results of a batch of pickled items; the address of this worker if it has yet to take the work.

    Dask runs a coroutine in the main thread of the worker, the only one in which Python can stop a slow expression.

    Raises:
        WorkerError: see `take`.
    """
    from distributed import get_worker

    address = str(get_worker().address)
    _compare(program, address)
    work = _kept.get(digest)
    if work is None:
        return address
    _kept.move_to_end(digest)
    items = pickle.loads(batch)  # noqa: S301 (likewise)
    results: list[Any] = []
    for start in range(0, len(items), _PIECE_ITEMS):
        results += work.function(work.given, items[start : start + _PIECE_ITEMS])
        await asyncio.sleep(0)
    return results


def _compare(program: Program, address: str) -> None:
    here = this_program()
    if here != program:
        raise WorkerError(
            f"the Dask worker {address} runs {here}, and this run was started by {program}; their results might differ. "
            "Install the same version of lod, and of what it requires, on both, and start the worker again"
        )
    if threading.current_thread() is not threading.main_thread():
        raise WorkerError(
            f"the Dask worker {address} runs in a thread of another program; start workers as processes of their own, with "
            "'dask worker'"
        )
