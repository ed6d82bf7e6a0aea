"""Real clients ask the endpoint over real HTTP: rdflib's SPARQLStore and, where it is installed, roqet."""

import shutil
import subprocess

import pytest
import rdflib
from rdflib import DCTERMS, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.helpers.web_site import BASE

SEVEN = URIRef(f"{BASE}id/item/999/7")
ROWS = f"SELECT ?p ?o {{ <{SEVEN}> ?p ?o }}"


@pytest.fixture(params=["xml", "json", "csv", "tsv"])
def form(request):
    return request.param


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def graph(request, form, address):
    store = SPARQLStore(f"{address}sparql", returnFormat=form, method=request.param)
    return rdflib.Graph(store=store)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own, when it reads JSON-LD
def test_rdflib_reads_rows_and_graphs_in_whatever_format_it_asks_for(graph):
    assert len(list(graph.query(ROWS))) == 4
    built = graph.query(f"CONSTRUCT {{ <{SEVEN}> ?p ?o }} WHERE {{ <{SEVEN}> ?p ?o }}").graph
    assert len(built) == 4
    assert (SEVEN, DCTERMS.title, None) in built
    assert len(graph.query(f"DESCRIBE <{SEVEN}>").graph) == 18


def test_rdflib_reads_ask(address):
    for form in ("xml", "json"):
        graph = rdflib.Graph(store=SPARQLStore(f"{address}sparql", returnFormat=form))
        assert graph.query("ASK { ?s a <http://purl.org/ontology/bibo/Journal> }").askAnswer is True


def test_rdflib_walks_the_endpoint_as_a_graph(address):
    graph = rdflib.Graph(store=SPARQLStore(f"{address}sparql"))
    assert len(list(graph.triples((SEVEN, None, None)))) == 4
    assert len(graph) > 400


def test_roqet_reads_rows(address):
    program = shutil.which("roqet")
    if program is None:
        pytest.skip("roqet is not installed (Debian: rasqal-utils)")
    done = subprocess.run(
        [program, "-q", "-p", f"{address}sparql", "-e", ROWS], capture_output=True, text=True, timeout=60, check=True
    )
    assert len([line for line in done.stdout.splitlines() if line.startswith("row: ")]) == 4
