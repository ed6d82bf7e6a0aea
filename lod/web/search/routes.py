"""/search: hits, facets and exports; /search/facet/NAME: all values of a facet; /suggest; /opensearch.xml."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from lod.errors import BadValueError
from lod.rdf.formats import JSON_LD
from lod.store.search.find.index import Hits, SearchIndex
from lod.store.search.values.facets import BY_NAME, NAMES
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response, no_acceptable_format
from lod.web.http.formats import ATOM, HIT_FORMATS, HTML, Format
from lod.web.http.link_header import Link, link_header
from lod.web.http.negotiate import requested_format
from lod.web.http.responses import respond
from lod.web.languages.catalogues import Said, gettext
from lod.web.languages.page_language import page_language
from lod.web.languages.templates import render_page
from lod.web.search.formats import EXPORTS, Result, write_atom, write_json_ld
from lod.web.search.shown import (
    MANY_VALUES,
    SEARCH,
    SORT_LABELS,
    chart_of,
    chips,
    choice,
    facets_shown,
    item_path,
    pages_around,
    rows_of,
)
from lod.web.search.state import SIZES, SearchState, read_state
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("search", __name__)

_SUGGESTIONS = "application/x-suggestions+json"
_DESCRIPTION = "application/opensearchdescription+xml"
_MOST_SUGGESTED = 10
_FIRST_FEW = 4


@blueprint.get("/search")
def search() -> Response:
    """Search what is published: as a page, as JSON-LD or Atom page by page, or whole as an export."""
    view = live_view()
    index = view.index
    format_ = requested_format(HIT_FORMATS)
    if format_ is None:
        return no_acceptable_format("Search results are", view.addresses.path(SEARCH), HIT_FORMATS)
    try:
        state = read_state(request.args)
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    export = next((export for export in EXPORTS if export.format is format_), None)
    if export:
        hits = index.search(state.text, state.by_facet, state.sort)
        response = Response(export.write(view, index.all_entries(hits)), content_type=format_.content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="search.{format_.extension}"'
        response.headers["Link"] = link_header([Link(state.address(view.addresses.path(SEARCH)), "canonical")])
        response.vary.add("Accept")
        return response
    key = ("search", state, format_.extension, page_language().key if format_ is HTML else "")
    found = view.reader.responses.get_or_make(key, lambda: _page(view, index, state, format_))
    if found is None:
        return error_response(
            404,
            Said(
                "There is no page %(page)s of these hits. The first is at %(address)s",
                page=state.page,
                address=_path(view, state.at(1)),
            ),
        )
    return respond(found, view.reader.responses, key, view.reader.modified)


@blueprint.get("/search/facet/<name>")
def facet(name: str) -> Response:
    """List the values of one facet among the hits, the most frequent first."""
    view = live_view()
    index = view.index
    if name not in NAMES:
        return error_response(404, f"There is no facet {name[:40]}; known: {', '.join(NAMES)}.")
    try:
        state = read_state(request.args)
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    hits = index.search(state.text, state.by_facet)
    values = index.facets(hits, [name], MANY_VALUES + 1).get(name, [])
    page = render_page(
        "search/facet.html",
        facet=BY_NAME[name],
        choices=[choice(view, index, state, value) for value in values[:MANY_VALUES]],
        is_cut=len(values) > MANY_VALUES,
        most=MANY_VALUES,
        hits=hits,
        back=_path(view, state),
        chips=chips(view, index, state),
        text=state.text,
    )
    return Response(page, mimetype="text/html")


@blueprint.get("/suggest")
def suggest() -> Response:
    """Complete what has been typed. Source: OpenSearch, suggestions extension 1.1, section 2."""
    view = live_view()
    index, text = view.reader.search, request.args.get("q", "")
    found = index.suggest(text[:100], _MOST_SUGGESTED) if index else []
    start = f"{view.addresses.base}{SEARCH}"
    addresses = [
        SearchState(filters=((one.facet, index.param(one.facet, one.key)),)).address(start) for one in found if index
    ]
    labels = [one.label for one in found]
    notes = [f"{BY_NAME[one.facet].label}: {one.number:,}" for one in found]
    response = Response(json.dumps([text, labels, notes, addresses], ensure_ascii=False), mimetype=_SUGGESTIONS)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search to programs. Source: OpenSearch 1.1 draft 6."""
    settings = current_service().settings
    base = settings.base_iri
    name = settings.title if len(settings.title) <= 16 else f"{settings.title[:15]}…"
    urls = "".join(
        f'<Url type="{type_}"{relation} template="{base}{path}"/>\n'
        for type_, relation, path in (
            (HTML.media_type, "", "search?q={searchTerms}&amp;page={startPage?}"),
            (ATOM.media_type, "", "search?q={searchTerms}&amp;page={startPage?}&amp;format=atom"),
            (JSON_LD.media_type, "", "search?q={searchTerms}&amp;page={startPage?}&amp;format=jsonld"),
            (_SUGGESTIONS, ' rel="suggestions"', "suggest?q={searchTerms}"),
            (_DESCRIPTION, ' rel="self"', "opensearch.xml"),
        )
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name)}</ShortName>\n<Description>{escape(f'Search {settings.title}'[:1024])}</Description>\n"
        f"<InputEncoding>UTF-8</InputEncoding>\n{urls}</OpenSearchDescription>\n"
    )
    response = Response(text, content_type=_DESCRIPTION)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page(view: PublishedView, index: SearchIndex, state: SearchState, format_: Format) -> Representation | None:
    """Return a page of hits in a format that has pages, None where there is no such page."""
    hits = index.search(state.text, state.by_facet, state.sort)
    last = max(1, -(-hits.total // state.size))
    if state.page > last:
        return None
    result = Result(view, index, state, hits, index.entries(hits, state.page, state.size), last)
    writers: dict[Format, Callable[[Result], str]] = {HTML: _html, JSON_LD: write_json_ld, ATOM: write_atom}
    path = view.addresses.path(SEARCH)
    links = [
        Link(state.address(path), "canonical"),
        *(
            Link(state.address(path, format=offer.extension), "alternate", offer.media_type)
            for offer in HIT_FORMATS[1:]
        ),
        Link(view.addresses.path("opensearch.xml"), "search", _DESCRIPTION),
    ]
    body = writers[format_](result).encode("utf-8")
    return make_representation(body, format_.content_type, (("Link", link_header(links)),))


def _html(result: Result) -> str:
    view, index, state, hits = result.view, result.index, result.state, result.hits
    path = view.addresses.path(SEARCH)
    suggestion = index.suggested_query(hits) if state.text and not hits.total else ""
    return render_page(
        "search/results.html",
        state=state,
        own_query=state.pairs(),
        hits=hits,
        rows=rows_of(view, result.entries),
        chips=chips(view, index, state),
        facets=facets_shown(view, index, state, hits),
        chart=chart_of(index, hits),
        years=next((value for facet, value in state.filters if facet == "year" and ".." in value), "..").split("..", 1),
        hidden=[pair for pair in state.filters if pair[0] != "year"],
        sorts=[
            (gettext(label), _path(view, state.sorted_by(_stated(name, state))), name == hits.sort)
            for name, label in _sorts(state)
        ],
        sizes=[(size, _path(view, state.sized(size)), size == state.size) for size in SIZES],
        exports=[(export.format.name, state.at(1).address(path, format=export.format.extension)) for export in EXPORTS],
        alternates=[(offer, state.address(path, format=offer.extension)) for offer in (JSON_LD, ATOM)],
        suggestion=(suggestion, _path(view, state.asking(suggestion))) if suggestion else None,
        ways_out=list(_ways_out(view, index, state)) if not hits.total else [],
        things=[(thing, item_path(view, thing.iri)) for thing in hits.things],
        canonical=state.address(f"{view.addresses.base}{SEARCH}"),
        is_indexed=not (state.filters or state.text or state.page > 1),
        **_paging(result),
    )


def _paging(result: Result) -> dict[str, Any]:
    """Return which hits are shown, and the addresses of the other pages."""
    view, state = result.view, result.state
    first = (state.page - 1) * state.size + 1
    return {
        "first": first,
        "last": first + len(result.entries) - 1,
        "pages": [
            (number, _path(view, state.at(number)) if number else "")
            for number in pages_around(state.page, result.last_page)
        ],
        "previous": _path(view, state.at(state.page - 1)) if state.page > 1 else "",
        "next": _path(view, state.at(state.page + 1)) if state.page < result.last_page else "",
    }


def _sorts(state: SearchState) -> Iterator[tuple[str, str]]:
    return ((name, label) for name, label in SORT_LABELS.items() if state.text or name != "relevance")


def _stated(sort: str, state: SearchState) -> str:
    """Return an order as an address states it: the usual one needs no word."""
    return "" if sort == ("relevance" if state.text else "newest") else sort


def _ways_out(view: PublishedView, index: SearchIndex, state: SearchState) -> Iterator[tuple[str, str, int]]:
    """Yield alternative searches where nothing was found: the same without one filter, without all, without the query."""
    others: list[tuple[str, SearchState]] = []
    for shown, (facet, value) in zip(chips(view, index, state), state.filters, strict=True):
        others.append((gettext("Search without “%(filter)s”", filter=shown.label), state.without(facet, value)))
    if len(state.filters) > 1:
        others.append((gettext("Search without any filter"), state.without_filters()))
    if state.text and state.filters:
        others.append((gettext("Search all with these filters, without “%(text)s”", text=state.text), state.asking("")))
    for label, other in others[: _FIRST_FEW + 4]:
        total = _total(index, other)
        if total:
            yield label, _path(view, other), total


def _total(index: SearchIndex, state: SearchState) -> int:
    hits: Hits = index.search(state.text, state.by_facet)
    return hits.total


def _path(view: PublishedView, state: SearchState) -> str:
    return state.address(view.addresses.path(SEARCH))
