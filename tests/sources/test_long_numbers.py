"""A number of 5,000 digits, wherever a format has numbers: the run ends as ever, and the number is kept or named."""

from __future__ import annotations

import json
import re
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.errors import SourceError
from lod.record import Record
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources import SOURCES, open_source
from tests.helpers.broken_files import (
    CSL,
    DATACITE,
    DATAVERSE,
    ENDNOTE,
    EPRINTS,
    HTML,
    INVENIO,
    MARC,
    MARCXML,
    MODS,
    OAI,
    OPENALEX,
    PAGE,
    PUBMED,
    SAF,
    folder,
    text,
)
from tests.helpers.marc import iso2709, marcxml
from tests.helpers.read_sources import without_remarks

LONG = "9" * 5_000
LONG_MARC = ("024", "7 $a10.5555/2$2doi"), ("245", "00$aA"), ("260", f"  $c{LONG}"), ("773", f"0 $tJ$gVol. {LONG}")
SETTINGS = Settings(base_iri="https://example.org/")

CROSSREF = {"DOI": "10.5555/{}", "type": "book", "title": ["A"], "deposited": {}, "is-referenced-by-count": 0}
DOAJ = {"title": "A", "identifier": [{"type": "doi", "id": "10.5555/{}"}]}
REST = {
    "uuid": "3f2a6c10-8d3e-4f5b-9c11-00000000000{}",
    "withdrawn": False,
    "handle": "1/{}",
    "metadata": {"dc.title": [{"value": "A"}]},
}
XOAI = (
    '<record><header><identifier>oai:example.org:{}</identifier></header><metadata><metadata xmlns="http://www.lyncode.com/xoai">'
    '<element name="dc"><element name="title"><element name="none"><field name="value">A</field></element></element></element>'
    '<element name="bundles"><element name="bundle"><field name="name">ORIGINAL</field><element name="bitstreams">'
    '<element name="bitstream"><field name="name">a.pdf</field><field name="size">SIZE</field></element></element></element>'
    '</element><element name="others"><field name="handle">1/{}</field></element></metadata></metadata></record>'
)
METS = (
    '<record><header><identifier>oai:example.org:{}</identifier></header><metadata><mets xmlns="http://www.loc.gov/METS/" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" OBJID="hdl:1/{}"><dmdSec><mdWrap><xmlData>'
    '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>A</title></titleInfo></mods></xmlData></mdWrap></dmdSec><fileSec>'
    '<fileGrp USE="ORIGINAL"><file SIZE="SIZE"><FLocat xlink:href="http://example.org/a.pdf"/></file></fileGrp></fileSec></mets>'
    "</metadata></record>"
)
DATACITE_XML = (
    '<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5555/{}</identifier>'
    "<creators><creator><creatorName>Roe, Ann</creatorName></creator></creators><titles><title>A</title></titles>"
    "<publisher>P</publisher><publicationYear>2018</publicationYear>"
    '<resourceType resourceTypeGeneral="Dataset">Data</resourceType></resource>\n'
)
ENVELOPE = ('<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n', "</ListRecords></OAI-PMH>")
META = '"id","title","author","pub_date","venue","volume","issue","page","type","publisher","editor"\n'
PUBMED_CSV = "pubmedID,title,keywords,authors,abstracts\n"


def bib(member: str):
    entry = "@article{k{}, title = {A}, journal = {J}, doi = {10.5555/{}}, year = {2018}}\n"
    return text(
        "a.bib", entry, broken=f"@article{{k2, title = {{A}}, journal = {{J}}, doi = {{10.5555/2}}, {member}}}\n"
    )


def json_forms(template: dict, *path: str | int, value: str = LONG):
    """Return what writes JSON lines, and an array, whose second record has a number at a path."""
    second = json.loads(json.dumps(template).replace("{}", "2"))
    place = second
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
    place[path[-1]] = "@"
    broken = json.dumps(second).replace('"@"', value)
    good = json.dumps(template)
    return (
        text("a.jsonl", good + "\n", broken=broken + "\n"),
        text("a.json", good, "[", "]", broken=f",{broken},"),
    )


