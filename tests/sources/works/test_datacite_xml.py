"""DataCite XML: the fields of the JSON, what is told as it, envelopes, and what is kept of unknown elements."""

from __future__ import annotations

import json

import pytest

from lod.errors import SourceError
from lod.record import Record
from lod.report import Finding
from lod.sources.works.datacite_xml import detect_datacite_xml
from tests.helpers.read_sources import items_of, records_of, texts

KERNEL = "http://datacite.org/schema/kernel-"
OAI = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>'
    "<identifier>oai:example.org:9</identifier><datestamp>2020-01-01</datestamp></header>"
    "<metadata>{}</metadata></record></ListRecords></OAI-PMH>"
)
RESOURCE = (
    f'<resource xmlns="{KERNEL}4"><identifier identifierType="DOI">10.5555/9</identifier>'
    "<titles><title>Lichens</title></titles></resource>"
)
AS_JSON = {
    "doi": "10.5555/LICHEN.7",
    "creators": [
        {
            "name": "Holm, Signe",
            "nameType": "Personal",
            "givenName": "Signe",
            "familyName": "Holm",
            "nameIdentifiers": [
                {
                    "nameIdentifier": "0000-0002-1825-0097",
                    "nameIdentifierScheme": "ORCID",
                    "schemeUri": "https://orcid.org",
                }
            ],
            "affiliation": [
                {
                    "name": "Example University",
                    "affiliationIdentifier": "https://ror.org/0190ak572",
                    "affiliationIdentifierScheme": "ROR",
                    "schemeUri": "https://ror.org",
                },
                {"name": "Example Museum"},
            ],
        },
        {
            "name": "Roof Lichen Survey",
            "nameType": "Organizational",
            "lang": "en",
            "nameIdentifiers": [{"nameIdentifier": "0000 0001 2174 2757", "nameIdentifierScheme": "ISNI"}],
        },
    ],
    "titles": [
        {"title": "Lichens on slate", "lang": "en"},
        {"title": "Ten roofs in ten years", "titleType": "Subtitle", "lang": "en"},
        {"title": "Lav på skifer", "titleType": "TranslatedTitle", "lang": "da"},
        {"title": "Roof lichens", "titleType": "Other"},
    ],
    "publisher": {
        "name": "Example Press",
        "lang": "en",
        "publisherIdentifier": "https://ror.org/04wxnsj81",
        "publisherIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org/",
    },
    "publicationYear": 2023,
    "types": {"resourceTypeGeneral": "JournalArticle", "resourceType": "Research article"},
    "dates": [
        {"date": "2023-04-05", "dateType": "Issued"},
        {"date": "2023-02-01", "dateType": "Accepted"},
        {"date": "2012/2021", "dateType": "Collected", "dateInformation": "summers only"},
        {"date": "2023-04-06", "dateType": "Available"},
    ],
    "alternateIdentifiers": [
        {"alternateIdentifier": "urn:nbn:example:7", "alternateIdentifierType": "URN"},
        {"alternateIdentifier": "A-7", "alternateIdentifierType": "accession number"},
    ],
    "relatedItems": [
        {
            "relatedItemType": "Journal",
            "relationType": "IsPublishedIn",
            "relatedItemIdentifier": {"relatedItemIdentifier": "1234-5679", "relatedItemIdentifierType": "ISSN"},
            "titles": [{"title": "Roof Letters"}],
            "publicationYear": 2023,
            "volume": "12",
            "issue": "3",
            "number": "e45",
            "numberType": "Article",
            "firstPage": "101",
            "lastPage": "117",
            "publisher": "Example Press",
            "edition": "2",
        }
    ],
    "version": "1.1",
}


def fields(record, *without):
    """What a record has: fields, texts, languages, keys and what names are of; objects of JSON without their order."""
    return {
        (value.field, *_known(value.text), value.language, value.authority, value.agent)
        for value in record.values
        if value.field not in without
    }


def _known(text):
    return tuple(sorted(map(str, json.loads(text).items()))) if text.startswith("{") else (text,)


def test_xml_gives_the_fields_that_json_gives(read):
    (xml,) = records_of("datacite-xml", "full.xml")
    (of_json,) = [item for item in read("a.json", json.dumps(AS_JSON)) if isinstance(item, Record)]
    found = fields(of_json, "datacite.relatedItems")
    assert len(found) > 25
    assert found <= fields(xml)
    of_item = '{"relatedItemType": "Journal", "publicationYear": "2023", "publisher": {"name": "Example Press"}, "edition": "2"}'
    assert of_item in texts(xml, "datacite.relatedItems")


