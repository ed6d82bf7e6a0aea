"""RuleContext: what the rules in code get besides the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from lod.validation.rules.record_index import Names

Found = tuple[str, str, str]
"""What a rule yields: focus (an encoded IRI), property (a prefixed name, or ""), value (an encoded term or a text)."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What the rules in code get besides the record.

    Attributes:
        names: prefixed names of IRIs and back.
        targeted: prefixed names of the classes that a node shape is for.
        today: the date that years and embargoes are compared with.
        qualifiers: the MeSH qualifiers, case-folded; empty where no table of them is installed.
        valid_iris: encoded IRIs that were checked before, so that each is checked once a batch.
        known_terms: prefixed names of properties and classes that vocab/terms/ lists, as far as they were looked up before.
    """

    names: Names
    targeted: frozenset[str]
    today: date
    qualifiers: frozenset[str]
    valid_iris: set[str] = field(default_factory=set)
    known_terms: set[str] = field(default_factory=set)
