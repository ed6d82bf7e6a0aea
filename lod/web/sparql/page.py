"""The query page: the form, and below it the result of a query, as far as a page holds it, or the error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from markupsafe import Markup

from lod.questions.load import by_group, load_questions
from lod.web.charts.chart import WORDS, chart_file, chart_svg
from lod.web.evaluation.evaluator import BOOLEAN, Evaluated, QueryError
from lod.web.http.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from lod.web.languages.catalogues import gettext
from lod.web.languages.page_language import PageLanguage, page_language, set_page_language
from lod.web.languages.templates import render_page
from lod.web.pages.code_words import words_of
from lod.web.pages.question_words import words
from lod.web.pages.values import Shown, natural, shown_iri, shown_literal
from lod.web.reading.documents import Name
from lod.web.service import Service
from lod.web.sparql.code import code_for
from lod.web.sparql.drawn import TABLE, Column, drawable, stated_view
from lod.web.sparql.request import SparqlRequest
from lod.web.sparql.term_remarks import remarks_on
from lod.web.view import PublishedView

PAGE_ROWS = 500
PAGE_BYTES = 2_000_000
_GRAPH_BYTES = 200_000
_MOST_NAMED = 1_000
_LINKED_QUERY_CHARACTERS = 4_000
_LONGEST_TITLE = 300
_LINE_AND_COLUMN = re.compile(r"line (\d{1,9}), column (\d{1,9})")

_FIRST = "works-by-year"
"""Name of the question whose query is in the form at first."""


@dataclass(frozen=True, slots=True)
class _Views:
    """The charts that a result allows, the one that is shown and its columns; `remark` where the query states an unknown one."""

    allowed: list[tuple[str, str]]
    shown: str
    chart: Markup | None
    columns: list[tuple[str, bool]]
    remark: str = ""


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
    views: _Views | None = None


def render_form(service: Service, query: str = "", error: tuple[str, str] | None = None) -> str:
    """Return the page without a result; `error` is the title and the message of an error.

    Indented lines of the message belong together: they show a place in the query.
    """
    if error is None:
        first = next(question for question in load_questions() if question.name == _FIRST)
        return _render(service, SparqlRequest(query or first.left_open or ""), None, ())
    parts = ["\n".join(lines) for _, lines in groupby(error[1].split("\n"), key=_paragraph_of)]
    return _render(service, SparqlRequest(query), None, (), (error[0], parts))


def _place(parts: list[str]) -> tuple[str, str] | None:
    """Return the line and the column that a message names."""
    match = _LINE_AND_COLUMN.search(parts[0])
    return (match[1], match[2]) if match else None


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
    views = _views(query, _columns(query, variables, bindings, rows))
    by = query.sort.removeprefix("-")
    if by and not result.cut:
        if by not in variables:
            raise QueryError("syntax", f"sort={by[:60]} is no variable of the result; it has: {', '.join(variables)}")
        rows = _sorted(rows, variables.index(by), is_last_first=query.sort.startswith("-"))
    remarks = [*shown.remarks, *([views.remark] if views.remark else [])]
    return _render(
        view.service,
        query,
        replace(shown, variables=variables, rows=rows, remarks=remarks, views=views),
        RESULT_FORMATS,
    )


def draw_rows(view: PublishedView, query: SparqlRequest, result: Evaluated) -> bytes:
    """Return the chart of a result of SELECT, which is JSON, as a file.

    Raises:
        QueryError: the result has no columns of which such a chart could be drawn.
    """
    # A file is the same for all readers.
    set_page_language(PageLanguage())
    found = json.loads(result.body.body())
    variables, bindings = found.get("head", {}).get("vars", []), found.get("results", {}).get("bindings", [])
    names = _names(view, bindings)
    rows = [[_cell(view.service, row.get(name), names) for name in variables] for row in bindings]
    allowed = drawable(_columns(query, variables, bindings, rows))
    kind = query.view or stated_view(query.text)[0] or next(iter(allowed), "")
    if kind not in allowed:
        known = (
            f"; it can be drawn as: {', '.join(allowed)}"
            if allowed
            else ": a chart needs a column of numbers, dates or places"
        )
        raise QueryError("syntax", f"The result cannot be drawn{f' as {kind}' if kind else ''}{known}.")
    return chart_file(kind, _title(query.text, kind), allowed[kind].labels, allowed[kind].series)


def _columns(
    query: SparqlRequest,
    variables: list[str],
    bindings: list[dict[str, dict[str, Any]]],
    rows: list[list[Shown | None]],
) -> list[Column]:
    """Return the columns of a result that a chart is drawn from, in the order of the rows as they came."""
    return [
        Column(name, [row.get(name) for row in bindings], [cell.text if (cell := row[place]) else "" for row in rows])
        for place, name in enumerate(variables)
        if not query.columns or name in query.columns
    ]


def _views(query: SparqlRequest, columns: list[Column]) -> _Views:
    """Return the charts that columns allow, and the one that is wanted, drawn."""
    stated, remark = stated_view(query.text)
    allowed = drawable(columns)
    wanted = query.view or stated
    drawn = allowed.get(wanted)
    if wanted not in {"", TABLE, *allowed} and columns and columns[0].terms:
        remark = f"The result has no columns for a {WORDS[wanted].lower()}."
    chart = chart_svg(wanted, _title(query.text, wanted), drawn.labels, drawn.series) if drawn else None
    return _Views(
        [(kind, gettext(WORDS[kind])) for kind in allowed],
        wanted if drawn else TABLE,
        chart,
        [(column.name, column.name in query.columns) for column in columns],
        remark,
    )


def _title(query: str, kind: str) -> str:
    """Return what a chart shows: the sentence with which a query begins, if it does."""
    first = query.lstrip().partition("\n")[0]
    sentence = first.lstrip("# ").strip() if first.startswith("# ") else ""
    return sentence[:_LONGEST_TITLE] or gettext("%(chart)s of the result", chart=gettext(WORDS[kind]))


def _sorted(rows: list[list[Shown | None]], column: int, *, is_last_first: bool) -> list[list[Shown | None]]:
    """Return rows in the natural order of what one column shows; those without a value are last in both directions."""
    filled = [(natural(cell.text), row) for row in rows if (cell := row[column])]
    filled.sort(key=lambda pair: pair[0], reverse=is_last_first)
    return [*(row for _, row in filled), *(row for row in rows if row[column] is None)]


def _names(view: PublishedView, bindings: list[dict[str, dict[str, Any]]]) -> dict[str, Name]:
    """Return the names of the things of this site in a result, of the first ones where they are many."""
    things = (term["value"] for row in bindings for term in row.values() if term["type"] == "uri")
    own = dict.fromkeys(thing for thing in things if thing.startswith(f"{view.addresses.base}id/"))
    return view.reader.names(list(own)[:_MOST_NAMED], page_language().tag)


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
    return render_page(
        "sparql.html",
        **words(),
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
        groups=by_group(),
        place=_place(error[1]) if error else None,
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
        if not name:
            name, language = words_of(term["value"]) or "", None
        return replace(shown, text=name, language=language, note=shown.text) if name else shown
    if term["type"] == "literal":
        return shown_literal(service.vocabulary, term["value"], term.get("xml:lang"), term.get("datatype"))
    return Shown(f"_:{term['value']}" if term["type"] == "bnode" else json.dumps(term["value"]))
