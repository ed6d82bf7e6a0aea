"""Classes of a site and how they join, sampled from the first instances of each; the numbers of all are those of the description."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lod.rdf.claims import RDF_FIRST, RDF_TYPE, Term, iri_text, is_iri
from lod.web.view import PublishedView

_MOST_CLASSES = 120
_SAMPLED = 25
_MOST_TRIPLES = 400
"""Triples of one instance that are looked at: a paper may have thousands of authors."""
_TYPE = iri_text(RDF_TYPE)


@dataclass(slots=True)
class Join:
    """A property of a class: in how many of the sampled instances it is, and classes that its values have, with how often."""

    property: str
    instances: int = 0
    targets: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class ClassFound:
    """A class that is part of no other class here: how many instances it has, narrower classes with theirs, its joins.

    `sampled` is how many instances were looked at, `example` the first of them.
    """

    iri: str
    number: int
    narrower: dict[str, int] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)
    sampled: int = 0
    example: str = ""


def classes_found(view: PublishedView) -> list[ClassFound]:
    """Return the classes, the most frequent first; one all of whose sampled instances have a wider class is narrower than it."""
    numbers = view.reader.used_terms.classes
    local = view.addresses.namespace

    def rank(name: str) -> tuple[int, bool, str]:
        return numbers.get(name, 0), name.startswith(local), name

    ranked = sorted(numbers, key=rank, reverse=True)[:_MOST_CLASSES]
    samples = {name: _instances(view, name) for name in ranked}
    types: dict[str, frozenset[str]] = {}
    wider: dict[str, str] = {}
    for name in ranked:
        shared = frozenset.intersection(*(_types(view, one, types) for one in samples[name])) if samples[name] else ()
        above = max((other for other in shared if rank(other) > rank(name)), key=rank, default=None)
        if above:
            wider[name] = above
    tops = {name: ClassFound(name, numbers[name]) for name in ranked if name not in wider and samples[name]}
    for name in ranked:
        top = _top(name, wider)
        if top != name and top in tops:
            tops[top].narrower[name] = numbers[name]
    for name, found in tops.items():
        _join(view, found, samples[name], types, {other: _top(other, wider) for other in ranked})
    return list(tops.values())


def _top(name: str, wider: dict[str, str]) -> str:
    while name in wider:
        name = wider[name]
    return name


def _instances(view: PublishedView, class_: str) -> list[str]:
    found = view.reader.store.triples_to(class_, _SAMPLED)
    return [iri_text(subject) for subject, predicate, _ in found if predicate == RDF_TYPE]


def _types(view: PublishedView, subject: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
    if subject not in known:
        known[subject] = frozenset(iri_text(type_) for type_ in view.reader.store.objects(subject, _TYPE))
    return known[subject]


def _join(
    view: PublishedView, found: ClassFound, instances: list[str], types: dict[str, frozenset[str]], tops: dict[str, str]
) -> None:
    """Fill in the properties of a class from some of its instances."""
    joins: dict[str, Join] = {}
    for instance in instances:
        seen: dict[str, set[str]] = {}
        for place, (_, predicate, object_) in enumerate(view.reader.store.triples_of(instance)):
            if place >= _MOST_TRIPLES:
                break
            if predicate != RDF_TYPE:
                seen.setdefault(iri_text(predicate), set()).update(_targets(view, object_, types, tops))
        for property_, targets in seen.items():
            join = joins.setdefault(property_, Join(property_))
            join.instances += 1
            join.targets.update(targets)
    found.joins = sorted(joins.values(), key=lambda join: (-join.instances, join.property))
    found.sampled, found.example = len(instances), instances[0]


def _targets(view: PublishedView, object_: Term, types: dict[str, frozenset[str]], tops: dict[str, str]) -> set[str]:
    """Return the classes of a value, in place of each its top; those of the first member for a list."""
    if not is_iri(object_):
        return set()
    target = iri_text(object_)
    if not target.startswith(view.addresses.base):
        return set()
    first = next(iter(view.reader.store.objects(target, iri_text(RDF_FIRST))), None)
    if first is not None and is_iri(first):
        target = iri_text(first)
    return {tops[type_] for type_ in _types(view, target, types) if type_ in tops}
