"""The start page (/) and the list of items (/items)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lod.web.http.error_responses import error_response
from lod.web.reading.paging import page_number
from lod.web.view import live_view

blueprint = Blueprint("lists", __name__)

_START_ITEMS = 20
_ITEMS_PER_PAGE = 100
_MOST_PAGES = 9_999_999


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Serve the start page: figures, the first items, what else there is."""
    view = live_view()
    found = view.reader.catalog.items(_START_ITEMS)
    return render_template(
        "start.html",
        counts=view.reader.catalog.counts(),
        items=[(view.addresses.link(iri), title) for iri, title in found],
        example=found[0][0] if found else f"{view.addresses.base}id/dataset",
        generation=view.reader.generation,
    )


@blueprint.get("/items")
def items() -> ResponseReturnValue:
    """List what is published, page by page, in the order of the keys."""
    text = request.args.get("page", "1")
    page = page_number(text, _MOST_PAGES)
    if page is None:
        return error_response(400, f"?page={text[:20]} is no page; pages are numbered from 1.")
    view = live_view()
    catalog = view.reader.catalog
    skipped = (page - 1) * _ITEMS_PER_PAGE
    found = catalog.items(_ITEMS_PER_PAGE + 1, skipped)
    if page > 1 and not found:
        return error_response(404, f"There is no page {page} of items. Start at {view.addresses.path('items')}")
    return render_template(
        "items.html",
        items=[(view.addresses.link(iri), title) for iri, title in found[:_ITEMS_PER_PAGE]],
        page=page,
        more=len(found) > _ITEMS_PER_PAGE,
        first=skipped + 1,
        total=catalog.counts().get("records", 0),
    )
