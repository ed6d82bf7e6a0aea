"""OAI-PMH responses: what each form of metadata gives, deleted records, errors, responses that are not whole."""

from __future__ import annotations

import pytest

from lod.record import File, Record, Tombstone, Value
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources import open_source
from tests.helpers.paths import FIXTURES
from tests.helpers.read_sources import items_of, violations, without_remarks

DATA = FIXTURES
SETTINGS = Settings(base_iri="https://example.org/")
ENVELOPE = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T08:00:00Z</responseDate>'
    "<request {}>https://example.org/oai</request>{}</OAI-PMH>"
)
RECORD = (
    "<record><header><identifier>oai:example.org:1/{0}</identifier><datestamp>2026-01-01</datestamp></header><metadata>"
    '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/"><t:title xmlns:t="http://purl.org/dc/elements/1.1/">T{0}'
    "</t:title></dc></metadata></record>"
)


def fixture(name, *, golden=False):
    path = DATA / "golden" / name if golden else DATA / "sources" / "oai-pmh" / name
    return without_remarks(open_source(path, SETTINGS))


def values(record, *fields):
    return [(value.field, value.text, value.language) for value in record.values if value.field in fields]


def test_xoai_gives_values_with_languages_and_authorities_files_and_collections():
    record, tombstone = fixture("full.xml")
    assert isinstance(record, Record)
    assert (record.handle, record.oai_identifier) == (
        "20.500.11956/103772",
        "oai:repository.example.org:20.500.11956/103772",
    )
    assert (record.modified, record.collections) == ("2021-01-16T07:08:11Z", ("20.500.11956/1934",))
    assert (
        Value("dc.contributor.author", "Staněk, František", None, "6f0c0a5e-55d0-4b2c-9f0c-1b6de2a1c001", 600)
        in record.values
    )
    assert values(record, "dc.language.iso", "dc.publisher", "thesis.degree.discipline") == [
        ("dc.language.iso", "en_US", None),
        ("dc.publisher", "Univerzita Karlova, Matematicko-fyzikální fakulta", "cs_CZ"),
        ("thesis.degree.discipline", "Geophysics", "en_US"),
    ]
    assert [file.bundle for file in record.files] == ["TEXT", "ORIGINAL"]
    assert record.files[1] == File(
        "150042552.pdf",
        "https://repository.example.org/bitstream/20.500.11956/103772/1/150042552.pdf",
        "application/pdf",
        7186974,
        "md5:b340d2503d5e311d115ed72838fb67e7",
        "ORIGINAL",
        "1",
        "Text of the thesis",
    )
    assert isinstance(tombstone, Tombstone)
    assert (tombstone.handle, tombstone.removed) == ("20.500.11956/99", "2020-03-04T05:06:07Z")


def test_dim_gives_authorities_and_takes_a_field_without_schema_as_dublin_core():
    (record,) = fixture("oai-dim.xml", golden=True)
    assert record.values[:2] == (
        Value("dc.contributor.author", "LaFountain, James R.", None, "0a81af48-388e-49c4-936a-547560e4ad1c", 600),
        Value("dc.contributor.author", "Oldenbourg, Rudolf", None, "5", -1),
    )
    assert values(record, "dc.type", "local.note") == [
        ("dc.type", "Article", "en_US"),
        ("local.note", "Kept as it is", None),
    ]
    assert "\r\nNo. of bitstreams" in record.values[5].text


def test_qualified_dublin_core_gives_terms_and_the_qualifiers_of_its_schemes():
    (record,) = fixture("oai-qdc.xml", golden=True)
    assert values(
        record, "dcterms.issued", "dc.identifier.uri", "dc.language.rfc3066", "dc.subject.lcsh", "dc.subject"
    ) == [
        ("dcterms.issued", "2022-06-08", None),
        ("dc.identifier.uri", "https://hdl.handle.net/1721.1/142912", None),
        ("dc.language.rfc3066", "en_US", None),
        ("dc.subject.lcsh", "Recycling (Waste, etc.)", None),
        ("dc.subject", "Network Design", None),
    ]


def test_qualified_dublin_core_without_namespaces_has_its_qualifiers_in_an_attribute():
    (record,) = fixture("oai-qdc-bare.xml", golden=True)
    assert values(
        record, "dc.subject.ysa", "dcterms.issued", "qualifieddc.permaddress.doi", "dc.relation.ispartofseries"
    ) == [
        ("dc.subject.ysa", "uudelleenkäyttö", "fi"),
        ("dcterms.issued", "2021", None),
        ("dc.relation.ispartofseries", "Sanitation Value Chain 5:1", "fi"),
        ("qualifieddc.permaddress.doi", "http://dx.doi.org/https://doi.org/10.34416/svc.00029", None),
    ]


