"""Validate mapped records: the rules in code on each record, then an engine runs the shapes over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import chain

from lod.guard import guarded
from lod.mapping.mapped import Mapped
from lod.report import Finding
from lod.validation.engines.compiled import run_compiled
from lod.validation.engines.engine import Engine, quiet
from lod.validation.engines.pyshacl import run_pyshacl
from lod.validation.rules.record_index import Names, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import UNREADABLE, check_record
from lod.validation.shapes import Shapes

ENGINES: dict[str, Engine] = {"compiled": run_compiled, "pyshacl": run_pyshacl}
"""The engines by the names that the setting `engine` takes."""


def validate(
    records: Iterable[Mapped], shapes: Shapes, *, today: date | None = None, engine: Engine = run_compiled
) -> list[Finding]:
    """Return the findings about mapped records, in their order: see `validate_each`."""
    today = today or datetime.now(UTC).date()
    return list(chain.from_iterable(validate_each(records, shapes, today=today, engine=engine)))


def validate_each(
    records: Iterable[Mapped], shapes: Shapes, *, today: date, engine: Engine = run_compiled
) -> list[Sequence[Finding]]:
    """Return the findings about each of several mapped records.

    The findings about a record are the same whatever others there are. `today` (UTC) is what years are compared with.
    Nothing in a record raises: one on which the engine fails gets a violation, `unvalidated`; one on which a rule in
    code fails gets the violation `fault`, and no other findings.
    """
    context = RuleContext(Names(shapes.vocabulary), shapes.targeted, today, shapes.qualifiers)

    def judged(mapped: Mapped) -> list[Finding]:
        # Its index is gone before the next one is made: kept, indexes cost more in garbage collection than in making.
        record = index_claims(mapped, context.names)
        found = list(check_record(record, context, shapes.without))
        return found if any(finding.rule in UNREADABLE for finding in found) else [*found, *engine(record, shapes)]

    with quiet():
        results = [guarded(judged, mapped, "judged", record=mapped.key) for mapped in records]
    return [[result] if isinstance(result, Finding) else result for result in results]
