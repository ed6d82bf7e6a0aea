"""IRIs: keys and their escapes."""

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.mapping.values.iris import exact_key, handle_key, hash16, item_key, name_key
from lod.record import Origin, Record, Value

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
        item_key(record("see the shelf"))


def test_a_record_with_nothing_but_a_title_is_refused_with_the_line_that_lets_titles_name():
    record = Record("/data/list.ris", "list.ris, line 1", (Value("dc.title", "On tides"),))
    told = re.escape(
        'or let titles name what has nothing else: key_from = ["auto", "dc.title"] in lod.toml, with which a corrected title is a '
        "new IRI"
    )
    with pytest.raises(BadValueError, match=f"{told}$"):
        item_key(record)
    assert item_key(record, key_from=("auto", "dc.title")) == "dc.title/On%20tides"


def test_a_site_that_chooses_no_keys_takes_none_but_handle_uuid_and_oai_identifier():
    with pytest.raises(BadValueError, match=r'key_from = \["doi"\] in lod\.toml'):
        item_key(record("https://doi.org/10.1234/x", uuid="26"), "", ())


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
    with pytest.raises(
        BadValueError, match=r'nothing that key_from names \(pmid\).*key_from = \["pmid", "doi"\] in lod\.toml'
    ):
        item_key(Record("s", "p", (Value("dc.identifier.doi", "10.1234/x"),)), "", ("pmid",))


def test_a_record_with_a_citation_key_only_is_refused_with_the_setting_that_takes_it():
    entry = Record("/a/b.bib", "p", (Value("bibtex.key", "adams"),), origin=BIBTEX)
    with pytest.raises(BadValueError, match=r'key_from = \["doi", "auto"\] in lod\.toml'):
        item_key(entry, "", ("doi",))


BIBTEX = Origin(keys=("doi", "bibtex.key"))
NAMED = Origin(name="group", keys=("doi", "bibtex.key"))


@pytest.mark.parametrize(
    ("source", "origin", "values", "names", "key"),
    [
        pytest.param("/a/b.bib", BIBTEX, [("bibtex.key", "k"), ("dc.identifier.doi", "10.1234/X")], {}, "doi/10.1234/x", id="DOI first"),
        pytest.param("/a/b.bib", BIBTEX, [("bibtex.key", "k")], {}, "bibtex.key/b.bib/k", id="citation key in its file"),
        pytest.param("/a/b.bib.gz", BIBTEX, [("bibtex.key", "k")], {}, "bibtex.key/b.bib/k", id="gzipped"),
        pytest.param("/a/b.bib", NAMED, [("bibtex.key", "k")], {}, "bibtex.key/group/k", id="citation key in its source"),
        pytest.param("/a/b.bib", BIBTEX, [("bibtex.key", "k"), ("dc.identifier.uri", "hdl:1/2")], {}, "1/2", id="handle"),
        pytest.param("/a/b", Origin(keys=("pmid", "doi")), [("dc.identifier.doi", "10.1234/x"), ("dc.identifier.pmid", "7")], {}, "pmid/7", id="PubMed"),
        pytest.param("/a/b", Origin(), [("dc.identifier.pmid", "7"), ("dc.identifier.doi", "10.1234/x")], {}, "doi/10.1234/x", id="unknown format"),
        pytest.param("/a/b", Origin(), [("edm.isShownAt", "https://example.org/a/1")], {}, "edm.isShownAt/https%3A%2F%2Fexample.org%2Fa%2F1", id="page"),
        pytest.param("/a/b", Origin(), [("dc.identifier.uri", "https://example.org/"), ("dc.identifier.uri", "urn:nbn:se:uu:diva-1")], {}, "dc.identifier.uri/urn%3Anbn%3Ase%3Auu%3Adiva-1", id="no home page"),
        pytest.param("/a/b", Origin(), [("dc.identifier.urn", "urn:nbn:de:kobv:b4-1")], {}, "dc.identifier.urn/urn%3Anbn%3Ade%3Akobv%3Ab4-1", id="URN"),
        pytest.param("/a/b", Origin(keys=("doaj.id",)), [("doaj.id", "0f")], {}, "doaj.id/0f", id="known worldwide"),
        pytest.param("/a/b.csv", Origin(name="group"), [("dc.title", "x")], {"uuid": "26"}, "id/group/26", id="row of a named source"),
        pytest.param("/a/b.csv", Origin(), [("dc.title", "x")], {"uuid": "https://example.org/W1"}, "id/https%3A%2F%2Fexample.org%2FW1", id="row with an address"),
    ],
)  # fmt: skip
def test_the_key_of_a_record_is_the_identifier_natural_to_its_format(source, origin, values, names, key):
    assert item_key(Record(source, "p", tuple(Value(*value) for value in values), origin=origin, **names)) == key


def test_a_row_of_a_file_is_refused_with_the_table_that_makes_it_a_source():
    row = Record("/data/Our Theses.csv.gz", "p", (Value("dc.title", "x"),), uuid="26")
    with pytest.raises(
        BadValueError, match=r'\[\[source\]\] with name = "our-theses" and path = "/data/Our Theses\.csv\.gz"'
    ):
        item_key(row)


def test_a_damaged_handle_is_no_address_that_makes_a_key():
    with pytest.raises(BadValueError):
        item_key(record("http://hdl.handle.net/1/2 x", "https://doi.org/10.1234/x"))


def test_a_handle_of_another_form_does_not_stand_in_the_way_of_other_identifiers():
    assert item_key(record("hdl:loc.music/collmus.1", "https://doi.org/10.1234/x")) == "doi/10.1234/x"


def test_the_constants_of_a_source_make_no_keys():
    values = (Value("dc.title", "x"), Value("dc.identifier.doi", "10.1234/x"))
    with pytest.raises(BadValueError):
        item_key(Record("/a/b", "p", values, defaults=1))


ENTRIES = st.lists(
    st.tuples(st.text("ab:/é1", min_size=1, max_size=4), st.booleans()), unique_by=lambda entry: entry[0]
)


def _entry(path, origin, key, has_doi):
    values = [Value("bibtex.key", key)]
    if has_doi:
        values.append(Value("dc.identifier.doi", f"10.1234/{exact_key(key)}"))
    return Record(path, "p", tuple(values), origin=origin)


@given(ENTRIES, st.randoms(use_true_random=False), st.integers(0, 5))
def test_keys_do_not_depend_on_the_order_of_entries_nor_on_the_files_of_a_named_source(entries, random, cut):
    whole = {key: item_key(_entry("/a/all.bib", NAMED, key, doi)) for key, doi in entries}
    shuffled = random.sample(entries, len(entries))
    parts = [("/a/1.bib", shuffled[:cut]), ("/other/2.bib", shuffled[cut:])]
    split = {key: item_key(_entry(path, NAMED, key, doi)) for path, part in parts for key, doi in part}
    assert split == whole
    assert len(set(whole.values())) == len(entries)


@given(ENTRIES)
def test_two_providers_meet_in_a_doi_only(entries):
    one, other = (
        {item_key(_entry(path, origin, *entry)) for entry in entries}
        for path, origin in (("/a/one.bib", BIBTEX), ("/a/one.bib", NAMED))
    )
    assert all(key.startswith("doi/") for key in one & other)


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
