"""Authority keys: what is read of an address or of DSpace's form, and what is no key that is known."""

import pytest

from lod.mapping.values.authority_keys import read_key


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("will be referenced::ROR-ID::https://ror.org/00a208s56", "https://ror.org/00a208s56"),
        ("https://ror.org/00a208s56", "https://ror.org/00a208s56"),
        ("will be generated::ORCID::0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("http://d-nb.info/gnd/118540238", "https://d-nb.info/gnd/118540238"),
        ("(DE-588)118540238", "https://d-nb.info/gnd/118540238"),
        ("will be referenced::GND::118540238", "https://d-nb.info/gnd/118540238"),
        ("will be referenced::ISNI::0000 0001 2146 438X", "https://isni.org/isni/000000012146438X"),
        ("https://viaf.org/viaf/24602065/", "http://viaf.org/viaf/24602065"),
        ("https://dx.doi.org/10.13039/501100000266", "https://doi.org/10.13039/501100000266"),
        ("http://id.loc.gov/authorities/names/n79021164.html", "http://id.loc.gov/authorities/names/n79021164"),
        ("(OCoLC)fst01353803", "http://id.worldcat.org/fast/1353803"),
        ("http://aims.fao.org/aos/agrovoc/c_8309", "http://aims.fao.org/aos/agrovoc/c_8309"),
        ("https://id.nlm.nih.gov/mesh/D008180Q000628", "http://id.nlm.nih.gov/mesh/D008180Q000628"),
        ("https://www.wikidata.org/wiki/Q42", "http://www.wikidata.org/entity/Q42"),
    ],
)
def test_a_key_leads_to_the_thing_that_it_names(text, link):
    key = read_key(text)
    assert key is not None
    assert key.link == link


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("118540238", id="a bare number"),
        pytest.param("c0ffee00-1111-4222-8333-444455556666", id="a key of DSpace's own"),
        pytest.param("will be generated", id="a promise"),
        pytest.param("will be generated::ISSN::1234-5678", id="a wrong check digit"),
        pytest.param("https://example.org/gnd/118540238", id="another address"),
        pytest.param("https://ror.org/", id="no id"),
        pytest.param("https://d-nb.info/gnd/118540239", id="a wrong check digit of the GND"),
        pytest.param("https://isni.org/isni/0000000121464381", id="a wrong check character of an ISNI"),
    ],
)
def test_what_names_nothing_is_no_key(text):
    assert read_key(text) is None


def test_an_issn_names_a_serial_without_an_address():
    assert read_key("will be referenced::ISSN::1234-5679") == ("issn", "1234-5679", "")
