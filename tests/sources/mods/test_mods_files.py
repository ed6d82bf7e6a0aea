"""MODS files: what a record gives, broken ones, real collections."""

from __future__ import annotations

import pytest

from lod.record import Record
from lod.report import Severity
from lod.sources import find_files
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.read_sources import items_of, records_of, texts, violations, without_remarks

DATA = FIXTURES / "sources" / "mods"
SHARED = SHARED_FOLDER / "data" / "mods"


def test_a_record_of_a_collection_becomes_the_fields_of_a_repository():
    (record,) = records_of(DATA / "full.xml")
    assert (record.place, record.modified) == ("full.xml, line 3", "2020-05-04T10:00:00Z")
    expected = {
        "dc.contributor.author": ["McSpadden, B. J."],
        "dc.date.issued": ["1933-01-27"],
        "dc.identifier.local": ["0012_004268_000001"],
        "mods.recordInfo.recordIdentifier": ["utk-0001"],
        "dc.subject.lcsh": ["Poultry--Hatcheries", "Incubators"],
    }
    assert {field: texts(record, field) for field in expected} == expected


def test_a_broken_record_costs_itself_only():
    items = items_of(DATA / "odd.xml")
    first, last = [item for item in items if isinstance(item, Record)]
    assert texts(first, "dc.title") == ["Combinatorics & counting"]
    assert texts(last, "mods.recordInfo.recordIdentifier") == ["last"]
    (violation,) = violations(items)
    assert (violation.rule, violation.severity) == ("xml-broken", Severity.VIOLATION)
    assert violation.message.startswith("odd.xml, line 3: ")


def test_what_only_links_and_punctuation_say_is_read_too(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Mosses of roofs /</title></titleInfo>'
        '<genre valueURI="https://example.org/classifications/genres#article"/>'
        '<name type="corporate"><namePart>Example University.</namePart><namePart>Senate</namePart></name>'
        "<name><namePart>Lund, Per</namePart><role><roleTerm>patent applicant</roleTerm></role></name>"
        '<language><languageTerm type="code">eng</languageTerm><languageTerm type="text">English</languageTerm></language></mods>',
        encoding="utf-8",
    )
    record, *remarks = items_of(path)
    expected = {
        "dc.title": ["Mosses of roofs"],
        "dc.type": ["article"],
        "dc.relation.orgunit": ["Example University. Senate"],
        "dc.contributor.applicant": ["Lund, Per"],
        "dc.language.iso": ["eng"],
    }
    assert {field: texts(record, field) for field in expected} == expected
    assert any("languageTerm was left out: the code of the language says it" in each.message for each in remarks)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
def test_real_collections_give_all_their_records():
    files, left_out = find_files(SHARED)
    assert {found.name for _, found in files} == {"mods"}
    assert (len(files), left_out) == (14, [])
    items = without_remarks(items_of(SHARED))
    assert (sum(isinstance(item, Record) for item in items), len(items)) == (251, 251)


def test_a_note_that_is_a_number_and_an_address_for_a_preview_are_kept_under_their_names(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Arias</title></titleInfo><genre authority="marcgt">bibliography</genre>'
        '<genre>book</genre><note displayLabel="embargo">0</note><note displayLabel="state">bound</note>'
        '<location><url access="preview">https://example.org/t.jpg</url><url usage="primary">https://example.org/1</url></location></mods>',
        encoding="utf-8",
    )
    (record,) = without_remarks(items_of(path))
    expected = {
        "mods.note.embargo": ["0"],
        "mods.note.state": ["bound"],
        "mods.location.url": ["https://example.org/t.jpg"],
        "dc.identifier.uri": ["https://example.org/1"],
        "mods.genre": ["bibliography"],
        "dc.type": ["book"],
    }
    assert {field: texts(record, field) for field in expected} == expected


def test_a_form_that_is_an_entry_of_the_list_of_types_is_the_type(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Leaves</title></titleInfo><typeOfResource>software, multimedia</typeOfResource>'
        "<name><namePart>Roe, Ann</namePart><affiliation>University of Examples</affiliation></name>"
        '<physicalDescription><form valueURI="http://purl.org/coar/resource_type/c_ddb1">dataset</form></physicalDescription></mods>',
        encoding="utf-8",
    )
    (record,) = without_remarks(items_of(path))
    assert texts(record, "dc.type") == ["http://purl.org/coar/resource_type/c_ddb1"]
    assert texts(record, "dc.format.medium") == ["dataset"]
    assert texts(record, "mods.name.affiliation") == ["Roe, Ann: University of Examples"]


