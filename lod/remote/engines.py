"""Table of triple store engines: addresses for updates and whole graphs, largest update, how a graph is replaced.

SPARQL 1.1 has no way to ask, so an engine is recognised by response headers or by its address, or it is named in the
settings. An unknown store gets what all of them understand, and its addresses from the settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NOWHERE = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class StoreEngine:
    """One engine.

    Attributes:
        name: for messages, and in small letters for the setting `store_engine`.
        header: a response header, in small letters, and a part of its value.
        address: found in its query address; the group "region" is that of the AWS signature.
        query: endings of the query address, in whose place `update` and `graph_store` are put; "" is the whole address.
        update: end of the address for updates, None where there is none that is known.
        graph_store: that of the Graph Store Protocol, likewise.
        update_triples: most triples of one update.
        moves: MOVE is one transaction, whatever the size of the graph.
        service: name of the AWS service that requests are signed for; "" elsewhere.
    """

    name: str
    header: tuple[str, str] = ("", "")
    address: re.Pattern[str] = _NOWHERE
    query: tuple[str, ...] = ()
    update: str | None = None
    graph_store: str | None = None
    update_triples: int = 1_000
    moves: bool = True
    service: str = ""


# Sources, and what was run, are in docs/triple-stores.md, section Engines.
ENGINES = (
    StoreEngine("Oxigraph", ("server", "oxigraph"), _NOWHERE, ("/query",), "/update", "/store", update_triples=5_000),
    # "memory exhausted" from some 4,000 triples in one update on; a MOVE of a million is aborted for the size of its log
    # (TransactionAfterImageLimit), or, without a transaction, leaves the graph half empty for a minute.
    StoreEngine(
        "Virtuoso",
        ("server", "virtuoso"),
        query=("/sparql", "/sparql-auth"),
        update="/sparql-auth",
        graph_store="/sparql-graph-crud-auth",
        moves=False,
    ),
    # A released Fuseki keeps its name out of Server, and numbers its answers.
    StoreEngine(
        "Fuseki",
        ("fuseki-request-id", ""),
        query=("/sparql", "/query", ""),
        update="/update",
        graph_store="/data",
        update_triples=5_000,
    ),
    # The addresses are those of RDF4J, which GraphDB is built on.
    StoreEngine(
        "GraphDB",
        ("server", "graphdb"),
        re.compile(r"/repositories/[^/?]+$"),
        ("",),
        "/statements",
        "/rdf-graphs/service",
        5_000,
    ),
    # One address for all; nothing in its answers names it. MOVE is three updates, one after the other.
    StoreEngine("QLever", query=("",), update="", graph_store="", update_triples=5_000, moves=False),
    # A statement that takes longer than neptune_query_timeout (two minutes) is undone, a MOVE of millions among them.
    StoreEngine(
        "Neptune",
        address=re.compile(r"^https://[^/]+\.(?P<region>[a-z0-9-]+)\.neptune\.amazonaws\.com(?:\.cn)?(?::\d+)?/"),
        query=("/sparql",),
        update="/sparql",
        graph_store="/sparql/gsp/",
        moves=False,
        service="neptune-db",
    ),
)
UNKNOWN = StoreEngine("the store")


def engine_of(headers: Mapping[str, str], address: str, name: str = "") -> StoreEngine:
    """Return the engine of that name, else the one that response headers or the query address show, else `UNKNOWN`.

    Names of headers are in small letters.
    """
    if name:
        return next((engine for engine in ENGINES if engine.name.lower() == name), UNKNOWN)
    return next((engine for engine in ENGINES if _matches(engine, headers) or engine.address.search(address)), UNKNOWN)


def addresses(engine: StoreEngine, query: str) -> tuple[str, str]:
    """Return the addresses for updates and for whole graphs that belong to a query address, "" where they are not known."""
    for ending in engine.query:
        if query.endswith(ending):
            stem = query.removesuffix(ending)
            update, graph_store = ("" if end is None else stem + end for end in (engine.update, engine.graph_store))
            return update, graph_store
    return "", ""


def _matches(engine: StoreEngine, headers: Mapping[str, str]) -> bool:
    name, part = engine.header
    return bool(name) and name in headers and part in headers[name].lower()
