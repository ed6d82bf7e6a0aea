"""Every format says the same: written, read back by rdflib and by Oxigraph, compared."""

import json
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from rdflib.compare import isomorphic, to_isomorphic

from lod.rdf import claims
from lod.rdf.formats import BY_EXTENSION, JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from lod.rdf.vocabulary import load_vocabulary
from lod.web.http.formats import DATA_FORMATS
from lod.web.reading.documents import make_document
from lod.web.view import PublishedView
from lod.web.writing.json_ld_context import Context
from lod.web.writing.serializers import CannotWriteError, write
from tests.helpers.read_back import blanked, read_by_oxigraph, read_by_rdflib

BASE = "https://data.example.org/repo/"
CONTEXT = Context(BASE, "https://w3id.org/lod-repository/")
ITEM = f"{BASE}id/item/999/a.b/c"


@pytest.fixture(scope="module")
def documents(app):
    with app.app_context():
        service = app.extensions["lod"]
        view = PublishedView(service, service.reader())
        keys = (
            "item/999/a.b/c",
            "item/999/lists",
            "item/999/control",
            "serial/0003-4967",
            "person/rp1",
            "dataset",
            "vocab",
        )
        return {key: view.document(key) for key in keys}


@pytest.mark.parametrize(
    "key", ["item/999/a.b/c", "item/999/lists", "serial/0003-4967", "person/rp1", "dataset", "vocab"]
)
@pytest.mark.parametrize("format_", DATA_FORMATS, ids=lambda row: row.extension)
@pytest.mark.parametrize("read", [read_by_rdflib, read_by_oxigraph], ids=["rdflib", "Oxigraph"])
def test_a_document_reads_back_as_the_same_graph(documents, key, format_, read):
    document = documents[key]
    graph = read(write(document, format_, CONTEXT), format_.extension)
    expected = claims.to_graph(document.triples)
    assert len(graph) == len(expected) > 4
    assert isomorphic(blanked(graph), blanked(expected))


@pytest.mark.parametrize("read", [read_by_rdflib, read_by_oxigraph], ids=["rdflib", "Oxigraph"])
def test_a_list_has_blank_cells_in_every_format(documents, read):
    document = documents["item/999/a.b/c"]
    assert "genid" in repr(document.triples)
    graphs = [read(write(document, format_, CONTEXT), format_.extension) for format_ in DATA_FORMATS]
    cells = list(graphs[0].subjects(rdflib.RDF.first))
    assert [type(cell) for cell in cells] == [rdflib.BNode, rdflib.BNode]
    for format_, graph in zip(DATA_FORMATS, graphs, strict=True):
        assert to_isomorphic(graph) == to_isomorphic(graphs[0]), format_.extension


def test_a_list_inside_a_list_keeps_its_cells_in_every_format():
    cell = f"{BASE}.well-known/genid/item/999/nested/x/"
    first, rest = claims.RDF_FIRST, claims.RDF_REST
    triples = [
        (f"<{ITEM}>", "<http://purl.org/ontology/bibo/authorList>", f"<{cell}1>"),
        (f"<{cell}1>", first, f"<{cell}2>"),
        (f"<{cell}1>", rest, claims.RDF_NIL),
        (f"<{cell}2>", first, '"within"'),
        (f"<{cell}2>", rest, claims.RDF_NIL),
    ]
    document = make_document(f"<{ITEM}>", triples)
    for format_ in DATA_FORMATS:
        graph = read_by_rdflib(write(document, format_, CONTEXT), format_.extension)
        assert len(graph) == 5, format_.extension
        assert (rdflib.URIRef(f"{cell}2"), rdflib.RDF.first, rdflib.Literal("within")) in graph, format_.extension
        assert not any(str(subject) == f"{cell}1" for subject in graph.subjects()), format_.extension


def test_turtle_is_written_for_people(documents):
    text = write(documents["item/999/a.b/c"], TURTLE, CONTEXT).decode()
    head, _, body = text.partition("\n\n")
    assert head.startswith(f"@base <{BASE}> .\n@prefix bibo:")
    assert "cito" not in head
    assert body.startswith(
        "<id/item/999/a.b/c>\n    a bibo:AcademicArticle , fabio:JournalArticle , rt:RepositoryItem ;"
    )
    assert "bibo:authorList ( <id/person/rp1> <id/item/999/a.b/c#agent-o%27brien%2C_m> ) ;" in body
    assert '"2010-12-23T08:38:13Z"^^xsd:dateTime' in body
    assert "schema:userInteractionCount 12 , 7 ;" in body
    assert '"黄金面具的研究"@zh-Hant' in body


def test_a_list_that_is_not_well_formed_keeps_its_cells(documents):
    text = write(documents["item/999/lists"], TURTLE, CONTEXT).decode()
    assert "bibo:authorList <.well-known/genid/item/999/lists/authorList/1>" in text
    assert "bibo:editorList <.well-known/genid/item/999/lists/editorList/1>" in text


