"""Forms of metadata beside DSpace's own in OAI-PMH and as files: oai_doaj, bags, OpenAIRE in xoai, no namespaces, METS."""

from __future__ import annotations

import pytest

from lod.record import Record, Tombstone, Value
from lod.sources import find_files
from tests.helpers.read_sources import items_of, without_remarks

OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{}</ListRecords></OAI-PMH>'
HEADER = "<header><identifier>oai:journal.example.org:17</identifier><datestamp>2020-01-01</datestamp></header>"
DOAJ = (
    '<doajArticle xmlns="http://doaj.org/features/oai_doaj/1.0/"><language>eng</language><publisher>Roof Press</publisher>'
    "<journalTitle>Roof Letters</journalTitle><issn>20493630</issn><eissn>1050124X</eissn>"
    "<publicationDate>2018-02-01T00:00:00Z</publicationDate><volume>2</volume><issue>1</issue><startPage>5</startPage>"
    "<endPage>9</endPage><doi>10.5555/oai.17</doi><publisherRecordId>77</publisherRecordId>"
    '<title language="eng">Lichens</title><title language="nor">Lav</title><authors><author><name>Josiah Carberry</name>'
    "<email>name@example.org</email><affiliationId>2</affiliationId><orcid_id>https://orcid.org/0000-0002-1825-0097</orcid_id>"
    "</author><author><name>Per Lund</name></author></authors><affiliationsList>"
    '<affiliationName affiliationId="1">Nobody\'s University</affiliationName>'
    '<affiliationName affiliationId="2">Brown University</affiliationName></affiliationsList>'
    '<abstract language="eng">On roofs.</abstract><fullTextUrl format="html">https://journal.example.org/17</fullTextUrl>'
    '<keywords language="eng"><keyword>lichen</keyword><keyword>zinc</keyword></keywords></doajArticle>'
)


