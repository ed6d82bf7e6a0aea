"""Other programs over HTTP: curl, rapper and Apache Jena fetch and read documents, and find one graph in all forms."""

import shutil
import subprocess

import pytest
import rdflib
from rdflib.compare import to_isomorphic

from lod.rdf.formats import JSON_LD
from lod.web.http.formats import DATA_FORMATS
from tests.helpers.jena import jena
from tests.helpers.web_site import BASE

RAPPER_NAMES = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "rdf": "rdfxml"}


@pytest.fixture(scope="module")
def rapper():
    found = shutil.which("rapper")
    return found or pytest.skip("rapper is not installed (package raptor2-utils)")


@pytest.fixture(scope="module")
def documents(address, tmp_path_factory):
    """Give the document of an item with a list of authors in each format, as curl saves it."""
    curl = shutil.which("curl") or pytest.skip("curl is not installed")
    folder = tmp_path_factory.mktemp("documents")
    for format_ in DATA_FORMATS:
        accept, file = f"Accept: {format_.media_type}", folder / f"item.{format_.extension}"
        command = [curl, "-sfL", "-H", accept, "-o", str(file), f"{address}id/item/999/a.b/c"]
        subprocess.run(command, check=True, timeout=60)
    return folder


def as_graph(lines):
    """Return N-Triples as a graph, language tags in lower case: rapper and Jena write some of them so."""
    graph = rdflib.Graph()
    for subject, predicate, object_ in rdflib.Graph().parse(data=lines, format="nt"):
        tag = getattr(object_, "language", None)
        graph.add((subject, predicate, rdflib.Literal(str(object_), lang=tag.lower()) if tag else object_))
    return to_isomorphic(graph)


@pytest.mark.parametrize("extension", RAPPER_NAMES)
def test_rapper_reads_one_graph_in_all_forms(rapper, documents, extension):
    def read(name):
        command = [rapper, "-q", "-i", RAPPER_NAMES[name], "-o", "ntriples", str(documents / f"item.{name}"), BASE]
        return as_graph(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)

    graph = read(extension)
    assert len(list(graph.subjects(rdflib.RDF.first))) == 2
    assert graph == read("ttl")


def test_rapper_negotiates_and_follows_the_redirect(rapper, address):
    command = [rapper, "-q", "-i", "guess", "-o", "ntriples", f"{address}id/item/999/a.b/c"]
    graph = as_graph(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    assert (rdflib.URIRef(f"{BASE}id/item/999/a.b/c"), rdflib.RDF.type, None) in graph


@pytest.mark.slow
def test_jena_reads_one_graph_in_all_forms(documents, tmp_path):
    riot = jena("riot", tmp_path)
    graphs = {}
    for format_ in DATA_FORMATS:
        # The reader of 1.1 lacks a part in Debian's package; that of 1.0 fails where a context has an @version.
        syntax = ["--syntax=JSON-LD-10"] if format_ is JSON_LD else []
        command = [*riot, *syntax, "--output=N-Triples", str(documents / f"item.{format_.extension}")]
        result = subprocess.run(command, check=True, capture_output=True, timeout=120)
        # Lines of N-Quads without a graph are N-Triples.
        graphs[format_.extension] = as_graph(result.stdout)
    assert len(graphs["ttl"]) > 50
    assert [name for name, graph in graphs.items() if graph != graphs["ttl"]] == []
