"""The query page: the form, and below it the result of a query, as far as a page holds it, or the error."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template

from lod.web.evaluation.evaluator import BOOLEAN, Evaluated
from lod.web.http.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from lod.web.pages.values import Shown, shown_iri, shown_literal
from lod.web.service import Service
from lod.web.sparql.request import SparqlRequest

PAGE_ROWS = 500
PAGE_BYTES = 2_000_000
_GRAPH_BYTES = 200_000
_LINKED_QUERY_CHARACTERS = 4_000

EXAMPLES = (
    (
        "The ten latest items",
        "SELECT ?item ?title ?issued WHERE {\n  ?item a rt:RepositoryItem ;\n    dcterms:title ?title ;\n    dcterms:issued ?issued .\n}\nORDER BY DESC(STR(?issued)) LIMIT 10",
    ),
    (
        "Authors with the most items",
        "SELECT ?name (COUNT(DISTINCT ?item) AS ?items) WHERE {\n  ?item dcterms:creator/foaf:name ?name .\n}\nGROUP BY ?name ORDER BY DESC(?items) LIMIT 20",
    ),
    (
        "Journals and how many items they hold",
        "SELECT ?journal ?title (COUNT(DISTINCT ?item) AS ?items) WHERE {\n  ?item a rt:RepositoryItem ; dcterms:isPartOf+ ?journal .\n  ?journal a bibo:Journal ; dcterms:title ?title .\n}\nGROUP BY ?journal ?title ORDER BY DESC(?items) LIMIT 20",
    ),
    (
        "Items and awards of each funder",
        "SELECT ?funder (COUNT(DISTINCT ?item) AS ?items) (COUNT(DISTINCT ?grant) AS ?awards) WHERE {\n  ?item schema:funding ?grant .\n  ?grant schema:funder/foaf:name ?funder .\n}\nGROUP BY ?funder ORDER BY DESC(?awards) ?funder",
    ),
    (
        "Everything about one item",
        "DESCRIBE ?item WHERE { ?item a rt:RepositoryItem } LIMIT 1",
    ),
)


@dataclass(frozen=True, slots=True)
class _Result:
    """What a page shows of a result: a table, yes or no, or Turtle."""

    variables: list[str]
    rows: list[list[Shown | None]]
    boolean: bool | None = None
    turtle: str = ""
    cut: bool = False


def render_form(service: Service, query: str = "", error: tuple[str, str] | None = None) -> str:
    """Return the page without a result; `error` is the title and the message of an error.

    Indented lines of the message belong together: they show a place in the query.
    """
    if error is None:
        return _render(service, SparqlRequest(query or EXAMPLES[0][1]), None, ())
    parts = ["\n".join(lines) for _, lines in groupby(error[1].split("\n"), key=_paragraph_of)]
    return _render(service, SparqlRequest(query), None, (), (error[0], parts))


def _paragraph_of(line: str) -> str:
    return " " if line.startswith("  ") else line


def render_rows(service: Service, query: SparqlRequest, result: Evaluated) -> str:
    """Return the page with the result of SELECT or ASK, which is JSON."""
    found = json.loads(result.body.body())
    if result.form == BOOLEAN:
        return _render(service, query, _Result([], [], boolean=found["boolean"]), RESULT_FORMATS)
    variables = found["head"]["vars"]
    rows = [[_cell(service, row.get(name)) for name in variables] for row in found["results"]["bindings"]]
    return _render(service, query, _Result(variables, rows, cut=result.cut), RESULT_FORMATS)


def render_graph(service: Service, query: SparqlRequest, result: Evaluated) -> str:
    """Return the page with the result of CONSTRUCT or DESCRIBE, which is Turtle."""
    text = result.body.body()
    cut = result.cut or len(text) > _GRAPH_BYTES
    if cut:
        text = text[: text.rfind(b"\n", 0, _GRAPH_BYTES) + 1]
    turtle = text.decode("utf-8", "replace")
    return _render(service, query, _Result([], [], turtle=turtle, cut=cut), GRAPH_FORMATS)


def _render(
    service: Service,
    query: SparqlRequest,
    result: _Result | None,
    formats: tuple[Format, ...],
    error: tuple[str, list[str]] | None = None,
) -> str:
    return render_template(
        "sparql.html",
        query=query.text,
        again=_again(query),
        linked=len(query.text) <= _LINKED_QUERY_CHARACTERS,
        result=result,
        formats=formats,
        error=error,
        examples=EXAMPLES,
        prefixes=sorted(service.vocabulary.prefixes.items()),
    )


def _again(query: SparqlRequest) -> list[tuple[str, str]]:
    """Return the parameters that repeat a query, without the format."""
    return [
        ("query", query.text),
        *(("default-graph-uri", graph) for graph in query.default_graphs),
        *(("named-graph-uri", graph) for graph in query.named_graphs),
    ]


def _cell(service: Service, term: dict[str, Any] | None) -> Shown | None:
    if term is None:
        return None
    if term["type"] == "uri":
        return shown_iri(service, term["value"])
    if term["type"] == "literal":
        return shown_literal(service.vocabulary, term["value"], term.get("xml:lang"), term.get("datatype"))
    return Shown(f"_:{term['value']}" if term["type"] == "bnode" else json.dumps(term["value"]))
