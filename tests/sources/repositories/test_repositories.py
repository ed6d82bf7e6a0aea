"""EPrints, InvenioRDM, Dataverse and OpenAlex: what their records give, and that nothing of real files is lost."""

from __future__ import annotations

import json
import re

import pytest
from lxml import etree

from lod.record import File, Record
from lod.report import Finding
from tests.helpers.nothing_lost import content_of, json_texts, lost, xml_texts
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import items_of, records_of, texts

SHARED = SHARED_FOLDER / "data"


def authors(record):
    return [(value.text, value.authority) for value in record.values if value.field == "dc.contributor.author"]


def test_an_abstract_is_put_together_from_its_index():
    (record,) = records_of("openalex", "full.json")
    assert texts(record, "dc.description.abstract") == ["Lichens grow on roofs. Lichens like zinc."]
    assert authors(record) == [
        ("Josiah Carberry", "https://orcid.org/0000-0002-1825-0097"),
        ("Anna van der Berg", None),
    ]
    assert texts(record, "dc.relation.funding") == ["Example Science Fund", "Roof Foundation"]
    assert texts(record, "dc.identifier.pmcid") == ["PMC7000001"]
    odd, chapter = records_of("openalex", "odd.jsonl")
    assert texts(odd, "dc.type") == ["conference paper"]
    assert texts(odd, "openalex.abstract_inverted_index") == ['{"Broken": ["first"]}']
    assert texts(odd, "dc.relation.ispartof") == []
    assert texts(chapter, "dc.relation.ispartofseries") == ["Lecture Notes in Roofs"]


def test_a_record_of_invenio_has_its_dois_people_and_files():
    (record,) = records_of("invenio", "full.json")
    assert record.oai_identifier == "oai:repository.example.edu:abcde-12345"
    assert authors(record) == [
        ("Carberry, Josiah", "0000-0002-1825-0097"),
        ("British Geological Survey", "will be referenced::ROR-ID::04a7gbp98"),
    ]
    assert texts(record, "dc.identifier.doi") == ["10.5555/inv.1"]
    assert texts(record, "dc.relation.isversionof") == ["https://doi.org/10.5555/inv.0"]
    assert texts(record, "dc.relation.funding") == ["Example Science Fund", "Roof Foundation"]
    assert [file.checksum for file in record.files] == ["md5:9e107d9d372bb6826bd81d3542a419d6"]
    old, deposit = records_of("invenio", "odd.jsonl")
    assert (texts(old, "dc.type"), texts(deposit, "dc.type")) == (["thesis"], ["report"])
    assert texts(old, "dc.identifier.doi") == ["10.5555/inv.5"]
    assert texts(old, "invenio.alternate_identifiers.doi") == ["10.5555/inv.7"]
    assert deposit.files == (File("report.pdf"),)
    hidden = [item.message for item in items_of("invenio", "odd.jsonl") if isinstance(item, Finding)]
    assert "odd.jsonl: line 3 was left out: it is a draft, so that it is not public" in hidden


COMMUNITY = {
    "id": "b-1",
    "slug": "roofs",
    "access": {"visibility": "public", "member_policy": "open", "record_policy": "open", "review_policy": "closed"},
    "metadata": {"title": "Roofs", "description": "What grows on them.", "type": {"id": "topic"}},
}


@pytest.mark.parametrize(
    ("document", "where"),
    [
        pytest.param(COMMUNITY, "line 1", id="alone"),
        pytest.param({"hits": {"hits": [COMMUNITY], "total": 1}}, "record 1", id="in a list"),
    ],
)
def test_a_community_of_invenio_is_no_record(tmp_path, document, where):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document))
    assert [(item.rule, item.message) for item in items_of(path)] == [
        (
            "hidden",
            f"a.json: {where} was left out: it is a community of the repository, which holds records and is none",
        )
    ]


def test_a_record_of_invenio_without_a_doi_is_known_by_the_address_of_its_page(tmp_path):
    path = tmp_path / "record.json"
    path.write_text(
        '{"id": "abc", "metadata": {"title": "Roofs", "resource_type": {"id": "dataset"}, "creators": []}, "files": {}, '
        '"links": {"self_html": "https://repository.example.edu/records/abc"}}'
    )
    (record,) = records_of(path)
    assert texts(record, "dc.identifier.uri") == ["https://repository.example.edu/records/abc"]
    (registered,) = records_of("invenio", "full.json")
    assert texts(registered, "dc.identifier.uri") == []


