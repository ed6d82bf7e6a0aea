"""Every syntax of the dumps gives the claims back, read by strangers' parsers."""

import json

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.dump.syntaxes import Block, json_node, turtle_head, write_json_lines, write_n_triples, write_turtle
from lod.rdf.claims import RDF_TYPE, XSD_NS, claim, iri, literal
from lod.rdf.vocabulary import load_vocabulary
from lod.store.oxigraph import stored_form

PREFIXES = load_vocabulary().prefixes
NAMES = {namespace: name for name, namespace in PREFIXES.items()}

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
IRIS = st.sampled_from(
    [
        "https://e.org/id/item/1/2",
        "https://e.org/id/item/1/2#agent-lu%2C_l",
        "http://purl.org/dc/terms/title",
        "http://purl.org/dc/terms/",
        "http://purl.org/dc/terms/a.b",
        "http://purl.org/dc/terms/ends.",
        "http://purl.org/dc/terms/-x",
        "http://xmlns.com/foaf/0.1/0",
        "https://e.org/\u00e9\u4e2d'(),;",
        "mailto:a@e.org",
        "urn:x:y",
    ]
).map(iri)
LITERALS = st.one_of(
    TEXTS.map(literal),
    st.builds(lambda text, tag: literal(text, language=tag), TEXTS, st.sampled_from(["en", "zh-Hant-HK"])),
    st.builds(
        lambda text, name: literal(text, datatype=name), TEXTS, st.sampled_from([f"{XSD_NS}gYear", "https://e.org/@x"])
    ),
)
CLAIMS = st.lists(
    st.builds(claim, IRIS, st.sampled_from([RDF_TYPE]), IRIS) | st.builds(claim, IRIS, IRIS, IRIS | LITERALS),
    max_size=8,
).map(lambda lines: sorted({stored_form(line) for line in lines}))


def quads_of(text, format_):
    return {str(quad.triple) for quad in ox.parse(text.encode(), format=format_)}


@settings(deadline=None)
@given(CLAIMS)
def test_turtle_gives_the_claims_back(lines):
    expected = quads_of(write_n_triples(Block(lines)), ox.RdfFormat.N_TRIPLES)
    assert quads_of(turtle_head(PREFIXES) + write_turtle(Block(lines), NAMES), ox.RdfFormat.TURTLE) == expected


@settings(deadline=None)
@given(CLAIMS)
def test_each_json_line_is_a_document_of_its_own(lines):
    expected = quads_of(write_n_triples(Block(lines)), ox.RdfFormat.N_TRIPLES)
    found = set()
    for line in write_json_lines(Block(lines)).removesuffix("\n").split("\n"):
        if line:
            assert isinstance(json.loads(line), dict)
            found |= quads_of(line, ox.RdfFormat.JSON_LD)
    assert found == expected


@pytest.mark.filterwarnings(
    "ignore:.*deprecated:DeprecationWarning:rdflib"
)  # rdflib's parser speaks of its own classes
def test_rdflib_and_pyld_read_a_json_line_alone():
    pyld = pytest.importorskip("pyld", reason="PyLD is not installed")
    lines = sorted(
        [
            claim("<https://e.org/1>", RDF_TYPE, "<https://e.org/C>"),
            claim("<https://e.org/1>", "<https://e.org/p>", literal('a "b"\n', language="en")),
            claim("<https://e.org/1>", "<https://e.org/p>", "<https://e.org/2>"),
            claim("<https://e.org/1>", "<https://e.org/q>", literal("2010", datatype=f"{XSD_NS}gYear")),
        ]
    )
    text = write_json_lines(Block(lines))
    expected = rdflib.Graph().parse(data=write_n_triples(Block(lines)), format="nt")
    assert set(rdflib.Graph().parse(data=text, format="json-ld")) == set(expected)
    n_quads = pyld.jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    assert sorted(n_quads.splitlines()) == lines


def test_turtle_is_written_subject_by_subject():
    lines = [
        claim("<https://e.org/1>", "<http://purl.org/dc/terms/title>", literal("A")),
        claim("<https://e.org/1>", "<http://purl.org/dc/terms/title>", literal("B", language="en")),
        claim("<https://e.org/1>", RDF_TYPE, "<http://purl.org/ontology/bibo/Book>"),
        claim("<https://e.org/2>", "<http://purl.org/dc/terms/issued>", literal("2010", datatype=f"{XSD_NS}gYear")),
    ]
    assert write_turtle(Block(lines), NAMES) == (
        '\n<https://e.org/1>\n    dcterms:title "A" ,\n        "B"@en ;\n    a bibo:Book .\n'
        '\n<https://e.org/2>\n    dcterms:issued "2010"^^xsd:gYear .\n'
    )


def test_a_json_node_groups_values_by_property():
    node = json_node("<https://e.org/1>", [("<https://e.org/p>", '"a"'), ("<https://e.org/p>", '"b"@en')])
    assert json.loads(node) == {
        "@id": "https://e.org/1",
        "https://e.org/p": [{"@value": "a"}, {"@value": "b", "@language": "en"}],
    }
