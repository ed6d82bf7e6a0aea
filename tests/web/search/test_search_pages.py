"""Search and browse over HTTP: pages, states and their addresses, formats, exports, what is refused."""

import csv
import io
import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

from lod.settings.table import make_settings
from lod.store.search.find.index import FacetValue, Listing, SearchIndex
from lod.store.search.values.facets import BY_PLURAL
from lod.web.http.formats import CITATION_FORMATS, HIT_FORMATS
from lod.web.search.formats import EXPORTS, cell
from tests.web.pages.test_pages import Page

ATOM = {"atom": "http://www.w3.org/2005/Atom", "os": "http://a9.com/-/spec/opensearch/1.1/"}
PAGES = (
    "/search",
    "/search?q=heat",
    "/search?q=heat&person=Lu%2C%20L&year=2010..2015&sort=title&size=10",
    "/search?q=enrgy&type=c_93fc",
    "/search?q=%22%3Cscript%3E&keyword=%3Cscript%3E",
    "/search?q=0003-4967",
    "/search/facet/person?q=heat",
    "/browse/",
    *(f"/browse/{plural}" for plural in BY_PLURAL),
    "/browse/people?letter=D&contains=dang&sort=count",
)


def titles(response):
    return re.findall(r'<h2><a href="[^"]+" dir="auto">([^<]+)</a></h2>', response.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_without_script_and_its_links_lead_somewhere(searching, path):
    response = searching.get(path)
    page = Page(response.text)
    assert (response.status_code, page.tags.count("h1"), page.tags.count("main")) == (200, 1, 1)
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    for link in sorted({link for link in page.links if link.startswith("/") and "format=" not in link})[:80]:
        with searching.get(link) as answer:
            assert answer.status_code in {200, 301, 303, 308}, link


def test_a_search_shows_rows_chips_facets_and_the_count(searching):
    text = searching.get("/search?q=heat&person=Lu%2C%20L").text
    assert '<p class="count" role="status">1 to 2 of 2 items' in text
    assert titles(searching.get("/search?q=heat&person=Lu%2C%20L")) == ["Élan and energy", "Eland antelopes"]
    chip = re.search(
        r'<ul class="chips".*?href="([^"]+)".*?Person: Lu, L</span> <small>by name</small>', text, re.DOTALL
    )
    assert chip[1] == "/search?q=heat"
    assert re.search(r'<span dir="auto">thesis</span></a> <span class="number">1</span>', text)
    assert 'aria-label="Hits by year, 2010 to 2015; most in 2010: 1"' in text
    assert re.search(r'href="/search\?q=heat&amp;person=Lu%2C%20L"[^>]*aria-current="true">Relevance', text)


def test_facet_links_are_not_to_be_followed_and_filtered_pages_not_to_be_indexed(searching):
    text = searching.get("/search?q=heat&person=Lu%2C%20L").text
    anchors = re.findall(r"<a [^>]*>", text.partition('<aside class="facets"')[2].partition("</aside>")[0])
    assert len(anchors) > 5
    assert [anchor for anchor in anchors if 'rel="nofollow"' not in anchor] == []
    assert '<meta name="robots" content="noindex, follow">' in text
    assert "noindex" not in searching.get("/search").text
    assert searching.get("/robots.txt").text.splitlines()[3:5] == ["Disallow: /search?", "Disallow: /search/facet/"]


def test_each_value_beside_the_hits_leads_to_as_many_items_as_it_says(searching):
    text = searching.get("/search").text
    choices = re.findall(
        r'<li><a rel="nofollow" href="([^"]+)"><span dir="auto">[^<]*</span></a>(?: <small>by name</small>)? <span class="number">([0-9]+)</span>',
        text,
    )
    assert len(choices) > 20
    for href, number in choices:
        total = json.loads(searching.get(href.replace("&amp;", "&"), headers={"Accept": "application/ld+json"}).text)[
            "totalItems"
        ]
        assert total == int(number), href


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/search?sort=title&size=10", ["Élan and energy", "Eland antelopes", "Heat pumps, heat and more heat"]),
        ("/search?q=sussstoff", ["Süßstoff in Łódź"]),
        ("/search?q=大學", ["香港大學學報的紅斑狼瘡"]),
        ("/search?from=2008&to=2010", ["Élan and energy", "香港大學學報的紅斑狼瘡", "Süßstoff in Łódź"]),
        ("/search?journal=serial/0003-4967&sort=place", ["Süßstoff in Łódź", "香港大學學報的紅斑狼瘡"]),
        ("/search?has=doi&q=heat", ["Heat pumps, heat and more heat"]),
    ],
)  # fmt: skip
def test_an_address_is_a_state(searching, path, expected):
    assert titles(searching.get(path))[: len(expected)] == expected


