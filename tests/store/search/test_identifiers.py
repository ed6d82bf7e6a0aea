"""Identifiers: all spellings of one have one form."""

import pytest

from lod.store.search.values.identifiers import form_of, form_of_address, forms_typed

SPELLINGS = {
    "doi:10.5555/abc": ["10.5555/ABC", "doi:10.5555/abc", "DOI 10.5555/abc.", "https://doi.org/10.5555/abc", "<http://dx.doi.org/10.5555/abc>"],
    "issn:0003-4967": ["0003-4967", "00034967", "ISSN 0003-4967", "0003–4967", "https://portal.issn.org/resource/ISSN/0003-4967"],
    "orcid:0000-0002-1825-0097": ["0000-0002-1825-0097", "0000000218250097", "https://orcid.org/0000-0002-1825-0097", "orcid.org/0000-0002-1825-0097"],
    "isbn:9780306406157": ["978-0-306-40615-7", "0-306-40615-2", "ISBN 0306406152"],
    "handle:10722/129504": ["10722/129504", "hdl:10722/129504", "http://hdl.handle.net/10722/129504", "https://hub.example.org/handle/10722/129504"],
    "pmid:20472591": ["PMID: 20472591", "https://pubmed.ncbi.nlm.nih.gov/20472591/"],
    "pmcid:pmc2902345": ["PMC2902345", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2902345/"],
    "arxiv:1207.7214": ["arXiv:1207.7214", "1207.7214"],
    "ror:02mhbdp94": ["https://ror.org/02mhbdp94"],
}  # fmt: skip


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in SPELLINGS.items() for text in texts])
def test_a_typed_identifier_has_one_form_in_any_spelling(form, text):
    assert form in forms_typed(text)


@pytest.mark.parametrize(
    "text", ["climate change", "2010", "2010-2015", "a/b", "", "0003-4968", "x" * 10_000, "1" * 10_000, "10.5555"]
)
def test_what_is_no_identifier_has_no_form(text):
    assert forms_typed(text) == []


@pytest.mark.parametrize(
    ("scheme", "text", "form"),
    [
        ("doi", "10.5555/ABC", "doi:10.5555/abc"),
        ("lissn", "0003-4967", "issn:0003-4967"),
        ("hkuros", " 17 Ä ", "hkuros:17 a"),
        ("issn", "not one", "issn:not one"),
    ],
)
def test_a_stated_identifier_is_never_lost(scheme, text, form):
    assert form_of(scheme, text) == form


def test_an_address_that_leads_to_no_known_identifier_has_no_form():
    assert form_of_address("https://example.org/page") is None
    assert form_of_address("https://orcid.org/0000-0002-1825-0097") == "orcid:0000-0002-1825-0097"
