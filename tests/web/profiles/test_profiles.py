"""Profiles: the same resource in the full model, Dublin Core and schema.org, by query and by header."""

import pytest
import rdflib

from lod.web.http.negotiate import read_profiles
from tests.helpers.web_site import BASE

ITEM = "/repo/data/item/999/a.b/c"
THING = rdflib.URIRef(f"{BASE}id/item/999/a.b/c")
DC = rdflib.Namespace("http://purl.org/dc/elements/1.1/")
ALTR = rdflib.Namespace("http://www.w3.org/ns/dx/connegp/altr#")
FULL = "https://w3id.org/lod-repository/profile/1"


def parsed(response):
    return rdflib.Graph().parse(data=response.text, format="turtle")


@pytest.mark.parametrize(
    ("query", "header", "profile"),
    [
        pytest.param("", None, FULL, id="none"),
        pytest.param("?_profile=dc", None, str(DC), id="token"),
        pytest.param("?_profile=http://purl.org/dc/elements/1.1/", None, str(DC), id="IRI"),
        pytest.param("?_profile=none,schema", None, "https://schema.org/", id="list with an unknown one"),
        pytest.param(
            "", "<https://schema.org/>; q=0.4, <http://purl.org/dc/elements/1.1/>; q=0.9", str(DC), id="header"
        ),
        pytest.param("", "<http://example.org/other>", FULL, id="unknown in the header"),
        pytest.param("?_profile=schema", f"<{DC}>", "https://schema.org/", id="the query comes first"),
    ],
)
def test_a_profile_is_chosen_by_query_or_header_and_named_in_the_answer(client, query, header, profile):
    response = client.get(f"{ITEM}.ttl{query}", headers={"Accept-Profile": header} if header else {})
    assert response.status_code == 200
    assert response.headers["Content-Profile"] == f"<{profile}>"
    assert f'<{profile}>; rel="profile"' in response.headers["Link"]
    assert "Accept-Profile" in response.headers["Vary"]


def test_an_unknown_profile_in_the_query_is_refused_with_the_list(client):
    response = client.get(f"{ITEM}.ttl?_profile=marc")
    assert response.status_code == 406
    assert "dc (http://purl.org/dc/elements/1.1/), schema (https://schema.org/)" in response.text


def test_the_redirect_keeps_the_profile(client):
    response = client.get("/repo/id/item/999/a.b/c?_profile=dc", headers={"Accept": "text/html, */*;q=0.1"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{ITEM}.ttl?_profile=dc")


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/turtle, text/html;q=0.5", f"{ITEM}.ttl?_profile=schema"),
        ("text/html", "/repo/page/item/999/a.b/c"),
        ("application/x-bibtex", f"{ITEM}.bib"),
    ],
)
def test_a_profile_in_the_header_gives_way_where_no_accepted_format_has_it(client, accept, location):
    headers = {"Accept": accept, "Accept-Profile": "<https://schema.org/>"}
    response = client.get("/repo/id/item/999/a.b/c", headers=headers)
    assert (response.status_code, response.headers["Location"]) == (303, location)
    assert client.get("/repo/data/item/999/a.b/c", headers=headers).headers["Content-Location"] == location
    assert client.get("/repo/id/item/999/a.b/c?_profile=schema", headers={"Accept": "text/html"}).status_code == 406


def test_plain_dublin_core_has_plain_values_only(client):
    graph = parsed(client.get(f"{ITEM}.ttl?_profile=dc"))
    assert set(graph.subjects()) == {THING}
    assert all(isinstance(value, rdflib.Literal) for value in graph.objects())
    assert {str(value) for value in graph.objects(THING, DC.creator)} == {"Lu, L", "O'Brien, M"}
    assert rdflib.Literal("https://doi.org/10.5555/ABC") in set(graph.objects(THING, DC.identifier))


def test_schema_org_names_authors_and_containers(client):
    graph = parsed(client.get(f"{ITEM}.ttl?_profile=schema"))
    schema = rdflib.Namespace("http://schema.org/")
    assert (THING, rdflib.RDF.type, schema.ScholarlyArticle) in graph
    assert len(set(graph.objects(THING, schema.author))) == 2
    assert rdflib.Literal("0003-4967") in set(graph.objects(None, schema.issn))
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]


def test_the_list_of_alternates_names_addresses_that_answer(client):
    graph = parsed(client.get(f"{ITEM}.ttl?_profile=all"))
    addresses = [*graph.objects(THING, ALTR.hasRepresentation), *graph.objects(THING, ALTR.hasDefaultRepresentation)]
    assert len(addresses) == 11 + 6 + 6 + 7
    for address in addresses:
        assert client.get(str(address).replace(BASE, "/repo/")).status_code == 200


@pytest.mark.parametrize("key", ["item/999/a.b/c", "serial/0003-4967", "dataset", "vocab"])
def test_the_list_of_alternates_has_a_page(client, key):
    page = client.get(f"/repo/page/{key}?_profile=alt")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "?_profile=dc" in page.text


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, []),
        ("", []),
        ("nonsense", []),
        ("<a:b>;q=1.5", []),
        ("<a:b>;q=0", []),
        ("<a:b>;q=0.2, <c:d>", ["c:d", "a:b"]),
    ],
)
def test_accept_profile_is_read_by_quality(header, expected):
    assert read_profiles(header) == expected


@pytest.mark.parametrize("address", [f"{ITEM}.ttl", "/repo/id/item/999/a.b/c", f"{ITEM}"])
def test_a_refusal_varies_by_what_was_asked_for(client, address):
    refused = client.get(f"{address}?_profile=marc", headers={"Accept-Profile": "<https://example.org/none>"})
    assert refused.status_code == 406
    assert {"accept", "accept-profile"} <= set(refused.headers["Vary"].lower().split(", "))
