"""The worked example of the data model, beside the checkout: every format of it, and its page."""

import pyoxigraph as ox
import pytest
from rdflib.compare import isomorphic

from lod.rdf import claims
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.http.formats import DATA_FORMATS
from lod.web.view import PublishedView
from lod.web.writing.serializers import write
from tests.helpers.read_back import blanked, read_by_oxigraph, read_by_rdflib
from tests.helpers.web_site import PublishedHere, build, running

BASE = "https://example.org/"
KEY = "item/10722/129504"


@pytest.fixture(scope="module")
def example(shared, tmp_path_factory):
    """An app over the example, its blank list cells named as the mapping names them."""
    folder = tmp_path_factory.mktemp("example")
    path = shared / "model" / "example.ttl"
    quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    following = {quad.subject: quad.object for quad in quads if quad.predicate.value.endswith("#rest")}
    first = next(quad.object for quad in quads if quad.predicate.value.endswith("authorList"))
    names = {}
    while isinstance(first, ox.BlankNode):
        names[first] = ox.NamedNode(f"{BASE}.well-known/genid/{KEY}/authorList/{len(names) + 1}")
        first = following[first]
    assert len(names) == 10
    lines = [
        f"{names.get(quad.subject, quad.subject)} {quad.predicate} {names.get(quad.object, quad.object)} .\n"
        for quad in quads
    ]
    named = folder / "example.nt"
    named.write_text("".join(lines).replace("https://example.org/vocab/", "https://w3id.org/lod-repository/"), "utf-8")
    generation = build(folder, "example", [named], BASE)
    with running(
        create_app(make_settings({"base_iri": BASE, "title": "Example"}, {}), PublishedHere(generation))
    ) as app:
        yield app


@pytest.mark.parametrize("format_", DATA_FORMATS, ids=lambda row: row.extension)
@pytest.mark.parametrize("read", [read_by_rdflib, read_by_oxigraph], ids=["rdflib", "Oxigraph"])
def test_the_example_reads_back_as_the_same_graph(example, format_, read):
    service = example.extensions["lod"]
    document = PublishedView(service, service.reader()).document(KEY)
    graph = read(write(document, format_, service.context), format_.extension)
    expected = claims.to_graph(document.triples)
    assert len(graph) == len(expected) > 200
    assert isomorphic(blanked(graph, BASE), blanked(expected, BASE))


def test_the_document_of_the_example_holds_all_that_is_said_of_the_item_and_its_record(example):
    service = example.extensions["lod"]
    reader = service.reader()
    document = PublishedView(service, reader).document(KEY)
    own = {t for t in reader.store.all_triples() if f"{KEY}" in t[0] and "person" not in t[0]}
    assert len(own) > 150
    assert own - set(document.triples) == set()


def test_the_page_of_the_example_shows_what_the_repository_shows(example):
    text = example.test_client().get(f"/page/{KEY}").text
    for expected in (
        "Allogenic mesenchymal stem cells transplantation",
        "Annals Of The Rheumatic Diseases, 2010, v. 69 n. 8, p. 1423-1429",
        "Annals of the Rheumatic Diseases</a> › ",
        "0003-4967",
        "B M J Publishing Group",
        "National Natural Science Foundation of China</a> <small>",
        "https://pubmed.ncbi.nlm.nih.gov/20650877/",
        "Lupus Erythematosus, Systemic/immunology",
    ):
        assert expected in text
    authors = [
        "Liang, J",
        "Zhang, H",
        "Hua, B",
        "Wang, H",
        "Lu, L",
        "Shi, S",
        "Hou, Y",
        "Zeng, X",
        "Gilkeson, GS",
        "Sun, L",
    ]
    places = [text.index(f">{author}<") for author in authors]
    assert places == sorted(places)
