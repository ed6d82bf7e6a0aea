"""The Engine protocol: what every SHACL engine takes and returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lod.report import Finding, Severity
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.table import shown
from lod.validation.shapes import Shapes

UNVALIDATED = "unvalidated"
"""Rule of the finding about a record on which the engine itself failed."""


class Engine(Protocol):
    """Runs the shapes over a batch of records (contract: tests/validation/engines/)."""

    def __call__(self, batch: Sequence[RecordIndex], shapes: Shapes) -> list[list[Finding]]:
        """Return the findings about each record of a batch, in its order; the same whatever else is in the batch.

        The records break no rule of `UNREADABLE`. An exception costs only the record that it comes from: `unvalidated`.
        """


def unvalidated(record: RecordIndex, fault: Exception) -> Finding:
    """Return the violation about a record on which the engine failed."""
    reason = " ".join(f"{type(fault).__name__}: {fault}".split())
    return Finding(
        rule=UNVALIDATED,
        severity=Severity.VIOLATION,
        message="Record could not be validated: the validator broke off. Compare it with others of its kind, or try it "
        "without your own shapes; if neither helps, report it with this record.",
        record=record.key,
        value=shown(reason),
        focus=record.item[1:-1],
    )
