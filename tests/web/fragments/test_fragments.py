"""Triple Pattern Fragments: patterns are read, pages follow one another, controls say how to go on."""

import gc
import sys
import threading
from contextlib import suppress
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError, StoreError
from lod.rdf.claims import literal
from lod.web.reading import pattern_pages as fragment_pages
from lod.web.reading.pattern_pages import PatternReader
from lod.web.reading.triple_pattern import read_term, written
from tests.helpers.waiting import ended
from tests.helpers.web_site import BASE

HYDRA = "http://www.w3.org/ns/hydra/core#"
VOID = "http://rdfs.org/ns/void#"
TITLE = "http://purl.org/dc/terms/title"
PREFIXES = {"dcterms": "http://purl.org/dc/terms/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def get(client, accept="application/n-quads", **parameters):
    return client.get(f"/repo/fragments?{urlencode(parameters)}", headers={"Accept": accept})


def quads(response):
    return list(ox.parse(response.data, format=FORMATS[response.mimetype]))


def data(response):
    return [quad for quad in quads(response) if isinstance(quad.graph_name, ox.DefaultGraph)]


def control(response, name, namespace=HYDRA):
    return [quad.object.value for quad in quads(response) if quad.predicate.value == namespace + name]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", None),
        (" ?x ", None),
        ("http://example.org/a", "<http://example.org/a>"),
        ("<http://example.org/a>", "<http://example.org/a>"),
        ("dcterms:title", "<http://purl.org/dc/terms/title>"),
        ("urn:x:y", "<urn:x:y>"),
        ('"a"', '"a"'),
        ('"a "quoted" word"', r'"a \"quoted\" word"'),
        ('"a"@EN-hk', '"a"@en-HK'),
        ('"a"^^http://www.w3.org/2001/XMLSchema#string', '"a"'),
        ('"2010"^^xsd:gYear', '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ('"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>', '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
    ],
)
def test_a_term_is_read(text, term):
    assert read_term(text, PREFIXES) == term


@pytest.mark.parametrize("text", ["title", "_:b", '"a', '"a"x', "http://example.org/a b", '"a"^^no'])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(BadValueError):
        read_term(text, PREFIXES)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([None, "en", "zh-Hant"]))
def test_a_literal_is_read_as_it_is_written(text, language):
    term = literal(text, language=language)
    assert read_term(written(term), PREFIXES) == term


