"""Limits of requests: what each costs of its client's budget, and no long response while the disk for them is full.

A cost is about the work that the request makes: 1 is a look-up. What a SPARQL query takes beside it is counted in seconds
(`evaluation.admission_control`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Response, request

from lod.numbers import whole_number
from lod.store.search.values.facets import FILTERS
from lod.web.http.client_address import UNKNOWN, client_address, client_of, is_unheeded_report, shortened
from lod.web.http.error_responses import error_response
from lod.web.http.formats import HIT_EXPORTS, HIT_FORMATS, LIST_FORMATS, RECORD_FORMATS, XLSX
from lod.web.http.negotiate import requested_format
from lod.web.languages.catalogues import Said
from lod.web.limits.client_budgets import ClientBudgets

_LOG = logging.getLogger(__name__)

COSTS = {
    "static": 0,
    "health.healthz": 0,
    "health.readyz": 0,
    "health.metrics": 0,
    "sitemap.robots": 0,
    "fragments.fragments": 2,
    "dereference.memento": 5,
    "inbox.receive": 10,
    "inbox.contents": 10,
    "inbox.notification": 10,
    "dereference.timemap": 5,
    "oai.provider": 5,
    "sitemap.index": 5,
    "sparql.sparql": 5,
    "dumps.dump": 10,
    "beacon.beacon_file": 20,
    "sitemap.part": 20,
    "search.search": 2,
    "search.facet": 5,
    "browse.values": 2,
    "quality.dashboard": 5,
    "quality.records": 2,
    "reconcile.reconcile": 10,
    "reconcile.suggest_entity": 2,
    "api.items": 2,
    "api.things": 2,
    "api.lookup": 2,
}
"""By endpoint; any other costs 1."""

EXPORT_COST = 20
"""All hits of a search, or a whole list."""
XLSX_COST = 100
"""A whole list as an Excel file."""

_OFFERS = {"search.search": HIT_FORMATS, "browse.values": LIST_FORMATS, "quality.records": RECORD_FORMATS}

NAMED_GRAPH_COST = 10
"""A whole named graph, such as /data/report."""

_PAGES_PER_COST = 100
"""A deep page costs 1 more for so many pages before it."""
_MOST_PAGES = 10_000
_LONG_BYTES = 65_536
"""A shorter response never waits on disk."""
_RETRY_AFTER_S = 60


class RequestLimits:
    """Functions to call before and after each request."""

    def __init__(
        self,
        budgets: ClientBudgets,
        waiting_bytes: Callable[[], int],
        max_waiting_bytes: int,
        named_graphs: frozenset[str],
    ) -> None:
        """Take the budgets, the disk that responses take and may take, and the names of the graphs that are served whole."""
        self._budgets = budgets
        self._waiting_bytes = waiting_bytes
        self._max_waiting_bytes = max_waiting_bytes
        self._named_graphs = named_graphs
        self._has_warned = threading.Event()

    def charge(self) -> Response | None:
        """Charge the request to its client; return 429, or 503 to a harvester, where too little is left to it."""
        cost = self._cost()
        address = client_address(request.environ)
        if not self._has_warned.is_set() and (address == UNKNOWN or is_unheeded_report(request.environ)):
            self._has_warned.set()
            sender = "a program on this machine" if address == UNKNOWN else shortened(address)
            _LOG.warning(
                "X-Forwarded-For comes from %s, which is not the trusted_proxy: if a proxy sent it, all of its clients share one budget",
                sender,
            )
        client = client_of(address)
        wait_s = self._budgets.wait_s(client, cost) if cost else 0
        if not wait_s:
            self._budgets.take(client, cost)
            return None
        # A harvester takes no other status for a request to wait: OAI-PMH 2.0, section 3.1.2.2.
        status = 503 if request.endpoint == "oai.provider" else 429
        return error_response(
            status,
            Said(
                "Requests from your address have cost the %(most)s a minute that they may; try again in %(wait)s s.",
                most=self._budgets.per_minute,
                wait=wait_s,
            ),
            headers={"Retry-After": str(wait_s)},
        )

    def refuse_long(self, response: Response) -> Response:
        """Replace a response that might wait on disk for its client by 503 while there is no room for it."""
        if response.direct_passthrough or not self._is_long(response) or not self._is_full():
            return response
        response.close()
        return error_response(
            503,
            Said(
                "Too many responses wait here for clients that read them slowly; try again in %(wait)s seconds.",
                wait=_RETRY_AFTER_S,
            ),
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )

    def has_room_for(self, size: int) -> bool:
        """Return whether a response of so many bytes may be sent: a short one always, a long one while the disk has room."""
        return size <= _LONG_BYTES or not self._is_full()

    def _is_full(self) -> bool:
        return self._waiting_bytes() > self._max_waiting_bytes

    def _cost(self) -> int:
        endpoint = request.endpoint or ""
        cost = COSTS.get(endpoint, 1)
        if endpoint == "dereference.data" and (request.view_args or {})["_"].partition(".")[0] in self._named_graphs:
            return NAMED_GRAPH_COST
        if endpoint.startswith(("search.", "browse.", "api.items")):
            # Each filter multiplies the addresses that a program may walk through.
            cost += sum(len(request.args.getlist(name)) for name in FILTERS)
        if endpoint in _OFFERS:
            format_ = requested_format(_OFFERS[endpoint])
            cost += XLSX_COST if format_ is XLSX else EXPORT_COST if format_ in HIT_EXPORTS else 0
        page = whole_number(request.args.get("page", "")) or 0
        return cost + min(page, _MOST_PAGES) // _PAGES_PER_COST if cost else 0

    def _is_long(self, response: Response) -> bool:
        return response.is_streamed or (response.calculate_content_length() or 0) > _LONG_BYTES
