"""Texts that name another document: one IRI for each target, however it is written (rule REL)."""

from urllib.parse import quote

import pytest

from lod.mapping.record.apply import map_record
from lod.mapping.resources.links import names_document
from lod.rdf.claims import split_claim
from lod.record import Record, Value

TARGETS = [
    ("https://doi.org/10.1000/X", "https://doi.org/10.1000/x"),
    ("doi:10.1000/x", "https://doi.org/10.1000/x"),
    ("10.1371/journal.pone.0009739", "https://doi.org/10.1371/journal.pone.0009739"),
    ("info:eu-repo/semantics/reference/doi/10.1000/x", "https://doi.org/10.1000/x"),
    ("info:eu-repo/semantics/dataset/url/http://example.com/d", "http://example.com/d"),
    ("PMID:25958891", "https://pubmed.ncbi.nlm.nih.gov/25958891/"),
    ("http://www.ncbi.nlm.nih.gov/pubmed/25958891", "https://pubmed.ncbi.nlm.nih.gov/25958891/"),
    ("PMC3539697", "https://pmc.ncbi.nlm.nih.gov/articles/PMC3539697/"),
    ("arXiv:1207.7214v2", "https://arxiv.org/abs/1207.7214"),
    ("http://arxiv.org/abs/hep-th/9901001v1", "https://arxiv.org/abs/hep-th/9901001"),
    ("978-0-306-40615-7", "urn:isbn:9780306406157"),
    ("ISBN 0-306-40615-2", "urn:isbn:9780306406157"),
    ("urn:nbn:fi:tty-1", "urn:nbn:fi:tty-1"),
    ("http://hdl.handle.net/1721.1/135829.2", "https://hdl.handle.net/1721.1/135829.2"),
    ("hdl:11463/23958", "https://example.org/id/item/11463/23958"),
    ("#/11463/23958", "https://example.org/id/item/11463/23958"),
    ("11463/23958", "https://example.org/id/item/11463/23958"),
    ("8A3B5C1D-0000-4000-8000-000000000001", "https://example.org/id/item/uuid/8a3b5c1d-0000-4000-8000-000000000001"),
    ("http://example.com/a.pdf", "http://example.com/a.pdf"),
    ("http://example.org/a file with blanks.pdf", "http://example.org/a%20file%20with%20blanks.pdf"),
    ("http://example.org/a|b?x=[1]&y={2}", "http://example.org/a%7Cb?x=%5B1%5D&y=%7B2%7D"),
    ("http://[2001:db8::1]/a[1]", "http://[2001:db8::1]/a%5B1%5D"),
    ("http://example.org/a#b#c", "http://example.org/a#b%23c"),
    ("http://example.com/a?b=1&amp;c=2&amp;amp;d=3", "http://example.com/a?b=1&c=2&d=3"),
]  # fmt: skip
TEXTS = [
    "2010/11",
    "25958891",
    "0306406152",
    "The Auk 132(3)",
    "see http://example.com/",
    "http://example.com/ and http://example.com/b.pdf",
    "http://example.com is the place",
    "isbn unknown",
]


@pytest.mark.parametrize(("text", "target"), TARGETS)
def test_a_related_document_has_one_iri(crosswalk, text, target):
    values = (Value("dc.relation.isversionof", text), Value("dc.identifier.uri", "http://hdl.handle.net/11463/1"))
    result = map_record(Record("s", "s, row 2", values), crosswalk, "2026-11-23T00:00:00Z")
    stated = [split_claim(line)[2] for line in result.claims if "/isVersionOf> " in line]
    assert stated == [f"<{target}>"]
    assert names_document(text, "11463/1")
    assert any("field/dc.relation.isversionof>" in line for line in result.claims) == (text != target)


@pytest.mark.parametrize("text", TEXTS)
def test_what_names_no_document_stays_text(text):
    assert not names_document(text, "11463/1")


def relations(result):
    return [
        line
        for line in result.claims
        if line.startswith("<https://example.org/id/item/11463/1> <http://purl.org/dc/terms/relation>")
    ]


@pytest.mark.parametrize(
    "text", ["http://hdl.handle.net/11463/1", "hdl:11463/1", "https://doi.org/10.5555/OWN", "11463/1"]
)
def test_an_item_has_no_relation_to_itself(crosswalk, text):
    values = [
        ("dc.relation", text),
        ("dc.identifier.doi", "10.5555/own"),
        ("dc.identifier.uri", "http://hdl.handle.net/11463/1"),
    ]
    result = map_record(
        Record("s", "s, row 2", tuple(Value(*pair) for pair in values)), crosswalk, "2026-11-23T00:00:00Z"
    )
    assert relations(result) == []
    assert any("field/dc.relation>" in line for line in result.claims)


def test_words_that_begin_like_an_address_are_told(crosswalk):
    values = [
        ("dc.relation.uri", "http://example.com is the place"),
        ("dc.identifier.uri", "http://hdl.handle.net/11463/1"),
    ]
    result = map_record(
        Record("s", "s, row 2", tuple(Value(*pair) for pair in values)), crosswalk, "2026-11-23T00:00:00Z"
    )
    assert [finding.message for finding in result.findings if finding.rule == "U1"] == [
        "The value begins like a web address and is none; it was published as a text. Correct the address, or move the words beside it."
    ]


@pytest.mark.parametrize("character", ["\x01", "\x7f", "\ue000", "\ufdd0", "\ufffe", "\U0001ffff", "\U000e0001"])
def test_what_an_iri_may_not_hold_is_percent_encoded_in_the_link_of_an_identifier(crosswalk, character):
    values = (
        Value("dc.identifier.doi", f"10.5555/a{character}b"),
        Value("dc.identifier.uri", "http://hdl.handle.net/1/1"),
    )
    result = map_record(Record("s", "s, row 2", values), crosswalk, "2026-11-23T00:00:00Z")
    links = [line for line in result.claims if f"<https://doi.org/10.5555/a{quote(character)}b>" in line]
    assert links
