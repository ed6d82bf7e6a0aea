"""A SPARQL endpoint's data into a store: the resources that shapes are for, with their neighbourhood, in bounded batches."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pyoxigraph as ox

from lod.errors import BadValueError, SourceError
from lod.rdf.claims import checked_iri

_BATCH = 100
_PAGE = 1_000
_STEPS = 3
_CONSTRUCT = "CONSTRUCT {{ ?s ?p ?o . ?o ?q ?v }} WHERE {{ VALUES ?s {{ {names} }} ?s ?p ?o OPTIONAL {{ ?o ?q ?v FILTER isBlank(?o) }} }}"
_SELECT = (
    "SELECT DISTINCT ?s WHERE {{ VALUES ?c {{ {classes} }} ?s a ?c FILTER (isIRI(?s) && STR(?s) > {after}) }} "
    "ORDER BY STR(?s) LIMIT {limit}"
)


@dataclass(frozen=True)
class EndpointLimits:
    """How much is asked of an endpoint: resources in all, seconds in all and of one answer, bytes of one answer."""

    resources: int = 10_000
    seconds: float = 600
    answer_seconds: float = 60
    answer_bytes: int = 64 << 20


def fetch(store: ox.Store, address: str, classes: Iterable[str], limits: EndpointLimits) -> list[str]:
    """Load resources of the classes (IRIs), and what they lead to, into a store; return the IRIs of those resources.

    Raises:
        SourceError: the address is none of the web, the endpoint does not answer as SPARQL 1.1 says, or a limit is passed.
    """
    if urlsplit(address).scheme not in {"http", "https"}:
        raise SourceError(f"{address}: not the address of an endpoint; it starts with http:// or https://")
    endpoint = _Endpoint(address, limits)
    found = list(islice(_resources(endpoint, sorted(classes)), limits.resources))
    known: set[str] = set()
    ring = found
    for _ in range(_STEPS + 1):
        wanted = [iri for iri in dict.fromkeys(ring) if iri not in known]
        known.update(wanted)
        ring = []
        for batch in _batches(wanted):
            quads = endpoint.construct(batch)
            store.extend(quads)
            ring += [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)]
    return found


class _Endpoint:
    def __init__(self, address: str, limits: EndpointLimits) -> None:
        self._address = address
        self._limits = limits
        self._ends = time.monotonic() + limits.seconds

    def construct(self, iris: Iterable[str]) -> list[ox.Quad]:
        names = " ".join(_named(iris))
        body = self._ask(_CONSTRUCT.format(names=names), "application/n-triples") if names else b""
        try:
            # Each answer numbers its blank nodes anew.
            parsed = ox.parse(body, format=ox.RdfFormat.N_TRIPLES, lenient=True, rename_blank_nodes=True)
            return cast("list[ox.Quad]", list(parsed))
        except SyntaxError as fault:
            raise SourceError(f"{self._address}: its answer is no N-Triples: {fault}") from None

    def select(self, query: str) -> list[str]:
        body = self._ask(query, _JSON)
        try:
            results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(results, ox.QuerySolutions):
                return [row["s"].value for row in results if isinstance(row["s"], ox.NamedNode)]
        except (SyntaxError, KeyError):
            pass
        raise SourceError(f"{self._address}: is no SPARQL endpoint: it answered with {body[:40]!r}")

    def _ask(self, query: str, media_type: str) -> bytes:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise SourceError(
                f"{self._address}: took longer than {self._limits.seconds:.0f} s; ask for fewer with --limit"
            )
        request = Request(  # noqa: S310 - http and https only, see fetch
            self._address, urlencode({"query": query}).encode(), headers={"Accept": media_type}
        )
        try:
            with urlopen(request, timeout=min(left, self._limits.answer_seconds)) as answer:  # noqa: S310
                body: bytes = answer.read(self._limits.answer_bytes + 1)
        except HTTPError as fault:
            said = " ".join(fault.read(300).decode("utf-8", "replace").split())
            raise SourceError(f"{self._address}: answered {fault.code}: {said}") from None
        except (URLError, TimeoutError, OSError) as fault:
            raise SourceError(f"{self._address}: does not answer: {getattr(fault, 'reason', fault)}") from None
        if len(body) > self._limits.answer_bytes:
            raise SourceError(f"{self._address}: an answer is longer than {self._limits.answer_bytes} bytes")
        return body


_JSON = "application/sparql-results+json"


def _resources(endpoint: _Endpoint, classes: list[str]) -> Iterator[str]:
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


def _batches(iris: list[str]) -> Iterator[list[str]]:
    return (iris[start : start + _BATCH] for start in range(0, len(iris), _BATCH))
