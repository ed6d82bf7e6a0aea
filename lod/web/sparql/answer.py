"""Respond to a query: from the cache, or evaluated. A result is whole before its first byte is sent, or it is an error."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, cast

from flask import Response, request
from werkzeug.wsgi import wrap_file

from lod.web.charts.chart import FILE_POLICY
from lod.web.evaluation.admission_control import Place
from lod.web.evaluation.evaluator import BOOLEAN, GRAPH, Endpoint, Evaluated, Job, QueryError, go_on
from lod.web.evaluation.query_text import is_repeatable
from lod.web.evaluation.worker_pool import no_room
from lod.web.http.cache import make_representation
from lod.web.http.client_address import client_address
from lod.web.http.file_responses import FilePart
from lod.web.http.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, SVG, Format, format_named
from lod.web.http.headers import SCRIPTED_POLICY
from lod.web.http.responses import encoded, known_tag
from lod.web.languages.page_language import page_language
from lod.web.languages.requests import VARIES_BY, varies_by_language
from lod.web.service import Service
from lod.web.sparql.page import PAGE_BYTES, PAGE_ROWS, draw_rows, render_graph, render_rows
from lod.web.sparql.request import SparqlRequest
from lod.web.view import PublishedView

_CACHED_FROM_S = 0.05
"""Only results that took at least this long are cached; cheap ones would evict expensive ones."""

_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Chosen:
    """The formats for rows and for graphs, None where none is acceptable."""

    results: Format | None
    graphs: Format | None

    @property
    def for_job(self) -> dict[str, str | None]:
        """The extensions as a job names them; a page is made of JSON and Turtle, a chart of JSON."""
        results = "json" if self.results in (HTML, SVG) else self.results.extension if self.results else None
        graphs = "ttl" if self.graphs is HTML else self.graphs.extension if self.graphs else None
        return {"bindings": results, BOOLEAN: results, GRAPH: graphs}

    def format_of(self, result: Evaluated) -> Format:
        """Return the format in which a result is sent."""
        chosen = self.graphs if result.form == GRAPH else self.results
        if chosen in (HTML, SVG):
            return chosen
        offers = GRAPH_FORMATS if result.form == GRAPH else RESULT_FORMATS
        return next(offer for offer in offers if offer.extension == result.extension)


def answer(view: PublishedView, query: SparqlRequest, chosen: Chosen) -> Response:
    """Return the response to a query.

    Raises:
        QueryError: there is no result, or it is over a limit before any of it was sent.
        StoreError: the store cannot be read, likewise.
    """
    service, results = view.service, view.reader.results
    _check_graphs(view, query)
    repeatable = is_repeatable(query.text)
    tag = _tag(view, query, chosen) if repeatable and request.method != "POST" else ""
    if tag and (known := known_tag(tag)):
        return _finished(service, Response(status=304), known, query, chosen, {"kept": 0.0})
    key = (query.identity, chosen, _language(chosen)) if repeatable else None
    cached = results.get(key) if key else None
    if cached is not None:
        found = encoded(cached, results, key)
        response = Response(found.body, content_type=found.content_type)
        if found.coding:
            response.headers["Content-Encoding"] = found.coding
        sent = f"{tag}-{found.coding}" if tag and found.coding else tag
        return _finished(service, response, sent, query, chosen, {"kept": 0.0})
    if service.waiting_bytes() > service.settings.max_waiting_bytes:
        raise no_room()
    gone = _gone()
    place = service.admission.enter(client_address(request.environ), gone)
    started = time.monotonic()
    try:
        result = _evaluated(view, query, chosen, place, gone)
    finally:
        place.leave()
    evaluated_s = time.monotonic() - started
    format_ = chosen.format_of(result)
    response = (
        _page(view, query, result, evaluated_s)
        if format_ is HTML
        else _chart(view, query, result)
        if format_ is SVG
        else _whole(result, format_)
    )
    if key is not None and evaluated_s >= _CACHED_FROM_S and not response.direct_passthrough:
        body = response.get_data()
        results.put(key, make_representation(body, format_.content_type))
    return _finished(service, response, tag, query, chosen, {"wait": place.waited_s, "evaluate": evaluated_s})


def _evaluated(
    view: PublishedView, query: SparqlRequest, chosen: Chosen, place: Place, gone: Callable[[], None]
) -> Evaluated:
    """Evaluate a query, anew in another place where it had to leave one."""

    def check() -> None:
        gone()
        place.check()

    while True:
        try:
            return view.service.pool.evaluate(_job(view, query, chosen), check)
        except QueryError as error:
            if error.kind != "place":
                raise
        place.wait_again(gone)


def _finished(
    service: Service, response: Response, tag: str, query: SparqlRequest, chosen: Chosen, timings: dict[str, float]
) -> Response:
    settings = service.settings
    if tag:
        # A page says how long its query took, so it is not the same to the byte.
        response.set_etag(tag, weak=chosen.results is HTML)
    if query.download and response.status_code == 200:
        format_ = format_named(response.mimetype or "", (*RESULT_FORMATS, *GRAPH_FORMATS, SVG, HTML)) or HTML
        response.headers["Content-Disposition"] = f'attachment; filename="{query.download}.{format_.extension}"'
    policy = {SVG.media_type: FILE_POLICY, HTML.media_type: SCRIPTED_POLICY}.get(response.mimetype or "")
    if policy:
        response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Server-Timing"] = ", ".join(f"{name};dur={s * 1000:.1f}" for name, s in timings.items())
    response.headers["Query-Limits"] = (
        f"seconds={settings.query_time_limit_s}, rows={settings.max_result_rows}, bytes={settings.max_result_bytes}"
    )
    response.vary.update(("Accept", "Accept-Encoding"))
    if _language(chosen) and varies_by_language(HTML.content_type):
        response.vary.add(VARIES_BY)
    return response


def _language(chosen: Chosen) -> str:
    """Return the key of the language of a result, "" where it is no page."""
    return page_language().key if HTML in (chosen.results, chosen.graphs) else ""


def _check_graphs(view: PublishedView, query: SparqlRequest) -> None:
    named = (*query.default_graphs, *query.named_graphs)
    if not named:
        return
    known = sorted(view.reader.store.named_graphs())
    for graph in named:
        if graph not in known:
            listed = "".join(f"\n{name}" for name in known)
            raise QueryError(
                "syntax",
                f"There is no graph {graph[:200]} here. Published triples are in the default graph, which is asked when "
                f"no graph is named. Named graphs: {listed or 'none'}",
            )


def _job(view: PublishedView, query: SparqlRequest, chosen: Chosen) -> Job:
    service = view.service
    limit_s = float(service.settings.query_time_limit_s)
    return Job(
        query.text,
        str(view.reader.generation.directory / "store"),
        chosen.for_job,
        view.addresses.base,
        view.addresses.namespace,
        service.vocabulary.prefixes,
        query.default_graphs,
        query.named_graphs,
        min(query.timeout_s or limit_s, limit_s),
        PAGE_ROWS if chosen.results in (HTML, SVG) else None,
        PAGE_BYTES if chosen.results in (HTML, SVG) else None,
        _endpoint(view),
        query.has_bom,
    )


def _endpoint(view: PublishedView) -> Endpoint | None:
    """Return the store at an address that queries are sent to; None for the embedded store."""
    settings = view.service.settings
    if not settings.store:
        return None
    graphs = tuple(view.reader.store.named_graphs())
    seconds = float(settings.query_time_limit_s)
    return Endpoint(settings.store, settings.base_iri, settings.store_graph, graphs, seconds, settings.store_engine)


def _gone() -> Callable[[], None]:
    """Return a function that raises QueryError when the client has gone away, where the server can tell."""
    gone = request.environ.get("waitress.client_disconnected")
    if not callable(gone):
        return go_on

    def check() -> None:
        if gone():
            raise QueryError("gone", "The client went away before the result was there.")

    return check


def _tag(view: PublishedView, query: SparqlRequest, chosen: Chosen) -> str:
    parts = (
        view.service.fingerprint,
        view.reader.generation.name,
        view.reader.generation.created,
        repr((query.identity, chosen)),
        _language(chosen),
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:24]


def _whole(result: Evaluated, format_: Format) -> Response:
    """Return the response with a result: from memory, or as a file that the server sends as fast as its client reads it."""
    file, size = result.body.file, result.body.size
    if file is None:
        return Response(result.body.body(), content_type=format_.content_type)
    response = Response(content_type=format_.content_type)
    response.content_length = size
    if request.method == "HEAD":
        file.close()
    else:
        part = cast("IO[bytes]", FilePart(file, 0, size, is_temporary=True))
        response.response = wrap_file(request.environ, part, _READ_BYTES)
        response.direct_passthrough = True
    return response


def _page(view: PublishedView, query: SparqlRequest, result: Evaluated, seconds: float) -> Response:
    try:
        render = render_graph if result.form == GRAPH else render_rows
        body = render(view, query, result, seconds).encode("utf-8")
    finally:
        result.body.close()
    return Response(body, content_type=HTML.content_type)


def _chart(view: PublishedView, query: SparqlRequest, result: Evaluated) -> Response:
    try:
        body = draw_rows(view, query, result)
    finally:
        result.body.close()
    return Response(body, content_type=SVG.content_type)
