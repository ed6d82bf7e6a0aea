"""The rules in code as SHACL-SPARQL constraints find what the code finds: by Oxigraph on every case, by pySHACL on one of each rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from itertools import islice

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import SH

from lod.mapping.mapped import Mapped
from lod.rdf.claims import iri
from lod.validation.rules.record_index import Names, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import CODE_RULES, check_record
from lod.validation.rules.whole_store import WHOLE_RULES
from lod.validation.shapes import Shapes
from lod.validation.sparql_constraints import (
    SparqlConstraint,
    SparqlRules,
    describe_constraints,
    describe_prefixes,
    load_sparql_rules,
)
from tests.helpers.mutants import mutants
from tests.helpers.shape_cases import CASES, QUALIFIERS, TODAY, VALID_CLAIMS, patched, record_of, variant

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_NOW = f'"{TODAY}T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
# Several rules say that a resource is wrong and differ in the place: which cell of a loop, which triple of a blank node.
_ELSEWHERE = {"I13", "G03"}
_UNREAD = {"I24", "G01", "not-a-claim"}  # rules some of whose cases are no RDF
Places = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def rules(shapes: Shapes) -> SparqlRules:
    return load_sparql_rules(shapes.vocabulary, shapes.targeted)


@pytest.fixture(scope="module")
def by_code(shapes: Shapes):
    names = Names(shapes.vocabulary)
    context = RuleContext(names, shapes.targeted, TODAY, QUALIFIERS)

    def find(mapped: Mapped) -> Places:
        found: Places = defaultdict(set)
        for finding in check_record(index_claims(mapped, names), context):
            found[finding.rule].add((f"<{finding.focus}>", f"<{finding.path}>"))
        return found

    return find


@pytest.fixture(scope="module")
def by_query(shapes: Shapes, rules: SparqlRules):
    def find(store: ox.Store, only: Collection[str] = rules.constraints.keys()) -> Places:
        found: Places = defaultdict(set)
        for rule in rules.constraints.keys() & set(only):
            for constraint in rules.constraints[rule]:
                text = _text(constraint, shapes)
                for focus in _focuses(store, constraint):
                    for row in store.query(text, substitutions={ox.Variable("this"): focus}):
                        found[rule].add((str(focus), str(row["path"])))
        return found

    return find


def at_today(constraint: SparqlConstraint) -> SparqlConstraint:
    """Return a constraint that asks as of the day of the cases."""
    return replace(constraint, select=constraint.select.replace("NOW()", _NOW))


def _text(constraint: SparqlConstraint, shapes: Shapes) -> str:
    prefixes = (f"PREFIX {name}: <{shapes.vocabulary.prefixes[name]}>\n" for name in constraint.prefixes)
    return "".join(prefixes) + at_today(constraint).select


def _focuses(store: ox.Store, constraint: SparqlConstraint) -> set[ox.NamedNode | ox.BlankNode]:
    found = set()
    for target, name in constraint.targets:
        node = ox.NamedNode(name)
        if target == "targetObjectsOf":
            found |= {quad.object for quad in store.quads_for_pattern(None, node, None)}
        else:
            pattern = (_TYPE, node) if target == "targetClass" else (node, None)
            found |= {quad.subject for quad in store.quads_for_pattern(None, *pattern)}
    return {focus for focus in found if not isinstance(focus, ox.Literal)}


def _stored(*records: Mapped) -> ox.Store | None:
    store = ox.Store()
    try:
        for mapped in records:
            store.load("\n".join(mapped.claims), format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError:
        return None
    return store


def _compare(code: Places, query: Places, rules: SparqlRules, typed: set[str]) -> None:
    for rule in {*code, *query} & {rule.id for rule in CODE_RULES} & rules.constraints.keys():
        # What has no class is the matter of `untargeted`: no shape is for it.
        expected = {place for place in code[rule] if place[0] in typed}
        if rule in _ELSEWHERE:
            assert bool(query[rule]) <= bool(code[rule]), rule
        elif any(constraint.less for constraint in rules.constraints[rule]):
            assert query[rule] <= expected, rule
        else:
            assert {place for place in query[rule] if place[0] in typed} == expected, rule


def _typed(store: ox.Store) -> set[str]:
    return {str(quad.subject) for quad in store.quads_for_pattern(None, _TYPE, None)}


def test_every_rule_in_code_is_a_query_or_says_why_not(rules: SparqlRules) -> None:
    assert rules.constraints.keys() | rules.not_as_query.keys() == {rule.id for rule in CODE_RULES} | WHOLE_RULES.keys()
    assert not rules.constraints.keys() & rules.not_as_query.keys()
    assert len(rules.constraints) > 60
    assert all(reason.endswith(".") for reason in rules.not_as_query.values())


def test_each_case_is_found_by_the_query_as_by_the_code(rules: SparqlRules, by_code, by_query) -> None:
    met: set[str] = set()
    for case in CASES["case"]:
        mapped = patched(case)
        store = _stored(mapped)
        if store is None:
            assert case["rule"] in _UNREAD, case
            continue
        code = by_code(mapped)
        found = by_query(store, {case["rule"], *code})
        met |= found.keys()
        _compare(code, found, rules, _typed(store))
    assert met >= rules.constraints.keys() - WHOLE_RULES.keys() - _UNREAD


@pytest.mark.slow
def test_mutants_are_found_by_the_query_as_by_the_code(shapes: Shapes, rules: SparqlRules, by_code, by_query) -> None:
    compared = 0
    for _, claims in islice(mutants(VALID_CLAIMS, shapes), 0, None, 197):
        mapped = record_of(claims)
        store = _stored(mapped)
        if store is not None:
            # Oxigraph, as RDF 1.1 has it, knows one spelling of a language tag, and no datatype of a plain text.
            claims = sorted({f"{quad.subject} {quad.predicate} {quad.object} ." for quad in store})
            _compare(by_code(record_of(claims)), by_query(store), rules, _typed(store))
            compared += 1
    assert compared > 8


@pytest.mark.parametrize("rule", ["D04", "D07", "C22", "A07"])
def test_what_two_records_say_is_found_by_the_query(rule: str, by_query) -> None:
    from tests.validation.test_rules import WHOLE_STORE

    assert not by_query(_stored(variant(1), variant(4)), [rule])
    assert by_query(_stored(variant(1), *WHOLE_STORE[rule]), [rule])


@pytest.mark.slow
def test_a_second_reader_of_shacl_finds_a_failing_case_of_each_rule(shapes: Shapes, rules: SparqlRules) -> None:
    declarations = iri("https://example.org/data/model")
    names = {name for many in rules.constraints.values() for constraint in many for name in constraint.prefixes}
    met = set()
    for case in CASES["case"]:
        rule = case["rule"]
        if "fails" not in case or rule in met or rule not in rules.constraints:
            continue
        shape = iri(f"https://example.org/data/model#code-{rule}")
        triples = [
            *describe_constraints(
                shape, [at_today(constraint) for constraint in rules.constraints[rule]], declarations
            ),
            *describe_prefixes(declarations, names, shapes.vocabulary),
        ]
        shacl, data = rdflib.Graph(), rdflib.Graph()
        shacl.parse(data="".join(f"{' '.join(triple)} .\n" for triple in triples), format="nt")
        try:
            data.parse(data="\n".join(patched(case).claims), format="nt")
        except rdflib.exceptions.ParserError:
            assert rule in _UNREAD
            continue
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shacl)
        if not conforms and any(report.objects(None, SH.focusNode)):
            met.add(rule)
    assert rules.constraints.keys() - WHOLE_RULES.keys() == met
