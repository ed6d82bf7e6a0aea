"""Validate mapped records: the rules in code on each record, then an engine runs the shapes over the batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain

from lod.guard import guarded
from lod.mapping.mapped import Mapped
from lod.report import Finding
from lod.validation.engines.compiled import run_compiled
from lod.validation.engines.engine import Engine
from lod.validation.engines.pyshacl import run_pyshacl
from lod.validation.rules.record_index import Names, RecordIndex, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import UNREADABLE, check_record
from lod.validation.shapes import Shapes

ENGINES: dict[str, Engine] = {"compiled": run_compiled, "pyshacl": run_pyshacl}
"""The engines by the names that the setting `engine` takes."""

_Checked = tuple[RecordIndex, list[Finding]]


def validate(
    batch: Sequence[Mapped], shapes: Shapes, *, today: date | None = None, engine: Engine = run_compiled
) -> list[Finding]:
    """Return the findings about mapped records, in their order: see `validate_each`."""
    today = today or datetime.now(UTC).date()
    return list(chain.from_iterable(validate_each(batch, shapes, today=today, engine=engine)))


def validate_each(
    batch: Sequence[Mapped], shapes: Shapes, *, today: date, engine: Engine = run_compiled
) -> list[list[Finding]]:
    """Return the findings about each of several mapped records; what is made for a batch is made once.

    The findings about a record are the same whatever else is in the batch. `today` (UTC) is what years are compared with.
    Nothing in a record raises: one on which the engine fails gets a violation, `unvalidated`; one on which a rule in
    code fails gets the violation `fault`, and no other findings.
    """
    context = RuleContext(Names(shapes.vocabulary), shapes.targeted, today, shapes.qualifiers)
    check = partial(_checked, shapes=shapes, context=context)
    checked = [guarded(check, mapped, "judged", record=mapped.key) for mapped in batch]
    readable = [result for result in checked if not isinstance(result, Finding) and _is_readable(result)]
    of_engine = iter(engine([record for record, _ in readable], shapes))
    found: list[list[Finding]] = []
    for result in checked:
        if isinstance(result, Finding):
            found.append([result])
        else:
            found.append([*result[1], *(next(of_engine) if _is_readable(result) else ())])
    return found


def _checked(mapped: Mapped, shapes: Shapes, context: RuleContext) -> _Checked:
    """Index the claims of a record, and check them by the rules in code."""
    record = index_claims(mapped, context.names)
    return record, list(check_record(record, context, shapes.without))


def _is_readable(result: _Checked) -> bool:
    """Return whether an engine can be given the record."""
    return UNREADABLE.isdisjoint(finding.rule for finding in result[1])
