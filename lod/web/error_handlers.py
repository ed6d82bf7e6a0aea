"""Error handlers of the app: which status and which words an exception becomes."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from lod.errors import StoreError
from lod.remote.sparql_client import RemoteStoreError
from lod.web.http.error_responses import UNREADABLE_NOW, fault
from lod.web.service import NothingPublishedError, service

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_S = 30


def register_error_handlers(app: Flask) -> None:
    """Register the handlers of HTTP errors, of a site without a generation, of its store, and of our own faults."""

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
