"""Representations: tags, conditions, codings, forms of JSON-LD; the same graph in every format."""

import gzip
import json
from email.utils import parsedate_to_datetime

import brotli
import pyoxigraph as ox
import pytest
import rdflib
import zstandard
from rdflib.compare import to_isomorphic

from lod.web.http.formats import DATA_FORMATS, JSON_LD_FORMS
from tests.helpers.web_site import BASE, PublishedHere, build
from tests.helpers.web_site import DATA as FILES

ITEM = "/repo/data/item/999/a.b/c"
PAGE = "/repo/page/item/999/a.b/c"
READERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
}
DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


def graph_of(text, format_):
    """Return a document as a graph that is compared up to the labels of blank nodes."""
    quads = ox.parse(text.encode(), format_)
    lines = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES).decode()
    return to_isomorphic(rdflib.Graph().parse(data=lines, format="nt"))


@pytest.mark.parametrize(
    "key",
    [
        "item/999/a.b/c",
        "item/999/lists",
        "item/999/7",
        "person/rp1",
        "serial/0003-4967",
        "serial/n-many",
        "concept/mesh/lupus%2C_systemic",
    ],
)
def test_every_format_says_the_same(client, key):
    expected = graph_of(client.get(f"/repo/data/{key}?format=nt").text, READERS["nt"])
    assert len(expected) > 2
    for format_ in (*DATA_FORMATS, *JSON_LD_FORMS):
        text = client.get(f"/repo/data/{key}?format={format_.extension}").text
        assert graph_of(text, READERS[format_.extension.rpartition(".")[2]]) == expected, format_


@pytest.mark.parametrize("form", ["expanded", "flattened"])
def test_a_form_of_json_ld_is_asked_for_by_its_profile(client, form):
    profile = f"http://www.w3.org/ns/json-ld#{form}"
    response = client.get(ITEM, headers={"Accept": f'application/ld+json;profile="{profile}"'})
    assert response.headers["Content-Type"] == f'application/ld+json;profile="{profile}"'
    assert response.headers["Content-Location"] == f"{ITEM}.{form}.jsonld"
    nodes = json.loads(response.text)
    assert nodes[0]["@id"] == f"{BASE}id/item/999/a.b/c"
    assert "@context" not in response.text
    assert client.get(f"{ITEM}?format={form}").data == response.data


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("path", [f"{ITEM}.ttl", PAGE, "/repo/items"])
def test_a_body_is_encoded_for_who_asks_and_has_a_tag_of_its_own(client, path, coding):
    plain = client.get(path)
    encoded = client.get(path, headers={"Accept-Encoding": coding})
    assert encoded.headers["Content-Encoding"] == coding
    assert DECODERS[coding](encoded.data) == plain.data
    assert encoded.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"'
    assert "Accept-Encoding" in encoded.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    tag = {"If-None-Match": encoded.headers["ETag"]}
    assert client.get(path, headers={"Accept-Encoding": coding, **tag}).status_code == 304
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("path", [f"{ITEM}.ttl", f"{ITEM}.jsonld", PAGE])
def test_a_tag_is_strong_and_stays_while_the_bytes_do(web_settings, generation, tmp_path, path, make_app):
    site = PublishedHere(generation)
    app = make_app(web_settings, site)
    client = app.test_client()
    first = client.get(path)
    assert not first.headers["ETag"].startswith("W/")
    site.generation = build(tmp_path, "second", [FILES / "site.ttl", FILES / "many.ttl"], rows=generation.catalog.rows)
    site.generation.created = "2026-11-24T12:00:00Z"
    second = client.get(path)
    assert second.data == first.data
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Last-Modified"] == "Tue, 24 Nov 2026 12:00:00 GMT"
    more = tmp_path / "more.ttl"
    more.write_text(f'<{BASE}id/item/999/a.b/c> <http://purl.org/dc/terms/alternative> "Another" .')
    site.generation = build(tmp_path, "third", [FILES / "site.ttl", more])
    assert client.get(path).headers["ETag"] != first.headers["ETag"]


def test_conditions_are_met_by_tag_before_date(client):
    first = client.get(f"{ITEM}.ttl")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(f"{ITEM}.ttl", headers=since).status_code == 304
    assert client.get(f"{ITEM}.ttl", headers={**since, "If-None-Match": '"another"'}).status_code == 200
    assert client.get(f"{ITEM}.ttl", headers={"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status_code == 200
    assert client.get(f"{ITEM}.ttl", headers={"If-Match": '"another"'}).status_code == 412
    kept = client.get(f"{ITEM}.ttl", headers={"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (kept.status_code, kept.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert kept.headers[name] == first.headers[name]


def test_what_was_negotiated_says_where_it_is_also_when_it_is_not_sent(client):
    first = client.get(ITEM, headers={"Accept": "text/turtle"})
    kept = client.get(ITEM, headers={"Accept": "text/turtle", "If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.headers["Content-Location"]) == (304, f"{ITEM}.ttl")


def test_a_document_was_not_modified_before_its_generation_went_live(web_settings, generation, make_app):
    class RolledBack(PublishedHere):
        def switched(self):
            return "2026-11-30T00:00:00+00:00"

    app = make_app(web_settings, RolledBack(generation))
    modified = app.test_client().get(f"{ITEM}.ttl").headers["Last-Modified"]
    assert parsedate_to_datetime(modified).day == 30


def test_options_tell_what_is_allowed_and_scripts_of_other_sites_may_read_the_headers(client):
    response = client.options(f"{ITEM}.ttl", headers={"Origin": "https://elsewhere.example"})
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers["Access-Control-Allow-Headers"] == "*"
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Content-Location", "Memento-Datetime", "Content-Profile"} <= set(exposed)


@pytest.mark.parametrize(
    "path", ["id/item/999/a.b/c", "page/item/999/a.b/c", "data/item/999/a.b/c", "linkset/json/person/rp1"]
)
def test_no_address_comes_from_the_host_header(client, path):
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    response = client.get(f"/repo/{path}", headers=headers)
    assert response.status_code in {200, 303}
    assert "evil.example" not in response.text + str(response.headers)


def test_who_asks_for_json_gets_problem_details(client):
    response = client.get("/repo/data/item/999/none", headers={"Accept": "application/json"})
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    problem = json.loads(response.text)
    assert problem["status"] == 404
    assert problem["title"] == "Not Found"
    assert problem["detail"].startswith("Nothing is known here about https://data.example.org/repo/id/item/999/none")
