"""The page of the data model, and the graph behind it: classes with their numbers, joins, rules in words, the crosswalk."""

import html
import re

import pyoxigraph as ox
import pytest

from lod.bundled import SHAPES
from lod.rdf.formats import N_TRIPLES
from lod.web.charts.drawing import WIDTH
from lod.web.http.formats import DATA_FORMATS
from lod.web.model.diagram import diagram
from lod.web.model.joins import ClassFound, Join, classes_found
from lod.web.view import live_view
from tests.helpers.loaded import bundled_crosswalk

SITE = "https://example.org/"
RT = "https://w3id.org/lod-repository/"
SH = "http://www.w3.org/ns/shacl#"


@pytest.fixture(scope="module")
def page(sample_client):
    return sample_client.get("/model", headers={"Accept": "text/html"}).text


@pytest.fixture(scope="module")
def found(sample_client):
    with sample_client.application.test_request_context("/model"):
        return {one.iri: one for one in classes_found(live_view())}


@pytest.fixture(scope="module")
def graph(sample_client):
    store = ox.Store()
    response = sample_client.get("/data/model.nt")
    store.load(response.data, format=ox.RdfFormat.N_TRIPLES)
    response.close()
    return store


def test_classes_have_their_numbers_and_those_within_them(found):
    item = found[f"{RT}RepositoryItem"]
    assert (item.number, item.sampled) == (13, 13)
    assert item.narrower["http://purl.org/spar/fabio/JournalArticle"] == 12
    assert "http://purl.org/spar/fabio/JournalArticle" not in found
    assert found[f"{RT}Record"].narrower.keys() >= {"http://xmlns.com/foaf/0.1/Document"}


def test_joins_lead_from_class_to_class_through_lists_too(found):
    joins = {join.property: join for join in found[f"{RT}RepositoryItem"].joins}
    person = "http://xmlns.com/foaf/0.1/Person"
    assert set(joins["http://purl.org/dc/terms/creator"].targets) == {person}
    assert set(joins["http://purl.org/ontology/bibo/authorList"].targets) == {person}
    assert not joins["http://purl.org/dc/terms/title"].targets
    assert joins["http://purl.org/dc/terms/title"].instances == 13


def test_the_page_shows_each_class_with_an_example_properties_fields_and_rules(page, found):
    sections = dict(re.findall(r'<section aria-labelledby="class-([^"]+)">(.+?)</section>', page, re.DOTALL))
    assert len(sections) == len(found) > 12
    assert next(iter(sections)) == "rt-RepositoryItem"
    item = sections["rt-RepositoryItem"]
    assert '<a href="/id/item/' in item
    row = re.search(r"<code>dcterms:title</code></th>(.+?)</tr>", item, re.DOTALL)[1]
    assert "<td>13 of 13</td>" in row
    assert "<code>dc.title</code>" in row
    assert re.search(r"<strong>I0\d</strong> <small>\w+</small> <span>[A-Z]", row)
    assert (
        "A01</strong> <small>violation</small> <span>Person or organisation without a name." in sections["foaf-Person"]
    )
    assert '<a href="#class-foaf-Person">person</a>' in item


def test_the_drawing_names_properties_and_stands_for_no_one_who_cannot_see_it(page):
    svg = re.search(r"<svg.+?</svg>", page, re.DOTALL)[0]
    assert "dcterms:creator" in svg
    assert 'role="img"' in svg
    assert re.search(r'aria-label="The classes of this site and how they join\. \d+ classes with \d+ joins;', svg)
    assert "<script" not in page


def test_the_crosswalk_is_a_table_of_all_rules(page, settings):
    rows = html.unescape(page[page.index('id="crosswalk"') :])
    rules = bundled_crosswalk(settings).rules
    assert len(re.findall(r"<td><small>[\w.-]+, rule \d+</small></td>", rows)) == len(rules) > 150
    assert '<code>A pilot study</code> gives <code>dcterms:title "A pilot study"@en-HK</code>' in rows