def test_openaire_gives_grants_serials_and_the_orcid_of_an_author():
    (record,) = fixture("oai-openaire.xml", golden=True)
    assert Value("dc.contributor.author", "Wallentin, Carl‐Johan", None, "0000-0003-1983-9378", 600) in record.values
    assert values(
        record, "oaire.awardNumber", "oaire.awardURI", "dc.identifier.issn", "dc.identifier.eissn", "dc.identifier"
    ) == [
        ("oaire.awardNumber", "660668", None),
        ("oaire.awardURI", "http://cordis.europa.eu/project/rcn/195983_en.html", None),
        ("dc.identifier", "PMC5574022", None),
        ("dc.identifier.issn", "0947-6539", None),
        ("dc.identifier.eissn", "1521-3765", None),
    ]
    assert record.files[0].url == "http://repository.example.org/articles/PMC5574022?pdf=render"


def test_mods_gives_fields_and_keeps_the_rest_under_its_path():
    (record,) = fixture("oai-mods.xml", golden=True)
    assert [
        (value.field, value.text) for value in record.values if value.field.startswith(("mods.", "dc.date", "dc.title"))
    ] == [
        ("dc.title", "The Urban Question as a Scale Question: Reflections on Henri Lefebvre"),
        ("dc.title.alternative", "Scale and the urban question"),
        ("mods.name.role.roleTerm", "University of Tennessee, Knoxville. Libraries: Repository"),
        ("mods.typeOfResource", "text"),
        ("mods.genre.authority", "Article: local"),
        ("dc.date.issued", "2000-06~"),
        ("mods.originInfo.place.placeTerm", "enk"),
        ("mods.originInfo.dateIssued", "June 2000"),
        ("mods.classification.edition", "307.76: 21"),
        ("mods.relatedItem.part.detail.caption", "no."),
        ("mods.relatedItem.part.date", "2000"),
        ("mods.recordInfo.recordIdentifier", "b1000"),
        ("mods.recordInfo.recordIdentifier.source", "b1000: local"),
    ]
    assert values(record, "dc.relation.ispartof", "dc.identifier.volume", "dc.identifier.epage", "dc.rights.uri") == [
        ("dc.relation.ispartof", "International Journal of Urban and Regional Research", None),
        ("dc.identifier.volume", "24", None),
        ("dc.identifier.epage", "378", None),
        ("dc.rights.uri", "http://rightsstatements.org/vocab/InC/1.0/", None),
    ]


def test_mets_gives_the_metadata_within_and_the_files():
    (record,) = fixture("oai-mets.xml", golden=True)
    assert record.handle == "1721.1/142916"
    assert values(record, "dc.date.accessioned", "dc.type") == [
        ("dc.date.accessioned", "2022-06-08T22:19:22Z", None),
        ("dc.type", "Thesis", None),
    ]
    assert [(file.name, file.bundle) for file in record.files] == [
        ("SCM09 food waste.pdf", "ORIGINAL"),
        ("license text.txt", "LICENSE"),
    ]


def test_blank_values_are_none_and_a_record_without_any_is_a_violation():
    record, finding = fixture("blank.xml")
    assert [value.field for value in record.values] == ["dc.title", "dc.identifier", "dc.language"]
    assert isinstance(finding, Finding)
    assert finding.message == (
        "blank.xml, line 23: the metadata of oai:repository.example.org:1912/2643 is empty: no element in it has a text; "
        "look at the record in its repository"
    )


def test_a_file_of_several_responses_with_damage_gives_what_is_whole():
    first, broken, after, unknown, error = fixture("odd.xml")
    assert first.values[0].text == "A title with a comment and <i>markup</i> & signs"
    assert broken.message == (
        "odd.xml, line 22: the record is not well-formed XML (line 29, column 28): a bare '&', which XML writes as '&amp;'. "
        "Mend it at its source, and read it again"
    )
    assert after.values[0].text == "The record after it"
    assert unknown.message.startswith(
        "odd.xml, line 53: metadata of the form {https://repository.example.org/oldform}oldform is not known; known: dim, xoai, oai_dc"
    )
    assert error.message.endswith(
        "the provider answered with the error noRecordsMatch (Nothing has changed since), so that there is no record in it"
    )


