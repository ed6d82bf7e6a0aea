"""Checks of the shapes themselves: a misspelt shape passes everything, so each is checked when it is loaded.

Source: W3C SHACL, sections 2 to 5; the list of terms is that of Core and of SPARQL-based constraints (section 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

import rdflib
from rdflib import OWL, RDF, RDFS, SH, XSD, BNode, Literal, URIRef

from lod.patterns import ADVICE, slow_sample
from lod.rdf.vocabulary import Vocabulary

_NOT_IN_QUERIES = {"ServiceGraphPattern": "SERVICE", "Minus": "MINUS", "values": "VALUES"}
"""What SHACL does not allow in the queries of constraints, by what rdflib calls it."""

_RULE_ID = re.compile(r"([A-Za-z][A-Za-z0-9-]*[0-9][a-z]?)\s+(?=\S)")

_NS = str(SH)
_TARGETS = "targetClass targetNode targetObjectsOf targetSubjectsOf"
_CONSTRAINTS = (
    "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node qualifiedValueShape "
    "qualifiedMinCount qualifiedMaxCount closed hasValue in sparql"
)
_PATHS = "inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath"
_OTHERS = (
    "NodeShape PropertyShape Shape SPARQLConstraint PrefixDeclaration property path flags qualifiedValueShapesDisjoint "
    "ignoredProperties deactivated severity message name description order group defaultValue PropertyGroup "
    "Violation Warning Info IRI Literal BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral "
    "select prefixes declare prefix namespace"
)
_KNOWN = frozenset(f"{_NS}{name}" for name in f"{_TARGETS} {_CONSTRAINTS} {_PATHS} {_OTHERS}".split())
TARGETS = frozenset(SH[name] for name in _TARGETS.split())
"""The properties by which a shape finds its focus nodes."""
CONSTRAINT_TERMS = frozenset(SH[name] for name in _CONSTRAINTS.split())
"""The properties that state a constraint."""
_NOT_RUN = frozenset(
    f"{_NS}{name}"
    for name in [
        "rule",
        "TripleRule",
        "SPARQLRule",
        "condition",
        "subject",
        "predicate",
        "object",
        "construct",
        "entailment",
        "target",
        "targetType",
        "SPARQLTarget",
        "SPARQLTargetType",
        "expression",
        "ExpressionConstraintComponent",
        "js",
        "JSConstraint",
        "JSRule",
        "JSFunction",
        "JSLibrary",
        "jsLibrary",
        "jsFunctionName",
        "SPARQLFunction",
        "SPARQLExecutable",
        "ConstraintComponent",
        "parameter",
        "Parameter",
        "validator",
        "nodeValidator",
        "propertyValidator",
        "SPARQLAskValidator",
        "SPARQLSelectValidator",
        "ask",
        "update",
        "values",
    ]
)
_NOT_RUN_HINT = (
    "only SHACL Core and queries (sh:sparql) are run here, no rules, functions, scripts, constraint components or targets "
    "by query; state it with those, or take the shape out, since it would check nothing"
)
_LOCAL = re.compile(r"[/#]")
_REFERENCES = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_SEVERITIES = frozenset({SH.Violation, SH.Warning, SH.Info})
_NODE_KINDS = frozenset(
    SH[name] for name in ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)
_TERM_TAKING = (
    *TARGETS - {SH.targetNode},
    SH["class"],
    SH.equals,
    SH.disjoint,
    SH.lessThan,
    SH.lessThanOrEquals,
)
_OWN = (str(RDF), str(RDFS), _NS, str(XSD), str(OWL))
_ANNOTATIONS = (str(RDF), str(RDFS), str(OWL), "http://purl.org/dc/terms/", "http://www.w3.org/2004/02/skos/core#")

_VALUES: tuple[tuple[str, str, Callable[[rdflib.term.Node], bool]], ...] = (
    (
        "minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount",
        "a whole number",
        lambda value: isinstance(value, Literal) and value.datatype == XSD.integer and not value.ill_typed,
    ),
    (
        "uniqueLang closed deactivated qualifiedValueShapesDisjoint",
        "true or false",
        lambda value: isinstance(value, Literal) and value.datatype == XSD.boolean and not value.ill_typed,
    ),
    ("message pattern flags", "a text", lambda value: isinstance(value, Literal)),
    (
        "class datatype equals disjoint lessThan lessThanOrEquals targetClass targetSubjectsOf targetObjectsOf",
        "an IRI",
        lambda value: isinstance(value, URIRef),
    ),
    ("severity", "sh:Violation, sh:Warning or sh:Info", lambda value: value in _SEVERITIES),
    ("nodeKind", "sh:IRI, sh:Literal or one of their unions", lambda value: value in _NODE_KINDS),
)


def split_message(message: object) -> tuple[str, str]:
    """Return the id of the rule that a message starts with ("I01 Item has no title…"), "" where there is none, and the rest."""
    match = _RULE_ID.match(str(message))
    return (match[1], str(message)[match.end() :]) if match else ("", str(message))


def file_faults(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what is wrong within one file: terms and values. The texts lack the file's name."""
    yield from _unknown_shacl(graph, vocabulary)
    yield from _wrong_values(graph, vocabulary)
    yield from _unknown_terms(graph, vocabulary)