def test_a_state_is_the_same_in_every_format(searching):
    path = "/search?q=heat&sort=title&size=10"
    shown = titles(searching.get(path))
    as_json = json.loads(searching.get(path, headers={"Accept": "application/ld+json"}).text)
    assert [member["title"] for member in as_json["member"]] == shown
    assert (as_json["@type"], as_json["totalItems"]) == ("hydra:Collection", 3)
    assert as_json["view"]["@id"] == "https://example.org/search?q=heat&sort=title&size=10"
    (keywords,) = (facet["values"] for facet in as_json["facets"] if facet["facetName"] == "keyword")
    assert sorted((value["facetValue"], value["facetCount"]) for value in keywords) == [("energy", 2), ("heat", 2)]
    feed = etree.fromstring(searching.get(f"{path}&format=atom").data)
    assert feed.xpath("atom:entry/atom:title/text()", namespaces=ATOM) == shown
    assert feed.xpath("string(os:totalResults)", namespaces=ATOM) == "3"
    assert feed.xpath("string(os:Query/@searchTerms)", namespaces=ATOM) == "heat"
    rows = list(csv.DictReader(io.StringIO(searching.get(f"{path}&format=csv").text)))
    assert [row["title"] for row in rows] == shown
    assert rows[0]["authors"] == "Lu, L"
    assert rows[0]["licence"] == "CC BY 4.0"


def test_pages_have_each_hit_once_and_lead_to_each_other(searching, monkeypatch):
    monkeypatch.setattr("lod.web.search.state.SIZES", (2, 20))
    first = json.loads(searching.get("/search?size=2&format=jsonld").text)
    found, address = [member["@id"] for member in first["member"]], first["view"].get("next")
    while address:
        parts = urlsplit(address)
        page = json.loads(searching.get(f"{parts.path}?{parts.query}", headers={"Accept": "application/ld+json"}).text)
        found += [member["@id"] for member in page["member"]]
        address = page["view"].get("next")
    assert len(found) == len(set(found)) == first["totalItems"] == 6
    assert parse_qsl(urlsplit(first["view"]["last"]).query) == [("size", "2"), ("page", "3")]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.format.extension)
def test_an_export_has_all_hits_and_is_streamed(searching, export, monkeypatch):
    monkeypatch.setattr("lod.store.search.find.index._EXPORT_ROWS", 2)
    response = searching.get(f"/search?format={export.format.extension}&size=10&page=1")
    assert response.is_streamed
    assert response.headers["Content-Disposition"] == f'attachment; filename="search.{export.format.extension}"'
    assert response.content_type == export.format.content_type
    beginning = "" if export.format in CITATION_FORMATS else "https://example.org/id/item/"
    assert {number for number in range(1, 8) if f"{beginning}10722/{number}" in response.text} == {1, 2, 3, 4, 5, 6}


def test_nothing_a_record_says_is_a_formula_in_a_table(searching, monkeypatch):
    assert [cell(text) for text in ("=1+1", "+1", "-1", "@a", "plain")] == ["'=1+1", "'+1", "'-1", "'@a", "plain"]
    pages = iter([Listing([FacetValue("keyword", "=1+1", "=1+1", 2)], 1, {}), Listing([], 1, {})])
    monkeypatch.setattr(SearchIndex, "browse", lambda *_, **__: next(pages))
    assert searching.get("/browse/keywords?format=csv").text.splitlines() == ["label,iri,items", "'=1+1,,2"]


