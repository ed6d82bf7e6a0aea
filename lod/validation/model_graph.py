"""The data model of a site as RDF: its shapes (SHACL), its rules in code, its crosswalk. Blank nodes of the shapes get IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rdflib

from lod.dump.void_and_dcat import MODEL_GRAPH
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.rdf.claims import RDF_TYPE, Iri, Term, Triple, iri, literal
from lod.rdf.vocabulary import Vocabulary
from lod.validation.shapes import Shapes
from lod.validation.sparql_constraints import describe_constraints, describe_prefixes, load_sparql_rules

_RDFS, _SH = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/ns/shacl#"
_STATED = re.compile(r"([a-z][a-z0-9]{0,20}:[A-Za-z][\w-]{0,60}) ")


def describe_model(base: str, crosswalk: Crosswalk, shapes: Shapes) -> Iterator[Triple]:
    """Yield the triples of the model, each once."""
    nodes: dict[rdflib.BNode, Iri] = {}
    for subject in dict.fromkeys(shapes.graph.subjects()):
        for predicate, object_ in shapes.graph.predicate_objects(subject):
            yield _term(subject, base, nodes), _term(predicate, base, nodes), _term(object_, base, nodes)  # type: ignore[misc]
    yield from _code_rules(base, crosswalk.vocabulary, shapes)
    for number, rule in enumerate(crosswalk.rules, 1):
        yield from _rule(iri(f"{base}{MODEL_GRAPH}#rule-{number}"), rule, crosswalk.vocabulary)


def _term(node: rdflib.term.Node, base: str, nodes: dict[rdflib.BNode, Iri]) -> Term:
    """Return a term as claims have it; a blank node has an IRI with its number, in the order of the files."""
    if isinstance(node, rdflib.BNode):
        if node not in nodes:
            nodes[node] = iri(f"{base}.well-known/genid/model/{len(nodes) + 1}")
        return nodes[node]
    if isinstance(node, rdflib.Literal):
        return literal(str(node), language=node.language, datatype=str(node.datatype) if node.datatype else None)
    return iri(str(node))


def _code_rules(base: str, vocabulary: Vocabulary, shapes: Shapes) -> Iterator[Triple]:
    """Yield the rules in code, as SHACL-SPARQL constraints where they can be written so, else with the reason."""
    in_shapes = set(shapes.rule_of.values())
    as_sparql = load_sparql_rules(vocabulary, shapes.targeted)
    model, prefixes = iri(f"{base}{MODEL_GRAPH}"), set[str]()
    for id_, rule in sorted(shapes.rules.items()):
        if id_ not in in_shapes:
            subject = iri(f"{base}{MODEL_GRAPH}#code-{id_}")
            yield subject, RDF_TYPE, iri(vocabulary.expand("rt:CodeRule"))
            yield subject, iri(f"{_RDFS}label"), literal(id_)
            yield subject, iri(f"{_SH}severity"), iri(f"{_SH}{rule.severity.value.capitalize()}")
            yield subject, iri(f"{_SH}message"), literal(rule.message, language="en")
            if id_ in as_sparql.not_as_query:
                yield subject, iri(f"{_RDFS}comment"), literal(as_sparql.not_as_query[id_], language="en")
            elif id_ not in shapes.without:
                constraints = as_sparql.constraints[id_]
                prefixes.update(name for constraint in constraints for name in constraint.prefixes)
                yield from describe_constraints(subject, constraints, model)
    yield from describe_prefixes(model, prefixes, vocabulary)


def _rule(subject: Iri, rule: Rule, vocabulary: Vocabulary) -> Iterator[Triple]:
    def stated(name: str, text: str) -> Iterator[Triple]:
        if text:
            yield subject, iri(vocabulary.expand(f"rt:{name}")), literal(text)

    yield subject, RDF_TYPE, iri(vocabulary.expand("rt:CrosswalkRule"))
    yield subject, iri(f"{_RDFS}label"), literal(rule.label)
    for field in dict.fromkeys(rule.fields):
        yield from stated("sourceField", field)
    for property_ in dict.fromkeys(_properties(rule, vocabulary)):
        yield subject, iri(vocabulary.expand("rt:targetProperty")), property_
    yield from stated("valueKind", rule.kind)
    yield from stated("valueCondition", rule.when.pattern if rule.when else "")
    if rule.example:
        yield from stated("exampleValue", rule.example.text)
        yield from stated("exampleResult", rule.example.out)
    if rule.note:
        yield subject, iri(f"{_RDFS}comment"), literal(rule.note, language="en")


def _properties(rule: Rule, vocabulary: Vocabulary) -> Iterator[Iri]:
    """Yield the properties that a rule fills: those that it names, else the one that its example gives."""
    named = [property_ for property_ in (rule.property, *rule.mirrors) if property_]
    yield from named
    match = _STATED.match(rule.example.out) if rule.example and not named else None
    if match and match[1].partition(":")[0] in vocabulary.prefixes:
        yield iri(vocabulary.expand(match[1]))
