"""/reconcile: the reconciliation service, with CORS as everywhere and with JSONP for clients that have nothing else."""

from __future__ import annotations

import json
import re
from time import thread_time
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from lod.errors import BadValueError
from lod.store.search.find.query import readable
from lod.web.http.client_address import client_address, client_of
from lod.web.http.error_responses import error_response
from lod.web.limits.requests import COSTS
from lod.web.reconcile import form_0_2 as form
from lod.web.reconcile.entities import Entities, Entity
from lod.web.reconcile.properties import proposed
from lod.web.reconcile.query import LONGEST_TEXT
from lod.web.reconcile.reconciler import Reconciler
from lod.web.reconcile.suggest import MOST_SKIPPED, suggest_entities, suggest_properties, suggest_types
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("reconcile", __name__)

_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,60}+(?:\.[A-Za-z_$][\w$]{0,60}+){0,3}+", re.ASCII)
"""Names of functions in scripts; anything else in its place would be a script of somebody else's."""
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'"
"""Without frame-ancestors: even "*" there keeps out pages that do not come from the web, such as a program's own."""
_COST_OF_A_SECOND = 60
_FACTS = 6
_SHOWN_ABOVE = frozenset({"title", "name", "year", "items"})
"""Properties that the heading and the line below it show."""


@blueprint.route(f"/{form.PATH}", methods=["GET", "POST"])
def reconcile() -> Response:
    """Answer a batch of queries, one query, or a request for data extension; without any, describe the service."""
    asked = {name: request.values[name] for name in ("queries", "query", "extend") if name in request.values}
    if not asked:
        return _json(form.manifest(current_service().settings))
    entities = _entities(live_view())
    try:
        return _json(_answer(entities, asked))
    except form.TooManyError as error:
        return error_response(413, str(error))
    except BadValueError as error:
        return error_response(400, str(error))


@blueprint.get(f"/{form.PATH}/suggest/entity")
def suggest_entity() -> Response:
    """Suggest entities; `cursor` is how many have been shown before, `type` ids of types."""
    entities = _entities(live_view())
    text = request.args.get("cursor", "") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MOST_SKIPPED):
        return error_response(400, f"?cursor= is a number from 0 to {MOST_SKIPPED}.")
    found = suggest_entities(entities, _prefix(), filter(None, request.args.getlist("type")), int(text))
    return _json({"result": [form.suggested_entity(entity) for entity in found]})


@blueprint.get(f"/{form.PATH}/suggest/type")
def suggest_type() -> Response:
    """Suggest types."""
    entities = _entities(live_view())
    return _json({"result": list(map(form.written_type, suggest_types(entities, _prefix())))})


@blueprint.get(f"/{form.PATH}/suggest/property")
def suggest_property() -> Response:
    """Suggest properties."""
    return _json({"result": list(map(form.suggested_property, suggest_properties(_prefix())))})


@blueprint.get(f"/{form.PATH}/properties")
def properties() -> Response:
    """Propose properties to fetch of entities of a type."""
    type_, limit = request.args.get("type", ""), request.args.get("limit", "")
    found = proposed(type_)
    limited = {"limit": int(limit)} if limit.isascii() and limit.isdecimal() and 0 < len(limit) < 6 else {}
    shown = found[: limited.get("limit", len(found))]
    return _json({"type": type_, **limited, "properties": list(map(form.written_property, shown))})


@blueprint.get(f"/{form.PATH}/schema")
def schema() -> Response:
    """List the types and properties of the service."""
    return _json(form.schema())


@blueprint.get(f"/{form.PATH}/view")
def view_page() -> Response:
    """Redirect to the page of an entity."""
    view = live_view()
    entity = _requested(view)
    if isinstance(entity, Response):
        return entity
    response = redirect(_page_of(view, entity), 303)
    assert isinstance(response, Response)  # noqa: S101 - for the type checker: Flask's own
    return response


@blueprint.get(f"/{form.PATH}/preview")
def preview() -> Response:
    """Show an entity in a small frame of another program's page."""
    view = live_view()
    entity = _requested(view)
    if isinstance(entity, Response):
        return entity
    facts = [
        (property_.name, [value.text for value in values[:_FACTS]], len(values) > _FACTS)
        for property_ in proposed(entity.type.id)[:_FACTS]
        if property_.id not in _SHOWN_ABOVE and (values := property_.read(entity))
    ]
    # Its words are those of the properties of the service, which are in English.
    text = render_template(
        "reconcile/preview.html",
        entity=entity,
        facts=facts,
        page=f"{view.addresses.base}{_page_of(view, entity)[len(view.addresses.mount) :]}",
    )
    return Response(
        text, mimetype="text/html", headers={"Content-Security-Policy": _PREVIEW_POLICY, "Content-Language": "en"}
    )


def _entities(view: PublishedView) -> Entities:
    return Entities(view.reader, view.index)


def _requested(view: PublishedView) -> Entity | Response:
    id_ = readable(request.args.get("id", ""))
    return _entities(view).get(id_) or error_response(
        404, f"No item, person, organisation, journal or concept here has the id {id_[:200]}"
    )


def _page_of(view: PublishedView, entity: Entity) -> str:
    return view.addresses.path(f"page/{view.addresses.given_key(entity.iri)}")


def _prefix() -> str:
    return request.args.get("prefix", "")[:LONGEST_TEXT]


def _answer(entities: Entities, asked: dict[str, str]) -> dict[str, Any]:
    """Return the answer to the first of the parts of a request, and charge what it took."""
    started = thread_time()
    if "queries" in asked:
        batch = form.read_batch(asked["queries"])
        reconciler = Reconciler(entities)
        found = {name: form.results(reconciler.candidates(query)) for name, query in batch.items()}
        _charge(len(batch), thread_time() - started)
    elif "query" in asked:
        found = form.results(Reconciler(entities).candidates(form.read_single(asked["query"])))
        _charge(1, thread_time() - started)
    else:
        ids, properties = form.read_extension(asked["extend"])
        found = form.extension(entities, ids, properties)
        _charge(len(ids), thread_time() - started)
    return found


def _charge(number: int, seconds: float) -> None:
    """Charge what a request has beyond what is in its cost: a look-up for each part, or the time that it took."""
    more = max(number, round(seconds * _COST_OF_A_SECOND)) - COSTS["reconcile.reconcile"]
    if more > 0:
        current_service().request_budgets.take(client_of(client_address(request.environ)), more)


def _json(document: dict[str, Any]) -> Response:
    """Return a document as JSON, or as a call of the function that ?callback= names."""
    callback = request.values.get("callback")
    if callback is None:
        return Response(json.dumps(document), content_type="application/json; charset=utf-8")
    if not _CALLBACK.fullmatch(callback):
        return error_response(400, "?callback= is the name of a function, such as callback or jQuery.reply_1.")
    # The comment keeps the bytes from being taken for a file of another type.
    return Response(f"/**/{callback}({json.dumps(document)});", content_type="text/javascript; charset=utf-8")