def test_everything_else_of_the_kernel_has_its_field_or_is_kept():
    (record,) = records_of("datacite-xml", "full.xml")
    assert texts(record, "dc.description.abstract") == [
        "Ten roofs were visited each summer.\nForty species were found."
    ]
    assert texts(record, "dc.subject.ddc") == ["579.7"]
    assert texts(record, "dc.contributor.advisor") == ["Brandt, Ole"]
    # One agent in two roles without a property is one contributor.
    assert texts(record, "dc.contributor.other") == ["Lund, Per", "Example Data Archive"]
    assert texts(record, "dc.relation.references") == ["Slates of the North"]
    assert texts(record, "dc.relation.hasversion") == ["arXiv:2301.00001"]
    assert texts(record, "dc.identifier.issn") == ["1234-5679"]
    assert texts(record, "dc.relation.funding") == ["Example Foundation", "Slaters' Fund"]
    assert texts(record, "dc.relation.grantno") == ["R-12"]
    (places,) = map(json.loads, texts(record, "datacite.geoLocations"))
    assert places["geoLocationPoint"] == {"pointLongitude": "10.2", "pointLatitude": "56.15"}
    assert [len(polygon["polygonPoint"]) for polygon in places["geoLocationPolygon"]] == [4]
    assert places["geoLocationBox"]["northBoundLatitude"] == "56.2"


def test_a_kernel_3_has_its_funder_and_grant_among_the_contributors():
    (record,) = records_of("datacite-xml", "missing.xml")
    assert [(value.text, value.authority) for value in record.values if value.field == "dc.relation.funding"] == [
        ("European Commission", None)
    ]
    assert texts(record, "dc.relation.grantno") == ["246686"]


def test_odd_identifiers_dates_and_elements_are_read_or_kept():
    first, second = records_of("datacite-xml", "odd.xml")
    assert texts(first, "dc.identifier.uri") == ["https://example.org/data/21"]
    assert texts(first, "dc.identifier.doi") == ["https://doi.org/10.5555/odd.21"]
    assert texts(first, "dc.contributor.author") == ["Brandt, Ole"]
    assert texts(first, "dc.title") == ["Wells and springs"]
    assert texts(first, "dc.date.issued") == ["2018-05"]
    assert texts(first, "datacite.dates.Issued") == ["2019-01-02"]
    assert texts(first, "dc.description.abstract") == ["First part.\nSecond."]
    assert texts(first, "dc.relation.isreferencedby") == ["https://doi.org/10.5555/citing"]
    assert texts(first, "datacite.curation") == ['{"step": "2", "curation": "checked", "by": "the archive"}']
    assert texts(second, "dc.identifier.uri") == ["1234/56"]
    assert texts(second, "dc.relation.ispartof") == ["Water: A reader"]
    assert texts(second, "dc.relation.isbn") == ["9780306406157"]
    assert texts(second, "dc.contributor.editor") == ["Lund, Per"]
    # An event is neither a journal nor a book.
    assert texts(second, "dc.relation") == ["Days of Water"]


def test_what_was_left_out_is_named_as_in_the_xml():
    remarks = {
        item.field: item.message for item in items_of("datacite-xml", "missing.xml") if isinstance(item, Finding)
    }
    assert sorted(remarks) == [
        "contributor@contributorType",
        "datacentreSymbol",
        "identifier@identifierType",
        "isReferenceQuality",
        "schemaVersion",
    ]
    assert remarks["identifier@identifierType"] == "identifier@identifierType was left out: the field says it"


