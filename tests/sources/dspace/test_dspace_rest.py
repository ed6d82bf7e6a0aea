"""Answers of DSpace's REST API, read whole."""

from __future__ import annotations

import json

import pytest

from lod.record import File, Record, Tombstone, Value
from lod.report import Finding, Severity
from lod.sources import find_files
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.read_sources import items_of, violations, without_remarks

DATA = FIXTURES / "sources" / "dspace-rest"
SHARED = SHARED_FOLDER / "data"
ITEM = {"uuid": "3f2a6c10-8d3e-4f5b-9c11-000000000001", "metadata": {"dc.title": [{"value": "One"}]}}


def test_results_of_a_search_give_items_with_their_values_in_order_their_files_and_collections():
    first, second = without_remarks(items_of(DATA / "full.json"))
    assert isinstance(first, Record)
    assert (first.handle, first.uuid) == ("20.500.12348/4001", "3f2a6c10-8d3e-4f5b-9c11-000000000001")
    assert first.url == "https://repository.example.org/server/api/core/items/3f2a6c10-8d3e-4f5b-9c11-000000000001"
    assert first.modified == "2024-03-05T09:20:11.000+00:00"
    assert first.collections == ("20.500.12348/10",)
    assert first.values[:2] == (
        Value("dc.contributor.author", "Barnes, Michele L."),
        Value("dc.contributor.author", "Cinner, Joshua E.", None, "9d2b5f60-1111-4222-8333-444455556666", 600),
    )
    assert first.files[0] == File(
        "article.pdf",
        "https://repository.example.org/server/api/core/bitstreams/b1/content",
        "application/pdf",
        482_011,
        "md5:9e107d9d372bb6826bd81d3542a419d6",
        "ORIGINAL",
        "1",
        "Accepted manuscript",
    )
    assert first.files[1].bundle == "LICENSE"
    assert isinstance(second, Record)
    assert second.values[-1].authority == "virtual::17"


PUBLICATION, PERSON = "e98b0f27-5c19-49a0-960d-eb6ad5287067", "0ffbee3f-e7ea-42bc-92fe-2fbef1a52c0f"


def _related(uuid, metadata):
    """An item as the API gives it with `embed=relationships/relationshipType`: the publication is on the left."""
    items = "https://repository.example.org/server/api/core/items/"
    relationship = {
        "id": 530,
        "type": "relationship",
        "_links": {"leftItem": {"href": f"{items}{PUBLICATION}"}, "rightItem": {"href": f"{items}{PERSON}"}},
        "_embedded": {
            "relationshipType": {"leftwardType": "isAuthorOfPublication", "rightwardType": "isPublicationOfAuthor"}
        },
    }
    return {
        "uuid": uuid,
        "type": "item",
        "inArchive": True,
        "metadata": metadata,
        "_embedded": {"relationships": {"_embedded": {"relationships": [relationship]}, "page": {"totalElements": 1}}},
    }


@pytest.mark.parametrize(
    ("uuid", "field", "other"),
    [
        pytest.param(PUBLICATION, "relation.isAuthorOfPublication", PERSON, id="on the left"),
        pytest.param(PERSON, "relation.isPublicationOfAuthor", PUBLICATION, id="on the right"),
        pytest.param("11111111-5c19-49a0-960d-eb6ad5287067", "", "", id="of others"),
    ],
)
def test_embedded_relationships_are_the_fields_that_dspace_writes_for_them(tmp_path, uuid, field, other):
    path = tmp_path / "a.json"
    title = {"dc.title": [{"value": "Rivers", "place": 0}]}
    path.write_text(json.dumps(_related(uuid, title)))
    (record,) = without_remarks(items_of(path))
    expected = (Value(field, other, None, "virtual::530", 600),) if field else ()
    assert record.values == (Value("dc.title", "Rivers"), *expected)
    stated = title | {
        "relation.isAuthorOfPublication": [{"value": PERSON, "authority": "virtual::530", "confidence": 600}]
    }
    path.write_text(json.dumps(_related(PUBLICATION, stated)))
    (record,) = without_remarks(items_of(path))
    assert [value.field for value in record.values] == ["dc.title", "relation.isAuthorOfPublication"]


