"""Property paths, compiled to functions. Source: W3C SHACL, section 2.3.1."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import rdflib
from rdflib import RDF, SH, URIRef

from lod.validation.engines.record_view import RecordView
from lod.validation.engines.shape_graph import ShapeGraph, UncompilableError, shacl_name

Get = Callable[[RecordView, str], Collection[str]]
"""Gives the values that a path leads to from a focus, each once."""

_DEEPEST = 10
"""Steps below which pySHACL refuses to follow a path."""
_KINDS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path.

    Attributes:
        get: gives its values.
        starts: the properties one of which a focus must have for the path to lead anywhere; None where it may without.
        direct: whether each of them surely leads somewhere.
    """

    get: Get
    starts: frozenset[str] | None
    direct: bool = False


ITSELF = Path(lambda view, focus: (focus,), None)
"""The path of a node shape."""


def compile_path(shapes: ShapeGraph, node: rdflib.term.Node, *, inverse: bool = False, depth: int = 0) -> Path:
    """Return a path, compiled.

    Raises:
        UncompilableError: pySHACL cannot follow it either, or reads it otherwise than SHACL says.
    """
    if isinstance(node, URIRef):
        return _inverse_of(shapes.name_of(str(node))) if inverse else _property(shapes.name_of(str(node)))
    if depth >= _DEEPEST:
        raise UncompilableError("sh:path of more than ten steps")
    if shapes.values(node, RDF.first):
        if inverse:
            raise UncompilableError("sh:inversePath of a sequence")
        items = shapes.items(node)
        if len(items) < 2:
            raise UncompilableError("sh:path of one step as a list")
        if depth + len(items) > _DEEPEST:
            raise UncompilableError("sh:path of more than ten steps")
        return _sequence([compile_path(shapes, item, depth=depth + at + 1) for at, item in enumerate(items)])
    kinds = [kind for kind in _KINDS if shapes.values(node, kind)]
    if len(kinds) != 1:
        raise UncompilableError("an unknown kind of sh:path")
    inner = shapes.one(node, kinds[0])
    if kinds[0] == SH.inversePath:
        return compile_path(shapes, inner, inverse=not inverse, depth=depth + 1)
    if kinds[0] == SH.alternativePath:
        items = shapes.items(inner)
        if len(items) < 2:
            raise UncompilableError(f"{shacl_name(SH.alternativePath)} of one path")
        return _alternative([compile_path(shapes, item, inverse=inverse, depth=depth + 1) for item in items])
    step = compile_path(shapes, inner, inverse=inverse, depth=depth + 1)
    return _repeated(step, zero=kinds[0] != SH.oneOrMorePath, more=kinds[0] != SH.zeroOrOnePath)


def _property(name: str) -> Path:
    def get(view: RecordView, focus: str) -> Collection[str]:
        described = view.properties.get(focus)
        return described.get(name, ()) if described else ()

    return Path(get, frozenset({name}), direct=True)


def _inverse_of(name: str) -> Path:
    return Path(lambda view, focus: view.subjects(name, focus), None)


def _sequence(steps: list[Path]) -> Path:
    first, *others = [step.get for step in steps]

    def get(view: RecordView, focus: str) -> Collection[str]:
        found = first(view, focus)
        for step in others:
            found = dict.fromkeys(value for node in found for value in step(view, node))
        return found

    return Path(get, steps[0].starts)


def _alternative(ways: list[Path]) -> Path:
    gets = [way.get for way in ways]

    def get(view: RecordView, focus: str) -> Collection[str]:
        return dict.fromkeys(value for way in gets for value in way(view, focus))

    starts: frozenset[str] | None = frozenset()
    for way in ways:
        starts = None if starts is None or way.starts is None else starts | way.starts
    return Path(get, starts, all(way.direct for way in ways))


def _repeated(step: Path, *, zero: bool, more: bool) -> Path:
    follow = step.get

    def get(view: RecordView, focus: str) -> Collection[str]:
        found = {focus: None} if zero else {}
        waiting = list(follow(view, focus))
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = None
                if more:
                    waiting += follow(view, node)
        return found

    return Path(get, None if zero else step.starts, step.direct and not zero)