def test_where_nothing_is_found_the_page_says_what_may_help(searching):
    text = searching.get("/search?q=enrgy&type=c_93fc").text
    assert 'Did you mean <a href="/search?q=energy&amp;type=c_93fc" dir="auto">energy</a>?' in text
    assert '<a rel="nofollow" href="/search?type=c_93fc">Search all with these filters, without “enrgy”</a> (1)' in text
    text = searching.get("/search?keyword=energy&person=Roe%2C%20A&year=1999").text
    assert (
        '<a rel="nofollow" href="/search?person=Roe%2C%20A&amp;keyword=energy">Search without “Year: 1999”</a> (2)'
        in text
    )


def test_an_identifier_of_a_journal_leads_to_its_page(searching):
    assert (
        'Journal with this identifier: <a href="/id/serial/0003-4967" dir="auto">Annals of Things</a>'
        in searching.get("/search?q=issn+00034967").text
    )


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/search?sort=size", 400, "?sort=size is no order; known: relevance, newest, title, place."),
        ("/search?size=1000", 400, "?size=1000 is not offered; a page has 10, 20, 50, 100 hits."),
        ("/search?page=0", 400, "?page=0 is no page; pages are numbered from 1."),
        ("/search?from=soon", 400, "?from=soon is no year; a year has four digits."),
        ("/search?" + "&".join(f"keyword={n}" for n in range(7)), 400, "7 filters at once; at most 6 are taken. Drop some of them."),
        ("/search?keyword=" + "x" * 501, 400, "?keyword= has 501 characters; a keyword has at most 500."),
        ("/search?page=2", 404, "There is no page 2 of these hits. The first is at /search"),
        ("/search?format=docx", 406, "application/ld+json: /search?format=jsonld"),
        ("/search/facet/colour", 404, "There is no facet colour; known: type, year, person"),
        ("/browse/colours", 404, "There is no list of colours; known: types, years, people"),
        ("/browse/people?sort=age", 400, "?sort=age is no order; known: name, count."),
        ("/browse/people?page=9", 404, "There is no page 9 of this list."),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_what_can(searching, path, status, message):
    response = searching.get(path, headers={"Accept": "text/plain"} if status != 406 else {"Accept": "text/html"})
    if status != 406:
        response = searching.get(path, headers={"Accept": "*/*"} if "format" not in path else {})
    assert response.status_code == status
    assert message in response.text.replace("&amp;", "&")


def test_the_list_of_items_leads_to_the_search(searching):
    response = searching.get("/items?page=3")
    assert (response.status_code, response.headers["Location"]) == (301, "/search")


def test_every_page_has_the_search_box_and_names_the_description(searching):
    for path in ("/", "/sparql", "/page/item/10722/1", "/nowhere"):
        text = searching.get(path).text
        assert len(re.findall(r'<form class="search[^"]*" role="search" method="get" action="/search">', text)) == 1, (
            path
        )
        assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in text, path


def test_the_start_page_has_figures_that_lead_to_lists_and_the_newest_works(searching):
    text = searching.get("/").text
    figures = dict(re.findall(r'<a href="(/[^"]+)"><strong>([0-9]+)</strong>', text))
    assert figures["/search"] == "6"
    for path in figures.keys() - {"/search"}:
        assert f" of {figures[path]}</p>" in searching.get(path).text, path
    newest = re.search(r'<section class="newest".*?</section>', text, re.DOTALL)[0]
    assert re.findall(r'<h3><a href="[^"]+" dir="auto">([^<]+)<', newest)[:2] == ["Eland antelopes", "Élan and energy"]


def test_a_site_without_an_index_lists_its_items_and_has_no_search_box(client):
    assert client.get("/repo/items", headers={"Accept": "text/html"}).status_code == 200
    assert 'role="search"' not in client.get("/repo/", headers={"Accept": "text/html"}).text
    for path in ("search", "browse/", "browse/people", "search/facet/person"):
        response = client.get(f"/repo/{path}")
        assert (response.status_code, "There is no search index here yet." in response.text) == (404, True)
    assert json.loads(client.get("/repo/suggest?q=ab").text) == ["ab", [], [], []]


def test_the_description_of_the_search_has_a_page_a_feed_and_suggestions(searching):
    response = searching.get("/opensearch.xml")
    description = etree.fromstring(response.data)
    space = {"os": ATOM["os"]}
    assert response.mimetype == "application/opensearchdescription+xml"
    assert len(description.xpath("string(os:ShortName)", namespaces=space)) <= 16
    assert {url.get("type"): url.get("template") for url in description.xpath("os:Url", namespaces=space)}.items() >= {
        "text/html": "https://example.org/search?q={searchTerms}&page={startPage?}",
        "application/x-suggestions+json": "https://example.org/suggest?q={searchTerms}",
    }.items()


