"""The page of an item: its head, how to cite it, words for codes, what is related, what is folded."""

import html
import re

import pytest

from lod.bundled import SAMPLE
from lod.settings.table import read_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from lod.web.pages.code_words import access_of, licence_words, scheme_words, words_of
from lod.web.pages.coloured import coloured
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.web_site import BASE, PublishedHere, build, running

SEED = "/page/item/10722/129504"
HOSTILE = "/repo/page/item/999/a.b/c"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The app of the bundled sample, published as `lod demo` does."""
    site = PublishingSite(tmp_path_factory.mktemp("sample") / "site")
    assert site.publish(SAMPLE).exit_code == 0
    with running(create_app(read_settings(site.folder), Site(site.folder))) as app:
        yield app.test_client()


@pytest.fixture(scope="module")
def seed(sample):
    return sample.get(SEED).text


def seen(text):
    """Return the text of a page before what is folded, as it is read."""
    body = text.partition("<main")[2].partition('<section aria-labelledby="data">')[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param("Allogenic mesenchymal stem cells transplantation in refractory", id="Title"),
        pytest.param("Liang, J , search by name Zhang, H", id="Authors"),
        pytest.param("Issue 8 , pages 1423-1429 · 2010", id="Issue Date"),
        pytest.param("Publisher B M J Publishing Group", id="Publisher"),
        pytest.param("Web site http://ard.bmjjournals.com/", id="The journal's web site"),
        pytest.param("Annals Of The Rheumatic Diseases, 2010, v. 69 n. 8, p. 1423-1429", id="Citation"),
        pytest.param("How to cite Liang, J., Zhang, H.,", id="How to Cite?"),
        pytest.param("Abstract Fifteen people whose systemic lupus", id="Abstract"),
        pytest.param("Handle 10722/129504", id="Persistent Identifier"),
        pytest.param("ISSN 0003-4967", id="ISSN"),
        pytest.param("Web of Science WOS:000280171700004", id="ISI Accession Number ID"),
        pytest.param("Funding Grants from the National Natural Science Foundation of China", id="Funding Information"),
        pytest.param("www.scopus.com/mlt/select.url?eid=2-s2.0-77955451557&select", id="References"),
        pytest.param("DOI 10.1136/ard.2009.123463", id="Publisher Website"),
        pytest.param("Scopus 2-s2.0-77955451557", id="Scopus"),
        pytest.param("PubMed ID 20650877", id="PMID"),
        pytest.param("Usage Bookmark: 1 citeulike.org", id="CiteULike"),
    ],
)
def test_every_row_of_the_display_view_has_its_place(seed, expected):
    assert expected in seen(seed)


def test_every_row_of_the_field_view_is_folded_below(seed):
    fields = seed.partition('id="fields"')[2].partition("</table>")[0]
    assert fields.count("<tr") - 1 >= 40
    for field in ("dc.contributor.author", "dc.subject.mesh", "dc.identifier.openurl", "dc.identifier.issnl"):
        assert f"<code>{field}</code>" in fields
    assert seed.count("<details>") == 4
    assert "<details open" not in seed


def test_the_abstract_is_read_once(seed):
    assert seen(seed).count("Fifteen people whose systemic lupus") == 1


def test_codes_are_shown_as_words(seed):
    text = seen(seed)
    assert "journal article Allogenic" in text
    assert "Language English" in text
    assert "c_6501" not in text


def test_a_reference_is_in_the_style_that_was_chosen(client):
    text = client.get(f"{HOSTILE}?style=ieee").text
    assert re.search(r'<p class="reference"[^>]*>L\. Lu and M\. O’Brien, ', text)
    assert '<option value="ieee" selected>IEEE</option>' in text
    assert text.count("<option") == 8
    assert f'<a href="{HOSTILE.replace("page", "data")}.bib" type="application/x-bibtex">BibTeX</a>' in text
    assert '<option value="apa" selected>' in client.get(HOSTILE).text
    assert f'<link rel="canonical" href="{BASE}page/item/999/a.b/c">' in text


def test_an_unknown_style_of_a_page_is_refused_with_the_list(client):
    response = client.get(f"{HOSTILE}?style=nothing")
    assert response.status_code == 406
    assert "styles: apa, chicago" in response.text


def test_the_head_says_how_one_may_read_it(web_settings, tmp_path, make_app):
    item = f"<{BASE}id/item/999/open>"
    file = tmp_path / "open.ttl"
    file.write_text(
        f"""@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rt: <https://w3id.org/lod-repository/> .
        @prefix fabio: <http://purl.org/spar/fabio/> . @prefix schema: <http://schema.org/> .
        @prefix bibo: <http://purl.org/ontology/bibo/> . @prefix prism: <http://prismstandard.org/namespaces/basic/2.0/> .
        {item} a rt:RepositoryItem , bibo:Report ; dcterms:title "Open" ; bibo:doi "10.5555/open" ; prism:keyword "a & b" ;
          dcterms:accessRights <http://purl.org/coar/access_right/c_abf2> ;
          dcterms:license <https://creativecommons.org/licenses/by-nc/4.0/> ;
          schema:sameAs <https://hdl.handle.net/999/open> ; dcterms:isReplacedBy <{BASE}id/item/999/new> ;
          dcterms:isPartOf <{BASE}id/serial/s> ; dcterms:creator <{BASE}id/person/p> ;
          fabio:hasRepresentation <{BASE}id/item/999/open#file-1> .
        <{BASE}id/item/999/open#file-1> dcterms:title "open.pdf" ; fabio:hasURL "https://files.example.org/open.pdf" .
        {item} dcterms:isPartOf <{BASE}id/book/9780306406157> .
        <{BASE}id/serial/s> a bibo:Journal ; dcterms:title "Serial" . <{BASE}id/person/p> schema:sameAs
          <https://orcid.org/0000-0002-1825-0097> ; <http://xmlns.com/foaf/0.1/name> "Lu, Ada" .
        <{BASE}id/item/999/new> a rt:RepositoryItem ; dcterms:title "New" ; dcterms:isPartOf <{BASE}id/serial/s> ;
          dcterms:creator <{BASE}id/person/p> ."""
    )
    client = make_app(web_settings, PublishedHere(build(tmp_path, "one", [file]))).test_client()
    text = client.get("/repo/page/item/999/open").text
    assert '<span class="access open">Open access</span>' in text
    assert 'Licence: <a href="https://creativecommons.org/licenses/by-nc/4.0/" dir="auto">CC BY-NC 4.0</a>' in text
    buttons = re.findall(r'<a class="button" href="([^"]+)">([^<]+)', text)
    assert [(href, label.strip()) for href, label in buttons] == [
        ("https://files.example.org/open.pdf", "Full text"),
        ("https://hdl.handle.net/999/open", "In the repository"),
        ("https://doi.org/10.5555/open", "DOI"),
    ]
    assert (
        '<a class="orcid" href="https://orcid.org/0000-0002-1825-0097" aria-label="ORCID iD of Lu, Ada">iD</a>' in text
    )
    assert '<a href="/repo/search?keyword=a+%26+b" dir="auto">a &amp; b</a>' in text
    assert '<a href="/repo/id/book/9780306406157" dir="auto">ISBN 9780306406157</a>' in text
    related = re.findall(r'<h3 dir="auto">([^<]+)</h3>\s*<ul class="list"><li>\s*<a href="([^"]+)"', text)
    new = "/repo/id/item/999/new"
    assert related == [("Replaced by", new), ("In the same publication", new), ("By Lu, Ada", new)]


def test_the_volume_of_an_item_is_not_related_to_it(sample):
    related = sample.get("/page/item/20.500.12348/4344").text.partition('<h2 id="related">')[2].partition("<h2")[0]
    assert re.findall(r'<a href="[^"]+"[^>]*>([^<]+)</a>', related) == ["Volume 11"]


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        ("http://id.loc.gov/vocabulary/iso639-2/eng", "English"),
        ("http://id.loc.gov/vocabulary/iso639-2/ger", "German"),
        ("http://id.loc.gov/vocabulary/iso639-1/fi", "Finnish"),
        ("http://purl.org/coar/resource_type/c_db06", "doctoral thesis"),
        ("http://purl.org/coar/access_right/c_16ec", "restricted access"),
        ("https://creativecommons.org/licenses/by-nc-nd/3.0/hk/", "CC BY-NC-ND 3.0 HK"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "In copyright"),
        ("https://example.org/licence", None),
        ("http://id.loc.gov/vocabulary/iso639-2/zzz", None),
    ],
)
def test_codes_have_words(iri, words):
    assert words_of(iri) == words


def test_what_is_no_licence_of_a_known_form_has_no_short_name():
    assert licence_words("https://creativecommons.org/licenses/by/4.0/../x") is None


def test_access_is_open_embargoed_or_closed():
    start = "http://purl.org/coar/access_right/"
    found = [access_of(start + code) for code in ("c_abf2", "c_f1cf", "c_16ec", "c_14cb")]
    assert found == ["open", "embargoed", "closed", "closed"]


def test_identifiers_are_called_as_their_owners_write_them():
    assert scheme_words("http://purl.org/spar/datacite/pmid", "pmid") == "PubMed ID"
    assert scheme_words("https://w3id.org/lod-repository/idscheme/other", "other") == "other"


def test_source_text_is_marked_and_hostile_text_escaped():
    assert coloured('<a> <b> "<script>" .', "turtle").count("<script>") == 0
    assert '<span class="' in coloured("@prefix a: <b> .", "turtle")
    assert coloured("<x>\n", "") == "&lt;x&gt;\n"
    assert coloured("", "turtle") == ""
    long = coloured("line\n" * 20_000, "")
    assert long.endswith("line\n…\n")
    assert len(long) < 50_000
