"""Queries to the service, whatever the version of the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_LIMIT, MOST_CANDIDATES = 10, 50
LONGEST_TEXT = 1_000
ANY, ALL, SHOULD = "any", "all", "should"
"""How types restrict: an entity has one of them; it has all of them; those that have one are preferred."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a property is stated to have: its text, and the IRI of the entity where the client knows it."""

    text: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One query: a text, "" where only properties are stated; ids of types; stated values by the ids of properties.

    Texts are such as SQLite takes (`lod.store.search.find.query.readable`).
    """

    text: str = ""
    types: tuple[str, ...] = ()
    type_strict: str = ANY
    limit: int = DEFAULT_LIMIT
    stated: dict[str, tuple[Stated, ...]] = field(default_factory=dict)
