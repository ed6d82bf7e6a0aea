"""Workers: records judged in this process, in a pool of processes where there are many, or on a Dask cluster. The outcomes are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import NamedTuple, Self

from lod.guard import fault_of
from lod.mapping.crosswalk import Crosswalk
from lod.publish.packed import PackedInput, PackedOutcome, judge_packed
from lod.publish.plan import Plan
from lod.store.catalog.packing import unpack_record
from lod.validation.shapes import Shapes
from lod.worker_pool import Pool, Work, WorkerPool

POOL_RECORDS = 2_000
"""Records from which on a pool pays: to start a worker takes as long as to judge some 300 (docs/adr/0049)."""
_POOL_BYTES = 1 << 23
"""Or packed records of this size: what is read ahead to count them is held in memory."""


class Workers:
    """The workers of a run: a context, which ends them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._work = Work(Rules(plan.crosswalk, plan.shapes, plan.moment), _judge, _poisoned)
        self._pool: Pool[PackedInput, PackedOutcome] | None = None
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        """Reach the Dask cluster of the plan, if it has one, before anything is read."""
        plan = self._plan
        if plan.dask:
            from lod.dask.pool import DaskPool

            self._pool = self._exits.enter_context(DaskPool(plan.dask, plan.worker_count, self._work))
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def judged(self, batches: Iterable[Sequence[PackedInput]]) -> Iterator[Sequence[PackedOutcome]]:
        """Yield the outcomes of each batch, in order; with a pool, a few batches are read ahead."""
        source = iter(batches)
        if self._pool is None and self._plan.worker_count > 1:
            first, is_enough = _read_ahead(source)
            source = chain(first, source)
            if is_enough:
                self._pool = self._exits.enter_context(WorkerPool(self._plan.worker_count, self._work))
        if self._pool is None:
            return (_judge(self._work.given, batch) for batch in source)
        return self._pool.in_order(source)


class Rules(NamedTuple):
    """What records are judged by, and the moment of the run."""

    crosswalk: Crosswalk
    shapes: Shapes
    moment: str


def _judge(rules: Rules, batch: Sequence[PackedInput]) -> list[PackedOutcome]:
    return judge_packed(batch, rules.crosswalk, rules.shapes, rules.moment)


def _read_ahead(source: Iterator[Sequence[PackedInput]]) -> tuple[list[Sequence[PackedInput]], bool]:
    """Return the first batches, and whether they have so many records that a pool pays; else they are all there are."""
    read: list[Sequence[PackedInput]] = []
    records = size = 0
    for batch in source:
        read.append(batch)
        records += len(batch)
        size += sum(len(packed.payload) for packed in batch)
        if records >= POOL_RECORDS or size >= _POOL_BYTES:
            return read, True
    return read, False


def _poisoned(packed: PackedInput) -> PackedOutcome:
    """Return the outcome of a record that ends every process that judges it."""
    record = unpack_record(packed.payload)
    fault = ChildProcessError("the process that mapped it was ended, or had too little memory")
    return PackedOutcome((fault_of(fault, "judged", place=record.place, record=packed.key),))
