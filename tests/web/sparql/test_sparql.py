"""The SPARQL endpoint over real HTTP: results, refusals, limits, and that the rest goes on meanwhile."""

import csv
import gzip
import io
import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod.rdf.formats import RDF_XML
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.evaluation.admission_control import QUICK_PLACES
from lod.web.http.formats import GRAPH_FORMATS
from tests.helpers.waiting import wait_until
from tests.helpers.web_site import BASE, DATA, PublishedHere, build, running, serving

TITLES = "SELECT ?title { ?item a rt:RepositoryItem ; dcterms:title ?title FILTER(STRSTARTS(?title, 'Seven')) } ORDER BY ?title"
GRAPH = f"{BASE}data/dataset"
ABOUT = "CONSTRUCT WHERE { <id/item/999/7> ?p ?o }"
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NESTED = "SELECT * { FILTER(" + "IF(" * 1000 + "1" + ",1,1)" * 1000 + ") }"
DEADLY = "SELECT (1" + "+1" * 9_900 + " AS ?x) {}"
MEMORY = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def ask(address, query=None, *, accept=None, method="GET", data=None, kind=None, **parameters):
    """Return status, headers and body of a request to the endpoint."""
    if query is not None:
        parameters["query"] = query
    url = f"{address}sparql" + (f"?{urllib.parse.urlencode(parameters)}" if parameters else "")
    headers = {name: value for name, value in (("Accept", accept), ("Content-Type", kind)) if value}
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def titles_of_json(body):
    return [row["title"]["value"] for row in json.loads(body)["results"]["bindings"]]


def titles_of_xml(body):
    return [node.text for node in ElementTree.fromstring(body).iter() if node.tag.endswith("}literal")]


def titles_of_csv(body):
    return [row["title"] for row in csv.DictReader(io.StringIO(body.decode()))]


def titles_of_tsv(body):
    return [line.partition('"@')[0].strip('"') for line in body.decode().splitlines()[1:]]


@pytest.mark.parametrize(
    ("accept", "media_type", "read"),
    [
        pytest.param("application/sparql-results+json", "application/sparql-results+json", titles_of_json, id="JSON"),
        pytest.param("application/sparql-results+xml", "application/sparql-results+xml", titles_of_xml, id="XML"),
        pytest.param("text/csv", "text/csv", titles_of_csv, id="CSV"),
        pytest.param("text/tab-separated-values", "text/tab-separated-values", titles_of_tsv, id="TSV"),
        pytest.param(None, "application/sparql-results+json", titles_of_json, id="anything"),
        pytest.param("text/plain", "text/tab-separated-values", titles_of_tsv, id="plain text"),
        pytest.param("*/*;q=0.1, text/html;q=0.05", "application/sparql-results+json", titles_of_json, id="HTML last"),
    ],
)
def test_select_answers_in_the_format_asked_for(address, accept, media_type, read):
    status, headers, body = ask(address, TITLES, accept=accept)
    assert status == 200
    assert headers.get_content_type() == media_type
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Vary"] == "Accept, Accept-Encoding"
    assert read(body) == ["Seven", "Seven, as N-Triples"]


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        pytest.param("text/turtle", "ttl", id="Turtle"),
        pytest.param("application/n-triples", "nt", id="N-Triples"),
        pytest.param("application/rdf+xml", "rdf", id="RDF/XML"),
        pytest.param("application/ld+json", "jsonld", id="JSON-LD"),
        pytest.param("application/n-quads", "nq", id="N-Quads"),
        pytest.param("application/trig", "trig", id="TriG"),
    ],
)
@pytest.mark.parametrize(
    ("query", "triples"),
    [pytest.param(ABOUT, 4, id="CONSTRUCT"), pytest.param("DESCRIBE <id/item/999/7>", 18, id="DESCRIBE")],
)
def test_graphs_come_in_every_format_of_rdf(address, accept, name, query, triples):
    status, headers, body = ask(address, query, accept=accept)
    assert (status, headers.get_content_type()) == (200, accept)
    form = ox.RdfFormat.JSON_LD if name == "jsonld" else ox.RdfFormat.from_extension(name)
    assert len(list(ox.parse(body, format=form))) == triples


