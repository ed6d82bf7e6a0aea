"""What an answer of the endpoint carries beside its result: limits, times, an ETag; how it is kept, and how it breaks off."""

import http.client
import json
import socket
import threading
import time
import urllib.parse
from contextlib import ExitStack, closing, suppress

import pytest
from rdflib.compare import isomorphic

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.sparql import answer as sparql_answer
from tests.helpers.read_back import blanked, read_by_rdflib
from tests.helpers.waiting import ended, wait_until
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


@pytest.mark.slow
def test_a_client_that_has_used_its_seconds_is_told_when_to_come_again(web_settings, generation, make_app):
    app = make_app(web_settings, PublishedHere(generation))
    client = app.test_client()
    app.extensions["lod"].admission._budgets.take("192.0.2.7", 90)
    response = client.get("/repo/sparql?query=ASK%7B%7D", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert response.status_code == 429
    assert 25 <= int(response.headers["Retry-After"]) <= 35
    assert response.text.startswith("Queries from your address have used their 60 seconds a minute; try again in ")
    other = client.get("/repo/sparql?query=ASK%7B%7D", environ_overrides={"REMOTE_ADDR": "192.0.2.8"})
    assert other.status_code == 200


def test_turtle_declares_the_prefixes_that_it_uses(client):
    text = ask(client, "CONSTRUCT WHERE { ?j a bibo:Journal ; dcterms:title ?t }", "text/turtle").text
    assert "@prefix dcterms: <http://purl.org/dc/terms/> ." in text
    assert "@prefix skos:" not in text
    assert "a bibo:Journal" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (
            {"max_result_bytes": 4_000_000},
            "The result is larger than 4000000 bytes; ask for less, with LIMIT for example.",
        ),
        ({"max_result_rows": 20_000}, "The result has more than 20000 rows; ask for less, with LIMIT for example."),
    ],
)
@pytest.mark.parametrize("format_", ["json", "csv"])
def test_a_result_over_a_limit_is_refused_before_its_first_byte(served, limits, message, format_):
    app, address = served(**limits)
    answer = raw(address, f"GET {query_path(EVERYTHING, format=format_)} HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.0 400 BAD REQUEST")
    assert answer.endswith(f"{message}\n".encode())
    assert app.extensions["lod"].waiting_bytes() == 0


@pytest.mark.slow
def test_a_result_may_have_as_many_rows_as_the_limit_says(served):
    _, address = served(max_result_rows=20_000)
    answer = raw(address, f"GET {query_path(EVERYTHING + ' LIMIT 20000', format='tsv')} HTTP/1.0\r\n\r\n".encode())
    assert len(answer.partition(b"\r\n\r\n")[2].splitlines()) == 20_001


def test_a_query_that_runs_too_long_after_its_first_rows_is_refused_whole(served):
    _, address = served()
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER(STRLEN(STR(?l)) > 3) }"
    answer = raw(address, f"GET {query_path(endless, format='csv', timeout='1')} HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.0 503", b"HTTP/1.0 400"))
    assert b"?a,?b" not in answer


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_long_result_is_sent_from_a_file_whose_disk_is_freed(served, method):
    app, address = served()
    form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    path = query_path(EVERYTHING, format="json")
    body = path.partition("?")[2] if method == "POST" else None
    with closing(http.client.HTTPConnection(*address, timeout=60)) as connection:
        connection.request(method, path.partition("?")[0] if body else path, body=body, headers=form)
        response = connection.getresponse()
        size = int(response.headers["Content-Length"])
        assert size > 3 << 20
        found = response.read()
        assert len(found) == (0 if method == "HEAD" else size)
        if found:
            assert json.loads(found)["results"]["bindings"]
        # The connection stays open, and what has been read takes no disk.
        until = time.monotonic() + 60
        while app.extensions["lod"].waiting_bytes():
            assert time.monotonic() < until, "the file of a result is kept"
            time.sleep(0.01)
        connection.request("GET", query_path("ASK {}", format="csv"))
        assert connection.getresponse().read() == b"_askResult\r\ntrue\r\n"


@pytest.mark.slow
def test_a_result_for_which_the_disk_has_no_room_is_refused(served, monkeypatch):
    app, address = served(max_waiting_bytes=3_500_000)
    answer = raw(address, f"GET {query_path(EVERYTHING, format='json')} HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.0 503 SERVICE UNAVAILABLE")
    assert b"\r\nRetry-After: 60\r\n" in answer
    assert answer.endswith(b"Too many results wait here for clients that read them slowly; try again in 60 seconds.\n")
    assert app.extensions["lod"].result_buffers.bytes_on_disk == 0


def test_where_the_temporary_folder_cannot_be_written_the_result_is_refused_and_the_log_says_why(
    served, monkeypatch, caplog
):
    app, address = served()
    monkeypatch.setattr("tempfile.tempdir", "/dev/null/none")
    answer = raw(address, f"GET {query_path(EVERYTHING, format='json')} HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.0 503 SERVICE UNAVAILABLE")
    assert "a result cannot be kept in /dev/null/none: Not a directory" in caplog.text
    assert app.extensions["lod"].result_buffers.bytes_on_disk == 0


@pytest.mark.slow
def test_parallel_queries_of_several_clients_are_all_answered_whole(web_settings, generation, make_app):
    app = make_app(make_settings({"base_iri": BASE, "query_seconds_per_minute": 0}, {}), PublishedHere(generation))
    rows = "SELECT ?a ?d { ?a dcterms:title ?b . ?c dcterms:title ?d } LIMIT 30000"
    slow = "SELECT (COUNT(*) AS ?n) { ?a dcterms:title ?b . ?c dcterms:title ?d FILTER(REGEX(?d, '(a|e)+.*x$')) }"
    found = []

    def run(number):
        for turn in range(3):
            query = f"{(rows, slow, TITLES)[(number + turn) % 3]} #{number} {turn}"
            response = app.test_client().get(
                query_path(query, format="csv"), environ_overrides={"REMOTE_ADDR": f"192.0.2.{number % 4}"}
            )
            found.append((response.status_code, len(response.data.splitlines()) > 1))

    threads = [threading.Thread(target=run, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        ended(thread)
    assert found == [(200, True)] * 30
    assert app.extensions["lod"].admission.running == 0


def test_a_worker_is_free_again_when_its_client_goes_away(served):
    app, address = served(query_workers=1, query_time_limit_s=60)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(f"GET {query_path(slow)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_until(lambda: app.extensions["lod"].admission.running, "the query does not begin", 60)
    until = time.monotonic() + 50
    while app.extensions["lod"].admission.running:
        assert time.monotonic() < until, "the query goes on for nobody"
        time.sleep(0.02)


def test_a_client_that_does_not_read_holds_no_worker(served):
    app, address = served(query_workers=1)
    with socket.create_connection(address, timeout=60) as connection:
        query = "SELECT * { ?a dcterms:title ?b . ?c dcterms:title ?d } LIMIT 30000"
        connection.sendall(f"GET {query_path(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        # Its first byte comes when the result is whole: the query may begin and end between two looks.
        assert connection.recv(1, socket.MSG_PEEK)
        until = time.monotonic() + 50
        while app.extensions["lod"].admission.running:
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
