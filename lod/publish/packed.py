"""Outcomes packed for the catalog: what a worker gets and gives back, small enough to be sent between processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lod.guard import guarded
from lod.mapping.crosswalk import Crosswalk
from lod.publish.judge import KeyedRecord, Outcome, judge
from lod.report import Finding
from lod.store.catalog.packing import PackedRecord, packed, unpack_record
from lod.store.oxigraph import stored_form
from lod.validation.shapes import Shapes


class PackedInput(NamedTuple):
    """A packed record with the key under which it was staged or published."""

    key: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class PackedOutcome:
    """What becomes of one record, as `Outcome` has it, ready to be written.

    Attributes:
        findings: all findings about it.
        row: what the catalog stores; None where it is refused.
        guessed: how many of its claims are guessed.
    """

    findings: tuple[Finding, ...]
    row: PackedRecord | None = None
    guessed: int = 0


def judge_packed(
    batch: Sequence[PackedInput], crosswalk: Crosswalk, shapes: Shapes, moment: str
) -> list[PackedOutcome]:
    """Return the packed outcome of each packed record: see `judge`. Pure."""
    records = [KeyedRecord(key, unpack_record(payload)) for key, payload in batch]
    outcomes = judge(records, crosswalk, shapes, moment)
    return [packed_outcome(*pair) for pair in zip(records, outcomes, strict=True)]


def packed_outcome(keyed: KeyedRecord, outcome: Outcome) -> PackedOutcome:
    """Return an outcome, packed; a fault in packing costs the record."""
    key, record = keyed
    mapped = outcome.mapped
    if mapped is None:
        return PackedOutcome(outcome.findings)
    row = guarded(
        lambda given: packed(given, record, outcome.entries, stored_form),
        mapped,
        "packed",
        place=record.place,
        record=key,
    )
    if isinstance(row, Finding):
        return PackedOutcome((*outcome.findings, row))
    return PackedOutcome(outcome.findings, row, len(mapped.guessed))
