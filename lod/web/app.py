"""App factory: puts the parts of a site's app together. Nothing is read when this is imported."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, Response, redirect, request
from markupsafe import Markup

from lod import __version__
from lod.settings.table import Settings
from lod.store.base import PublishedSite
from lod.web.api import routes as api
from lod.web.appearance.site_files import Appearance, accent_style
from lod.web.appearance.templates import loader
from lod.web.dereference import routes as dereference
from lod.web.error_handlers import register_error_handlers
from lod.web.feeds import activities, atom, beacon, changes, croissant, dumps, sitemap
from lod.web.fragments import routes as fragments
from lod.web.http.formats import DATA_FORMATS
from lod.web.http.headers import add_headers
from lod.web.http.requests import escape_query, ignore_impossible_dates
from lod.web.http.responses import finish
from lod.web.inbox import routes as inbox
from lod.web.kept.direct import DIRECT, DirectAnswers
from lod.web.kept.middleware import KEEPABLE, KeptAnswers, State
from lod.web.kept.places import Disk, Memory
from lod.web.languages.catalogues import gettext
from lod.web.languages.requests import add_language_headers, set_language_of_request
from lod.web.languages.switch import OFFER, Offer
from lod.web.languages.templates import add_texts
from lod.web.limits.requests import RequestLimits
from lod.web.model import routes as model
from lod.web.oai import routes as oai
from lod.web.observe import health
from lod.web.observe.access_log import Observed, Observer, access_log, name_routes
from lod.web.observe.metrics import Metrics
from lod.web.pages import site_files
from lod.web.pages.code_words import licence_words
from lod.web.pages.values import lang_attribute
from lod.web.quality import routes as quality
from lod.web.questions import routes as questions
from lod.web.questions.warming import WARMING, Warming
from lod.web.reading.reader import Reader
from lod.web.reconcile import routes as reconcile
from lod.web.search import browse, start_page
from lod.web.search import routes as search
from lod.web.service import EXTENSION, Service, make_service
from lod.web.sparql import routes as sparql
from lod.web.writing.graph_documents import GRAPH_DOCUMENTS

_FEEDS = (changes, activities, atom)
_ROUTES = (
    *(start_page, site_files, search, browse, dereference, dumps, croissant, beacon, sitemap),
    *(sparql, questions, model, fragments, health),
)

_KEEPABLE = frozenset(
    {
        *("start_page.start", "start_page.items", "questions.every", "model.model", "sparql.terms", "api.entity"),
        *("quality.dashboard", "quality.types", "quality.rule"),
        *(f"dereference.{name}" for name in ("thing", "page", "data", "term", "vocabulary", "list_cell", "linkset")),
    }
)
"""Routes whose answers depend on the address, on what the client accepts, on the live generation and the settings alone."""


def create_app(settings: Settings, site: PublishedSite, appearance: Appearance | None = None) -> Flask:
    """Return the app of a site, mounted at the path part of `base_iri`; `appearance` is what its folder has for its pages.

    The query workers start with the first query (`app.extensions["lod"].pool.start()` starts them before that) and end
    with `app.extensions["lod"].pool.close()`, or with this process.

    Raises:
        ConfigError: the bundled vocabulary cannot be read.
    """
    appearance = appearance or Appearance(style=accent_style(settings))
    service = make_service(settings, site, appearance)
    mount = service.addresses.mount.rstrip("/")
    app = Flask(__name__, static_url_path=f"{mount}/static")
    app.jinja_loader = loader(appearance.templates)
    app.extensions[EXTENSION] = service
    app.config["MAX_CONTENT_LENGTH"] = 3 * settings.max_query_bytes + 4_096
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3_600
    # An escaped slash or an empty segment belongs to a key: paths are matched as the client sent them.
    app.url_map.merge_slashes = False
    app.extensions[OFFER] = Offer(settings.languages, service.addresses.mount)
    add_texts(app.jinja_env)
    app.jinja_env.filters["lang"] = lang_attribute
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for routes in (
        *_ROUTES,
        *((oai,) if settings.oai_pmh else ()),
        *(_FEEDS if settings.change_feed else ()),
        *((reconcile,) if settings.reconciliation else ()),
        *((inbox,) if settings.inbox_senders else ()),
        *((api,) if settings.entity_api else ()),
        *((quality,) if settings.quality_public else ()),
    ):
        app.register_blueprint(routes.blueprint, url_prefix=mount or None)
    # Browsers ask for it at the root of the host, for documents that name no icon.
    app.add_url_rule("/favicon.ico", "favicon", lambda: app.send_static_file("favicon.ico"))
    if mount:
        app.add_url_rule(mount, "mount", lambda: redirect(service.addresses.mount, 308))
    limits = RequestLimits(
        service.request_budgets,
        service.waiting_bytes,
        settings.max_waiting_bytes,
        GRAPH_DOCUMENTS,
    )
    app.before_request(ignore_impossible_dates)
    app.before_request(escape_query)
    app.before_request(set_language_of_request)
    app.before_request(limits.charge)
    # Flask calls the last one first.
    app.after_request(add_headers)
    app.after_request(finish)
    app.after_request(limits.refuse_long)
    app.after_request(_mark_keepable)
    app.after_request(add_language_headers)
    app.context_processor(lambda: _shared(service))
    register_error_handlers(app)
    kept, states = _keep_answers(app, service, limits)
    app.extensions[WARMING] = Warming(kept, service)
    observed = _observe(app, service)
    app.extensions[DIRECT] = DirectAnswers(kept, states.open, observed)
    return app


def _keep_answers(app: Flask, service: Service, limits: RequestLimits) -> tuple[KeptAnswers, _States]:
    settings = service.settings
    memory = Memory(settings.kept_answers_mib << 20)
    disk = Disk(settings.kept_answers_disk_mib << 20) if settings.kept_answers_disk_mib else None
    states = _States(service)
    kept = KeptAnswers(app.wsgi_app, states.present, memory, disk, limits.has_room_for, settings.languages)
    app.wsgi_app = kept  # type: ignore[method-assign]
    return kept, states


class _States:
    """States of the site, as answers depend on them: generation, when it went live, program and settings."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._last: tuple[Reader, State] | None = None

    def present(self) -> State:
        """Return the state of this moment."""
        return self._of(self._service.reader())

    def open(self) -> State | None:
        """Return the state of this moment if its generation is open."""
        reader = self._service.open_reader()
        return self._of(reader) if reader else None

    def _of(self, reader: Reader) -> State:
        last = self._last
        if last is None or last[0] is not reader:
            generation = reader.generation
            parts = generation.name, reader.switched, self._service.fingerprint
            name = f"{generation.name}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"
            last = self._last = reader, State(name, generation.directory.parent / "kept")
        return last[1]


