"""Findings and their severities, fates of values, and the report of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """Severities as SHACL has them: a violation keeps a record out, a warning is published and reported."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class Fate(StrEnum):
    """What became of a value; each value of each record has exactly one."""

    MAPPED = "mapped"
    KEPT = "kept"
    WITHHELD = "withheld"
    REFUSED = "refused"


LEFT_OUT = "left-out"
"""Rule of a reader's remark about what it left out: `field` is its name in the source, `value` in how many records it was."""

INCOMPLETE = "oai-incomplete"
"""Rule of the violation about a list of which a part is missing: it is about no record, so that none is read and refused."""

FAULT = "fault"
"""Rule of the violation about a record on which our own code failed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that people should look at.

    Attributes:
        rule: id of the rule, the same for every finding of its kind: "I01", "no-key". The message does not repeat it.
        message: what is wrong and what to do about it, in one or two sentences.
        record: key of the record ("10722/129504"), or its place in the source where it has none.
        place: file and row, so that a cataloguer finds the source.
        field, value: the source field and its value, "" where the finding is about the whole record.
        focus, path: the resource and the property that a shape looked at, IRIs, "" where no shape was involved.
    """

    rule: str
    severity: Severity
    message: str
    record: str = ""
    place: str = ""
    field: str = ""
    value: str = ""
    focus: str = ""
    path: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the finding as JSON has it, without the empty parts."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}


SHOWN_FINDINGS = 200
"""How many findings a report lists at most; all of them are in the catalog of the generation."""


EXAMPLES_OF_A_CAUSE = 10
_MOST_CAUSES = 1_000


@dataclass
class Cause:
    """Violations with one message: how many records it keeps out, and the first of them."""

    count: int = 0
    examples: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Count a violation, and keep it while there are few."""
        self.count += 1
        if len(self.examples) < EXAMPLES_OF_A_CAUSE:
            self.examples.append(finding)


@dataclass
class RunReport:
    """What one run did: records by fate, values by field and fate, findings by rule.

    read = published + unchanged + refused + repeated; a removed record is one that was published before, a remapped one
    was not read but mapped again from the catalog, because rules, shapes or settings have changed since. `left_out` counts
    records by what readers left out of them and why, `guessed` the claims
    of the published records that are guessed. `causes` has the violations by rule and message, the first 1,000 of them,
    `examples` the first finding of each rule. `by_pyshacl` has a line for each shape that cannot be compiled, `harvested` a
    sentence for each source on the web, `broken` the reason for each source that could not be read: what was published of
    it stays.
    """

    read: int = 0
    published: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0
    repeated: int = 0
    remapped: int = 0
    warnings: int = 0
    guessed: int = 0
    live: int = 0
    seconds: float = 0.0
    generation: str = ""
    dry_run: bool = False
    balance: dict[str, Counter[str]] = field(default_factory=dict)
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    rule_messages: dict[tuple[str, str], str] = field(default_factory=dict)
    examples: dict[tuple[str, str], Finding] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    by_pyshacl: list[str] = field(default_factory=list)
    harvested: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def note(self, finding: Finding) -> None:
        """Count a finding, and list it while there are few."""
        if finding.rule == LEFT_OUT:
            self.left_out[finding.message] += int(finding.value)
            return
        self.count(finding.rule, finding.severity, 1)
        name = finding.rule, finding.message
        if finding.severity is Severity.VIOLATION and (name in self.causes or len(self.causes) < _MOST_CAUSES):
            self.causes.setdefault(name, Cause()).add(finding)
        self.show(finding)

    def count(self, rule: str, severity: Severity, number: int) -> None:
        """Count findings of a rule."""
        self.by_rule[rule, severity] += number
        if severity is Severity.WARNING:
            self.warnings += number

    def show(self, finding: Finding) -> None:
        """List a finding while there are few, without counting it; the first of its rule is the example."""
        self.rule_messages.setdefault((finding.rule, finding.severity), finding.message)
        self.examples.setdefault((finding.rule, finding.severity), finding)
        if finding.severity is not Severity.INFO and len(self.findings) < SHOWN_FINDINGS:
            self.findings.append(finding)

    def count_values(self, fates: Iterable[tuple[str, str, int]]) -> None:
        """Add values to the balance: field, fate, and how many values have them."""
        for name, fate, number in fates:
            self.balance.setdefault(name, Counter())[fate] += number

    def totals(self) -> dict[str, int]:
        """Return the balance over all fields: read = mapped + kept + withheld + refused."""
        counts = {fate.value: sum(row[fate] for row in self.balance.values()) for fate in Fate}
        return {"read": sum(counts.values()), **counts}

    @property
    def faults(self) -> int:
        """Records, and files, that our own code failed on; those refused are among them."""
        return self.by_rule[FAULT, Severity.VIOLATION]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as `lod publish --json` prints it."""
        by_field = {
            name: {"read": sum(row.values()), **{fate.value: row[fate] for fate in Fate if row[fate]}}
            for name, row in sorted(self.balance.items())
        }
        return {
            "generation": self.generation,
            "dry_run": self.dry_run,
            "read": self.read,
            "published": self.published,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "refused": self.refused,
            "faults": self.faults,
            "repeated": self.repeated,
            "remapped": self.remapped,
            "warnings": self.warnings,
            "guessed": self.guessed,
            "live": self.live,
            "seconds": round(self.seconds, 2),
            "balance": {**self.totals(), "fields": by_field},
            "by_rule": [
                {"rule": rule, "severity": severity, "count": count, "message": self.rule_messages[rule, severity]}
                for (rule, severity), count in self.by_rule.most_common()
            ],
            "left_out": [{"message": message, "records": count} for message, count in self.left_out.most_common()],
            "findings": [finding.to_dict() for finding in self.findings],
            "by_pyshacl": self.by_pyshacl,
            "harvested": self.harvested,
            "broken": self.broken,
            "skipped": [{"file": file, "reason": reason} for file, reason in self.skipped],
        }
