"""Send representations and streams: content coding, ETag, conditional requests (304, 412), redirects.

Source: RFC 9110, sections 8.4, 8.8 and 13.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace
from datetime import datetime

from flask import Response, redirect, request
from werkzeug.http import http_date

from lod.web.http.cache import Representation, ResponseCache
from lod.web.http.codings import CODINGS, LEAST_BYTES, STREAM_CODINGS, encoded_stream
from lod.web.http.error_responses import error_response
from lod.web.http.negotiate import choose_coding
from lod.web.languages.requests import VARIES_BY, language_headers, varies_by_language

DOCUMENT_VARIES = ("Accept", "Accept-Profile", "Accept-Datetime", "Accept-Encoding")
"""Request headers that select the response at the address of a thing or a document."""

_VARY = ", ".join(DOCUMENT_VARIES)
_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})


def respond(found: Representation, cache: ResponseCache, key: Hashable, modified: datetime) -> Response:
    """Return the response with a representation; 304 or 412 where the request's conditions say so.

    Args:
        found: the representation.
        cache: has its encoded forms, under its `key` and the coding.
        key: of the representation.
        modified: earliest moment since which it may have been as it is; the tag is more exact.
    """
    found = encoded(found, cache, key)
    response = Response(found.body, content_type=found.content_type)
    vary = f"{_VARY}, {VARIES_BY}" if varies_by_language(found.content_type) else _VARY
    headers = [*found.headers, ("ETag", f'"{found.tag}"'), ("Cache-Control", "no-cache"), ("Vary", vary)]
    headers += language_headers(found.content_type)
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


def encoded(plain: Representation, cache: ResponseCache, key: Hashable) -> Representation:
    """Return a representation in the coding that the request asks for; `cache` has it under its `key` and the coding."""
    coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(CODINGS))
    if not coding or len(plain.body) < LEAST_BYTES:
        return plain
    found = cache.get((key, coding))
    if found is None or not found.tag.startswith(plain.tag):
        found = replace(plain, body=CODINGS[coding](plain.body), tag=f"{plain.tag}-{coding}", coding=coding)
        cache.put((key, coding), found)
    return found


def known_tag(tag: str) -> str | None:
    """Return which tag of a representation the client has, of the one without a coding and those of codings that it accepts.

    For representations whose tag is known before their body is made; None where the client has none of them.
    """
    accepted = request.headers.get("Accept-Encoding")
    for known in request.if_none_match.as_set(include_weak=True):
        plain, _, coding = str(known).rpartition("-")
        if known == tag or (plain == tag and coding in CODINGS and choose_coding(accepted, (coding,))):
            return str(known)
    return None


def finish(response: Response) -> Response:
    """Encode a body that is not encoded yet, and give it a tag; refuse where a condition on its date is not met."""
    if _has_changed_since(response):
        response.close()
        return error_response(412, "What is here has changed since the date in If-Unmodified-Since.")
    if response.direct_passthrough or response.status_code in {204, 304}:
        return response
    present = {name.lower() for name, _ in response.headers}
    if present & {"content-encoding", "content-range", "last-modified"}:
        return response
    is_read = response.status_code == 200 and request.method in {"GET", "HEAD"}
    if is_read and "etag" not in present and not response.is_streamed:
        response.add_etag()
    response.vary.add("Accept-Encoding")
    _encode(response)
    if is_read and not response.is_streamed:
        response.make_conditional(request.environ)
    return response


def _has_changed_since(response: Response) -> bool:
    """Return whether If-Unmodified-Since refuses a response. Source: RFC 9110, sections 13.1.4 and 13.2.2."""
    if "HTTP_IF_UNMODIFIED_SINCE" not in request.environ or "HTTP_IF_MATCH" in request.environ:
        return False
    since, modified = request.if_unmodified_since, response.last_modified
    if since is None or modified is None or response.status_code not in {200, 206, 304}:
        return False
    return modified > since


def _encode(response: Response) -> None:
    table: Collection[str] = STREAM_CODINGS if response.is_streamed else CODINGS
    coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(table))
    if not coding:
        return
    if response.is_streamed:
        response.response = encoded_stream(response.iter_encoded(), coding)
    else:
        body = response.get_data()
        if len(body) < LEAST_BYTES:
            return
        response.set_data(CODINGS[coding](body))
    response.headers["Content-Encoding"] = coding
    tag, weak = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-{coding}", weak=bool(weak))
