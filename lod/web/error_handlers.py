"""Error handlers of the app: the status and the message for each exception."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from lod.errors import StoreError
from lod.remote.sparql_client import RemoteStoreError
from lod.web.http.error_responses import UNREADABLE_NOW, error_response
from lod.web.languages.catalogues import Said
from lod.web.service import NothingPublishedError, current_service
from lod.web.view import NoSearchIndexError

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_S = 30


def register_error_handlers(app: Flask) -> None:
    """Register handlers of HTTP errors, of a site without a generation or index, of errors of the store, and of all others."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if 300 <= status < 400:
            response = error.get_response()
            assert isinstance(response, Response)  # noqa: S101 - Flask's own
            return response
        messages = {
            404: Said(
                "Nothing is served at %(address)s. Start at %(start)s",
                address=request.path,
                start=current_service().addresses.mount,
            ),
            405: Said("%(method)s is not offered here; use GET.", method=request.method),
            413: Said("The request is too long."),
        }
        headers = {}
        if status == 405:
            headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        elif isinstance(error, RequestedRangeNotSatisfiable):
            headers["Content-Range"] = f"bytes */{error.length}"
        return error_response(status, messages.get(status, str(error.description)), headers=headers)

    @app.errorhandler(NothingPublishedError)
    def _nothing(_: NothingPublishedError) -> Response:
        return error_response(
            503,
            Said(
                "Nothing has been published here yet. The operator of this site publishes records with 'lod publish'."
            ),
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )

    @app.errorhandler(NoSearchIndexError)
    def _no_index(_: NoSearchIndexError) -> Response:
        return error_response(
            404,
            Said(
                "There is no search index here yet. It is made by the next run of 'lod publish'; a site over a store at an address has none."
            ),
        )

    @app.errorhandler(RemoteStoreError)
    def _store(error: RemoteStoreError) -> Response:
        _LOG.error("%s %s: %s", request.method, request.path, error)
        return error_response(
            503,
            Said(
                "The store behind this site does not answer as it should. The fault has been logged; try again later."
            ),
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )

    @app.errorhandler(StoreError)
    def _unreadable(error: StoreError) -> Response:
        # The message names folders and a remedy: it is for the operator's log, not for the client.
        current_service().note(error)
        _LOG.error("%s %s: %s", request.method, request.path, error)
        return error_response(503, UNREADABLE_NOW, headers={"Retry-After": str(_RETRY_AFTER_S)})

    @app.errorhandler(Exception)
    def _ours(error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
        return error_response(
            500, Said("This server failed to answer. The fault has been logged; trying again may help.")
        )
