"""RDF made elsewhere: one record a resource, blank nodes with lasting names, nothing lost and nothing fetched."""

import json
import random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from lod.errors import SourceError
from lod.record import RDF_CLAIM, Record
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources import open_source
from tests.helpers.paths import FIXTURES

SETTINGS = Settings(base_iri="https://example.org/")
DATA = FIXTURES / "sources" / "rdf"
BOOK = "https://books.example.org/b/"


def read(path, **options):
    items = list(open_source(path, SETTINGS, **options))
    return [one for one in items if isinstance(one, Record)], [one for one in items if isinstance(one, Finding)]


def claims(records):
    return {value.text for record in records for value in record.values}


def as_graph(lines):
    return rdflib.Graph().parse(data="\n".join(lines), format="nt")


def unskolemized(lines):
    """The claims with blank nodes again where names were given, to be compared with the file."""
    text = "\n".join(lines)
    for name in set(ox_names(text)):
        text = text.replace(f"<{name}>", f"_:n{name.rpartition('/')[2]}")
    return rdflib.Graph().parse(data=text, format="nt")


def ox_names(text):
    for quad in ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES):
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.NamedNode) and "/.well-known/genid/rdf/" in term.value:
                yield term.value


def test_every_resource_is_a_record_and_every_triple_a_value():
    records, findings = read(DATA / "full.ttl")
    assert findings == []
    assert {record.about for record in records} == {
        f"{BOOK}17",
        "https://books.example.org/p/3",
        "https://books.example.org/t",
        "https://books.example.org/t/fish",
    }
    assert {value.field for record in records for value in record.values} == {RDF_CLAIM}
    source = rdflib.Graph().parse(DATA / "full.ttl")
    assert isomorphic(unskolemized(claims(records)), source)
    (book,) = (record for record in records if record.about == f"{BOOK}17")
    assert book.place == f"full.ttl, <{BOOK}17>"
    assert len(book.values) == 18


def test_two_people_of_one_name_stay_two():
    records, _ = read(DATA / "full.ttl")
    graph = as_graph(claims(records))
    people = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://xmlns.com/foaf/0.1/Person")))
    assert len(people) == 2
    assert all(person.startswith("https://example.org/.well-known/genid/rdf/") for person in people)


def test_the_same_graph_in_any_order_and_serialization_gives_the_same_names(tmp_path):
    graph = rdflib.Graph().parse(DATA / "full.ttl")
    expected = claims(read(DATA / "full.ttl")[0])
    lines = graph.serialize(format="nt").splitlines()
    for number, ending in enumerate(("nt", "ttl", "jsonld", "rdf")):
        random.Random(number).shuffle(lines)
        path = tmp_path / f"other.{ending}"
        rdflib_name = {"jsonld": "json-ld", "rdf": "xml", "ttl": "turtle"}.get(ending)
        path.write_text("\n".join(lines) if ending == "nt" else graph.serialize(format=rdflib_name))
        assert claims(read(path)[0]) == expected


def test_a_resource_without_an_iri_is_a_record_under_a_name_of_its_own():
    records, _ = read(DATA / "blank.jsonld")
    (named,) = (record for record in records if "genid" in record.about)
    assert any('"A book that has no IRI"' in value.text for value in named.values)
    assert any(value.text.endswith('> "" .') for record in records for value in record.values)


def test_a_damaged_line_and_a_loop_of_blank_nodes_cost_themselves_only():
    records, findings = read(DATA / "odd.nq")
    assert {record.about.removeprefix(BOOK) for record in records} == {"21", "23", "24"}
    told = {finding.rule: finding for finding in findings}
    assert set(told) == {"rdf-line", "rdf-loop", "named-graphs"}
    assert told["rdf-line"].place == "odd.nq, line 3"
    assert told["rdf-line"].message.startswith("odd.nq, line 3: no line of N-Quads:")
    assert "line 1" not in told["rdf-line"].message  # which the parser says of every line
    assert "a bracket is missing" in told["rdf-line"].value
    assert told["rdf-loop"].message == (
        f"odd.nq, <{BOOK}22>: blank nodes that lead back to themselves cannot be given lasting names. "
        "Give one of them an IRI, then publish again."
    )
    assert told["rdf-loop"].severity is Severity.VIOLATION
    assert told["named-graphs"].message == "odd.nq: 2 named graphs were read as one; their names are not kept."
    (springs,) = (record for record in records if record.about == f"{BOOK}21")
    assert len(springs.values) == 1


def test_a_damaged_file_of_another_serialization_is_named_with_its_line(tmp_path):
    path = tmp_path / "broken.ttl"
    path.write_text("<https://a.example/> a .\n")
    with pytest.raises(SourceError, match=r"broken\.ttl: not readable: .*line 1"):
        read(path)


def test_relative_iris_are_resolved_against_the_base_of_the_site_not_against_a_path(tmp_path):
    path = tmp_path / "relative.ttl"
    path.write_text("<id/person/x> <http://xmlns.com/foaf/0.1/name> 'X' .\n")
    (record,) = read(path)[0]
    assert record.about == "https://example.org/id/person/x"


