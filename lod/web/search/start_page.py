"""The start page (/), and the list of items (/items) of a site without a search index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lod.dump.void_and_dcat import CROISSANT, CROISSANT_PROFILE
from lod.errors import BadValueError
from lod.rdf.formats import JSON_LD, TURTLE
from lod.store.search.values.facets import BY_PLURAL
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response, no_acceptable_format
from lod.web.http.formats import DATA_FORMATS, FORMATS, HTML
from lod.web.http.link_header import Link, link_header
from lod.web.http.negotiate import requested_format
from lod.web.http.responses import redirect_to, respond
from lod.web.languages.catalogues import Said, ngettext
from lod.web.languages.page_language import page_language
from lod.web.languages.templates import numbered, render_page
from lod.web.pages.dataset_page import DATASET
from lod.web.profiles.embedded_metadata import embed
from lod.web.profiles.summary import Summary
from lod.web.reading.paging import page_number
from lod.web.search.browse import BROWSE
from lod.web.search.shown import SEARCH, rows_of
from lod.web.search.state import SearchState
from lod.web.search.year_chart import works_by_year
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("start_page", __name__)

_START_ITEMS = 20
_NEWEST = 6
_FIGURES: dict[str, Callable[..., str]] = {
    "people": lambda number: ngettext("%(number)s person", "%(number)s people", number),
    "organisations": lambda number: ngettext("%(number)s organisation", "%(number)s organisations", number),
    "journals": lambda number: ngettext("%(number)s journal", "%(number)s journals", number),
    "subjects": lambda number: ngettext("%(number)s subject", "%(number)s subjects", number),
    "keywords": lambda number: ngettext("%(number)s keyword", "%(number)s keywords", number),
    "places": lambda number: ngettext("%(number)s place", "%(number)s places", number),
}
"""Lists whose lengths the start page shows, as /browse/ names them."""
_ITEMS_PER_PAGE = 100
_MOST_PAGES = 9_999_999


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Serve the start page, or redirect to the description of the dataset in a format of RDF."""
    view = live_view()
    format_ = requested_format(FORMATS)
    if format_ is None:
        return no_acceptable_format(
            "The start page and the description of the dataset are", view.addresses.path(""), FORMATS
        )
    if format_ is HTML:
        key = "start", page_language().key
        found = view.reader.responses.get_or_make(key, lambda: _start_page(view))
        return respond(found, view.reader.responses, key, view.reader.modified)
    response = redirect_to(view.path(DATASET, format_), 303)
    response.headers["Link"] = link_header(_links(view))
    response.vary.add("Accept")
    return response


@blueprint.get("/id/")
@blueprint.get("/page/")
@blueprint.get("/data/")
def top() -> ResponseReturnValue:
    """Redirect from what all IRIs begin with, which the description of the dataset names, to the start page."""
    return redirect_to(current_service().addresses.mount, 303)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on the start page with what it counts, and the list that it leads to, None for none."""

    text: Markup
    href: str | None


def _start_page(view: PublishedView) -> Representation:
    """Return the start page: figures, newest works, works by year, what one can do; schema.org's description of the dataset in it."""
    found = view.reader.catalog.items(_START_ITEMS)
    links, base = _links(view), view.addresses.base
    dataset = Summary(view.reader, view.document(DATASET))
    page = render_page(
        "start.html",
        own_query=[],
        counts=view.reader.catalog.counts(),
        items=[(view.addresses.link(iri), title) for iri, title in found],
        example=found[0][0] if found else f"{base}id/dataset",
        generation=view.reader.generation,
        links=links,
        embedded=embed(dataset, base, view.service.settings.title, is_item=False),
        **_of_the_index(view),
    )
    return make_representation(page.encode("utf-8"), HTML.content_type, (("Link", link_header(links)),))


def _of_the_index(view: PublishedView) -> dict[str, Any]:
    """Return figures, newest works and works by year; without an index the number of items."""
    index, path = view.reader.search, view.addresses.path
    if index is None:
        records = view.reader.catalog.counts().get("records", 0)
        return {
            "figures": [_figure(ngettext("%(number)s item", "%(number)s items", records), records, path("items"))],
            "rows": [],
            "by_year": None,
        }
    state = SearchState()
    hits = index.search(sort="newest")
    figures = [_figure(ngettext("%(number)s work", "%(number)s works", hits.total), hits.total, path(SEARCH))]
    for plural, text in _FIGURES.items():
        number = index.number_of_values(BY_PLURAL[plural].name)
        if number:
            figures.append(_figure(text(number), number, path(f"{BROWSE}/{plural}")))
    return {
        "figures": figures,
        "rows": rows_of(view, index.entries(hits, 1, _NEWEST)),
        "by_year": works_by_year(index, hits, state, path(SEARCH)),
    }


def _figure(text: str, number: int, href: str) -> Figure:
    return Figure(numbered(text, number), href)


def _links(view: PublishedView) -> list[Link]:
    """Return the links of the start page: the description of the dataset, by its well-known address and in each format."""
    return [
        Link(view.addresses.path(".well-known/void"), "describedby", TURTLE.media_type),
        *(Link(view.path(DATASET, offer), "alternate", offer.media_type) for offer in DATA_FORMATS),
        Link(view.addresses.path(CROISSANT), "describedby", JSON_LD.media_type, profile=CROISSANT_PROFILE),
    ]


@blueprint.get("/items")
def items() -> ResponseReturnValue:
    """Redirect to the search, the home of lists; where there is no index, list what is published in the order of the keys."""
    if live_view().reader.search is not None:
        return redirect_to(current_service().addresses.path("search"), 301)
    try:
        page = page_number(request.args.get("page", "1"), _MOST_PAGES)
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    view = live_view()
    catalog = view.reader.catalog
    skipped = (page - 1) * _ITEMS_PER_PAGE
    found = catalog.items(_ITEMS_PER_PAGE + 1, skipped)
    if page > 1 and not found:
        return error_response(
            404,
            Said(
                "There is no page %(page)s of items. Start at %(address)s",
                page=page,
                address=view.addresses.path("items"),
            ),
        )
    return render_page(
        "items.html",
        items=[(view.addresses.link(iri), title) for iri, title in found[:_ITEMS_PER_PAGE]],
        page=page,
        more=len(found) > _ITEMS_PER_PAGE,
        first=skipped + 1,
        total=catalog.counts().get("records", 0),
    )