def xml(template: str, before: str, after: str, old: str, new: str):
    return text("a.xml", template, before, after, broken=template.replace("{}", "2").replace(old, new))


def csv(header: str, row: str, broken: str):
    return text("a.csv", row, header, broken=broken)


def both(name: str, label: str, *arguments, **named):
    lines, array = json_forms(*arguments, **named)
    return [
        pytest.param(name, lines, True, id=f"{name} {label}"),
        pytest.param(name, array, True, id=f"{name} {label}, array"),
    ]


def one(name: str, label: str, writer, *, is_kept: bool = True):
    return [pytest.param(name, writer, is_kept, id=f"{name} {label}")]


PUB_DATE = (
    "<JournalIssue><Volume>1</Volume><PubDate><Year>2018</Year><Month>5</Month><Day>3</Day></PubDate></JournalIssue>"
)
DATED = PUBMED.replace("<Title>J</Title>", f"<Title>J</Title>{PUB_DATE}")
ARTICLES = ("<PubmedArticleSet>\n", "</PubmedArticleSet>")
NT = '<https://books.example.org/b/{}> <http://purl.org/dc/terms/title> "A" .\n'
TURTLE = "<https://books.example.org/b/{}> <http://purl.org/dc/terms/extent> 1 .\n"
RIS = "TY  - JOUR\nTI  - A\nDO  - 10.5555/{}\nPY  - 2018\nVL  - 1\nSP  - 1\nER  - \n"

