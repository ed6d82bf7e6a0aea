"""Evidence: how far a stated value of a property agrees with what is published, from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lod.store.search.build.things import PERSON
from lod.store.search.values.folding import runs
from lod.store.search.values.identifiers import form_of, forms_typed
from lod.web.reconcile import properties as p
from lod.web.reconcile.entities import CellValue, Entity
from lod.web.reconcile.properties import Property
from lod.web.reconcile.query import Stated
from lod.web.reconcile.similarity import of_names, of_people, of_titles

_DATE = re.compile(r"(-?[0-9]{4,5})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_LEAST_LIKE = 0.6
"""Names that are less alike say nothing for each other."""
_NEXT_YEAR, _OTHER_DAY = 0.5, 0.8


def agreement(entity: Entity, property_: Property, stated: Sequence[Stated]) -> float | None:
    """Return how far stated values agree with those of an entity; None where it has no value, which says nothing."""
    if property_.compare == p.IDENTIFIER:
        return _same_identifier(entity, property_, stated)
    values = property_.read(entity)
    if not values or not stated:
        return None
    alike = _ALIKE[property_.compare]
    return sum(max(_alike(alike, property_, one, value) for value in values) for one in stated) / len(stated)


def forms_of(property_: Property, text: str) -> set[str]:
    """Return the forms that an identifier may have that is stated as a value of a property."""
    forms = set(forms_typed(text))
    return forms if property_.id == "identifier" else {*forms, form_of(property_.id, text)}


def _same_identifier(entity: Entity, property_: Property, stated: Sequence[Stated]) -> float | None:
    start = "" if property_.id == "identifier" else f"{property_.id}:"
    known = {form for form in entity.identifiers if form.startswith(start)}
    if not known or not stated:
        return None
    return 1.0 if any(forms_of(property_, one.text) & known for one in stated) else 0.0


def _alike(alike: Callable[[str, str], float], property_: Property, stated: Stated, value: CellValue) -> float:
    if stated.iri and stated.iri == value.iri:
        return 1.0
    if property_.value_type == PERSON:
        return _as_share(of_people(stated.text, value.text))
    return alike(stated.text, value.text)


def _as_share(score: float) -> float:
    share = score / 100
    return share if share >= _LEAST_LIKE else 0.0


def _same_date(one: str, other: str) -> float:
    """Return 1 for dates that agree as far as both go, less for others of that year or the next."""
    first, second = _DATE.match(one.strip()), _DATE.match(other)
    if first is None or second is None:
        return 0.0
    years = abs(int(first[1]) - int(second[1]))
    if years:
        return _NEXT_YEAR if years == 1 else 0.0
    same = all(a == b for a, b in zip(first.groups()[1:], second.groups()[1:], strict=True) if a and b)
    return 1.0 if same else _OTHER_DAY


def _same_words(one: str, other: str) -> float:
    return 1.0 if runs(one) == runs(other) else 0.0


def _same_code(one: str, other: str) -> float:
    return max(_same_words(one, other), _as_share(of_names(one, other)))


_ALIKE: dict[str, Callable[[str, str], float]] = {
    p.TEXT: _same_words,
    p.NUMBER: _same_words,
    p.TITLE: lambda one, other: _as_share(of_titles(one, other)),
    p.NAME: lambda one, other: _as_share(of_names(one, other)),
    p.DATE: _same_date,
    p.CODE: _same_code,
}
