"""Dereferencing: /id/… leads by 303 to /page/… or /data/….

Source: W3C Cool URIs for the Semantic Web, section 4.2; RFC 9110, sections 12 and 15.4.4; RFC 7089 for /memento/ and
/timemap/; RFC 9264 for /linkset/.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.http import http_date

from lod.errors import StoreError
from lod.store.base import PublishedGeneration
from lod.web.dereference.not_found import gone, not_acceptable, unknown
from lod.web.dereference.representations import Representation, document_answer, linkset_answer, thing_links
from lod.web.dereference.request import Asked, asked_of, chosen_format, chosen_profile, live
from lod.web.http.addresses import VOCABULARY
from lod.web.http.cache import make_answer
from lod.web.http.error_responses import fault
from lod.web.http.formats import DATA_FORMATS, FORMATS, HTML, JSON_LD_FORMS, Format
from lod.web.http.link_header import link_header
from lod.web.http.responses import DOCUMENT_VARIES, respond
from lod.web.profiles.signposting import LINKSETS
from lod.web.reading.memento import LINK_FORMAT, memento_links, moment_of, nearest, read_moment, time_map
from lod.web.reading.paging import page_number
from lod.web.reading.reader import MOST_UNCOUNTED_PAGES
from lod.web.service import service
from lod.web.writing.graph_documents import GRAPH_DOCUMENTS, graph_chunks
from lod.web.writing.serializers import CannotWriteError

blueprint = Blueprint("dereference", __name__)

_DATA_OFFERS = (*DATA_FORMATS, HTML)
_CELLS = ".well-known/genid/"


@blueprint.get("/id/<path:_>")
def thing(_: str) -> Response:
    """Lead from a thing to a document about it."""
    return _id(live())


@blueprint.get("/page/<path:_>")
def page(_: str) -> Response:
    """Serve the HTML page of a thing."""
    return _page(live())


@blueprint.get("/data/<path:_>")
def data(_: str) -> Response:
    """Serve a document in the format that the extension names, or negotiate in place."""
    asked = live()
    name = asked.after("data/")
    return _graph(asked, name) if name.partition(".")[0] in GRAPH_DOCUMENTS else _data(asked)


@blueprint.get("/vocab/<path:_>")
def term(_: str) -> Response:
    """Lead from a local term to a document about it."""
    asked = live()
    return _lead(asked, asked.after(""))


@blueprint.get("/vocab", strict_slashes=False)
@blueprint.get("/vocab/")
def vocabulary() -> Response:
    """Serve the local vocabulary, a document, in place."""
    return _negotiated(live(), VOCABULARY, FORMATS)


@blueprint.get("/.well-known/genid/<path:_>")
def list_cell(_: str) -> Response:
    """Lead from a cell of a list to a document about the item whose list it is."""
    asked = live()
    key = owner = asked.after(_CELLS)
    while "/" in owner:
        owner = owner.rpartition("/")[0]
        if asked.here.find(asked.reader, owner) or asked.here.removed_on(asked.reader, owner):
            return _lead(asked, owner)
    return unknown(asked, key, name=f"{asked.here.addresses.base}{_CELLS}{key}")


@blueprint.get("/linkset/<any(json, txt):name>/<path:_>")
def linkset(name: str, _: str) -> Response:
    """Serve all links of a thing."""
    asked = live()
    format_ = next(one for one in LINKSETS if one.extension == name)
    name = asked.after(f"linkset/{format_.extension}/")
    key = asked.here.find(asked.reader, name)
    if key is None:
        return unknown(asked, name)
    answer = linkset_answer(asked, key, format_)
    return respond(answer, asked.reader.answers, ("", key, format_), asked.reader.modified)


@blueprint.get("/memento/<name>/<any(id, page, data):place>/<path:_>")
def memento(name: str, place: str, _: str) -> Response:
    """Serve what a generation that is kept said."""
    here = service()
    generations = here.past()
    generation = next((one for one in generations if one.name == name), None)
    if generation is None:
        kept = ", ".join(one.name for one in generations)
        return fault(404, f"No generation {name[:40]} is kept. Kept are: {kept}")
    try:
        asked = asked_of(here, here.reader_of(generation), name, ())
    except StoreError:
        return fault(404, f"Generation {name} is not kept any more.")
    answer, key = {"id": _id, "page": _page, "data": _data}[place], _known_key(asked, asked.after(f"{place}/"))
    removed = here.removed_on(here.reader(), key or "")
    if key and removed:
        return gone(asked, key, removed)
    asked = asked_of(here, asked.reader, name, tuple(_stating(asked, generations, key)) if key else (generation,))
    response = answer(asked)
    response.headers["Memento-Datetime"] = http_date(moment_of(generation))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/timemap/<any(id, page, data):place>/<path:_>")
def timemap(place: str, _: str) -> Response:
    """List the mementos of a thing, a page or a document."""
    asked = live()
    path = asked.after("timemap/")
    name = path.partition("/")[2]
    key = _known_key(asked, name)
    if key is None:
        return unknown(asked, name)
    generations = _stating(asked, asked.here.past(), key)
    answer = make_answer(time_map(asked.here.addresses.base, path, generations).encode("utf-8"), LINK_FORMAT)
    return respond(answer, asked.reader.answers, ("timemap", path), asked.reader.modified)


def _id(asked: Asked) -> Response:
    return _lead(asked, asked.after("id/"))


def _page(asked: Asked) -> Response:
    name = asked.after("page/")
    key = asked.here.find(asked.reader, name)
    return unknown(asked, name) if key is None else _document(asked, key, HTML)


def _data(asked: Asked) -> Response:
    name = asked.after("data/")
    key = asked.here.find(asked.reader, name)
    if key is not None:
        return _negotiated(asked, key, _DATA_OFFERS)
    format_, stem = _by_extension(asked, name)
    key = asked.here.find(asked.reader, stem)
    return unknown(asked, stem, format_) if key is None or format_ is None else _document(asked, key, format_)


def _by_extension(asked: Asked, name: str) -> tuple[Format | None, str]:
    """Return format and key that a name ends and begins with; of several the one whose key is known, or was."""
    found = [
        (offer, name[: -len(offer.extension) - 1])
        for offer in (*FORMATS, *JSON_LD_FORMS)
        if name.endswith(f".{offer.extension}") and len(name) > len(offer.extension) + 1
    ]
    known = (pair for pair in found if len(found) > 1 and asked.here.has_known(asked.reader, pair[1]))
    return next(known, found[0] if found else (None, name))


def _known_key(asked: Asked, name: str) -> str | None:
    """Return the key that a name of a thing, page or document has, with or without an extension."""
    return asked.here.find(asked.reader, name) or asked.here.find(asked.reader, _by_extension(asked, name)[1])


def _lead(asked: Asked, name: str) -> Response:
    key = asked.here.find(asked.reader, name)
    if key is None:
        return unknown(asked, name)
    if not asked.start and "Accept-Datetime" in request.headers:
        return _time_gate(asked, key, f"id/{key}")
    profile = chosen_profile(asked)
    format_ = chosen_format(FORMATS, profile) if profile else None
    if format_ is None or profile is None:
        return not_acceptable(asked, key)
    response = redirect(asked.path(key, format_, profile), 303)
    assert isinstance(response, Response)  # noqa: S101 - Flask's own
    response.headers["Vary"] = ", ".join(DOCUMENT_VARIES)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = thing_links(asked, key)
    return response


def _negotiated(asked: Asked, key: str, offers: tuple[Format, ...]) -> Response:
    profile = chosen_profile(asked)
    format_ = chosen_format(offers, profile) if profile else None
    if format_ is None or profile is None:
        return not_acceptable(asked, key)
    response = _document(asked, key, format_)
    if response.status_code in {200, 304}:
        response.headers["Content-Location"] = asked.path(key, format_, profile)
    return response


def _document(asked: Asked, key: str, format_: Format) -> Response:
    if not asked.start and "Accept-Datetime" in request.headers:
        return _time_gate(asked, key, asked.here.document_of(asked.reader, key, format_))
    profile = chosen_profile(asked)
    if profile is not None and format_ not in profile.formats and format_ not in JSON_LD_FORMS:
        # The address asks for a format that the profile does not have: who only prefers the profile gets the full one.
        profile = None if request.args.get("_profile") else asked.here.profiles.full
    if profile is None:
        return not_acceptable(asked, key)
    number = page_number(request.args.get("page", "1"))
    if number is None:
        return fault(400, f"?page={request.args['page'][:20]} is no page; pages are numbered from 1.")
    thing = asked.here.addresses.thing(key)
    if number > MOST_UNCOUNTED_PAGES and not asked.reader.is_counted(thing):
        search = asked.here.addresses.path("fragments")
        return fault(
            400,
            f"Of what points at {thing} pages up to {MOST_UNCOUNTED_PAGES} are served here, since it is not counted.\n"
            f"All of it is found with the triple pattern {search}?{urlencode({'object': thing})}",
        )
    wanted = Representation(key, format_, profile, number)
    try:
        answer = document_answer(asked, wanted)
    except CannotWriteError as problem:
        return fault(406, str(problem))
    if answer is None:
        return fault(404, f"There is no page {number} of what points at {thing}.")
    return respond(answer, asked.reader.answers, (asked.start, *wanted.name), asked.reader.modified)


def _time_gate(asked: Asked, key: str, path: str) -> Response:
    """Lead to the memento of a moment. Source: RFC 7089, section 4.1.2."""
    moment = read_moment(request.headers["Accept-Datetime"])
    if moment is None:
        return fault(400, "Accept-Datetime takes a date such as: Thu, 26 Nov 2026 12:00:00 GMT")
    generations = _stating(asked, asked.here.past(), key)
    chosen = nearest(generations, moment)
    query = request.query_string.decode("ascii", "replace")
    location = f"{asked.here.addresses.path('memento/')}{chosen.name}/{path}"
    response = redirect(f"{location}{('&' if '?' in location else '?') + query if query else ''}", 302)
    assert isinstance(response, Response)  # noqa: S101 - Flask's own
    response.headers["Vary"] = ", ".join(DOCUMENT_VARIES)
    response.headers["Link"] = link_header(memento_links(asked.here.addresses.base, path, generations, chosen))
    return response


def _stating(asked: Asked, generations: list[PublishedGeneration], key: str) -> list[PublishedGeneration]:
    """Return the generations in which a thing is known, in the order of time."""
    here, found = asked.here, []
    live = here.reader().generation.name
    for generation in generations:
        try:
            if here.find(here.reader_of(generation), key) == key:
                found.append(generation)
        except StoreError:
            # One that cannot be read any more is no state that is kept; without the live one there is no answer.
            if generation.name == live:
                raise
    return found


def _graph(asked: Asked, name: str) -> Response:
    """Serve a named graph, in the format of the extension or as negotiated; there is no page of it."""
    key, dot, extension = name.partition(".")
    here, reader = asked.here, asked.reader
    profile = here.profiles.full
    format_ = next((one for one in DATA_FORMATS if one.extension == extension), None)
    format_ = format_ if dot else chosen_format(DATA_FORMATS, profile)
    lines = reader.graph_lines(here.addresses.document(key))
    if lines is None or (dot and format_ is None):
        return unknown(asked, name)
    if format_ is None or format_ in JSON_LD_FORMS:
        return fault(
            406,
            "\n".join(
                f"{one.media_type}: {here.addresses.path(f'data/{key}.{one.extension}')}" for one in DATA_FORMATS
            ),
        )
    response = Response(content_type=format_.content_type)
    # It streams, so that nobody knows the bytes before: the tag names the generation instead.
    response.set_etag(f"{reader.generation.name}-{format_.extension}", weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    if not dot:
        response.headers["Content-Location"] = here.addresses.path(f"data/{key}.{format_.extension}")
    if response.get_etag()[0] in request.if_none_match.as_set(include_weak=True):
        response.status_code = 304
    else:
        # For HEAD too: an empty body would claim a length of 0, which GET does not have.
        response.response = graph_chunks(lines, format_)
    return response
