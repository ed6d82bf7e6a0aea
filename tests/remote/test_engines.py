"""What an engine is told by, and where it takes writing."""

from __future__ import annotations

import pytest

from lod.remote.engines import ENGINES, UNKNOWN, addresses, engine_of
from lod.settings.table import STORE_ENGINES

CLUSTER = "https://db.cluster-c0.eu-west-1.neptune.amazonaws.com:8182"


@pytest.mark.parametrize(
    ("headers", "query", "name", "told", "update", "graph_store"),
    [
        ({"server": "Oxigraph/0.5.13"}, "http://h:7878/query", "", "Oxigraph", "http://h:7878/update", "http://h:7878/store"),
        (
            {"server": "Virtuoso/07.20.3229 (Linux)"},
            "http://h:8890/sparql",
            "",
            "Virtuoso",
            "http://h:8890/sparql-auth",
            "http://h:8890/sparql-graph-crud-auth",
        ),
        ({"fuseki-request-id": "7"}, "http://h:3030/ds/query", "", "Fuseki", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ({"fuseki-request-id": "7"}, "http://h:3030/ds/sparql", "", "Fuseki", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ({"fuseki-request-id": "7"}, "http://h:3030/ds", "", "Fuseki", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        (
            {"server": "GraphDB/11.0 RDF4J/5.1"},
            "http://h:7200/repositories/lod",
            "",
            "GraphDB",
            "http://h:7200/repositories/lod/statements",
            "http://h:7200/repositories/lod/rdf-graphs/service",
        ),
        ({}, "https://h/x/repositories/lod", "", "GraphDB", "https://h/x/repositories/lod/statements", "https://h/x/repositories/lod/rdf-graphs/service"),
        ({}, "http://h:7019", "qlever", "QLever", "http://h:7019", "http://h:7019"),
        ({}, f"{CLUSTER}/sparql", "", "Neptune", f"{CLUSTER}/sparql", f"{CLUSTER}/sparql/gsp/"),
        ({}, f"{CLUSTER}.cn/sparql".replace(":8182.cn", ".cn:8182"), "", "Neptune", None, None),
        ({"server": "nginx"}, "https://127.0.0.1:8182/sparql", "neptune", "Neptune", "https://127.0.0.1:8182/sparql", "https://127.0.0.1:8182/sparql/gsp/"),
        ({"server": "Virtuoso/07"}, "http://h/query", "oxigraph", "Oxigraph", "http://h/update", "http://h/store"),
        ({"server": "nginx"}, "http://h/sparql", "", UNKNOWN.name, "", ""),
        ({"server": "Oxigraph/0.5.13"}, "http://h/elsewhere", "", "Oxigraph", "", ""),
        ({}, "http://neptune.amazonaws.com.example/sparql", "", UNKNOWN.name, "", ""),
    ],
)  # fmt: skip
def test_an_engine_is_told_by_its_name_its_answers_or_its_address(headers, query, name, told, update, graph_store):
    engine = engine_of(headers, query, name)
    assert engine.name == told
    if update is not None:
        assert addresses(engine, query) == (update, graph_store)


def test_the_setting_takes_the_names_of_the_engines():
    assert tuple(engine.name.lower() for engine in ENGINES) == STORE_ENGINES