_MOST_RESULT_BYTES = 1 << 18
"""Of a query's result that is kept among the answers: long ones would push out documents, and have a place of their own."""


def _mark_keepable(response: Response) -> Response:
    if request.endpoint in _KEEPABLE or _is_short_result(response):
        request.environ[KEEPABLE] = True
    return response


def _is_short_result(response: Response) -> bool:
    """Return whether a response is the result of a query that gives the same each time, which is what has a tag, and short."""
    return (
        request.endpoint == "sparql.sparql"
        and "query" in request.args
        and "ETag" in response.headers
        and not response.is_streamed
        and (response.calculate_content_length() or 0) <= _MOST_RESULT_BYTES
    )


def _observe(app: Flask, service: Service) -> Observed:
    metrics = app.extensions[health.METRICS] = Metrics(service)
    observers: list[Observer] = [metrics.observe]
    if service.settings.access_log:
        observers.append(access_log(whole_addresses=service.settings.log_whole_addresses))
    name_routes(app)
    foreign_ids = bool(service.settings.trusted_proxy)
    observed = Observed(app.wsgi_app, observers, foreign_ids=foreign_ids)
    app.wsgi_app = observed  # type: ignore[method-assign]
    return observed


def _shared(service: Service) -> dict[str, Any]:
    """Return the variables of every template."""
    return {
        "settings": service.settings,
        "path": service.addresses.path,
        "version": __version__,
        "data_formats": DATA_FORMATS,
        "is_searchable": service.is_searchable,
        "has_quality": service.has_quality,
        "appearance": service.appearance,
        "licence_link": lambda: _licence_link(service.settings.license),
        "fingerprint": service.fingerprint[:12],
    }


def _licence_link(licence: str) -> Markup:
    """Return the licence of the metadata by its name."""
    return Markup('<a rel="license" href="{}">{}</a>').format(licence, licence_words(licence) or gettext("licence"))
