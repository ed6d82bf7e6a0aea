"""Read a SPARQL request: the query, the dataset it names, the format and the time it wants; refuse what is not supported.

Pure: bytes in, a request out; nothing here evaluates. Source: W3C SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from lod.errors import LodError
from lod.web.charts.chart import KINDS
from lod.web.evaluation.query_text import nesting
from lod.web.evaluation.service_keyword import calls_service
from lod.web.sparql.drawn import TABLE

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"

UPDATES_REFUSED = "This endpoint only reads: updates are refused. Send a SELECT, ASK, CONSTRUCT or DESCRIBE as 'query'."

MOST_NESTED = 64
"""Levels of brackets: with more the engine needs seconds to read a query, and at some hundreds it overflows its stack."""

_MOST_PARAMETERS = 100
_MOST_GRAPHS = 50
_ONCE = ("query", "timeout", "sort", "download", "bom", "view")
_FORMAT = ("format", "output")
"""Parameters that name a format. Clients send several, and one of them twice, to suit different servers."""

_VIEWS = (TABLE, *KINDS)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query as it was sent, with the graphs that the protocol names.

    `formats` are named by the client, the first that is offered counts; `timeout_s` is the limit that the client sets, in
    seconds, None for none. `sort` is the variable by which a page shows its rows, after "-" for the last ones first; `download` is
    the name of the file that a browser saves, without its extension; `has_bom` asks for CSV with a byte order mark. `view` is the chart
    that is drawn of the result, "table" for none and "" for what the query states; `columns` are those that it is drawn from, all if empty.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    timeout_s: float | None = None
    sort: str = ""
    download: str = ""
    has_bom: bool = False
    view: str = ""
    columns: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        """What the bytes of a result depend on, beside its format."""
        return self.text, self.default_graphs, self.named_graphs, self.sort, self.has_bom, self.view, self.columns


class RefusedRequestError(LodError):
    """A request that is refused with an HTTP status and a message that says what would be right."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers or {}
        super().__init__(message)


def read_request(
    query_string: bytes, content_type: str | None, charset: str, body: bytes, max_query_bytes: int
) -> SparqlRequest | None:
    """Return the request, or None where it holds no query at all (then the endpoint describes itself).

    Args:
        query_string: of the address, as sent.
        content_type: of the body, in lower case, without parameters; None where the method has no body (GET).
        charset: that the content type names; "" for none.
        body: as sent.
        max_query_bytes: longest query accepted, counted in UTF-8.

    Raises:
        RefusedRequestError: the request is not a query, is too long, or calls other endpoints.
    """
    if charset.lower() not in {"", "utf-8", "utf8"}:
        raise RefusedRequestError(415, f"A query is sent in UTF-8, not in {charset[:40]}.")
    parameters = _parameters(query_string, "address")
    if content_type == FORM_TYPE:
        for name, values in _parameters(body, "form").items():
            parameters.setdefault(name, []).extend(values)
    if content_type == UPDATE_TYPE or "update" in parameters:
        raise RefusedRequestError(403, UPDATES_REFUSED)
    if content_type not in {None, FORM_TYPE, QUERY_TYPE}:
        raise RefusedRequestError(
            415,
            f"A query is sent as {FORM_TYPE} (parameter 'query') or as {QUERY_TYPE}, "
            + (f"not as {content_type}." if content_type else "and the request has no Content-Type."),
        )
    if content_type == QUERY_TYPE:
        parameters.setdefault("query", []).append(_text(body))
    for name in _ONCE:
        if len(parameters.get(name, ())) > 1:
            what = (
                f"{len(parameters[name])} queries; send one at a time"
                if name == "query"
                else f"'{name}' more than once"
            )
            raise RefusedRequestError(400, f"The request holds {what}.")
    if "query" not in parameters:
        if content_type is not None:
            raise RefusedRequestError(400, "The request holds no query. Send it as the parameter 'query'.")
        return None
    query = parameters["query"][0]
    _check(query, max_query_bytes)
    return SparqlRequest(
        query,
        _graphs(parameters, "default-graph-uri"),
        _graphs(parameters, "named-graph-uri"),
        tuple(dict.fromkeys(value.strip() for name in _FORMAT for value in parameters.get(name, ()) if value.strip())),
        _timeout(parameters.get("timeout", [""])[0].strip()),
        parameters.get("sort", [""])[0].strip(),
        _download(parameters.get("download", [""])[0].strip()),
        _has_bom(parameters.get("bom", [""])[0].strip()),
        _view(parameters.get("view", [""])[0].strip()),
        tuple(dict.fromkeys(value for value in parameters.get("columns", ()) if value)),
    )


def _parameters(data: bytes, where: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise RefusedRequestError(
            400, f"The parameters in the {where} are not UTF-8: byte {error.object[error.start]:#04x} cannot be read."
        ) from None
    except ValueError:
        raise RefusedRequestError(
            400, f"The {where} has more than {_MOST_PARAMETERS} parameters; a query needs a few."
        ) from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedRequestError(400, f"The query is not UTF-8: byte {error.start} cannot be read.") from None


def _check(query: str, max_query_bytes: int) -> None:
    if not query.strip():
        raise RefusedRequestError(400, "The query is empty. Send a SELECT, ASK, CONSTRUCT or DESCRIBE.")
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > max_query_bytes:
        raise RefusedRequestError(413, f"The query has {size} bytes; at most {max_query_bytes} are accepted.")
    if _SURROGATE.search(query):
        raise RefusedRequestError(400, "Half of a surrogate pair is in the query; it was damaged on the way here.")
    depth = nesting(query).depth
    if depth > MOST_NESTED:
        raise RefusedRequestError(
            400,
            f"The query is nested {depth} levels deep; at most {MOST_NESTED} are accepted. Write it in fewer levels.",
        )
    if calls_service(query):
        raise RefusedRequestError(
            403, "SERVICE is refused: this endpoint sends no queries to others. Leave it out, or join on your side."
        )


def _graphs(parameters: dict[str, list[str]], name: str) -> tuple[str, ...]:
    """Return the graphs that a parameter names, each once; an empty value, which query forms send, names none."""
    graphs = tuple(dict.fromkeys(value.strip() for value in parameters.get(name, ()) if value.strip()))
    for graph in graphs:
        if not _IRI.fullmatch(graph):
            raise RefusedRequestError(400, f"{name}={graph[:200]} is no absolute IRI.")
    if len(graphs) > _MOST_GRAPHS:
        raise RefusedRequestError(400, f"{name} is given {len(graphs)} times; at most {_MOST_GRAPHS} are accepted.")
    return graphs


def _timeout(text: str) -> float | None:
    if not text:
        return None
    if not _SECONDS.fullmatch(text):
        raise RefusedRequestError(
            400, f"timeout={text[:20]} is no number of seconds; timeout=5 stops a query after five."
        )
    return float(text) or None


def _download(name: str) -> str:
    if name and not _NAME.fullmatch(name):
        raise RefusedRequestError(
            400, f"download={name[:60]} is no name of a file: up to 60 letters of ASCII, digits, '.', '_' and '-'."
        )
    return name


def _has_bom(text: str) -> bool:
    if text not in {"", "0", "1"}:
        raise RefusedRequestError(
            400, f"bom={text[:20]} is neither 1 nor 0; bom=1 marks CSV as UTF-8 for spreadsheets."
        )
    return text == "1"


def _view(name: str) -> str:
    if name and name not in _VIEWS:
        raise RefusedRequestError(400, f"view={name[:40]} is not known; known: {', '.join(_VIEWS)}.")
    return name