CASES = [
    *one("bibtex", "month", bib(f"year = {{2018}}, month = {LONG}")),
    *one("bibtex", "day", bib(f"year = {{2018}}, month = 5, day = {{{LONG}}}")),
    *one("bibtex", "year", bib(f"year = {LONG}")),
    *one("bibtex", "volume", bib(f"year = 2018, volume = {LONG}")),
    *one("bibtex", "pages", bib(f"year = 2018, pages = {{1--{LONG}}}")),
    *both("crossref", "month", {**CROSSREF, "issued": {"date-parts": [[2018, 1]]}}, "issued", "date-parts", 0, 1),
    *both("crossref", "year", {**CROSSREF, "issued": {"date-parts": [[2018, 1]]}}, "issued", "date-parts", 0, 0),
    *both("crossref", "year of print", {**CROSSREF, "published-print": {"date-parts": [[2018, 1]]}}, "published-print", "date-parts", 0, 1),
    *both("crossref", "start of an event", {**CROSSREF, "event": {"name": "E", "start": {"date-parts": [[2018, 1]]}}}, "event", "start", "date-parts", 0, 1),
    *both("crossref", "volume", CROSSREF, "volume"),
    *both("csl-json", "month", {**CSL, "issued": {"date-parts": [[2018, 1]]}}, "issued", "date-parts", 0, 1),
    *both("csl-json", "text of a month", {**CSL, "issued": {"date-parts": [[2018, "1"]]}}, "issued", "date-parts", 0, 1, value=f'"{LONG}"'),
    *both("csl-json", "date of access", {**CSL, "accessed": {"date-parts": [[2018, 1]]}}, "accessed", "date-parts", 0, 1),
    *both("csl-json", "volume", CSL, "volume"),
    *both("csl-json", "infinity", CSL, "volume", value=f"1e{LONG}"),
    *both("datacite", "year", {"id": "{}", "type": "dois", "attributes": DATACITE}, "attributes", "publicationYear"),
    *both("datacite", "latitude", {"id": "{}", "type": "dois", "attributes": {**DATACITE, "geoLocations": [{"geoLocationPoint": {"pointLatitude": 1, "pointLongitude": 1}}]}}, "attributes", "geoLocations", 0, "geoLocationPoint", "pointLatitude"),
    *both("doaj", "year", {"id": "{}", "bibjson": DOAJ}, "bibjson", "year"),
    *both("doaj", "month", {"id": "{}", "bibjson": {**DOAJ, "year": "2018"}}, "bibjson", "month"),
    *both("doaj", "text of a month", {"id": "{}", "bibjson": {**DOAJ, "year": "2018"}}, "bibjson", "month", value=f'"{LONG}"'),
    *both("json-lines", "title", {"dc.title": "A", "handle": "1/{}"}, "dc.title"),
    *both("json-lines", "confidence", {"dc.title": "A", "handle": "1/{}", "dc.contributor.author": {"value": "B, C", "authority": "k", "confidence": LONG}}, "dc.contributor.author", "value"),
    *both("dspace-rest", "place", {**REST, "metadata": {"dc.title": [{"value": "A", "place": 0}]}}, "metadata", "dc.title", 0, "value"),
    *one("dspace-rest", "size", json_forms({**REST, "bundles": [{"name": "ORIGINAL", "bitstreams": [{"name": "a.pdf", "sizeBytes": 1}]}]}, "bundles", 0, "bitstreams", 0, "sizeBytes")[0], is_kept=False),
    *one("dspace-rest", "confidence", json_forms({**REST, "metadata": {"dc.title": [{"value": "A", "authority": "k", "confidence": 1}]}}, "metadata", "dc.title", 0, "confidence")[0], is_kept=False),
    *both("openalex", "year", OPENALEX, "publication_year"),
    *both("openalex", "volume", OPENALEX, "biblio", "volume"),
    *both("invenio", "size", {**INVENIO, "id": "{}"}, "metadata", "version"),
    *both("dataverse", "version", DATAVERSE, "datasetVersion", "note"),
    *one("endnote", "year", xml(ENDNOTE, "<xml><records>\n", "</records></xml>", "</titles>", f"</titles><dates><year>{LONG}</year></dates>")),
    *one("endnote", "volume", xml(ENDNOTE, "<xml><records>\n", "</records></xml>", "</titles>", f"</titles><volume>{LONG}</volume>")),
    *one("eprints", "year", text("a.xml", EPRINTS, '<eprints xmlns="http://eprints.org/ep2/data/2.0">\n', "</eprints>", broken=EPRINTS.replace("{}", "2").replace("</title>", f"</title><date>{LONG}</date>"))),
    *one("medline", "date", text("a.nbib", "PMID- {}\nTI  - A\n\n", broken=f"PMID- 2\nTI  - A\nDP  - {LONG}\n\n")),
    *one("wos", "year", text("a.txt", "PT J\nTI A\nDI 10.5555/{}\nER\n\n", "FN X\nVR 1.0\n", "EF\n", broken=f"PT J\nTI A\nDI 10.5555/2\nPY {LONG}\nER\n\n")),
    *one("dspace-csv", "date", csv("dc.title,dc.identifier.uri,dc.date.issued\n", "A,http://hdl.handle.net/1/{},2018\n", f"A,http://hdl.handle.net/1/2,{LONG}\n")),
    *one("dspace-saf", "date", folder("item_{}/dublin_core.xml", SAF, SAF.replace("{}", "2").replace("</dublin_core>", f'<dcvalue element="date" qualifier="issued">{LONG}</dcvalue></dublin_core>'))),
    *one("dspace-saf", "confidence", folder("item_{}/dublin_core.xml", SAF, SAF.replace("{}", "2").replace('element="title"', f'element="title" authority="k" confidence="{LONG}"')), is_kept=False),
    *one("html-page", "date", folder("page{}.html", HTML, HTML.replace("{}", "2").replace("</html>", f'<meta name="citation_date" content="2018/{LONG}"></html>'))),
    *one("html-page", "volume", folder("page{}.html", HTML, HTML.replace("{}", "2").replace("</html>", f'<meta name="citation_volume" content="{LONG}"></html>'))),
    *one("item-page", "date", text("a.txt", PAGE, broken=f"{PAGE.replace('{}', '2')}dc.date.issued | {LONG} | - |\n")),
    *one("marc", "date", text("a.mrc", MARC, broken=iso2709(*LONG_MARC))),
    *one("datacite-xml", "year", xml(DATACITE_XML, "<resources>\n", "</resources>", ">2018<", f">{LONG}<")),
    *one("marcxml", "date", text("a.xml", MARCXML, "<collection>\n", "</collection>", broken=marcxml(*LONG_MARC))),
    *one("mods", "date", xml(MODS, "<modsCollection>\n", "</modsCollection>", "</mods>", f"<originInfo><dateIssued>{LONG}</dateIssued></originInfo></mods>")),
    *one("mods", "volume", xml(MODS, "<modsCollection>\n", "</modsCollection>", "</mods>", f'<relatedItem type="host"><part><detail type="volume"><number>{LONG}</number></detail></part></relatedItem></mods>')),
    *one("oai-pmh", "date", xml(OAI, *ENVELOPE, "</dc:title>", f"</dc:title><dc:date>{LONG}</dc:date>")),
    *one("oai-pmh", "size in XOAI", xml(XOAI.replace("SIZE", "12"), *ENVELOPE, ">12<", f">{LONG}<"), is_kept=False),
    *one("oai-pmh", "size in METS", xml(METS.replace('SIZE="SIZE"', 'SIZE="12"'), *ENVELOPE, '"12"', f'"{LONG}"'), is_kept=False),
    *one("opencitations", "date and volume", csv(META, '"doi:10.5555/{}","A","","2018","","1","","","book","",""\n', f'"doi:10.5555/2","A","","{LONG}","J","{LONG}","","1-{LONG}","book","",""\n')),
    *one("pubmed", "year", xml(DATED, *ARTICLES, "<Year>2018<", f"<Year>{LONG}<")),
    *one("pubmed", "month", xml(DATED, *ARTICLES, "<Month>5<", f"<Month>{LONG}<")),
    *one("pubmed", "day", xml(DATED, *ARTICLES, "<Day>3<", f"<Day>{LONG}<")),
    *one("pubmed", "day in words", xml(DATED, *ARTICLES, "<Day>3<", f"<Day>third {LONG}<")),
    *one("pubmed", "date in words", xml(DATED, *ARTICLES, PUB_DATE, f"<JournalIssue><PubDate><MedlineDate>2018 {LONG}</MedlineDate></PubDate></JournalIssue>")),
    *one("pubmed-csv", "id", csv(PUBMED_CSV, "{},A,NA,NA,NA\n", f"{LONG},A,NA,NA,NA\n")),
    *one("table", "year", csv("PMID,Title,Citation,Journal/Book,Publication Year,DOI\n", "{},A,C,J,2018,\n", f"2,A,C,J,{LONG},\n")),
    *one("rdf", "integer", text("a.nt", NT, broken=f'<https://books.example.org/b/2> <http://purl.org/dc/terms/extent> "{LONG}"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')),
    *one("rdf", "decimal", text("a.nt", NT, broken=f'<https://books.example.org/b/2> <http://purl.org/dc/terms/extent> "{LONG}.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n')),
    *one("rdf", "year", text("a.nt", NT, broken=f'<https://books.example.org/b/2> <http://purl.org/dc/terms/issued> "{LONG}"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n')),
    *one("rdf", "moment", text("a.nt", NT, broken=f'<https://books.example.org/b/2> <http://purl.org/dc/terms/issued> "{LONG}-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n')),
    *one("rdf", "number in Turtle", text("a.ttl", TURTLE, broken=TURTLE.replace("{}", "2").replace(" 1 ", f" {LONG} "))),
    *one("ris", "year", text("a.ris", RIS, broken=RIS.replace("{}", "2").replace("2018", LONG))),
    *one("ris", "month", text("a.ris", RIS, broken=RIS.replace("{}", "2").replace("2018", f"2018/{LONG}"))),
    *one("ris", "volume and page", text("a.ris", RIS, broken=RIS.replace("{}", "2").replace("  - 1\n", f"  - {LONG}\n"))),
]  # fmt: skip


