"""How an answer is sent: in a content coding, with its tag, or not at all where the client has it already.

Source: RFC 9110, sections 8.4, 8.8 and 13.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime

from flask import Response, request
from werkzeug.http import http_date

from lod.web.http.cache import Answer, KeptAnswers
from lod.web.http.codings import CODINGS, LEAST_BYTES
from lod.web.http.negotiate import choose_coding

DOCUMENT_VARIES = ("Accept", "Accept-Profile", "Accept-Datetime", "Accept-Encoding")
"""What the answer at the address of a thing or a document depends on."""

_VARY = ", ".join(DOCUMENT_VARIES)
_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})


def respond(answer: Answer, kept: KeptAnswers, key: Hashable, modified: datetime, status: int = 200) -> Response:
    """Return the response that sends an answer; 304 or 412 where the request's conditions say so.

    Args:
        answer: what is sent.
        kept: where its encoded form is kept, under its `key` and the coding.
        key: of the answer.
        modified: since when it may have been as it is; the tag tells more.
        status: of the response, unless a condition changes it.
    """
    coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(CODINGS))
    if coding and len(answer.body) >= LEAST_BYTES:
        answer = _encoded(answer, coding, kept, key)
    response = Response(answer.body, status, content_type=answer.content_type)
    headers = [*answer.headers, ("ETag", f'"{answer.tag}"'), ("Cache-Control", "no-cache"), ("Vary", _VARY)]
    if answer.coding:
        headers.append(("Content-Encoding", answer.coding))
    if status == 200:
        headers.append(("Last-Modified", http_date(modified)))
    response.headers.extend(headers)
    if status == 200 and not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request.environ)
    return response


def finish(response: Response) -> Response:
    """Encode a page that is made anew for each request, and give it a tag. What streams, or is encoded, stays as it is."""
    if response.is_streamed or response.direct_passthrough or response.status_code in {204, 304}:
        return response
    present = {name.lower() for name, _ in response.headers}
    if present & {"content-encoding", "content-range", "last-modified"}:
        return response
    if response.status_code == 200 and "etag" not in present and request.method in {"GET", "HEAD"}:
        response.add_etag()
    if response.mimetype == "text/html" or request.blueprint == "site":
        response.vary.add("Accept-Encoding")
        coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(CODINGS))
        body = response.get_data()
        if coding and len(body) >= LEAST_BYTES:
            response.set_data(CODINGS[coding](body))
            response.headers["Content-Encoding"] = coding
            tag, weak = response.get_etag()
            if tag:
                response.set_etag(f"{tag}-{coding}", weak=bool(weak))
    if response.status_code == 200 and request.method in {"GET", "HEAD"}:
        response.make_conditional(request.environ)
    return response


def _encoded(answer: Answer, coding: str, kept: KeptAnswers, key: Hashable) -> Answer:
    known = kept.get((key, coding))
    if known is None or not known.tag.startswith(answer.tag):
        known = replace(answer, body=CODINGS[coding](answer.body), tag=f"{answer.tag}-{coding}", coding=coding)
        kept.put((key, coding), known)
    return known