def test_what_is_typed_is_completed_with_names_counts_and_addresses(searching):
    response = searching.get("/suggest?q=ener")
    assert response.mimetype == "application/x-suggestions+json"
    assert json.loads(response.text) == [
        "ener",
        ["energy"],
        ["Keyword: 3"],
        ["https://example.org/search?keyword=energy"],
    ]


def test_a_list_says_who_is_known_by_name_only_and_links_the_others_to_their_pages(searching):
    people = searching.get("/browse/people").text
    assert "Others are known by their name only" in people
    assert re.search(
        r'<a rel="nofollow" href="/search\?person=Lu%2C%20L" dir="auto">Lu, L</a> <small>by name</small> <span class="number">2</span>',
        people,
    )
    journals = searching.get("/browse/journals").text
    assert (
        '<a href="/id/serial/0003-4967" dir="auto">Annals of Things</a> <a rel="nofollow" class="number" href="/search?journal=serial/0003-4967">2'
        in journals
    )


def test_a_list_has_letters_a_filter_and_a_table_of_all(searching):
    assert re.findall(r'letter=[^"]*"[^>]*>([^<])</a>', searching.get("/browse/people").text) == [
        "D",
        "L",
        "O",
        "R",
        "#",
    ]
    assert "Ørsted" in searching.get("/browse/people?letter=O").text
    assert "Roe" not in searching.get("/browse/people?contains=orsted").text
    rows = list(csv.DictReader(io.StringIO(searching.get("/browse/journals?format=csv").text)))
    assert {"label": "Annals of Things", "iri": "https://example.org/id/serial/0003-4967", "items": "2"} in rows


def test_answers_have_tags_and_are_not_sent_again(searching):
    response = searching.get("/search?q=heat")
    assert searching.get("/search?q=heat", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert "Accept" in response.headers["Vary"]


def test_who_walks_through_the_filters_is_told_to_wait(search_site, make_app):
    settings = make_settings({"base_iri": "https://example.org/", "client_cost_per_minute": 20}, {})
    client = make_app(settings, search_site.site_of_generations).test_client()
    statuses = [
        client.get(
            f"/search?keyword=heat&year={year}&type=c_6501", environ_base={"REMOTE_ADDR": "203.0.113.9"}
        ).status_code
        for year in range(1990, 1996)
    ]
    assert statuses == [200] * 4 + [429] * 2


def test_an_export_costs_the_same_in_every_format(search_site, make_app):
    settings = make_settings({"base_iri": "https://example.org/", "client_cost_per_minute": 30}, {})
    client = make_app(settings, search_site.site_of_generations).test_client()
    for number, export in enumerate(EXPORTS):
        asked = (f"?format={export.format.extension}", {}), ("", {"Accept": f"{export.format.media_type};q=0.9"})
        who = {"REMOTE_ADDR": f"203.0.113.{number}"}
        statuses = [
            client.get(f"/search{query}", headers=headers, environ_base=who).status_code for query, headers in asked
        ]
        assert statuses == [200, 429], export.format.name


def test_each_format_is_offered_once_and_named_in_the_documentation():
    from tests.helpers.paths import ROOT

    documented = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
    assert len({offer.extension for offer in HIT_FORMATS}) == len(HIT_FORMATS)
    assert [offer.extension for offer in HIT_FORMATS if f"`{offer.extension}`" not in documented] == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("q=Süßstoff".encode(), 200, id="utf-8"),
        pytest.param(b"q=S\xfc\xdfstoff", 200, id="latin-1"),
        pytest.param(b"\x80=\xff&page=\xed\xa0\x80", 400, id="no text at all"),
    ],
)
def test_a_query_that_a_client_has_not_escaped_is_read(searching, query, status):
    response = searching.get("/search", environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert response.status_code == status
    found = searching.get("/search", environ_overrides={"QUERY_STRING": "q=Süßstoff".encode().decode("latin-1")})
    assert found.data == searching.get("/search?q=S%C3%BC%C3%9Fstoff").data
