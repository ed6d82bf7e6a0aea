"""Sitemaps list the page of every item, in files that search engines take."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from lod.web.feeds import sitemap
from tests.helpers.web_site import BASE

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(text, name):
    root = ElementTree.fromstring(text)
    assert root.tag == f"{NAMESPACE}{name}"
    return [(one.findtext(f"{NAMESPACE}loc"), one.findtext(f"{NAMESPACE}lastmod")) for one in root]


@pytest.mark.parametrize("most", [pytest.param(50_000, id="one file"), pytest.param(100, id="three files")])
def test_every_item_has_its_page_in_one_sitemap(client, monkeypatch, most):
    monkeypatch.setattr(sitemap, "ADDRESSES_PER_FILE", most)
    monkeypatch.setattr(sitemap, "_CHUNK_ROWS", 50)
    answer = client.get("/repo/sitemap.xml")
    assert answer.content_type == "application/xml; charset=utf-8"
    index = addresses(answer.data, "sitemapindex")
    assert [address for address, _ in index] == [f"{BASE}sitemap-{n}.xml" for n in range(1, -(-255 // most) + 1)]
    assert {moment for _, moment in index} == {"2026-11-23T11:00:00Z"}
    pages = []
    for address, _ in index:
        pages += addresses(client.get(address.replace("https://data.example.org", "")).data, "urlset")
    assert len({page for page, _ in pages}) == len(pages) == 255
    assert all(page.startswith(f"{BASE}page/item/") for page, _ in pages)
    assert {moment for _, moment in pages} == {"2026-11-23T11:00:00Z"}
    for page, _ in pages[:3]:
        assert client.get(page.replace("https://data.example.org", "")).status_code == 200


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "99999999"])
def test_a_sitemap_that_is_not_there_is_not_found(client, number):
    answer = client.get(f"/repo/sitemap-{number}.xml")
    assert (answer.status_code, "/repo/sitemap.xml" in answer.text) == (404, True)


def test_robots_are_kept_from_queries_and_led_to_the_sitemap(client):
    text = client.get("/repo/robots.txt").text
    assert text.startswith("User-agent: *\nDisallow: /repo/sparql\n")
    assert text.endswith(f"\n\nSitemap: {BASE}sitemap.xml\n")


def test_addresses_are_escaped_for_xml():
    assert re.search("a&amp;b", sitemap._entry("url", "https://e.org/a&b", "2026"))
