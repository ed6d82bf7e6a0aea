"""SHACL-SPARQL constraints of the rules in code, from shapes/rules-in-code.toml: for other validators, lod runs the code.

Source: SHACL (W3C 2017), sections 5 and 6 with appendix A: no MINUS, no VALUES, `$this` is bound before the query runs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lod import bundled
from lod.rdf.claims import RDF_TYPE, Iri, Triple, iri, literal
from lod.rdf.vocabulary import Vocabulary

FILE = "rules-in-code.toml"
_SH, _XSD = "http://www.w3.org/ns/shacl#", "http://www.w3.org/2001/XMLSchema#"
_PREFIX = re.compile(r"\b([a-z][a-z0-9]{0,20}):")
_TARGETS = {"classes": "targetClass", "subjects_of": "targetSubjectsOf", "objects_of": "targetObjectsOf"}


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """One constraint.

    Attributes:
        targets: (name of a SHACL target property, IRI of a class or a property).
        select: the query, without its prefixes.
        prefixes: the prefixes that it uses.
        less: what the rule in code finds and this does not, "" for nothing.
    """

    targets: tuple[tuple[str, str], ...]
    select: str
    prefixes: tuple[str, ...]
    less: str = ""


@dataclass(frozen=True, slots=True)
class SparqlRules:
    """All constraints by rule, and why the other rules have none."""

    constraints: Mapping[str, Sequence[SparqlConstraint]]
    not_as_query: Mapping[str, str]


def load_sparql_rules(vocabulary: Vocabulary, targeted: Collection[str]) -> SparqlRules:
    """Return the constraints of the bundled file; `targeted` are the prefixed names of classes that a shape is for."""
    table: dict[str, Any] = tomllib.loads((bundled.SHAPES / FILE).read_text(encoding="utf-8"))
    constraints: dict[str, list[SparqlConstraint]] = {}
    not_as_query: dict[str, str] = {}
    for rule, entry in table.items():
        if "not_as_query" in entry:
            not_as_query[rule] = entry["not_as_query"]
        else:
            rows = entry if isinstance(entry, list) else [entry]
            constraints[rule] = [_constraint(row, vocabulary, targeted) for row in rows]
    return SparqlRules(constraints, not_as_query)


def _constraint(row: Mapping[str, Any], vocabulary: Vocabulary, targeted: Collection[str]) -> SparqlConstraint:
    targets = [
        (target, vocabulary.expand(name))
        for key, target in _TARGETS.items()
        for name in (sorted(targeted) if row.get(key) == "all" else row.get(key, ()))
    ]
    where = str(row["where"]).strip("\n")
    if "TERMS_OF_FABIO" in where:
        known = sorted(f"<{term}>" for term in vocabulary.terms if term.startswith(vocabulary.prefixes["fabio"]))
        where = where.replace("TERMS_OF_FABIO", ", ".join(known))
    path = f"\n  BIND ({row['path']} AS ?path)" if "path" in row else ""
    value = " ?value" if re.search(r"\?value\b", where) else ""
    select = f"SELECT DISTINCT $this ?path{value} WHERE {{\n{where}{path}\n}}"
    used = dict.fromkeys(name for name in _PREFIX.findall(select) if name in vocabulary.prefixes)
    return SparqlConstraint(tuple(targets), select, tuple(used), row.get("less", ""))


def describe_constraints(rule: Iri, constraints: Sequence[SparqlConstraint], declarations: Iri) -> Iterator[Triple]:
    """Yield the triples that make a rule a shape with these constraints; `declarations` is what declares the prefixes.

    Targets of a rule of two constraints are joined: a pattern finds nothing where it is not meant.
    """
    yield rule, RDF_TYPE, iri(f"{_SH}NodeShape")
    for target, name in dict.fromkeys(target for constraint in constraints for target in constraint.targets):
        yield rule, iri(f"{_SH}{target}"), iri(name)
    for number, constraint in enumerate(constraints, 1):
        node = iri(f"{rule[1:-1]}-sparql{number}")
        yield rule, iri(f"{_SH}sparql"), node
        yield node, RDF_TYPE, iri(f"{_SH}SPARQLConstraint")
        yield node, iri(f"{_SH}prefixes"), declarations
        yield node, iri(f"{_SH}select"), literal(constraint.select)
        if constraint.less:
            comment = f"The rule in code finds also: {constraint.less}."
            yield node, iri("http://www.w3.org/2000/01/rdf-schema#comment"), literal(comment, language="en")


def describe_prefixes(declarations: Iri, names: Collection[str], vocabulary: Vocabulary) -> Iterator[Triple]:
    """Yield the declarations (sh:declare) of prefixes."""
    for name in sorted(names):
        node = iri(f"{declarations[1:-1]}#prefix-{name}")
        yield declarations, iri(f"{_SH}declare"), node
        yield node, iri(f"{_SH}prefix"), literal(name)
        yield node, iri(f"{_SH}namespace"), literal(vocabulary.prefixes[name], datatype=f"{_XSD}anyURI")