def test_blank_values_are_no_values_and_an_item_without_any_is_named():
    finding, record = without_remarks(items_of(DATA / "blank.jsonl"))
    assert isinstance(finding, Finding)
    assert finding.message == (
        "blank.jsonl, line 1: the item has no metadata; ask for it as somebody who may see it, or leave it out"
    )
    assert isinstance(record, Record)
    assert [value.text for value in record.values] == ["Deltas", "Report"]


def test_an_odd_page_says_of_each_object_what_became_of_it():
    items = without_remarks(items_of(DATA / "odd.json"))
    assert [(type(item).__name__, getattr(item, "rule", ""), item.place) for item in items] == [
        ("Tombstone", "", "odd.json, record 1"),
        ("Tombstone", "", "odd.json, record 2"),
        ("Record", "", "odd.json, record 4"),
        ("Finding", "rest-field", "odd.json, record 6"),
        ("Finding", "rest-field", "odd.json, record 7"),
        ("Finding", "rest-no-metadata", "odd.json, record 8"),
        ("Finding", "rest-field", "odd.json, record 9"),
        ("Finding", "rest-no-name", "odd.json, record 10"),
        ("Record", "", "odd.json, record 11"),
        ("Finding", "rest-private", "odd.json"),
        ("Finding", "rest-unfinished", "odd.json"),
        ("Finding", "rest-other", "odd.json"),
    ]
    withdrawn = items[0]
    assert isinstance(withdrawn, Tombstone)
    assert (withdrawn.handle, withdrawn.removed) == ("20.500.12348/4007", "2024-03-05")
    messages = [item.message for item in items if isinstance(item, Finding)]
    assert messages == [
        "odd.json, record 6: 'dc.title' holds what is no value; each value is an object whose member 'value' is a text",
        "odd.json, record 7: 'dc.title' holds no list of values; each value is an object with the member 'value'",
        "odd.json, record 8: the object has no metadata; ask for whole items, not for links to them",
        "odd.json, record 9: 'title' is no field such as dc.title; mend the member's name",
        "odd.json, record 10: a withdrawn or private item has neither handle nor UUID, so that nothing says which one it "
        "is; fetch it again",
        "odd.json: 1 object is not discoverable in the repository, and not published; what was published of it before "
        "is removed; the first is record 2",
        "odd.json: 1 object is not in the archive yet, and not published; the first is record 3",
        "odd.json: 1 object is no item but a collection, a community or something else; left out; the first is record 5",
    ]
    assert {item.severity for item in items[-3:] if isinstance(item, Finding)} == {Severity.INFO}


@pytest.mark.parametrize(
    ("content", "records"),
    [
        pytest.param(ITEM, 1, id="one item"),
        pytest.param([ITEM, ITEM], 2, id="array"),
        pytest.param({"_embedded": {"items": [ITEM]}, "page": {"totalElements": 1}}, 1, id="page"),
        pytest.param({"_embedded": {"items": []}, "page": {"totalElements": 0}}, 0, id="empty page"),
        pytest.param({"_links": {}, "page": {"totalElements": 0}}, 0, id="empty page without a list"),
        pytest.param(
            {"_embedded": {"searchResult": {"_embedded": {"objects": [{"_embedded": {"indexableObject": ITEM}}]}}}},
            1,
            id="search",
        ),
        pytest.param(
            {"_embedded": {"searchResult": {"_embedded": {"objects": []}, "page": {"totalElements": 0}}}},
            0,
            id="search without results",
        ),
    ],
)
def test_items_are_found_wherever_an_answer_holds_them(tmp_path, content, records):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content))
    assert [found.name for _, found in find_files(path)[0]] == ["dspace-rest"]
    items = without_remarks(items_of(path))
    assert all(isinstance(item, Record) for item in items)
    assert len(items) == records


