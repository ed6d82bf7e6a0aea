"""Workers: records judged in this process, or, where there are many, in a pool of processes. The outcomes are the same."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import Self

from lod.guard import fault_of
from lod.mapping.crosswalk import Crosswalk
from lod.publish.packed import PackedInput, PackedOutcome, judge_packed
from lod.publish.plan import Plan
from lod.store.catalog.packing import unpack_record
from lod.validation.shapes import Shapes
from lod.worker_pool import WorkerPool

POOL_RECORDS = 2_000
"""Records from which on a pool pays: to start a worker takes as long as to judge some 300 (docs/adr/0049)."""
_POOL_BYTES = 1 << 23
"""Or packed records of this size: what is read ahead to count them is held in memory."""


class Workers:
    """The workers of a run: a context, which ends them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pool: WorkerPool | None = None
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def judged(self, batches: Iterable[Sequence[PackedInput]]) -> Iterator[list[PackedOutcome]]:
        """Yield the outcomes of each batch, in order; with a pool, a few batches are read ahead."""
        source = iter(batches)
        if self._pool is None and self._plan.worker_count > 1:
            first, is_enough = _read_ahead(source)
            source = chain(first, source)
            if is_enough:
                arguments = (self._plan.crosswalk, self._plan.shapes, self._plan.moment)
                self._pool = self._exits.enter_context(WorkerPool(self._plan.worker_count, _prepare, *arguments))
        if self._pool is None:
            plan = self._plan
            return (judge_packed(batch, plan.crosswalk, plan.shapes, plan.moment) for batch in source)
        return self._pool.in_order(_judge_here, source, _poisoned)


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


# --- in a worker


@dataclass
class _Worker:
    crosswalk: Crosswalk
    shapes: Shapes
    moment: str


_here: list[_Worker] = []


def _prepare(crosswalk: Crosswalk, shapes: Shapes, moment: str) -> None:
    from lod.memory import give_back_large_blocks

    give_back_large_blocks()
    _here[:] = [_Worker(crosswalk, shapes, moment)]
    # What is loaded now lives as long as the worker; to look through it again and again takes a twentieth of its time.
    gc.freeze()


def _judge_here(batch: Sequence[PackedInput]) -> list[PackedOutcome]:
    return judge_packed(batch, _here[0].crosswalk, _here[0].shapes, _here[0].moment)
