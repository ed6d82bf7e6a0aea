"""Constraints over all values of a path together: how many, which must be there, how they stand to another property.

Source: W3C SHACL, sections 4.2, 4.4.5, 4.5, 4.8.1 and 4.8.2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from operator import le, lt
from typing import Any

import rdflib
from rdflib import RDFS, SH, Literal, URIRef

from lod.validation.engines.record_view import RecordView
from lod.validation.engines.shape_graph import ShapeGraph, UncompilableError, encoded, literal_key, shacl_name

Check = Callable[[RecordView, str, Collection[str]], Collection[str | None]]
"""Returns, for a focus and its values, the values that break a constraint; None where it is no value in particular."""


@dataclass(frozen=True, slots=True)
class SetCheck:
    """A constraint over all values.

    Attributes:
        check: returns what breaks it.
        of_none: whether it can be broken where there is no value.
        reads: other properties of the focus that it looks at.
    """

    check: Check
    of_none: bool
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Closed:
    """sh:closed: the properties that a value may have."""

    allowed: frozenset[str]

    def others(self, view: RecordView, term: str) -> Iterator[tuple[str, str]]:
        """Yield name and value of what a value has besides."""
        for name, objects in view.properties.get(term, {}).items():
            if name not in self.allowed:
                for object_ in objects:
                    if name != "rdf:type" or object_ != _RESOURCE:
                        yield name, object_


_RESOURCE = f"<{RDFS.Resource}>"


def set_checks(shapes: ShapeGraph, node: rdflib.term.Node, *, has_path: bool) -> Iterator[SetCheck]:
    """Yield the checks of all values together that a shape asks for.

    Raises:
        UncompilableError: pySHACL would refuse them.
    """
    if not has_path:
        for term in (SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals):
            if shapes.values(node, term):
                raise UncompilableError(f"{shacl_name(term)} at a node shape")
    for value in shapes.values(node, SH.hasValue):
        yield SetCheck(_has(value), of_none=True)
    if shapes.flag(node, SH.uniqueLang):
        yield SetCheck(_repeated_language, of_none=False)
    for name in shapes.names(node, SH.equals):
        yield SetCheck(_differing_from(name), of_none=False, reads=frozenset({name}))
    for name in shapes.names(node, SH.disjoint):
        yield SetCheck(_shared_with(name), of_none=False)
    for term, in_order in ((SH.lessThan, lt), (SH.lessThanOrEquals, le)):
        for name in shapes.names(node, term):
            yield SetCheck(_out_of_order(name, in_order), of_none=False)


def counts(shapes: ShapeGraph, node: rdflib.term.Node, *, has_path: bool) -> tuple[int, int]:
    """Return how many values a shape wants at least and at most.

    Raises:
        UncompilableError: pySHACL would refuse them.
    """
    for term in (SH.minCount, SH.maxCount):
        if not has_path and shapes.values(node, term):
            raise UncompilableError(f"{shacl_name(term)} at a node shape")
    most = shapes.count(node, SH.maxCount)
    return shapes.count(node, SH.minCount) or 0, sys.maxsize if most is None else most


def closed(shapes: ShapeGraph, node: rdflib.term.Node) -> Closed | None:
    """Return what a closed shape allows, None where it is not closed.

    Raises:
        UncompilableError: pySHACL would refuse it.
    """
    ignored = shapes.values(node, SH.ignoredProperties)
    if ignored and not shapes.values(node, SH.closed):
        raise UncompilableError("sh:ignoredProperties without sh:closed")
    if not shapes.flag(node, SH.closed):
        return None
    allowed = [item for head in ignored for item in shapes.items(head)]
    allowed += [path for inner in shapes.values(node, SH.property) for path in shapes.values(inner, SH.path)]
    return Closed(frozenset(shapes.name_of(str(term)) for term in allowed if isinstance(term, URIRef)))


def _has(value: rdflib.term.Node) -> Check:
    if isinstance(value, Literal):
        key = literal_key(value)
        return lambda view, focus, values: (
            () if any(term[0] == '"' and view.key(term) == key for term in values) else (None,)
        )
    if isinstance(value, URIRef):
        term = encoded(value)
        return lambda view, focus, values: () if term in values else (None,)
    return lambda view, focus, values: (None,)


def _repeated_language(view: RecordView, focus: str, values: Collection[str]) -> Collection[str | None]:
    if len(values) < 2:
        return ()
    languages = [view.literals[term].language.lower() for term in values if term[0] == '"']
    tagged = [language for language in languages if language]
    return (None,) if len(set(tagged)) < len(tagged) else ()


def _objects(view: RecordView, focus: str, name: str) -> Collection[str]:
    return view.properties.get(focus, {}).get(name, ())


def _differing_from(name: str) -> Check:
    def check(view: RecordView, focus: str, values: Collection[str]) -> Collection[str | None]:
        objects = _objects(view, focus, name)
        return () if values == objects else set(values) ^ set(objects)

    return check


def _shared_with(name: str) -> Check:
    return lambda view, focus, values: set(values).intersection(_objects(view, focus, name))


def _out_of_order(name: str, in_order: Callable[[Any, Any], Any]) -> Check:
    def check(view: RecordView, focus: str, values: Collection[str]) -> Collection[str | None]:
        others = [_comparable(view, term) for term in _objects(view, focus, name)] if values else []
        found = []
        for term in values:
            value = _comparable(view, term)
            # All of them, since a comparison that raises costs the record, as it does with pySHACL.
            results = [type(value) is type(other) and in_order(value, other) for other in others]
            if not all(results):
                found.append(term)
        return found

    return check


def _comparable(view: RecordView, term: str) -> str | Literal:
    """Return what pySHACL compares of a term: the text of an IRI and of a literal that represents a text, else the literal."""
    if term[0] == "<":
        return term[1:-1]
    found = view.python_literal(term)
    return found.value if isinstance(found.value, str) else found
