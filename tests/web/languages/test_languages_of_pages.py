"""Pages in each language: what varies by it and what does not, the switch and what carries its choice, kept answers, data in it."""

import re

import pytest

from lod.settings.table import PAGE_LANGUAGES, make_settings
from lod.web.app import create_app
from lod.web.languages.page_language import NAMES
from tests.helpers.web_site import BASE, SETTINGS, PublishedHere, running

ITEM = "/repo/page/item/999/a.b/c"
PAGES = (
    "/",
    "/search?q=heat",
    "/search?q=nothing+at+all&type=c_6501",
    "/search/facet/person",
    "/browse/",
    "/browse/people",
    "/browse/types",
    "/page/item/10722/1",
    "/page/serial/0003-4967",
    "/page/serial/0003-4967/v/9",
    "/page/dataset",
    "/vocab",
    "/quality",
    "/quality/types",
    "/quality/rule/missing-doi",
    "/quality/records?rule=missing-doi",
    "/questions",
    "/questions/works-of?person=Nobody",
    "/model",
    "/dumps/",
    "/fragments",
    "/sparql",
    "/sparql?query=SELECT+%28%272010%27+AS+%3Fyear%29+%281+AS+%3Fn%29+%7B%7D&view=bar",
    "/nowhere",
)
SEARCH_BUTTON = {"en": "Search", "de": "Suchen", "fr": "Rechercher", "es": "Buscar", "zh-Hant": "檢索"}
DATA = (
    ("/id/item/10722/1", "text/turtle"),
    ("/id/item/10722/1", "text/html"),
    ("/data/item/10722/1.ttl", "text/html"),
    ("/data/item/10722/1.bib", "text/html"),
    ("/data/item/10722/1.ris", "*/*"),
    ("/data/item/10722/1?format=jsonld", "text/html"),
    ("/search?q=heat&format=jsonld", "text/html"),
    ("/search?q=heat&format=atom", "text/html"),
    ("/search?format=csv", "text/html"),
    ("/browse/types?format=csv", "text/html"),
    ("/browse/languages?format=csv", "text/html"),
    ("/quality/records?rule=missing-doi&format=csv", "text/html"),
    ("/sparql?query=SELECT+%28%272010%27+AS+%3Fyear%29+%281+AS+%3Fn%29+%7B%7D&view=bar&format=svg", "text/html"),
    ("/sparql?query=ASK%7B%7D&format=json", "text/html"),
    ("/fragments?format=ttl", "text/html"),
    ("/opensearch.xml", "text/html"),
    ("/suggest?q=he", "text/html"),
    ("/openapi.json", "text/html"),
    ("/nowhere", "application/json"),
    ("/search?page=999", "application/json"),
)


def get(client, path, accept="text/html", language="", **headers):
    sent = {"Accept": accept, **({"Accept-Language": language} if language else {}), **headers}
    return client.get(path, headers=sent)


def varies(response):
    return {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}


@pytest.fixture(scope="module")
def client(search_app):
    return search_app.test_client()


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_page_is_in_the_language_of_the_reader_and_says_so(client, language):
    for path in PAGES:
        response = get(client, path, language=f"{language},en;q=0.5")
        assert response.status_code in {200, 404}, path
        assert f'<html lang="{language}">' in response.text, path
        assert response.headers["Content-Language"] == language, path
        assert "accept-language" in varies(response), path
        assert f"<button>{SEARCH_BUTTON[language]}</button>" in response.text, path
        links = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="(\?[^"]+)">', response.text)
        assert [tag for tag, _ in links] == list(PAGE_LANGUAGES), path
        switch = re.findall(
            r'<a rel="nofollow" href="([^"]+)" hreflang="([\w-]+)" lang="\2"([^>]*)>([^<]+)</a>', response.text
        )
        assert [(tag, name) for _, tag, _, name in switch] == list(NAMES.items()), path
        assert [tag for _, tag, present, _ in switch if present] == [language], path
        assert [href for _, href in links] == [href for href, _, _, _ in switch], path


