"""The SPARQL endpoint, read-only; queries run in worker processes.

Source: W3C SPARQL 1.1 Protocol, section 2; SPARQL 1.1 Service Description, section 2.
"""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, request
from werkzeug.datastructures import MIMEAccept

from lod.rdf.claims import iri
from lod.web.evaluation.evaluator import GRAPH, QueryError
from lod.web.evaluation.query_text import is_update, nesting
from lod.web.http.error_responses import error_response, reason_phrase
from lod.web.http.formats import DATA_FORMATS, GRAPH_FORMATS, HTML, RESULT_FORMATS, SVG, Format, format_named
from lod.web.http.headers import SCRIPTED_POLICY
from lod.web.http.negotiate import choose_format, names_html, read_accept, requested_format
from lod.web.reading.documents import make_document
from lod.web.reading.site_descriptions import describe_service
from lod.web.service import Service, current_service
from lod.web.sparql.answer import Chosen, answer
from lod.web.sparql.hints import hint_on
from lod.web.sparql.page import render_form
from lod.web.sparql.request import UPDATES_REFUSED, RefusedRequestError, SparqlRequest, read_request
from lod.web.sparql.terms import term_names
from lod.web.view import live_view
from lod.web.writing.serializers import write

blueprint = Blueprint("sparql", __name__)