def test_a_related_item_that_says_the_pages_is_what_the_item_is_in(tmp_path):
    """ZORA and others give the journal no type of relation, or say that it is another format of the article."""
    titles = {"": "Moss and Roof", ' type="otherFormat"': "Tile Letters"}
    for stated, title in titles.items():
        record, *_ = items_of(
            _mods(
                tmp_path,
                f"<relatedItem{stated}><titleInfo><title>{title}</title></titleInfo>"
                '<identifier type="issn">2049-3630</identifier><part><detail type="volume"><number>4</number></detail>'
                '<extent unit="pages"><start>7</start><end>9</end></extent></part></relatedItem>',
            )
        )
        expected = {
            "dc.relation.ispartof": [title],
            "dc.identifier.issn": ["2049-3630"],
            "dc.identifier.volume": ["4"],
            "dc.identifier.spage": ["7"],
        }
        assert {field: texts(record, field) for field in expected} == expected
    sentence = '<part><detail type="volume"><number>Example University</number></detail><extent unit="pages"><start>2018</start></extent></part>'
    record, *_ = items_of(
        _mods(tmp_path, f"<relatedItem><titleInfo><title>Dissertation</title></titleInfo>{sentence}</relatedItem>")
    )
    assert texts(record, "dc.relation") == ["Dissertation"]
    (record,) = records_of(
        _mods(tmp_path, "<relatedItem><titleInfo><title>Elsewhere</title></titleInfo></relatedItem>")
    )
    assert texts(record, "dc.relation") == ["Elsewhere"]


def test_an_article_in_an_issue_is_in_the_journal_of_the_issue(tmp_path):
    issue = (
        '<relatedItem type="host"><genre valueURI="https://example.org/genres#issue"/>'
        "<titleInfo><title>Issue on slates</title></titleInfo>"
        '<part><detail type="issue"><number>3</number></detail></part>'
        '<relatedItem type="host"><titleInfo><title>Moss and Roof</title></titleInfo></relatedItem></relatedItem>'
    )
    record = next(iter(records_of(_mods(tmp_path, issue))))
    assert texts(record, "dc.relation.ispartof") == ["Moss and Roof"]
    assert texts(record, "dc.identifier.issue") == ["3"]
    assert texts(record, "mods.relatedItem.titleInfo.title") == ["Issue on slates"]


def test_a_chapter_has_the_series_of_its_book(tmp_path):
    book = (
        '<relatedItem type="host"><titleInfo><title>Slates of the world</title></titleInfo>'
        '<relatedItem type="series"><titleInfo><title>Roofing Papers</title></titleInfo></relatedItem></relatedItem>'
    )
    record = next(iter(records_of(_mods(tmp_path, book))))
    assert texts(record, "dc.relation.ispartof") == ["Slates of the world"]
    assert texts(record, "dc.relation.ispartofseries") == ["Roofing Papers"]


def test_old_versions_of_mods_and_months_without_a_hyphen_are_read(tmp_path):
    record, *_ = items_of(
        _mods(
            tmp_path,
            "<name><namePart>Lund, Per</namePart><role><text>creator</text></role></name>"
            '<name type="personal"><namePart>Roe, Ann</namePart><role><roleTerm>publisher</roleTerm></role></name>'
            '<language authority="iso639-2b">eng</language>'
            '<originInfo><place><placeTerm authority="marcgac" type="text">e-gr</placeTerm></place>'
            '<dateIssued encoding="iso8601">200605</dateIssued></originInfo>'
            '<classification authorityURI="https://example.org/kinds" valueURI="https://example.org/kinds#a"/>',
        )
    )
    expected = {
        "dc.contributor.author": ["Lund, Per"],
        "dc.contributor.other": ["Roe, Ann"],
        "mods.name.role.roleTerm": ["Roe, Ann: publisher"],
        "dc.language.iso": ["eng"],
        "dc.date.issued": ["2006-05"],
        "dc.publisher.place": [],
        "mods.classification.valueURI": ["https://example.org/kinds#a"],
    }
    assert {field: texts(record, field) for field in expected} == expected


def _mods(tmp_path, inside):
    path = tmp_path / "a.xml"
    path.write_text(f'<mods xmlns="http://www.loc.gov/mods/v3">{inside}</mods>', encoding="utf-8")
    return path