def whole_faults(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what is wrong with all files taken together: targets, references, messages and severities."""
    referenced = set(_referenced(graph))
    for node in _shapes(graph):
        if not is_target(graph, node) and node not in referenced:
            yield f"{shape_name(graph, node, vocabulary)}: no target, and no shape refers to it, so it never runs; add sh:targetClass"
    for reference in _REFERENCES:
        for owner, node in graph.subject_objects(reference):
            if (node, None, None) not in graph:
                yield f"{shape_name(graph, owner, vocabulary)}: refers to {_term(node, vocabulary)}, which no file describes"
    for owner, node in graph.subject_objects(SH.property):
        if (node, None, None) in graph and len(list(graph.objects(node, SH.path))) != 1:
            yield f"{shape_name(graph, owner, vocabulary)}: {_term(node, vocabulary)} needs exactly one sh:path"
    for owner, node in graph.subject_objects(SH.sparql):
        for fault in _query_faults(graph, node):
            yield f"{shape_name(graph, owner, vocabulary)}: sh:sparql: {fault}"
    for node in reported(graph):
        yield from _faults_of_reported(graph, node, vocabulary)


def _query_faults(graph: rdflib.Graph, constraint: rdflib.term.Node) -> Iterator[str]:
    """Yield what keeps the query of a constraint from being run. Source: SHACL, section 5.2.1 and appendix A.2."""
    from rdflib.plugins.sparql import prepareQuery

    queries = list(graph.objects(constraint, SH.select))
    if len(queries) != 1:
        yield "it needs exactly one query (sh:select)"
    prefixes = dict(rdflib.Graph().namespaces())
    for declaration in graph.objects(constraint, SH.prefixes / SH.declare):
        name, namespace = graph.value(declaration, SH.prefix), graph.value(declaration, SH.namespace)
        if name is not None and namespace is not None:
            prefixes[str(name)] = URIRef(str(namespace))
    for query in queries:
        try:
            algebra = prepareQuery(str(query), initNs=prefixes).algebra
        except Exception as fault:  # rdflib raises plain exceptions too
            yield f"the query cannot be read: {' '.join(str(fault).split())[:200]}"
            continue
        parts = _parts_of(algebra)
        yield from (
            f"a query of a shape may not have {word}" for part, word in _NOT_IN_QUERIES.items() if part in parts
        )


def _parts_of(algebra: object) -> set[str]:
    """Return what rdflib calls the parts of a query."""
    from rdflib.plugins.sparql.algebra import traverse

    parts: set[str] = set()

    def note(part: object) -> None:
        parts.add(str(getattr(part, "name", "")))

    traverse(algebra, visitPost=note)
    return parts


def _faults_of_reported(graph: rdflib.Graph, node: rdflib.term.Node, vocabulary: Vocabulary) -> Iterator[str]:
    if not any(predicate in CONSTRAINT_TERMS for predicate in graph.predicates(node)):
        return
    if len(list(graph.objects(node, SH.severity))) > 1:
        yield f"{shape_name(graph, node, vocabulary)}: needs one sh:severity: sh:Violation, sh:Warning or sh:Info"


def reported(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    """Return the shapes whose results reach a report: those with a target, and what they hold by sh:property or sh:node."""
    found: dict[rdflib.term.Node, None] = {}
    waiting = [node for node in _shapes(graph) if is_target(graph, node)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting += graph.objects(node, SH.property)
    return list(found)


def is_target(graph: rdflib.Graph, node: rdflib.term.Node) -> bool:
    """Return whether a shape has a target. Source: SHACL, section 2.1.3; a shape that is a class is its own target."""
    return any(predicate in TARGETS for predicate in graph.predicates(node)) or (
        (node, RDF.type, RDFS.Class) in graph or (node, RDF.type, OWL.Class) in graph
    )


def _shapes(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    of_shapes = TARGETS | CONSTRAINT_TERMS | {SH.property, SH.path}
    found = {
        node: None for node, predicate in graph.subject_predicates() if predicate in of_shapes and predicate != SH["in"]
    }
    for class_ in (SH.NodeShape, SH.PropertyShape):
        found.update(dict.fromkeys(graph.subjects(RDF.type, class_)))
    return sorted(found, key=str)


def _referenced(graph: rdflib.Graph) -> Iterator[rdflib.term.Node]:
    for reference in _REFERENCES:
        yield from graph.objects(None, reference)
    for reference in _LISTS:
        for head in graph.objects(None, reference):
            yield from graph.items(head)


def _unknown_shacl(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[str]:
    names = sorted(name[len(_NS) :] for name in _KNOWN)
    reported_once: set[tuple[str, str]] = set()
    for subject, predicate, object_ in graph:
        shape = shape_name(graph, subject, vocabulary)
        for term in (predicate, object_):
            unknown = isinstance(term, URIRef) and str(term).startswith(_NS) and str(term) not in _KNOWN
            if unknown and (shape, str(term)) not in reported_once:
                reported_once.add((shape, str(term)))
                near = get_close_matches(str(term)[len(_NS) :], names, n=1)
                hint = f"did you mean sh:{near[0]}?" if near and str(term) not in _NOT_RUN else _NOT_RUN_HINT
                yield f"{shape}: unknown term {_term(term, vocabulary)}; {hint}"
        # Whatever else is said of a shape says nothing to the validator, unless it was meant as a constraint.
        if not str(predicate).startswith((_NS, *_ANNOTATIONS)) and _LOCAL.split(str(predicate))[-1] in names:
            yield f"{shape}: {_term(predicate, vocabulary)} is no property of shapes; constraints start with sh:"


def _wrong_values(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[str]:
    for names, wanted, fits in _VALUES:
        for name in names.split():
            for node, value in graph.subject_objects(SH[name]):
                if not fits(value):
                    yield f"{shape_name(graph, node, vocabulary)}: sh:{name} is {_term(value, vocabulary)}; it takes {wanted}"
    for node, pattern in graph.subject_objects(SH.pattern):
        place = f"{shape_name(graph, node, vocabulary)}: sh:pattern {str(pattern)!r}"
        try:
            slow = slow_sample(str(pattern))
        except re.error as fault:
            yield f"{place} is no regular expression ({fault})"
            continue
        if slow:
            yield f"{place} is slow: a value that repeats {slow!r} keeps it busy for more than a second; {ADVICE}"


def _unknown_terms(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    known = tuple({_space(iri) for iri in vocabulary.terms})
    for node, term in _mentioned(graph, vocabulary):
        if str(term) in vocabulary.terms or str(term).startswith((vocabulary.namespace, *_OWN)):
            continue
        if not str(term).startswith(known):
            continue  # of a vocabulary of which we have no list of terms
        name = shape_name(graph, node, vocabulary)
        if (name, str(term)) not in seen:
            seen.add((name, str(term)))
            near = get_close_matches(str(term), vocabulary.terms, n=1, cutoff=0.8)
            hint = f"did you mean {vocabulary.compact(near[0])}?" if near else "add it to vocab/terms/ if it exists"
            yield f"{name}: {_term(term, vocabulary)} is no known vocabulary term; {hint}"


def _space(iri: str) -> str:
    """Return the namespace of a term."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _mentioned(graph: rdflib.Graph, vocabulary: Vocabulary) -> Iterator[tuple[rdflib.term.Node, URIRef]]:
    """Yield node and IRI of each property and class that a shape names."""
    for name in _TERM_TAKING:
        for node, value in graph.subject_objects(name):
            if isinstance(value, URIRef):
                yield node, value
    for node, path in graph.subject_objects(SH.path):
        for value in path_properties(graph, path):
            yield node, value
    vocabularies = tuple(namespace for prefix, namespace in vocabulary.prefixes.items() if prefix != "mesh")
    for node, value in _listed_values(graph):
        if isinstance(value, URIRef) and str(value).startswith(vocabularies):
            yield node, value


def _listed_values(graph: rdflib.Graph) -> Iterator[tuple[rdflib.term.Node, rdflib.term.Node]]:
    yield from graph.subject_objects(SH.hasValue)
    for node, head in graph.subject_objects(SH["in"]):
        for value in graph.items(head):
            yield node, value


def path_properties(graph: rdflib.Graph, path: rdflib.term.Node) -> list[URIRef]:
    """Return the properties of a path in the order in which it names them. Source: SHACL, section 2.3.1."""
    found: list[URIRef] = []
    waiting, seen = [path], set()
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, URIRef):
            if node != RDF.nil:
                found.append(node)
        elif node not in seen:
            seen.add(node)
            items = list(graph.items(node))
            inner = [object_ for name in _PATHS.split() for object_ in graph.objects(node, SH[name])]
            waiting = [*items, *inner, *waiting]
    return found


def shape_name(graph: rdflib.Graph, node: rdflib.term.Node, vocabulary: Vocabulary) -> str:
    """Return a readable name of a shape: its prefixed name; of a blank node, its path and the shape that it belongs to."""
    path = next(iter(graph.objects(node, SH.path)), None) if isinstance(node, BNode) else None
    walked: set[rdflib.term.Node] = set()
    while isinstance(node, BNode) and node not in walked:
        walked.add(node)
        node = next(iter(graph.subjects(None, node)), node)
    name = _term(node, vocabulary) if not isinstance(node, BNode) else "a shape without a name"
    return f"{name} ({_term(path, vocabulary)})" if isinstance(path, URIRef) else name


def _term(term: rdflib.term.Node, vocabulary: Vocabulary) -> str:
    if isinstance(term, URIRef):
        return vocabulary.compact(str(term))
    return repr(str(term)) if isinstance(term, Literal) else "a nameless node"
