"""/oai: the OAI-PMH provider, by GET and POST. Source: OAI-PMH 2.0, sections 3.1 and 3.2."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from lod.web.http.error_responses import error_response
from lod.web.oai.arguments import OaiError, read_arguments
from lod.web.oai.provider import ADDRESS, NoHistoryError, Provider
from lod.web.service import current_service
from lod.web.view import live_view
from lod.web.writing.xml_text import element, tagged

blueprint = Blueprint("oai", __name__)

_OAI = "http://www.openarchives.org/OAI/2.0/"
_SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_RETRY_AFTER_S = 3_600
_WITHOUT_ATTRIBUTES = frozenset({"badVerb", "badArgument"})


@blueprint.route(f"/{ADDRESS}", methods=["GET", "POST"])
def provider() -> Response:
    """Answer one request of a harvester."""
    pairs = list((request.form if request.method == "POST" else request.args).items(multi=True))
    asked: dict[str, str | None] = dict(pairs)
    try:
        body = Provider.of(live_view()).answer(read_arguments(pairs))
    except OaiError as error:
        body = element("error", str(error), {"code": error.code})
        if error.code in _WITHOUT_ATTRIBUTES:
            asked = {}
    except NoHistoryError:
        return error_response(
            503,
            "What is published here has no dates of changes yet: an earlier version of lod built it. They come with the next "
            "'lod publish'.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    service = current_service()
    answer = element("request", service.settings.base_iri + ADDRESS, asked) + body
    text = tagged(
        "OAI-PMH",
        element("responseDate", moment) + answer,
        {
            "xmlns": _OAI,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_OAI} {_SCHEMA}",
        },
    )
    response = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', content_type="text/xml; charset=utf-8")
    # Weak: the same but for responseDate, and who harvests from an earlier one misses nothing (RFC 9110, section 8.8.1).
    response.set_etag(hashlib.sha256(f"{service.fingerprint}\n{answer}".encode()).hexdigest()[:24], weak=True)
    return response
