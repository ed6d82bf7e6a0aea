"""Authority keys beside values of any kind: a link where they name such a thing, else kept verbatim and counted."""

import pytest

from lod.mapping.record.apply import map_record
from lod.mapping.round_trip.compare import compare
from lod.record import Record, Value

MOMENT = "2026-11-23T00:00:00Z"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")
BASE = "https://example.org"


def told(crosswalk, *values):
    record = Record("s", "row 1", (*values, Value("dc.type", "Article"), HANDLE))
    result = map_record(record, crosswalk, MOMENT)
    back = compare(record, result, crosswalk)
    assert (back.lost, back.invented, back.misplaced) == ([], [], [])
    return result


def test_a_key_with_an_address_is_in_no_iri_and_the_key_of_a_value_that_cannot_be_read_is_kept(crosswalk):
    address = Value("dc.contributor.author", "Roe, Ann", None, "ann@example.org", 600)
    unread = Value("relation.isAuthorOfPublication", "no UUID", None, "rp00477", 600)
    result = told(crosswalk, address, unread)
    assert not any("ann@" in line or "ann%40" in line for line in result.claims)
    assert any('"no UUID::rp00477::600"' in line for line in result.claims)
    assert [finding.field for finding in result.findings if finding.rule == "authority-key"] == [
        address.field,
        unread.field,
    ]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        pytest.param(
            Value("dc.publisher", "Presses de X", None, "https://ror.org/00a208s56", 600),
            f"<{BASE}/id/org/ror-00a208s56> <http://schema.org/sameAs> <https://ror.org/00a208s56> .",
            id="publisher",
        ),
        pytest.param(
            Value("dc.relation.orgunit", "Institut Y", None, "will be referenced::GND::118540238"),
            f"<{BASE}/id/org/gnd-118540238> <http://schema.org/sameAs> <https://d-nb.info/gnd/118540238> .",
            id="organisation",
        ),
        pytest.param(
            Value("dc.relation.funding", "CNPq", None, "https://doi.org/10.13039/501100003593"),
            f"<{BASE}/id/org/fundref-501100003593> <http://schema.org/sameAs> <https://doi.org/10.13039/501100003593> .",
            id="funder",
        ),
        pytest.param(
            Value("dc.subject", "maïs", "fr", "http://aims.fao.org/aos/agrovoc/c_12332", 600),
            f"<{BASE}/id/concept/agrovoc/ma%C3%AFs> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://aims.fao.org/aos/agrovoc/c_12332> .",
            id="keyword",
        ),
        pytest.param(
            Value("dc.subject.lcsh", "Operas", None, "http://id.loc.gov/authorities/subjects/sh85094914"),
            f"<{BASE}/id/concept/lcsh/operas> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://id.loc.gov/authorities/subjects/sh85094914> .",
            id="heading",
        ),
        pytest.param(
            Value("dc.contributor.author", "Bach, J. S.", None, "http://d-nb.info/gnd/11850553X"),
            f"<{BASE}/id/person/gnd-11850553X> <http://schema.org/sameAs> <https://d-nb.info/gnd/11850553X> .",
            id="author",
        ),
        pytest.param(
            Value("dc.relation.ispartof", "Journal of Z", None, "will be referenced::ISSN::1234-5679", 500),
            f'<{BASE}/id/serial/1234-5679> <http://purl.org/ontology/bibo/issn> "1234-5679" .',
            id="journal",
        ),
    ],
)
def test_a_key_that_names_such_a_thing_is_its_link(crosswalk, value, line):
    result = told(crosswalk, value)
    assert line in result.claims
    assert [finding for finding in result.findings if finding.rule == "authority-key"] == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            Value("dc.publisher", "Press", None, "will be generated::ISSN::1234-5679", 500),
            "it is of no scheme that names such a thing",
        ),
        (Value("dc.subject", "grain", None, "local-17", 400), "it is of no scheme that names such a thing"),
        (Value("dc.description", "A note", None, "local-18", 600), "its field has no use for one"),
        (Value("local.affiliation", "Lab", None, "local-19", 600), "its field has no use for one"),
        (Value("dc.contributor.author", "Roe, A", None, "ab-1", 300), "its confidence is 300, below 600 (accepted)"),
    ],
)
def test_any_other_key_is_kept_verbatim_as_dspace_writes_it_and_counted(crosswalk, value, why):
    result = told(crosswalk, value)
    copy = f'{value.field}.authority> "{value.text}::{value.authority}::{value.confidence}" .'
    assert [line for line in result.claims if line.endswith(copy)]
    assert [finding.message for finding in result.findings if finding.rule == "authority-key"] == [
        f"The authority key beside the value was not linked but kept verbatim: {why}."
    ]
