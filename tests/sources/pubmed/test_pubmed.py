"""PubMed XML."""

from __future__ import annotations

import pytest

from lod.mapping.values.maps import compared
from lod.record import Record, Value
from lod.report import Finding
from lod.sources import find_files
from lod.sources.pubmed import articles as pubmed
from lod.sources.pubmed.dates import medline_date, read_pub_date
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import items_of, records_of, texts, violations

SHARED = SHARED_FOLDER / "data/pubmed/pubmedsample_2019.xml.gz"


def test_an_article_becomes_the_fields_of_a_repository():
    (record,) = records_of("pubmed", "full.xml")
    assert (record.place, record.modified) == ("full.xml, line 4", "2013-11-21")
    expected = {
        "dc.identifier.pmid": ["20650877"],
        "dc.identifier.doi": ["10.1136/ard.2009.123463"],
        "dc.identifier.eissn": ["1468-2060"],
        "dc.identifier.issnl": ["0003-4967"],
        "dc.date.issued": ["2010-08"],
        "dc.identifier.spage": ["1423"],
        "dc.identifier.epage": ["9"],
        "dc.subject.mesh": [
            "Humans",
            "Lupus Erythematosus, Systemic - immunology",
            "Lupus Erythematosus, Systemic - therapy",
        ],
        "pubmed.majortopic": ["Lupus Erythematosus, Systemic - therapy"],
        "dc.relation.funding": ["National Natural Science Foundation", "Department of Health"],
        "dc.relation.grantno": ["30972736"],
        "dc.relation.references": [
            "https://pubmed.ncbi.nlm.nih.gov/9324032/",
            "https://doi.org/10.1002/art.1780400928",
        ],
        "dc.type": ["journal article"],
        "pubmed.publicationtype": ["Research Support, Non-U.S. Gov't"],
    }
    assert {field: texts(record, field) for field in expected} == expected
    assert (
        Value("dc.contributor.author", "Lau, Chak Sing", None, "http://orcid.org/0000-0002-1825-0097") in record.values
    )
    assert texts(record, "dc.description.abstract")[0].splitlines()[0].startswith("OBJECTIVE: To see")


def test_odd_articles_are_read_and_a_broken_one_costs_itself_only():
    items = items_of("pubmed", "odd.xml")
    first, last = [item for item in items if isinstance(item, Record)]
    assert texts(first, "dc.title") == ["[On the water content of H2O]."]
    assert texts(first, "dc.date.issued") == ["1998-12/1999-01"]
    assert texts(first, "pubmed.medlinepgn") == ["123-9; discussion 130"]
    assert texts(first, "dc.type") == ["review article"]
    assert texts(first, "pubmed.chemical") == [
        '{"RegistryNumber": "059QF0KO0R", "NameOfSubstance": {"UI": "D014867", "text": "Water"}}'
    ]
    assert Value("dc.description.abstract", "Eine Zusammenfassung in der Sprache des Aufsatzes.", "ger") in first.values
    assert texts(last, "dc.date.issued") == ["2001-21"]
    assert [item.rule for item in violations(items)] == ["xml-broken", "pubmed-book"]
    assert "odd.xml, line 10: " in violations(items)[0].message
    deleted = next(item for item in items if isinstance(item, Finding) and item.rule == "pubmed-deleted")
    assert "NLM has deleted the citations 5 6;" in deleted.message


def test_every_publication_type_that_is_put_another_way_is_in_the_map_of_types(crosswalk):
    missing = [name for name in pubmed.PUBLICATION_TYPES.values() if compared(name) not in crosswalk.maps.types]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        pytest.param("1998 Dec-1999 Jan", "1998-12/1999-01", id="over the year"),
        pytest.param("2000 Jan-Feb", "2000-01/2000-02", id="two months"),
        pytest.param("1976 May 3-7", "1976-05-03/1976-05-07", id="days"),
        pytest.param("2000-2001", "2000/2001", id="years"),
        pytest.param("1997 Spring", "1997-21", id="season"),
        pytest.param("2000 Spring-Summer", "2000 Spring-Summer", id="two seasons are no EDTF"),
        pytest.param("1975 1st quarter", "1975 1st quarter", id="words"),
        pytest.param("2008", "2008", id="year"),
    ],
)
def test_dates_in_words_become_dates_where_they_can_be_read(text, date):
    assert medline_date(text) == date
    assert read_pub_date({"MedlineDate": text}) == date


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_file(), reason="the folder 'shared' with real data is not there")
def test_real_files_give_all_their_records():
    assert {source_format.name for _, source_format in find_files(SHARED)[0]} == {"pubmed"}
    items = items_of(SHARED)
    assert sum(isinstance(item, Record) for item in items) == 176
    assert violations(items) == []