@pytest.mark.parametrize(("path", "accept"), DATA)
def test_what_is_no_page_is_the_same_to_all_readers(client, path, accept):
    english = get(client, path, accept, "en")
    for language in ("de", "zh-Hant"):
        other = get(client, path, accept, language)
        assert other.data == english.data
        assert "Content-Language" not in other.headers
        assert "accept-language" not in varies(other)
        assert other.headers.get("ETag") == english.headers.get("ETag")


def test_the_choice_in_the_address_wins_and_its_page_is_the_same_to_all_readers(client):
    chosen = get(client, "/search?q=heat&lang=de", language="fr")
    assert '<html lang="de">' in chosen.text
    assert "1 bis 3 von 3 Titeln" in chosen.text
    assert "accept-language" not in varies(chosen)
    assert 'aria-current="true">Deutsch' in chosen.text
    assert '<html lang="fr">' in get(client, "/search?q=heat&lang=tlh", language="fr").text


@pytest.mark.parametrize("path", [path for path in PAGES if "SELECT" not in path])
def test_links_and_forms_of_a_page_carry_the_choice_and_those_to_data_do_not(client, path):
    page = get(client, f"{path}{'&' if '?' in path else '?'}lang=fr").text
    main = page.partition("<body>")[2]
    links = [href.replace("&amp;", "&") for href in re.findall(r'<a [^>]*?href="(/[^"]*)"', main)]
    assert links
    for href in links:
        leads_to_data = re.search(
            r"^/(data/|dumps/[^?]|changes|api/|oai|reconcile)|[?&](format|download)=|\.(json|xml|css)$", href
        )
        assert ("lang=fr" in href) != bool(leads_to_data), href
    forms = re.findall(r"<form [^>]*>(.{0,60})", main)
    assert forms
    assert all(start.startswith('<input type="hidden" name="lang" value="fr">') for start in forms)


