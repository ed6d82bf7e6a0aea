"""Map and validate a batch of records: pure, so that any process can do it. No catalog, no site, no clock.

What goes in and comes out can be pickled. RDF made elsewhere is judged in `ready_made`, since it needs the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from lod.errors import BadValueError
from lod.guard import guarded
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.mapped import Mapped
from lod.mapping.record.apply import map_record
from lod.publish.keys import no_key
from lod.record import Record
from lod.report import Finding, Severity
from lod.validation.rules.table import shown
from lod.validation.rules.whole_store import IndexEntry, index_entries
from lod.validation.shapes import Shapes
from lod.validation.validate import ENGINES, validate_each


class KeyedRecord(NamedTuple):
    """A record with the key under which it was staged or published."""

    key: str
    record: Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one record.

    Attributes:
        findings: all findings about it; a violation is among them where it is refused.
        mapped: its claims and the fates of its values; None where it is refused.
        entries: what the rules about the whole store index of it; empty where it is refused.
        attempt: what the mapping made of it, also where it is refused; None where it could not be mapped.
    """

    findings: tuple[Finding, ...]
    mapped: Mapped | None = None
    entries: tuple[IndexEntry, ...] = ()
    attempt: Mapped | None = None


def judge(batch: Sequence[KeyedRecord], crosswalk: Crosswalk, shapes: Shapes, moment: str) -> list[Outcome]:
    """Return the outcome of each record, in order; the same whatever else is in the batch.

    `moment` is that of the run, ISO 8601 in UTC with "Z". An unexpected exception costs the record that it comes from: it
    is refused with the violation `fault`.
    """
    today = date.fromisoformat(moment[:10])
    results = [mapped_or_finding(keyed, crosswalk, moment) for keyed in batch]
    mapped = [result for result in results if isinstance(result, Mapped)]
    engine = ENGINES[crosswalk.settings.engine]
    found = iter(validate_each(mapped, shapes, today=today, engine=engine))
    outcomes = [
        outcome(keyed, result, next(found)) if isinstance(result, Mapped) else Outcome((result,))
        for keyed, result in zip(batch, results, strict=True)
    ]
    return [
        _without_guesses(keyed, refused, crosswalk, shapes, moment) if refused.mapped is None else refused
        for keyed, refused in zip(batch, outcomes, strict=True)
    ]


def _without_guesses(
    keyed: KeyedRecord, refused: Outcome, crosswalk: Crosswalk, shapes: Shapes, moment: str
) -> Outcome:
    """Return the outcome of a refused record without the guesses that refuse it, as before where they are not the cause.

    The guesses of a value go together: those of the values of which a guess is about what a violation is about.
    """
    attempt = refused.attempt
    if attempt is None or not attempt.guessed:
        return refused
    violations = [finding for finding in refused.findings if finding.severity is Severity.VIOLATION]
    about = tuple(f"<{finding.focus}> <{finding.path}> " for finding in violations if finding.focus and finding.path)
    guessing = {index for index, fate in enumerate(attempt.fates) if fate.guessed}
    at_fault = {index for index in guessing if any(line.startswith(about) for line in attempt.fates[index].guessed)}
    distrusted = frozenset(at_fault or guessing)
    mapped = mapped_or_finding(keyed, crosswalk, moment, distrusted)
    if not isinstance(mapped, Mapped):
        return refused
    engine = ENGINES[crosswalk.settings.engine]
    (found,) = validate_each([mapped], shapes, today=date.fromisoformat(moment[:10]), engine=engine)
    better = outcome(keyed, mapped, found)
    if better.mapped is None:
        return refused
    values = keyed.record.values
    warnings = tuple(
        Finding(
            "guess",
            Severity.WARNING,
            f"What was guessed of the value was left out, since it fails {violations[0].rule}: {violations[0].message} "
            "Correct the value, or give fields of their own to what it says.",
            record=keyed.key,
            place=keyed.record.place,
            field=values[index].field,
            value="" if crosswalk.hides(values[index].text) else shown(values[index].text),
        )
        for index in sorted(distrusted)
    )
    return replace(better, findings=(*better.findings, *warnings))


def mapped_or_finding(
    keyed: KeyedRecord, crosswalk: Crosswalk, moment: str, distrusted: frozenset[int] = frozenset()
) -> Mapped | Finding:
    """Return what the mapping makes of a record without guesses of the distrusted values, or the violation that refuses it."""
    key, record = keyed
    try:
        return guarded(
            lambda given: map_record(given, crosswalk, moment, distrusted=distrusted),
            record,
            "mapped",
            place=record.place,
            record=key,
        )
    except BadValueError as fault:
        # The settings that gave the record its key have changed since it was published.
        return no_key(record, str(fault))


def outcome(keyed: KeyedRecord, mapped: Mapped, found: Iterable[Finding]) -> Outcome:
    """Return the outcome of a mapped record with what validation has found."""
    key, record = keyed
    findings = list(mapped.findings)
    # What the mapping reports of a value, with its field, a shape need not report again.
    reported = {finding.rule for finding in mapped.findings}
    findings += (
        replace(finding, place=finding.place or record.place)
        for finding in found
        if finding.severity is Severity.VIOLATION or finding.rule not in reported
    )
    entries = guarded(index_entries, mapped, "judged", place=record.place, record=key)
    if isinstance(entries, Finding):
        findings.append(entries)
    if isinstance(entries, Finding) or any(finding.severity is Severity.VIOLATION for finding in findings):
        return Outcome(tuple(findings), attempt=mapped)
    return Outcome(tuple(findings), mapped, tuple(entries), mapped)
