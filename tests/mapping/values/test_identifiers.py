"""Identifiers: what is read, in which canonical form, and what is refused with which words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.mapping.values.identifiers import FORMS, isbn13, link_path, split_orcid

READ = [
    ("doi", "10.1136/ard.2009.123463", "10.1136/ard.2009.123463"),
    ("doi", "https://doi.org/10.1136/ARD.2009.123463", "10.1136/ard.2009.123463"),
    ("doi", "http://dx.doi.org/10.7290/V79G5JR7", "10.7290/v79g5jr7"),
    ("doi", "doi:10.1000/182.", "10.1000/182"),
    ("doi", "DOI: 10.1000/182", "10.1000/182"),
    ("doi", "doi: https://doi.org/10.1000/182", "10.1000/182"),
    ("doi", "info:doi/10.1000/182", "10.1000/182"),
    (
        "doi",
        "https://doi.org/10.1002/(SICI)1096-8644(199601)99:1%3C1::AID-AJPA1%3E3.0.CO;2-1",
        "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1",
    ),
    ("doi", "https://doi.org/doi:10.1000/182", "10.1000/182"),
    ("doi", "http://dx.doi.org./10.1000/182", "10.1000/182"),
    ("doi", "dx.doi.org/10.1000/182", "10.1000/182"),
    ("doi", "https:/doi.org/10.1000/182", "10.1000/182"),
    ("doi", "DOI 10.1000/182", "10.1000/182"),
    ("doi", "doi.org:10.1000/182", "10.1000/182"),
    ("doi", "<https://doi.org/10.1000/182>", "10.1000/182"),
    ("doi", "urn:doi:10.1000/182", "10.1000/182"),
    ("doi", "http://doi.acm.org/10.1145/1137627.1137631", "10.1145/1137627.1137631"),
    ("doi", "https://doi-org.proxy.example.edu/10.1000/182", "10.1000/182"),
    ("doi", "http://dx.doi.org.proxy.example.edu/10.1000/182", "10.1000/182"),
    ("handle", "http://hdl.handle.net/10722/129504", "10722/129504"),
    ("handle", "urn:hdl:10722/129504", "10722/129504"),
    ("handle", "https://hdl.handle.net/20.500.12348/3792", "20.500.12348/3792"),
    ("handle", "hdl:10722/129504", "10722/129504"),
    ("handle", "#/11463/31779", "11463/31779"),
    ("handle", "https://repository.example.edu/handle/1721.1/135829.2", "1721.1/135829.2"),
    ("handle", "https://repository.example.edu/xmlui/handle/1/2?show=full", "1/2"),
    ("handle", "10722/129504", "10722/129504"),
    ("pmid", "PMID: 020650877", "20650877"),
    ("pmid", "https://pubmed.ncbi.nlm.nih.gov/20650877/", "20650877"),
    ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/pmc123/", "PMC123"),
    ("pmid", "PubMed ID: 20650877", "20650877"),
    ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/", "PMC123"),
    ("urn", "URN:NBN:fi:tty-201012211413", "urn:nbn:fi:tty-201012211413"),
    (
        "wos",
        "http://gateway.example.com/Gateway.cgi?GWVersion=2&KeyUT=WOS:000275809600011&DestApp=x",
        "WOS:000275809600011",
    ),
    ("wos", "000280171700004", "WOS:000280171700004"),
    ("wos", "ISI:000280171700004", "WOS:000280171700004"),
    ("lccn", " 85-753651 ", "85753651"),
    ("lccn", "n78-89035", "n78089035"),
    ("lccn", "2001-1114//r85", "2001001114"),
    ("lccn", "https://lccn.loc.gov/sh85000001", "sh85000001"),
    ("oclc", "(OCoLC)ocm12854433", "12854433"),
    ("oclc", "OCLC: 0012854433", "12854433"),
    ("oclc", "https://www.worldcat.org/oclc/755804116", "755804116"),
    ("oclc", "on1032352455", "1032352455"),
    ("scopus", "eid_2-s2.0-77955451557", "2-s2.0-77955451557"),
    ("scopus", "77955451557", "2-s2.0-77955451557"),
    ("arxiv", "arXiv:1207.7214v2", "1207.7214v2"),
    ("arxiv", "https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
    ("openalex", "https://openalex.org/w2741809807", "W2741809807"),
    ("issn", "0003-4967", "0003-4967"),
    ("issn", "00034967", "0003-4967"),
    ("issn", "ISSN 2535-373x (online)", "2535-373X"),
    ("isbn", "978-82-7853-301-7 (print)", "9788278533017"),
    ("isbn", "0-306-40615-2", "0306406152"),
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "000000021694233x", "0000-0002-1694-233X"),
    ("ror", "https://ror.org/02mhbdp94", "02mhbdp94"),
    ("bibcode", "2012PhLB..716....1A", "2012PhLB..716....1A"),
    ("patent", "us 8123456 b2", "US8123456B2"),
    ("ismn", "979-0-2600-0043-8", "9790260000438"),
    ("isni", "https://isni.org/isni/0000000121032683", "0000000121032683"),
    ("viaf", "http://viaf.org/viaf/102333412/", "102333412"),
    ("gnd", "https://d-nb.info/gnd/118540238", "118540238"),
    ("gnd", "https://d-nb.info/gnd/4036582-7", "4036582-7"),
    ("gnd", "(DE-588)11850553X", "11850553X"),
    ("lcnaf", "http://id.loc.gov/authorities/names/n79021164", "n79021164"),
    ("lccn", "   85-2 ", "85000002"),
    ("lccn", "n78-890351", "n78890351"),
    ("lccn", "75-425165//r75", "75425165"),
    ("lccn", "   2001627090", "2001627090"),
    ("digits", "42", "42"),
    ("as-is", " TR-1 ", "TR-1"),
]
REFUSED = [
    ("doi", "not available", "not a DOI"),
    ("doi", "https://example.org/10", "not a DOI"),
    ("handle", "http://example.org/page", "not a handle"),
    ("pmid", "PMC20650877", "not a PubMed id"),
    ("pmcid", "20650877", "not a PubMed Central id"),
    ("wos", "A1997WM", "not a Web of Science number"),
    ("lccn", "TR-12", "not an LCCN"),
    ("oclc", "TR-12", "not an OCLC number"),
    ("oclc", "0", "not an OCLC number"),
    ("scopus", "abc", "not a Scopus EID"),
    ("arxiv", "12.7", "not an arXiv id"),
    ("openalex", "A12x", "not an OpenAlex id"),
    ("issn", "0003-4968", "not a valid ISSN"),
    ("isbn", "9780306406158", "not a valid ISBN"),
    ("orcid", "0000-0002-1825-0098", "not a valid ORCID"),
    ("ror", "12mhbdp94", "not a ROR id"),
    ("bibcode", "2012", "not an ADS bibcode"),
    ("ismn", "9780260000438", "not an ISMN"),
    ("isni", "https://isni.org/isni/0000000121032684", "not a valid ISNI"),
    ("isni", "121032683", "not an ISNI"),
    ("viaf", "viaf102333412", "not a VIAF number"),
    ("gnd", "118540239", "not a valid GND number"),
    ("gnd", "4036582-8", "not a valid GND number"),
    ("lcnaf", "79021164", "not a number of the Library of Congress"),
    ("lccn", "unknown", "not an LCCN"),
    ("digits", "4 2", "not a number"),
    ("urn", "nbn:fi:1", "not a URN"),
    ("doi", "doi", "not a DOI"),
    ("doi", "10.1000/", "not a DOI"),
    ("doi", "see doi:10.1000/182 and others", "not a DOI"),
    ("handle", "http://repository.example.edu/bitstream/handle/1/2/a.pdf", "not a handle"),
    ("handle", "http://hdl.handle.net/2027/mdp.1?urlappend=%3Bseq=658", "not a handle"),
    ("arxiv", "1207.7214v", "not an arXiv id"),
]


@pytest.mark.parametrize(("form", "text", "value"), READ)
def test_an_identifier_is_read_in_its_canonical_form(form, text, value):
    assert FORMS[form](text) == value


@pytest.mark.parametrize(("form", "text", "value"), READ)
def test_a_canonical_form_stays_as_it_is(form, text, value):
    if "<" not in value:
        assert FORMS[form](value) == value


@pytest.mark.parametrize(("form", "text", "message"), REFUSED)
def test_what_is_no_such_identifier_is_refused_with_a_reason(form, text, message):
    with pytest.raises(BadValueError, match=message):
        FORMS[form](text)


def test_every_form_has_an_accepted_and_a_refused_value():
    assert {form for form, _, _ in READ} == set(FORMS)
    assert {form for form, _, _ in REFUSED} == set(FORMS) - {"as-is", "patent"}


@given(st.sampled_from(sorted(FORMS)), st.text(max_size=60))
def test_any_text_is_read_or_a_bad_value(form, text):
    with suppress(BadValueError):
        assert isinstance(FORMS[form](text), str)


def test_an_isbn_of_ten_has_a_form_of_thirteen():
    assert isbn13("0306406152") == "9780306406157"


def test_only_what_may_not_stand_in_a_path_is_escaped_in_a_link():
    assert link_path("10.1002/(sici)1<1::aid>3.0;2-1#x") == "10.1002/(sici)1%3C1::aid%3E3.0;2-1%23x"


@pytest.mark.parametrize(
    ("text", "name", "orcid"),
    [
        ("Lu, L (0000-0002-1825-0097)", "Lu, L", "0000-0002-1825-0097"),
        ("Lu, L ORCID: 0000-0002-1825-0097", "Lu, L", "0000-0002-1825-0097"),
        ("Lu, L; https://orcid.org/0000-0002-1825-0097", "Lu, L", "0000-0002-1825-0097"),
        ("Lu, L [orcid.org/0000-0002-1694-233x].", "Lu, L", "0000-0002-1694-233X"),
        ("Lu, L {ORCID iD 0000-0002-1825-0097}", "Lu, L", "0000-0002-1825-0097"),
        ("Lu, L", "Lu, L", ""),
        ("0000-0002-1825-0097", "0000-0002-1825-0097", ""),
        ("Lu, L (1970-2010)", "Lu, L (1970-2010)", ""),
    ],
)
def test_an_orcid_glued_to_a_name_is_split_off(text, name, orcid):
    assert split_orcid(text) == (name, orcid)


def test_a_wrong_orcid_beside_a_name_is_said():
    with pytest.raises(BadValueError, match="not a valid ORCID iD"):
        split_orcid("Lu, L (0000-0002-1825-0098)")
