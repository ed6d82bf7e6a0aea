"""What stores differ in: where they take updates and whole graphs, how much at once, and how a graph is replaced.

SPARQL 1.1 gives no way to ask, so an engine is told by the headers of its answers or by its address, or it is named in the
settings; a store that is none of these gets what every one of them understands, and its addresses from the settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NOWHERE = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine.

    Attributes:
        name: for messages, and in small letters for the setting `store_engine`.
        header: a header of its answers, in small letters, and what stands in its value.
        address: found in its query address; the group "region" is that of the AWS signature.
        query: endings of the query address, in whose place `update` and `graph_store` are put; "" stands for the whole.
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
    Engine(
        "Oxigraph",
        ("server", "oxigraph"),
        query=("/query",),
        update="/update",
        graph_store="/store",
        update_triples=5_000,
    ),
    # "memory exhausted" from some 4,000 triples in one update on; a MOVE of a million is aborted for the size of its log
    # (TransactionAfterImageLimit), or, without a transaction, leaves the graph half empty for a minute.
    Engine(
        "Virtuoso",
        ("server", "virtuoso"),
        query=("/sparql", "/sparql-auth"),
        update="/sparql-auth",
        graph_store="/sparql-graph-crud-auth",
        moves=False,
    ),
    # A released Fuseki keeps its name out of Server, and numbers its answers.
    Engine(
        "Fuseki",
        ("fuseki-request-id", ""),
        query=("/sparql", "/query", ""),
        update="/update",
        graph_store="/data",
        update_triples=5_000,
    ),
    # The addresses are those of RDF4J, which GraphDB is built on.
    Engine(
        "GraphDB",
        ("server", "graphdb"),
        re.compile(r"/repositories/[^/?]+$"),
        ("",),
        "/statements",
        "/rdf-graphs/service",
        5_000,
    ),
    # One address for all; nothing in its answers names it. MOVE is three updates, one after the other.
    Engine("QLever", query=("",), update="", graph_store="", update_triples=5_000, moves=False),
    # A statement that takes longer than neptune_query_timeout (two minutes) is undone, a MOVE of millions among them.
    Engine(
        "Neptune",
        address=re.compile(r"^https://[^/]+\.(?P<region>[a-z0-9-]+)\.neptune\.amazonaws\.com(?:\.cn)?(?::\d+)?/"),
        query=("/sparql",),
        update="/sparql",
        graph_store="/sparql/gsp/",
        moves=False,
        service="neptune-db",
    ),
)
UNKNOWN = Engine("the store")


def engine_of(headers: Mapping[str, str], address: str, name: str = "") -> Engine:
    """Return the engine of that name, else the one that the headers of an answer or the query address tell.

    `UNKNOWN` where they tell none. Names of headers are in small letters.
    """
    if name:
        return next((engine for engine in ENGINES if engine.name.lower() == name), UNKNOWN)
    return next((engine for engine in ENGINES if _tells(engine, headers) or engine.address.search(address)), UNKNOWN)


def addresses(engine: Engine, query: str) -> tuple[str, str]:
    """Return the addresses for updates and for whole graphs that belong to a query address, "" where they are not known."""
    for ending in engine.query:
        if query.endswith(ending):
            stem = query.removesuffix(ending)
            update, graph_store = ("" if end is None else stem + end for end in (engine.update, engine.graph_store))
            return update, graph_store
    return "", ""


def _tells(engine: Engine, headers: Mapping[str, str]) -> bool:
    name, part = engine.header
    return bool(name) and name in headers and part in headers[name].lower()
