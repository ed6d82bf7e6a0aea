"""The change feed as activities: an ordered collection of pages, the oldest first.

Source: IIIF Change Discovery API 1.0, level 2 (with the types of ActivityStreams 2.0).
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response

from lod.feed.stream import Activity, EventStream
from lod.web.feeds.changes import cached, stream_and_page, stream_of
from lod.web.view import live_view

blueprint = Blueprint("activities", __name__)

_CONTEXT = "http://iiif.io/api/discovery/1/context.json"
_TYPE = "application/activity+json"


@blueprint.get("/changes/<epoch>/activities")
def collection(epoch: str) -> Response:
    """Serve the collection: its first and its last page."""
    stream = stream_of(live_view(), epoch)
    if isinstance(stream, Response):
        return stream
    found = _headed(stream, "OrderedCollection", {"totalItems": stream.members})
    if stream.pages:
        found |= {"first": _page(stream, 1), "last": _page(stream, len(stream.pages))}
    found["seeAlso"] = [
        {"id": stream.root, "type": "Dataset", "format": "application/trig", "label": "Event stream (LDES)"}
    ]
    return _json({**found, "id": _address(stream)})


@blueprint.get("/changes/<epoch>/activities/<number>")
def page(epoch: str, number: str) -> Response:
    """Serve a page of activities; the last one has no next page yet."""
    found_page = stream_and_page(epoch, number)
    if isinstance(found_page, Response):
        return found_page
    stream, wanted = found_page
    held = stream.pages[wanted - 1]
    found = _headed(stream, "OrderedCollectionPage", _page(stream, wanted))
    found["partOf"] = {"id": _address(stream), "type": "OrderedCollection"}
    found["startIndex"] = held.first - 1
    if wanted > 1:
        found["prev"] = _page(stream, wanted - 1)
    if wanted < len(stream.pages):
        found["next"] = _page(stream, wanted + 1)
    found["orderedItems"] = [
        _item(activity, stream.version(number), held.moment)
        for number, activity in enumerate(stream.read_activities(wanted), start=held.first)
    ]
    return _json(found, is_immutable=wanted < len(stream.pages))


def _headed(stream: EventStream, type_: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"@context": _CONTEXT, "id": _address(stream), **more, "type": type_}


def _item(activity: Activity, id_: str, moment: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": id_,
        "type": "Move" if activity.target else activity.kind,
        # The classes of a thing that was deleted are not known any more.
        "object": {"id": activity.thing, "type": next(iter(activity.classes), "Object")},
        "endTime": moment,
    }
    if activity.target:
        found["target"] = {"id": activity.target, "type": "Object"}
    return found


def _address(stream: EventStream) -> str:
    return f"{stream.root}/activities"


def _page(stream: EventStream, number: int) -> dict[str, str]:
    return {"id": f"{_address(stream)}/{number}", "type": "OrderedCollectionPage"}


def _json(found: dict[str, Any], *, is_immutable: bool = False) -> Response:
    return cached(json.dumps(found, ensure_ascii=False) + "\n", _TYPE, is_immutable=is_immutable)