def test_json_is_rdf_where_it_has_a_context_and_xml_where_that_is_said(tmp_path):
    path = tmp_path / "data.json"
    path.write_text((DATA / "blank.jsonld").read_text())
    assert len(read(path)[0]) == len(read(path, format="rdf")[0]) == 2
    path.write_text('{"@id": "https://books.example.org/1", "http://purl.org/dc/terms/title": "A"}')
    assert len(read(path, format="rdf")[0]) == 1
    with pytest.raises(SourceError, match="not recognised"):
        read(path)
    path = tmp_path / "data.xml"
    path.write_text('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    with pytest.raises(SourceError, match="not recognised"):
        read(path)


def test_a_context_beside_the_file_is_taken_and_another_is_not_fetched(tmp_path):
    document = {"@context": "http://c.example/resources/context.jsonld", "@id": "https://a.example/1", "title": "T"}
    path = tmp_path / "one.jsonld"
    path.write_text(json.dumps(document))
    with pytest.raises(SourceError, match=r"nothing is fetched; .* save it beside the file"):
        read(path)
    (tmp_path / "context.jsonld").write_text(json.dumps({"@context": {"title": "http://purl.org/dc/terms/title"}}))
    records, findings = read(path)
    assert claims(records) == {'<https://a.example/1> <http://purl.org/dc/terms/title> "T" .'}
    assert [finding.message for finding in findings] == [
        "one.jsonld: the context http://c.example/resources/context.jsonld was taken from context.jsonld beside the file."
    ]


def test_a_document_type_that_fetches_is_refused(tmp_path):
    path = tmp_path / "evil.rdf"
    path.write_text('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><rdf:RDF xmlns:rdf="x">&e;</rdf:RDF>')
    with pytest.raises(SourceError, match="fetched from elsewhere"):
        read(path)


def test_a_triple_as_a_term_refuses_its_resource_with_a_reason(tmp_path):
    path = tmp_path / "star.ttl"
    path.write_text("PREFIX : <https://a.example/>\n:s :says <<( :a :b :c )>> .\n:t :says :u .\n")
    records, (finding,) = read(path)
    assert [record.about for record in records] == ["https://a.example/t"]
    assert "a triple as a term (RDF 1.2)" in finding.message


NODES = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<https://a.example/1>", "<https://a.example/2>"])
PROPERTIES = st.sampled_from(["<https://a.example/p>", "<https://a.example/q>"])
TRIPLES = st.lists(st.tuples(NODES, PROPERTIES, NODES | st.just('"text"')), min_size=1, max_size=12)


@given(triples=TRIPLES, seed=st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_names_depend_on_the_graph_alone_and_nothing_is_lost_but_loops(tmp_path_factory, triples, seed):
    folder = tmp_path_factory.mktemp("names")
    order = ["a", "b", "c", "d"]
    random.Random(seed).shuffle(order)
    found = []
    for number, labels in enumerate((["a", "b", "c", "d"], order)):
        renamed = {f"_:{old}": f"_:x{new}" for old, new in zip(["a", "b", "c", "d"], labels, strict=True)}
        lines = [" ".join(renamed.get(term, term) for term in triple) + " ." for triple in triples]
        random.Random(seed + number).shuffle(lines)
        (folder / f"{number}.nt").write_text("\n".join(lines))
        records, findings = read(folder / f"{number}.nt")
        found.append((claims(records), len(findings)))
    assert found[0] == found[1]
    if not found[0][1]:
        source = rdflib.Graph().parse(folder / "0.nt")
        assert isomorphic(unskolemized(found[0][0]), source)


def test_n3_is_read_as_turtle(tmp_path):
    path = tmp_path / "a.n3"
    path.write_text('@prefix dct: <http://purl.org/dc/terms/> .\n<https://books.example.org/1> dct:title "A" .\n')
    (record,) = open_source(path, SETTINGS)
    assert record.about == "https://books.example.org/1"
    path.write_text("{ <https://books.example.org/1> a <https://books.example.org/B> } => {} .\n")
    with pytest.raises(SourceError, match=r"a\.n3: .*line 1"):
        list(open_source(path, SETTINGS))


@pytest.mark.parametrize("wrap", ["{}", "[{}]"])
def test_json_with_a_context_is_recognised_and_its_context_is_read_from_a_file_beside_it_or_asked_for(tmp_path, wrap):
    path = tmp_path / "book.json"
    node = '{"@context": "http://example.org/context.jsonld", "id": "https://books.example.org/1", "title": "A"}'
    path.write_text(wrap.format(node))
    with pytest.raises(
        SourceError,
        match=r"book\.json: names a JSON-LD context by its address, and nothing is fetched; put the context into the file, "
        r"or save it beside the file under its own name \(context\.jsonld\)",
    ):
        list(open_source(path, SETTINGS))
    (tmp_path / "context.jsonld").write_text('{"@context": {"id": "@id", "title": "http://purl.org/dc/terms/title"}}')
    remark, record = open_source(path, SETTINGS)
    assert remark.message == (
        "book.json: the context http://example.org/context.jsonld was taken from context.jsonld beside the file."
    )
    assert [value.text for value in record.values] == [
        '<https://books.example.org/1> <http://purl.org/dc/terms/title> "A" .'
    ]


def test_literals_are_read_in_the_form_in_which_they_stand(tmp_path):
    path = tmp_path / "forms.ttl"
    path.write_text(
        "@prefix x: <http://www.w3.org/2001/XMLSchema#> . <https://example.org/1> <https://example.org/p> '007'^^x:integer , '2'^^x:int , "
        "'1.50'^^x:decimal , '1'^^x:boolean , '1.0E1'^^x:double , '45'^^<https://example.org/t> , 'Text' , 'Text'@en-GB , [ <https://example.org/q> '07'^^x:int ] .\n"
    )
    (record,) = read(path)[0]
    found = {value.text.split("> ", 2)[2] for value in record.values}
    assert {term for term in found if term.startswith('"')} == {
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '"2"^^<http://www.w3.org/2001/XMLSchema#int> .',
        '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
        '"1"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
        '"1.0E1"^^<http://www.w3.org/2001/XMLSchema#double> .',
        '"45"^^<https://example.org/t> .',
        '"Text" .',
        '"Text"@en-GB .',
        '"07"^^<http://www.w3.org/2001/XMLSchema#int> .',
    }
