"""/healthz, /readyz, /metrics: for whoever runs the service."""

from __future__ import annotations

import logging
from ipaddress import ip_address, ip_network

from flask import Blueprint, Response, current_app, jsonify, request

from lod.errors import StoreError
from lod.web.http.client_address import client_address
from lod.web.http.error_responses import fault
from lod.web.observe.metrics import CONTENT_TYPE, Metrics
from lod.web.service import Service, service

METRICS = "lod-metrics"

blueprint = Blueprint("health", __name__)

_LOG = logging.getLogger(__name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; nothing of what is published is looked at."""
    return _unkept(Response("ok\n", content_type="text/plain; charset=utf-8"))


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether requests can be answered: something is published, and it can be read."""
    faults = _faults(service())
    response = jsonify(ready=not faults, faults=faults)
    response.status_code = 503 if faults else 200
    return _unkept(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures to those who may see them."""
    if not allowed(client_address(request.environ), service().settings.metrics_clients):
        return fault(403, "The figures are for whoever runs this service (setting metrics_clients).")
    figures = current_app.extensions[METRICS]
    assert isinstance(figures, Metrics)  # noqa: S101 - create_app puts it there
    return _unkept(Response(figures.text(), content_type=CONTENT_TYPE))


def allowed(address: str, clients: str) -> bool:
    """Tell whether an address is among addresses and networks separated by blanks."""
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(network) for network in clients.split())


def _faults(here: Service) -> list[str]:
    generation = here.site.live()
    if generation is None:
        return ["nothing has been published yet"]
    faults = []
    try:
        generation.catalog.items(1)
        next(iter(generation.store.named_graphs()), None)
    except StoreError as problem:
        _LOG.error("not ready: %s", problem)
        faults.append("the live generation cannot be read")
    if not faults and here.is_damaged():
        faults.append("the live generation is damaged: a request failed, and the log says where")
    if not here.pool.is_ready():
        faults.append("no query worker is running")
    return faults


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
