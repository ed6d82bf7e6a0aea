"""Reconciler: finds candidates for a query, scores them, and says which one is certain.

The score is the likeness of the name, 0 to 100, and that of each stated property which an entity has, by their weights. A match is
certain where one candidate alone is identified, or has the very name and nothing stated speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lod.store.search.build.things import JOURNAL, PERSON
from lod.web.reconcile.entities import BY_ID, ITEM, KINDS, Entities, Entity
from lod.web.reconcile.evidence import agreement, forms_of
from lod.web.reconcile.properties import BY_ID as PROPERTIES
from lod.web.reconcile.properties import IDENTIFIER
from lod.web.reconcile.query import ALL, SHOULD, Query
from lod.web.reconcile.similarity import Compare, has_full_words, of_names, of_people, of_titles

NAME, IDENTITY, TYPE = "name", "identifier", "type"
"""Features beside those of properties: likeness of the name, identified by the text, of a type that was preferred."""

_NAME_WEIGHT = 2.0
_GOOD = 95.0
"""Where a name is so like one, nothing less like it is looked for."""
_LIKE_ENOUGH = 80.0
_MOST_COMPARED = 25
"""Candidates whose stated properties are compared, or whose other titles are read."""
_LEAST_ALIKE = 45.0
"""A name that is less like is no candidate."""
_AGREES = 0.8
_BY_NAME, _BY_IDENTIFIER = 1, 2
_LEAST_OF_NAME = 60.0
"""A name that is less like contradicts an identifier."""
_OTHER_TYPE = 0.8
_SECOND_OWNER = 0.9
_OWNERS = {"issn": JOURNAL, "orcid": PERSON, "doi": ITEM.id, "handle": ITEM.id, "pmid": ITEM.id}
"""Types that an identifier is mostly one of: an article states the ISSN of its journal."""
_COMPARE: dict[str, Compare] = {ITEM.id: of_titles, PERSON: of_people}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: the entity, its score, what the score is made of by feature, how it is certain (0 for not), whether it is the match."""

    entity: Entity
    score: float
    features: dict[str, float | bool]
    certainty: int = 0
    is_match: bool = False


