"""/api: JSON of items, people, organisations, journals and concepts, of searches and lists; /openapi.json describes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from lod.errors import BadValueError
from lod.rdf.formats import JSON_LD, Format
from lod.store.search.find.browse import ORDERS
from lod.store.search.find.index import Entry, Hits, SearchIndex
from lod.store.search.values.code_labels import label_of_code
from lod.store.search.values.facets import NAMES
from lod.web.api import collections as table
from lod.web.api.collections import API, COLLECTIONS, address, address_of, iris_named
from lod.web.api.entity_json import context_address, entity_json
from lod.web.api.openapi import ITEM_ARGUMENTS, LIST_ARGUMENTS, OPENAPI, describe_api
from lod.web.http.addresses import requested_path
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.link_header import Link, link_header
from lod.web.http.negotiate import choose_format, read_accept
from lod.web.http.responses import redirect_to, respond
from lod.web.languages.templates import render_page
from lod.web.reading.paging import page_number
from lod.web.reconcile.entities import Entities, Entity
from lod.web.search.state import DEFAULT_SIZE, SIZES, SearchState, read_state
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("api", __name__)

_JSON = Format("json", "JSON", "application/json", says_encoding=True)
_FORMATS = (_JSON, JSON_LD)
"""JSON of the API is JSON-LD: a client may have it under either name."""

_LONGEST_TEXT = 1_000
_MOST_PAGES = 99_999
_MOST_VALUES = 100
"""Values of a facet beside hits."""


@blueprint.get(f"/{API}", strict_slashes=False)
def page() -> Response:
    """Describe the API to people."""
    service = current_service()
    text = render_page("api.html", api=describe_api(service.settings), openapi=service.addresses.path(OPENAPI))
    response = Response(text, mimetype="text/html")
    links = [
        Link(service.addresses.path(OPENAPI), "service-desc", "application/openapi+json"),
        Link(service.addresses.path("context.jsonld"), "http://www.w3.org/ns/json-ld#context", JSON_LD.media_type),
    ]
    response.headers["Link"] = link_header(links)
    return response


@blueprint.get(f"/{OPENAPI}")
def openapi() -> Response:
    """Describe the API to programs. Source: OpenAPI 3.1.1."""
    body = json.dumps(describe_api(current_service().settings), ensure_ascii=False, indent=1)
    return Response(f"{body}\n", content_type=_JSON.content_type, headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get(f"/{API}/lookup")
def lookup() -> Response:
    """List the entities that an IRI, the address of a page or an identifier in any spelling names."""
    view = live_view()
    entities = Entities(view.reader, view.index)
    fault = _unknown_argument({"id"})
    text = request.args.get("id", "").strip()
    if fault or not text:
        return error_response(400, fault or "?id= is an IRI, a DOI, an ORCID iD, a handle, an ISSN …")
    found = entities.named(text[:_LONGEST_TEXT])

    def make() -> dict[str, Any]:
        return _list(
            view, table.API + "/lookup", [("id", text)], len(found), [_named(view, entity) for entity in found]
        )

    return _sent(view, ("lookup", text), make)


@blueprint.get(f"/{API}/items")
def items() -> Response:
    """List the items that a search finds, a page of them."""
    view = live_view()
    index = view.index
    wanted = request.args.getlist("facets")
    try:
        state = read_state(request.args)
    except BadValueError as error:
        return error_response(400, str(error))
    fault = _unknown_argument(ITEM_ARGUMENTS) or next(
        (f"?facets={name[:40]} is no facet; known: {', '.join(NAMES)}." for name in wanted if name not in NAMES), ""
    )
    if fault:
        return error_response(400, fault)
    hits = index.search(state.text, state.by_facet, state.sort)
    last = max(1, -(-hits.total // state.size))
    if state.page > last:
        return _no_page(state.page, last)

    def make() -> dict[str, Any]:
        found = index.entries(hits, state.page, state.size)
        body = _list(
            view,
            f"{API}/items",
            _pairs(state, wanted),
            hits.total,
            [_item(view, entry) for entry in found],
            (state.page, last, state.size),
        )
        return body | ({"facets": _facets(index, hits, wanted)} if wanted else {})

    return _sent(view, ("items", state, tuple(wanted)), make)


@blueprint.get(f"/{API}/<any(people,organisations,journals,concepts):name>")
def things(name: str) -> Response:
    """List the things of a collection that have an IRI, a page of them."""
    view = live_view()
    index, collection = view.index, table.BY_NAME[name]
    arguments = {key: request.args.get(key, usual) for key, usual in LIST_ARGUMENTS.items()}
    fault = _unknown_argument(LIST_ARGUMENTS) or _fault_of_list(arguments)
    if fault:
        return error_response(400, fault)
    try:
        number = page_number(arguments["page"], _MOST_PAGES)
    except BadValueError as error:
        return error_response(400, str(error))
    size = int(arguments["size"])
    listing = index.browse(
        collection.facet, "", arguments["q"].strip(), arguments["sort"], number, size, identified=True
    )
    last = max(1, -(-listing.total // size))
    if number > last:
        return _no_page(number, last)

    def make() -> dict[str, Any]:
        entities = Entities(view.reader, index)
        members = [
            {
                "id": value.key,
                "displayName": value.label,
                "numberOfItems": value.number,
                **(
                    {"links": {"self": address_of(view.addresses, known)}} if (known := entities.get(value.key)) else {}
                ),
            }
            for value in listing.values
        ]
        stated = [(key, text) for key, text in arguments.items() if text != LIST_ARGUMENTS[key] and key != "page"]
        return _list(view, f"{API}/{name}", stated, listing.total, members, (number, last, size))

    return _sent(view, (name, *arguments.values()), make)


@blueprint.get(f"/{API}/<any(items,people,organisations,journals,concepts):name>/<path:_>")
def entity(name: str, _: str) -> Response:
    """Serve one entity."""
    view = live_view()
    collection = table.BY_NAME[name]
    entities = Entities(view.reader, view.index)
    fault = _unknown_argument(())
    if fault:
        return error_response(400, fault)
    before = view.addresses.path(f"{API}/{name}/").count("/")
    asked = "/".join(requested_path(request.environ).split("/")[before:])
    for iri in iris_named(view.addresses, collection, asked):
        found = entities.get(iri)
        if found and found.type.id == collection.kind:
            return _sent(view, (name, iri), lambda known=found: entity_json(view, entities, known))  # type: ignore[misc]
    return _absent(view, entities, collection, asked)


def _absent(view: PublishedView, entities: Entities, collection: table.Collection, asked: str) -> Response:
    """Return the response where a collection has nothing of a name: 301 where it has moved, 410 if removed, else 404."""
    for iri in iris_named(view.addresses, collection, asked):
        key = view.addresses.key(iri)
        if not key:
            continue
        moved = view.moved_to(key)
        found = entities.get(view.addresses.thing(moved)) if moved else None
        if found:
            return redirect_to(view.addresses.path(_relative(view, address_of(view.addresses, found))), 301)
        removed = view.removed_on(key)
        if removed:
            return error_response(410, f"{iri} was removed from its repository.\nDate of removal: {removed}")
    return error_response(
        404,
        f"{collection.name} has nothing of the name {asked[:200]}\n"
        f"All of them are listed at {view.addresses.path(f'{API}/{collection.name}')}",
    )


def _sent(view: PublishedView, key: tuple[Any, ...], make: Callable[[], dict[str, Any]]) -> Response:
    """Return a document in the format that the request asks for, from the cache where it has it."""
    format_ = choose_format(read_accept(request.headers.get("Accept")), _FORMATS)
    if format_ is None:
        offers = "\n".join(offer.media_type for offer in _FORMATS)
        return error_response(406, f"The API has JSON only, which it offers as:\n{offers}")
    cached = (API, *key, format_.extension)

    def representation() -> Representation:
        body = json.dumps(make(), ensure_ascii=False, indent=1)
        link = Link(view.addresses.path(OPENAPI), "service-desc", "application/openapi+json")
        return make_representation(f"{body}\n".encode(), format_.content_type, (("Link", link_header([link])),))

    found = view.reader.responses.get_or_make(cached, representation)
    return respond(found, view.reader.responses, cached, view.reader.modified)


def _list(
    view: PublishedView,
    path: str,
    stated: list[tuple[str, str]],
    total: int,
    members: list[dict[str, Any]],
    paged: tuple[int, int, int] | None = None,
) -> dict[str, Any]:
    """Return a list: `stated` are the arguments of its address but the page, `paged` this page, the last one and their size."""
    start = f"{view.addresses.base}{path}"

    def at(page: int) -> str:
        pairs = [*stated, *((("page", str(page)),) if page > 1 else ())]
        return f"{start}?{urlencode(pairs, quote_via=quote, safe='/:')}" if pairs else start

    number, last, size = paged or (1, 1, max(1, len(members)))
    pages = {
        "self": number,
        "first": 1,
        "previous": number - 1 or None,
        "next": number + 1 if number < last else None,
        "last": last,
    }
    return {
        "@context": context_address(view),
        "id": at(1),
        "type": ["hydra:Collection"],
        "totalItems": total,
        "pageNumber": number,
        "pageSize": size,
        "links": {name: at(page) for name, page in pages.items() if page},
        "member": members,
    }


def _pairs(state: SearchState, facets: Iterable[str]) -> list[tuple[str, str]]:
    return [
        *((("q", state.text),) if state.text else ()),
        *state.filters,
        *((("sort", state.sort),) if state.sort else ()),
        *((("size", str(state.size)),) if state.size != DEFAULT_SIZE else ()),
        *(("facets", name) for name in facets),
    ]


def _item(view: PublishedView, entry: Entry) -> dict[str, Any]:
    """Return an item as lists have it; `summary` is for programs only."""
    shown = entry.shown
    authors = [
        {"displayName": name, **({"id": iri} if iri else {}), **({"orcid": orcid} if orcid else {})}
        for name, iri, orcid in shown.get("authors", ())
    ]
    summary = {
        "authors": authors,
        "numberOfAuthors": shown.get("number_of_authors", len(authors)),
        "issued": shown.get("issued", ""),
        "partOf": [{"displayName": name, **({"id": iri} if iri else {})} for name, iri in shown.get("in", ()) if name],
        **{part: [label_of_code(iri) or iri for iri in shown.get(part, ())] for part in ("types", "access", "licence")},
        "doi": shown.get("doi", ""),
        "abstract": shown.get("abstract", ""),
    }
    return {
        "id": entry.iri,
        "displayName": entry.title,
        "links": {"self": address(view.addresses, COLLECTIONS[0], entry.iri)},
        "summary": {name: value for name, value in summary.items() if value},
    }


def _named(view: PublishedView, entity: Entity) -> dict[str, Any]:
    return {"id": entity.iri, "displayName": entity.name, "links": {"self": address_of(view.addresses, entity)}}


def _facets(index: SearchIndex, hits: Hits, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    found = index.facets(hits, list(dict.fromkeys(names)), _MOST_VALUES)
    return {
        name: [
            {
                "value": index.param(name, value.key),
                "displayName": value.label,
                **({"id": value.key} if value.is_thing else {}),
                "numberOfItems": value.number,
            }
            for value in values
        ]
        for name, values in found.items()
    }


def _fault_of_list(arguments: dict[str, str]) -> str:
    if arguments["sort"] not in ORDERS:
        return f"?sort={arguments['sort'][:20]} is no order; known: {', '.join(ORDERS)}."
    if arguments["size"] not in map(str, SIZES):
        return f"?size={arguments['size'][:20]} is not offered; a page has {', '.join(map(str, SIZES))} of them."
    return ""


def _unknown_argument(known: Collection[str]) -> str:
    """Return what is wrong with the names of the arguments: a misspelt filter would otherwise let everything through."""
    name = next((name for name in request.args if name not in known), None)
    if name is None:
        return ""
    return f"?{name[:40]}= is no argument here; known: {', '.join(known) or 'none'}."


def _no_page(number: int, last: int) -> Response:
    return error_response(404, f"There is no page {number} of this list; the last one is {last}.")


def _relative(view: PublishedView, absolute: str) -> str:
    return absolute[len(view.addresses.base) :]
