"""Signposts: typed links in headers, in pages and in link sets; headers stay small whatever the record."""

import json
import re

import pytest

from lod.web.http.link_header import MOST_BYTES, Link, as_uri, link_header
from tests.helpers.web_site import BASE


def links_of(response):
    return ", ".join(response.headers.getlist("Link"))


def test_the_page_of_an_item_has_the_signposts_of_a_landing_page(crowd):
    links = links_of(crowd.head("/repo/page/item/999/few"))
    assert f'<{BASE}id/item/999/few>; rel="cite-as"' in links
    assert '<https://schema.org/AboutPage>; rel="type"' in links
    assert '<https://schema.org/ScholarlyArticle>; rel="type"' in links
    assert '<https://orcid.org/0000-0002-1825-0097>; rel="author"' in links
    assert f'<{BASE}id/person/p1>; rel="author"' in links
    assert '<https://files.example.net/few.pdf>; rel="item"; type="application/pdf"; length="77"' in links
    assert f'<{BASE}data/item/999/few.ttl>; rel="describedby"; type="text/turtle"; profile="' in links
    assert f'<{BASE}linkset/json/item/999/few>; rel="linkset"; type="application/linkset+json"' in links


def test_a_document_tells_what_it_describes_and_its_licence(crowd):
    links = links_of(crowd.get("/repo/data/item/999/few.jsonld"))
    assert f'<{BASE}id/item/999/few>; rel="describes"' in links
    assert f'<{BASE}page/item/999/few>; rel="describes"; type="text/html"' in links
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in links


@pytest.mark.parametrize("path", ["id", "page", "data"])
def test_headers_stay_under_four_kibibytes_for_thousands_of_authors(crowd, path):
    response = crowd.get(f"/repo/{path}/item/999/crowd", headers={"Accept": "text/html"})
    size = len("".join(f"{name}: {value}\r\n" for name, value in response.headers))
    assert size < 4_096
    assert 'rel="author"' not in links_of(response)
    assert 'rel="linkset"' in links_of(response)


def test_the_link_set_names_every_author_and_what_the_files_belong_to(crowd):
    response = crowd.get("/repo/linkset/json/item/999/crowd")
    assert response.mimetype == "application/linkset+json"
    found = json.loads(response.text)
    assert list(found) == ["linkset"]
    # RFC 9264 wants an array where clients want a string, so there is neither.
    assert '"profile": "' not in response.text
    contexts = {context["anchor"]: context for context in found["linkset"]}
    documents = [context for anchor, context in contexts.items() if anchor.startswith(f"{BASE}data/")]
    assert documents
    assert all(context["profile"] == [{"href": "https://w3id.org/lod-repository/profile/1"}] for context in documents)
    page = contexts[f"{BASE}page/item/999/crowd"]
    assert len(page["author"]) == 5_000
    assert page["cite-as"] == [{"href": "https://doi.org/10.5555/crowd"}]
    assert page["license"] == [{"href": "https://creativecommons.org/licenses/by/4.0/"}]
    assert page["item"] == [
        {"href": "https://data.example.org/files/crowd.pdf", "type": "application/pdf", "length": ["12345"]}
    ]
    file = contexts["https://data.example.org/files/crowd.pdf"]
    assert file["collection"] == [{"href": f"{BASE}page/item/999/crowd", "type": "text/html"}]
    assert contexts[f"{BASE}data/item/999/crowd.ttl"]["describes"][0] == {"href": f"{BASE}id/item/999/crowd"}


def test_a_link_set_as_text_has_an_anchor_on_every_line(crowd):
    response = crowd.get("/repo/linkset/txt/item/999/few")
    assert response.mimetype == "application/linkset"
    lines = response.text.rstrip("\n").split(",\n")
    assert len(lines) > 10
    assert all(line.startswith("<") and '; anchor="' in line for line in lines)


def test_the_link_set_of_what_is_not_known_is_not_found(crowd):
    assert crowd.get("/repo/linkset/json/item/999/none").status_code == 404
    assert crowd.get("/repo/linkset/xml/item/999/few").status_code == 404


def test_a_long_list_of_authors_is_a_list_still(crowd):
    text = crowd.get("/repo/data/item/999/crowd.ttl").text
    assert "authorList (" in text
    assert text.count("/authorList/") == 0


def test_a_page_says_what_it_does_not_show_of_thousands_of_authors(crowd):
    text = crowd.get("/repo/page/item/999/crowd").text
    head, _, rest = text.partition('<section aria-labelledby="data">')
    assert "4,970 more authors</summary>" in head
    assert re.search(r'… and 4,800 more; <a href="[^"]+crowd.ttl">the data</a> has them all', head)
    assert head.count("<li>") < 300
    assert rest.count("… and 4,800 more; the data has them all") == 1
    assert rest.count("<li>") < 300
    assert "<summary>Turtle</summary>" not in rest
    assert 'rel="author"' not in head
    assert head.count('name="citation_author"') == 200
    assert len(text) < 200_000
    assert crowd.get("/repo/data/item/999/crowd.ris").text.count("AU  - ") == 5_000
    assert "… and" not in crowd.get("/repo/page/item/999/few").text


def test_relations_that_do_not_fit_are_left_out_whole():
    authors = [Link(f"https://example.org/person/{number}", "author") for number in range(100)]
    header = link_header([Link("https://doi.org/10.5555/1", "cite-as"), *authors])
    assert header == '<https://doi.org/10.5555/1>; rel="cite-as"'
    assert len(link_header([Link("x" * MOST_BYTES, "next"), Link("y", "cite-as")])) < MOST_BYTES


def test_a_header_carries_uris_only():
    assert as_uri("https://example.org/ü?a=b&c") == "https://example.org/%C3%BC?a=b&c"
    assert as_uri("https://example.org/a%2Cb") == "https://example.org/a%2Cb"
    assert str(Link('https://example.org/">', "item")).isascii()
