"""IRIs: keys and their escapes."""

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.mapping.values.iris import exact_key, handle_key, hash16, item_key, name_key
from lod.record import Record, Value

UUID = "0c3f4c0e-6f0a-4f5b-9d0f-1a2b3c4d5e6f"


def record(*uris, **names):
    return Record("s", "s, row 2", tuple(Value("dc.identifier.uri", uri) for uri in uris), **names)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lupus Erythematosus, Systemic", "lupus_erythematosus%2C_systemic"),
        ("8 Pt 2", "8_pt_2"),
        ("a_b  c~d", "a_b_c~d"),
        ("Hülsmann, Ä", "h%C3%BClsmann%2C_%C3%A4"),
    ],
)
def test_a_name_is_folded_and_escaped(text, key):
    assert name_key(text) == key


@pytest.mark.parametrize(("text", "key"), [("10.1136/Ard", "10.1136%2FArd"), (" WOS:1 ", "WOS%3A1")])
def test_an_identifier_keeps_its_case(text, key):
    assert exact_key(text) == key


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("10722/129504", "10722/129504"),
        ("1/a/b c", "1/a/b%20c"),
        ("1/a..b", "1/a..b"),
        ("1/x~y_z!q", "1/x~y_z%21q"),
        ("1/a/../b", "1/a%2F%2E%2E%2Fb"),
        ("1/a//b", "1/a%2F%2Fb"),
        ("1/x#y?z", "1/x%23y%3Fz"),
    ],
)
def test_a_handle_is_a_path_that_no_normalisation_eats(handle, key):
    assert handle_key(handle) == key


def test_the_key_of_the_publisher_of_the_seed_is_the_one_of_the_model():
    assert hash16("B M J Publishing Group") == "cea2b2d49c6e400d"


@given(st.text(min_size=1))
def test_every_key_makes_a_valid_iri(text):
    for key in (name_key(text), exact_key(text)):
        assert re.fullmatch(r"[A-Za-z0-9.~%_-]*", key)
        pyoxigraph.NamedNode(f"https://example.org/id/{key}")


@given(st.text(alphabet="ab_ %Ä,~", max_size=8), st.text(alphabet="ab_ %Ä,~", max_size=8))
def test_two_exact_keys_are_equal_only_for_equal_texts(one, other):
    assert (exact_key(one) == exact_key(other)) == (one.strip() == other.strip())


@pytest.mark.parametrize(
    ("given_record", "prefix", "key"),
    [
        pytest.param(record("http://hdl.handle.net/10722/129504"), "", "10722/129504", id="handle"),
        pytest.param(record("https://doi.org/10.1/x", "hdl:1/2"), "", "1/2", id="a DOI is no handle"),
        pytest.param(record("hdl:1/2", "hdl:3/4"), "3", "3/4", id="own prefix"),
        pytest.param(record(handle="5/6"), "", "5/6", id="named by the source"),
        pytest.param(record(uuid=UUID.upper()), "", f"uuid/{UUID}", id="uuid"),
        pytest.param(record(oai_identifier="oai:a.org:1/2"), "", "oai/a.org/1%2F2", id="oai"),
    ],
)
def test_the_key_of_an_item(given_record, prefix, key):
    assert item_key(given_record, prefix) == key


def test_a_record_without_a_name_is_refused_with_a_way_out():
    with pytest.raises(BadValueError, match=r"no handle, no UUID and no OAI identifier.*dc\.identifier\.uri"):
        item_key(record("https://doi.org/10.1/x", uuid="26"))


CHOSEN = ("doi", "pmid", "bibtex.key")


@pytest.mark.parametrize(
    ("values", "key"),
    [
        pytest.param([("dc.identifier.doi", "doi:10.1136/ARD.2009.1")], "doi/10.1136/ard.2009.1", id="DOI"),
        pytest.param([("dc.identifier.uri", "https://doi.org/10.5555/a_b")], "doi/10.5555/a_b", id="DOI as address"),
        pytest.param([("dc.identifier.pmid", "PMID: 0123")], "pmid/123", id="PubMed id"),
        pytest.param([("bibtex.key", "Adams:2001")], "bibtex.key/Adams%3A2001", id="field"),
        pytest.param([("bibtex.key", "a"), ("dc.identifier.doi", "10.1234/x")], "doi/10.1234/x", id="order of setting"),
        pytest.param([("dc.identifier.doi", "10.1234/x"), ("dc.identifier.uri", "hdl:1/2")], "1/2", id="handle first"),
    ],
)
def test_a_site_may_choose_other_identifiers_as_keys(values, key):
    given_record = Record("s", "p", tuple(Value(*value) for value in values))
    assert item_key(given_record, "", CHOSEN) == key


def test_a_bare_number_in_a_field_for_any_identifier_is_no_key():
    with pytest.raises(BadValueError):
        item_key(Record("s", "p", (Value("dc.identifier.other", "12345"),)), "", CHOSEN)


def test_a_record_with_a_doi_only_is_refused_with_the_setting_that_takes_it():
    with pytest.raises(BadValueError, match=r'key_from = "doi" in lod\.toml'):
        item_key(Record("s", "p", (Value("dc.identifier.doi", "10.1234/x"),)))


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("http://hdl.handle.net/10402/era.27657http://hdl.handle.net/10402/era.27657", "10402/era.27657"),
        ("https://repository.example.org/handle/1/2https://hdl.handle.net/3/4", "1/2"),
        ("hdl:1/2http://example.org/x", "1/2"),
    ],
)
def test_of_addresses_that_run_together_the_first_names_the_item(uri, key):
    assert item_key(record(uri)) == key