def test_every_format_has_a_case():
    # Spreadsheets hold no such number; what a damaged one does stands below.
    assert {case.values[0] for case in CASES} == {one.name for one in SOURCES} - {"dspace-xlsx"}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "write", "is_kept"), CASES)
def test_the_others_are_published_and_the_number_is_kept(tmp_path, name, write, is_kept):
    path = write(tmp_path)
    items = list(open_source(path, SETTINGS, format=name))
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == 3
    assert [item for item in items if isinstance(item, Finding) and item.severity == "violation"] == []
    shown = LONG[:40]
    assert any(shown in value.text for value in records[1].values) is is_kept
    site = tmp_path / "site"
    run = CliRunner().invoke
    assert run(main, ["init", str(site), "--base-iri", "https://example.org/"]).exit_code == 0
    with (site / "lod.toml").open("a") as file:
        file.write('\nkey_from = ["doi", "pmid"]\n')
    result = run(main, ["publish", str(path), "--site", str(site), "--format", name, "--json"])
    report = json.loads(result.stdout)
    assert report["faults"] == 0
    assert report["read"] == 3
    assert report["published"] >= 2
    # A shape may refuse it, with its place.
    assert result.exit_code == (1 if report["published"] == 2 else 0)
    for finding in report["findings"]:
        if finding["severity"] == "violation":
            assert finding["place"] == records[1].place


