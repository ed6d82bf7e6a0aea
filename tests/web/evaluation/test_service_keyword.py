"""SERVICE as a keyword is found however it is dressed up; the word elsewhere is left alone."""

import socket
import threading

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.web.evaluation.service_keyword import calls_service, undo_escapes

IRI = "http://127.0.0.1:{port}/sparql"

CALLS = [
    pytest.param("SELECT * {{ SERVICE <" + IRI + "> {{ ?s ?p ?o }} }}", id="plain"),
    pytest.param("SELECT * {{ service silent<" + IRI + ">{{ ?s ?p ?o }} }}", id="lower case, silent, no space"),
    pytest.param(
        "PREFIX : <http://127.0.0.1:{port}/> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}", id="empty prefix, no space"
    ),
    pytest.param(
        "PREFIX e: <http://127.0.0.1:{port}/> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}", id="prefix, no space"
    ),
    pytest.param(
        "PREFIX e: <http://127.0.0.1:{port}/> SELECT * {{ SERVICEe:x # {{\n {{ ?s ?p ?o }} }}",
        id="comment before the bracket",
    ),
    pytest.param("SELECT * {{ SERV\\u0049CE <" + IRI + "> {{ ?s ?p ?o }} }}", id="escaped letter"),
    pytest.param("SELECT * {{ \\U00000053ERVICE <" + IRI + "> {{ ?s ?p ?o }} }}", id="long escape"),
    pytest.param(
        'SELECT * {{ # \\u000A """ \n SERVICE <' + IRI + '> {{ ?s ?p ?o }} # """\n }}', id="escape that ends a comment"
    ),
    pytest.param(
        "SELECT * {{ ?a ?b ?c FILTER(?c<'z>c')SERVICE<" + IRI + ">{{ ?s ?p ?o }}#'\n }}",
        id="operator that looks like an IRI",
    ),
    pytest.param(
        "SELECT * {{ VALUES ?x {{<" + IRI + ">}} ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{{ ?s ?p ?o }} }}",
        id="comment that ends an IRI",
    ),
    pytest.param("SELECT * {{ ?a ?b ?c . service ?x {{ ?s ?p ?o }} }}", id="variable"),
    pytest.param("SELECT * {{ {{}} UNION {{ ?s ?p trueSERVICE<" + IRI + ">{{ ?s ?p ?o }} }} }}", id="after a word"),
    pytest.param("SELECT * {{ {{}} UNION {{ ?s ?p 1e5SERVICE<" + IRI + ">{{ ?s ?p ?o }} }} }}", id="after a number"),
    pytest.param("SELECT * {{ <<?s?p'b>c'>> ?p ?o . SERVICE<" + IRI + ">{{}} #'\n}}", id="quoted triple"),
    pytest.param("ASK {{ FILTER EXISTS {{ SERVICE <" + IRI + "> {{ ?s ?p ?o }} }} }}", id="in a filter"),
    pytest.param('SELECT * {{ \'it\' ?p """""" . SERVICE <' + IRI + "> {{ ?s ?p ?o }} }}", id="after strings"),
]

MENTIONS = [
    pytest.param("SELECT * { ?s ?p 'SERVICE <http://example.org/> {}' }", id="string"),
    pytest.param('SELECT * { ?s ?p """a "SERVICE" \\" b""" }', id="long string"),
    pytest.param("SELECT * { ?s ?p '''it's\nSERVICE''' }", id="long string in apostrophes"),
    pytest.param("SELECT * { ?s ?p 'it\\'s SERVICE' }", id="escaped apostrophe"),
    pytest.param("SELECT * { ?s ?p ?o } # SERVICE <x> {", id="comment"),
    pytest.param("SELECT * { ?s <http://example.org/SERVICE> ?o }", id="IRI"),
    pytest.param("SELECT * { ?s <http://example.org/(a)/service#x> ?o }", id="IRI with brackets"),
    pytest.param(
        "SELECT * { <item/service> <service> <#service> . <urn:x:service> <../service> 1 }", id="relative IRIs"
    ),
    pytest.param("SELECT ?service { ?s ?p ?service , $service }", id="variable"),
    pytest.param(
        "PREFIX ex: <urn:x:> SELECT * { ?s ex:service ?o ; ex:a.service 1 ; ex:a\\(service 2 }", id="local name"
    ),
    pytest.param("PREFIX service: <urn:x:> SELECT * { ?s service:x ?o }", id="prefix"),
    pytest.param("PREFIX service: <urn:x:> SELECT * { GRAPH service:x { ?s ?p ?o } }", id="name of a graph"),
    pytest.param("PREFIX service: <urn:x:> SELECT * FROM service:x { ?s ?p ?o }", id="name of a dataset"),
    pytest.param("SELECT * { _:service ?p 'x'@en-service }", id="blank node and language"),
    pytest.param("SELECT * { ?s ?p ?o FILTER(?s < 3 && ?service > 2) }", id="comparison"),
]