def test_json_ld_is_compact_and_has_its_context_inside(documents):
    tree = json.loads(write(documents["item/999/a.b/c"], JSON_LD, CONTEXT))
    item = tree["@graph"][0]
    assert tree["@context"]["@base"] == BASE
    assert "arxivId" not in tree["@context"]
    assert item["id"] == "id/item/999/a.b/c"
    assert item["type"] == ["bibo:AcademicArticle", "fabio:JournalArticle", "rt:RepositoryItem"]
    assert "@version" not in tree["@context"]
    assert item["authorList"] == ["id/person/rp1", f"{ITEM}#agent-o%27brien%2C_m"]
    assert item["issued"] == {"type": "xsd:gYear", "value": "2010"}
    assert item["doi"] == "10.5555/ABC"
    assert {"language": "zh-Hant", "value": "黄金面具的研究"} in item["title"]
    assert sorted(item["userInteractionCount"]) == [7, 12]


def test_json_ld_is_read_by_processors_of_both_versions(documents):
    document = documents["item/999/a.b/c"]
    tree = json.loads(write(document, JSON_LD, CONTEXT))
    modes = ("json-ld-1.0", "json-ld-1.1")
    first, second = (
        jsonld.to_rdf(tree, {"processingMode": mode, "format": "application/n-quads"}).splitlines() for mode in modes
    )
    assert sorted(first) == sorted(second)
    assert len(set(first)) == len(document.triples)


@pytest.mark.parametrize("mode", ["json-ld-1.0", "json-ld-1.1"])
def test_an_iri_whose_scheme_is_a_name_of_the_context_stays_as_it_is(mode):
    doi, space = "<http://purl.org/ontology/bibo/doi>", "<http://purl.org/dc/terms/relation>"
    triples = [
        (f"<{ITEM}>", doi, '"10.5555/1"'),
        (f"<{ITEM}>", space, "<doi:10.5555/1>"),
        (f"<{ITEM}>", space, "<urn:a>"),
    ]
    tree = json.loads(write(make_document(f"<{ITEM}>", triples), JSON_LD, CONTEXT))
    lines = jsonld.to_rdf(tree, {"processingMode": mode, "format": "application/n-quads"})
    assert sorted(lines.splitlines()) == sorted(claims.claim(*triple) for triple in triples)


def test_the_context_names_every_property_that_the_mapping_may_use():
    vocabulary = load_vocabulary()
    known = [term.iri for term in vocabulary.terms.values() if term.kind == "property"]
    lists = {claims.RDF_TYPE, claims.RDF_FIRST, claims.RDF_REST}
    external = [iri for iri in known if not iri.startswith(vocabulary.namespace) and f"<{iri}>" not in lists]
    assert len(external) > 100
    assert [iri for iri in external if iri not in CONTEXT.terms] == []


def test_rdf_xml_refuses_what_xml_cannot_hold_and_says_what_can(documents):
    with pytest.raises(CannotWriteError) as caught:
        write(documents["item/999/control"], RDF_XML, CONTEXT)
    assert str(caught.value) == (
        "RDF/XML cannot hold the character U+0007, which is in a value of dcterms:title; "
        "ask for Turtle (.ttl), JSON-LD (.jsonld) or N-Triples (.nt)"
    )


def test_rdf_xml_refuses_a_property_without_an_xml_name():
    document = make_document("<urn:a>", [("<urn:a>", "<http://example.org/1%20>", '"b"')])
    with pytest.raises(CannotWriteError, match=r"cannot name the property http://example\.org/1%20"):
        write(document, RDF_XML, CONTEXT)


def test_rdf_xml_is_well_formed(documents):
    body = write(documents["item/999/a.b/c"], RDF_XML, CONTEXT)
    assert ElementTree.fromstring(body).tag.endswith("}RDF")


def test_the_same_document_is_written_the_same_twice(documents):
    document = documents["item/999/a.b/c"]
    again = make_document(document.subject, reversed(document.triples))
    for format_ in (TURTLE, JSON_LD, N_TRIPLES):
        assert write(document, format_, CONTEXT) == write(again, format_, CONTEXT)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TAGS = st.sampled_from([None, "en", "zh-Hant-HK", "ar"])
DATATYPES = st.sampled_from([None, *(f"{claims.XSD_NS}{name}" for name in ("integer", "decimal", "boolean", "gYear"))])
SUFFIX = st.text(st.sampled_from("abc.~%-_/:#()'2é"), max_size=12)
SPACES = st.sampled_from([BASE, f"{BASE}id/", f"{BASE}id/item/", f"{BASE}data/", "http://purl.org/dc/terms/", "urn:x:"])


@st.composite
def triples(draw):
    def iri():
        candidate = draw(SPACES) + draw(SUFFIX)
        try:
            return claims.checked_iri(candidate)
        except Exception:
            return f"<{BASE}id/item/1/2>"

    tag = draw(TAGS)
    plain = draw(st.booleans())
    value = claims.literal(draw(TEXT), language=tag, datatype=None if tag else draw(DATATYPES))
    predicate = draw(st.sampled_from(["title", "creator", "created", "relation", "isPartOf"]))
    return iri(), f"<http://purl.org/dc/terms/{predicate}>", value if plain else iri()


@given(st.lists(triples(), min_size=1, max_size=6))
@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt"])
def test_any_text_and_any_iri_survive_the_round(extension, found):
    document = make_document(found[0][0], found)
    format_ = BY_EXTENSION[extension]
    quads = ox.parse(write(document, format_, CONTEXT), format=format_.engine)
    back = {(str(quad.subject), str(quad.predicate), encoded(quad.object)) for quad in quads}
    assert back == set(document.triples)


def encoded(term):
    language = getattr(term, "language", None)
    if language:
        return claims.literal(term.value, language=language)
    return str(term)
