"""Answers that are not what was asked for: plain words, in HTML for browsers, as problem details for who asks for JSON
(RFC 9457), as text for everybody else.
"""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from lod.errors import StoreError
from lod.remote.sparql_client import RemoteStoreError
from lod.web.http.formats import Format
from lod.web.http.negotiate import names, names_html, read_accept
from lod.web.service import NothingPublishedError, service

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_S = 30
UNREADABLE_NOW = (
    "What is published here cannot be read at the moment. Whoever runs this site finds in its log what to do."
)

_PROBLEM = Format("json", "Problem details", "application/problem+json", ("application/json", "application/ld+json"))

_TITLES = {
    400: "The request cannot be understood",
    403: "Refused",
    404: "Not found",
    405: "This method is not offered here",
    406: "No format that was asked for",
    410: "Removed",
    413: "Too long",
    414: "Too long",
    415: "Not in this form",
    416: "There is no such part",
    429: "Too much at once",
    500: "A fault of this server",
    503: "Not now",
}


def title_of(status: int) -> str:
    """Return what a status means, as a heading."""
    return _TITLES.get(status, "The request failed")


def fault(status: int, message: str, *, title: str = "", headers: dict[str, str] | None = None) -> Response:
    """Return an answer with a status and a message that says what would be right."""
    title = title or title_of(status)
    accept = read_accept(request.headers.get("Accept"))
    if names_html(accept):
        paragraphs = [part for part in message.split("\n") if part]
        response = Response(
            render_template("message.html", title=title, paragraphs=paragraphs), status, mimetype="text/html"
        )
    elif names(accept, _PROBLEM):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message}
        response = Response(json.dumps(problem, ensure_ascii=False), status, content_type=_PROBLEM.content_type)
    else:
        response = Response(f"{message}\n", status, content_type="text/plain; charset=utf-8")
    response.headers.update(headers or {})
    response.vary.add("Accept")
    return response


def register_faults(app: Flask) -> None:
    """Answer faults of HTTP, of an empty site and of our own."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if 300 <= status < 400:
            response = error.get_response()
            assert isinstance(response, Response)  # noqa: S101 - Flask's own
            return response
        messages = {
            404: f"Nothing is served at {request.path}. Start at {service().addresses.mount}",
            405: f"{request.method} is not offered here; use GET.",
            413: "The request is too long.",
        }
        headers = {}
        if status == 405:
            headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        elif isinstance(error, RequestedRangeNotSatisfiable):
            headers["Content-Range"] = f"bytes */{error.length}"
        return fault(status, messages.get(status, str(error.description)), headers=headers)

    @app.errorhandler(NothingPublishedError)
    def _nothing(_: NothingPublishedError) -> Response:
        return fault(
            503,
            "Nothing has been published here yet. Whoever runs this site publishes records with 'lod publish'.",
            title="Nothing published yet",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )

    @app.errorhandler(RemoteStoreError)
    def _store(error: RemoteStoreError) -> Response:
        _LOG.error("%s %s: %s", request.method, request.path, error)
        return fault(
            503,
            "The store behind this site does not answer as it should. The fault has been logged; try again later.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )

    @app.errorhandler(StoreError)
    def _unreadable(error: StoreError) -> Response:
        # The message names folders, and says what to do: it is for whoever runs the site.
        service().note(error)
        _LOG.error("%s %s: %s", request.method, request.path, error)
        return fault(503, UNREADABLE_NOW, headers={"Retry-After": str(_RETRY_AFTER_S)})

    @app.errorhandler(Exception)
    def _ours(error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
        return fault(500, "This server failed to answer. The fault has been logged; trying again may help.")
