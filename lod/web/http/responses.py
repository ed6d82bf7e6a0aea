"""Send representations: content coding, ETag, conditional requests (304, 412), redirects.

Source: RFC 9110, sections 8.4, 8.8 and 13.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime

from flask import Response, redirect, request
from werkzeug.http import http_date

from lod.web.http.cache import Representation, ResponseCache
from lod.web.http.codings import CODINGS, LEAST_BYTES
from lod.web.http.negotiate import choose_coding

DOCUMENT_VARIES = ("Accept", "Accept-Profile", "Accept-Datetime", "Accept-Encoding")
"""Request headers that select the response at the address of a thing or a document."""

_VARY = ", ".join(DOCUMENT_VARIES)
_ENCODED = frozenset({"lists.start", "lists.items", "dereference.context"})
"""Routes of which every response is encoded; of the others pages are."""

_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})


def respond(found: Representation, cache: ResponseCache, key: Hashable, modified: datetime) -> Response:
    """Return the response with a representation; 304 or 412 where the request's conditions say so.

    Args:
        found: the representation.
        cache: has its encoded forms, under its `key` and the coding.
        key: of the representation.
        modified: earliest moment since which it may have been as it is; the tag is more exact.
    """
    coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(CODINGS))
    if coding and len(found.body) >= LEAST_BYTES:
        found = _encoded(found, coding, cache, key)
    response = Response(found.body, content_type=found.content_type)
    headers = [*found.headers, ("ETag", f'"{found.tag}"'), ("Cache-Control", "no-cache"), ("Vary", _VARY)]
    if found.coding:
        headers.append(("Content-Encoding", found.coding))
    headers.append(("Last-Modified", http_date(modified)))
    response.headers.extend(headers)
    if not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request.environ)
    return response


def redirect_to(location: str, status: int) -> Response:
    """Return a redirect."""
    response = redirect(location, status)
    assert isinstance(response, Response)  # noqa: S101 - for the type checker: Flask's own
    return response


def finish(response: Response) -> Response:
    """Encode a page that is not cached, and give it a tag. Streams and encoded responses stay as they are."""
    if response.is_streamed or response.direct_passthrough or response.status_code in {204, 304}:
        return response
    present = {name.lower() for name, _ in response.headers}
    if present & {"content-encoding", "content-range", "last-modified"}:
        return response
    if response.status_code == 200 and "etag" not in present and request.method in {"GET", "HEAD"}:
        response.add_etag()
    if response.mimetype == "text/html" or request.endpoint in _ENCODED:
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


def _encoded(plain: Representation, coding: str, cache: ResponseCache, key: Hashable) -> Representation:
    encoded = cache.get((key, coding))
    if encoded is None or not encoded.tag.startswith(plain.tag):
        encoded = replace(plain, body=CODINGS[coding](plain.body), tag=f"{plain.tag}-{coding}", coding=coding)
        cache.put((key, coding), encoded)
    return encoded