def test_a_fragment_holds_the_triples_of_its_pattern_in_pages(client, generation):
    parameters = {"predicate": TITLE}
    expected = {(quad[0], quad[2]) for quad in generation.store.matching(None, f"<{TITLE}>", None, 10**6)}
    found, address = set(), f"/repo/fragments?{urlencode(parameters)}"
    pages = 0
    while address:
        response = client.get(address, headers={"Accept": "application/n-quads"})
        found |= {(str(quad.subject), str(quad.object)) for quad in data(response)}
        following = control(response, "next")
        address = following[0].replace("http://localhost", "") if following else None
        pages += 1
    assert {(subject, object_.lower()) for subject, object_ in found} == {(s, o.lower()) for s, o in expected}
    assert pages == -(-len(expected) // 100)
    assert pages > 1


@pytest.mark.parametrize("accept", FORMATS)
def test_a_fragment_comes_in_every_format_of_rdf(client, accept):
    response = get(client, accept, subject=f"{BASE}id/item/999/7")
    assert (response.status_code, response.mimetype) == (200, accept)
    about = [quad for quad in quads(response) if quad.subject.value == f"{BASE}id/item/999/7"]
    assert len(about) == 4
    assert control(response, "totalItems")[0] == "4"
    has_graphs = accept in {"application/n-quads", "application/trig", "application/ld+json"}
    assert len(data(response)) == (4 if has_graphs else len(quads(response)))


def test_the_controls_say_what_the_page_is_and_how_to_search(client):
    response = get(client, predicate=TITLE)
    page = f"http://localhost/repo/fragments?{urlencode({'predicate': TITLE})}"
    dataset = f"{BASE}id/dataset"
    about = {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in quads(response)}
    assert (f"{page}#metadata", "http://xmlns.com/foaf/0.1/primaryTopic", dataset) in about
    assert (dataset, f"{VOID}subset", page) in about
    assert (
        f"{dataset}#search",
        f"{HYDRA}template",
        "http://localhost/repo/fragments{?subject,predicate,object}",
    ) in about
    assert sorted(control(response, "variable")) == ["object", "predicate", "subject"]
    assert control(response, "totalItems") == control(response, "triples", VOID)
    assert control(response, "next") == [f"{page}&page=2"]
    assert control(response, "previous") == []
    assert response.headers["Link"] == f'<{page}&page=2>; rel="next"'
    second = get(client, predicate=TITLE, page=2)
    assert control(second, "previous") == [f"{page}&page=1"]
    assert control(second, "first") == [f"{page}&page=1"]


def test_addresses_are_those_of_the_public_site_whatever_host_a_stranger_names(client):
    response = client.get("/repo/fragments", headers={"Accept": "application/n-quads", "Host": "evil.example"})
    assert control(response, "template") == [f"{BASE}fragments{{?subject,predicate,object}}"]
    assert b"evil.example" not in response.data


def test_a_pattern_without_triples_is_an_empty_fragment(client):
    response = get(client, subject="urn:nobody")
    assert (response.status_code, data(response), control(response, "totalItems")[0]) == (200, [], "0")
    assert data(get(client, subject='"a text"')) == []


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("subject=title", 400, "subject=title cannot be read: not an absolute IRI"),
        ("object=%22a", 400, 'object="a cannot be read: a literal ends with a quotation mark'),
        ("subject=urn:a&subject=urn:b", 400, "'subject' is given 2 times; a pattern has one subject."),
        ("page=0", 400, "?page=0 is no page"),
        ("page=x", 400, "?page=x is no page"),
        (f"page={'9' * 5_000}", 400, f"?page={'9' * 20} is no page"),
        ("page=20000", 400, "Pages of a fragment are served up to number 10000"),
        ("subject=urn:a&page=2", 404, "There is no page 2 of this fragment."),
        ("object=" + "a" * 17_000, 414, "The pattern is longer than 16384 characters."),
        ("format=pdf", 406, "Fragments are not offered in the format asked for."),
    ],
)
def test_a_wrong_request_is_refused_with_the_reason(client, query, status, message):
    response = client.get(f"/repo/fragments?{query}", headers={"Accept": "text/turtle"})
    assert response.status_code == status
    assert response.text.startswith(message)


@pytest.mark.parametrize("accept", FORMATS)
def test_a_page_is_the_same_byte_for_byte_whenever_it_is_made(client, accept):
    assert len({get(client, accept, predicate=TITLE).data for _ in range(5)}) == 1


