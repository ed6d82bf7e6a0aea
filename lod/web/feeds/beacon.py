"""/beacon/SCHEME.txt: identifiers elsewhere and what they name here, for catalogues that link to this site. Source: BEACON (GBV)."""

from __future__ import annotations

from flask import Blueprint, Response

from lod.links.targets import SCHEMES
from lod.links.written import beacon, identities
from lod.store.item_changes import to_second
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.responses import respond
from lod.web.view import live_view

blueprint = Blueprint("beacon", __name__)

BEACON = "beacon"
"""Path of the files, below the mount."""
_TEXT = "text/plain; charset=utf-8"


@blueprint.get(f"/{BEACON}/<scheme>.txt")
def beacon_file(scheme: str) -> Response:
    """Serve the BEACON file of a scheme of identifiers."""
    view = live_view()
    index, reader, settings = view.index, view.reader, view.service.settings
    if scheme not in SCHEMES:
        return error_response(404, f"There is no BEACON file of {scheme[:40]}; known: {', '.join(sorted(SCHEMES))}.")

    def make() -> Representation:
        graph_lines = reader.graph_lines(reader.link_graph) if reader.link_graph else None
        lines = beacon(
            identities(index, reader.store, graph_lines or (), scheme),
            scheme,
            title=settings.title,
            feed=f"{settings.base_iri}{BEACON}/{scheme}.txt",
            moment=to_second(reader.switched),
            publisher=settings.publisher,
        )
        return make_representation("".join(f"{line}\n" for line in lines).encode(), _TEXT)

    key = (BEACON, scheme)
    return respond(reader.responses.get_or_make(key, make), reader.responses, key, reader.modified)
