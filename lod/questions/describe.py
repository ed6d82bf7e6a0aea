"""The questions in RDF, with the prefixes that their queries use, as other editors of SPARQL read them.

A question is described with the query for anything in place of its blanks, so that it runs as it is.
Source: SHACL Advanced Features, sections 5.1 to 5.3 (SPARQL executables); W3C SHACL, section 5.2.1 (prefix declarations).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lod.questions.load import load_questions
from lod.rdf.claims import RDF_TYPE, XSD_NS, Triple, iri, literal

QUESTIONS_GRAPH = "data/questions"
"""The named graph of a site that has them, below the base."""

_SH = "http://www.w3.org/ns/shacl#"
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
"""Forms of queries for which SHACL has a property; it has none for DESCRIBE."""


def describe_questions(base: str, prefixes: Mapping[str, str]) -> Iterator[Triple]:
    """Yield the declarations of prefixes, and each question that has no text for a blank."""
    endpoint = iri(f"{base}sparql")
    for name, namespace in sorted(prefixes.items()):
        declared = iri(f"{base}sparql#prefix-{name}")
        yield endpoint, iri(f"{_SH}declare"), declared
        yield declared, iri(f"{_SH}prefix"), literal(name)
        yield declared, iri(f"{_SH}namespace"), literal(namespace, datatype=f"{XSD_NS}anyURI")
    for question in load_questions():
        query, form = question.left_open, _FORMS[question.query.split(None, 1)[0]]
        if query is None:
            continue
        example = iri(f"{base}sparql#question-{question.name}")
        yield example, RDF_TYPE, iri(f"{_SH}SPARQLExecutable")
        yield example, RDF_TYPE, iri(f"{_SH}SPARQL{form.title()}Executable")
        yield (
            example,
            iri("http://www.w3.org/2000/01/rdf-schema#comment"),
            literal(question.sentence({}), language="en"),
        )
        yield example, iri("http://schema.org/keywords"), literal(question.group)
        yield example, iri(f"{_SH}{form}"), literal(query)
        yield example, iri(f"{_SH}prefixes"), endpoint
        yield example, iri("http://schema.org/target"), endpoint
