"""Respond to a query: from the cache, or evaluated, whole or as a stream that ends with a message when it breaks off."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, request

from lod.errors import StoreError
from lod.web.evaluation.admission_control import QUICK_TIME_LIMIT_S, Place
from lod.web.evaluation.evaluator import BOOLEAN, GRAPH, Endpoint, Evaluated, Job, QueryError, never_gone
from lod.web.evaluation.query_text import is_repeatable
from lod.web.http.cache import make_representation
from lod.web.http.client_address import client_address
from lod.web.http.error_responses import UNREADABLE_NOW
from lod.web.http.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from lod.web.http.responses import encoded, known_tag
from lod.web.service import Service
from lod.web.sparql.page import PAGE_BYTES, PAGE_ROWS, render_graph, render_rows
from lod.web.sparql.request import SparqlRequest
from lod.web.view import PublishedView

_LOG = logging.getLogger(__name__)
_CACHED_FROM_S = 0.05
"""Only results that took at least this long are cached; cheap ones would evict expensive ones."""

_SLOW_CLIENTS_RETRY_AFTER_S = 60
_MOST_CACHED_BYTES = 3 << 20


class BrokenOffError(Exception):
    """A response that has started cannot be finished. Raised to the server, which then breaks the connection.

    A client takes an early end for the end of the response, but not a broken connection.
    """


@dataclass(frozen=True, slots=True)
class Chosen:
    """The formats for rows and for graphs, None where none is acceptable."""

    results: Format | None
    graphs: Format | None

    @property
    def for_job(self) -> dict[str, str | None]:
        """The extensions as a job names them; a page is made of JSON and Turtle."""
        results = "json" if self.results is HTML else self.results.extension if self.results else None
        graphs = "ttl" if self.graphs is HTML else self.graphs.extension if self.graphs else None
        return {"bindings": results, BOOLEAN: results, GRAPH: graphs}

    def format_of(self, result: Evaluated) -> Format:
        """Return the format in which a result is sent."""
        chosen = self.graphs if result.form == GRAPH else self.results
        if chosen is HTML:
            return HTML
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
        return _finished(service, Response(status=304), known, {"kept": 0.0})
    key = (query.text, query.default_graphs, query.named_graphs, chosen) if repeatable else None
    cached = results.get(key) if key else None
    if cached is not None:
        found = encoded(cached, results, key)
        response = Response(found.body, content_type=found.content_type)
        if found.coding:
            response.headers["Content-Encoding"] = found.coding
        return _finished(service, response, f"{tag}-{found.coding}" if tag and found.coding else tag, {"kept": 0.0})
    _check_waiting(service)
    place = service.admission.enter(client_address(request.environ))
    started = time.monotonic()
    try:
        result = service.pool.evaluate(_job(view, query, chosen, place), _gone())
    except QueryError as error:
        place.leave()
        raise _reported(error, query, place) from None
    except BaseException:
        place.leave()
        raise
    evaluated_s = time.monotonic() - started
    is_cached = key is not None and evaluated_s >= _CACHED_FROM_S

    def store(body: bytes, format_: Format) -> None:
        results.put(key, make_representation(body, format_.content_type))

    put = store if is_cached else None
    format_ = chosen.format_of(result)
    if format_ is HTML:
        response = _page(service, query, result, place, put)
    elif result.whole:
        response = _whole(result, format_, place, put)
    else:
        response = Response(_stream(service, result, format_, put), content_type=format_.content_type)
        response.call_on_close(result.parts.close)
        response.call_on_close(place.leave)
    return _finished(service, response, tag, {"wait": place.waited_s, "evaluate": evaluated_s})


_Put = Callable[[bytes, Format], None] | None
"""Puts the body of a result into the cache; None where it is not to be cached."""


def _finished(service: Service, response: Response, tag: str, timings: dict[str, float]) -> Response:
    settings = service.settings
    if tag:
        response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Server-Timing"] = ", ".join(f"{name};dur={s * 1000:.1f}" for name, s in timings.items())
    response.headers["Query-Limits"] = (
        f"seconds={settings.query_time_limit_s}, rows={settings.max_result_rows}, bytes={settings.max_result_bytes}"
    )
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


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


def _check_waiting(service: Service) -> None:
    """Start no new result while those that slow clients have not read yet fill the disk."""
    if service.waiting_bytes() > service.settings.max_waiting_bytes:
        raise QueryError(
            "busy",
            "Too many results wait here for clients that read them slowly; try again in "
            f"{_SLOW_CLIENTS_RETRY_AFTER_S} seconds.",
            _SLOW_CLIENTS_RETRY_AFTER_S,
        )


def _job(view: PublishedView, query: SparqlRequest, chosen: Chosen, place: Place) -> Job:
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
        min(query.timeout_s or limit_s, QUICK_TIME_LIMIT_S if place.quick else limit_s, limit_s),
        PAGE_ROWS if chosen.results is HTML else None,
        PAGE_BYTES if chosen.results is HTML else None,
        _endpoint(view),
    )


def _endpoint(view: PublishedView) -> Endpoint | None:
    """Return the store at an address that queries are sent to; None for the embedded store."""
    settings = view.service.settings
    if not settings.store:
        return None
    graphs = tuple(view.reader.store.named_graphs())
    seconds = float(settings.query_time_limit_s)
    return Endpoint(settings.store, settings.base_iri, settings.store_graph, graphs, seconds, settings.store_engine)


def _gone() -> Callable[[], bool]:
    """Return a function that returns whether the client has gone away, where the server can tell."""
    gone = request.environ.get("waitress.client_disconnected")
    return gone if callable(gone) else never_gone


def _reported(problem: QueryError, query: SparqlRequest, place: Place) -> QueryError:
    """Return the error that the client gets: not that of the query where the quick place was too short for it."""
    if problem.kind == "time" and place.quick and (query.timeout_s or QUICK_TIME_LIMIT_S) >= QUICK_TIME_LIMIT_S:
        return QueryError(
            "busy",
            f"Other queries are being evaluated, so that this one could run for {QUICK_TIME_LIMIT_S:g} s only, which was "
            "not enough; try again in 5 seconds.",
            5,
        )
    return problem


def _tag(view: PublishedView, query: SparqlRequest, chosen: Chosen) -> str:
    parts = (
        view.service.fingerprint,
        view.reader.generation.name,
        view.reader.generation.created,
        repr((query.text, query.default_graphs, query.named_graphs, chosen)),
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:24]


def _whole(result: Evaluated, format_: Format, place: Place, put: _Put) -> Response:
    place.leave()
    body = b"".join(result.parts)
    if put:
        put(body, format_)
    return Response(body, content_type=format_.content_type)


def _page(service: Service, query: SparqlRequest, result: Evaluated, place: Place, put: _Put) -> Response:
    try:
        render = render_graph if result.form == GRAPH else render_rows
        body = render(service, query, result).encode("utf-8")
    finally:
        result.parts.close()
        place.leave()
    if put:
        put(body, HTML)
    return Response(body, content_type=HTML.content_type)


def _stream(service: Service, result: Evaluated, format_: Format, put: _Put) -> Iterator[bytes]:
    collected: list[bytes] | None = [] if put else None
    size = 0
    try:
        for part in result.parts:
            if collected is not None:
                size += len(part)
                collected = [*collected, part] if size <= _MOST_CACHED_BYTES else None
            yield part
    except (QueryError, StoreError) as error:
        _LOG.warning("a response was broken off: %s", error)
        message = str(error)
        if isinstance(error, StoreError):
            service.note(error)
            message = UNREADABLE_NOW
        # A sentence is well-formed in none of the formats but CSV, so that a reader fails instead of taking a part for the
        # whole, even behind a proxy that turns a broken connection into an end.
        yield f"\n*** The result was broken off and is not whole: {message} ***\n".encode()
        raise BrokenOffError(message) from None
    if put and collected is not None:
        put(b"".join(collected), format_)
