"""/changes: the change feed as a Linked Data Event Stream; pages never change, and only the nodes that lead to new ones do.

Source: Linked Data Event Streams 1.0, "server primer"; TREE hypermedia specification; RFC 8246 (immutable).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request

from lod.feed.stream import PAGES_PER_INDEX, EventStream, Page
from lod.numbers import whole_number
from lod.web.http.error_responses import error_response
from lod.web.http.headers import FOR_EVER
from lod.web.http.negotiate import choose_coding
from lod.web.http.responses import known_tag, redirect_to
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("changes", __name__)

_TRIG = "application/trig"

_EPOCH = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_PREFIXES = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <http://schema.org/> .
@prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@blueprint.get("/changes")
def current() -> Response:
    """Redirect to the stream of the live generation."""
    view = live_view()
    stream = _stream(view.reader.generation.directory)
    if stream is None:
        return _no_stream()
    return redirect_to(view.addresses.path(f"changes/{stream.epoch}"), 302)


@blueprint.get("/changes/<epoch>")
def root(epoch: str) -> Response:
    """Serve the root node: what the stream is, and where its pages are."""
    view = live_view()
    stream = stream_of(view, epoch)
    if isinstance(stream, Response):
        return stream
    nodes = [(stream.index(number), stream.pages_of(number)) for number in range(1, stream.indexes() + 1)]
    text = f"""{_PREFIXES}
<{stream.iri}> a ldes:EventStream ;
  tree:view <{stream.root}> ;
  dcterms:isPartOf <{stream.base}id/dataset> ;
  ldes:timestampPath as:published ;
  ldes:versionOfPath dcterms:isVersionOf ;
  ldes:versionCreatePath rdf:type ; ldes:versionCreateObject as:Create ;
  ldes:versionUpdatePath rdf:type ; ldes:versionUpdateObject as:Update ;
  ldes:versionDeletePath rdf:type ; ldes:versionDeleteObject as:Delete ;
  ldes:transactionPath as:context ;
  ldes:transactionFinalizedPath schema:actionStatus ; ldes:transactionFinalizedObject schema:CompletedActionStatus .
<{stream.root}> a tree:Node ;
  tree:viewDescription <{stream.root}#view> .
<{stream.root}#view> a tree:ViewDescription ;
  ldes:retentionPolicy <{stream.root}#retention> .
<{stream.root}#retention> a ldes:RetentionPolicy ;
  ldes:startingFrom "{_started(stream)}"^^xsd:dateTime .
{_relations(stream.root, nodes)}"""
    return cached(text, _TRIG)


@blueprint.get("/changes/<epoch>/index/<number>")
def index(epoch: str, number: str) -> Response:
    """Serve a node between the root and the pages; it changes until it is full."""
    stream = stream_of(live_view(), epoch)
    if isinstance(stream, Response):
        return stream
    wanted = whole_number(number) or 0
    if not 1 <= wanted <= stream.indexes():
        return _no_such_page(stream)
    pages, node = stream.pages_of(wanted), stream.index(wanted)
    first = (wanted - 1) * PAGES_PER_INDEX + 1
    is_full = len(pages) == PAGES_PER_INDEX
    immutable = " ; ldes:immutable true" if is_full else ""
    nodes = [(stream.page(place), [page]) for place, page in enumerate(pages, start=first)]
    text = f"{_PREFIXES}\n<{node}> a tree:Node{immutable} .\n{_relations(node, nodes)}"
    return cached(text, _TRIG, is_immutable=is_full)


@blueprint.get("/changes/<epoch>/page/<number>")
def page(epoch: str, number: str) -> Response:
    """Serve a page, as it was written."""
    found = stream_and_page(epoch, number)
    if isinstance(found, Response):
        return found
    stream, wanted = found
    tag = stream.tag_of(wanted)
    if known := known_tag(tag):
        response = Response(status=304)
        response.set_etag(known)
    elif choose_coding(request.headers.get("Accept-Encoding"), ("gzip",)):
        response = Response(stream.read_packed(wanted), content_type=_TRIG)
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{tag}-gzip")
    else:
        response = Response(stream.read_page(wanted), content_type=_TRIG)
        response.set_etag(tag)
    response.headers["Cache-Control"] = FOR_EVER
    response.vary.add("Accept-Encoding")
    return response


@blueprint.get("/changes/<epoch>/version/<number>")
def version(epoch: str, number: str) -> Response:
    """Redirect from a member to its page."""
    view = live_view()
    stream = stream_of(view, epoch)
    if isinstance(stream, Response):
        return stream
    found = stream.page_of(whole_number(number) or 0)
    if found is None:
        return _no_such_page(stream)
    return redirect_to(view.addresses.path(f"changes/{stream.epoch}/page/{found}"), 303)


def stream_of(view: PublishedView, epoch: str) -> EventStream | Response:
    """Return the stream of an epoch, or the response for one that is not there: 410 for a stream that has ended, else 404."""
    stream = _stream(view.reader.generation.directory)
    if stream is None:
        return _no_stream()
    if epoch == stream.epoch:
        return stream
    if epoch in stream.ended:
        return error_response(
            410,
            "This stream has ended, and another has begun with all that was published then. Replicate it anew from "
            f"{view.addresses.path('changes')}",
        )
    shown = epoch if _EPOCH.fullmatch(epoch) else "of that name"
    return error_response(
        404, f"There is no stream {shown} here. The current one is at {view.addresses.path('changes')}"
    )


def stream_and_page(epoch: str, number: str) -> tuple[EventStream, int] | Response:
    """Return the stream of an epoch and the number of a page that it has, or the response for what is not there."""
    stream = stream_of(live_view(), epoch)
    if isinstance(stream, Response):
        return stream
    wanted = whole_number(number) or 0
    return (stream, wanted) if 1 <= wanted <= len(stream.pages) else _no_such_page(stream)


def cached(text: str, content_type: str, *, is_immutable: bool = False) -> Response:
    """Return the response with a text that clients may keep for ever, or have to ask for again."""
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = FOR_EVER if is_immutable else "no-cache"
    return response


def _no_such_page(stream: EventStream) -> Response:
    return error_response(
        404, f"The stream has no such page: it has {len(stream.pages)} pages, {stream.members} members."
    )


@lru_cache(4)
def _stream(generation: Path) -> EventStream | None:
    """Return the stream of a generation, which never changes."""
    return EventStream.of(generation)


def _no_stream() -> Response:
    return error_response(404, "There is no change feed yet. It begins with the next 'lod publish'.")


def _started(stream: EventStream) -> str:
    """Return when the stream began: its first generation is named after that moment."""
    return datetime.strptime(stream.epoch, "%Y%m%dT%H%M%S.%f%z").isoformat().replace("+00:00", "Z")


def _relations(node: str, targets: Iterable[tuple[str, Sequence[Page]]]) -> str:
    """Return the relations of a node to others: each has members from one moment to another."""
    written = []
    for target, pages in targets:
        for name, moment in (("GreaterThanOrEqualTo", pages[0].moment), ("LessThanOrEqualTo", pages[-1].moment)):
            written.append(
                f"  [ a tree:{name}Relation ; tree:node <{target}> ; tree:path as:published ; "
                f'tree:value "{moment}"^^xsd:dateTime ]'
            )
    return f"<{node}> tree:relation\n" + " ,\n".join(written) + " .\n" if written else ""
