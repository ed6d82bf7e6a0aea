"""Shapes, compiled to checks over one record: each shape once, with the shapes that it refers to.

Source: W3C SHACL, sections 2 and 4. What a shape says that is not known here makes it an `UncompilableError`, and so do
forms that pySHACL refuses or reads in a way of its own: pySHACL then judges that shape.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Literal, URIRef

from lod.report import Finding
from lod.validation.engines.engine import finding_about
from lod.validation.engines.paths import ITSELF, Path, compile_path
from lod.validation.engines.record_view import RecordView
from lod.validation.engines.set_checks import Closed, SetCheck, closed, counts, set_checks
from lod.validation.engines.shape_graph import ShapeGraph, UncompilableError, shacl_name
from lod.validation.engines.value_checks import ValueCheck, value_checks
from lod.validation.rules.table import RuleText
from lod.validation.shape_checks import TARGETS, path_properties
from lod.validation.shapes import Shapes

_DEEPEST = 14
"""How deep pySHACL lets shapes refer to shapes."""

_NOTHING: tuple[Finding, ...] = ()
_LISTS: dict[URIRef, Callable[[Sequence[bool]], bool]] = {
    SH["and"]: all,
    SH["or"]: any,
    SH.xone: lambda met: sum(met) == 1,
}
_COMPILED = frozenset(
    SH[name]
    for name in [
        "path",
        "property",
        "node",
        "not",
        "and",
        "or",
        "xone",
        "qualifiedValueShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        "class",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minExclusive",
        "minInclusive",
        "maxExclusive",
        "maxInclusive",
        "minLength",
        "maxLength",
        "pattern",
        "flags",
        "languageIn",
        "uniqueLang",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "closed",
        "ignoredProperties",
        "hasValue",
        "in",
        "deactivated",
    ]
)
_ANNOTATIONS = frozenset(
    SH[name] for name in ["message", "severity", "name", "description", "order", "group", "defaultValue"]
)
_OTHER_NAMESPACES = tuple(map(str, (RDF, RDFS, OWL, DCTERMS, SKOS)))


@dataclass(slots=True)
class CompiledShape:
    """One shape.

    Attributes:
        rule: what a finding of it says; None where no result of it reaches a report.
        properties: IRI and prefixed name of each property of its path, in the order in which the path names them.
        least, most: how many values it wants.
        parts: the property shapes that each value is handed to; what they find is reported as theirs.
        height: how many shapes deep it refers to others.
    """

    rule: RuleText | None
    path: Path
    properties: tuple[tuple[str, str], ...]
    least: int
    most: int
    value_checks: tuple[ValueCheck, ...]
    set_checks: tuple[SetCheck, ...]
    closed: Closed | None
    parts: tuple[CompiledShape, ...]
    height: int
    quiet_without: frozenset[str] | None = field(init=False)
    """Properties without which a focus gives no finding; None where it may give one all the same."""
    quiet_with: frozenset[str] = field(init=False)
    """Properties each of which is all that the shape asks for."""

    def __post_init__(self) -> None:
        starts = self.path.starts
        if starts is None or self.least or any(check.of_none for check in self.set_checks):
            self.quiet_without = None
        else:
            self.quiet_without = starts.union(*(check.reads for check in self.set_checks))
        wants_more = self.least > 1 or self.most < sys.maxsize or self.value_checks or self.set_checks
        is_enough = self.path.direct and not (wants_more or self.closed or self.parts)
        self.quiet_with = starts if is_enough and starts else frozenset()

    def may_find(self, properties: Collection[str]) -> bool:
        """Return whether a focus with these properties, and no others, can give a finding."""
        if self.quiet_without is not None and self.quiet_without.isdisjoint(properties):
            return False
        return self.quiet_with.isdisjoint(properties)

    def units(self) -> Iterator[CompiledShape]:
        """Yield shapes that find the same in the same focus: a node shape hands it to each of its property shapes."""
        if self.path is not ITSELF or not self.parts:
            yield self
            return
        if self.value_checks or self.set_checks or self.closed:  # a node shape counts nothing
            yield replace(self, parts=())
        for part in self.parts:
            yield from part.units()

    def faulty(self, view: RecordView, focus: str, values: Collection[str]) -> Sequence[str | None]:
        """Return the values of a focus that break the shape itself, perhaps twice; None where it is no value in particular."""
        found: list[str | None] | None = None if self.least <= len(values) <= self.most else [None]
        for check in self.set_checks:
            broken = check.check(view, focus, values)
            if broken:
                found = [*(found or ()), *broken]
        for meets in self.value_checks:
            for term in values:
                if not meets(view, term):
                    found = [*(found or ()), term]
        return found or ()

    def conforms(self, view: RecordView, focus: str) -> bool:
        """Return whether a focus conforms to the shape."""
        # Nothing is cut short, here and elsewhere: a comparison that raises costs the record, as it does with pySHACL.
        values = self.path.get(view, focus)
        met = [not self.faulty(view, focus, values)]
        if self.closed:
            met += (next(self.closed.others(view, term), None) is None for term in values)
        met += (part.conforms(view, term) for part in self.parts for term in values)
        return all(met)

    def findings(self, view: RecordView, focus: str, shapes: Shapes) -> Sequence[Finding]:
        """Return what a focus breaks, some of it perhaps twice."""
        values = self.path.get(view, focus)
        faulty = self.faulty(view, focus, values)
        if not (faulty or self.closed or self.parts):
            return _NOTHING
        found = [self._finding(view, focus, self.properties, term) for term in faulty]
        if self.closed:
            for value in values:
                for name, term in self.closed.others(view, value):
                    found.append(self._finding(view, focus, ((shapes.iri_of(name), name),), term))
        for part in self.parts:
            for term in values:
                found += part.findings(view, term, shapes)
        return found

    def _finding(
        self, view: RecordView, focus: str, properties: Sequence[tuple[str, str]], term: str | None
    ) -> Finding:
        if self.rule is None:
            raise LookupError("a shape with results and without a message")
        return finding_about(
            view.record,
            self.rule,
            view.text(focus),
            properties,
            None if term is None else view.text(term),
            is_iri=term is not None and term[0] == "<",
        )


class ShapeCompiler:
    """Compiles shapes, each once."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = ShapeGraph(shapes)
        self._rules = shapes.rules
        self._rule_of = shapes.rule_of
        self._compiled: dict[rdflib.term.Node, CompiledShape] = {}
        self._open: set[rdflib.term.Node] = set()

    def compile(self, node: rdflib.term.Node) -> CompiledShape:
        """Return a shape, compiled.

        Raises:
            UncompilableError: it, or a shape that it refers to, cannot be compiled.
        """
        if node in self._open:
            raise UncompilableError("a shape that refers to itself")
        found = self._compiled.get(node)
        if found is None:
            self._open.add(node)
            try:
                found = self._compiled[node] = self._compile(node)
            finally:
                self._open.discard(node)
        if found.height > _DEEPEST:
            raise UncompilableError(f"shapes within shapes, more than {_DEEPEST} deep")
        return found

    def _compile(self, node: rdflib.term.Node) -> CompiledShape:
        shapes = self._shapes
        off = shapes.flag(node, SH.deactivated)
        for predicate in () if off else set(shapes.graph.predicates(node)):
            if predicate not in _COMPILED | _ANNOTATIONS | TARGETS and not str(predicate).startswith(_OTHER_NAMESPACES):
                raise UncompilableError(shacl_name(predicate))
        path = shapes.only(node, SH.path)
        least, most = counts(shapes, node, has_path=path is not None) if not off else (0, sys.maxsize)
        rule = self._rule_of.get(str(node))
        properties = [str(term) for term in path_properties(shapes.graph, path)] if path is not None else []
        inner: list[CompiledShape] = []
        checks = [] if off else [*value_checks(shapes, node), *self._shape_checks(node, inner)]
        of_sets = [] if off else [*set_checks(shapes, node, has_path=path is not None), *self._qualified(node, inner)]
        parts = [] if off else [self._part(term) for term in shapes.values(node, SH.property)]
        return CompiledShape(
            rule=self._rules.get(rule) if rule else None,
            path=ITSELF if path is None else compile_path(shapes, path),
            properties=tuple((iri, shapes.name_of(iri)) for iri in properties),
            least=least,
            most=most,
            value_checks=tuple(checks),
            set_checks=tuple(of_sets),
            closed=None if off else closed(shapes, node),
            parts=tuple(parts),
            height=max((shape.height + 1 for shape in (*inner, *parts)), default=0),
        )

    def _part(self, node: rdflib.term.Node) -> CompiledShape:
        if not self._shapes.values(node, SH.path):
            raise UncompilableError("sh:property of a shape without sh:path")
        return self.compile(node)

    def _shape_checks(self, node: rdflib.term.Node, inner: list[CompiledShape]) -> Iterator[ValueCheck]:
        """Yield the checks of values against other shapes, which are added to `inner`. Source: sections 4.6 and 4.7.1."""
        shapes = self._shapes
        for term in shapes.values(node, SH.node):
            if shapes.values(term, SH.path):
                raise UncompilableError("sh:node of a property shape")
            yield self._inner(term, inner).conforms
        for term in shapes.values(node, SH["not"]):
            yield _unless(self._inner(term, inner))
        for name, met in _LISTS.items():
            for head in shapes.values(node, name):
                members = [self._inner(term, inner) for term in shapes.items(head)]
                if not members:
                    raise UncompilableError(f"{shacl_name(name)} of no shapes")
                yield _of_members(members, met)

    def _qualified(self, node: rdflib.term.Node, inner: list[CompiledShape]) -> Iterator[SetCheck]:
        """Yield the checks of how many values conform to a shape, which is added to `inner`. Source: section 4.7.3."""
        shapes = self._shapes
        least, most = shapes.count(node, SH.qualifiedMinCount), shapes.count(node, SH.qualifiedMaxCount)
        wanted = shapes.values(node, SH.qualifiedValueShape)
        if bool(wanted) is (least is None and most is None) or (wanted and not shapes.values(node, SH.path)):
            raise UncompilableError("sh:qualifiedValueShape without a count, or without sh:path")
        apart = shapes.flag(node, SH.qualifiedValueShapesDisjoint)
        for term in wanted:
            siblings = (
                [self._inner(other, inner) for other in sorted(self._siblings(node, term), key=str)] if apart else []
            )
            yield SetCheck(_counted(self._inner(term, inner), siblings, least or 0, most), of_none=bool(least))

    def _siblings(self, node: rdflib.term.Node, wanted: rdflib.term.Node) -> set[rdflib.term.Node]:
        graph = self._shapes.graph
        owners = graph.subjects(SH.property, node)
        parts = {part for owner in owners for part in graph.objects(owner, SH.property)}
        return {shape for part in parts for shape in graph.objects(part, SH.qualifiedValueShape)} - {wanted}

    def _inner(self, node: rdflib.term.Node, inner: list[CompiledShape]) -> CompiledShape:
        if isinstance(node, Literal) or (node, None, None) not in self._shapes.graph:
            raise UncompilableError("a reference to no shape")
        shape = self.compile(node)
        inner.append(shape)
        return shape


def _unless(shape: CompiledShape) -> ValueCheck:
    return lambda view, term: not shape.conforms(view, term)


def _of_members(members: list[CompiledShape], met: Callable[[Sequence[bool]], bool]) -> ValueCheck:
    return lambda view, term: met([member.conforms(view, term) for member in members])


def _counted(
    shape: CompiledShape, siblings: list[CompiledShape], least: int, most: int | None
) -> Callable[[RecordView, str, Collection[str]], tuple[None, ...]]:
    def check(view: RecordView, focus: str, values: Collection[str]) -> tuple[None, ...]:
        number = 0
        for term in values:
            if shape.conforms(view, term):
                of_siblings = [sibling.conforms(view, term) for sibling in siblings]
                number += not any(of_siblings)
        return (None,) if number < least or (most is not None and number > most) else ()

    return check