def test_ask_answers_true_or_false(address):
    assert json.loads(ask(address, "ASK { ?s a bibo:Journal }")[2])["boolean"] is True
    assert json.loads(ask(address, "ASK { ?s a bibo:Map }")[2])["boolean"] is False


def test_the_form_of_a_query_is_told_from_its_result_and_not_from_its_text(address):
    query = "# CONSTRUCT\nPREFIX ask: <urn:describe>\nSELECT ?construct { BIND('ASK' AS ?construct) }"
    assert json.loads(ask(address, query)[2])["results"]["bindings"] == [
        {"construct": {"type": "literal", "value": "ASK"}}
    ]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param("application/sparql-query", TITLES.encode(), id="direct"),
        pytest.param("application/sparql-query; charset=utf-8", TITLES.encode(), id="direct with a charset"),
        pytest.param(
            "application/x-www-form-urlencoded", urllib.parse.urlencode({"query": TITLES}).encode(), id="form"
        ),
    ],
)
def test_a_query_can_be_posted(address, kind, data):
    status, _, body = ask(address, method="POST", kind=kind, data=data)
    assert status == 200
    assert titles_of_json(body) == ["Seven", "Seven, as N-Triples"]


@pytest.mark.parametrize(
    ("name", "media_type"), [("csv", "text/csv"), ("json", "application/sparql-results+json"), ("text/csv", "text/csv")]
)
def test_a_format_can_be_named(address, name, media_type):
    assert ask(address, TITLES, accept="application/pdf", format=name)[1].get_content_type() == media_type


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        pytest.param(TITLES, {"format": "ttl"}, "application/sparql-results+json (format=json)", id="rows as Turtle"),
        pytest.param(ABOUT, {"format": "csv"}, "text/turtle (format=ttl)", id="graph as CSV"),
        pytest.param(ABOUT, {"accept": "application/pdf"}, "text/turtle (format=ttl)", id="neither"),
    ],
)
def test_a_format_that_does_not_fit_the_result_is_not_acceptable(address, query, accept, expected):
    status, _, body = ask(address, query, **accept)
    assert status == 406
    assert expected in body.decode()


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (ABOUT, "application/sparql-results+json", "application/ld+json"),
        (ABOUT, "application/sparql-results+xml", "application/rdf+xml"),
        (ABOUT, "text/csv", "text/turtle"),
        (TITLES, "application/ld+json;q=0.9, text/turtle;q=0.5", "application/sparql-results+json"),
        *(
            (TITLES, format_.media_type, "application/sparql-results+json")
            for format_ in GRAPH_FORMATS
            if format_ is not RDF_XML
        ),
        (TITLES, "application/rdf+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/turtle", "application/sparql-results+json"),
        ("ASK {}", "application/rdf+xml", "application/sparql-results+xml"),
    ],
)
def test_a_client_that_names_formats_of_the_other_form_only_gets_the_nearest(address, query, accept, media_type):
    """As rdflib's SPARQLStore does, which names formats of SELECT also when it sends CONSTRUCT."""
    status, headers, _ = ask(address, query, accept=accept)
    assert (status, headers.get_content_type()) == (200, media_type)


@pytest.fixture(scope="module")
def with_graphs(tmp_path_factory, web_settings):
    """A site with a named graph in its store."""
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "graph.nq").write_text(f'<urn:a> <urn:b> "c" <{GRAPH}> .\n')
    with running(
        create_app(web_settings, PublishedHere(build(folder, "graphs", [DATA / "site.ttl", folder / "graph.nq"])))
    ) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("dataset", "asked", "answered"),
    [
        pytest.param({}, "?s ?p ?o", True, id="the published triples"),
        pytest.param({}, "GRAPH ?g { ?s ?p ?o }", True, id="the named graphs beside them"),
        pytest.param({"default-graph-uri": GRAPH}, "?s ?p ?o", True, id="a graph as the default"),
        pytest.param({"default-graph-uri": GRAPH}, "GRAPH ?g { ?s ?p ?o }", False, id="no named graphs beside it"),
        pytest.param({"named-graph-uri": GRAPH}, "GRAPH ?g { ?s ?p ?o }", True, id="a named graph"),
        pytest.param({"named-graph-uri": GRAPH}, "?s ?p ?o", False, id="an empty default beside it"),
    ],
)
def test_a_dataset_of_the_protocol_holds_what_it_names_and_nothing_else(with_graphs, dataset, asked, answered):
    """As with FROM and FROM NAMED: SPARQL 1.1 Query, section 13.2."""
    answer = with_graphs.get("/repo/sparql", query_string={"query": f"ASK {{ {asked} }}", "format": "json", **dataset})
    assert (answer.status_code, answer.json) == (200, {"head": {}, "boolean": answered})


