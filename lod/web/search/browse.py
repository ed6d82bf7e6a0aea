"""/browse/: lists from A to Z of people, journals, subjects …, with counts and a filter box; whole as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from lod.errors import BadValueError
from lod.store.search.find.index import FacetValue, SearchIndex
from lod.store.search.values.facets import BY_PLURAL, Facet
from lod.store.search.values.folding import OTHER_LETTER, fold
from lod.web.http.error_responses import error_response, no_acceptable_format
from lod.web.http.formats import CSV, LIST_FORMATS
from lod.web.http.negotiate import requested_format
from lod.web.languages.catalogues import Said, gettext, gettext_noop
from lod.web.languages.templates import render_page
from lod.web.pages.code_words import CODED, label_of_value
from lod.web.reading.paging import page_number
from lod.web.search.formats import cell
from lod.web.search.shown import SEARCH
from lod.web.search.state import SearchState
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("browse", __name__)

BROWSE = "browse"
_SIZE = 100
_MOST_PAGES = 99_999
_LONGEST_FILTER = 200
_WITHOUT_LETTERS = frozenset({"year", "type", "language", "licence"})

HEADINGS = {
    "types": gettext_noop("Types"),
    "years": gettext_noop("Years"),
    "people": gettext_noop("People"),
    "organisations": gettext_noop("Organisations"),
    "journals": gettext_noop("Journals"),
    "subjects": gettext_noop("Subjects"),
    "keywords": gettext_noop("Keywords"),
    "places": gettext_noop("Places"),
    "publishers": gettext_noop("Publishers"),
    "languages": gettext_noop("Languages"),
    "licences": gettext_noop("Licences"),
    "collections": gettext_noop("Collections"),
    "funders": gettext_noop("Funders"),
}
"""Headings of lists, by their names in addresses."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A value in a list: its page, "" where it has none; the search for its items; whether it is known by name only."""

    label: str
    page: str
    search: str
    number: int
    by_name: bool


@blueprint.get("/browse", strict_slashes=False)
@blueprint.get("/browse/")
def start() -> Response:
    """List what can be browsed, with how many values each has."""
    view = live_view()
    index = view.index
    kinds = [
        (
            gettext(HEADINGS[facet.plural]),
            view.addresses.path(f"{BROWSE}/{facet.plural}"),
            index.number_of_values(facet.name),
        )
        for facet in BY_PLURAL.values()
    ]
    return Response(render_page("search/browse.html", kinds=kinds), mimetype="text/html")


@blueprint.get("/browse/<plural>")
def values(plural: str) -> Response:
    """List the values of a facet: a page, or all of them as CSV."""
    view = live_view()
    index, facet = view.index, BY_PLURAL.get(plural)
    if facet is None:
        return error_response(
            404, Said("There is no list of %(name)s; known: %(known)s.", name=plural[:40], known=", ".join(BY_PLURAL))
        )
    format_ = requested_format(LIST_FORMATS)
    if format_ is None:
        path = view.addresses.path(f"{BROWSE}/{plural}")
        return no_acceptable_format("The list is", path, LIST_FORMATS)
    letter, contains = request.args.get("letter", "")[:1], request.args.get("contains", "").strip()[:_LONGEST_FILTER]
    order = request.args.get("sort", "") or "name"
    if order not in {"name", "count"}:
        return error_response(400, Said("?sort=%(order)s is no order; known: name, count.", order=order[:20]))
    try:
        page = page_number(request.args.get("page", "1"), _MOST_PAGES)
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    if format_ is CSV:
        response = Response(_csv(view, index, facet), content_type=CSV.content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{plural}.csv"'
        response.vary.add("Accept")
        return response
    listing = index.browse(facet.name, letter, contains, order, page, _SIZE)
    last = max(1, -(-listing.total // _SIZE))
    if page > last:
        return error_response(
            404,
            Said(
                "There is no page %(page)s of this list. It begins at %(address)s",
                page=page,
                address=_address(view, plural),
            ),
        )

    listed = [_listed(view, index, value) for value in listing.values]
    if facet.name in CODED and order == "name" and last == 1:
        # The index has them in the order of their English names.
        listed.sort(key=lambda value: fold(value.label))

    def at(**changed: str | int) -> str:
        stated = {"letter": letter, "contains": contains, "sort": order, "page": page, **changed}
        return _address(view, plural, **{name: str(value) for name, value in stated.items()})

    has_letters = facet.name not in _WITHOUT_LETTERS and set(listing.letters) != {OTHER_LETTER}
    text = render_page(
        "search/values.html",
        facet=facet,
        title=gettext(HEADINGS[plural]),
        listed=listed,
        total=listing.total,
        first=(page - 1) * _SIZE + 1,
        letters=[(name, number, at(letter=name, page=1)) for name, number in listing.letters.items()]
        if has_letters
        else [],
        letter=letter,
        contains=contains,
        order=order,
        orders=[("name", at(sort="name", page=1)), ("count", at(sort="count", page=1))],
        all=at(letter="", contains="", page=1),
        previous=at(page=page - 1) if page > 1 else "",
        next=at(page=page + 1) if page < last else "",
        page=page,
        last=last,
        csv=_address(view, plural, format="csv"),
    )
    response = Response(text, mimetype="text/html")
    response.vary.add("Accept")
    return response


def _listed(view: PublishedView, index: SearchIndex, value: FacetValue) -> Listed:
    param = index.param(value.facet, value.key)
    search = SearchState(filters=((value.facet, param),)).address(view.addresses.path(SEARCH))
    is_own = value.is_thing and value.key.startswith(view.addresses.base)
    page = (view.addresses.link(value.key) or "") if is_own else ""
    label = label_of_value(value.facet, value.key, value.label)
    return Listed(label, page, search, value.number, value.is_by_name)


def _csv(view: PublishedView, index: SearchIndex, facet: Facet) -> Iterator[str]:
    """Yield a table of all values: label, IRI where there is one, number of items."""
    page = 1
    header: list[tuple[object, ...]] = [("label", "iri", "items")]
    while (listing := index.browse(facet.name, page=page, size=1_000)).values or page == 1:
        buffer = io.StringIO()
        rows = [(cell(value.label), value.key if value.is_thing else "", value.number) for value in listing.values]
        csv.writer(buffer).writerows([*header, *rows])
        yield buffer.getvalue()
        header, page = [], page + 1


def _address(view: PublishedView, plural: str, **stated: str) -> str:
    usual = {"letter": "", "contains": "", "sort": "name", "page": "1"}
    pairs = [(name, value) for name, value in stated.items() if value != usual.get(name, "")]
    path = view.addresses.path(f"{BROWSE}/{plural}")
    return f"{path}?{urlencode(pairs, quote_via=quote)}" if pairs else path
