"""/changes.atom: the newest changes of items, for feed readers. Source: RFC 4287; RFC 6721 (deleted entries)."""

from __future__ import annotations

from flask import Blueprint, Response

from lod.store.item_changes import ItemChange, Timeline, to_second
from lod.web.http.error_responses import error_response
from lod.web.http.formats import HTML
from lod.web.view import PublishedView, live_view
from lod.web.writing.xml_text import element, tagged

MOST_ENTRIES = 50

blueprint = Blueprint("atom", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


@blueprint.get("/changes.atom")
def newest() -> Response:
    """Serve the newest changes."""
    view = live_view()
    settings, history = view.service.settings, view.reader.catalog.history()
    if history is None:
        return error_response(404, "There is no change feed yet. It begins with the next 'lod publish'.")
    live = to_second(view.reader.switched)
    timeline = history.timeline(live, is_rolled_back=view.service.site.is_rolled_back())
    found = history.newest(MOST_ENTRIES)
    address = f"{settings.base_iri}changes.atom"
    parts = [
        element("id", address),
        element("title", f"{settings.title}: changes"),
        element("updated", timeline.moment(found[0].publication) if found else live),
        tagged("link", "", {"rel": "self", "type": "application/atom+xml", "href": address}),
        tagged("link", "", {"rel": "alternate", "type": "text/html", "href": settings.base_iri}),
        tagged("author", element("name", settings.publisher or settings.title)),
        *(_entry(view, change, timeline) for change in found),
    ]
    text = tagged("feed", "".join(parts), {"xmlns": _ATOM, "xmlns:at": _TOMBSTONES})
    return Response(
        f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', content_type="application/atom+xml; charset=utf-8"
    )


def _entry(view: PublishedView, change: ItemChange, timeline: Timeline) -> str:
    moment = timeline.moment(change.publication)
    if change.is_removed:
        return tagged("at:deleted-entry", "", {"ref": change.item, "when": moment})
    key = view.addresses.key(change.item) or ""
    label = view.reader.label(change.item)
    return tagged(
        "entry",
        element("id", change.item)
        + element("title", label[0] if label else change.item)
        + element("updated", moment)
        + element("published", timeline.moment(change.created))
        + tagged("link", "", {"rel": "alternate", "type": "text/html", "href": view.address(key, HTML)})
        + element("summary", "Published" if change.created == change.publication else "Changed"),
    )
