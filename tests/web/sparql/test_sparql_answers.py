"""What an answer of the endpoint carries beside its result: limits, times, an ETag; how it is kept, and how it breaks off."""

import http.client
import json
import logging
import socket
import time
import urllib.parse
from contextlib import ExitStack, suppress

import pyoxigraph as ox
import pytest
from rdflib.compare import isomorphic

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.server.waitress import _WithoutBrokenOff
from lod.web.sparql import answer as sparql_answer
from lod.web.sparql.answer import BrokenOffError
from tests.helpers.read_back import blanked, read_by_rdflib
from tests.helpers.web_site import BASE, DATA, PublishedHere, build, running, serving

EVERYTHING = "SELECT * { ?a dcterms:title ?b . ?c dcterms:title ?d }"
TITLES = "SELECT ?title { ?item dcterms:title ?title } ORDER BY ?title"
JENA_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
JENA_GRAPHS = (
    "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.3"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def ask(client, query, accept="*/*", method="GET", **parameters):
    headers = {"Accept": accept, **parameters.pop("headers", {})}
    return client.open(
        f"/repo/sparql?{urllib.parse.urlencode({'query': query, **parameters})}", method=method, headers=headers
    )


@pytest.fixture
def served(web_settings, generation):
    """A function that serves the site with some settings changed, and returns its host and port."""
    with ExitStack() as open_:

        def serve(**changed):
            settings = make_settings({"base_iri": BASE, "query_time_limit_s": 60, **changed}, {})
            app = open_.enter_context(running(create_app(settings, PublishedHere(generation))))
            limits = {"max_request_header_size": 70_000, "max_request_body_size": 70_000}
            return app, open_.enter_context(serving(app, channel_request_lookahead=1, **limits))

        yield serve


def raw(address, request):
    """Send bytes, read until the server closes."""
    with socket.create_connection(address, timeout=30) as connection:
        received = b""
        with suppress(ConnectionError):
            connection.sendall(request)
            while part := connection.recv(65_536):
                received += part
    return received


def query_path(query, **parameters):
    return f"/repo/sparql?{urllib.parse.urlencode({'query': query, **parameters})}"


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        pytest.param(TITLES, JENA_ROWS, "application/sparql-results+json", id="Jena, rows"),
        pytest.param("ASK {}", JENA_ROWS, "application/sparql-results+json", id="Jena, ASK"),
        pytest.param("CONSTRUCT WHERE { ?s a bibo:Journal }", JENA_GRAPHS, "text/turtle", id="Jena, graph"),
        pytest.param(TITLES, BROWSER, "text/html", id="browser"),
        pytest.param(TITLES, "text/javascript, application/json", "application/sparql-results+json", id="script"),
    ],
)
def test_real_headers_are_answered(client, query, accept, media_type):
    response = ask(client, query, accept)
    assert (response.status_code, response.mimetype) == (200, media_type)


@pytest.mark.parametrize(
    ("format_", "body"),
    [
        ("json", '{"head":{},"boolean":true}'),
        ("csv", "_askResult\r\ntrue\r\n"),
        ("tsv", "?_askResult\ntrue\n"),
    ],
)
def test_ask_has_an_answer_in_every_format_of_rows(client, format_, body):
    assert ask(client, "ASK {}", format=format_).text == body


def test_every_answer_tells_the_limits_and_the_times(client):
    response = ask(client, TITLES)
    assert response.headers["Query-Limits"] == "seconds=60, rows=2000000, bytes=3000000"
    assert response.headers["Server-Timing"].startswith("wait;dur=")
    assert "evaluate;dur=" in response.headers["Server-Timing"]


def test_head_has_the_headers_of_get_and_no_body(client):
    whole = ask(client, TITLES)
    head = ask(client, TITLES, method="HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_a_script_of_another_site_may_post_a_query(client):
    response = client.options(
        "/repo/sparql",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, authorization, x-anything",
        },
    )
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "content-type, authorization, x-anything"
    assert "Access-Control-Request-Headers" in response.headers["Vary"]


