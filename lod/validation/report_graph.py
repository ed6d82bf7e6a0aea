"""Findings as a SHACL validation report in RDF. Source: W3C SHACL, section 3.6.

Results have IRIs under `{base}data/report#`, built from their contents, so that two reports can be compared line by line;
there are no blank nodes. The rule of a result is its `sh:sourceShape`, an IRI under `{vocabulary}rule/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from urllib.parse import quote

import rdflib

from lod.errors import BadValueError
from lod.rdf.claims import RDF_TYPE, XSD_NS, Iri, Term, Triple, checked_iri, iri, literal, to_graph
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE
from lod.report import Finding, Severity
from lod.validation.engines.engine import UNVALIDATED

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}


def report_triples(
    findings: Iterable[Finding], base: str, namespace: str = DEFAULT_VOCABULARY_NAMESPACE
) -> Iterator[Triple]:
    """Yield the triples of a validation report on findings; they are read once, and any number streams.

    `base` is the site's base IRI, with its final slash; `namespace` that of the local vocabulary. A finding that is about
    no resource has its record's document as focus node, and the report itself where it has no record either.
    """
    report = iri(f"{base}data/report")
    yield report, RDF_TYPE, _sh("ValidationReport")
    conforms = True
    named: set[str] = set()
    for finding in findings:
        name = result_iri(finding, base)
        if name in named:
            continue
        named.add(name)
        conforms = False  # SHACL, section 3.6.1.1: any result, whatever its severity
        yield from _stated(finding, iri(name), base, namespace)
    yield report, _sh("conforms"), _boolean(conforms)


def report_changes(
    changes: Iterable[tuple[Finding, bool]],
    conformed: bool,
    conforms: bool,
    base: str,
    namespace: str = DEFAULT_VOCABULARY_NAMESPACE,
) -> Iterator[tuple[Triple, bool]]:
    """Yield the difference between two reports: triples, and whether they are added.

    `changes` are the findings that only one report has, each once, and whether it is the newer report; `conformed` and
    `conforms` are whether the older and the newer report have no findings.
    """
    report = iri(f"{base}data/report")
    for finding, is_new in changes:
        for triple in _stated(finding, iri(result_iri(finding, base)), base, namespace):
            yield triple, is_new
    if conformed != conforms:
        yield (report, _sh("conforms"), _boolean(conformed)), False
        yield (report, _sh("conforms"), _boolean(conforms)), True


def result_iri(finding: Finding, base: str) -> str:
    """Return the IRI of a result: the rule and 16 hex digits of the SHA-256 of the finding.

    Its place does not count: a row more at the top of a source moves all that follow, and nothing else has changed.
    """
    text = "\0".join(f"{name}={value}" for name, value in sorted(finding.to_dict().items()) if name != "place")
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{base}data/report#{quote(finding.rule, safe='')}-{digest}"


def to_turtle(
    findings: Iterable[Finding],
    base: str,
    namespace: str = DEFAULT_VOCABULARY_NAMESPACE,
    prefixes: Mapping[str, str] | None = None,
) -> str:
    """Return a validation report as Turtle."""
    return report_graph(findings, base, namespace, prefixes).serialize(format="turtle")


def report_graph(
    findings: Iterable[Finding],
    base: str,
    namespace: str = DEFAULT_VOCABULARY_NAMESPACE,
    prefixes: Mapping[str, str] | None = None,
) -> rdflib.Graph:
    """Return a validation report as a graph, with its prefixes bound."""
    graph = to_graph(report_triples(findings, base, namespace))
    for prefix, prefix_iri in {"sh": _SH, "rule": f"{namespace}rule/", **(prefixes or {})}.items():
        graph.bind(prefix, prefix_iri)
    return graph


@cache
def _sh(name: str) -> Iri:
    return iri(_SH + name)


@lru_cache(maxsize=1_024)
def _rule_iri(rule: str, namespace: str) -> Iri:
    return iri(f"{namespace}rule/{quote(rule, safe='')}")


@lru_cache(maxsize=1_024)
def _message(text: str) -> Term:
    return literal(_without_surrogates(text))


def _stated(finding: Finding, result: Iri, base: str, namespace: str) -> Iterator[Triple]:
    yield iri(f"{base}data/report"), _sh("result"), result
    yield result, RDF_TYPE, _sh("ValidationResult")
    yield result, _sh("resultSeverity"), _sh(_SEVERITIES[finding.severity])
    yield result, _sh("focusNode"), _focus(finding, base)
    yield result, _sh("resultMessage"), _message(finding.message)
    rule = _rule_iri(finding.rule, namespace)
    yield result, _sh("sourceShape"), rule
    # Findings do not say which constraint of a rule was broken; the rule is the constraint.
    yield result, _sh("sourceConstraintComponent"), rule
    path = _known_iri(finding.path)
    if path:
        yield result, _sh("resultPath"), path
    if finding.value and finding.rule != UNVALIDATED:
        yield result, _sh("value"), literal(_without_surrogates(finding.value))


def _boolean(value: bool) -> Term:
    return literal(str(value).lower(), datatype=f"{XSD_NS}boolean")


def _focus(finding: Finding, base: str) -> Iri:
    focus = _known_iri(finding.focus)
    if not focus and finding.record:
        focus = _known_iri(f"{base}data/item/{quote(finding.record, safe='/%~')}")
    return focus or iri(f"{base}data/report")


def _known_iri(text: str) -> Iri | None:
    """Return an encoded IRI, None where the text is none (a finding may be about a bad IRI)."""
    try:
        return checked_iri(text) if text else None
    except BadValueError:
        return None


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
