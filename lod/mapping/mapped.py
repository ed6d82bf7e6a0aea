"""Mapped: what the mapping makes of one record."""

from __future__ import annotations

from dataclasses import dataclass

from lod.report import Fate, Finding


@dataclass(frozen=True, slots=True)
class ValueFate:
    """What became of one value: its fate, the rule that took it, why, and the claims that come from it.

    `rule` is "" where no rule took the value; `claims` are lines as `Mapped.claims` has them, `guessed` those among them that
    are guessed.
    """

    fate: Fate
    rule: str = ""
    why: str = ""
    claims: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """One mapped record: the IRIs of its item and of its document, its claims, the fate of each of its values.

    Attributes:
        key: the item's key, "10722/129504".
        item: IRI of the item, `{base}id/item/{key}`.
        document: IRI of its record, `{base}data/item/{key}`.
        claims: N-Triples lines, sorted, each once; they include those about shared resources.
        fates: one for each value of the record, in the same order.
        findings: what the mapping noticed; a violation among them refuses the record.
    """

    key: str
    item: str
    document: str
    title: str
    claims: tuple[str, ...]
    fates: tuple[ValueFate, ...]
    findings: tuple[Finding, ...]

    @property
    def guessed(self) -> frozenset[str]:
        """The claims that are guessed: neither stated nor read in the form of a known program (docs/adr/0038)."""
        return frozenset(line for fate in self.fates for line in fate.guessed)