def test_a_preflight_gets_back_names_of_headers_only(client):
    asked = 'x-a, , x b, "x-c", x-d<'
    headers = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": asked}
    assert client.options("/repo/sparql", headers=headers).headers["Access-Control-Allow-Headers"] == "x-a"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_offered(client, method):
    response = client.open("/repo/sparql", method=method)
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_an_unchanged_answer_is_not_made_or_sent_again(client):
    first = ask(client, TITLES)
    again = ask(client, TITLES, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = ask(client, TITLES, "text/csv", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_what_differs_each_time_is_made_each_time(client, monkeypatch):
    monkeypatch.setattr(sparql_answer, "_CACHED_FROM_S", 0)
    first = ask(client, "SELECT (STRUUID() AS ?x) {}")
    again = ask(client, "SELECT (STRUUID() AS ?x) {}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.data != first.data


def test_an_unchanged_page_is_not_made_again_in_whatever_coding_it_was_sent(client):
    headers = {"Accept-Encoding": "gzip"}
    first = ask(client, TITLES, BROWSER, headers=headers)
    assert first.headers["Content-Encoding"] == "gzip"
    again = ask(client, TITLES, BROWSER, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Server-Timing"]) == (304, "kept;dur=0.0")


def test_an_expensive_answer_is_kept_while_its_generation_lives(
    web_settings, generation, tmp_path, monkeypatch, make_app
):
    monkeypatch.setattr(sparql_answer, "_CACHED_FROM_S", 0)
    site = PublishedHere(generation)
    app = make_app(web_settings, site)
    client = app.test_client()
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    first, second = ask(client, count), ask(client, count)
    assert second.headers["Server-Timing"].startswith("kept;")
    assert (second.data, second.mimetype, second.headers["ETag"]) == (first.data, first.mimetype, first.headers["ETag"])
    site.generation = build(tmp_path, "next", [DATA / "many.ttl"])
    third = ask(client, count)
    assert third.data != first.data
    assert third.headers["ETag"] != first.headers["ETag"]


def test_results_come_in_the_same_order_from_every_worker(web_settings, generation, make_app):
    app = make_app(web_settings, PublishedHere(generation))
    client = app.test_client()
    queries = (
        "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type",
        "SELECT DISTINCT ?p { ?s ?p ?o }",
        "SELECT * { ?s dcterms:title ?t OPTIONAL { ?s dcterms:isPartOf ?w } } LIMIT 200",
        "CONSTRUCT { ?o a ?p } WHERE { ?s ?p ?o FILTER(ISIRI(?o)) }",
    )
    pool = app.extensions["lod"].pool
    found = []
    for _ in range(3):
        formats = (
            "text/csv, application/n-triples",
            "application/sparql-results+json, text/turtle",
            "application/rdf+xml",
        )
        found.append([ask(client, query, accept).data for query in queries for accept in formats])
        for worker in list(pool._idle):
            worker.end()
    assert found[0] == found[1] == found[2]


def test_a_client_may_ask_for_less_time(client):
    response = ask(client, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", timeout="0.2")
    assert (response.status_code, response.text) == (503, "The query ran longer than 0.2 s and was stopped.\n")


def test_language_tags_are_those_of_the_documents(client, generation, tmp_path):
    query = "SELECT ?t { VALUES ?t { 'a'@zh-hant-hk 'b'@en-GB 'c'@de } }"
    assert [row["t"]["xml:lang"] for row in ask(client, query).json["results"]["bindings"]] == [
        "zh-Hant-HK",
        "en-GB",
        "de",
    ]


@pytest.mark.parametrize("key", ["item/999/7", "item/999/a.b/c", "serial/0003-4967"])
def test_describe_gives_the_triples_that_dereferencing_gives(client, key):
    described = ask(client, f"DESCRIBE <id/{key}>", "application/n-triples")
    document = client.get(f"/repo/data/{key}?format=nt")
    assert document.status_code == 200
    # The cells of lists are blank in the document, and have IRIs here.
    assert "_:" not in described.text
    graph, expected = (read_by_rdflib(response.text, "nt") for response in (described, document))
    assert isomorphic(blanked(graph), blanked(expected))


def test_describe_of_several_resources_gives_all_their_documents(client):
    one, two = (client.get(f"/repo/data/item/999/{key}?format=nt").text.splitlines() for key in ("7", "7.nt"))
    both = ask(client, "DESCRIBE <id/item/999/7> <id/item/999/7.nt>", "application/n-triples").text.splitlines()
    assert len(one) > 1
    assert set(both) == {*one, *two}


def test_a_client_that_has_used_its_seconds_is_told_when_to_come_again(web_settings, generation, make_app):
    app = make_app(web_settings, PublishedHere(generation))
    client = app.test_client()
    place = app.extensions["lod"].admission.enter("192.0.2.7")
    app.extensions["lod"].admission.leave("192.0.2.7", quick=False, seconds=90)
    response = client.get("/repo/sparql?query=ASK%7B%7D", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert response.status_code == 429
    assert 25 <= int(response.headers["Retry-After"]) <= 35
    assert response.text.startswith("Queries from your address have used their 60 seconds a minute; try again in ")
    other = client.get("/repo/sparql?query=ASK%7B%7D", environ_overrides={"REMOTE_ADDR": "192.0.2.8"})
    assert other.status_code == 200
    place.leave()


def test_turtle_declares_the_prefixes_that_it_uses(client):
    text = ask(client, "CONSTRUCT WHERE { ?j a bibo:Journal ; dcterms:title ?t }", "text/turtle").text
    assert "@prefix dcterms: <http://purl.org/dc/terms/> ." in text
    assert "@prefix skos:" not in text
    assert "a bibo:Journal" in text


def test_a_result_over_the_limit_of_bytes_says_so_at_its_end_and_breaks_the_connection(served):
    _, address = served(max_result_bytes=2_000_000)
    connection = http.client.HTTPConnection(*address, timeout=30)
    connection.request("GET", query_path(EVERYTHING), headers={"Accept": "text/csv"})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    old = raw(address, f"GET {query_path(EVERYTHING)} HTTP/1.0\r\nAccept: application/n-triples\r\n\r\n".encode())
    assert old.endswith(
        b"*** The result was broken off and is not whole: The result is larger than 2000000 bytes; ask for less, with LIMIT for example. ***\n"
    )


def test_a_result_over_the_limit_of_rows_says_so(served):
    _, address = served(max_result_rows=20_000)
    old = raw(address, f"GET {query_path(EVERYTHING, format='tsv')} HTTP/1.0\r\n\r\n".encode())
    assert b"The result has more than 20000 rows; ask for less" in old[-200:]
    response = http.client.HTTPConnection(*address, timeout=30)
    response.request("GET", query_path(EVERYTHING + " LIMIT 20000", format="tsv"))
    assert len(response.getresponse().read().splitlines()) == 20_001


@pytest.mark.slow
def test_a_broken_off_result_cannot_be_taken_for_a_whole_one_by_its_syntax(served):
    """Behind a proxy that speaks HTTP/1.0 a broken connection looks like an end."""
    _, address = served(max_result_bytes=1_500_000)
    request = "GET {} HTTP/1.0\r\n\r\n"
    for format_, parse in (
        ("json", json.loads),
        ("xml", lambda body: list(ox.parse_query_results(body, format=ox.QueryResultsFormat.XML))),
        ("tsv", lambda body: list(ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV))),
    ):
        body = raw(address, request.format(query_path(EVERYTHING, format=format_)).encode()).partition(b"\r\n\r\n")[2]
        with pytest.raises((ValueError, SyntaxError)):
            parse(body)
    everything = "CONSTRUCT { ?a dcterms:title ?d } WHERE { ?a dcterms:title ?b . ?c dcterms:title ?d }"
    for format_ in ("ttl", "nt", "nq", "trig", "rdf", "jsonld"):
        body = raw(address, request.format(query_path(everything, format=format_)).encode()).partition(b"\r\n\r\n")[2]
        form = ox.RdfFormat.JSON_LD if format_ == "jsonld" else ox.RdfFormat.from_extension(format_)
        with pytest.raises(SyntaxError):
            list(ox.parse(body, format=form))


def test_a_broken_off_answer_is_logged_in_one_line_without_a_traceback():
    record = logging.LogRecord(
        "waitress", logging.ERROR, __file__, 1, "x", (), (BrokenOffError, BrokenOffError("x"), None)
    )
    other = logging.LogRecord("waitress", logging.ERROR, __file__, 1, "x", (), (ValueError, ValueError("x"), None))
    assert [_WithoutBrokenOff().filter(one) for one in (record, other)] == [False, True]


def test_a_worker_is_free_again_when_its_client_goes_away(served):
    app, address = served(query_workers=1, query_time_limit_s=60)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with socket.create_connection(address) as connection:
        connection.sendall(f"GET {query_path(slow)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not app.extensions["lod"].admission._taken:
            time.sleep(0.01)
    until = time.monotonic() + 50
    while app.extensions["lod"].admission._taken:
        assert time.monotonic() < until, "the query goes on for nobody"
        time.sleep(0.02)


def test_a_client_that_does_not_read_holds_no_worker(served):
    app, address = served(query_workers=1)
    with socket.create_connection(address) as connection:
        query = "SELECT * { ?a dcterms:title ?b . ?c dcterms:title ?d } LIMIT 30000"
        connection.sendall(f"GET {query_path(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not app.extensions["lod"].admission._taken:
            time.sleep(0.01)
        until = time.monotonic() + 50
        while app.extensions["lod"].admission._taken:
            assert time.monotonic() < until, "the worker waits for a client that does not read"
            time.sleep(0.02)


ODD_REQUESTS = [
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n", 200, id="chunked"),
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n\r\n", 400, id="no length"),
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12\r\n\r\nquery=ASK+{}", 415, id="no type"),
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 9999999\r\nConnection: close\r\n\r\n", 413, id="length over the limit"),
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: -1\r\nConnection: close\r\n\r\n", 400, id="negative length"),
    pytest.param(b"POST /repo/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query; charset=utf-16\r\nContent-Length: 6\r\nConnection: close\r\n\r\nASK {}", 415, id="charset"),
    pytest.param(b"GET /repo/sparql?query=ASK{}&query=ASK{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, id="twice"),
    pytest.param(b"GET /repo/sparql?query=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, id="no UTF-8"),
    pytest.param(b"GET /repo/sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000 + b"\r\nConnection: close\r\n\r\n", 431, id="a megabyte of headers"),
    pytest.param(b"GET /repo/sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 6_000 + b"\r\nConnection: close\r\n\r\n", 406, id="long Accept"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "status"), ODD_REQUESTS)
def test_odd_requests_are_answered(served, request_, status):
    _, address = served()
    received = raw(address, request_)
    # A server that closes on somebody who still sends may be heard no more.
    assert received[9:12] in ({b"431", b""} if status == 431 else {str(status).encode()})
    assert raw(address, f"GET {query_path('ASK {}')} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.0 200")