_RETRY_AFTER_S = 5
_STATUS = {
    "syntax": 400,
    "crash": 400,
    "size": 400,
    "not acceptable": 406,
    "budget": 429,
    "time": 503,
    "memory": 503,
    "busy": 503,
    "gone": 503,
    "store": 503,
    "evaluation": 500,
}
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_SHOWN_BEFORE, _SHOWN_AFTER = 60, 20


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Serve the result of a query, or the description of the endpoint where no query is sent."""
    service = current_service()
    try:
        query = _read(service.settings.max_query_bytes)
    except RefusedRequestError as error:
        return error_response(error.status, str(error), headers=error.headers)
    if query is None:
        return _describe(service)
    chosen = Chosen(
        _choose(query.formats, RESULT_FORMATS, GRAPH_FORMATS), _choose(query.formats, GRAPH_FORMATS, RESULT_FORMATS)
    )
    if chosen.results is None and chosen.graphs is None:
        return _not_acceptable("")
    try:
        return answer(live_view(), query, chosen)
    except QueryError as error:
        return _no_result(service, query, error)


@blueprint.get("/sparql/terms")
def terms() -> Response:
    """Serve the names that complete a query."""
    return Response(json.dumps({"terms": term_names(live_view())}), content_type="application/json")


def _read(limit: int) -> SparqlRequest | None:
    # A form escapes a byte as three.
    if (request.content_length or 0) > 3 * limit + 4_096:
        raise RefusedRequestError(
            413, f"The request has {request.content_length} bytes; a query may have {limit} bytes."
        )
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        message = f"A query is sent as it is, not coded as {coding[:40]}; leave Content-Encoding out."
        raise RefusedRequestError(415, message, {"Accept-Encoding": "identity"})
    has_body = request.method == "POST"
    body = request.get_data(cache=False) if has_body else b""
    kind = request.mimetype if has_body else None
    charset = request.mimetype_params.get("charset", "") if has_body else ""
    return read_request(request.query_string, kind, charset, body, limit)


def _choose(names: tuple[str, ...], offers: tuple[Format, ...], others: tuple[Format, ...]) -> Format | None:
    """Return the format for one form of results; `others` are the formats of the other form.

    Many clients name the formats of SELECT in Accept, whatever they send. For the other form they get the nearest format,
    which most of them read, rather than 406. Source: RFC 9110, section 12.5.1.
    """
    offers = (*offers, HTML)
    if names:
        return next((found for name in names if (found := format_named(name, (*offers, SVG)))), None)
    chosen = choose_format(_accepted(), offers)
    if chosen is None and (other := choose_format(_accepted(), others)):
        return next(offer for offer in offers if offer.extension == _NEAREST.get(other.extension, offers[0].extension))
    return chosen


_NEAREST = {"json": "jsonld", "xml": "rdf", "jsonld": "json", "rdf": "xml"}


def _accepted() -> MIMEAccept:
    return read_accept(request.headers.get("Accept"))


def _no_result(service: Service, query: SparqlRequest, error: QueryError) -> Response:
    if error.kind == "not acceptable":
        return _not_acceptable(str(error))
    if error.kind == "syntax" and is_update(query.text):
        return error_response(403, UPDATES_REFUSED)
    status = _STATUS[error.kind]
    message = _readable(service, query.text, str(error)) if error.kind == "syntax" else str(error)
    retry_after_s = error.retry_after_s or (_RETRY_AFTER_S if status == 503 else 0)
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
    if names_html(_accepted()) and query.formats in {(), ("html",)}:
        page = render_form(service, query.text, (reason_phrase(status), message))
        response = Response(page, status, content_type=HTML.content_type)
        response.headers["Content-Security-Policy"] = SCRIPTED_POLICY
        response.headers.update(headers)
        response.vary.add("Accept")
        return response
    return error_response(status, message, headers=headers)


def _readable(service: Service, query: str, error: str) -> str:
    """Return the message of a syntax error for people: where, the line with a mark below the place, what was expected."""
    match = _PLACE.fullmatch(error)
    if match is None:
        return f"The query cannot be answered: {error}"
    line, column = int(match[1]), int(match[2])
    lines = query.split("\n")
    until = sum(len(text) + 1 for text in lines[: line - 1]) + column - 1
    hint = hint_on(query, until)
    if hint is not None:
        line = query.count("\n", 0, hint.position) + 1
        column = hint.position - query.rfind("\n", 0, hint.position)
    text = lines[line - 1] if line <= len(lines) else ""
    start = max(0, column - 1 - _SHOWN_BEFORE)
    shown = text[start : column - 1 + _SHOWN_AFTER].replace("\t", " ")
    brackets = nesting(query).error
    return "\n".join(
        (
            f"The query cannot be read: line {line}, column {column}.",
            f"  {shown}",
            f"  {' ' * (column - 1 - start)}^",
            *(text for text in (hint.message if hint else "", brackets) if text),
            *(() if hint or brackets else _expected(match[3])),
            f"Prefixes that need no declaration: {', '.join(sorted(service.vocabulary.prefixes))}.",
        )
    )


def _expected(text: str) -> list[str]:
    """Return what the engine expected, in sentences and words; classes of characters are left out."""
    items = [item.strip() for item in re.split(r", (?![^\[\]]{0,1000}\])", text.replace("\n", " "))]
    sentences = [item for item in items if re.fullmatch(r"[A-Z][a-z][\w ]+", item) and " " in item]
    words = [item for item in items if re.fullmatch(r'[A-Za-z]+|"[^"]*"', item)]
    return [f"{sentence}." for sentence in sentences] or ([f"Expected here: {', '.join(words)}."] if words else [])


def _not_acceptable(form: str) -> Response:
    rows = {"bindings": RESULT_FORMATS, "boolean": RESULT_FORMATS, GRAPH: GRAPH_FORMATS}
    offers = (*rows.get(form, (*RESULT_FORMATS, *GRAPH_FORMATS)), HTML)
    lines = [f"{offer.media_type} (format={offer.extension})" for offer in offers]
    return error_response(
        406, "\n".join(["The result of this query is not offered in the format asked for. Offered are:", *lines])
    )


def _describe(service: Service) -> Response:
    """Return the description of the endpoint: the query page for browsers, RDF for programs."""
    format_ = requested_format((*DATA_FORMATS, HTML))
    if format_ is None:
        return _not_acceptable(GRAPH)
    if format_ is HTML:
        response = Response(render_form(service), content_type=HTML.content_type)
        response.headers["Content-Security-Policy"] = SCRIPTED_POLICY
    else:
        triples = describe_service(service.settings, service.site.live(), service.vocabulary.prefixes)
        document = make_document(iri(f"{service.settings.base_iri}sparql"), triples)
        response = Response(write(document, format_, service.context), content_type=format_.content_type)
    response.vary.add("Accept")
    return response