def test_an_unchanged_page_is_not_sent_again(client):
    first = get(client, predicate=TITLE)
    again = client.get(
        f"/repo/fragments?{urlencode({'predicate': TITLE})}",
        headers={"Accept": "application/n-quads", "If-None-Match": first.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")


def test_people_get_a_form_and_a_table_with_escaped_values(client):
    response = get(client, "text/html", object="\"<script>alert('field')</script>\"")
    assert response.mimetype == "text/html"
    assert "No triple matches" in response.text
    assert "<script>" not in response.text
    page = get(client, "text/html", predicate=TITLE).text
    assert f'value="{TITLE}"' in page
    assert "1 to 100 of " in page
    assert 'rel="next"' in page
    assert f"fragments?subject={quote(BASE, safe='')}" in page


def test_counts_are_exact_up_to_a_bound_and_that_bound_beyond(generation, monkeypatch):
    monkeypatch.setattr(fragment_pages, "MOST_COUNTED", 5)
    reader = PatternReader(generation.store, 1_000)
    assert reader.count((None, f"<{TITLE}>", None)) == 5
    assert reader.count((f"<{BASE}id/item/999/7>", None, None)) == 4
    assert reader.count((None, None, None)) == 1_000


class Walked:
    """A store that counts how many triples were passed over or read."""

    def __init__(self, store):
        self.store, self.passed, self.matching = store, 0, store.matching

    def walk(self, *pattern):
        self.passed += pattern[3]
        for triple in self.store.walk(*pattern):
            self.passed += 1
            yield triple


@pytest.fixture
def blocks(monkeypatch):
    monkeypatch.setattr(fragment_pages, "_BLOCK_TRIPLES", 200)
    monkeypatch.setattr(fragment_pages, "_CACHED_BLOCKS", 2)


EVERY = (None, None, None)


def walked(reader, pages):
    return [triple for number in pages for triple in reader.page(EVERY, number)[0]]


def test_deep_pages_are_cut_from_blocks_and_miss_nothing(generation, blocks):
    reader = PatternReader(generation.store, 0)
    expected = list(generation.store.matching(*EVERY, 10**6))
    found, number, more = [], 1, True
    while more:
        page, more = reader.page(EVERY, number)
        found += page
        number += 1
    assert found == expected
    assert len(found) > 400
    assert len(reader._blocks) == 2
    assert reader.page(EVERY, number) == ([], False)


def test_a_client_that_goes_from_page_to_page_pays_for_each_triple_once(generation, blocks):
    store = Walked(generation.store)
    reader = PatternReader(store, 0)
    last = -(-generation.store.count() // 100)
    expected = list(generation.store.matching(*EVERY, 10**6))
    assert walked(reader, range(3, last + 1)) == expected[200:]
    assert store.passed == len(expected)


def test_several_clients_keep_their_places_and_any_page_may_be_asked_for(generation, blocks):
    store = Walked(generation.store)
    reader = PatternReader(store, 0)
    expected = list(generation.store.matching(*EVERY, 10**6))
    last = len(expected) // 100
    for number in range(3, last):
        for place in (number, last + 2 - number):
            assert reader.page(EVERY, place)[0] == expected[(place - 1) * 100 : place * 100]


def test_pages_are_read_by_one_thread_whoever_asks(generation, blocks):
    """The engine ends the process where an iterator is asked by another thread than the one that made it."""
    reader, found = PatternReader(generation.store, 0), {}
    expected = list(generation.store.matching(*EVERY, 10**6))

    def read(numbers):
        for number in numbers:
            found[number] = reader.page(EVERY, number)[0]

    threads = [threading.Thread(target=read, args=[range(3 + first, 12, 3)]) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        ended(thread)
    assert found == {number: expected[(number - 1) * 100 : number * 100] for number in range(3, 12)}


def test_a_fault_of_the_store_reaches_who_asks_and_the_thread_goes_on(generation, blocks, monkeypatch):
    reader = PatternReader(generation.store, 0)
    with monkeypatch.context() as patch:
        patch.setattr(type(generation.store), "walk", lambda *_: (_ for _ in ()).throw(StoreError("damaged")))
        with pytest.raises(StoreError, match="damaged"):
            reader.page(EVERY, 3)
    assert len(reader.page(EVERY, 3)[0]) == 100


def test_a_fault_leaves_no_place_to_another_thread(generation, blocks, monkeypatch):
    """What is closed by another thread than its own cannot be freed, and is told as an exception that nobody can catch."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(str(unraisable.exc_value)))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    gc.disable()
    gc.freeze()  # each of the hundred collections looks at what is made below only
    try:
        for _ in range(100):
            reader = PatternReader(generation.store, 0)
            with monkeypatch.context() as patch, suppress(StoreError):
                patch.setattr(type(generation.store), "walk", lambda *_: (_ for _ in ()).throw(StoreError("damaged")))
                reader.page(EVERY, 3)
            reader.page(EVERY, 3)
            del reader
            gc.collect()
    finally:
        gc.enable()
        sys.setswitchinterval(before)
    assert told == []


def test_the_thread_ends_with_the_reader(generation, blocks):
    before = set(threading.enumerate())
    reader = PatternReader(generation.store, 0)
    reader.page(EVERY, 3)
    (walker,) = set(threading.enumerate()) - before
    assert walker.name == "pattern-walker"
    del reader
    gc.collect()
    walker.join(60)
    assert not walker.is_alive()


def test_robots_are_kept_away(client):
    assert "Disallow: /repo/fragments\n" in client.get("/repo/robots.txt").text
