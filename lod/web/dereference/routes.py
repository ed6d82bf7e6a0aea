"""Dereferencing: /id/… redirects (303) to /page/… or /data/….

Source: W3C Cool URIs for the Semantic Web, section 4.2; RFC 9110, sections 12 and 15.4.4; RFC 7089 for /memento/ and
/timemap/; RFC 9264 for /linkset/.
"""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from lod.errors import BadValueError, StoreError
from lod.rdf.formats import JSON_LD, preferring
from lod.store.base import PublishedGeneration
from lod.web.citing.references import UnknownStyleError
from lod.web.citing.writers import Wording
from lod.web.dereference.graphs import graph_document
from lod.web.dereference.not_found import gone, not_acceptable, unknown
from lod.web.dereference.representations import Wanted, document_representation, linkset_representation, thing_links
from lod.web.dereference.request import chosen_form, chosen_profile, chosen_wording, requested_name
from lod.web.http.addresses import VOCABULARY
from lod.web.http.cache import make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.formats import (
    CITATION_FORMATS,
    DATA_FORMATS,
    FORMATS,
    HTML,
    ITEM_FORMATS,
    JSON_LD_FORMS,
    Format,
)
from lod.web.http.link_header import link_header
from lod.web.http.responses import DOCUMENT_VARIES, redirect_to, respond
from lod.web.languages.catalogues import Said
from lod.web.languages.page_language import page_language
from lod.web.profiles.signposting import LINKSETS
from lod.web.reading.memento import LINK_FORMAT, MEMENTO, memento_links, moment_of, nearest, read_moment, time_map
from lod.web.reading.paging import at_page, page_number
from lod.web.reading.reader import MOST_UNCOUNTED_PAGES
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view
from lod.web.writing.graph_documents import GRAPH_DOCUMENTS
from lod.web.writing.serializers import CannotWriteError

blueprint = Blueprint("dereference", __name__)

_CELLS = ".well-known/genid/"
_NODES = "rdf/"
"""Start of the names of blank nodes in RDF made elsewhere, which do not say what they belong to."""


@blueprint.get("/id/<path:_>")
def thing(_: str) -> Response:
    """Redirect from a thing to a document about it."""
    return _id(live_view())


@blueprint.get("/page/<path:_>")
def page(_: str) -> Response:
    """Serve the HTML page of a thing."""
    return _page(live_view())


@blueprint.get("/data/<path:_>")
def data(_: str) -> Response:
    """Serve a document in the format that the extension names, or negotiate in place."""
    view = live_view()
    name = requested_name(view, "data/")
    return graph_document(view, name) if name.partition(".")[0] in GRAPH_DOCUMENTS else _data(view)


@blueprint.get("/vocab/<path:_>")
def term(_: str) -> Response:
    """Redirect from a local term to a document about it."""
    view = live_view()
    return _see_other(view, requested_name(view, ""))


