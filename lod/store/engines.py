"""What stores differ in: where they take updates and whole graphs, how much at once, and how a graph is replaced.

SPARQL 1.1 gives no way to ask, so an engine is told by the header `Server` of its answers; a store that is none of these gets
what every one of them understands, and its addresses from the settings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine.

    Attributes:
        name: for messages.
        mark: begins the header `Server`, or stands in it; "" matches any.
        update: end of the address for updates, put in place of `query` at the end of the query address.
        graph_store: that of the Graph Store Protocol, "" where there is none.
        update_triples: most triples of one update.
        moves: MOVE is one transaction, whatever the size of the graph.
    """

    name: str
    mark: str
    query: tuple[str, ...] = ()
    update: str = ""
    graph_store: str = ""
    update_triples: int = 1_000
    moves: bool = True


# Sources: the manuals of each; Oxigraph 0.5 and Virtuoso 7.2 as tested.
ENGINES = (
    Engine("Oxigraph", "Oxigraph", ("/query",), "/update", "/store", 5_000),
    # "memory exhausted" from some 4,000 triples in one update on; a MOVE of a million is aborted for the size of its log
    # (TransactionAfterImageLimit), or, without a transaction, leaves the graph half empty for a minute.
    Engine(
        "Virtuoso", "Virtuoso", ("/sparql", "/sparql-auth"), "/sparql-auth", "/sparql-graph-crud-auth", 1_000, False
    ),
    Engine("Fuseki", "Fuseki", ("/sparql", "/query"), "/update", "/data", 5_000),
    Engine("GraphDB", "GraphDB", ("",), "/statements", "/rdf-graphs/service", 5_000),
)
UNKNOWN = Engine("the store", "")


def engine_of(server: str) -> Engine:
    """Return the engine that an answer's header `Server` names, `UNKNOWN` where it names none that is known."""
    return next((engine for engine in ENGINES if engine.mark.lower() in server.lower()), UNKNOWN)


def addresses(engine: Engine, query: str) -> tuple[str, str]:
    """Return the addresses for updates and for whole graphs that belong to a query address, "" where they are not known."""
    for ending in engine.query:
        if query.endswith(ending):
            stem = query.removesuffix(ending)
            return stem + engine.update, stem + engine.graph_store if engine.graph_store else ""
    return "", ""