@pytest.mark.parametrize(
    ("body", "severity", "message"),
    [
        pytest.param(
            '<error code="badResumptionToken">Expired</error>',
            "violation",
            "a.xml, line 1: line 1: the provider answered",
            id="expired",
        ),
        pytest.param(
            "<ListIdentifiers><header/></ListIdentifiers>", "info", "the response lists headers only", id="headers"
        ),
        pytest.param(
            "<GetRecord><record><header><identifier>oai:x:1</identifier></header></record></GetRecord>",
            "violation",
            "a.xml, line 1: the record oai:x:1 has no metadata and is not marked as deleted; harvest it again",
            id="no metadata",
        ),
    ],
)
def test_a_response_without_records_says_why(read, body, severity, message):
    finding, *_ = read("a.xml", ENVELOPE.format("", body))
    assert finding.severity == severity
    assert message.removeprefix("a.xml, line 1: line 1: ") in finding.message


def test_a_resumption_token_that_nothing_continues_is_a_violation(tmp_path):
    first = "<ListRecords>" + RECORD.format(1) + "<resumptionToken>t/2</resumptionToken></ListRecords>"
    (tmp_path / "1.xml").write_text(ENVELOPE.format('verb="ListRecords"', first))
    record, finding = open_source(tmp_path, SETTINGS)
    assert record.values == (Value("dc.title", "T1"),)
    assert finding.message == (
        "1.xml, the end: the response goes on under the resumption token 't/2', and no file has that part; what is "
        "missing is not removed. Harvest the rest, or the whole set again"
    )
    for token in (
        "",
        "<resumptionToken/>",
        '<resumptionToken cursor="1"/>',
        '<resumptionToken cursor="1"></resumptionToken>',
    ):
        last = f"<ListRecords>{RECORD.format(2)}{token}</ListRecords>"
        (tmp_path / "2.xml").write_text(ENVELOPE.format('verb="ListRecords" resumptionToken="t/2"', last))
        assert [type(item) for item in open_source(tmp_path, SETTINGS)] == [Record, Record]


def test_empty_elements_with_attributes_cost_no_record(read):
    empty = '<record xmlns:x="urn:x"/>' + '<error code="noRecordsMatch"/>'
    first, finding, remark, second = read("a.xml", ENVELOPE.format("", RECORD.format(1) + empty + RECORD.format(2)))
    assert (first.values, second.values) == ((Value("dc.title", "T1"),), (Value("dc.title", "T2"),))
    assert "has no metadata and is not marked as deleted" in finding.message
    assert "the provider answered with the error noRecordsMatch, so that there is no record in it" in remark.message


def test_a_file_that_breaks_off_in_a_folder_is_a_violation_and_the_others_go_on(tmp_path):
    whole = ENVELOPE.format("", "<ListRecords>" + RECORD.format(1) + RECORD.format(2) + "</ListRecords>")
    (tmp_path / "1.xml").write_text(whole[: -len("</ListRecords></OAI-PMH>") - 20])
    (tmp_path / "2.xml").write_text(whole)
    first, finding, *others = open_source(tmp_path, SETTINGS)
    assert isinstance(first, Record)
    assert (finding.rule, finding.severity) == ("damaged-file", "violation")
    assert finding.message.endswith(
        "1.xml: the file breaks off within the element that starts in line 1; fetch it again"
    )
    assert len(others) == 2


ANSWER = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request verb="{0}">http://example.org/oai</request>{1}</OAI-PMH>'


@pytest.mark.parametrize(
    ("verb", "content"),
    [
        ("ListRecords", '<error code="noRecordsMatch"/>'),
        ("ListRecords", "<ListRecords></ListRecords>"),
        ("Identify", "<Identify><repositoryName>A</repositoryName></Identify>"),
        ("ListSets", "<ListSets><set><setSpec>a</setSpec></set></ListSets>"),
        ("ListIdentifiers", "<ListIdentifiers><header><identifier>oai:a:1</identifier></header></ListIdentifiers>"),
    ],
)
def test_a_saved_response_without_a_record_is_a_violation(tmp_path, verb, content):
    (tmp_path / "a.xml").write_text(ANSWER.format(verb, content), encoding="utf-8")
    (violation,) = violations(items_of(tmp_path / "a.xml"))
    assert violation.message == (
        "a.xml, the end: the file, oai-pmh, has no record to publish: it may be the answer to another request, an error, or an "
        "export of nothing. Look at it, and fetch or export it again"
    )


@pytest.mark.parametrize("token", ["abc", "<![CDATA[abc]]>", " <![CDATA[abc]]> "])
def test_a_resumption_token_that_no_file_continues_is_told_however_it_is_written(tmp_path, token):
    record = '<record><header status="deleted"><identifier>oai:a:1/1</identifier></header></record>'
    text = f'<ListRecords>{record}<resumptionToken cursor="0">{token}</resumptionToken></ListRecords>'
    (tmp_path / "a.xml").write_text(ANSWER.format("ListRecords", text), encoding="utf-8")
    (violation,) = violations(items_of(tmp_path / "a.xml"))
    assert "goes on under the resumption token 'abc', and no file has that part" in violation.message


