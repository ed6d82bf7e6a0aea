"""Rule ids and messages of shapes that state none: made from the name of the shape and from its constraints."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import rdflib
from rdflib import RDF, SH, BNode, Literal, URIRef

from lod.rdf.vocabulary import Vocabulary
from lod.report import Severity
from lod.validation.rules.table import RuleText
from lod.validation.shape_checks import CONSTRAINT_TERMS, TARGETS, path_properties, reported, shape_name, split_message

SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
"""Severities of SHACL; a shape that states none is a violation (SHACL, section 2.1.4)."""

_WORDS = {
    "minCount": "at least {} of its values",
    "maxCount": "at most {} of its values",
    "datatype": "values of the datatype {}",
    "class": "values that are a {}",
    "nodeKind": "values of the kind {}",
    "pattern": "values that match {}",
    "minLength": "values of at least {} characters",
    "maxLength": "values of at most {} characters",
    "minInclusive": "values from {} on",
    "maxInclusive": "values up to {}",
    "minExclusive": "values above {}",
    "maxExclusive": "values below {}",
    "in": "one of {}",
    "languageIn": "values in one of the languages {}",
    "hasValue": "the value {}",
    "equals": "the same values as {}",
    "disjoint": "no value of {}",
    "lessThan": "values less than those of {}",
    "lessThanOrEquals": "values not greater than those of {}",
    "node": "what fits the shape {}",
    "not": "what does not fit the shape {}",
    "and": "what fits all of {}",
    "or": "what fits one or more of {}",
    "xone": "what fits exactly one of {}",
    "qualifiedValueShape": "the right number of values that fit {}",
    "sparql": "what its query (sh:sparql) does not find",
}
"""What a constraint asks for; `uniqueLang` and `closed` are told where they are true."""

_FLAGS = {"uniqueLang": "at most one value in each language", "closed": "no properties but those that it names"}
_MOST_LISTED = 8


def made_rules(graph: rdflib.Graph, vocabulary: Vocabulary, taken: Collection[str]) -> dict[rdflib.term.Node, RuleText]:
    """Return the rules of the shapes of which no message starts with the id of a rule, whatever order the file has.

    Args:
        graph: all shapes.
        vocabulary: prefixes for messages.
        taken: ids of other rules.
    """
    found = {}
    for node in reported(graph):
        if any(predicate in CONSTRAINT_TERMS for predicate in graph.predicates(node)):
            messages = messages_of(graph, node)
            if not any(split_message(message)[0] for message in messages):
                found[node] = (_id(graph, node, vocabulary), _message(graph, node, vocabulary, messages))
    rules: dict[rdflib.term.Node, RuleText] = {}
    used = set(taken)
    for node, (id_, message) in sorted(found.items(), key=lambda row: row[1]):
        numbered = id_
        number = 1
        while numbered in used:
            number += 1
            numbered = f"{id_}-{number}"
        used.add(numbered)
        severity = SEVERITIES.get(graph.value(node, SH.severity), Severity.VIOLATION)  # type: ignore[call-overload]
        rules[node] = RuleText(numbered, severity, message)
    return rules


def messages_of(graph: rdflib.Graph, node: rdflib.term.Node) -> list[Literal]:
    """Return the messages of a shape and of its queries: in English, or without a language, first."""
    nodes = [node, *graph.objects(node, SH.sparql)]
    found = [text for owner in nodes for text in graph.objects(owner, SH.message) if isinstance(text, Literal)]
    return sorted(
        found, key=lambda text: (not (text.language or "en").startswith("en"), text.language or "", str(text))
    )


def _id(graph: rdflib.Graph, node: rdflib.term.Node, vocabulary: Vocabulary) -> str:
    """Return the local name of a shape; of a nameless one that of the shape, or the target, it belongs to, and its property."""
    owner, seen = node, set[rdflib.term.Node]()
    while isinstance(owner, BNode) and owner not in seen:
        seen.add(owner)
        owner = next(iter(sorted(graph.subjects(None, owner), key=str)), owner)
    named = owner
    if isinstance(owner, BNode):
        named = next(
            (term for target in sorted(TARGETS) for term in sorted(graph.objects(owner, target), key=str)), owner
        )
    parts = [_local(named) if isinstance(named, URIRef) else "shape"]
    if isinstance(node, BNode):
        parts += [
            _local(property_) for path in graph.objects(node, SH.path) for property_ in path_properties(graph, path)
        ]
    return "-".join(part for part in parts if part)


def _local(iri: URIRef) -> str:
    return re.sub(r"[^\w.-]+", "-", re.split(r"[/#:]", str(iri).rstrip("/#"))[-1]) or "shape"


def _message(graph: rdflib.Graph, node: rdflib.term.Node, vocabulary: Vocabulary, messages: list[Literal]) -> str:
    if messages:
        return " ".join(messages[0].split())
    name = graph.value(node, SH.name)
    subject = f"{name} ({shape_name(graph, node, vocabulary)})" if name else shape_name(graph, node, vocabulary)
    return (
        f"The shape {subject} asks for {'; '.join(_asked(graph, node, vocabulary))}. Correct the value at its source."
    )


def _asked(graph: rdflib.Graph, node: rdflib.term.Node, vocabulary: Vocabulary) -> Iterator[str]:
    for name, words in _WORDS.items():
        for value in sorted(graph.objects(node, SH[name]), key=str):
            yield words.format(_shown(graph, value, vocabulary))
    for name, words in _FLAGS.items():
        if any(str(value) == "true" for value in graph.objects(node, SH[name])):
            yield words


def _shown(graph: rdflib.Graph, value: rdflib.term.Node, vocabulary: Vocabulary) -> str:
    if isinstance(value, URIRef):
        return vocabulary.compact(str(value))
    if isinstance(value, Literal):
        return str(value) if value.datatype and value.value is not None else repr(str(value))
    if (value, RDF.first, None) in graph:
        items = [_shown(graph, item, vocabulary) for item in graph.items(value)]
        more = f", … ({len(items)} in all)" if len(items) > _MOST_LISTED else ""
        return ", ".join(items[:_MOST_LISTED]) + more
    inner = list(_asked(graph, value, vocabulary))
    return f"({'; '.join(inner)})" if inner else shape_name(graph, value, vocabulary)
