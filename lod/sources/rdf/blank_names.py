"""Lasting names for blank nodes: made of what a node says and of what points at it, so that the same file gives the same names.

A name follows from the names and properties that lead to a node, its own properties with those of the nodes below it, and
a number where several are alike in both: those are then exchangeable. Nodes that lead back to themselves get no name.

Source: W3C RDF 1.1 Concepts, section 3.5 (replacing blank nodes with IRIs).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

GENID = ".well-known/genid/rdf/"
"""Path of the names below the base IRI."""


class BlankNodes:
    """The blank nodes of one file, with what they say. Memory grows with their number."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.says: dict[str, list[tuple[str, object]]] = {}
        """Predicates and objects of each node, by its label."""
        self._below: defaultdict[str, set[str]] = defaultdict(set)
        self._above: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for quad in quads:
            subject = quad.subject
            if isinstance(subject, ox.BlankNode):
                self.says.setdefault(subject.value, []).append((str(quad.predicate), quad.object))
            if isinstance(quad.object, ox.BlankNode):
                self.says.setdefault(quad.object.value, [])
                self._above[quad.object.value].append((str(quad.predicate), str(subject)))
                if isinstance(subject, ox.BlankNode):
                    self._below[subject.value].add(quad.object.value)

    def roots(self) -> Iterator[str]:
        """Yield the labels of nodes that nothing points at."""
        return (label for label in self.says if label not in self._above)

    def names(self, base: str) -> dict[str, str]:
        """Return the IRI of each node that can be named, by its label."""
        contents = self._contents()
        waiting_for = {
            label: len({subject for _, subject in self._above.get(label, ()) if subject.startswith("_:")})
            for label in contents
        }
        ready = deque(label for label, count in waiting_for.items() if not count)
        names: dict[str, str] = {}
        alike: Counter[str] = Counter()
        while ready:
            label = ready.popleft()
            leading = sorted(
                f"{predicate} {names[subject[2:]] if subject.startswith('_:') else subject}"
                for predicate, subject in self._above.get(label, ())
            )
            mark = _digest((*leading, contents[label]))
            alike[mark] += 1
            names[label] = f"{base}{GENID}{_digest((mark, str(alike[mark])))[:32]}"
            for child in self._below.get(label, ()):
                if child in waiting_for:
                    waiting_for[child] -= 1
                    if not waiting_for[child]:
                        ready.append(child)
        return names

    def _contents(self) -> Mapping[str, str]:
        """Return a digest of what each node says, those below it included; none of a node above a loop."""
        above: defaultdict[str, set[str]] = defaultdict(set)
        waiting_for = {label: len(self._below.get(label, ())) for label in self.says}
        for parent, children in self._below.items():
            for child in children:
                above[child].add(parent)
        ready = deque(label for label, count in waiting_for.items() if not count)
        found: dict[str, str] = {}
        while ready:
            label = ready.popleft()
            found[label] = _digest(
                sorted(
                    f"{predicate} {found[object_.value] if isinstance(object_, ox.BlankNode) else object_}"
                    for predicate, object_ in self.says[label]
                )
            )
            for parent in above.get(label, ()):
                waiting_for[parent] -= 1
                if not waiting_for[parent]:
                    ready.append(parent)
        return found


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
