"""Error responses: HTML for browsers, problem details (RFC 9457) for JSON clients, plain text otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus

from flask import Response, request

from lod.web.http.formats import Format
from lod.web.http.negotiate import names, names_html, read_accept
from lod.web.languages.catalogues import Said, gettext
from lod.web.languages.templates import render_page

UNREADABLE_NOW = Said(
    "What is published here cannot be read at the moment. Its log tells the operator of this site what to do."
)

_PROBLEM = Format(
    "json",
    "Problem details",
    "application/problem+json",
    ("application/json", "application/ld+json"),
    says_encoding=True,
)

# Python's own phrases for these are those of older specifications, and differ from version to version.
_PHRASES = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable"}


def reason_phrase(status: int) -> str:
    """Return the title of a status. Source: RFC 9110, section 15; RFC 6585, section 4 (429)."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def error_response(status: int, message: str, *, headers: dict[str, str] | None = None) -> Response:
    """Return a response with a status and a message that says what would be right.

    A page has the message in its language if it is `Said`; other clients get it in English.
    """
    title = reason_phrase(status)
    accept = read_accept(request.headers.get("Accept"))
    if names_html(accept):
        is_translated = isinstance(message, Said)
        text = message.translated if isinstance(message, Said) else message
        page = render_page(
            "message.html",
            title=gettext(title),
            paragraphs=[part for part in text.split("\n") if part],
            is_translated=is_translated,
        )
        response = Response(page, status, mimetype="text/html")
    elif names(accept, _PROBLEM):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message}
        response = Response(json.dumps(problem, ensure_ascii=False), status, content_type=_PROBLEM.content_type)
    else:
        response = Response(f"{message}\n", status, content_type="text/plain; charset=utf-8")
    response.headers.update(headers or {})
    response.vary.add("Accept")
    return response


def no_acceptable_format(subject: str, path: str, offers: Iterable[Format]) -> Response:
    """Return 406 with the address of each format; `subject` has its verb: "The list is"."""
    lines = [f"{offer.media_type}: {path}?format={offer.extension}" for offer in offers]
    return error_response(406, "\n".join([f"{subject} offered as:", *lines]))
