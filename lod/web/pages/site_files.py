"""/site.css and /logo.…: the accent colour and the logo of a site."""

from __future__ import annotations

from flask import Blueprint, Response

from lod.web.http.error_responses import error_response
from lod.web.service import current_service

blueprint = Blueprint("site_files", __name__)

_MAX_AGE = "public, max-age=3600"
# An SVG may hold scripts: it is shown, never run.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/site.css")
def style() -> Response:
    """Serve the colours of the site."""
    return Response(
        current_service().appearance.style, content_type="text/css; charset=utf-8", headers={"Cache-Control": _MAX_AGE}
    )


@blueprint.get("/logo.<ending>")
def logo(ending: str) -> Response:
    """Serve the logo of the site."""
    found = current_service().appearance.logo
    if found is None or found.name != f"logo.{ending}":
        return error_response(404, "This site has no such logo.")
    headers = {"Cache-Control": _MAX_AGE, "Content-Security-Policy": _POLICY}
    return Response(found.content, content_type=found.media_type, headers=headers)
