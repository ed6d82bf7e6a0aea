"""Compiled shapes, run over records: the default engine. Shapes that cannot be compiled are left to pySHACL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache

import rdflib
from rdflib import RDF, RDFS, SH

from lod.rdf.claims import is_iri
from lod.report import Finding
from lod.validation.engines.engine import UNVALIDATED, in_order, unvalidated
from lod.validation.engines.pyshacl import run_pyshacl
from lod.validation.engines.record_view import RecordView
from lod.validation.engines.shape_compiler import CompiledShape, ShapeCompiler
from lod.validation.engines.shape_graph import UncompilableError, encoded
from lod.validation.rules.record_index import RecordIndex
from lod.validation.shape_checks import TARGETS, shape_name
from lod.validation.shapes import Shapes

_Kind = tuple[frozenset[str], tuple[str, ...]]
"""Classes and properties of a resource."""

_MOST_PLANS = 8_192


def run_compiled(record: RecordIndex, shapes: Shapes) -> list[Finding]:
    """Return the findings of the shapes about a record: an `Engine`."""
    compiled = compiled_shapes(shapes)
    found = compiled.findings(record)
    return found if compiled.rest is None else _joined(found, run_pyshacl(record, compiled.rest))


def left_to_pyshacl(shapes: Shapes) -> list[str]:
    """Return a line for each shape that cannot be compiled: its name, and what in it cannot."""
    return list(compiled_shapes(shapes).left)


def _joined(found: list[Finding], more: list[Finding]) -> list[Finding]:
    for findings in (found, more):
        if any(finding.rule == UNVALIDATED for finding in findings):
            return findings
    return in_order([*found, *more])


@lru_cache(maxsize=4)
def compiled_shapes(shapes: Shapes) -> CompiledShapes:
    """Return shapes, compiled once in a process."""
    compiler = ShapeCompiler(shapes)
    compiled = CompiledShapes(shapes)
    left: dict[rdflib.term.Node, str] = {}
    for node in sorted(_targeted(shapes.runnable), key=str):
        try:
            compiled.add(node, compiler.compile(node))
        except UncompilableError as fault:
            left[node] = f"{shape_name(shapes.runnable, node, shapes.vocabulary)}: {fault}"
    if left:
        compiled.left = tuple(left.values())
        compiled.rest = replace(shapes, runnable=_only_targeting(shapes.runnable, left))
    return compiled


@dataclass(eq=False)
class CompiledShapes:
    """The compiled shapes by their targets, and what is left to pySHACL."""

    shapes: Shapes
    left: tuple[str, ...] = ()
    rest: Shapes | None = None
    _of_class: defaultdict[str, list[CompiledShape]] = field(default_factory=lambda: defaultdict(list))
    _of_subject: defaultdict[str, list[CompiledShape]] = field(default_factory=lambda: defaultdict(list))
    _of_object: defaultdict[str, list[CompiledShape]] = field(default_factory=lambda: defaultdict(list))
    _of_node: defaultdict[str, list[CompiledShape]] = field(default_factory=lambda: defaultdict(list))
    _aims_at_texts: bool = False
    _plans: dict[_Kind, tuple[CompiledShape, ...]] = field(default_factory=dict)

    def add(self, node: rdflib.term.Node, shape: CompiledShape) -> None:
        """Add a compiled shape with its targets. Source: W3C SHACL, section 2.1.3.

        Raises:
            UncompilableError: a target is no IRI.
        """
        graph, name_of, units = self.shapes.runnable, self.shapes.name_of, list(shape.units())
        targets = {term: [encoded(value) for value in graph.objects(node, term)] for term in TARGETS}
        if _is_class(graph, node):
            targets[SH.targetClass].append(encoded(node))
        for term, table in (
            (SH.targetClass, self._of_class),
            (SH.targetSubjectsOf, self._of_subject),
            (SH.targetObjectsOf, self._of_object),
        ):
            for target in targets[term]:
                table[name_of(target[1:-1])] += units
        for target in targets[SH.targetNode]:
            self._of_node[target] += units
            self._aims_at_texts |= not is_iri(target)

    def findings(self, record: RecordIndex) -> list[Finding]:
        """Return the findings about a record."""
        try:
            return self._findings(RecordView(record, self.shapes.name_of, one_spelling=self._aims_at_texts))
        except MemoryError:
            raise
        except Exception as fault:  # any fault of a check must cost one record, not the run
            return [unvalidated(record, fault)]

    def _findings(self, view: RecordView) -> list[Finding]:
        found: list[Finding] = []
        for subject, described in view.properties.items():
            for shape in self._plan(frozenset(view.classes.get(subject, ())), tuple(described)):
                found += shape.findings(view, subject, self.shapes)
        for name, shapes in self._of_object.items():
            pointed = (term for described in view.properties.values() for term in described.get(name, ()))
            for focus in dict.fromkeys(pointed):
                for shape in shapes:
                    found += shape.findings(view, focus, self.shapes)
        for focus, shapes in self._of_node.items():
            for shape in shapes:
                found += shape.findings(view, focus, self.shapes)
        return in_order(found) if found else found

    def _plan(self, classes: frozenset[str], properties: tuple[str, ...]) -> tuple[CompiledShape, ...]:
        """Return the shapes that may find something in a resource with these classes and properties."""
        kind = (classes, properties)
        plan = self._plans.get(kind)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            aimed = [shape for class_ in sorted(classes) for shape in self._of_class.get(class_, ())]
            aimed += [shape for name in properties for shape in self._of_subject.get(name, ())]
            plan = tuple({id(shape): shape for shape in aimed if shape.may_find(properties)}.values())
            self._plans[kind] = plan
        return plan


def _targeted(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    found = {node for term in TARGETS for node in graph.subjects(term)}
    return found | {node for node in graph.subjects(RDF.type) if _is_shape(graph, node) and _is_class(graph, node)}


def _is_shape(graph: rdflib.Graph, node: rdflib.term.Node) -> bool:
    kinds = (SH.NodeShape, SH.PropertyShape)
    return any((node, RDF.type, kind) in graph for kind in kinds) or any(
        (node, term, None) in graph for term in (SH.property, SH.node)
    )


def _is_class(graph: rdflib.Graph, node: rdflib.term.Node) -> bool:
    """Return whether a shape is a class, and so its own target, as pySHACL tells it."""
    classes = {RDFS.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}
    return not classes.isdisjoint(graph.objects(node, RDF.type))


def _only_targeting(graph: rdflib.Graph, wanted: dict[rdflib.term.Node, str]) -> rdflib.Graph:
    """Return the shapes with no targets but those of the wanted ones."""
    chosen = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
    classes = {RDFS.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}
    for subject, predicate, object_ in graph:
        is_target = predicate in TARGETS or (predicate == RDF.type and object_ in classes)
        if subject in wanted or not is_target:
            chosen.add((subject, predicate, object_))
    return chosen
