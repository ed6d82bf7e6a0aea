"""The app: a factory that takes its settings and its site as arguments. Nothing is read when this is imported."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lod import __version__
from lod.rdf.formats import JSON_LD
from lod.settings.load import Settings
from lod.store.base import PublishedSite
from lod.web.dereference import routes as dereference
from lod.web.error_handlers import register_error_handlers
from lod.web.feeds import dumps, sitemap
from lod.web.fragments import routes as fragments
from lod.web.http.error_responses import fault
from lod.web.http.formats import DATA_FORMATS
from lod.web.http.headers import add_headers, ignore_impossible_dates
from lod.web.http.responses import finish
from lod.web.observe import health
from lod.web.observe.access_log import Observed, Observer, access_log, name_routes
from lod.web.observe.metrics import Metrics
from lod.web.service import EXTENSION, make_service, service
from lod.web.sparql import routes as sparql

_START_ITEMS = 20
_ITEMS_PER_PAGE = 100
_MAX_PAGE_DIGITS = 7

blueprint = Blueprint("site", __name__)


def create_app(settings: Settings, site: PublishedSite) -> Flask:
    """Return the app of a site, mounted at the path part of `base_iri`.

    The query workers start with the first query (`app.extensions["lod"].pool.start()` starts them before that) and end
    with `app.extensions["lod"].pool.close()`, or with this process.

    Raises:
        ConfigError: the bundled vocabulary cannot be read.
    """
    here = make_service(settings, site)
    mount = here.addresses.mount.rstrip("/")
    app = Flask(__name__, static_url_path=f"{mount}/static")
    app.extensions[EXTENSION] = here
    app.config["MAX_CONTENT_LENGTH"] = 3 * settings.max_query_bytes + 4_096
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3_600
    # An escaped slash or an empty segment belongs to a key; the path is matched as it came.
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (
        blueprint,
        dereference.blueprint,
        dumps.blueprint,
        sitemap.blueprint,
        sparql.blueprint,
        fragments.blueprint,
        health.blueprint,
    ):
        app.register_blueprint(part, url_prefix=mount or None)
    if mount:
        app.add_url_rule(mount, "mount", lambda: redirect(here.addresses.mount, 308))
    app.before_request(ignore_impossible_dates)
    app.after_request(add_headers)
    app.after_request(finish)
    app.context_processor(_shared)
    register_error_handlers(app)
    _observe(app, settings, site)
    return app


def _observe(app: Flask, settings: Settings, site: PublishedSite) -> None:
    here = app.extensions[EXTENSION]
    # The server says how much waits once it runs.
    metrics = app.extensions[health.METRICS] = Metrics(site, lambda: int(here.waiting_bytes()))
    observers: list[Observer] = [metrics.observe]
    if settings.access_log:
        observers.append(access_log(whole_addresses=settings.log_whole_addresses))
    name_routes(app)
    app.wsgi_app = Observed(app.wsgi_app, observers, foreign_ids=bool(settings.trusted_proxy))  # type: ignore[method-assign]


def _shared() -> dict[str, Any]:
    here = service()
    return {
        "settings": here.settings,
        "path": here.addresses.path,
        "version": __version__,
        "data_formats": DATA_FORMATS,
    }


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Say what is here."""
    here = service()
    reader = here.reader()
    counts = reader.catalog.counts()
    items = reader.catalog.items(_START_ITEMS)
    return render_template(
        "start.html",
        counts=counts,
        items=[(here.addresses.link(iri), title) for iri, title in items],
        example=items[0][0] if items else f"{here.settings.base_iri}id/dataset",
        generation=reader.generation,
    )


@blueprint.get("/items")
def items() -> ResponseReturnValue:
    """List what is published, page by page, in the order of the keys."""
    here = service()
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_PAGE_DIGITS or int(text) < 1:
        return fault(400, f"?page={text[:20]} is no page; pages are numbered from 1.")
    page = int(text)
    catalog = here.reader().catalog
    found = catalog.items(_ITEMS_PER_PAGE + 1, (page - 1) * _ITEMS_PER_PAGE)
    if page > 1 and not found:
        return fault(404, f"There is no page {page} of items. Start at {here.addresses.path('items')}")
    rows = [(here.addresses.link(iri), title) for iri, title in found[:_ITEMS_PER_PAGE]]
    first = (page - 1) * _ITEMS_PER_PAGE + 1
    total = catalog.counts().get("records", 0)
    return render_template(
        "items.html", items=rows, page=page, more=len(found) > _ITEMS_PER_PAGE, first=first, total=total
    )


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Serve the JSON-LD context that documents are compacted with."""
    body = json.dumps(service().context.whole(), ensure_ascii=False, indent=1)
    return Response(body, content_type=JSON_LD.content_type, headers={"Cache-Control": "public, max-age=3600"})
