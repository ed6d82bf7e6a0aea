"""Suggest: complete a typed prefix to entities, types and properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lod.store.search.find.query import readable
from lod.store.search.values.folding import fold
from lod.web.reconcile.entities import BY_ID, ITEM, TYPES, Entities, Entity, Type
from lod.web.reconcile.properties import PROPERTIES, Property

PAGE = 10
MOST_SKIPPED = 200
_FACETS = {"person": "person", "organisation": "organisation", "journal": "journal", "concept": "subject"}
_MOST_CODES = 200


def suggest_entities(entities: Entities, prefix: str, types: Iterable[str], skipped: int) -> list[Entity]:
    """Return a page of entities: what the text identifies, people and things by the number of their items, then items by title."""
    wanted = frozenset(types) or frozenset(BY_ID)
    most = skipped + PAGE
    found = {entity.iri: entity for entity in _completed(entities, readable(prefix), wanted, most)}
    return list(found.values())[skipped:most]


def _completed(entities: Entities, prefix: str, wanted: frozenset[str], most: int) -> Iterator[Entity]:
    yield from (entity for entity in entities.named(prefix) if entity.type.id in wanted)
    facets = [facet for kind, facet in _FACETS.items() if kind in wanted]
    # Values of facets are names too, of people who have no IRI.
    for suggestion in entities.index.suggest(prefix, 3 * most, facets) if facets else ():
        entity = entities.get(suggestion.key)
        if entity:
            yield entity
    if ITEM.id in wanted:
        for iri, _ in entities.index.candidates.titles_from(prefix, most):
            yield from entities.all([iri])


def suggest_types(entities: Entities, prefix: str) -> list[Type]:
    """Return the types that have a text in their name or id, and those of the COAR list that items here have."""
    values = entities.index.browse("type", order="count", size=_MOST_CODES).values
    codes = (Type(value.key, value.label, value.key) for value in values)
    return [type_ for type_ in (*TYPES, *codes) if _has(prefix, type_.id, type_.name)]


def suggest_properties(prefix: str) -> list[Property]:
    """Return the properties that have a text in their name or id."""
    return [property_ for property_ in PROPERTIES if _has(prefix, property_.id, property_.name)]


def _has(prefix: str, *names: str) -> bool:
    wanted = fold(prefix.strip())
    return any(wanted in fold(name) for name in names)