@pytest.mark.parametrize("total", [LONG, "1e999999999", '"many"'])
def test_a_page_that_counts_its_items_wrongly_is_read_all_the_same(tmp_path, total):
    item = json.dumps(REST).replace("{}", "1")
    path = tmp_path / "a.json"
    path.write_text(f'{{"page": {{"totalElements": {total}}}, "_embedded": {{"items": [{item}]}}}}')
    assert [type(item) for item in without_remarks(open_source(path, SETTINGS))] == [Record]


@pytest.fixture
def workbook(tmp_path):
    """Return what writes a spreadsheet whose third row has a number as it is given, in XML."""
    from openpyxl import Workbook

    def write(number: str):
        book = Workbook()
        for row in ["dc.title", "dc.date.issued"], ["A", 2018], ["B", 777777], ["C", 2019]:
            book.active.append(row)
        book.save(tmp_path / "whole.xlsx")
        path = tmp_path / "a.xlsx"
        with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(path, "w") as damaged:
            for name in whole.namelist():
                damaged.writestr(name, whole.read(name).replace(b"777777", number.encode()))
        return path

    return write


@pytest.mark.parametrize("number", ["1e999", "-1E+999"])
def test_a_cell_with_an_infinite_number_costs_its_row(workbook, number):
    items = list(open_source(workbook(number), SETTINGS))
    assert sum(isinstance(item, Record) for item in items) == 2
    (finding,) = [item for item in items if isinstance(item, Finding)]
    assert finding.message == (
        "a.xlsx, sheet 'Sheet', row 3: 'dc.date.issued' holds a number that no spreadsheet can hold; write it as a text, or "
        "mend it, and save the file"
    )


def test_a_workbook_with_more_digits_than_any_program_writes_is_damaged_from_that_row_on(workbook):
    path = workbook(LONG)
    place = re.escape(f"{path}: the workbook cannot be read from row 3 of the sheet 'Sheet' on (")
    with pytest.raises(SourceError, match=f"{place}.*save it again as xlsx"):
        list(open_source(path, SETTINGS))