def read(folder, text, name="a.xml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert [source_format.name for _, source_format in find_files(path)[0]] == ["oai-pmh"]
    return without_remarks(items_of(path))


def pairs(record):
    return [(value.field, value.text) for value in record.values]


@pytest.mark.parametrize("alone", [True, False])
def test_an_article_of_oai_doaj_gives_all_that_it_states(tmp_path, alone):
    text = DOAJ if alone else OAI.format(f"<record>{HEADER}<metadata>{DOAJ}</metadata></record>")
    (record,) = read(tmp_path, text)
    assert record.oai_identifier == (None if alone else "oai:journal.example.org:17")
    assert pairs(record) == [
        ("dc.language.iso", "eng"),
        ("dc.publisher", "Roof Press"),
        ("dc.relation.ispartof", "Roof Letters"),
        ("dc.identifier.issn", "20493630"),
        ("dc.identifier.eissn", "1050124X"),
        ("dc.date.issued", "2018-02-01"),
        ("dc.identifier.volume", "2"),
        ("dc.identifier.issue", "1"),
        ("dc.identifier.spage", "5"),
        ("dc.identifier.epage", "9"),
        ("dc.identifier.doi", "10.5555/oai.17"),
        ("doaj.publisherRecordId", "77"),
        ("dc.title", "Lichens"),
        ("dc.title", "Lav"),
        ("dc.contributor.author", "Josiah Carberry"),
        ("doaj.author.email", "name@example.org"),
        ("doaj.author.affiliation", "Josiah Carberry: Brown University"),
        ("dc.contributor.author", "Per Lund"),
        ("doaj.affiliation", "Nobody's University"),
        ("dc.description.abstract", "On roofs."),
        ("dc.description.uri", "https://journal.example.org/17"),
        ("doaj.fullTextUrl.format", "html"),
        ("dc.subject", "lichen"),
        ("dc.subject", "zinc"),
        ("dc.type", "journal article"),
    ]
    assert Value("dc.title", "Lav", "nor") in record.values
    assert (
        Value("dc.contributor.author", "Josiah Carberry", None, "https://orcid.org/0000-0002-1825-0097", 600)
        in record.values
    )


def test_what_stands_within_an_element_of_dublin_core_is_several_values(tmp_path):
    dc = (
        '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:f="http://xmlns.com/foaf/0.1/">'
        "<d:title>Roofs <i>and</i> mosses</d:title>"
        '<d:creator><f:Person about="http://example.org/7"><f:name>Lund, Per</f:name></f:Person><f:Person><f:name>Poe, Ann</f:name></f:Person></d:creator></dc>'
    )
    path = tmp_path / "a.xml"
    path.write_text(OAI.format(f"<record>{HEADER}<metadata>{dc}</metadata></record>"), encoding="utf-8")
    record, *remarks = items_of(path)
    assert pairs(record) == [("dc.title", "Roofs and mosses"), ("dc.creator", "Lund, Per"), ("dc.creator", "Poe, Ann")]
    assert any(
        "Person@about was left out: an attribute of what is within an element" in each.message for each in remarks
    )


def test_metadata_of_a_bag_is_read_as_dim_is(tmp_path):
    (record,) = read(
        tmp_path,
        '<?xml version="1.0"?>\n<metadata>\n<value schema="dc" element="title" qualifier="" language="en">Roofs</value>'
        '<value schema="dc" element="contributor" qualifier="author" language="none">Berg, Anna</value>'
        '<value element="date" qualifier="issued"> 2001 </value><handle>1/2</handle><value schema="dc" element="type"/></metadata>',
    )
    assert record.values == (
        Value("dc.title", "Roofs", "en"),
        Value("dc.contributor.author", "Berg, Anna"),
        Value("dc.date.issued", "2001"),
        Value("bag.handle", "1/2"),
    )


RESOURCE = (
    '<resource xmlns="http://namespace.openaire.eu/schema/oaire/" xmlns:datacite="http://datacite.org/schema/kernel-4">'
    "<datacite:titles><datacite:title>Roofs</datacite:title></datacite:titles></resource>"
)
DELETED = HEADER.replace("<header>", '<header status="deleted">')
DC = "<dc><title>Roofs</title><creator>Berg, Anna</creator></dc>"
METS_DC = (
    '<mets xmlns="http://www.loc.gov/METS/" OBJID="hdl:1/9"><dmdSec ID="d"><mdWrap MDTYPE="{}"><xmlData xmlns:dcterms='
    '"http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/">{}</xmlData></mdWrap></dmdSec></mets>'
)
FIELDS = "<dc:title>Roofs</dc:title><dcterms:issued>2001</dcterms:issued>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            OAI.format(
                f'<record>{HEADER}<metadata><metadata xmlns="http://www.lyncode.com/xoai">{RESOURCE}</metadata></metadata></record>'
            ),
            [("dc.title", "Roofs")],
            id="OpenAIRE inside xoai",
        ),
        pytest.param(
            '<metadata><element name="dc"><element name="title"><element name="en"><field name="value">Roofs</field>'
            "</element></element></element></metadata>",
            [("dc.title", "Roofs")],
            id="xoai without namespace",
        ),
        pytest.param(
            f"<record>{HEADER}<metadata>{DC}</metadata></record>",
            [("dc.title", "Roofs"), ("dc.creator", "Berg, Anna")],
            id="record without namespace",
        ),
        pytest.param(
            OAI.replace(" xmlns=", " was=").format(f"<record>{HEADER}<metadata>{DC}</metadata></record>"),
            [("dc.title", "Roofs"), ("dc.creator", "Berg, Anna")],
            id="response without namespace",
        ),
        pytest.param(DC, [("dc.title", "Roofs"), ("dc.creator", "Berg, Anna")], id="Dublin Core without namespace"),
        pytest.param(
            '<dim><field mdschema="dc" element="title">Roofs</field></dim>',
            [("dc.title", "Roofs")],
            id="DIM without namespace",
        ),
        pytest.param(
            METS_DC.format("DC", FIELDS), [("dc.title", "Roofs"), ("dcterms.issued", "2001")], id="METS with elements"
        ),
        pytest.param(
            METS_DC.format("OTHER", f'<q:qualifieddc xmlns:q="http://example.org/q/">{FIELDS}</q:qualifieddc>'),
            [("dc.title", "Roofs"), ("dcterms.issued", "2001")],
            id="METS with qualified Dublin Core",
        ),
    ],
)
def test_a_form_is_read_in_whatever_it_is_wrapped(tmp_path, text, expected):
    (record,) = read(tmp_path, text)
    assert pairs(record) == expected


def test_a_deleted_record_without_a_namespace_is_a_tombstone(tmp_path):
    items = read(
        tmp_path,
        f"<ListRecords><record>{DELETED}</record><record>{HEADER}<metadata>{DC}</metadata></record></ListRecords>",
    )
    assert [type(item) for item in items] == [Tombstone, Record]


@pytest.mark.parametrize("root", ["resource", "metadata", "mods"])
def test_a_name_that_much_xml_has_is_no_form_without_its_namespace(tmp_path, root):
    path = tmp_path / "a.xml"
    path.write_text(f"<{root}><title>A</title></{root}>")
    assert "oai-pmh" not in [source_format.name for _, source_format in find_files(path)[0]]
