"""What every `Store` does, whatever its engine. A new store joins `STORES` in test_store_contract.py."""

from __future__ import annotations

from lod.rdf.claims import claim, iri, is_iri, literal

BASE = "https://data.example.org/"
ITEM = f"{BASE}id/item/10722/1"
OTHER = f"{BASE}id/item/10722/2"
PERSON = f"{BASE}id/person/rp1"
GRAPH = f"{BASE}data/report"
TITLE = "http://purl.org/dc/terms/title"
CREATOR = "http://purl.org/dc/terms/creator"
XSD = "http://www.w3.org/2001/XMLSchema#"

ODD_LITERALS = {
    "language tag with region": literal("Colour", language="en-GB"),
    "language tag with script": literal("書名", language="zh-hant-hk"),
    "year": literal("2010", datatype=f"{XSD}gYear"),
    "whole number": literal("7", datatype=f"{XSD}integer"),
    "time with seconds": literal("2010-12-23T08:38:13Z", datatype=f"{XSD}dateTime"),
    "truth value": literal("true", datatype=f"{XSD}boolean"),
    "double": literal("1000", datatype=f"{XSD}double"),
    "no such day": literal("2010-02-31", datatype=f"{XSD}date"),
    "line breaks and quotes": literal('a\n"b"\r\n\tc\\d'),
    "control characters": literal("\x00\x01\x1f\x7f"),
    "beyond the basic plane": literal("𝒳 \U0010ffff"),
    "separators of lines that are no line breaks": literal("a\u2028b\u2029c\x85d"),
    "no characters": literal(""),
    "decomposed letters stay so": literal("e\u0301"),
}

DEFAULT_CLAIMS = [
    *(claim(iri(ITEM), iri(TITLE), term) for term in ODD_LITERALS.values()),
    claim(iri(ITEM), iri(CREATOR), iri(PERSON)),
    claim(iri(OTHER), iri(CREATOR), iri(PERSON)),
    claim(iri(PERSON), iri("http://xmlns.com/foaf/0.1/name"), literal("Lu, L")),
]
NAMED_CLAIMS = [claim(iri(GRAPH), iri(TITLE), literal("Report")), claim(iri(ITEM), iri(TITLE), literal("elsewhere"))]


class StoreContract:
    """Tests over a fixture `store` that holds DEFAULT_CLAIMS, and NAMED_CLAIMS in GRAPH."""

    def test_every_triple_comes_back_byte_for_byte(self, store):
        assert sorted(claim(*triple) for triple in store.all_triples()) == sorted(DEFAULT_CLAIMS)

    def test_triples_of_a_subject_are_its_own_in_the_default_graph(self, store):
        expected = sorted(line for line in DEFAULT_CLAIMS if line.startswith(f"<{ITEM}> "))
        assert sorted(claim(*triple) for triple in store.triples_of(ITEM)) == expected

    def test_triples_of_a_subject_in_a_named_graph_are_those_of_that_graph(self, store):
        assert [claim(*triple) for triple in store.triples_of(ITEM, GRAPH)] == [NAMED_CLAIMS[1]]

    def test_triples_of_an_unknown_subject_are_none(self, store):
        assert list(store.triples_of(f"{BASE}id/item/10722/3")) == []

    def test_triples_to_an_object_come_in_pages_of_one_stable_order(self, store):
        everything = list(store.triples_to(PERSON, 10))
        assert {triple[0] for triple in everything} == {iri(ITEM), iri(OTHER)}
        assert [*store.triples_to(PERSON, 1), *store.triples_to(PERSON, 1, 1)] == everything
        assert list(store.triples_to(PERSON, 10, 2)) == []

    def test_a_pattern_gives_the_triples_of_the_default_graph_that_match_it(self, store):
        everything = sorted(DEFAULT_CLAIMS)
        assert sorted(claim(*triple) for triple in store.matching(None, None, None, 100)) == everything
        about = [claim(*triple) for triple in store.matching(iri(ITEM), iri(TITLE), None, 100)]
        assert sorted(about) == [line for line in everything if line.startswith(f"<{ITEM}> <{TITLE}> ")]
        for term in (*ODD_LITERALS.values(), iri(PERSON)):
            found = [triple[2] for triple in store.matching(None, None, term, 100)]
            assert found == [term] * (2 if is_iri(term) else 1)

    def test_a_pattern_that_nothing_can_match_gives_nothing(self, store):
        assert list(store.matching(literal("x"), None, None, 10)) == []
        assert list(store.matching(None, literal("x"), None, 10)) == []
        assert list(store.matching(iri(GRAPH), None, None, 10)) == []
        assert store.count_matching(literal("x"), None, None, 10) == 0

    def test_a_pattern_comes_in_pages_of_one_stable_order(self, store):
        everything = list(store.matching(None, iri(TITLE), None, 100))
        pages = [list(store.matching(None, iri(TITLE), None, 5, offset)) for offset in range(0, 20, 5)]
        assert [triple for page in pages for triple in page] == everything

    def test_a_walk_gives_the_same_order_from_any_place_on(self, store):
        everything = list(store.matching(None, iri(TITLE), None, 100))
        assert list(store.walk(None, iri(TITLE), None)) == everything
        assert list(store.walk(None, iri(TITLE), None, 3)) == everything[3:]
        assert list(store.walk(literal("x"), None, None)) == []

    def test_the_triples_of_a_pattern_are_counted_up_to_a_bound(self, store):
        assert store.count_matching(None, iri(CREATOR), None, 10) == 2
        assert store.count_matching(None, iri(CREATOR), None, 1) == 1
        assert store.count_matching(None, None, None, 1_000) == len(DEFAULT_CLAIMS)

    def test_objects_are_encoded_terms(self, store):
        assert set(store.objects(ITEM, TITLE)) == set(ODD_LITERALS.values())
        assert [is_iri(term) for term in store.objects(ITEM, CREATOR)] == [True]

    def test_what_only_a_named_graph_describes_does_not_exist_in_the_default_graph(self, store):
        assert store.exists(ITEM)
        assert not store.exists(GRAPH)

    def test_a_text_that_is_no_iri_does_not_exist(self, store):
        assert not store.exists("no iri at all <>")

    def test_named_graphs_are_listed(self, store):
        assert list(store.named_graphs()) == [GRAPH]

    def test_the_count_is_that_of_the_default_graph(self, store):
        assert store.count() == len(DEFAULT_CLAIMS)