def test_the_choice_survives_paging_filters_and_redirects(client):
    page = get(client, "/search?size=10&sort=title&lang=es").text
    switch = re.search(r'href="([^"]+)" hreflang="de"', page)[1]
    assert switch == "?sort=title&amp;size=10&amp;lang=de"
    facet = re.search(r'href="(/search\?type=[^"]+)"', page)[1].replace("&amp;", "&")
    assert '<html lang="es">' in get(client, facet).text
    for path, location in (
        ("/id/item/10722/1?lang=es", "/page/item/10722/1?lang=es"),
        ("/items?lang=es", "/search?lang=es"),
        ("/id/?lang=es", "/?lang=es"),
    ):
        response = get(client, path, language="de")
        assert (response.status_code // 100, response.headers["Location"]) == (3, location)
    assert get(client, "/id/item/10722/1?lang=es", "text/turtle").headers["Location"] == "/data/item/10722/1.ttl"
    answer = get(client, "/questions/works-by-year?lang=es")
    assert answer.headers["Location"].endswith("&lang=es")
    assert '<html lang="es">' in get(client, answer.headers["Location"]).text


def test_the_address_that_is_canonical_names_no_language(client):
    page = get(client, "/page/item/10722/1?lang=de")
    assert '<https://example.org/page/item/10722/1>; rel="canonical"' in page.headers["Link"]
    assert '<link rel="canonical" href="https://example.org/search">' in get(client, "/search?lang=de").text


def test_a_stray_parameter_of_one_reader_is_not_in_the_pages_of_others(client):
    assert "stray" not in get(client, "/page/item/10722/2?stray=1").text
    assert "stray" not in get(client, "/?stray=1").text
    assert "stray" not in get(client, "/search?q=zebra&stray=1").text


def test_a_text_that_the_address_brings_stays_text(client):
    page = get(client, "/nowhere?%22%3E%3Cscript%3Ealert(1)%3C/script%3E&lang=%22%3E%3Cscript%3E").text
    assert "<script>" not in page


def test_each_language_has_a_tag_of_its_own(client):
    tags = {
        language: get(client, "/page/item/10722/1", language=language).headers["ETag"] for language in PAGE_LANGUAGES
    }
    assert len(set(tags.values())) == len(PAGE_LANGUAGES)
    known = {"If-None-Match": tags["de"]}
    unchanged = get(client, "/page/item/10722/1", language="de", **known)
    assert unchanged.status_code == 304
    assert "accept-language" in varies(unchanged)
    assert get(client, "/page/item/10722/1", language="fr", **known).status_code == 200


def test_errors_are_in_the_language_of_the_reader_for_people_and_in_english_for_programs(client):
    page = get(client, "/nowhere", language="de")
    assert "<h1>Nicht gefunden</h1>" in page.text
    assert "Unter /nowhere gibt es nichts. Beginnen Sie bei /" in page.text
    assert (
        get(client, "/nowhere", "application/json", "de").json["detail"] == "Nothing is served at /nowhere. Start at /"
    )
    untranslated = get(client, "/quality/records?nothing=1", language="de").text
    assert '<p class="message" lang="en">?nothing= is unknown' in untranslated


def test_codes_numbers_and_dates_are_in_words_of_the_language(client):
    page = get(client, "/page/item/10722/1", language="de").text
    assert '<p class="kicker">Artikel' in page or "Zeitschriftenartikel" in page
    assert '<time datetime="2008-05">Mai 2008</time>' in page
    assert "Bd. 9" in page
    assert '<th scope="row">Sprache</th><td>' in page
    assert 'iso639-2/ger" dir="auto">Deutsch</a>' in page
    listed = get(client, "/browse/languages", language="fr").text
    assert re.findall(r'dir="auto">(\w+)</a>', listed) == ["allemand", "anglais", "chinois", "coréen"]


@pytest.fixture(scope="module")
def make_client(generation):
    """A function that gives the client of an app over the hostile site, with settings of its own."""
    with_settings = []

    def make(**settings):
        app = create_app(make_settings(SETTINGS | {"base_iri": BASE, **settings}, {}), PublishedHere(generation))
        entered = running(app)
        with_settings.append(entered)
        return entered.__enter__().test_client()

    yield make
    for entered in with_settings:
        entered.__exit__(None, None, None)


def test_data_in_the_language_of_the_reader_come_first(make_client):
    client = make_client()
    heading = re.compile(r'<h1 dir="auto" lang="([\w-]+)">')
    assert heading.search(get(client, ITEM, language="zh-TW").text)[1] == "zh-Hant"
    assert heading.search(get(client, ITEM, language="de").text)[1] == "en-HK"


def test_a_site_in_one_language_has_no_switch_and_speaks_it_to_everybody(make_client):
    page = get(make_client(languages=["fr"]), "/repo/", language="de")
    assert '<html lang="fr">' in page.text
    assert "hreflang" not in page.text


def test_the_first_language_of_a_site_is_for_those_who_read_none_of_its_languages(make_client):
    client = make_client(languages=["zh-Hant", "en"])
    assert '<html lang="zh-Hant">' in get(client, "/repo/", language="de").text
    assert '<html lang="zh-Hant">' in get(client, "/repo/?lang=de").text
    assert '<html lang="en">' in get(client, "/repo/", language="de,en;q=0.1").text


@pytest.mark.parametrize("place", ["kept_answers_mib", "kept_answers_disk_mib"])
def test_pages_are_kept_for_each_language_and_data_once(make_client, place):
    sizes = {"kept_answers_mib": 0, "kept_answers_disk_mib": 0, place: 64}
    keeping, never = make_client(**sizes), make_client(kept_answers_mib=0, kept_answers_disk_mib=0)
    paths = ("/repo/page/item/999/a.b/c", "/repo/data/item/999/a.b/c.ttl", "/repo/id/item/999/a.b/c")
    for path in paths:
        for language in ("de", "en", "de-CH", "fr"):
            first, again = (get(keeping, path, language=language) for _ in range(2))
            expected = get(never, path, language=language)
            assert first.data == again.data == expected.data
            assert varies(first) == varies(again) == varies(expected)
            assert again.headers.get("Content-Language") == expected.headers.get("Content-Language")
