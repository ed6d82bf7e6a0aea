"""A writable Oxigraph store: loading, differences, named graphs, errors."""

from __future__ import annotations

from unittest.mock import patch

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import StoreError
from lod.rdf.claims import claim, iri, literal
from lod.store.oxigraph import DifferenceError, OxigraphStore, WritableOxigraphStore, stored_form
from tests.helpers.synthetic import BASE, own_claims, person_claims


@pytest.fixture
def store():
    return WritableOxigraphStore(ox.Store())


def lines_of(store):
    return sorted(claim(*triple) for triple in store.all_triples())


def test_a_difference_leaves_what_it_does_not_name(store):
    store.load([f"{line}\n".encode() for line in own_claims("10722/1")])
    store.apply(person_claims(1), own_claims("10722/1")[:1])
    assert lines_of(store) == sorted(own_claims("10722/1")[1:] + person_claims(1))


def test_a_claim_that_is_repeated_is_one_triple(store):
    store.load([f"{line}\n".encode() for line in person_claims(1) * 3])
    assert store.count() == 2


@pytest.mark.parametrize("size", [1, 300, 1 << 24])
def test_claims_are_loaded_in_pieces_of_any_size(store, monkeypatch, size):
    monkeypatch.setattr("lod.store.oxigraph._LOADED_BYTES", size)
    lines = [*own_claims("10722/1"), *person_claims(1, 2, 1), *own_claims("10722/2")]
    store.load([b"", *(f"{line}\n".encode() for line in lines), b""])
    assert lines_of(store) == sorted(set(lines))


def test_removing_what_is_not_there_is_reported_with_the_claim(store):
    with pytest.raises(DifferenceError, match=r"lacks a claim that should be removed: <.*rp1> .* \"Person 1\" \."):
        store.apply([], person_claims(1)[:1])


def test_adding_what_is_there_is_reported_with_the_claim(store):
    store.apply(person_claims(1), [])
    with pytest.raises(
        DifferenceError, match=r"already holds a claim that should be added: <.*rp1> .* \"Person 1\" \."
    ):
        store.apply(person_claims(1), [])


def test_a_difference_may_be_that_of_a_named_graph(store):
    store.add_graph(f"{BASE}data/a", [f"{line}\n".encode() for line in person_claims(1)])
    store.apply(person_claims(2), person_claims(1), f"{BASE}data/a")
    assert sorted(claim(*triple) for triple in store.triples_of(f"{BASE}id/person/rp2", f"{BASE}data/a")) == sorted(
        person_claims(2)
    )
    assert (store.count(), store.size()) == (0, 2)
    store.remove_graph(f"{BASE}data/a")
    assert list(store.named_graphs()) == []


def test_a_line_that_is_no_claim_is_reported_with_its_place(store):
    with pytest.raises(ValueError, match=r"not a claim that the store can read: .*line 2"):
        store.load([b"<http://a.example/> <http://a.example/> <http://a.example/> .\n<relative> <b> <c> .\n"])


@pytest.mark.parametrize(
    ("text", "datatype", "stored"),
    [
        pytest.param("007", "integer", "7", id="leading zeros"),
        pytest.param("1.50", "decimal", "1.5", id="trailing zero"),
        pytest.param("1", "boolean", "true", id="boolean as digit"),
        pytest.param("2010-12-23T08:38:13+00:00", "dateTime", "2010-12-23T08:38:13Z", id="zone of Greenwich"),
        pytest.param("2010", "gYear", "2010", id="year"),
        pytest.param("2010-02-31", "date", "2010-02-31", id="no such day"),
        pytest.param("seven", "integer", "seven", id="no number"),
    ],
)
def test_the_stored_form_is_the_one_that_the_store_gives_back(store, text, datatype, stored):
    type_iri = f"http://www.w3.org/2001/XMLSchema#{datatype}"
    line = claim(iri(BASE), iri(BASE), literal(text, datatype=type_iri))
    store.apply([line], [])
    assert lines_of(store) == [stored_form(line)] == [claim(iri(BASE), iri(BASE), literal(stored, datatype=type_iri))]


def test_a_claim_that_only_mentions_a_datatype_stays():
    line = claim(iri(BASE), iri(BASE), iri("http://www.w3.org/2001/XMLSchema#gYear"))
    assert stored_form(line) == line


DIGITS = st.from_regex(r"-?[0-9]{1,5}(-[0-9]{2}){0,2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+]00:00|))?", fullmatch=True)


@given(DIGITS, st.sampled_from(["gYear", "gYearMonth", "date", "dateTime", "integer", "decimal", "time", "string"]))
def test_the_stored_form_of_any_digits_is_the_one_that_the_store_gives_back(text, datatype):
    store = WritableOxigraphStore(ox.Store())
    line = claim(iri(BASE), iri(BASE), literal(text, datatype=f"http://www.w3.org/2001/XMLSchema#{datatype}"))
    store.apply([line], [])
    assert lines_of(store) == [stored_form(line)]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "en-GB", "zh-Hant-HK"]))
def test_any_text_comes_back_from_the_store_as_it_was(text, language):
    store = WritableOxigraphStore(ox.Store())
    line = claim(iri(BASE), iri(BASE), literal(text, language=language))
    store.apply([line], [])
    assert lines_of(store) == [stored_form(line)] == [line]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"])),
            st.sampled_from([None, "en", "zh-Hant-HK", "sr-Latn", "en-GB"]),
        ),
        max_size=20,
    ),
    st.integers(1, 400),
)
def test_the_dumped_lines_are_those_of_all_triples(texts, size):
    lines = {claim(iri(f"{BASE}id/x"), iri(f"{BASE}p"), literal(text, language=tag)) for text, tag in texts}
    lines.add(claim(iri(f"{BASE}id/x"), iri(f"{BASE}p"), literal('a "quote"@en-gb .\n"b"@EN-GB . é\u2028')))
    store = WritableOxigraphStore(ox.Store())
    store.load([f"{line}\n".encode() for line in sorted(lines)])
    store.add_graph(f"{BASE}data/a", [f"{line}\n".encode() for line in person_claims(1)])
    found = []
    with patch("lod.store.oxigraph._BUFFERED_BYTES", size):
        store.dump_lines(found.extend)
    assert sorted(found) == lines_of(store) == sorted(lines)


def test_a_missing_store_is_reported_with_its_folder(tmp_path):
    with pytest.raises(StoreError, match=r"nowhere: opening the store failed: no such file or folder; check whether"):
        OxigraphStore.open_read_only(tmp_path / "nowhere")


def test_a_second_copy_into_one_folder_is_refused(tmp_path):
    store = WritableOxigraphStore.open(tmp_path / "store")
    store.backup(tmp_path / "copy")
    with pytest.raises(StoreError, match=r"copy: copying the store failed"):
        store.backup(tmp_path / "copy")
