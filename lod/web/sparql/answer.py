"""Answer a query: from what is kept, or evaluated, whole or as a stream that says so when it breaks off."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from flask import Response, request

from lod.errors import StoreError
from lod.web.evaluation.admission_control import QUICK_TIME_LIMIT_S, Place
from lod.web.evaluation.evaluator import BOOLEAN, GRAPH, Evaluated, Job, QueryError, nobody_left
from lod.web.evaluation.query_text import is_repeatable
from lod.web.http.cache import make_answer
from lod.web.http.client_address import client_address
from lod.web.http.error_responses import UNREADABLE_NOW
from lod.web.http.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from lod.web.reading.reader import Reader
from lod.web.service import Service
from lod.web.sparql.page import PAGE_BYTES, PAGE_ROWS, render_graph, render_rows
from lod.web.sparql.request import SparqlRequest

_LOG = logging.getLogger(__name__)
_KEPT_FROM_S = 0.05
"""Results that took less to make are made again: keeping them would push out those that took long."""

_SLOW_CLIENTS_RETRY_AFTER_S = 60
_MOST_KEPT_BYTES = 3 << 20


class BrokenOffError(Exception):
    """An answer that has begun cannot be finished. Raised to the server, which then breaks the connection.

    No server and no client take a broken connection for the end of an answer, as they would take an early end.
    """


@dataclass(frozen=True, slots=True)
class Chosen:
    """The formats for rows and for graphs, None where none will do."""

    results: Format | None
    graphs: Format | None

    @property
    def for_job(self) -> dict[str, str | None]:
        """The extensions as a job names them; a page is made of JSON and Turtle."""
        results = "json" if self.results is HTML else self.results.extension if self.results else None
        graphs = "ttl" if self.graphs is HTML else self.graphs.extension if self.graphs else None
        return {"bindings": results, BOOLEAN: results, GRAPH: graphs}

    def format_of(self, result: Evaluated) -> Format:
        """Return the format in which a result is answered."""
        chosen = self.graphs if result.form == GRAPH else self.results
        if chosen is HTML:
            return HTML
        offers = GRAPH_FORMATS if result.form == GRAPH else RESULT_FORMATS
        return next(offer for offer in offers if offer.extension == result.extension)


def answer(here: Service, asked: SparqlRequest, chosen: Chosen) -> Response:
    """Return the answer to a query.

    Raises:
        QueryError: there is none, or it is over a limit before anything of it was sent.
        StoreError: the store cannot be read, likewise.
    """
    reader = here.reader()
    _check_graphs(reader, asked)
    repeatable = is_repeatable(asked.query)
    tag = _tag(here, reader, asked, chosen) if repeatable and request.method != "POST" else ""
    # A coding of the same answer has its name behind the tag.
    if tag and any(known.partition("-")[0] == tag for known in request.if_none_match.as_set()):
        return _finished(here, Response(status=304), tag, {"kept": 0.0})
    key = (asked.query, asked.default_graphs, asked.named_graphs, chosen) if repeatable else None
    kept = reader.results.get(key) if key else None
    if kept is not None:
        return _finished(here, Response(kept.body, content_type=kept.content_type), tag, {"kept": 0.0})
    _check_waiting(here)
    place = here.admission.enter(client_address(request.environ))
    begun = time.monotonic()
    try:
        result = here.pool.evaluate(_job(here, reader, asked, chosen, place), _gone())
    except QueryError as problem:
        place.leave()
        raise _told(problem, asked, place) from None
    except BaseException:
        place.leave()
        raise
    evaluated_s = time.monotonic() - begun
    keep = (reader, key) if key and evaluated_s >= _KEPT_FROM_S else None
    format_ = chosen.format_of(result)
    if format_ is HTML:
        response = _page(here, asked, result, place, keep)
    elif result.whole:
        response = _whole(result, format_, place, keep)
    else:
        response = Response(_stream(here, result, format_, keep), content_type=format_.content_type)
        response.call_on_close(result.parts.close)
        response.call_on_close(place.leave)
    return _finished(here, response, tag, {"wait": place.waited_s, "evaluate": evaluated_s})


_Keep = tuple[Reader, Hashable] | None


def _finished(here: Service, response: Response, tag: str, timings: dict[str, float]) -> Response:
    settings = here.settings
    if tag:
        response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Server-Timing"] = ", ".join(f"{name};dur={s * 1000:.1f}" for name, s in timings.items())
    response.headers["Query-Limits"] = (
        f"seconds={settings.query_time_limit_s}, rows={settings.max_result_rows}, bytes={settings.max_result_bytes}"
    )
    response.vary.add("Accept")
    return response


def _check_graphs(reader: Reader, asked: SparqlRequest) -> None:
    named = (*asked.default_graphs, *asked.named_graphs)
    if not named:
        return
    known = sorted(reader.store.named_graphs())
    for graph in named:
        if graph not in known:
            listed = "".join(f"\n{one}" for one in known)
            raise QueryError(
                "syntax",
                f"There is no graph {graph[:200]} here. Published triples are in the default graph, which is asked when "
                f"no graph is named. Named graphs: {listed or 'none'}",
            )


def _check_waiting(here: Service) -> None:
    """Begin no new answer while those that slow clients have not read yet fill the disk."""
    if here.waiting_bytes() > here.settings.max_waiting_bytes:
        raise QueryError(
            "busy",
            "Too many results wait here for clients that read them slowly; try again in "
            f"{_SLOW_CLIENTS_RETRY_AFTER_S} seconds.",
            _SLOW_CLIENTS_RETRY_AFTER_S,
        )


def _job(here: Service, reader: Reader, asked: SparqlRequest, chosen: Chosen, place: Place) -> Job:
    limit_s = float(here.settings.query_time_limit_s)
    return Job(
        asked.query,
        str(reader.generation.directory / "store"),
        chosen.for_job,
        here.settings.base_iri,
        here.addresses.namespace,
        here.vocabulary.prefixes,
        asked.default_graphs,
        asked.named_graphs,
        min(asked.timeout_s or limit_s, QUICK_TIME_LIMIT_S if place.quick else limit_s, limit_s),
        PAGE_ROWS if chosen.results is HTML else None,
        PAGE_BYTES if chosen.results is HTML else None,
        here.endpoint(reader),
    )


def _gone() -> Callable[[], bool]:
    """Return what tells whether the client has gone away, where the server can tell."""
    told = request.environ.get("waitress.client_disconnected")
    return told if callable(told) else nobody_left


def _told(problem: QueryError, asked: SparqlRequest, place: Place) -> QueryError:
    if problem.kind == "time" and place.quick and (asked.timeout_s or QUICK_TIME_LIMIT_S) >= QUICK_TIME_LIMIT_S:
        return QueryError(
            "busy",
            f"Other queries are being evaluated, so that this one could run for {QUICK_TIME_LIMIT_S:g} s only, which was "
            "not enough; try again in 5 seconds.",
            5,
        )
    return problem


def _tag(here: Service, reader: Reader, asked: SparqlRequest, chosen: Chosen) -> str:
    parts = (
        here.fingerprint,
        reader.generation.name,
        reader.generation.created,
        repr((asked.query, asked.default_graphs, asked.named_graphs, chosen)),
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:24]


def _whole(result: Evaluated, format_: Format, place: Place, keep: _Keep) -> Response:
    place.leave()
    body = b"".join(result.parts)
    _keep(keep, body, format_)
    return Response(body, content_type=format_.content_type)


def _page(here: Service, asked: SparqlRequest, result: Evaluated, place: Place, keep: _Keep) -> Response:
    try:
        if result.form == GRAPH:
            body = render_graph(here, asked, result).encode("utf-8")
        else:
            body = render_rows(here, asked, result).encode("utf-8")
    finally:
        result.parts.close()
        place.leave()
    _keep(keep, body, HTML)
    return Response(body, content_type=HTML.content_type)


def _stream(here: Service, result: Evaluated, format_: Format, keep: _Keep) -> Iterator[bytes]:
    collected: list[bytes] | None = [] if keep else None
    size = 0
    try:
        for part in result.parts:
            if collected is not None:
                size += len(part)
                collected = [*collected, part] if size <= _MOST_KEPT_BYTES else None
            yield part
    except (QueryError, StoreError) as fault:
        _LOG.warning("an answer was broken off: %s", fault)
        problem = str(fault)
        if isinstance(fault, StoreError):
            here.note(fault)
            problem = UNREADABLE_NOW
        # A sentence is well-formed in none of the formats but CSV, so that a reader fails instead of taking a part for all,
        # even behind a proxy that turns a broken connection into an end.
        yield f"\n*** The result was broken off and is not whole: {problem} ***\n".encode()
        raise BrokenOffError(problem) from None
    if collected is not None:
        _keep(keep, b"".join(collected), format_)


def _keep(keep: _Keep, body: bytes, format_: Format) -> None:
    if keep is not None:
        reader, key = keep
        reader.results.put(key, make_answer(body, format_.content_type))