def test_the_graph_holds_shapes_rules_in_code_and_the_crosswalk_without_blank_nodes(graph):
    assert not [
        quad for quad in graph if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    ]
    shapes = ox.Store()
    for file in sorted(SHAPES.glob("*.ttl")):
        shapes.load(path=str(file), format=ox.RdfFormat.TURTLE)
    messages = f"SELECT ?message {{ ?shape <{SH}message> ?message FILTER NOT EXISTS {{ ?shape a <{RT}CodeRule> }} }}"
    asked = [sorted(row["message"].value for row in store.query(messages)) for store in (graph, shapes)]
    assert asked[0] == asked[1] != []
    query = f"SELECT ?kind {{ ?rule <{RT}sourceField> 'dc.title' ; <{RT}targetProperty> <http://purl.org/dc/terms/title> ; <{RT}valueKind> ?kind }}"
    assert [row["kind"].value for row in graph.query(query)] == ["title"]
    query = f"SELECT ?message {{ <{SITE}data/model#code-G03> a <{RT}CodeRule> ; <{SH}severity> <{SH}Violation> ; <{SH}message> ?message }}"
    assert len(list(graph.query(query))) == 1


def test_a_rule_in_code_is_a_constraint_for_other_validators_or_says_why_not(graph):
    query = f"""PREFIX sh: <{SH}> SELECT ?select ?target ?namespace {{
        <{SITE}data/model#code-D08> a sh:NodeShape ; sh:targetSubjectsOf ?target ; sh:sparql ?constraint .
        ?constraint sh:select ?select ; sh:prefixes/sh:declare ?declared . ?declared sh:prefix "bibo" ; sh:namespace ?namespace }}"""
    (row,) = graph.query(query)
    assert row["target"].value == "http://purl.org/ontology/bibo/doi"
    assert row["namespace"].value == "http://purl.org/ontology/bibo/"
    assert "$this bibo:doi ?value" in row["select"].value
    (row,) = graph.query(
        f"SELECT ?why {{ <{SITE}data/model#code-C18> <http://www.w3.org/2000/01/rdf-schema#comment> ?why }}"
    )
    assert "percent-decoded" in row["why"].value


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/turtle", "/data/model.ttl"),
        ("application/ld+json", "/data/model.jsonld"),
        ("application/json", "/data/model.jsonld"),
    ],
)
def test_programs_are_led_to_the_graph(sample_client, accept, location):
    response = sample_client.get("/model", headers={"Accept": accept})
    assert (response.status_code, response.location) == (303, location)
    assert "Accept" in response.headers["Vary"].split(", ")


def test_what_is_not_offered_is_refused_with_what_is(sample_client):
    response = sample_client.get("/model", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle: /model?format=ttl" in response.text


def test_a_generation_without_a_model_shows_its_classes_alone(client):
    text = client.get("/repo/model").text
    assert '<h2 id="class-rt-RepositoryItem">' in text
    assert "Crosswalk" not in text


def test_classes_are_drawn_in_columns_by_their_distance_from_the_first():
    classes = [
        ClassFound("urn:item", 10, joins=[Join("urn:p", 1, {"urn:person": 1})]),
        ClassFound("urn:person", 5, joins=[Join("urn:q", 1, {"urn:org": 1, "urn:item": 1})]),
        ClassFound("urn:org", 2),
        ClassFound("urn:alone", 1),
    ]
    drawing = diagram(classes, "urn:item", str, str)
    text = "".join(drawing.parts)
    boxes = [float(x) for x in re.findall(r'<rect class="box" x="([\d.]+)"', text)]
    assert sorted(boxes) == [0, 0, 284, 568]
    assert max(boxes) + 150 <= WIDTH
    assert len(re.findall(r'class="join"', text)) == 2
    assert len(re.findall(r'class="join back"', text)) == 1
    assert drawing.summary.startswith("4 classes with 3 joins")


@pytest.mark.parametrize("name", ["model", "questions"])
@pytest.mark.parametrize("format_", DATA_FORMATS, ids=lambda format_: format_.extension)
def test_the_graphs_are_the_same_in_every_format(sample_client, name, format_):
    def triples(offer):
        response = sample_client.get(f"/data/{name}.{offer.extension}")
        assert response.status_code == 200
        body = response.data
        response.close()
        return {str(quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(offer.media_type))}

    assert triples(format_) == triples(N_TRIPLES)
