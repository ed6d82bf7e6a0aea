"""Neighbourhood of a resource in a store, as claims: as much of a foreign graph as one of our records would hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from lod.rdf.claims import RDF_FIRST, RDF_TYPE

BLANK = "urn:lod:blank:"
"""Prefix of the temporary names of blank nodes."""

Node = ox.NamedNode | ox.BlankNode

_TYPE = ox.NamedNode(RDF_TYPE[1:-1])
_FIRST = ox.NamedNode(RDF_FIRST[1:-1])


@dataclass(slots=True)
class Neighbourhood:
    """Claims, each once; `whole` names the resources whose triples are all among them; `cut` is whether some are left out."""

    claims: dict[str, None] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    cut: bool = False


def neighbourhood(
    store: ox.Store, roots: Sequence[Node], marks: Sequence[ox.NamedNode], *, steps: int, most_triples: int
) -> Neighbourhood:
    """Return what roots lead to in at most `steps` steps; along a list no step is counted.

    A resource of a class in `marks` has a neighbourhood of its own; of it only the classes are taken.
    """
    found = Neighbourhood()
    waiting = deque((root, 0) for root in roots)
    while waiting:
        node, distance = waiting.popleft()
        if name_of(node) in found.whole:
            continue
        if distance and any(has(store, node, _TYPE, mark) for mark in marks):
            _add(found, node, store, _TYPE)
            continue
        if len(found.claims) > most_triples:
            found.cut = True
            break
        linked = _add(found, node, store)
        found.whole.add(name_of(node))
        is_list = has(store, node, _FIRST)
        if is_list:
            found.cells.add(name_of(node))
        if distance < steps:
            waiting.extend((other, distance or 1) if is_list else (other, distance + 1) for other in linked)
    return found


def has(store: ox.Store, subject: Node | None, predicate: ox.NamedNode, object_: Node | None = None) -> bool:
    """Return whether there is a triple, in whatever graph."""
    return next(store.quads_for_pattern(subject, predicate, object_, None), None) is not None


def is_cell(store: ox.Store, node: Node) -> bool:
    """Return whether a node is a cell of a list."""
    return has(store, node, _FIRST)


def name_of(node: Node) -> str:
    """Return the IRI of a node, for a blank node its temporary name."""
    return f"{BLANK}{node.value}" if isinstance(node, ox.BlankNode) else node.value


def _add(found: Neighbourhood, node: Node, store: ox.Store, predicate: ox.NamedNode | None = None) -> list[Node]:
    linked = []
    for quad in store.quads_for_pattern(node, predicate, None, None):
        object_ = quad.object
        encoded = f"<{name_of(object_)}>" if isinstance(object_, Node) else str(object_)
        found.claims[f"<{name_of(node)}> {quad.predicate} {encoded} ."] = None
        if isinstance(object_, Node) and quad.predicate != _TYPE:
            linked.append(object_)
    return linked