SIX = {
    "id": 3,
    "uuid": "3f2a6c10-8d3e-4f5b-9c11-00000000000a",
    "name": "Rivers",
    "handle": "20.500.12348/4020",
    "type": "item",
    "link": "/rest/items/3f2a6c10-8d3e-4f5b-9c11-00000000000a",
    "lastModified": "2017-01-01 10:00:00.0",
    "parentCollection": {"name": "Theses", "handle": "20.500.12348/11", "type": "collection"},
    "bitstreams": [
        {
            "name": "a.pdf",
            "bundleName": "ORIGINAL",
            "mimeType": "application/pdf",
            "sizeBytes": 10,
            "checkSum": {"value": "9E107D9D372BB6826BD81D3542A419D6", "checkSumAlgorithm": "MD5"},
            "sequenceId": 1,
        },
        {"name": "license.txt", "bundleName": "LICENSE", "mimeType": "text/plain", "sizeBytes": 2, "sequenceId": 2},
    ],
    "archived": "true",
    "withdrawn": "false",
    "metadata": [
        {"key": "dc.title", "language": "en_US", "value": "Rivers"},
        {"key": "dc.contributor.author", "language": None, "value": "B, A"},
        {"key": "dc.contributor.author", "language": "", "value": "A, B"},
    ],
}


@pytest.mark.parametrize("content", [[SIX], {"items": [SIX]}, SIX], ids=["array", "items", "one"])
def test_items_of_version_6_are_read_with_their_files_and_collections(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content))
    assert [found.name for _, found in find_files(path)[0]] == ["dspace-rest"]
    (record,) = without_remarks(items_of(path))
    assert isinstance(record, Record)
    assert (record.handle, record.uuid, record.collections) == (SIX["handle"], SIX["uuid"], ("20.500.12348/11",))
    assert record.values == (
        Value("dc.title", "Rivers", "en_US"),
        Value("dc.contributor.author", "B, A"),
        Value("dc.contributor.author", "A, B"),
    )
    assert [(file.name, file.bundle, file.media_type, file.checksum) for file in record.files] == [
        ("a.pdf", "ORIGINAL", "application/pdf", "md5:9e107d9d372bb6826bd81d3542a419d6"),
        ("license.txt", "LICENSE", "text/plain", None),
    ]


def test_items_of_version_6_that_are_withdrawn_or_unfinished_are_not_published(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps([SIX | {"withdrawn": "true"}, SIX | {"archived": "false"}, SIX | {"metadata": [{"k": 1}]}])
    )
    withdrawn, broken, unfinished = without_remarks(items_of(path))
    assert isinstance(withdrawn, Tombstone)
    assert (withdrawn.handle, withdrawn.removed) == ("20.500.12348/4020", "2017-01-01")
    assert isinstance(broken, Finding)
    assert (
        broken.message == "a.json, record 3: 'a row of metadata' is no field such as dc.title; mend the member's name"
    )
    assert isinstance(unfinished, Finding)
    assert unfinished.rule == "rest-unfinished"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize(
    ("name", "records", "values"),
    [
        ("dspace-rest/mit_dspace_item_digitized_thesis.json", 1, 29),
        ("dspace-rest/mit_dspace_item_electronic_thesis.json", 1, 30),
        ("scale/acl_every100.items.jsonl.gz", 1036, 20_376),
    ],
)
def test_real_items_are_read_whole(name, records, values):
    items = without_remarks(items_of(SHARED / name))
    assert len(items) == records
    assert sum(len(item.values) for item in items if isinstance(item, Record)) == values


def _page(number, following, holder=None):
    address = "https://example.org/server/api/core/items?size=1"
    links = {"self": {"href": f"{address}&page={number}"}}
    if following:
        links["next"] = {"href": f"http://inside:8080/server/api/core/items?page={number + 1}&size=1"}
    item = {
        "handle": f"1/{number}",
        "inArchive": True,
        "metadata": {"dc.title": [{"value": "A"}]},
        "_links": {"next": {"href": "x"}},
    }
    page = {"_embedded": {"items": [item]}, "_links": links, "page": {"totalElements": 2}}
    return json.dumps({"_embedded": {"searchResult": {**page, "_embedded": {"objects": [item]}}}} if holder else page)


@pytest.mark.parametrize("holder", [None, "search"])
def test_a_page_whose_next_page_no_file_has_is_told(tmp_path, holder):
    (tmp_path / "1.json").write_text(_page(0, following=True, holder=holder), encoding="utf-8")
    (violation,) = violations(items_of(tmp_path))
    assert violation.message == (
        "1.json, the end: the list goes on at http://inside:8080/server/api/core/items?page=1&size=1, and no file has that page; "
        "what is missing is not removed. Fetch the rest, or give the address of the list in place of files"
    )
    (tmp_path / "2.json").write_text(_page(1, following=False, holder=holder), encoding="utf-8")
    assert violations(items_of(tmp_path)) == []
