"""Metadata inside pages: tags for reference managers and search engines, schema.org."""

import html
import json
import re

import pytest

from lod.web.profiles.embedded_metadata import _slashed
from tests.helpers.web_site import BASE, PublishedHere, build

PAGE = "/repo/page/item/999/a.b/c"
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def tags_of(client, path):
    return [(name, html.unescape(content)) for name, content in META.findall(client.get(path).text)]


def test_an_item_has_the_tags_that_google_scholar_reads(client):
    tags = tags_of(client, PAGE)
    found = dict(tags)
    assert [content for name, content in tags if name == "citation_author"] == ["Lu, L", "O'Brien, M"]
    assert found["citation_publication_date"] == "2010"
    assert found["citation_journal_title"] == "Annals of Testing"
    assert (found["citation_volume"], found["citation_issue"]) == ("69", "8")
    assert [content for name, content in tags if name == "citation_issn"] == ["0003-4967", "1468-2060"]
    assert found["citation_doi"] == "10.5555/ABC"
    assert found["citation_abstract_html_url"] == f"{BASE}page/item/999/a.b/c"
    assert "citation_pdf_url" not in found


def test_a_pdf_is_named_only_on_the_host_of_its_page(crowd):
    assert (
        dict(tags_of(crowd, "/repo/page/item/999/crowd"))["citation_pdf_url"]
        == "https://data.example.org/files/crowd.pdf"
    )
    assert "citation_pdf_url" not in dict(tags_of(crowd, "/repo/page/item/999/few"))


def test_an_item_has_dublin_core_and_open_graph_tags(client):
    text = client.get(PAGE).text
    assert '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">' in text
    assert '<link rel="schema.DCTERMS" href="http://purl.org/dc/terms/">' in text
    tags = tags_of(client, PAGE)
    assert [content for name, content in tags if name == "DC.creator"] == ["Lu, L", "O'Brien, M"]
    assert dict(tags)["og:type"] == "article"
    assert dict(tags)["og:url"] == f"{BASE}page/item/999/a.b/c"
    assert '<meta property="og:title"' in text


def test_an_item_has_no_coins_which_zotero_would_prefer_to_its_tags(client):
    assert "Z3988" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("path", "type_"),
    [(PAGE, "ScholarlyArticle"), ("/repo/page/person/rp1", "Person"), ("/repo/page/serial/0003-4967", "Periodical")],
)
def test_a_page_holds_its_schema_org_description_with_the_context_inside(client, path, type_):
    scripts = SCRIPT.findall(client.get(path).text)
    assert len(scripts) == 1
    assert "<" not in scripts[0]
    found = json.loads(scripts[0])
    assert found["@type"] == type_
    assert found["@context"]["@vocab"] == "http://schema.org/"
    assert found["@id"] == BASE + path.replace("/repo/page/", "id/")


def test_authors_stay_in_order_and_the_journal_holds_volume_and_issue(client):
    found = json.loads(SCRIPT.findall(client.get(PAGE).text)[0])
    assert [author["name"] for author in found["author"]] == ["Lu, L", "O'Brien, M"]
    issue = found["isPartOf"]
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "8")
    assert issue["isPartOf"]["volumeNumber"] == "69"
    assert issue["isPartOf"]["isPartOf"]["name"] == "Annals of Testing"


def test_a_dataset_names_its_files(client):
    found = json.loads(SCRIPT.findall(client.get("/repo/page/dataset").text)[0])
    assert found["@type"] == "Dataset"
    downloads = {one["contentUrl"].rpartition("/")[2]: one.get("encodingFormat") for one in found["distribution"]}
    assert downloads["dataset.nt.gz"] == "application/n-triples"


@pytest.mark.parametrize(
    ("issued", "expected"),
    [("2010", ["2010"]), ("2010-05", ["2010/05"]), ("2010-05-17", ["2010/05/17"]), ("1911/1924", ["1911"]), ("", [])],
)
def test_a_date_of_publication_has_slashes_and_only_what_is_known(issued, expected):
    assert _slashed(issued) == expected


def test_hostile_text_cannot_leave_the_script_or_an_attribute(client):
    text = client.get(PAGE).text
    assert "\\u003cscript>alert('title')\\u003c/script>" in text
    assert 'content="&lt;script&gt;alert(&#39;title&#39;)' in text


PREFIXES = """@prefix bibo: <http://purl.org/ontology/bibo/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fabio: <http://purl.org/spar/fabio/> . @prefix rt: <https://w3id.org/lod-repository/> . """


@pytest.mark.parametrize(
    ("classes", "container", "expected"),
    [
        ("bibo:Thesis", "bibo:Series", set()),
        ("bibo:AcademicArticle", "bibo:Journal", {"citation_journal_title"}),
        ("bibo:Chapter", "bibo:Book", {"citation_inbook_title", "citation_book_title"}),
        (
            "bibo:AcademicArticle , fabio:ConferencePaper",
            "bibo:Proceedings",
            {"citation_conference_title", "citation_inbook_title", "citation_book_title"},
        ),
    ],
)
def test_the_container_is_named_by_the_tag_that_tells_the_type(
    web_settings, make_app, tmp_path, classes, container, expected
):
    """A journal title makes an article of anything, for Zotero."""
    item, host = f"<{BASE}id/item/999/x>", f"<{BASE}id/serial/s>"
    file = tmp_path / "item.ttl"
    file.write_text(
        f'{PREFIXES} {item} a rt:RepositoryItem , {classes} ; dcterms:title "X" ; dcterms:isPartOf {host} . '
        f'{host} a {container} ; dcterms:title "Host" .'
    )
    client = make_app(web_settings, PublishedHere(build(tmp_path, "one", [file]))).test_client()
    found = {name for name, content in tags_of(client, "/repo/page/item/999/x") if content == "Host"}
    assert {name for name in found if name.startswith("citation_")} == expected


def test_what_is_no_item_has_no_citation_tags(client):
    names = [name for name, _ in tags_of(client, "/repo/page/person/rp1")]
    assert "og:title" in names
    assert not [name for name in names if name.startswith(("citation_", "DC."))]
