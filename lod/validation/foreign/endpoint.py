"""Data of a SPARQL endpoint, loaded into a store: the resources that shapes are for, with what they lead to, in batches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import cast

import pyoxigraph as ox

from lod.errors import BadValueError, SourceError
from lod.http.addresses import is_web_address, shown
from lod.http.client import Client, Limits, form_request
from lod.http.credentials import from_environment, variables
from lod.http.errors import HttpError
from lod.http.retry import BUSY, Retry
from lod.rdf.claims import checked_iri

SECRETS = "LOD_ENDPOINT"
"""Prefix of the environment variables with the credentials: not those of the store, whose user may write."""

LIMITS = Limits(read_s=60, response_s=60, total_s=600, response_bytes=64 << 20)
RETRY = Retry(tries=3, first_wait_s=0.5, longest_wait_s=60, statuses=BUSY)

_JSON = "application/sparql-results+json"
_BATCH = 100
_PAGE = 1_000
_STEPS = 3
_CONSTRUCT = "CONSTRUCT {{ ?s ?p ?o . ?o ?q ?v }} WHERE {{ VALUES ?s {{ {names} }} ?s ?p ?o OPTIONAL {{ ?o ?q ?v FILTER isBlank(?o) }} }}"
_SELECT = (
    "SELECT DISTINCT ?s WHERE {{ VALUES ?c {{ {classes} }} ?s a ?c FILTER (isIRI(?s) && STR(?s) > {after}) }} "
    "ORDER BY STR(?s) LIMIT {limit}"
)


def fetch(
    store: ox.Store,
    address: str,
    classes: Iterable[str],
    most: int,
    limits: Limits = LIMITS,
    environment: Mapping[str, str] = os.environ,
) -> list[str]:
    """Load resources of the classes (IRIs), and what they lead to, into a store; return the IRIs of those resources.

    Raises:
        SourceError: the address is none of the web, the endpoint does not answer as SPARQL 1.1 says, or a limit is passed.
    """
    if not is_web_address(address):
        raise SourceError(f"{shown(address)}: not the address of an endpoint; it starts with http:// or https://")

    def failure(url: str, fault: HttpError, tried: str) -> SourceError:
        reason = f"does not answer: {fault}"
        if fault.limit == "total_s":
            reason = f"took longer than {limits.total_s:.0f} s; ask for fewer with --limit"
        elif fault.limit == "response_bytes":
            reason = str(fault)
        elif fault.status:
            way_out = f"; set {variables(SECRETS)}, in the environment" if fault.status in {401, 403} else ""
            reason = f"answered {fault.status}: {fault.body}{way_out}"
        return SourceError(f"{url}: {reason}{tried}")

    with closing(Client(failure, limits, RETRY, from_environment(environment, SECRETS))) as client:
        return _fetch(store, ForeignEndpoint(address, client), sorted(classes), most)


def _fetch(store: ox.Store, endpoint: ForeignEndpoint, classes: list[str], most: int) -> list[str]:
    found = list(islice(_resources(endpoint, classes), most))
    known: set[str] = set()
    ring = found
    for _ in range(_STEPS + 1):
        wanted = [iri for iri in dict.fromkeys(ring) if iri not in known]
        known.update(wanted)
        ring = []
        for start in range(0, len(wanted), _BATCH):
            quads = endpoint.construct(wanted[start : start + _BATCH])
            store.extend(quads)
            ring += [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)]
    return found


@dataclass(frozen=True)
class ForeignEndpoint:
    """A SPARQL endpoint that is only read."""

    address: str
    client: Client

    def construct(self, iris: Iterable[str]) -> list[ox.Quad]:
        """Return what the endpoint says of resources, and of the blank nodes that they lead to."""
        names = " ".join(_named(iris))
        body = self._ask(_CONSTRUCT.format(names=names), "application/n-triples") if names else b""
        try:
            # Each answer numbers its blank nodes anew.
            parsed = ox.parse(body, format=ox.RdfFormat.N_TRIPLES, lenient=True, rename_blank_nodes=True)
            return cast("list[ox.Quad]", list(parsed))
        except SyntaxError as fault:
            raise SourceError(f"{shown(self.address)}: its answer is no N-Triples: {fault}") from None

    def select(self, query: str) -> list[str]:
        """Return the IRIs that a query of ours finds as ?s."""
        body = self._ask(query, _JSON)
        try:
            results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(results, ox.QuerySolutions):
                return [row["s"].value for row in results if isinstance(row["s"], ox.NamedNode)]
        except (SyntaxError, KeyError):
            pass
        raise SourceError(f"{shown(self.address)}: is no SPARQL endpoint: it answered with {body[:40]!r}")

    def _ask(self, query: str, media_type: str) -> bytes:
        with self.client.stream(form_request(self.address, {"query": query}, media_type)) as response:
            return b"".join(response.chunks)


def _resources(endpoint: ForeignEndpoint, classes: list[str]) -> Iterator[str]:
    """Yield the resources of the classes in the order of their IRIs, page by page."""
    after = ""
    names = " ".join(_named(classes))
    while found := endpoint.select(_SELECT.format(classes=names, after=str(ox.Literal(after)), limit=_PAGE)):
        yield from found
        after = found[-1]
        if len(found) < _PAGE:
            return


def _named(iris: Iterable[str]) -> Iterator[str]:
    for iri in iris:
        try:
            yield checked_iri(iri)
        except BadValueError:
            continue
