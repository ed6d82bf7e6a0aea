"""Validate foreign RDF: the shapes and the rules in code over any graph.

The graph is judged resource by resource: an item with its record and all that they lead to, like one of our own records,
then every resource that no item leads to. So any size can be judged, and an exception costs only the resource that it comes
from. Blank nodes get temporary names (`urn:lod:blank:`); lists that loop are found before the validator sees them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

import pyoxigraph as ox
from rdflib import SH

from lod.mapping.mapped import Mapped
from lod.rdf.claims import RDF_TYPE
from lod.report import Finding, Severity
from lod.validation.engines.compiled import run_compiled
from lod.validation.engines.engine import Engine
from lod.validation.foreign.neighbourhood import BLANK, Neighbourhood, Node, has, is_cell, name_of, neighbourhood
from lod.validation.rules.table import CODE_RULES
from lod.validation.rules.whole_store import ValueCount, findings_of_key, index_entries
from lod.validation.shapes import Shapes
from lod.validation.validate import validate

MOST_TRIPLES, FEWER_TRIPLES = 100_000, 2_000
"""Triples of an item, or of another resource, with what it leads to, that are looked at; what is cut is counted."""

_STEPS, _FEWER_STEPS = 6, 4
_BATCH = 200
_TYPE = ox.NamedNode(RDF_TYPE[1:-1])
_TOPIC = ox.NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")
_ITEM_SPACE = "/id/item/"
_NO_ITEM = "urn:lod:no-item"
"""Stands for the item where there is none, so that rules about items find nothing."""
_OURS = frozenset({"untargeted"})


@dataclass
class ForeignReport:
    """What was found in foreign data.

    Attributes:
        triples, resources: how much there is; a cell of a list is no resource.
        judged: resources that some shape is for.
        unjudged: how many resources no shape is for, by class ("" for none).
        cut: resources whose neighbourhood was too large to be looked at as a whole.
    """

    triples: int = 0
    resources: int = 0
    judged: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Return whether something was judged and no violation found."""
        return self.judged > 0 and all(finding.severity is not Severity.VIOLATION for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as `lod validate --json` prints it."""
        return {
            "conforms": self.conforms,
            "triples": self.triples,
            "resources": self.resources,
            "judged": self.judged,
            "unjudged": [{"class": name, "count": count} for name, count in self.unjudged.most_common()],
            "cut": self.cut,
            "by_rule": [
                {"rule": rule, "severity": severity, "message": message, "count": count}
                for (rule, severity, message), count in self.by_rule().most_common()
            ],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def by_rule(self) -> Counter[tuple[str, str, str]]:
        """Return how many findings have each rule, severity and message."""
        return Counter((finding.rule, finding.severity.value, finding.message) for finding in self.findings)


@dataclass(slots=True)
class _Part:
    """A root with what it leads to: `whole` are the resources whose triples are all there."""

    mapped: Mapped
    whole: set[str]


def judge_graph(
    store: ox.Store, shapes: Shapes, only: Iterable[str] | None = None, *, engine: Engine = run_compiled
) -> ForeignReport:
    """Judge everything in a store, or the resources in `only` (IRIs), and return what was found.

    Nothing in the data raises: see `validate`.
    """
    return _Judging(store, shapes, None if only is None else set(only), engine).run()


class _Judging:
    def __init__(self, store: ox.Store, shapes: Shapes, only: set[str] | None, engine: Engine) -> None:
        self._store = store
        self._shapes = shapes
        self._only = only
        self._engine = engine
        self._report = ForeignReport(triples=len(store))
        namespace = shapes.vocabulary.namespace
        self._marks = (ox.NamedNode(f"{namespace}RepositoryItem"), ox.NamedNode(f"{namespace}Record"))
        self._found: dict[tuple[str, str, str, str], Finding] = {}
        self._stated: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._covered: set[str] = set()

    def run(self) -> ForeignReport:
        parts = self._parts()
        while batch := list(islice(parts, _BATCH)):
            self._validate(batch)
        for key, values in self._stated.items():
            counts = [ValueCount(value, len(keys), min(keys)) for value, keys in values.items()]
            self._keep(findings_of_key(key, counts, self._is_described))
        self._count()
        self._report.findings = list(self._found.values())
        return self._report

    def _parts(self) -> Iterator[_Part]:
        for quad in self._store.quads_for_pattern(None, _TYPE, self._marks[0], None):
            if isinstance(quad.subject, Node) and self._is_wanted(quad.subject):
                yield self._item(quad.subject)
        # Cells of lists come last: those that no resource leads to.
        for of_lists in (False, True):
            for subject in self._subjects():
                wanted = name_of(subject) not in self._covered and self._is_wanted(subject)
                if wanted and is_cell(self._store, subject) is of_lists:
                    yield self._other(subject)

    def _is_wanted(self, node: Node) -> bool:
        return self._only is None or node.value in self._only

    def _item(self, item: Node) -> _Part:
        """Return an item with the records about it and what they lead to."""
        quads = self._store.quads_for_pattern(None, _TOPIC, item, None)
        documents = sorted({quad.subject for quad in quads if isinstance(quad.subject, Node)}, key=name_of)
        found = self._found_from([item, *documents], steps=_STEPS, most_triples=MOST_TRIPLES)
        self._covered |= found.whole
        name = name_of(item)
        key = name.partition(_ITEM_SPACE)[2] or name
        document = name_of(documents[0]) if documents else f"{name}#record"
        return _Part(Mapped(key, name, document, "", tuple(sorted(found.claims)), (), ()), found.whole)

    def _other(self, root: Node) -> _Part:
        """Return a resource that no item leads to; what it leads to has its own turn, but for lists and blank nodes."""
        found = self._found_from([root], steps=_FEWER_STEPS, most_triples=FEWER_TRIPLES)
        name = name_of(root)
        judged = {name, *found.cells, *(resource for resource in found.whole if resource.startswith(BLANK))}
        self._covered |= judged
        return _Part(Mapped(name, _NO_ITEM, name, "", tuple(sorted(found.claims)), (), ()), judged)

    def _found_from(self, roots: list[Node], *, steps: int, most_triples: int) -> Neighbourhood:
        found = neighbourhood(self._store, roots, self._marks, steps=steps, most_triples=most_triples)
        self._report.cut += found.cut
        return found

    def _validate(self, parts: list[_Part]) -> None:
        by_key: dict[str, _Part] = {}
        for part in parts:
            by_key[part.mapped.key] = part
            for key, value in index_entries(part.mapped, with_handles=True):
                self._stated[key][value].append(part.mapped.key)
        for finding in validate([part.mapped for part in parts], self._shapes, engine=self._engine):
            part = by_key[finding.record]
            if finding.focus == _NO_ITEM:
                finding = replace(finding, focus=finding.record)
            if finding.rule not in _OURS and (not finding.focus or finding.focus in part.whole):
                self._keep([finding])

    def _keep(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.rule in self._shapes.without:
                continue
            self._found.setdefault((finding.rule, finding.focus, finding.path, finding.value), _with_blanks(finding))

    def _subjects(self) -> Iterator[Node]:
        quads = self._store.quads_for_pattern(None, None, None, None)
        seen: set[str] = set()
        for subject, _ in groupby(quads, key=lambda quad: quad.subject):
            if isinstance(subject, Node) and name_of(subject) not in seen:
                seen.add(name_of(subject))
                yield subject

    def _count(self) -> None:
        """Count what a shape is for and what none is, and report blank nodes that are no cells of lists."""
        graph, vocabulary = self._shapes.graph, self._shapes.vocabulary
        classes = {str(term) for term in graph.objects(None, SH.targetClass)}
        having = [ox.NamedNode(str(term)) for term in graph.objects(None, SH.targetSubjectsOf)]
        pointed = [ox.NamedNode(str(term)) for term in graph.objects(None, SH.targetObjectsOf)]
        named = {str(term) for term in graph.objects(None, SH.targetNode)}
        for subject in self._subjects():
            if is_cell(self._store, subject) or not self._is_wanted(subject):
                continue
            self._report.resources += 1
            if isinstance(subject, ox.BlankNode):
                self._keep([_blank_node(subject)])
            types = {quad.object.value for quad in self._quads(subject, _TYPE) if isinstance(quad.object, Node)}
            if (
                not types.isdisjoint(classes)
                or subject.value in named
                or any(has(self._store, subject, property_) for property_ in having)
                or any(has(self._store, None, property_, subject) for property_ in pointed)
            ):
                self._report.judged += 1
            else:
                self._report.unjudged.update([vocabulary.compact(name) for name in sorted(types)] or [""])

    def _quads(self, subject: Node, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(subject, predicate, None, None)

    def _is_described(self, iri: str) -> bool:
        return next(self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None), None) is not None


def _with_blanks(finding: Finding) -> Finding:
    """Return a finding in which blank nodes are written as Turtle does."""
    return replace(
        finding,
        record=finding.record.replace(BLANK, "_:"),
        focus=finding.focus.replace(BLANK, "_:"),
        value=finding.value.replace(BLANK, "_:"),
    )


def _blank_node(node: ox.BlankNode) -> Finding:
    rule = next(rule for rule in CODE_RULES if rule.id == "G03")
    name = f"{BLANK}{node.value}"
    return Finding(rule.id, rule.severity, rule.message, record=name, focus=name)