@pytest.mark.parametrize(
    ("query", "dataset"),
    [
        pytest.param("DESCRIBE <urn:a>", {"default-graph-uri": GRAPH}, id="protocol"),
        pytest.param(f"DESCRIBE <urn:a> FROM <{GRAPH}>", {}, id="FROM"),
        pytest.param("DESCRIBE ?x from <data/dataset> { ?x <urn:b> 'c' }", {}, id="small letters and a relative IRI"),
    ],
)
def test_what_a_named_graph_says_is_described_from_it(with_graphs, query, dataset):
    answer = with_graphs.get("/repo/sparql", query_string={"query": query, "format": "nt", **dataset})
    assert (answer.status_code, answer.text) == (200, '<urn:a> <urn:b> "c" .\n')


def test_the_page_of_a_result_leads_to_the_same_with_the_graphs_that_were_named(with_graphs):
    asked = [("query", "SELECT ?s ?p ?o { ?s ?p ?o }"), ("default-graph-uri", GRAPH)]
    text = with_graphs.get("/repo/sparql", query_string=asked, headers={"Accept": "text/html"}).text
    whole = re.search(r'id="whole">.*?href="([^"]*&amp;format=csv)"', text)[1].replace("&amp;", "&")
    assert urllib.parse.parse_qsl(whole.partition("?")[2]) == [*asked, ("download", "result"), ("format", "csv")]
    assert with_graphs.get(whole).text.split() == ["s,p,o", "urn:a,urn:b,c"]