def test_an_empty_resource_is_a_violation():
    items = items_of("datacite-xml", "blank.xml")
    assert [(item.rule, item.message) for item in items if item.rule != "left-out"] == [
        ("no-metadata", "blank.xml, line 2: the resource is empty; fill it in or delete it")
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        pytest.param(RESOURCE, True, id="a resource"),
        pytest.param(f"<?xml version='1.0'?>\n<!-- x -->\n{RESOURCE}", True, id="after a comment"),
        pytest.param(RESOURCE.replace("kernel-4", "kernel-3.1"), True, id="a namespace of a version"),
        pytest.param(f'<d:resource\n xmlns:x="urn:x"\n xmlns:d="{KERNEL}2.2"><d:titles/>', True, id="a prefix"),
        pytest.param("<resource><creatorName>A</creatorName><titles/></resource>", True, id="no namespace"),
        pytest.param(f'<oai_datacite xmlns="http://x"><payload>{RESOURCE}', True, id="the envelope"),
        pytest.param(f"<resources>{RESOURCE}</resources>", True, id="several"),
        pytest.param(
            f'<o:resource xmlns:o="http://namespace.openaire.eu/schema/oaire/" xmlns:d="{KERNEL}4"><d:titles/>',
            False,
            id="OpenAIRE's",
        ),
        pytest.param(OAI.format(RESOURCE), False, id="within OAI-PMH"),
        pytest.param("<resource><property/></resource>", False, id="another resource"),
        pytest.param("<resources><string name='a'>b</string></resources>", False, id="other resources"),
        pytest.param(f"A text about {RESOURCE}", False, id="text"),
    ],
)
def test_a_resource_of_the_kernel_is_told_by_its_root(tmp_path, text, is_one):
    assert detect_datacite_xml(text.encode(), tmp_path) is is_one


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(RESOURCE, id="alone"),
        pytest.param(RESOURCE.replace("kernel-4", "kernel-3"), id="kernel 3"),
        pytest.param(RESOURCE.replace("kernel-4", "kernel-2.2"), id="kernel 2"),
        pytest.param(
            f'<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.0/"><payload>{RESOURCE}</payload></oai_datacite>',
            id="envelope",
        ),
        pytest.param(
            f'<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1">{RESOURCE}</oai_datacite>',
            id="envelope without payload",
        ),
        pytest.param(
            RESOURCE.replace("<resource", "<oai_datacite").replace("</resource", "</oai_datacite"),
            id="envelope without resource",
        ),
    ],
)
def test_every_form_in_oai_pmh_is_read(read, payload):
    (record,) = [item for item in read("a.xml", OAI.format(payload)) if isinstance(item, Record)]
    assert record.oai_identifier == "oai:example.org:9"
    assert {(value.field, value.text) for value in record.values} == {
        ("dc.identifier.doi", "10.5555/9"),
        ("dc.title", "Lichens"),
    }


def test_what_an_envelope_says_beside_is_kept_or_named(read):
    text = f'<oai_datacite xmlns="http://x"><isActive>1</isActive><note>seen</note><payload>{RESOURCE}</payload></oai_datacite>'
    record, remark, *_ = read("a.xml", text)
    assert texts(record, "datacite.note") == ["seen"]
    assert remark.message.startswith("identifier@identifierType was left out")


def test_hostile_xml_is_refused_or_costs_itself(read):
    with pytest.raises(SourceError, match="declares an entity"):
        read("a.xml", f'<!DOCTYPE resource [<!ENTITY a "b">]>{RESOURCE}')
    deep = RESOURCE.replace("<titles>", "<titles>" + "<a>" * 400 + "</a>" * 400)
    (violation,) = read("b.xml", deep)
    assert violation.rule == "xml-broken"
    with pytest.raises(SourceError, match="larger than 1 MiB"):
        read("c.xml", RESOURCE.replace("Lichens", "L" * 2_000_000), max_record_mib=1)


def test_many_contributors_dates_and_items_cost_as_much_as_they_are(read):
    many = 4_000
    text = RESOURCE.replace(
        "</resource>",
        "<contributors>"
        + "".join(
            f'<contributor contributorType="Other"><contributorName>N{n}</contributorName></contributor>'
            for n in range(many)
        )
        + "</contributors><relatedItems>"
        + '<relatedItem relationType="IsPublishedIn"><titles><title>J</title></titles></relatedItem>' * many
        + "</relatedItems><dates>"
        + "".join(f'<date dateType="Issued">2020-01-{n}</date>' for n in range(many))
        + "</dates></resource>",
    )
    (record,) = [item for item in read("a.xml", text) if isinstance(item, Record)]
    assert len(texts(record, "dc.contributor.other")) == many
    assert texts(record, "dc.relation.ispartof") == ["J"]
    assert len(texts(record, "datacite.dates.Issued")) == many
