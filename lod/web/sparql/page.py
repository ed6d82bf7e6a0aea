"""The query page: the form, and below it the result of a query, as far as a page holds it, or the error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from flask import render_template

from lod.web.evaluation.evaluator import BOOLEAN, Evaluated, QueryError
from lod.web.http.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from lod.web.pages.values import Shown, natural, shown_iri, shown_literal
from lod.web.reading.documents import Name
from lod.web.service import Service
from lod.web.sparql.code import code_for
from lod.web.sparql.request import SparqlRequest
from lod.web.sparql.term_remarks import remarks_on
from lod.web.view import PublishedView

PAGE_ROWS = 500
PAGE_BYTES = 2_000_000
_GRAPH_BYTES = 200_000
_MOST_NAMED = 1_000
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
    """What a page shows of a result: a table, yes or no, or Turtle; how long it took; remarks on the query."""

    seconds: float
    remarks: list[str]
    variables: list[str] = field(default_factory=list)
    rows: list[list[Shown | None]] = field(default_factory=list)
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


def render_rows(view: PublishedView, query: SparqlRequest, result: Evaluated, seconds: float) -> str:
    """Return the page with the result of SELECT or ASK, which is JSON, and how many seconds its evaluation took."""
    found = json.loads(result.body.body())
    shown = _Result(seconds=seconds, remarks=remarks_on(view, query.text), cut=result.cut)
    if result.form == BOOLEAN:
        return _render(view.service, query, replace(shown, boolean=found["boolean"]), RESULT_FORMATS)
    variables, bindings = found["head"]["vars"], found["results"]["bindings"]
    names = _names(view, bindings)
    rows = [[_cell(view.service, row.get(name), names) for name in variables] for row in bindings]
    by = query.sort.removeprefix("-")
    if by and not result.cut:
        if by not in variables:
            raise QueryError("syntax", f"sort={by[:60]} is no variable of the result; it has: {', '.join(variables)}")
        rows = _sorted(rows, variables.index(by), is_last_first=query.sort.startswith("-"))
    return _render(view.service, query, replace(shown, variables=variables, rows=rows), RESULT_FORMATS)


def _sorted(rows: list[list[Shown | None]], column: int, *, is_last_first: bool) -> list[list[Shown | None]]:
    """Return rows in the natural order of what one column shows; those without a value are last in both directions."""
    filled = [(natural(cell.text), row) for row in rows if (cell := row[column])]
    filled.sort(key=lambda pair: pair[0], reverse=is_last_first)
    return [*(row for _, row in filled), *(row for row in rows if row[column] is None)]


def _names(view: PublishedView, bindings: list[dict[str, dict[str, Any]]]) -> dict[str, Name]:
    """Return the names of the things of this site in a result, of the first ones where they are many."""
    things = (term["value"] for row in bindings for term in row.values() if term["type"] == "uri")
    own = dict.fromkeys(thing for thing in things if thing.startswith(f"{view.addresses.base}id/"))
    return view.reader.names(list(own)[:_MOST_NAMED])


def render_graph(view: PublishedView, query: SparqlRequest, result: Evaluated, seconds: float) -> str:
    """Return the page with the result of CONSTRUCT or DESCRIBE, which is Turtle."""
    text = result.body.body()
    cut = result.cut or len(text) > _GRAPH_BYTES
    if cut:
        text = text[: text.rfind(b"\n", 0, _GRAPH_BYTES) + 1]
    turtle = text.decode("utf-8", "replace")
    remarks = [] if turtle else remarks_on(view, query.text)
    return _render(
        view.service, query, _Result(seconds=seconds, remarks=remarks, turtle=turtle, cut=cut), GRAPH_FORMATS
    )


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
        sort=query.sort,
        code=code_for(f"{service.settings.base_iri}sparql", _again(query), is_graph=formats is GRAPH_FORMATS)
        if formats
        else [],
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


def _cell(service: Service, term: dict[str, Any] | None, names: Mapping[str, Name]) -> Shown | None:
    if term is None:
        return None
    if term["type"] == "uri":
        shown = shown_iri(service, term["value"])
        name, language = names.get(term["value"], ("", None))
        return replace(shown, text=name, language=language, note=shown.text) if name else shown
    if term["type"] == "literal":
        return shown_literal(service.vocabulary, term["value"], term.get("xml:lang"), term.get("datatype"))
    return Shown(f"_:{term['value']}" if term["type"] == "bnode" else json.dumps(term["value"]))
