"""Pages: what people read, that texts stay texts, that pages hold no script and load nothing from elsewhere."""

import json
import re
from html.parser import HTMLParser

import pytest

from lod.web.pages.values import lang_attribute
from tests.helpers.web_site import BASE, PublishedHere, build

PATHS = [
    "/repo/",
    "/repo/items",
    "/repo/page/item/999/a.b/c",
    "/repo/page/item/999/lists",
    "/repo/page/person/rp1",
    "/repo/page/org/n-1",
    "/repo/page/serial/0003-4967",
    "/repo/page/serial/0003-4967/v/69/i/8",
    "/repo/page/serial/n-many",
    "/repo/page/concept/mesh/lupus%2C_systemic",
    "/repo/page/scheme/mesh",
    "/repo/page/dataset",
    "/repo/page/software/mapper",
    "/repo/page/vocab",
    "/repo/page/vocab/RepositoryItem",
    "/repo/page/vocab/field/dc.title",
    "/repo/sparql",
    "/repo/api",
    "/repo/nowhere",
]
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Counts elements, collects ids and links, and checks that elements are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.texts = [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.append(found["href"])
        assert not [name for name in found if name.startswith("on") or name == "style"]
        if tag == "script":
            assert found == {"type": "application/ld+json"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_well_formed_with_one_heading_and_no_script_but_data(client, path):
    page = Page(client.get(path, headers=BROWSER).text)
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    assert page.tags.count("script") <= 1
    assert "img" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert "#main" in page.links
    assert [link for link in page.links if link.lower().startswith(("javascript:", "data:text"))] == []


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/repo/nowhere"])
def test_the_links_of_a_page_that_stay_here_lead_somewhere(client, path):
    page = Page(client.get(path, headers=BROWSER).text)
    # The search for a name is an address of its own.
    here = {link for link in page.links if link.startswith("/repo/") and not link.startswith("/repo/search?")}
    assert here
    for link in sorted(here):
        with client.get(link.partition("#")[0], headers=BROWSER) as response:
            # An item of the tests has a title that XML cannot hold, and its class is described with its items.
            assert response.status_code in ({406} if link.endswith("RepositoryItem.rdf") else {200, 303}), link


def test_hostile_text_stays_text(client):
    text = client.get("/repo/page/item/999/a.b/c").text
    assert text.replace('<script type="application/ld+json">', "").count("<script") == 0
    assert text.count("</script>") == 1
    assert "&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt; &#34;quoted&#34; &amp; more" in text
    assert "Société générale &lt;b&gt;" in text
    assert 'href="javascript:' not in text
    assert "javascript:alert(1)" in text
    assert 'href="urn:' not in text


def test_the_name_of_the_site_is_escaped(client):
    assert "Records &amp; &lt;more&gt;" in client.get("/repo/").text


def test_an_item_shows_authors_in_order_details_and_all_formats(client):
    text = client.get("/repo/page/item/999/a.b/c").text
    authors = re.search(r'<ol class="authors".*?</ol>', text, re.DOTALL)[0]
    assert authors.index("Lu, L") < authors.index("O&#39;Brien, M")
    assert 'href="/repo/id/person/rp1"' in authors
    assert (
        'href="/repo/search?q=author%3A%22O%27Brien%2C+M%22" dir="auto">O&#39;Brien, M<span class="hidden">, search'
        in authors
    )
    assert 'id="agent-o%27brien%2C_m"' in text
    assert "Annals of Testing</a> › " in text
    assert '<small>DOI</small> <a href="https://doi.org/10.5555/ABC" dir="auto">10.5555/ABC</a>' in text
    assert re.search(r'<th scope="row">ISSN</th><td>.*?0003-4967.*?1468-2060.*?</td>', text, re.DOTALL)
    for extension in ("ttl", "jsonld", "nt", "nq", "trig", "rdf"):
        assert f'<a href="/repo/data/item/999/a.b/c.{extension}"' in text
        assert f'href="/repo/data/item/999/a.b/c.{extension}" title=' in text


def test_the_kinds_of_an_item_leave_out_what_every_item_is(client):
    assert '<p class="kicker">report</p>' in client.get("/repo/page/item/999/control").text


def test_an_item_names_the_roles_of_its_contributors_and_each_of_them_once(client):
    text = client.get("/repo/page/item/999/a.b/c").text
    details = re.search(r'<section aria-labelledby="details".*?</section>', text, re.DOTALL)[0]
    shown = {
        label: re.findall(r"<(?:span|a)\b[^>]*>([^<]+)<", cell)
        for label, cell in re.findall(r'<tr><th scope="row">([^<]+)</th><td>(.*?)</td></tr>', details, re.DOTALL)
    }
    assert shown["Thesis advisors"] == ["Ada, A"]
    assert shown["Contributors"] == ["Bo, B"]
    assert shown["Description"] == ["No abstract."]
    assert shown["Number"] == ["2022:2"]
    assert shown["Date"] == ["2015"]
    assert shown["Degree"] == ["Ph.D."]
    assert shown["Status"] == ["peer reviewed"]
    assert "Degree granted by" in shown


def test_texts_carry_their_language_and_find_their_direction(client):
    text = client.get("/repo/page/item/999/a.b/c").text
    assert '<h1 dir="auto" lang="en-HK">' in text
    assert 'lang="ar">نص عربي' in text
    assert 'lang="zh-Hant"' in text


def test_all_fields_are_shown_and_a_withheld_value_is_not(client):
    text = client.get("/repo/page/item/999/a.b/c").text
    assert '<th scope="col">Field</th><th scope="col">Value</th><th scope="col">Language</th>' in text
    assert "&lt;script&gt;alert(&#39;field&#39;)&lt;/script&gt;" in text
    assert "<em>withheld</em> <small>personal data: an e-mail address</small>" in text
    assert 'lang="en-HK">&lt;script' in text
    assert "<small>kept: written another way</small>" in text


def test_a_list_that_is_not_well_formed_is_shown_and_does_not_hang(client):
    assert client.get("/repo/page/item/999/lists").status_code == 200


def test_a_journal_shows_its_volumes_by_number_and_a_person_their_items(client):
    journal = client.get("/repo/page/serial/0003-4967").text
    assert journal.index("Volume 69") < journal.index("Volume 70")
    assert "<h3>Contains</h3>" in journal
    assert "6.138" in journal
    person = client.get("/repo/page/person/rp1").text
    assert "<h3>Author of</h3>" in person
    assert "genid" not in person


def test_the_facts_of_a_thing_keep_their_capitals_and_say_each_thing_once(client):
    head, _, _ = client.get("/repo/page/serial/0003-4967").text.partition("<details")
    assert head.count("<small>ISSN</small> 0003-4967") == 1
    assert head.count("0003-4967</li>") == 1
    facts, _, statements = client.get("/repo/page/serial/0003-4967/v/70").text.partition("<details")
    assert '<th scope="row">Volume</th>' in facts
    for mirror in ("prism:volume", "fabio:hasSequenceIdentifier"):
        assert mirror not in facts
        assert mirror in statements
    assert facts.count('<span dir="auto">70</span>') == 1


def test_a_long_list_says_that_it_goes_on(client):
    text = client.get("/repo/page/serial/n-many").text
    assert 'rel="next" href="?page=2"' in text
    assert 'rel="prev" href="?page=1"' in client.get("/repo/page/serial/n-many?page=2").text


def test_the_start_page_says_what_is_here_and_how_to_get_it(client):
    text = client.get("/repo/").text
    assert '<a href="/repo/items"><strong>255</strong> items</a>' in text
    assert 'used under <a rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>' in text
    assert "curl -L -H 'Accept: text/turtle' https://data.example.org/repo/id/item/" in text
    assert "https://data.example.org/repo/sparql" in text
    assert "Published by Library of Testing." in text
    assert "OAI-PMH" not in text


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [
        ("en", ' lang="en"'),
        ("en_HK", ' lang="en-HK"'),
        ("eng", ' lang="en"'),
        ("zh-Hant", ' lang="zh-Hant"'),
        *((tag, "") for tag in (None, "", "xx", "english", "en-", '"><script>', "zz-ZZ")),
    ],
)
def test_only_a_registered_language_becomes_an_attribute(tag, attribute):
    assert lang_attribute(tag) == attribute


@pytest.mark.parametrize("path", ["/favicon.ico", "/repo/static/favicon.ico"])
def test_there_is_an_icon_for_pages_and_for_documents(client, path):
    with client.get(path) as response:
        assert (response.status_code, response.data[:4]) == (200, b"\0\0\1\0")
        assert response.mimetype in {"image/vnd.microsoft.icon", "image/x-icon"}


def test_the_start_page_has_the_dataset_for_search_engines(client):
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/repo/").text, re.DOTALL)
    found = json.loads(data)
    assert (found["@type"], found["@id"]) == ("Dataset", "https://data.example.org/repo/id/dataset")
    assert (found["url"], found["name"]["@value"]) == ("https://data.example.org/repo/", "Records & <more>")
    assert found["description"]["@value"] == "Metadata of 255 items as linked data."
    assert found["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert {"application/n-triples", "application/x-ld+ndjson"} <= {
        row["encodingFormat"] for row in found["distribution"]
    }


def test_items_are_listed_page_by_page(client):
    seen = []
    for page in (1, 2, 3):
        text = client.get(f"/repo/items?page={page}").text
        seen += re.findall(r'<li><a href="(/repo/id/item/[^"]+)"', text)
    assert len(seen) == len(set(seen)) == 255
    assert client.get("/repo/items?page=4").status_code == 404
    assert client.get("/repo/items?page=-1").status_code == 400


def test_the_dataset_says_who_publishes_it_under_which_licence_and_how_large_it_is(client):
    text = client.get("/repo/data/dataset.ttl").text
    assert "a void:Dataset , dcat:Dataset ;" in text
    assert 'foaf:name "Library of Testing"' in text
    assert "dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/>" in text
    assert "void:sparqlEndpoint <https://data.example.org/repo/sparql>" in text
    assert "void:entities 255" in text


def test_a_field_has_a_property_by_rule(client):
    text = client.get("/repo/data/vocab/field/dc.description.sponsorship.ttl").text
    assert 'rdfs:label "dc.description.sponsorship"' in text
    assert client.get("/repo/data/vocab/field/%20.ttl").status_code == 404


def test_the_context_is_served_with_the_namespace_of_the_site(client):
    context = client.get("/repo/context.jsonld").get_json(force=True)["@context"]
    assert context["rt"] == "https://w3id.org/lod-repository/"
    assert context["authorList"] == {"@id": "bibo:authorList", "@type": "@id", "@container": "@list"}


def test_the_mount_without_its_slash_leads_to_the_start(client):
    response = client.get("/repo")
    assert (response.status_code, response.headers["Location"]) == (308, "/repo/")


def test_what_has_one_name_is_always_in_one_order(web_settings, tmp_path, make_app):
    """A page made by another process has the same bytes, and so the same ETag."""
    item, numbers = f"<{BASE}id/item/999/funded>", range(1, 9)
    places = " , ".join(f'"Place {number}"' for number in numbers)
    lines = [
        f'{item} a rt:RepositoryItem ; dcterms:title "Funded" ; dcterms:spatial {places} ; dcterms:temporal "Era" .'
    ]
    lines += [
        f"{item} schema:funding {item[:-1]}#grant-{number}> . {item[:-1]}#grant-{number}> schema:identifier "
        f'"G{number}" ; schema:funder <{BASE}id/org/f> .'
        for number in numbers
    ]
    prefixes = {"rt": "https://w3id.org/lod-repository/", "dcterms": "http://purl.org/dc/terms/"}
    prefixes["schema"] = "http://schema.org/"
    file = tmp_path / "funded.ttl"
    file.write_text("\n".join([*(f"@prefix {name}: <{space}> ." for name, space in prefixes.items()), *lines]))
    client = make_app(web_settings, PublishedHere(build(tmp_path, "one", [file]))).test_client()
    notes = re.findall(r"Funded</a> <small>(G\d)</small>", client.get("/repo/page/org/f").text)
    assert notes == [f"G{number}" for number in numbers]
    covered = re.findall(r'"DC.coverage" content="([^"]+)"', client.get("/repo/page/item/999/funded").text)
    assert covered == [*(f"Place {number}" for number in numbers), "Era"]