@pytest.mark.parametrize("query", CALLS)
def test_a_call_of_another_endpoint_is_found(query):
    assert calls_service(query.format(port=9))


@pytest.mark.parametrize("query", MENTIONS)
def test_the_word_elsewhere_is_no_call(query):
    assert not calls_service(query)


@pytest.fixture(scope="module")
def listener():
    """A socket on the loopback interface that counts who connects."""
    server = socket.create_server(("127.0.0.1", 0))
    connections = []

    def accept():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            connections.append(1)
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield server.getsockname()[1], connections
    server.close()


@pytest.mark.parametrize("query", [CALLS[0], CALLS[2], CALLS[3], CALLS[7], CALLS[8]])
def test_oxigraph_does_connect_for_these_readings(query, listener):
    """The reason for following every reading: should Oxigraph change, this test says which of them can go."""
    port, connections = listener
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
    connections.clear()
    with pytest.raises(OSError):
        list(store.query(query.format(port=port)))
    assert connections


@pytest.mark.parametrize("query", CALLS)
def test_nothing_connects_when_such_a_query_is_sent(query, listener, client):
    port, connections = listener
    connections.clear()
    response = client.post("/repo/sparql", data={"query": query.format(port=port)})
    assert response.status_code == 403
    assert response.text.startswith("SERVICE is refused")
    assert connections == []


def test_a_worker_has_no_network_where_the_system_allows_that(app, client, listener, monkeypatch):
    """The second line: even a query that slips through reaches nobody. Where namespaces are not allowed it does not hold."""
    port, connections = listener
    connections.clear()
    monkeypatch.setattr("lod.web.sparql.request.calls_service", lambda query: False)
    query = "SELECT * { SERVICE <" + IRI.format(port=port) + "> { ?s ?p ?o } }"
    response = client.get("/repo/sparql", query_string={"query": query})
    assert response.status_code >= 400
    if connections:
        pytest.skip("this system gives no network namespaces to unprivileged processes")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\\u0041b", "aAb"),
        ("\\U0001F600", "😀"),
        ("\\UFFFFFFFF", "\\UFFFFFFFF"),
        ("\\u00", "\\u00"),
        ("\\\\u0041", "\\A"),
    ],
)
def test_escapes_are_undone(text, expected):
    assert undo_escapes(text) == expected


PIECES = st.sampled_from(
    ["<", ">", "'", '"', "'''", "#", "\n", " ", "{", "}", "(", ")", "?a", "ex:b", ":", ".", "\\", "<urn:x>", "a", "1"]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=14), st.lists(PIECES, max_size=6))
def test_whatever_oxigraph_reads_as_a_call_is_found(before, after):
    """Oxigraph tells by trying: a query that it takes and that then wants to connect has called."""
    query = "SELECT*{" + "".join(before) + "SERVICE<http://127.0.0.1:9/>{}" + "".join(after) + "}"
    store = ox.Store()
    try:
        list(store.query(query, prefixes={"ex": "urn:ex:", "": "urn:e:"}))
    except OSError:
        assert calls_service(query)
    except (SyntaxError, ValueError):
        pass
