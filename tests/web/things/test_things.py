"""Pages of things: what they show of people, journals, concepts, and that each figure leads to what it counts."""

import html
import re

import pytest

from lod.web.things import contents
from lod.web.view import PublishedView
from tests.web.pages.test_pages import Page

SERIAL = "/page/serial/0003-4967"


def path_of(search_site, kind, name):
    """Return the path of the page of a thing by its name."""
    rows = search_site.index._rows("SELECT iri FROM thing WHERE kind = ? AND name = ?", (kind, name))
    return rows[0][0].replace("https://example.org/id/", "/page/")


@pytest.fixture(scope="module")
def pages(search_site):
    """Return the paths of the pages of all kinds of things of the site."""
    rows = search_site.index._rows("SELECT iri FROM thing WHERE iri LIKE 'https://example.org/id/%'", ())
    return [iri.replace("https://example.org/id/", "/page/") for (iri,) in rows]


def seen(text):
    body = text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_every_page_is_well_formed_and_its_links_lead_somewhere(searching, pages):
    assert len(pages) > 10
    links = set()
    for path in pages:
        page = Page(searching.get(path).text)
        assert (page.tags.count("h1"), page.tags.count("main")) == (1, 1), path
        assert len(page.ids) == len(set(page.ids)), path
        links.update(link for link in page.links if link.startswith("/") and "/data/" not in link)
    for link in sorted(links):
        with searching.get(link.partition("#")[0]) as response:
            assert response.status_code in {200, 303}, link


NUMBERED = (
    r'href="(/search\?[^"]+)"[^>]*>(?:<strong>)?([0-9,]+)<(?!/a>(?:</th| ))',
    r'href="(/search\?[^"]+)">[0-9]{4}</a> <span class="number">([0-9,]+)<',
    r'href="(/search\?[^"]+)" dir="auto">[^<]+</a>(?: <small>by name</small>)? <span class="number">([0-9,]+)<',
)


def test_every_number_is_that_of_the_search_it_leads_to(searching, pages):
    counted = 0
    for path in pages:
        text = searching.get(path).text
        for address, number in {found for pattern in NUMBERED for found in re.findall(pattern, text)}:
            counted += 1
            assert f" of {number} item" in searching.get(html.unescape(address)).text, (path, address)
    assert counted > 15


def test_a_journal_has_its_facts_once_its_works_by_year_and_its_volumes(searching):
    text = searching.get(SERIAL).text
    head, _, _ = text.partition('<section aria-labelledby="data">')
    assert head.partition("<main")[2].count("0003-4967</") == 1
    assert re.search(r"<strong>2</strong> works</a>", head)
    tree = re.search(r'<ul class="tree">.*?\n</ul>', head, re.DOTALL)[0]
    assert re.findall(r">(Volume [0-9]+)</a> <span class=\"number\">1<", tree) == ["Volume 10", "Volume 9"]
    assert "What points here: 2 statements" in text


def test_works_by_year_are_a_chart_and_a_table_and_in_few_years_a_line(searching):
    line = re.search(r'<h2 id="years">Works by year</h2>\n(.*?)</section>', searching.get(SERIAL).text, re.DOTALL)[1]
    assert "<svg" not in line
    assert re.findall(r'>([0-9]{4})</a> <span class="number">([0-9])<', line) == [("2010", "1"), ("2008", "1")]
    text = searching.get("/").text
    assert 'role="img" aria-label="Works by year. Bar chart.' in text
    table = re.search(r"<caption class=.hidden.>Works by year</caption>.*?</table>", text, re.DOTALL)[0]
    assert re.findall(r'>([0-9]{4})</a></th><td class="number">([0-9])<', table) == [
        ("2015", "1"),
        ("2010", "2"),
        ("2008", "1"),
        ("1999", "1"),
    ]


def test_a_volume_is_a_table_of_contents_in_the_order_of_pages(searching):
    text = searching.get(f"{SERIAL}/v/9").text
    assert '<h2 id="works">Contents</h2>' in text
    assert "Süßstoff in Łódź" in text
    assert searching.get("/search?via=serial/0003-4967/v/9").text.count("Part of: Annals of Things, Volume 9") == 1


def test_a_concept_leads_to_its_scheme_and_a_scheme_to_its_concepts(searching, search_site):
    concept = searching.get(path_of(search_site, "concept", "Lupus Erythematosus, Systemic")).text
    scheme = re.search(r'<th scope="row">In scheme</th><td><a href="/id/([^"]+)"', concept)[1]
    assert "work on it" in concept
    listed = searching.get(f"/page/{scheme}").text
    assert '<h2 id="linked-1">Concepts</h2>' in listed
    assert "Lupus Erythematosus, Systemic</a>" in listed


def test_a_publisher_and_a_funder_name_what_their_works_are_to_them(searching, search_site):
    assert "1 work published" in seen(searching.get(path_of(search_site, "organisation", "Verlag Ä")).text)
    assert "1 work funded" in seen(searching.get(path_of(search_site, "organisation", "CGIAR Trust Fund")).text)


def test_a_tree_of_very_many_issues_shows_volumes_only(search_site, searching, monkeypatch):
    service = searching.application.extensions["lod"]
    shown = PublishedView(service, service.reader())
    journal = "https://example.org/id/serial/0003-4967"
    assert [branch.name for branch in contents.tree_of(shown, search_site.index, journal)] == ["Volume 10", "Volume 9"]
    monkeypatch.setattr(contents, "_MOST_PARTS", 1)
    assert [branch.name for branch in contents.tree_of(shown, search_site.index, journal)] == ["Volume 10"]


def test_the_second_page_of_what_points_here_has_no_figures(client):
    text = client.get("/repo/page/serial/n-many?page=2").text
    assert "What points here</h2>" in text
    assert 'id="works"' not in text
