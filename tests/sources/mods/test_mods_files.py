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


def test_what_made_the_digital_copy_published_nothing(tmp_path):
    origin = (
        '<originInfo><place><placeTerm type="text">Leipzig</placeTerm></place><publisher>Roof Press</publisher>'
        "<dateIssued>1784</dateIssued></originInfo>"
    )
    copy = (
        '<originInfo{}><place><placeTerm type="text">Berlin</placeTerm></place><publisher>Example Library</publisher>'
        "<edition>[Electronic ed.]</edition>{}</originInfo>"
    )
    fields = ("dc.publisher", "dc.publisher.place", "oaire.citation.edition", "dc.date.issued")
    for event, date in (
        (' eventType="digitization"', "<dateIssued>2014</dateIssued>"),
        ("", "<dateIssued>2014</dateIssued>"),
        ("", "<dateCaptured>2014</dateCaptured>"),
        ("", ""),
    ):
        record = next(iter(records_of(_mods(tmp_path, origin + copy.format(event, date)))))
        assert [texts(record, field) for field in fields] == [["Roof Press"], ["Leipzig"], [], ["1784"]]
        assert texts(record, "mods.originInfo.publisher") == ["Example Library"]
    alone = next(iter(records_of(_mods(tmp_path, copy.format("", "<dateCaptured>2014</dateCaptured>")))))
    assert texts(alone, "dc.publisher") == ["Example Library"], "of what has no other origin it is the publisher"


def test_a_place_of_creation_and_a_printer_publish_nothing(tmp_path):
    origin = (
        '<originInfo><place><placeTerm type="text">Wertheim</placeTerm></place><publisher/><dateCreated>1825</dateCreated></originInfo>'
        '<originInfo eventType="manufacture"><publisher>Example Printers</publisher></originInfo>'
        "<originInfo><agent><namePart>Roof Press</namePart></agent><dateIssued>1826</dateIssued></originInfo>"
    )
    record = next(iter(records_of(_mods(tmp_path, origin))))
    assert [texts(record, field) for field in ("dc.publisher.place", "dc.publisher")] == [[], ["Roof Press"]]
    assert texts(record, "mods.originInfo.place.placeTerm") == ["Wertheim"]
    assert texts(record, "mods.originInfo.publisher") == ["Example Printers"]


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ('<dateIssued encoding="marc" point="start">1907</dateIssued><dateIssued encoding="marc" point="end">9999</dateIssued>', "1907/.."),
        ('<dateIssued keyDate="yes">1844-1848 [v. 2, 1845]</dateIssued><dateIssued encoding="w3cdtf">1844</dateIssued>', "1844"),
        ('<dateIssued encoding="marc">1835^^^^</dateIssued><dateIssued>19 mei 1835</dateIssued>', "1835"),
        ('<dateIssued keyDate="yes">14751500</dateIssued><dateIssued>[between 1475 and 1500]</dateIssued>', "1475/1500"),
        ('<dateIssued keyDate="yes">Juni 1784</dateIssued><dateIssued>1784</dateIssued>', "1784"),
        ('<dateIssued encoding="iso8601">19991205</dateIssued>', "19991205"),
        ('<dateIssued keyDate="yes">Juni 1784</dateIssued>', "Juni 1784"),
    ],
)  # fmt: skip
def test_the_date_for_machines_is_one_that_machines_can_read(tmp_path, dates, issued):
    record = next(iter(records_of(_mods(tmp_path, f"<originInfo>{dates}</originInfo>"))))
    assert texts(record, "dc.date.issued") == [issued]


def test_a_home_page_is_no_address_of_the_item_and_a_conference_no_organisation(tmp_path):
    inside = (
        "<location><physicalLocation>Example Library</physicalLocation><url>https://library.example.edu/</url></location>"
        "<location><url>https://archived.example.org/</url></location>"
        '<name type="conference"><namePart>Congress of Examples (2nd : 1999 : Paris)</namePart></name>'
    )
    record = next(iter(records_of(_mods(tmp_path, inside))))
    assert texts(record, "dc.identifier.uri") == ["https://archived.example.org/"]
    assert texts(record, "mods.location.url") == ["https://library.example.edu/"]
    assert [value.agent for value in record.values if value.field == "dc.contributor.other"] == ["meeting"]


def test_an_editor_of_the_book_and_of_the_part_is_one(tmp_path):
    editor = "<name><namePart>{}</namePart><role><roleTerm>editor</roleTerm></role></name>"
    host = f'<relatedItem type="host">{editor.format("Lund, Per")}{editor.format("Roe, Ann")}</relatedItem>'
    record = next(iter(records_of(_mods(tmp_path, host + editor.format("Lund, Per")))))
    assert texts(record, "dc.contributor.editor") == ["Roe, Ann", "Lund, Per"]


def test_a_record_without_a_plain_title_has_its_uniform_one(tmp_path):
    titles = (
        '<titleInfo type="abbreviated"><title>AG 5.188</title></titleInfo>'
        '<titleInfo type="uniform"><title>Epigrammata</title></titleInfo>'
    )
    record = next(iter(records_of(_mods(tmp_path, titles))))
    assert (texts(record, "dc.title"), texts(record, "dc.title.alternative")) == (["Epigrammata"], ["AG 5.188"])
    parts = (
        "<titleInfo><title>Vireo</title></titleInfo><titleInfo><subTitle>Swamp Snowball</subTitle></titleInfo>"
        "<titleInfo><partNumber>Part number 48</partNumber></titleInfo>"
    )
    record = next(iter(records_of(_mods(tmp_path, parts + titles))))
    assert texts(record, "dc.title") == ["Vireo", "Swamp Snowball"]
    assert texts(record, "mods.titleInfo.partNumber") == ["Part number 48"]


def test_what_swedish_repositories_write_is_read(tmp_path):
    inside = (
        '<genre authority="svep" type="publicationType">art</genre><genre>article</genre>'
        "<name><namePart>Lund, Per</namePart><description>orcid.org=0000-0002-1825-0097</description>"
        "<description>authority-person:1</description></name>"
        '<relatedItem type="series"><titleInfo><title>Roofing Papers;</title></titleInfo>'
        '<part><detail type="issue"><number>7</number></detail></part></relatedItem>'
        '<language objectPart="text"><languageTerm type="code">swe</languageTerm></language>'
        '<language objectPart="preface"><languageTerm type="code">lat</languageTerm></language>'
    )
    record = next(iter(records_of(_mods(tmp_path, inside))))
    assert texts(record, "dc.type") == ["svep/art", "article"]
    assert [value.authority for value in record.values if value.text == "Lund, Per"] == ["0000-0002-1825-0097"]
    assert texts(record, "mods.name.description") == ["authority-person:1"]
    assert texts(record, "dc.relation.ispartofseries") == ["Roofing Papers;7"]
    assert texts(record, "dc.language.iso") == ["swe"]


def _mods(tmp_path, inside):
    path = tmp_path / "a.xml"
    path.write_text(f'<mods xmlns="http://www.loc.gov/mods/v3">{inside}</mods>', encoding="utf-8")
    return path
