"""Not found, gone and moved: the responses 404, 410, 301, and 406 for a document that is not available in the requested format."""

from __future__ import annotations

from flask import Response, request

from lod.rdf.claims import iri
from lod.store.tombstones import tombstone_triples
from lod.web.citing.references import STYLES
from lod.web.http.addresses import requested_path
from lod.web.http.cache import make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.formats import DATA_FORMATS, FORMATS, JSON_LD_FORMS, Format
from lod.web.http.link_header import Link, link_header
from lod.web.http.negotiate import choose_format, names, read_accept
from lod.web.http.responses import redirect_to
from lod.web.languages.catalogues import Said
from lod.web.reading.documents import make_document
from lod.web.view import PublishedView
from lod.web.writing.serializers import write


def unknown(view: PublishedView, key: str, format_: Format | None = None, name: str = "") -> Response:
    """Return the response for a thing that is not known by a key: 301 where it has another now, 410 if removed, else 404.

    `name` is what the message calls it where its IRI is not that of the key.
    """
    moved = view.moved_to(key)
    if moved:
        # The rest of the address stays: /id/ or /data/ before the key, an extension after it, a query.
        head, _, tail = requested_path(request.environ).partition(key)
        query = request.query_string.decode("ascii", "replace")
        return redirect_to(f"{head}{moved}{tail}{'?' if query else ''}{query}", 301)
    removed = view.removed_on(key)
    if removed:
        return gone(view, key, removed, format_)
    return error_response(
        404,
        Said(
            "Nothing is known here about %(thing)s\nWhat is published is listed at %(list)s",
            thing=name or view.addresses.thing(key),
            list=view.addresses.path("items"),
        ),
    )


def gone(view: PublishedView, key: str, removed: str, format_: Format | None = None) -> Response:
    """Return 410 with a tombstone: in the format of the address, or of the request where it names one; else as a message."""
    thing = view.addresses.thing(key)
    if format_ not in (*DATA_FORMATS, *JSON_LD_FORMS):
        accept = read_accept(request.headers.get("Accept"))
        chosen = choose_format(accept, FORMATS)
        format_ = chosen if chosen in DATA_FORMATS and names(accept, chosen) else None
    if format_ is None:
        return error_response(
            410,
            Said("%(thing)s was removed from its repository.\nDate of removal: %(date)s", thing=thing, date=removed),
        )
    tombstone = make_document(iri(thing), tombstone_triples(thing, removed))
    found = make_representation(write(tombstone, format_, view.service.context), format_.content_type)
    response = Response(found.body, 410, content_type=found.content_type)
    response.headers["ETag"] = f'"{found.tag}"'
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def not_acceptable(view: PublishedView, key: str) -> Response:
    """Return 406 with the list of what is offered, in the body and as links."""
    offers = [(offer, view.path(key, offer)) for offer in (*view.offers(key), *JSON_LD_FORMS)]
    lines = [f"{_media_type(offer)}: {path}" for offer, path in offers]
    tokens = ", ".join(f"{profile.token} ({profile.iri})" for profile in view.service.profiles.all)
    styles = ", ".join(style.name for style in STYLES)
    response = error_response(
        406,
        "\n".join(
            [
                "None of the formats asked for is offered. Offered are:",
                *lines,
                f"Profiles, by ?_profile=: {tokens}",
                *([f"Styles of references, by ?style=: {styles}"] if view.is_item(key) else []),
            ]
        ),
    )
    response.headers["Link"] = link_header([Link(path, "alternate", offer.media_type) for offer, path in offers])
    response.vary.update(("Accept", "Accept-Profile"))
    return response


def _media_type(offer: Format) -> str:
    return f'{offer.media_type};profile="{offer.form}"' if offer.form else offer.media_type