REFUSED = [
    pytest.param(
        {"query": "SELECT {"},
        400,
        "The query cannot be read: line 1, column 9.\n  SELECT {\n          ^\n",
        id="syntax",
    ),
    pytest.param({"query": " "}, 400, "The query is empty.", id="empty"),
    pytest.param({"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}, 403, "This endpoint only reads", id="update as query"),
    pytest.param({"update": "DROP ALL"}, 403, "This endpoint only reads", id="update"),
    pytest.param({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"}, 403, "SERVICE is refused", id="SERVICE"),
    pytest.param(
        {"query": "ASK {}", "default-graph-uri": "no IRI"},
        400,
        "default-graph-uri=no IRI is no absolute IRI.",
        id="graph",
    ),
    pytest.param(
        {"query": "ASK {}", "named-graph-uri": "urn:x"},
        400,
        "The query cannot be answered: There is no graph urn:x here.",
        id="unknown graph",
    ),
    pytest.param({"query": NESTED}, 400, "The query is nested 1002 levels deep; at most 64 are accepted.", id="nested"),
]


@pytest.mark.parametrize(("parameters", "status", "message"), REFUSED)
def test_a_wrong_request_is_refused_with_the_reason(address, parameters, status, message):
    query = parameters.pop("query", None)
    found, headers, body = ask(address, query, **parameters)
    assert found == status
    assert headers.get_content_type() == "text/plain"
    assert body.decode().startswith(message)


@pytest.mark.parametrize(
    ("kind", "data", "status", "message"),
    [
        pytest.param("application/sparql-update", b"DROP ALL", 403, "This endpoint only reads", id="update"),
        pytest.param(
            "application/x-www-form-urlencoded", b"update=DROP+ALL", 403, "This endpoint only reads", id="form"
        ),
        pytest.param("application/x-www-form-urlencoded", b"x=1", 400, "The request holds no query", id="no query"),
        pytest.param(
            "application/x-www-form-urlencoded",
            b"query=ASK{}&query=ASK{}",
            400,
            "The request holds 2 queries",
            id="two",
        ),
        pytest.param("text/csv", b"a,b", 415, "A query is sent as", id="another type"),
        pytest.param("application/sparql-query", b"\xff", 400, "The query is not UTF-8: byte 0", id="no UTF-8"),
        pytest.param(
            "application/sparql-query", b"#" * 20_001, 413, "The query has 20001 bytes; at most 20000", id="long"
        ),
        pytest.param("application/sparql-query", b"#" * 70_000, 413, "", id="far too long"),
    ],
)
def test_a_wrong_post_is_refused_with_the_reason(address, kind, data, status, message):
    found, _, body = ask(address, method="POST", kind=kind, data=data)
    assert found == status
    assert body.decode().startswith(message)


def test_a_query_in_a_coding_is_refused_with_the_coding_that_would_do(client):
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    response = client.post("/repo/sparql", data=gzip.compress(b"ASK {}"), headers=headers)
    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "identity"
    assert response.text == "A query is sent as it is, not coded as gzip; leave Content-Encoding out.\n"
    headers["Content-Encoding"] = "identity"
    assert client.post("/repo/sparql", data=b"ASK {}", headers=headers).status_code == 200


def test_nothing_is_ever_written(address, generation):
    before = generation.store.count()
    for data in (b"update=DROP+ALL", b"query=DROP+ALL"):
        ask(address, method="POST", kind="application/x-www-form-urlencoded", data=data)
    assert json.loads(ask(address, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[2])["results"]["bindings"][0]["n"][
        "value"
    ] == str(before)


def test_without_a_query_a_browser_gets_a_form_and_a_program_a_description(address):
    status, headers, body = ask(address, accept="text/html,*/*;q=0.8")
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert b"<textarea" in body
    status, headers, body = ask(address)
    assert (status, headers.get_content_type()) == (200, "text/turtle")
    assert b"sd:supportedLanguage sd:SPARQL11Query" in body


def test_scripts_of_other_sites_may_ask(address):
    status, headers, _ = ask(address, method="OPTIONS")
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in headers["Access-Control-Allow-Methods"]


@pytest.mark.slow
def test_a_query_that_runs_too_long_is_stopped_while_the_rest_goes_on(web_settings, generation, make_app):
    app = make_app(replace(web_settings, query_time_limit_s=2), PublishedHere(generation))
    answers = []
    with serving(app) as (host, port):
        address = f"http://{host}:{port}/repo/"
        thread = threading.Thread(target=lambda: answers.append(ask(address, CROSS_PRODUCT)))
        thread.start()
        served = 0
        while thread.is_alive():
            with urllib.request.urlopen(f"{address}data/item/999/a.b/c.ttl", timeout=30) as response:
                assert response.status == 200
            served += thread.is_alive()
        status, headers, body = answers[0]
        assert status == 503
        assert headers["Retry-After"] == "5"
        assert body.decode() == "The query ran longer than 2 s and was stopped.\n"
        assert served
        assert ask(address, TITLES)[0] == 200


def test_a_query_that_kills_its_process_is_refused_and_the_next_one_answered(address):
    found, _, body = ask(address, method="POST", kind="application/sparql-query", data=DEADLY.encode())
    assert found == 400
    assert body.decode().startswith("The query could not be evaluated: it ended the process that ran it (SIG")
    assert titles_of_json(ask(address, TITLES)[2]) == ["Seven", "Seven, as N-Triples"]


def test_a_result_that_is_too_large_is_refused_when_nothing_of_it_was_sent(web_settings, generation, make_app):
    settings = make_settings({"base_iri": web_settings.base_iri, "max_result_bytes": 2_000, "query_workers": 1}, {})
    app = make_app(settings, PublishedHere(generation))
    response = app.test_client().get("/repo/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
    assert response.status_code == 400
    assert response.text == "The result is larger than 2000 bytes; ask for less, with LIMIT for example.\n"


@pytest.mark.slow
def test_a_query_that_takes_too_much_memory_is_stopped(web_settings, generation, make_app):
    settings = make_settings(
        {"base_iri": web_settings.base_iri, "query_memory_limit_mib": 64, "query_workers": 1, "query_time_limit_s": 60},
        {},
    )
    app = make_app(settings, PublishedHere(generation))
    response = app.test_client().get("/repo/sparql", query_string={"query": MEMORY})
    assert response.status_code == 503
    assert response.text == "The query needed more than 64 MiB of memory and was stopped.\n"


def test_when_all_places_are_taken_the_client_is_told_to_come_again(web_settings, generation, make_app):
    settings = make_settings({"base_iri": web_settings.base_iri, "query_workers": 1, "query_queue": 0}, {})
    app = make_app(settings, PublishedHere(generation))
    admission = app.extensions["lod"].admission
    places = [admission.enter("127.0.0.1") for _ in range(1 + QUICK_PLACES)]
    response = app.test_client().get("/repo/sparql", query_string={"query": "ASK {}"})
    assert response.status_code == 503
    assert response.text == "Too many queries are being evaluated; try again in 5 seconds.\n"
    assert response.headers["Retry-After"] == "5"
    for place in places:
        place.leave()
    assert app.test_client().get("/repo/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_the_workers_read_the_new_generation_after_a_switch(web_settings, generation, tmp_path, make_app):
    site = PublishedHere(generation)
    app = make_app(web_settings, site)
    client = app.test_client()
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
    before = int(client.get("/repo/sparql", query_string=count).text.split()[1])
    site.generation = build(tmp_path, "next", [DATA / "many.ttl"])
    after = {int(client.get("/repo/sparql", query_string=count).text.split()[1]) for _ in range(4)}
    assert (before, after) == (generation.store.count(), {site.generation.store.count()})


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc to look for open files in")
def test_no_worker_holds_a_generation_open_that_is_no_longer_live(web_settings, generation, tmp_path, make_app):
    site = PublishedHere(build(tmp_path, "older", [DATA / "many.ttl"]))
    app = make_app(web_settings, site)
    client, pool = app.test_client(), app.extensions["lod"].pool

    def holding():
        return [pid for pid in pool.pids() for path in Path(f"/proc/{pid}/fd").glob("*") if "/older/" in linked(path)]

    assert client.get("/repo/sparql?query=ASK%7B%7D").status_code == 200
    assert holding()
    site.generation = generation
    assert client.get("/repo/sparql?query=ASK%7B%7D").status_code == 200
    until = time.monotonic() + 60
    while holding():
        assert time.monotonic() < until, "a worker holds the files of a generation that is gone"
        time.sleep(0.02)


def linked(path):
    try:
        return str(path.readlink())
    except OSError:
        return ""


def test_workers_end_with_the_pool_and_leave_no_zombies(web_settings, generation, make_app):
    app = make_app(web_settings, PublishedHere(generation))
    pool = app.extensions["lod"].pool
    assert app.test_client().get("/repo/sparql", query_string={"query": "ASK {}"}).status_code == 200
    wait_until(lambda: len(pool.pids()) == pool.size, "a worker does not start")
    pids = pool.pids()
    assert len(pids) == web_settings.query_workers + QUICK_PLACES + 2
    pool.close()
    if not Path("/proc/self").exists():
        pytest.skip("no /proc to look for processes in")
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_worker_that_was_killed_from_outside_is_replaced(make_app, web_settings, generation):
    # Its own app: no other test is to meet a worker that is being killed.
    app = make_app(web_settings, PublishedHere(generation))
    pool, client = app.extensions["lod"].pool, app.test_client()
    assert client.get("/repo/sparql", query_string={"query": "ASK {}"}).status_code == 200
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    statuses = [client.get("/repo/sparql", query_string={"query": "ASK {}"}).status_code for _ in range(3)]
    assert statuses[-1] == 200


@pytest.mark.slow
def test_a_large_result_streams_whole(address):
    query = "SELECT ?a ?b ?c ?d { ?a dcterms:title ?b . ?c dcterms:title ?d } LIMIT 9000"
    status, _, body = ask(address, query, accept="text/csv")
    assert status == 200
    assert len(body.decode().splitlines()) == 9001