@blueprint.get("/vocab", strict_slashes=False)
@blueprint.get("/vocab/")
def vocabulary() -> Response:
    """Serve the local vocabulary, a document, in place."""
    return _negotiated(live_view(), VOCABULARY, FORMATS)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Serve the JSON-LD context that documents are compacted with."""
    body = json.dumps(current_service().context.whole(), ensure_ascii=False, indent=1)
    return Response(body, content_type=JSON_LD.content_type, headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get("/.well-known/genid/<path:_>")
def list_cell(_: str) -> Response:
    """Redirect from a cell of a list, or another node that had no name, to a document about the resource that it belongs to."""
    view = live_view()
    key = owner = requested_name(view, _CELLS)
    while "/" in owner:
        owner = owner.rpartition("/")[0]
        if view.find(owner) or view.removed_on(owner):
            return _see_other(view, owner)
    above = view.reader.owner_of(f"{view.addresses.base}{_CELLS}{key}") if key.startswith(_NODES) else None
    if above:
        return _see_other(view, view.addresses.given_key(above))
    return unknown(view, key, name=f"{view.addresses.base}{_CELLS}{key}")


@blueprint.get("/linkset/<any(json, txt):name>/<path:_>")
def linkset(name: str, _: str) -> Response:
    """Serve all links of a thing."""
    view = live_view()
    format_ = next(offer for offer in LINKSETS if offer.extension == name)
    name = requested_name(view, f"linkset/{format_.extension}/")
    key = view.find(name)
    if key is None:
        return unknown(view, name)
    found = linkset_representation(view, key, format_)
    return respond(found, view.reader.responses, ("", key, format_), view.reader.modified)


@blueprint.get("/memento/<name>/<any(id, page, data):place>/<path:_>")
def memento(name: str, place: str, _: str) -> Response:
    """Serve the state of a generation that is kept."""
    service = current_service()
    generations = service.past()
    generation = next((item for item in generations if item.name == name), None)
    if generation is None:
        names = ", ".join(item.name for item in generations)
        return error_response(
            404, Said("No generation %(name)s is kept. Kept are: %(kept)s", name=name[:40], kept=names)
        )
    try:
        view = PublishedView(service, service.reader_of(generation), f"{MEMENTO}{name}/")
    except StoreError:
        return error_response(404, Said("Generation %(name)s is not kept any more.", name=name))
    key = _known_key(view, requested_name(view, f"{place}/"))
    live = live_view()
    removed = live.removed_on(key or "")
    if key and removed:
        return gone(view, key, removed)
    view = replace(view, generations=tuple(_stating(live, generations, key)) if key else (generation,))
    response = {"id": _id, "page": _page, "data": _data}[place](view)
    response.headers["Memento-Datetime"] = http_date(moment_of(generation))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/timemap/<any(id, page, data):place>/<path:_>")
def timemap(place: str, _: str) -> Response:
    """List the mementos of a thing, a page or a document."""
    view = live_view()
    path = requested_name(view, "timemap/")
    name = path.partition("/")[2]
    key = _known_key(view, name)
    if key is None:
        return unknown(view, name)
    generations = _stating(view, view.service.past(), key)
    found = make_representation(time_map(view.addresses.base, path, generations).encode("utf-8"), LINK_FORMAT)
    return respond(found, view.reader.responses, ("timemap", path), view.reader.modified)


def _id(view: PublishedView) -> Response:
    return _see_other(view, requested_name(view, "id/"))


def _page(view: PublishedView) -> Response:
    name = requested_name(view, "page/")
    key = view.find(name)
    return unknown(view, name) if key is None else _document(view, key, HTML)


def _data(view: PublishedView) -> Response:
    name = requested_name(view, "data/")
    key = view.find(name)
    if key is not None:
        return _negotiated(view, key, preferring(view.offers(key), *DATA_FORMATS))
    format_, stem = _by_extension(view, name)
    key = view.find(stem)
    return unknown(view, stem, format_) if key is None or format_ is None else _document(view, key, format_)


def _by_extension(view: PublishedView, name: str) -> tuple[Format | None, str]:
    """Return the format and the key in a name, KEY.EXTENSION; of several readings the one whose key is known, or was."""
    found = [
        (offer, name[: -len(offer.extension) - 1])
        for offer in (*ITEM_FORMATS, *JSON_LD_FORMS)
        if name.endswith(f".{offer.extension}") and len(name) > len(offer.extension) + 1
    ]
    lookups = (view.find, view.moved_to, view.removed_on)
    known = (pair for pair in found if len(found) > 1 and any(lookup(pair[1]) for lookup in lookups))
    return next(known, found[0] if found else (None, name))


def _known_key(view: PublishedView, name: str) -> str | None:
    """Return the key in the name of a thing, page or document, with or without an extension."""
    return view.find(name) or view.find(_by_extension(view, name)[1])


def _see_other(view: PublishedView, name: str) -> Response:
    key = view.find(name)
    if key is None:
        return unknown(view, name)
    if not view.start and "Accept-Datetime" in request.headers:
        return _time_gate(view, key, f"id/{key}")
    form = chosen_form(view, view.offers(key))
    if form is None:
        return not_acceptable(view, key)
    profile, format_ = form
    try:
        location, page = _worded(view.path(key, format_, profile), format_), request.args.get("page")
    except UnknownStyleError as error:
        return error_response(406, str(error))
    response = redirect_to(at_page(location, quote(page)) if page else location, 303)
    response.headers["Vary"] = ", ".join(DOCUMENT_VARIES)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = thing_links(view, key)
    return response


def _negotiated(view: PublishedView, key: str, offers: tuple[Format, ...]) -> Response:
    form = chosen_form(view, offers)
    if form is None:
        return not_acceptable(view, key)
    profile, format_ = form
    response = _document(view, key, format_)
    if response.status_code in {200, 304}:
        response.headers["Content-Location"] = _worded(view.path(key, format_, profile), format_)
    return response


def _worded(path: str, format_: Format) -> str:
    """Return the path of a reference in the style that the request asks for; any other path as it is.

    Raises:
        UnknownStyleError: the style or the locale is not on offer.
    """
    wording = chosen_wording(format_)
    named = urlencode(wording.parameters) if wording != Wording() else ""
    return f"{path}{'&' if '?' in path else '?'}{named}" if named else path


def _document(view: PublishedView, key: str, format_: Format) -> Response:
    if not view.start and "Accept-Datetime" in request.headers:
        return _time_gate(view, key, view.relative_address(key, format_))
    profile = chosen_profile(view)
    if profile is not None and format_ not in profile.formats and format_ not in JSON_LD_FORMS:
        # The address names a format that the profile lacks: a profile in the header only gives way to the full one.
        profile = None if request.args.get("_profile") else view.service.profiles.full
    if profile is None or (format_ in CITATION_FORMATS and not view.is_item(key)):
        return not_acceptable(view, key)
    try:
        wording = chosen_wording(format_)
    except UnknownStyleError as error:
        return error_response(406, str(error))
    try:
        number = page_number(request.args.get("page", "1"))
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    thing = view.addresses.thing(key)
    if number > MOST_UNCOUNTED_PAGES and not view.reader.is_counted(thing):
        search = view.addresses.path("fragments")
        return error_response(
            400,
            f"Of what points at {thing} pages up to {MOST_UNCOUNTED_PAGES} are served here, since it is not counted.\n"
            f"All of it is found with the triple pattern {search}?{urlencode({'object': thing})}",
        )
    language = page_language().key if format_ is HTML else ""
    wanted = Wanted(key, format_, profile, number, wording, language)
    try:
        found = document_representation(view, wanted)
    except CannotWriteError as error:
        return error_response(406, str(error))
    if found is None:
        return error_response(
            404, Said("There is no page %(page)s of what points at %(thing)s.", page=number, thing=thing)
        )
    return respond(found, view.reader.responses, (view.start, *wanted.cache_key), view.reader.modified)


def _time_gate(view: PublishedView, key: str, path: str) -> Response:
    """Redirect to the memento of a moment. Source: RFC 7089, section 4.1.2."""
    moment = read_moment(request.headers["Accept-Datetime"])
    if moment is None:
        return error_response(400, "Accept-Datetime takes a date such as: Thu, 26 Nov 2026 12:00:00 GMT")
    generations = _stating(view, view.service.past(), key)
    chosen = nearest(generations, moment)
    query = request.query_string.decode("ascii", "replace")
    location = f"{view.addresses.path('memento/')}{chosen.name}/{path}"
    response = redirect_to(f"{location}{('&' if '?' in location else '?') + query if query else ''}", 302)
    response.headers["Vary"] = ", ".join(DOCUMENT_VARIES)
    response.headers["Link"] = link_header(memento_links(view.addresses.base, path, generations, chosen))
    return response


def _stating(live: PublishedView, generations: list[PublishedGeneration], key: str) -> list[PublishedGeneration]:
    """Return the generations in which a thing is known, in the order of time."""
    found = []
    for generation in generations:
        try:
            if PublishedView(live.service, live.service.reader_of(generation)).find(key) == key:
                found.append(generation)
        except StoreError:
            # A generation that cannot be read any more is left out; without the live one there is no response.
            if generation.name == live.reader.generation.name:
                raise
    return found
