"""pySHACL, run over groups of records.

A batch is faster than its records one by one, and must give the same findings. Records of one batch may describe the same
journal differently; in one graph their descriptions would mix, and hide a missing title, or make up two titles.
So a run joins only records that agree on every resource that both mention (`grouped`): then each resource has in
the joined graph exactly the description that it has in its own record, and paths, which only lead from a resource to
what it mentions, find what they find in the record alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import rdflib
from rdflib import SH, URIRef

from lod.guard import guarded
from lod.rdf.claims import Triple, is_iri
from lod.report import Finding
from lod.validation.engines.engine import unvalidated
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.table import shown
from lod.validation.shape_checks import path_properties, split_message
from lod.validation.shapes import Shapes

_Description = frozenset[tuple[str, str]]


@dataclass(slots=True)
class _Task:
    """A record, its triples that a shape can look at, the description of every resource in them, and the findings."""

    record: RecordIndex
    triples: list[Triple]
    descriptions: dict[str, _Description]
    findings: list[Finding] = field(default_factory=list)


def run_pyshacl(batch: Sequence[RecordIndex], shapes: Shapes) -> list[list[Finding]]:
    """Return the findings of the shapes about each record: an `Engine`."""
    task_of = partial(_task, shapes=shapes)
    tasks = [guarded(task_of, record, "judged", record=record.key) for record in batch]
    for group in grouped([task for task in tasks if isinstance(task, _Task) and task.triples], alone=shapes.alone):
        _run(group, shapes)
    return [[task] if isinstance(task, Finding) else task.findings for task in tasks]


def _task(record: RecordIndex, shapes: Shapes) -> _Task:
    wanted = shapes.predicates
    triples = [triple for triple in record.triples if wanted is None or triple[1] in wanted]
    found: dict[str, set[tuple[str, str]]] = {}
    for subject, predicate, object_ in triples:
        found.setdefault(subject, set()).add((predicate, object_))
        if is_iri(object_):
            found.setdefault(object_, set())
    return _Task(record, triples, {resource: frozenset(description) for resource, description in found.items()})


def grouped(tasks: Sequence[_Task], *, alone: bool) -> Iterator[list[_Task]]:
    """Yield groups of records that agree on every resource that two of them mention; `alone` makes each a group."""
    if alone:
        yield from ([task] for task in tasks)
        return
    groups: list[tuple[list[_Task], dict[str, _Description]]] = []
    for task in tasks:
        fitting = (pair for pair in groups if _agrees(task, pair[1]))
        group, known = next(fitting, ([], {}))
        if not group:
            groups.append((group, known))
        group.append(task)
        known.update(task.descriptions)
    yield from (group for group, _ in groups)


def _agrees(task: _Task, known: dict[str, _Description]) -> bool:
    return all(known.get(resource, described) == described for resource, described in task.descriptions.items())


def _run(group: list[_Task], shapes: Shapes) -> None:
    """Validate a group; where pySHACL raises, halve it, so that only the record at fault is not validated."""
    try:
        found = _findings(group, shapes)
    except MemoryError:
        raise
    except Exception as fault:  # any fault of the validator must cost one record, not the batch
        if len(group) > 1:
            middle = len(group) // 2
            _run(group[:middle], shapes)
            _run(group[middle:], shapes)
            return
        found = [(group[0], unvalidated(group[0].record, fault))]
    for task, finding in sorted(found, key=lambda pair: _order(pair[1])):
        task.findings.append(finding)


def _order(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.focus, finding.path, finding.value


def _findings(group: list[_Task], shapes: Shapes) -> list[tuple[_Task, Finding]]:
    import pyshacl

    with _quiet():
        _, results, text = pyshacl.validate(_data_graph(group), shacl_graph=shapes.runnable, advanced=False)
    if not isinstance(results, rdflib.Graph):
        raise RuntimeError(text)
    holders: dict[str, list[_Task]] = {}
    for task in group:
        for subject in task.record.properties:
            holders.setdefault(subject, []).append(task)
    found: dict[tuple[int, Finding], _Task] = {}
    for result in results.objects(None, SH.result):
        focus = f"<{results.value(result, SH.focusNode)}>"
        # A focus that no record describes comes only from shapes that make each record a group of its own.
        for task in holders.get(focus, group if len(group) == 1 else []):
            found[id(task), _finding(results, result, focus, task.record, shapes)] = task
    return [(task, finding) for (_, finding), task in found.items()]


def _data_graph(group: list[_Task]) -> rdflib.Graph:
    """Return the triples of a group as pySHACL reads them, every lexical form unchanged."""
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[str, rdflib.URIRef | rdflib.Literal] = {}
    described: set[str] = set()
    for task in group:
        for text in task.record.texts:
            if text.term not in terms:
                terms[text.term] = rdflib.Literal(text.text, lang=text.language or None, datatype=text.datatype or None)
        # The records of a group agree on what they share, so each resource is taken from the first that describes it.
        for triple in [triple for triple in task.triples if triple[0] not in described]:
            for term in triple:
                if term not in terms:
                    terms[term] = rdflib.URIRef(term[1:-1])
            graph.add((terms[triple[0]], terms[triple[1]], terms[triple[2]]))
        described.update(task.record.properties)
    return graph


def _finding(
    results: rdflib.Graph, result: rdflib.term.Node, focus: str, record: RecordIndex, shapes: Shapes
) -> Finding:
    # A SPARQL constraint has a message of its own; for all others the shape gives the rule.
    named = (split_message(text)[0] for text in results.objects(result, SH.resultMessage))
    source = str(results.value(result, SH.sourceShape))
    rule = shapes.rules[next((id_ for id_ in named if id_ in shapes.rules), "") or shapes.rule_of[source]]
    value = results.value(result, SH.value)
    path = results.value(result, SH.resultPath)
    properties = [str(property_) for property_ in path_properties(results, path)] if path is not None else []
    property_ = _property_of(properties, focus, value, record, shapes)
    if value is None:
        # Counts and doubled languages have no value of their own: show all values of the property.
        stated = record.objects(focus, shapes.vocabulary.compact(property_)) if property_ else []
        shown_value = shown(" | ".join(shown(term) for term in sorted(stated)))
    else:
        shown_value = shown(str(value))
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message,
        record=record.key,
        value=shown_value,
        focus=focus[1:-1],
        path=property_,
    )


def _property_of(
    properties: list[str], focus: str, value: rdflib.term.Node | None, record: RecordIndex, shapes: Shapes
) -> str:
    """Return the property of a path that leads to the value; where none does directly, the first that the path names."""
    for property_ in properties:
        for term in record.objects(focus, shapes.vocabulary.compact(property_)):
            if value is not None and (term == f"<{value}>" if isinstance(value, URIRef) else term.startswith('"')):
                return property_
    return properties[0] if properties else ""


class _NoConversions(logging.Filter):
    """Drops rdflib's warnings, a traceback each, about literals that do not fit their type: rules G05 and I19 report them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Failed to convert" not in str(record.msg)


@contextmanager
def _quiet() -> Iterator[None]:
    logger, filter_ = logging.getLogger("rdflib.term"), _NoConversions()
    logger.addFilter(filter_)
    try:
        yield
    finally:
        logger.removeFilter(filter_)
