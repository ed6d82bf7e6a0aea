"""From mapped records to findings: the rules in code on each record, then one pySHACL run over a batch.

A batch is faster than its records one by one, and must say the same. Records of one batch may describe the same journal
differently; in one graph their descriptions would mix, and a missing title would be hidden, or two titles be made up.
So a run joins only records that agree on every resource that they both mention (`grouped`): then each resource has in
the joined graph exactly the description that it has in its own record, and paths, which only lead from a resource to
what it mentions, find what they find in the record alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

import rdflib
from rdflib import SH, URIRef

from lod.guard import guarded
from lod.mapping.mapped import Mapped
from lod.rdf.claims import Triple, is_iri
from lod.report import Finding, Severity
from lod.validation.rules.code_rules import UNREADABLE, check_record, shown
from lod.validation.rules.context import Context
from lod.validation.rules.described import Described, Names, describe
from lod.validation.shape_checks import RULE_ID, path_properties
from lod.validation.shapes import Shapes

UNVALIDATED = "unvalidated"
"""Rule of the finding about a record on which the validator itself broke off."""

_Description = frozenset[tuple[str, str]]


@dataclass(slots=True)
class _Judged:
    """One record on its way: its claims, and the description of every resource that they mention."""

    record: Described
    triples: list[Triple]
    descriptions: dict[str, _Description]
    findings: list[Finding]


def validate(batch: Sequence[Mapped], shapes: Shapes, *, today: date | None = None) -> list[Finding]:
    """Return the findings about mapped records, in their order; up to some 500 at a time pay off.

    The findings about a record are the same in whichever batch it comes. `today` (UTC) is what years are compared with.
    Nothing in a record raises: one on which the validator breaks off gets a violation, `unvalidated`; one on which a rule in
    code does gets the violation `fault`, and no other findings.
    """
    context = Context(Names(shapes.vocabulary), shapes.targeted, today or datetime.now(UTC).date(), shapes.qualifiers)
    check = partial(_checked, shapes=shapes, context=context)
    judged = [guarded(check, mapped, "judged", record=mapped.key) for mapped in batch]
    for group in grouped([one for one in judged if isinstance(one, _Judged) and one.triples], alone=shapes.alone):
        _run(group, shapes, context)
    return [finding for one in judged for finding in (one.findings if isinstance(one, _Judged) else [one])]


def _checked(mapped: Mapped, shapes: Shapes, context: Context) -> _Judged:
    """Judge a record by the rules in code, and prepare it for the shapes if it can be read."""
    record = describe(mapped, context.names)
    one = _Judged(record, [], {}, list(check_record(record, context, shapes.without)))
    if UNREADABLE.isdisjoint(finding.rule for finding in one.findings):
        _prepare(one, shapes)
    return one


def _prepare(one: _Judged, shapes: Shapes) -> None:
    """Pick the triples that a shape can look at, and describe every resource in them."""
    wanted = shapes.predicates
    one.triples = [triple for triple in one.record.triples if wanted is None or triple[1] in wanted]
    found: dict[str, set[tuple[str, str]]] = {}
    for subject, predicate, object_ in one.triples:
        found.setdefault(subject, set()).add((predicate, object_))
        if is_iri(object_):
            found.setdefault(object_, set())
    one.descriptions = {resource: frozenset(description) for resource, description in found.items()}


def grouped(judged: Sequence[_Judged], *, alone: bool) -> Iterator[list[_Judged]]:
    """Yield groups of records that agree on every resource that two of them mention; `alone` makes each a group."""
    if alone:
        yield from ([one] for one in judged)
        return
    groups: list[tuple[list[_Judged], dict[str, _Description]]] = []
    for one in judged:
        fitting = (pair for pair in groups if _agrees(one, pair[1]))
        group, known = next(fitting, ([], {}))
        if not group:
            groups.append((group, known))
        group.append(one)
        known.update(one.descriptions)
    yield from (group for group, _ in groups)


def _agrees(one: _Judged, known: dict[str, _Description]) -> bool:
    return all(known.get(resource, said) == said for resource, said in one.descriptions.items())


def _run(group: list[_Judged], shapes: Shapes, context: Context) -> None:
    """Validate a group, and halve it while the validator breaks off, so that only the culprit is not judged."""
    try:
        found = _findings(group, shapes, context)
    except MemoryError:
        raise
    except Exception as fault:  # any fault of the validator must cost one record, not the batch
        if len(group) > 1:
            middle = len(group) // 2
            _run(group[:middle], shapes, context)
            _run(group[middle:], shapes, context)
            return
        found = [(group[0], _unvalidated(group[0], fault))]
    for one, finding in sorted(found, key=lambda pair: _order(pair[1])):
        one.findings.append(finding)


def _order(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.focus, finding.path, finding.value


def _unvalidated(one: _Judged, fault: Exception) -> Finding:
    reason = " ".join(f"{type(fault).__name__}: {fault}".split())
    return Finding(
        rule=UNVALIDATED,
        severity=Severity.VIOLATION,
        message=f"{UNVALIDATED} Record could not be validated: the validator broke off. Compare it with others of its "
        "kind, or try it without your own shapes; if neither helps, report it with this record.",
        record=one.record.key,
        value=shown(reason),
        focus=one.record.item[1:-1],
    )


def _findings(group: list[_Judged], shapes: Shapes, context: Context) -> list[tuple[_Judged, Finding]]:
    import pyshacl

    with _quiet():
        _, results, text = pyshacl.validate(_data_graph(group), shacl_graph=shapes.runnable, advanced=False)
    if not isinstance(results, rdflib.Graph):
        raise RuntimeError(text)
    holders: dict[str, list[_Judged]] = {}
    for one in group:
        for subject in one.record.properties:
            holders.setdefault(subject, []).append(one)
    found: dict[tuple[int, Finding], _Judged] = {}
    for result in results.objects(None, SH.result):
        focus = f"<{results.value(result, SH.focusNode)}>"
        # A focus that nobody describes comes only from shapes that make each record a group of its own.
        for one in holders.get(focus, group if len(group) == 1 else []):
            found[id(one), _finding(results, result, focus, one, shapes, context)] = one
    return [(one, finding) for (_, finding), one in found.items()]


def _data_graph(group: list[_Judged]) -> rdflib.Graph:
    """Return the triples of a group as pySHACL reads them, every lexical form as it stands."""
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[str, rdflib.URIRef | rdflib.Literal] = {}
    described: set[str] = set()
    for one in group:
        for text in one.record.texts:
            if text.term not in terms:
                terms[text.term] = rdflib.Literal(text.text, lang=text.language or None, datatype=text.datatype or None)
        # The records of a group agree on what they share, so each resource is taken from the first that describes it.
        for triple in [triple for triple in one.triples if triple[0] not in described]:
            for term in triple:
                if term not in terms:
                    terms[term] = rdflib.URIRef(term[1:-1])
            graph.add((terms[triple[0]], terms[triple[1]], terms[triple[2]]))
        described.update(one.record.properties)
    return graph


def _finding(
    results: rdflib.Graph, result: rdflib.term.Node, focus: str, one: _Judged, shapes: Shapes, context: Context
) -> Finding:
    # A SPARQL constraint has a message of its own; for all others the shape tells the rule.
    matches = [RULE_ID.match(str(text)) for text in results.objects(result, SH.resultMessage)]
    source = str(results.value(result, SH.sourceShape))
    name = next((match[1] for match in matches if match and match[1] in shapes.rules), "") or shapes.rule_of[source]
    rule = shapes.rules[name]
    value = results.value(result, SH.value)
    path = results.value(result, SH.resultPath)
    properties = [str(property_) for property_ in path_properties(results, path)] if path is not None else []
    property_ = _property_of(properties, focus, value, one, context)
    if value is None:
        # Counts and doubled languages have no value of their own: show what stands there.
        stated = one.record.objects(focus, context.names.of(f"<{property_}>")) if property_ else []
        shown_value = shown(" | ".join(shown(term) for term in sorted(stated)))
    else:
        shown_value = shown(str(value))
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message,
        record=one.record.key,
        value=shown_value,
        focus=focus[1:-1],
        path=property_,
    )


def _property_of(
    properties: list[str], focus: str, value: rdflib.term.Node | None, one: _Judged, context: Context
) -> str:
    """Return the property of a path that leads to the value; where none does directly, the first that the path names."""
    for property_ in properties:
        for term in one.record.objects(focus, context.names.of(f"<{property_}>")):
            if value is not None and (term == f"<{value}>" if isinstance(value, URIRef) else term.startswith('"')):
                return property_
    return properties[0] if properties else ""


class _NoConversions(logging.Filter):
    """Drops rdflib's remark, with a traceback each, on literals that do not fit their type: rules G05 and I19 report them."""

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
