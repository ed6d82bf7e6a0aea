"""/healthz, /readyz, /metrics: for the operator of the service."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from flask import Blueprint, Response, current_app, jsonify, request

from lod.errors import StoreError
from lod.web.http.client_address import client_address
from lod.web.http.error_responses import error_response
from lod.web.observe.metrics import CONTENT_TYPE, Metrics
from lod.web.service import Service, current_service

METRICS = "lod-metrics"

blueprint = Blueprint("health", __name__)

_LOG = logging.getLogger(__name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Return 200 while the process handles requests; nothing published is read."""
    return _uncached(Response("ok\n", content_type="text/plain; charset=utf-8"))


@blueprint.get("/readyz")
def readyz() -> Response:
    """Return whether requests can be served: something is published, and it can be read."""
    faults = _faults(current_service())
    response = jsonify(ready=not faults, faults=faults)
    response.status_code = 503 if faults else 200
    return _uncached(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Serve the metrics to the clients that may read them."""
    if not allowed(client_address(request.environ), current_service().settings.metrics_clients):
        return error_response(403, "The figures are for the operator of this service (setting metrics_clients).")
    figures = current_app.extensions[METRICS]
    assert isinstance(figures, Metrics)  # noqa: S101 - create_app puts it there
    return _uncached(Response(figures.text(), content_type=CONTENT_TYPE))


def allowed(address: str, clients: Sequence[str]) -> bool:
    """Return whether an address is among addresses and networks."""
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(network) for network in clients)


def _faults(service: Service) -> list[str]:
    generation = service.site.live()
    if generation is None:
        return ["nothing has been published yet"]
    faults = []
    try:
        generation.catalog.items(1)
        next(iter(generation.store.named_graphs()), None)
    except StoreError as error:
        _LOG.error("not ready: %s", error)
        faults.append("the live generation cannot be read")
    if not faults and service.is_damaged():
        faults.append("the live generation is damaged: a request failed, and the log says where")
    if not service.pool.is_ready():
        faults.append("no query worker is running")
    return faults


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