def test_a_dataset_has_the_values_of_its_blocks_and_no_restricted_file():
    (record,) = records_of("dataverse", "full.json")
    assert authors(record) == [("Carberry, Josiah", "0000-0002-1825-0097"), ("Lund, Per", None)]
    assert texts(record, "dc.identifier.doi") == ["10.5555/FK2/ROOF"]
    assert texts(record, "dc.coverage.temporal") == ["2012-01/2013-12"]
    assert texts(record, "dc.date.issued") == ["2015-04-20"]
    assert [file.name for file in record.files] == ["roofs.tab"]
    found = records_of("dataverse", "odd.json")
    assert texts(found[0], "dc.identifier.uri") == ["http://hdl.handle.net/1902.1/15415"]
    assert texts(found[1], "dc.identifier.doi") == ["10.5555/FK2/POLL"]


def test_an_eprint_has_its_people_in_order_and_its_public_files_only():
    (record,) = records_of("eprints", "full.xml")
    assert authors(record) == [
        ("Carberry, Josiah", "0000-0002-1825-0097"),
        ("Lund, Per", None),
        ("Roof Survey", None),
    ]
    assert texts(record, "eprints.creators_id") == ["name@example.edu"]
    assert texts(record, "dc.contributor.translator") == ["Holm, Eva"]
    assert texts(record, "dc.subject") == ["lichens", "zinc, old", "roofs"]
    assert [file.url for file in record.files] == ["https://eprints.example.edu/17/1/roofs.pdf"]
    assert record.modified == "2019-10-03T00:16:37Z"
    thesis, poster = records_of("eprints", "odd.json")
    assert texts(thesis, "dc.type") == ["doctoral thesis"]
    assert texts(thesis, "dc.identifier.doi") == ["10.5555/ep.21"]
    assert texts(poster, "dc.date.issued") == ["2016-06-01"]
    assert texts(poster, "dcterms.dateAccepted") == ["2016-05"]


LEFT_OUT = {
    "openalex": r"^(fwci|citation_normalized|cited_by|concepts|content_urls|counts_by|created|referenced_works_count|related"
    r"|abstract_inverted_index)|is_corresponding|is_retracted|has_|is_xpac|is_paratext|fulltext|locations_count|_distinct_count|ngrams|keywords\.score|host_organization_lineage|author_position",
    "dataverse": r"image_url|data\.q$|global_id|[pP]ersistent|datasetId|\.id$|^id$|storageIdentifier|versionState|createTime"
    r"|fileAccess|displayName|multiple|typeName|typeClass|IdentifierScheme|total_count|start$|^status",
    "invenio": r"\.title\.(de|sv|en)$|^stats|links|^(is_|created|revision|versions|status|owners|state|submitted|doi_url)|pids\.doi|relations"
    r"|files\.(id|enabled|total|count)|person_or_org\.type|identifiers\.scheme|pages|parent\.communities|icon|dates\.type\.id",
    "eprints": r"documents|date_type|keywords|given|eprint_status|\.dir$|datestamp|lastmod|status_changed|visibility|refereed|userid"
    r"|rev_number|full_text|pagerange",
}
"""What the remarks count, and what is written in another way: dates, names, identifiers, separated lists."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_every_text_of_a_real_file_is_in_its_record_or_counted(name):
    count = 0
    for path in sorted((SHARED / name).glob("*.xml*" if name == "eprints" else "*.json*")):
        if re.search(r"error-|model_", path.name):
            continue
        items = items_of(path)
        if not any(isinstance(item, Record) for item in items):
            assert [item.rule for item in items if item.rule == "hidden"], path.name
            continue
        data = content_of(path)
        found = xml_texts(etree.fromstring(data)) if name == "eprints" else json_texts(json.loads(data))
        assert lost(found, items, {LEFT_OUT[name]: ""}) == [], path.name
        count += 1
    assert count > 5