NOTICE = "<br />\n<b>Notice</b>: Undefined index & more in <b>/srv/app/OaiDc.php</b> on line <b>68</b><br />\n"
LIST = ENVELOPE.format("", "<ListRecords>{}</ListRecords>")


@pytest.mark.parametrize(
    ("before", "after", "line", "shown"),
    [
        pytest.param(NOTICE, "", 1, "<br /> <b>Notice</b>: Undefined index & more", id="before"),
        pytest.param("", f"\n{NOTICE}", 2, "<br /> <b>Notice</b>: Undefined index & more", id="after"),
        pytest.param('PHP Notice: x\n<?xml version="1.0"?>\n', NOTICE, 1, "PHP Notice: x", id="before a declaration"),
        pytest.param('<?xml version="1.0"?>\nPHP Notice: x\n', "", 2, "PHP Notice: x", id="behind the declaration"),
    ],
)
def test_text_before_and_after_a_response_is_left_out_with_a_remark(tmp_path, before, after, line, shown):
    path = tmp_path / "a.xml"
    path.write_text(before + LIST.format(RECORD.format(1) + RECORD.format(2)) + after)
    *records, remark = open_source(path, SETTINGS)
    assert [record.values[0].text for record in records] == ["T1", "T2"]
    assert (remark.rule, remark.severity) == ("xml-noise", "info")
    assert remark.message.startswith(f"a.xml: line {line}: text outside of the document was left out: '{shown}")


def test_text_between_the_responses_of_one_file_is_left_out_too(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(NOTICE.join(LIST.format(RECORD.format(number)) for number in (1, 2, 3)))
    *records, remark = open_source(path, SETTINGS)
    assert [(record.values[0].text, record.place) for record in records] == [
        ("T1", "a.xml, line 1"),
        ("T2", "a.xml, line 3"),
        ("T3", "a.xml, line 5"),
    ]
    assert remark.rule == "xml-noise"


def test_json_that_quotes_a_response_is_none(tmp_path):
    from lod.sources.oai.oai_pmh import detect_oai_pmh

    assert not detect_oai_pmh(('{"raw": "' + LIST + '"}').encode(), tmp_path)
    assert detect_oai_pmh((NOTICE + LIST).encode(), tmp_path)


def test_a_declaration_or_an_unbound_prefix_within_the_metadata_costs_its_record_only(tmp_path):
    path = tmp_path / "a.xml"
    declared = RECORD.format(1).replace("<metadata>", '<metadata><?xml version="1.0"?>')
    unbound = RECORD.format(2).replace(' xmlns:t="http://purl.org/dc/elements/1.1/"', "")
    path.write_text(LIST.format(f"\n{declared}\n{unbound}\n{RECORD.format(3)}"))
    first, second, good = open_source(path, SETTINGS)
    assert first.message == (
        "a.xml, line 2: the record is not well-formed XML (line 2, column 118): an XML declaration ('<?xml …?>') within the "
        "document, which only a file may begin with. Mend it at its source, and read it again"
    )
    assert second.message == (
        "a.xml, line 3: the record is not well-formed XML (line 3, column 177): a prefix that nothing declares: xmlns:… is "
        "missing (Namespace prefix t on title is not defined). Mend it at its source, and read it again"
    )
    assert good.values[0].text == "T3"


@pytest.mark.parametrize(
    ("attributes", "is_missing"),
    [
        pytest.param('completeListSize="3" cursor="1"', False, id="all are there"),
        pytest.param('completeListSize="3"', False, id="all are there, no cursor"),
        pytest.param('completeListSize="4" cursor="1"', True, id="one is missing"),
        pytest.param('completeListSize="3" cursor="0"', True, id="the cursor says more"),
        pytest.param("", True, id="nothing said"),
    ],
)
def test_a_token_after_the_last_record_is_no_part_that_is_missing(tmp_path, attributes, is_missing):
    first = ENVELOPE.format("", f"<ListRecords>{RECORD.format(1)}<resumptionToken>a</resumptionToken></ListRecords>")
    last = ENVELOPE.format(
        'resumptionToken="a"',
        f"<ListRecords>{RECORD.format(2)}{RECORD.format(3)}<resumptionToken {attributes}>b</resumptionToken></ListRecords>",
    )
    (tmp_path / "1.xml").write_text(first)
    (tmp_path / "2.xml").write_text(last)
    *_, end = open_source(tmp_path, SETTINGS)
    assert (getattr(end, "rule", "") == "oai-incomplete") is is_missing
