"""Error responses: HTML for browsers, problem details (RFC 9457) for JSON clients, plain text otherwise."""

from __future__ import annotations

import json

from flask import Response, render_template, request

from lod.web.http.formats import Format
from lod.web.http.negotiate import names, names_html, read_accept

UNREADABLE_NOW = (
    "What is published here cannot be read at the moment. Whoever runs this site finds in its log what to do."
)

_PROBLEM = Format(
    "json",
    "Problem details",
    "application/problem+json",
    ("application/json", "application/ld+json"),
    says_encoding=True,
)

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
