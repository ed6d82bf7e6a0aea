"""The SPARQL endpoint: it only reads, and what it evaluates runs in a process of its own.

Source: W3C SPARQL 1.1 Protocol, section 2.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from lod.claims import iri
from lod.web.descriptions import describe_service
from lod.web.documents import make_document
from lod.web.faults import fault
from lod.web.formats import DATA_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, format_named
from lod.web.negotiate import choose_format, names_html, read_accept
from lod.web.serializers import write
from lod.web.service import Service, service
from lod.web.sparql_request import (
    FORM_TYPE,
    QUERY_TYPE,
    UPDATES_REFUSED,
    RefusedRequestError,
    SparqlRequest,
    is_update,
    read_request,
)
from lod.web.sparql_workers import Job, QueryError

blueprint = Blueprint("sparql", __name__)

_RETRY_AFTER_S = 5
_STATUS = {
    "syntax": 400,
    "crash": 400,
    "size": 400,
    "not acceptable": 406,
    "time": 503,
    "memory": 503,
    "busy": 503,
    "store": 503,
    "evaluation": 500,
}

_EXAMPLES = (
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
)


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query, or describe the endpoint where none is sent."""
    here = service()
    try:
        asked = _read(here)
    except RefusedRequestError as refusal:
        return fault(refusal.status, str(refusal))
    if asked is None:
        return _describe(here)
    return _answer(here, asked)


def _read(here: Service) -> SparqlRequest | None:
    limit = here.settings.max_query_bytes
    # A form escapes each byte with three.
    if (request.content_length or 0) > 3 * limit + 4_096:
        raise RefusedRequestError(
            413, f"The request has {request.content_length} bytes; a query may have {limit} bytes."
        )
    kind = request.mimetype if request.method == "POST" else ""
    body = request.get_data() if kind == QUERY_TYPE else b""
    form = {name: request.form.getlist(name) for name in request.form} if kind == FORM_TYPE else {}
    parameters = {name: request.args.getlist(name) for name in request.args}
    return read_request(parameters, kind or ("" if request.method == "GET" else FORM_TYPE), body, form, limit)


def _answer(here: Service, asked: SparqlRequest) -> Response:
    results, graphs = _choose(asked, RESULT_FORMATS), _choose(asked, GRAPH_FORMATS)
    if results is None and graphs is None:
        return _not_acceptable("")
    job = Job(
        asked.query,
        str(here.reader().generation.directory / "store"),
        {"bindings": results.extension if results else None, "graph": graphs.extension if graphs else None},
        here.settings.base_iri,
        here.vocabulary.prefixes,
        asked.default_graphs,
        asked.named_graphs,
    )
    try:
        extension, parts = here.pool.evaluate(job)
    except QueryError as problem:
        if problem.kind == "syntax" and is_update(asked.query):
            return fault(403, UPDATES_REFUSED)
        return _no_result(here, problem)
    format_ = next(offer for offer in (results, graphs) if offer and offer.extension == extension)
    response = Response(parts, content_type=format_.content_type)
    response.call_on_close(parts.close)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


def _choose(asked: SparqlRequest, offers: tuple[Format, ...]) -> Format | None:
    if asked.format:
        return format_named(asked.format, offers)
    accept = read_accept(request.headers.get("Accept"))
    chosen = choose_format(accept, offers)
    # A browser names HTML and takes the rest as it comes; so it gets what is easiest to read.
    return offers[0] if chosen is not None and names_html(accept) else chosen


def _no_result(here: Service, problem: QueryError) -> Response:
    if problem.kind == "not acceptable":
        return _not_acceptable(str(problem))
    status = _STATUS[problem.kind]
    message = f"The query cannot be read: {problem}" if problem.kind == "syntax" else str(problem)
    if problem.kind == "syntax":
        message += f"\nPrefixes that need no declaration: {', '.join(sorted(here.vocabulary.prefixes))}."
    return fault(status, message, headers={"Retry-After": str(_RETRY_AFTER_S)} if status == 503 else {})


def _not_acceptable(form: str) -> Response:
    rows = {"bindings": RESULT_FORMATS, "graph": GRAPH_FORMATS}
    offers = rows.get(form, (*RESULT_FORMATS, *GRAPH_FORMATS))
    lines = [f"{offer.media_type} (format={offer.extension})" for offer in offers]
    return fault(
        406, "\n".join(["The result of this query is not offered in the format asked for. Offered are:", *lines])
    )


def _describe(here: Service) -> Response:
    accept = read_accept(request.headers.get("Accept"))
    if names_html(accept) and "format" not in request.args:
        response = Response(
            render_template("sparql.html", examples=_EXAMPLES, prefixes=sorted(here.vocabulary.prefixes.items())),
            mimetype="text/html",
        )
    else:
        named = request.args.get("format")
        format_ = format_named(named, DATA_FORMATS) if named else choose_format(accept, DATA_FORMATS)
        if format_ is None:
            return _not_acceptable("graph")
        document = make_document(iri(f"{here.settings.base_iri}sparql"), describe_service(here.settings))
        response = Response(write(document, format_, here.context), content_type=format_.content_type)
    response.vary.add("Accept")
    return response
