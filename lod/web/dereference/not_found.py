"""What is answered where there is no document: it has moved, was removed, was never known, or is not in that format."""

from __future__ import annotations

from flask import Response, redirect, request

from lod.web.dereference.request import Asked
from lod.web.http.addresses import requested_path
from lod.web.http.cache import make_answer
from lod.web.http.error_responses import fault
from lod.web.http.formats import DATA_FORMATS, FORMATS, JSON_LD_FORMS, Format
from lod.web.http.link_header import Link, link_header
from lod.web.http.negotiate import choose_format, names, read_accept
from lod.web.reading.tombstones import tombstone
from lod.web.writing.serializers import write


def unknown(asked: Asked, key: str, format_: Format | None = None, name: str = "") -> Response:
    """Answer for a thing that is not known by a name: 301 where it has another now, 410 where it was removed, else 404.

    `name` is what the answer calls it where its IRI is not that of the key.
    """
    here = asked.here
    moved = here.moved_to(asked.reader, key)
    if moved:
        # The rest of the address stays: /id/ or /data/ before the key, an extension after it, a query.
        head, _, tail = requested_path(request.environ).partition(key)
        query = request.query_string.decode("ascii", "replace")
        response = redirect(f"{head}{moved}{tail}{'?' if query else ''}{query}", 301)
        assert isinstance(response, Response)  # noqa: S101 - Flask's own
        return response
    removed = here.removed_on(asked.reader, key)
    if removed:
        return gone(asked, key, removed, format_)
    return fault(
        404,
        f"Nothing is known here about {name or here.addresses.thing(key)}\n"
        f"What is published is listed at {here.addresses.path('items')}",
    )


def gone(asked: Asked, key: str, removed: str, format_: Format | None = None) -> Response:
    """Answer 410 with a tombstone: in the format of the address, or of the request where it names one; else in words."""
    thing = asked.here.addresses.thing(key)
    if format_ not in (*DATA_FORMATS, *JSON_LD_FORMS):
        accept = read_accept(request.headers.get("Accept"))
        chosen = choose_format(accept, FORMATS)
        format_ = chosen if chosen in DATA_FORMATS and names(accept, chosen) else None
    if format_ is None:
        return fault(410, f"{thing} was removed from its repository.\nDate of removal: {removed}")
    answer = make_answer(write(tombstone(thing, removed), format_, asked.here.context), format_.content_type)
    response = Response(answer.body, 410, content_type=answer.content_type)
    response.headers["ETag"] = f'"{answer.tag}"'
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def not_acceptable(asked: Asked, key: str) -> Response:
    """Answer 406 with the list of what is offered, in the body and as links."""
    offers = [(offer, asked.path(key, offer)) for offer in (*FORMATS, *JSON_LD_FORMS)]
    lines = [f"{_media_type(offer)}: {path}" for offer, path in offers]
    tokens = ", ".join(f"{profile.token} ({profile.iri})" for profile in asked.here.profiles.all)
    response = fault(
        406,
        "\n".join(
            ["None of the formats asked for is offered. Offered are:", *lines, f"Profiles, by ?_profile=: {tokens}"]
        ),
    )
    response.headers["Link"] = link_header([Link(path, "alternate", offer.media_type) for offer, path in offers])
    return response


def _media_type(offer: Format) -> str:
    return f'{offer.media_type};profile="{offer.form}"' if offer.form else offer.media_type
