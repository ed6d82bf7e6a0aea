"""Acceptances: findings that a cataloguer has looked at and accepts (`accept.csv` of a site), by rule and record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Acceptance(NamedTuple):
    """One line of the file, without the name of who wrote it.

    Attributes:
        rule: of the findings, such as I07 or missing-doi.
        folded: folded name of the record.
        field, value: of the findings that are meant, "" for any of the rule.
        reason, day: why, and when (ISO 8601).
    """

    rule: str
    folded: str
    field: str
    value: str
    reason: str
    day: str


class Acceptances:
    """Acceptances, looked up by finding."""

    def __init__(self, acceptances: Iterable[Acceptance]) -> None:
        self.all = frozenset(acceptances)
        self._by_record: dict[tuple[str, str], list[Acceptance]] = {}
        for one in sorted(self.all):
            self._by_record.setdefault((one.rule, one.folded), []).append(one)

    def of(self, folded: str, rule: str, field: str = "", value: str = "") -> Acceptance | None:
        """Return the acceptance of a finding of a record, None where it has not been accepted."""
        for one in self._by_record.get((rule, folded), ()):
            if one.field in {"", field} and one.value in {"", value}:
                return one
        return None
