"""Metrics for Prometheus: requests by route and status, their durations, figures of what is published, the process.

Source: OpenMetrics 1.0 and the Prometheus text format, as written by prometheus_client.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric

from lod import __version__
from lod.store.base import PublishedSite
from lod.web.observe.access_log import Exchange
from lod.web.service import CLOSED_FOR, Service

CONTENT_TYPE = CONTENT_TYPE_LATEST

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Metrics:
    """The metrics of one app. `observe` counts a response, `text` returns the page."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Published(service.site))
        self._registry.register(_Limits(service))
        self._requests = Counter(
            "lod_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._broken = Counter(
            "lod_answers_broken_off", "Answers that ended before their end", ("route",), registry=self._registry
        )
        self._bytes = Counter("lod_sent_bytes", "Bytes of bodies sent", ("route",), registry=self._registry)
        self._seconds = Histogram(
            "lod_request_seconds", "From a request's arrival to the end of its answer", ("route",),
            buckets=_BUCKETS_S, registry=self._registry,
        )  # fmt: skip
        # Finding a labelled metric takes longer than counting by it.
        self._labelled = cache(self._find_labelled)

    def observe(self, exchange: Exchange) -> None:
        """Count a response. Routes, not paths, are labels, and unknown methods are one label: no client can make new ones."""
        method = exchange.method if exchange.method in _METHODS else "other"
        requests, sent, seconds = self._labelled(method, exchange.route, exchange.status)
        requests.inc()
        sent.inc(exchange.sent_bytes)
        seconds.observe(exchange.seconds)
        if exchange.broken:
            self._broken.labels(exchange.route).inc()

    def _find_labelled(self, method: str, route: str, status: int) -> tuple[Counter, Counter, Histogram]:
        return (
            self._requests.labels(method, route, str(status)),
            self._bytes.labels(route),
            self._seconds.labels(route),
        )

    def text(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self._registry)


class _Limits:
    """How near the service is to its limits, read at each scrape."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        service = self._service
        for name, help_, value in (
            (
                "waiting_bytes",
                "Disk that responses take which are being made, or not read yet",
                service.waiting_bytes(),
            ),
            ("queries_running", "SPARQL queries that have a place", service.admission.running),
            ("queries_waiting", "SPARQL queries that wait for one", service.admission.waiting),
        ):
            yield GaugeMetricFamily(f"lod_{name}", help_, value=value)
        closed = CounterMetricFamily(
            "lod_connections_closed", "Connections that the server has closed on their clients", labels=["reason"]
        )
        for reason in CLOSED_FOR:
            closed.add_metric([reason], service.connections_closed[reason])
        yield closed


class _Published:
    """Figures of the live generation, read at each scrape."""

    def __init__(self, site: PublishedSite) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("lod", "The program", value={"version": __version__})
        generation = self._site.live()
        if generation is None:
            return
        yield InfoMetricFamily(
            "lod_generation", "The live generation", value={"name": generation.name, "created": generation.created}
        )
        for name, number in sorted(generation.catalog.counts().items()):
            yield GaugeMetricFamily(f"lod_published_{name}", f"Of the live generation: {name}", value=number)
