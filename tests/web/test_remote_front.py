"""A front over a store at an address answers as one over the embedded store does: the same documents, pages and results."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod.rdf.claims import claim
from lod.remote.mark import Mark
from lod.remote.site import RemoteGeneration, RemoteSite
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.store.generation.named_graphs import NamedGraph
from lod.store.tombstones import REMOVED_GRAPH, tombstone_triples
from lod.web.app import create_app
from tests.helpers.web_site import BASE, HOSTILE, REMOVED, SETTINGS, running

PATHS = (
    "", "items", "id/dataset", "data/dataset.ttl", "data/dataset.nt", "robots.txt", "context.jsonld",
    "data/item/999/a.b/c.ttl", "data/item/999/a.b/c.jsonld", "data/item/999/a.b/c.nt", "data/item/999/a.b/c.rdf",
    "page/item/999/a.b/c", "id/item/999/a.b/c", "data/item/999/7.trig", "data/item/999/7.nq", "page/item/999/7",
    "page/serial/0003-4967", "data/serial/0003-4967.ttl", "data/serial/0003-4967.ttl?page=2", "page/person/rp1",
    "data/person/rp1.ttl", "page/serial/0003-4967/v/69/i/8", "id/item/999/nothing", "vocab", "data/item/999/7.xyz",
    "sitemap.xml", "id/item/999/gone", "data/report.ttl",
)  # fmt: skip
QUERIES = {
    "rows": "SELECT ?item ?title { ?item a rt:RepositoryItem ; dcterms:title ?title } ORDER BY ?item ?title",
    "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "typed literals": "SELECT DISTINCT ?o { ?s dcterms:issued ?o } ORDER BY ?o",
    "relative IRI": "SELECT ?p { <id/item/999/7> ?p ?o } ORDER BY ?p",
    "yes": "ASK { ?s a rt:RepositoryItem }",
    "no": "ASK { ?s a rt:Nothing }",
    "graph": "CONSTRUCT { ?s dcterms:title ?o } WHERE { ?s dcterms:title ?o }",
    "description": "DESCRIBE <id/item/999/7>",
    "own prefix and base": f"BASE <{BASE}> PREFIX d: <http://purl.org/dc/terms/> SELECT ?t {{ <id/item/999/7> d:title ?t }}",
    "path": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s dcterms:isPartOf+ <id/serial/0003-4967> }",
}  # fmt: skip


def fill(server, generation):
    """Put a generation into a server, with its named graphs and a mark."""
    with closing(server.emptied()) as client:
        client.add(server.graph, "".join(f"{claim(*one)}\n" for one in generation.store.all_triples()).encode())
        description = json.loads((generation.directory / "generation.json").read_text(encoding="utf-8"))
        graphs = NamedGraph.all_of(generation.directory, description)
        for graph in graphs:
            client.add(graph.iri, b"".join(graph.chunks()))
        gone = [claim(*one) for item, day in REMOVED.items() for one in tombstone_triples(item, day)]
        client.add(BASE + REMOVED_GRAPH, "".join(f"{line}\n" for line in gone).encode())
        counts = generation.catalog.counts()
        names = (*(graph.iri for graph in graphs), BASE + REMOVED_GRAPH)
        mark = Mark(generation.name, generation.created, counts["triples"], counts["records"], names)
        client.update(mark.update(BASE))


class Front:
    """The app over a server: with the catalog of the generation, or without anything of it."""

    def __init__(self, server, generation, folder: Path):
        self.settings = make_settings(
            SETTINGS
            | {"base_iri": BASE, "store": server.query, "store_graph": server.graph, "store_engine": server.engine}
            | {"query_time_limit_s": 30, "query_seconds_per_minute": 10_000},
            {},
        )
        self.site = RemoteSite(self.settings, Site(folder), os.environ)
        self.generation = generation

    def app(self, *, stateless):
        return create_app(self.settings, self.site if stateless else _WithCatalog(self.site, self.generation))


class _WithCatalog:
    def __init__(self, site, generation):
        found = site.live()
        self._live = RemoteGeneration(
            generation.name, generation.created, found.store, generation.catalog, generation.directory, generation
        )

    def live(self):
        return self._live

    def is_live(self, generation):
        return generation is self._live

    def switched(self):
        return self._live.created

    def generations(self):
        return [self._live]


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def front(request, servers, generation, tmp_path_factory):
    server = servers(request.param)
    fill(server, generation)
    front = Front(server, generation, tmp_path_factory.mktemp("front"))
    yield front
    front.site.close()


@pytest.fixture(scope="module")
def with_catalog(front):
    with running(front.app(stateless=False)) as app:
        yield app.test_client()


@pytest.fixture(scope="module")
def stateless(front):
    with running(front.app(stateless=True)) as app:
        yield app.test_client()


def asked(client, query, **headers):
    return client.get("/repo/sparql", query_string={"query": query}, headers=headers)


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_every_answer_is_that_of_the_embedded_store(with_catalog, client, accept):
    for path in PATHS:
        expected = client.get(f"/repo/{path}", headers={"Accept": accept})
        found = with_catalog.get(f"/repo/{path}", headers={"Accept": accept})
        assert (found.status_code, found.headers.get("Location")) == (
            expected.status_code,
            expected.headers.get("Location"),
        ), path
        assert comparable(found, path) == comparable(expected, path), path


def comparable(response, path):
    """The body; its lines in any order where they come as the store gives them, since stores have orders of their own."""
    return sorted(response.data.split(b"\n")) if path.endswith((".nt", ".nq", ".rdf")) else response.data


def test_a_fragment_holds_the_same_triples(with_catalog, client):
    path = f"/repo/fragments?subject={BASE}id/item/999/7"
    bodies = [one.get(path, headers={"Accept": "application/n-triples"}) for one in (with_catalog, client)]
    assert bodies[0].status_code == 200
    assert len(bodies[0].data.splitlines()) > 10
    assert sorted(bodies[0].data.splitlines()) == sorted(bodies[1].data.splitlines())


@pytest.mark.parametrize("name", QUERIES)
def test_every_result_is_that_of_the_embedded_store(with_catalog, client, name):
    accept = "application/n-triples" if name in {"graph", "description"} else "application/sparql-results+json"
    expected, found = (asked(one, QUERIES[name], Accept=accept) for one in (client, with_catalog))
    assert (expected.status_code, found.status_code, found.mimetype) == (200, 200, accept), found.data
    if accept == "application/n-triples":
        assert sorted(found.data.splitlines()) == sorted(expected.data.splitlines())
    else:
        assert sorted_result(found) == sorted_result(expected)


def sorted_result(response):
    result = json.loads(response.data)
    if "results" in result:
        result["results"]["bindings"].sort(key=str)
    return result


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}data/dataset> {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{BASE}data/dataset> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{BASE}data/dataset> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_a_named_graph_is_asked_by_its_name(stateless, generation, query):
    number = sum(1 for _ in generation.graph_lines(f"{BASE}data/dataset"))
    assert number > 100
    assert asked(stateless, query, Accept="text/csv").text.split() == ["n", str(number)]


@pytest.mark.parametrize("extension", ["csv", "tsv", "xml", "json", "html"])
def test_results_come_in_every_format(with_catalog, client, extension):
    query = {"query": QUERIES["rows"], "format": extension}
    expected = client.get("/repo/sparql", query_string=query)
    found = with_catalog.get("/repo/sparql", query_string=query)
    assert (found.status_code, found.mimetype) == (200, expected.mimetype)
    if extension != "html":
        assert found.data == expected.data


def test_without_a_catalog_documents_results_and_lists_are_there_still(stateless, client):
    for path in ("data/item/999/a.b/c.ttl", "data/item/999/7.jsonld", "data/person/rp1.ttl"):
        assert stateless.get(f"/repo/{path}").data == client.get(f"/repo/{path}").data, path
    assert asked(stateless, QUERIES["count"]).data == asked(client, QUERIES["count"]).data
    lists = [one.get("/repo/items", headers={"Accept": "text/html"}).text for one in (stateless, client)]
    assert lists[0].count("/repo/id/item/") == lists[1].count("/repo/id/item/") > 10
    page = stateless.get("/repo/page/item/999/7", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert stateless.get("/repo/page/serial/0003-4967").status_code == 200
    assert b"void:triples" in stateless.get("/repo/data/dataset.ttl").data
    assert stateless.get("/repo/sitemap.xml").status_code == 200
    gone = stateless.get("/repo/id/item/999/gone", headers={"Accept": "text/plain"})
    assert (gone.status_code, "2026-10-01" in gone.text) == (410, True)
    assert HOSTILE not in stateless.get("/repo/id/item/999/nothing").text


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        pytest.param("SELECT * { ?s ?p", 400, "The query cannot be read", id="syntax"),
        pytest.param(
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "SERVICE is refused", id="SERVICE"
        ),
        pytest.param("INSERT DATA { <x:a> <x:b> <x:c> }", 403, "only reads", id="update"),
        pytest.param('SELECT (bif:http_get("http://127.0.0.1:9/") AS ?x) {}', 400, "bif", id="function of an engine"),
        pytest.param(
            'PREFIX b: <bif:> SELECT (b:http_get("http://127.0.0.1:9/") AS ?x) {}', 400, "are refused", id="declared"
        ),
        pytest.param(
            'PREFIX b: <bi> SELECT (b:f\\:http_get("http://127.0.0.1:9/") AS ?x) {}', 400, "", id="declared in part"
        ),
        pytest.param(
            'PREFIX b: <\\u0062if:> SELECT (b:http_get("http://127.0.0.1:9/") AS ?x) {}',
            400,
            "are refused",
            id="escaped",
        ),
        pytest.param(
            'DEFINE get:soft "replacing" SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }', 400, "", id="pragma"
        ),
    ],
)
def test_what_is_refused_by_the_embedded_store_or_reaches_beyond_the_other_one_is_refused(
    stateless, query, status, message
):
    found = stateless.post("/repo/sparql", data={"query": query}, headers={"Accept": "text/plain"})
    assert found.status_code == status, found.text
    assert message in found.text


def test_a_graph_that_is_not_ours_is_not_asked(servers, generation, tmp_path):
    server = servers("virtuoso")
    fill(server, generation)
    with closing(server.writer()) as client:
        client.add("https://other.example.org/private", b'<x:a> <x:b> "private" .\n')
    front = Front(server, generation, tmp_path)
    with running(front.app(stateless=True)) as app:
        client = app.test_client()
        for query in (
            "SELECT ?o FROM <https://other.example.org/private> { ?s ?p ?o }",
            "PREFIX o: <https://other.example.org/> SELECT ?o FROM o:private { ?s ?p ?o }",
        ):
            assert asked(client, query, Accept="text/plain").status_code == 400
        everything = asked(client, "SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } }", Accept="text/csv").text
        assert "private" not in everything
    front.site.close()


def test_a_store_that_does_not_answer_is_told_and_its_address_is_not(tmp_path, caplog):
    from tests.helpers.servers import free_port

    address = f"http://127.0.0.1:{free_port()}/query"
    settings = make_settings(SETTINGS | {"base_iri": BASE, "store": address}, {})
    site = RemoteSite(settings, Site(tmp_path), {})
    with running(create_app(settings, site)) as app:
        client = app.test_client()
        found = client.get("/repo/id/item/999/7", headers={"Accept": "text/plain"})
    site.close()
    assert found.status_code == 503
    assert found.headers["Retry-After"]
    assert "The store behind this site does not answer" in found.text
    assert address not in found.text
    assert address in caplog.text


def test_documents_and_queries_are_asked_for_with_a_signature(servers, generation, tmp_path):
    server = servers("signed")
    fill(server, generation)
    front = Front(server, generation, tmp_path)
    with running(front.app(stateless=True)) as app:
        client = app.test_client()
        assert client.get("/repo/data/dataset.ttl").status_code == 200
        assert asked(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").status_code == 200
    front.site.close()


def test_an_empty_store_says_that_nothing_is_published(servers, tmp_path):
    server = servers("oxigraph")
    server.emptied().close()
    settings = make_settings(SETTINGS | {"base_iri": BASE, "store": server.query}, {})
    site = RemoteSite(settings, Site(tmp_path), {})
    with running(create_app(settings, site)) as app:
        client = app.test_client()
        assert "Nothing has been published here yet" in client.get("/repo/").text
    site.close()


def test_a_store_without_a_mark_is_served_as_it_stands(servers, generation, tmp_path):
    server = servers("oxigraph")
    with closing(server.emptied()) as client:
        client.add("", "".join(f"{claim(*one)}\n" for one in generation.store.all_triples()).encode())
    settings = make_settings(SETTINGS | {"base_iri": BASE, "store": server.query}, {})
    site = RemoteSite(settings, Site(tmp_path), {})
    with running(create_app(settings, site)) as app:
        client = app.test_client()
        body = client.get("/repo/data/item/999/7.ttl").data
        assert len(list(ox.parse(body, ox.RdfFormat.TURTLE))) > 5
        assert site.live().catalog.counts()["triples"] == generation.catalog.counts()["triples"]
    site.close()
