"""Read a SPARQL request: the query, the datasets it names, the format of its result; refuse what this endpoint does not do.

Pure: nothing here evaluates. Source: W3C SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lod.errors import LodError
from lod.web.service_keyword import calls_service

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"

Parameters = Mapping[str, Sequence[str]]


UPDATES_REFUSED = "This endpoint only reads: updates are refused. Send a SELECT, ASK, CONSTRUCT or DESCRIBE as 'query'."

_UPDATE = re.compile(
    r"(?:\s|#[^\n]*\n|(?:PREFIX\s+\S{0,80}\s*|BASE\s*)<[^>]*>)*+(?:WITH|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b",
    re.IGNORECASE,
)


def is_update(text: str) -> bool:
    """Tell whether a text that is no query begins as an update does. Source: SPARQL 1.1 Update, section 3."""
    return _UPDATE.match(text) is not None


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query as it was sent, with the graphs that the protocol names beside it and the format asked for by name."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


class RefusedRequestError(LodError):
    """A request that is answered with an HTTP status and a text that says what would be right."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def read_request(
    parameters: Parameters, content_type: str, body: bytes, form: Parameters, max_query_bytes: int
) -> SparqlRequest | None:
    """Return the request, or None where it holds no query at all (then the endpoint describes itself).

    Args:
        parameters: of the address.
        content_type: of the body, without parameters; "" for GET.
        body: as sent, for application/sparql-query.
        form: parameters of a form body.
        max_query_bytes: longest query accepted, counted in UTF-8.

    Raises:
        RefusedRequestError: the request is not a query, is too long, or calls other endpoints.
    """
    if content_type == UPDATE_TYPE or "update" in parameters or "update" in form:
        raise RefusedRequestError(403, UPDATES_REFUSED)
    if content_type not in {"", FORM_TYPE, QUERY_TYPE}:
        raise RefusedRequestError(
            415, f"A query is sent as {FORM_TYPE} (parameter 'query') or as {QUERY_TYPE}, not as {content_type}."
        )
    given = {name: [*parameters.get(name, ()), *form.get(name, ())] for name in {*parameters, *form}}
    queries = list(given.get("query", ()))
    if content_type == QUERY_TYPE:
        queries.append(_text(body))
    if not queries:
        if content_type:
            raise RefusedRequestError(400, "The request holds no query. Send it as the parameter 'query'.")
        return None
    if len(queries) > 1:
        raise RefusedRequestError(400, f"The request holds {len(queries)} queries; send one at a time.")
    query = queries[0]
    if not query.strip():
        raise RefusedRequestError(400, "The query is empty. Send a SELECT, ASK, CONSTRUCT or DESCRIBE.")
    _check(query, max_query_bytes)
    return SparqlRequest(
        query,
        tuple(given.get("default-graph-uri", ())),
        tuple(given.get("named-graph-uri", ())),
        next(iter(given.get("format", ())), ""),
    )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise RefusedRequestError(400, f"The query is not UTF-8: byte {fault.start} cannot be read.") from None


def _check(query: str, max_query_bytes: int) -> None:
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > max_query_bytes:
        raise RefusedRequestError(413, f"The query has {size} bytes; at most {max_query_bytes} are accepted.")
    if calls_service(query):
        raise RefusedRequestError(
            403, "SERVICE is refused: this endpoint sends no queries to others. Leave it out, or join on your side."
        )