class Reconciler:
    """Answers queries over one generation."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self._index = entities.index

    def candidates(self, query: Query) -> list[Candidate]:
        """Return the candidates for a query, the best first."""
        query = replace(query, text=query.text or self._stated_name(query))
        kinds, codes = self._wanted(query)
        found = list(self._identified(query, kinds, codes))
        if not found and (kinds or codes):
            found = self._by_name(query, kinds, codes)
        return _with_match(sorted(found, key=_order))[: query.limit]

    # --- what is looked at

    def _stated_name(self, query: Query) -> str:
        return next((value.text for name in ("name", "title") for value in query.stated.get(name, ())), "")

    def _wanted(self, query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the types that are looked for, and the types of the COAR list that items are to have."""
        if not query.types or query.type_strict == SHOULD:
            return (ITEM.id, *KINDS), ()
        codes = tuple(name for name in query.types if name not in BY_ID and ":" in name)
        kinds = tuple(name for name in query.types if name in BY_ID)
        if query.type_strict == ALL and len({*kinds, *(ITEM.id for _ in codes)}) > 1:
            return (), ()
        if query.type_strict == ALL and codes:
            return (), codes
        return kinds, codes

    def _is_wanted(self, entity: Entity, kinds: Iterable[str], codes: tuple[str, ...], query: Query) -> bool:
        if entity.type.id in kinds:
            return True
        own = {type_.id for type_ in entity.types}
        if query.type_strict == ALL:
            return bool(codes) and own.issuperset(codes)
        return not own.isdisjoint(codes)

    def _identified(self, query: Query, kinds: tuple[str, ...], codes: tuple[str, ...]) -> Iterator[Candidate]:
        """Yield what the text of the query identifies."""
        found = [entity for entity in self._entities.named(query.text) if self._is_wanted(entity, kinds, codes, query)]
        schemes = {form.partition(":")[0] for form in forms_of(PROPERTIES["identifier"], query.text)}
        owners = {_OWNERS[scheme] for scheme in schemes & _OWNERS.keys()}
        has_owner = any(entity.type.id in owners for entity in found)
        for entity in found:
            is_second = has_owner and entity.type.id not in owners
            score = 100.0 * (_SECOND_OWNER if is_second else 1)
            yield Candidate(entity, score, {IDENTITY: True}, _BY_NAME if is_second else _BY_IDENTIFIER)

    def _by_name(self, query: Query, kinds: tuple[str, ...], codes: tuple[str, ...]) -> list[Candidate]:
        known: dict[str, Entity] = {}
        for name, values in query.stated.items():
            if name in PROPERTIES and PROPERTIES[name].compare == IDENTIFIER:
                forms = {form for value in values for form in forms_of(PROPERTIES[name], value.text)}
                iris = self._index.iris_with_forms(forms)
                known.update((entity.iri, entity) for entity in self._entities.all(iris[:_MOST_COMPARED]))
        known = {iri: entity for iri, entity in known.items() if self._is_wanted(entity, kinds, codes, query)}
        ranked = [(self._likeness(entity, query.text), entity) for entity in known.values()]
        if query.text:
            alike = self._alike(query, kinds, codes, known)
            ranked += [pair for pair in alike if pair[0] >= _LEAST_ALIKE]
        ranked.sort(key=lambda pair: -pair[0])
        return [self._scored(query, entity, score) for score, entity in ranked[: max(_MOST_COMPARED, query.limit)]]

    def _alike(
        self, query: Query, kinds: tuple[str, ...], codes: tuple[str, ...], known: dict[str, Entity]
    ) -> list[tuple[float, Entity]]:
        """Return entities whose names are like the text, with how like: exact ones, and where none is good enough, others."""
        text, found = query.text, {}
        things = tuple(kind for kind in kinds if kind != ITEM.id)
        wants_items = ITEM.id in kinds or bool(codes)
        for is_exact in (True, False):
            for thing in self._index.candidates.things(text, things, is_exact):
                if thing.iri not in known and thing.iri not in found:
                    entity = self._entities.of_thing(thing)
                    found[thing.iri] = self._likeness(entity, text), entity
            if wants_items:
                found.update(self._items(query, kinds, codes, is_exact, {*known, *found}))
            if max((score for score, _ in found.values()), default=0.0) >= _GOOD:
                break
        return list(found.values())

    def _items(
        self, query: Query, kinds: tuple[str, ...], codes: tuple[str, ...], is_exact: bool, known: set[str]
    ) -> Iterator[tuple[str, tuple[float, Entity]]]:
        rows = self._index.candidates.entries(query.text, is_exact)
        ranked = sorted(((of_titles(query.text, title), iri) for iri, title in rows if iri not in known), reverse=True)
        # The title that is shown is one of several: the others are read where it is like none of those.
        reads_others = not ranked or ranked[0][0] < _LIKE_ENOUGH
        for score, iri in ranked[:_MOST_COMPARED]:
            entity = self._entities.item(iri)
            if entity and self._is_wanted(entity, kinds, codes, query):
                yield iri, (self._likeness(entity, query.text) if reads_others else score, entity)

    # --- scores

    def _likeness(self, entity: Entity, text: str) -> float:
        compare = _COMPARE.get(entity.type.id, of_names)
        return max(compare(text, name) for name in entity.names) if text else 0.0

    def _scored(self, query: Query, entity: Entity, likeness: float) -> Candidate:
        features: dict[str, float | bool] = {}
        total, weights = 0.0, 0.0
        if query.text:
            features[NAME] = round(likeness, 1)
            total, weights = _NAME_WEIGHT * likeness, _NAME_WEIGHT
        agreed: dict[str, float] = {}
        for name, values in query.stated.items():
            property_ = PROPERTIES.get(name)
            if property_ is None or entity.type.id not in property_.types:
                continue
            share = agreement(entity, property_, values)
            if share is not None:
                agreed[name] = share
                features[name] = round(100 * share, 1)
                total += property_.weight * 100 * share
                weights += property_.weight
        score = total / weights if weights else 0.0
        if query.types and query.type_strict == SHOULD:
            features[TYPE] = not {type_.id for type_ in entity.types}.isdisjoint(query.types)
            score *= 1 if features[TYPE] else _OTHER_TYPE
        return Candidate(entity, round(score, 1), features, _certainty(query, entity, likeness, agreed))


def _certainty(query: Query, entity: Entity, likeness: float, agreed: dict[str, float]) -> int:
    if any(share < _AGREES for share in agreed.values()):
        return 0
    if any(PROPERTIES[name].compare == IDENTIFIER for name in agreed) and (
        not query.text or likeness >= _LEAST_OF_NAME
    ):
        return _BY_IDENTIFIER
    # Initials stand for many people, most of whom have not written anything here.
    is_telling = entity.type.id != PERSON or has_full_words(query.text)
    return _BY_NAME if likeness == 100 and is_telling else 0


def _with_match(candidates: list[Candidate]) -> list[Candidate]:
    """Return candidates with the one marked that alone is as certain as it is, if it is the best."""
    if not candidates or not candidates[0].certainty:
        return candidates
    best, *others = candidates
    is_alone = all(other.certainty < best.certainty for other in others)
    return [replace(best, is_match=is_alone), *others]


def _order(candidate: Candidate) -> tuple[float, int, int, str]:
    entity = candidate.entity
    return -candidate.score, -candidate.certainty, -entity.number_of_items, entity.iri
