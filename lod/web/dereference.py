"""Dereferencing: /id/… leads by 303 to /page/… or /data/….

Source: W3C Cool URIs for the Semantic Web, section 4.2; RFC 9110, sections 12 and 15.4.4.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, request

from lod.store.named_graphs import graph_of
from lod.web.addresses import VOCABULARY, requested_path
from lod.web.faults import fault
from lod.web.formats import DATA_FORMATS, FORMATS, HTML, Format, format_named
from lod.web.kept import Answer
from lod.web.negotiate import choose_format, read_accept
from lod.web.pages import render_document
from lod.web.report import REPORT, report_chunks
from lod.web.resources import Reader
from lod.web.serializers import CannotWriteError, write
from lod.web.service import Service, service

blueprint = Blueprint("dereference", __name__)

_DATA_OFFERS = (*DATA_FORMATS, HTML)
_MAX_PAGE = 1_000_000


@blueprint.get("/id/<path:_>")
def thing(_: str) -> Response:
    """Lead from a thing to a document about it."""
    here = service()
    return _lead(here, here.reader(), _key(here, "id/"))


@blueprint.get("/vocab/<path:_>")
def term(_: str) -> Response:
    """Lead from a local term to a document about it."""
    here = service()
    return _lead(here, here.reader(), _key(here, ""))


@blueprint.get("/vocab", strict_slashes=False)
@blueprint.get("/vocab/")
def vocabulary() -> Response:
    """Serve the local vocabulary, a document, in place."""
    here = service()
    return _negotiated(here, here.reader(), VOCABULARY, FORMATS)


@blueprint.get("/.well-known/genid/<path:_>")
def list_cell(_: str) -> Response:
    """Lead from a cell of a list to a document about the item whose list it is."""
    here = service()
    reader = here.reader()
    key = _key(here, ".well-known/genid/")
    owner = key
    while "/" in owner:
        owner = owner.rpartition("/")[0]
        if here.find(reader, owner) or here.removed_on(reader, owner):
            return _lead(here, reader, owner)
    return _unknown(here, reader, key)


@blueprint.get("/page/<path:_>")
def page(_: str) -> Response:
    """Serve the HTML page of a thing."""
    here = service()
    reader = here.reader()
    asked = _key(here, "page/")
    key = here.find(reader, asked)
    return _unknown(here, reader, asked) if key is None else _document(here, reader, key, HTML)


@blueprint.get("/data/<path:_>")
def data(_: str) -> Response:
    """Serve a document in the format that the extension names, or negotiate in place."""
    here = service()
    reader = here.reader()
    asked = _key(here, "data/")
    if asked.partition(".")[0] == REPORT:
        return _report(here, reader, asked)
    key = here.find(reader, asked)
    if key is not None:
        return _negotiated(here, reader, key, _DATA_OFFERS)
    stem, _dot, extension = asked.rpartition(".")
    format_ = next((offer for offer in FORMATS if offer.extension == extension), None)
    if format_ is None or not stem:
        return _unknown(here, reader, asked)
    key = here.find(reader, stem)
    return _unknown(here, reader, stem) if key is None else _document(here, reader, key, format_)


def _report(here: Service, reader: Reader, asked: str) -> Response:
    """Serve the validation report, in the format of the extension or as negotiated; there is no page of it."""
    _, dot, extension = asked.partition(".")
    format_ = next((one for one in DATA_FORMATS if one.extension == extension), None) if dot else _chosen(DATA_FORMATS)
    graph = graph_of(reader.generation.directory, here.addresses.document(REPORT))
    if graph is None or (dot and format_ is None):
        return _unknown(here, reader, asked)
    if format_ is None:
        return fault(
            406,
            "\n".join(
                f"{one.media_type}: {here.addresses.path(f'data/report.{one.extension}')}" for one in DATA_FORMATS
            ),
        )
    response = Response(content_type=format_.content_type)
    response.set_etag(_tag(here, reader, REPORT, format_, ""), weak=True)
    response.headers["Cache-Control"] = "no-cache"
    if not dot:
        response.headers["Content-Location"] = here.addresses.path(f"data/report.{format_.extension}")
        response.vary.add("Accept")
    if response.get_etag()[0] in request.if_none_match.as_set(include_weak=True):
        response.status_code = 304
    elif request.method != "HEAD":
        response.response = report_chunks(graph.lines(), format_.extension)
    return response


def _key(here: Service, start: str) -> str:
    return requested_path(request.environ)[len(here.addresses.path(start)) :]


def _lead(here: Service, reader: Reader, asked: str) -> Response:
    key = here.find(reader, asked)
    if key is None:
        return _unknown(here, reader, asked)
    format_ = _chosen(FORMATS)
    if format_ is None:
        return _not_acceptable(here, reader, key)
    response = redirect(here.address_of(reader, key, format_), 303)
    assert isinstance(response, Response)  # noqa: S101 - Flask's own
    response.vary.add("Accept")
    response.headers["Link"] = _links(here, reader, key)
    return response


def _negotiated(here: Service, reader: Reader, key: str, offers: tuple[Format, ...]) -> Response:
    format_ = _chosen(offers)
    if format_ is None:
        return _not_acceptable(here, reader, key)
    response = _document(here, reader, key, format_)
    if response.status_code == 200:
        response.headers["Content-Location"] = here.address_of(reader, key, format_)
    response.vary.add("Accept")
    return response


def _chosen(offers: tuple[Format, ...]) -> Format | None:
    named = request.args.get("format")
    return format_named(named, offers) if named else choose_format(read_accept(request.headers.get("Accept")), offers)


def _document(here: Service, reader: Reader, key: str, format_: Format) -> Response:
    number = request.args.get("page", "1")
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number[:9]) <= _MAX_PAGE:
        return fault(400, f"?page={number[:20]} is no page; pages are numbered from 1.")
    response = Response(content_type=format_.content_type)
    response.set_etag(_tag(here, reader, key, format_, number), weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = _links(here, reader, key)
    if response.get_etag()[0] in request.if_none_match.as_set(include_weak=True):
        response.status_code = 304
        return response
    try:
        answer = _answer(here, reader, key, format_, int(number))
    except CannotWriteError as problem:
        return fault(406, str(problem))
    if answer is None:
        return fault(404, f"There is no page {number} of what points at {here.addresses.thing(key)}.")
    response.set_data(answer.body)
    if answer.more:
        following = here.address_of(reader, key, format_)
        following += f"{'&' if '?' in following else '?'}page={int(number) + 1}"
        response.headers.add("Link", f'<{following}>; rel="next"')
    return response


def _answer(here: Service, reader: Reader, key: str, format_: Format, page_number: int) -> Answer | None:
    """Return the body of a document, None for a page that it does not have."""
    kept = reader.answers.get((key, format_, page_number))
    if kept is not None:
        return kept
    document = here.document(reader, key, page_number)
    if page_number > 1 and not document.pointing:
        return None
    if format_ is HTML:
        body = render_document(here, reader, key, document).encode("utf-8")
    else:
        body = write(document, format_, here.context)
    answer = Answer(body, document.more)
    reader.answers.put((key, format_, page_number), answer)
    return answer


def _tag(here: Service, reader: Reader, key: str, format_: Format, page_number: str) -> str:
    # A generation never changes; what else an answer depends on is here.
    parts = "\n".join(
        (here.fingerprint, reader.generation.name, reader.generation.created, key, format_.extension, page_number)
    )
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()[:24]


def _links(here: Service, reader: Reader, key: str) -> str:
    links = [
        f'<{here.address_of(reader, key, offer)}>; rel="alternate"; type="{offer.media_type}"' for offer in FORMATS
    ]
    return ", ".join([f'<{here.addresses.thing(key)}>; rel="describes"', *links])


def _unknown(here: Service, reader: Reader, key: str) -> Response:
    moved = here.moved_to(reader, key)
    if moved:
        # The rest of the address stays: /id/ or /data/ before the key, an extension after it, a query.
        head, _, tail = requested_path(request.environ).partition(key)
        query = request.query_string.decode("ascii", "replace")
        response = redirect(f"{head}{moved}{tail}{'?' if query else ''}{query}", 301)
        assert isinstance(response, Response)  # noqa: S101 - Flask's own
        return response
    removed = here.removed_on(reader, key)
    iri = here.addresses.thing(key)
    if removed:
        return fault(410, f"{iri} was removed from its repository.\nDate of removal: {removed}")
    return fault(
        404, f"Nothing is known here about {iri}\nWhat is published is listed at {here.addresses.path('items')}"
    )


def _not_acceptable(here: Service, reader: Reader, key: str) -> Response:
    lines = [f"{offer.media_type}: {here.address_of(reader, key, offer)}" for offer in FORMATS]
    return fault(406, "\n".join(["None of the formats asked for is offered. Offered are:", *lines]))
