"""Named graphs as documents: /data/report, /data/removed and /data/quality, sent from files that are written once for each generation."""

from __future__ import annotations

from flask import Response, request

from lod.web.dereference.not_found import unknown
from lod.web.dereference.request import chosen_format
from lod.web.http.error_responses import error_response
from lod.web.http.file_responses import FileResponse
from lod.web.http.formats import DATA_FORMATS, JSON_LD_FORMS
from lod.web.http.negotiate import choose_coding
from lod.web.view import PublishedView
from lod.web.writing.graph_files import BeingWrittenError

_CODING = "gzip"
_RETRY_AFTER_S = 2


def graph_document(view: PublishedView, name: str) -> Response:
    """Serve a named graph, in the format of the extension or as negotiated; there is no page of it."""
    key, dot, extension = name.partition(".")
    reader, addresses = view.reader, view.addresses
    format_ = next((offer for offer in DATA_FORMATS if offer.extension == extension), None)
    format_ = format_ if dot else chosen_format(DATA_FORMATS, view.service.profiles.full)
    graph = addresses.document(key)
    if reader.graph_lines(graph) is None or (dot and format_ is None):
        return unknown(view, name)
    if format_ is None or format_ in JSON_LD_FORMS:
        offers = (f"{offer.media_type}: {addresses.path(f'data/{key}.{offer.extension}')}" for offer in DATA_FORMATS)
        return error_response(406, "\n".join(offers))
    try:
        file = view.service.graph_files.get(
            reader.generation.name, graph, format_, lambda: reader.graph_lines(graph) or ()
        )
    except BeingWrittenError:
        return error_response(
            503,
            f"This document is being written for the first time since it has changed; try again in {_RETRY_AFTER_S} seconds.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    coding = choose_coding(request.headers.get("Accept-Encoding"), (_CODING,))
    path, tag = (file.packed, f"{file.tag}-{_CODING}") if coding else (file.plain, file.tag)
    response = FileResponse(path, format_.content_type, tag, reader.modified, "no-cache").response()
    if coding and response.status_code in {200, 206}:
        response.headers["Content-Encoding"] = coding
    if not dot:
        response.headers["Content-Location"] = addresses.path(f"data/{key}.{format_.extension}")
    response.vary.update(("Accept", "Accept-Encoding"))
    return response
