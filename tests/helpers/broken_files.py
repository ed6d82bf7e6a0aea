"""For every format of SOURCES three records of which the second is broken, or none is, as a file or a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from tests.helpers.marc import iso2709, marcxml

HANDLE = "http://hdl.handle.net/1/{}"
DOI = "10.5555/{}"


class Writer(Protocol):
    """Writes three records and returns the file or the folder; with `whole` the second is like the others."""

    def __call__(self, folder: Path, *, whole: bool = False) -> Path: ...


def text(name: str, template: str, before: str = "", after: str = "", broken: str = "") -> Writer:
    """Return what writes one file: a template for the records with {} for their number, and the broken one."""

    def write(folder: Path, *, whole: bool = False) -> Path:
        path = folder / name
        second = template.replace("{}", "2") if whole else broken
        records = template.replace("{}", "1"), second, template.replace("{}", "3")
        path.write_bytes((before + "".join(records) + after).encode("utf-8", "surrogateescape"))
        return path

    return write


def lines(template: object, broken: str) -> Writer:
    """Return what writes JSON lines."""
    return text("a.jsonl", json.dumps(template) + "\n", broken=broken + "\n")


def folder(name: str, template: str, broken: str) -> Writer:
    """Return what writes three files, in folders of their own where the name has one."""

    def write(folder: Path, *, whole: bool = False) -> Path:
        second = template.replace("{}", "2") if whole else broken
        for number, content in ("1", template.replace("{}", "1")), ("2", second), ("3", template.replace("{}", "3")):
            path = folder / "files" / name.replace("{}", number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return folder / "files"

    return write


def sheet(folder: Path, *, whole: bool = False) -> Path:
    """Write a spreadsheet whose second row has a formula that was never calculated."""
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["dc.title", "dc.identifier.uri"],
        ["A", HANDLE.format(1)],
        ["A" if whole else "=1+1", HANDLE.format(2)],
        ["A", HANDLE.format(3)],
    ):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


OAI = (
    "<record><header><identifier>oai:example.org:{}</identifier><datestamp>2020-01-01</datestamp></header><metadata>"
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>A</dc:title><dc:identifier>http://hdl.handle.net/1/{}</dc:identifier></oai_dc:dc></metadata></record>\n"
)
MODS = '<mods><titleInfo><title>A</title></titleInfo><identifier type="doi">10.5555/{}</identifier></mods>\n'
DATACITE_XML = (
    '<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5555/{}</identifier>'
    "<titles><title>A</title></titles></resource>\n"
)
MARC_FIELDS = ("024", "7 $a10.5555/{}$2doi"), ("245", "00$aA")
MARC = iso2709(*((tag, content.replace("{}", "0")) for tag, content in MARC_FIELDS)).replace("10.5555/0", "10.5555/{}")
MARCXML = marcxml(*MARC_FIELDS)
PUBMED = (
    '<PubmedArticle><MedlineCitation><PMID Version="1">{}</PMID><Article><Journal><Title>J</Title></Journal>'
    "<ArticleTitle>A</ArticleTitle></Article></MedlineCitation></PubmedArticle>\n"
)
SAF = (
    '<dublin_core><dcvalue element="title">A</dcvalue><dcvalue element="identifier" qualifier="uri">'
    "http://hdl.handle.net/1/{}</dcvalue></dublin_core>"
)
PAGE = "DC Field | Value | Language |\n---|---|---|\ndc.title | A | en |\ndc.identifier.uri | http://hdl.handle.net/1/{} | - |\n"
HTML = '<html><meta name="citation_title" content="A"><meta name="DC.identifier.uri" content="http://hdl.handle.net/1/{}"></html>'
CSL = {"id": "{}", "type": "book", "title": "A", "author": [{"family": "B", "given": "C"}], "DOI": "10.5555/{}"}
DATACITE = {"doi": "10.5555/{}", "titles": [{"title": "A"}], "creators": [{"name": "B, C"}]}
OPENALEX = {
    "id": "https://openalex.org/W{}",
    "doi": "https://doi.org/10.5555/{}",
    "display_name": "A",
    "authorships": [{}],
}
INVENIO = {"metadata": {"title": "A", "creators": [{"name": "B, C"}], "doi": "10.5555/{}"}}
DATAVERSE = {
    "persistentUrl": "https://doi.org/10.5555/{}",
    "datasetVersion": {"metadataBlocks": {"citation": {"fields": [{"typeName": "title", "value": "A"}]}}},
}
ENDNOTE = (
    '<record><ref-type name="Book">6</ref-type><titles><title>A</title></titles>'
    "<electronic-resource-num>10.5555/{}</electronic-resource-num></record>\n"
)
EPRINTS = "<eprint><title>A</title><doi>10.5555/{}</doi></eprint>\n"

BROKEN: dict[str, Writer] = {
    "bibtex": text("a.bib", "@book{k{}, title = {A}, doi = {10.5555/{}}}\n", broken="@book{k2, title = {A\n"),
    "crossref": lines(
        {"DOI": "10.5555/{}", "type": "book", "title": ["A"], "deposited": {}, "is-referenced-by-count": 0}, '{"DOI": 1'
    ),
    "csl-json": lines(CSL, '{"id": "2", "title": '),
    "datacite": lines({"id": "{}", "type": "dois", "attributes": DATACITE}, '{"id": '),
    "doaj": lines(
        {"id": "{}", "bibjson": {"title": "A", "identifier": [{"type": "doi", "id": "10.5555/{}"}]}}, '{"bibjson": 5'
    ),
    "dataverse": lines(DATAVERSE, '{"datasetVersion": '),
    "dspace-csv": text(
        "a.csv",
        "A,http://hdl.handle.net/1/{}\n",
        "dc.title,dc.identifier.uri\n",
        broken="A,http://hdl.handle.net/1/2,more\n",
    ),
    "dspace-rest": lines(
        {
            "uuid": "3f2a6c10-8d3e-4f5b-9c11-00000000000{}",
            "withdrawn": False,
            "handle": "1/{}",
            "metadata": {"dc.title": [{"value": "A"}]},
        },
        '{"uuid": "3f2a6c10-8d3e-4f5b-9c11-000000000002", "metadata": {"dc.title": 1}}',
    ),
    "dspace-saf": folder("item_{}/dublin_core.xml", SAF, SAF.replace("A<", "A & B<")),
    "dspace-xlsx": sheet,
    "endnote": text(
        "a.xml",
        ENDNOTE,
        "<xml><records>\n",
        "</records></xml>",
        broken=ENDNOTE.replace(">A<", ">A & B<").replace("{}", "2"),
    ),
    "eprints": text(
        "a.xml",
        EPRINTS,
        '<eprints xmlns="http://eprints.org/ep2/data/2.0">\n',
        "</eprints>",
        broken=EPRINTS.replace(">A<", ">A & B<"),
    ),
    "html-page": folder("page{}.html", HTML, '<html><meta name="citation_title" content=""></html>'),
    "invenio": lines(INVENIO, '{"metadata": {"title": '),
    "item-page": text("a.txt", PAGE, broken=PAGE.replace("A |", "caf\udce9 |")),
    "json-lines": lines({"dc.title": "A", "handle": "1/{}"}, '{"dc.title": "A"'),
    "marc": text("a.mrc", MARC, broken=MARC[:24] + MARC[36:]),
    "marcxml": text("a.xml", MARCXML, "<collection>\n", "</collection>", broken=MARCXML.replace(">A<", ">A & B<")),
    "medline": text("a.nbib", "PMID- {}\nTI  - A\n\n", broken="PMID- 2\nTI  - caf\udce9\n\n"),
    "datacite-xml": text(
        "a.xml", DATACITE_XML, "<resources>\n", "</resources>", broken=DATACITE_XML.replace(">A<", ">A & B<")
    ),
    "mods": text("a.xml", MODS, "<modsCollection>\n", "</modsCollection>", broken=MODS.replace(">A<", ">A & B<")),
    "oai-pmh": text(
        "a.xml",
        OAI,
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n',
        "</ListRecords></OAI-PMH>",
        broken=OAI.replace(">A<", ">A & B<"),
    ),
    "openalex": lines(OPENALEX, '{"id": '),
    "opencitations": text(
        "a.csv",
        '"doi:10.5555/{}","A","","","","","","","book","",""\n',
        '"id","title","author","pub_date","venue","volume","issue","page","type","publisher","editor"\n',
        broken='"doi:10.5555/2","A","","","","","","","book","","","more","cells"\n',
    ),
    "pubmed": text(
        "a.xml", PUBMED, "<PubmedArticleSet>\n", "</PubmedArticleSet>", broken=PUBMED.replace(">A<", ">A & B<")
    ),
    "pubmed-csv": text(
        "a.csv", "{},A,NA,NA,NA\n", "pubmedID,title,keywords,authors,abstracts\n", broken="2,A,NA,NA,NA,more,cells\n"
    ),
    "rdf": text(
        "a.nt",
        '<https://books.example.org/b/{}> <http://purl.org/dc/terms/title> "A" .\n',
        broken='<https://books.example.org/b/2> <http://purl.org/dc/terms/title "A" .\n',
    ),
    "ris": text(
        "a.ris", "TY  - BOOK\nTI  - A\nDO  - 10.5555/{}\nER  - \n", broken="TY  - BOOK\nTI  - caf\udce9\nER  - \n"
    ),
    "table": text(
        "a.csv", "{},A,C,J,2018\n", "PMID,Title,Citation,Journal/Book,Publication Year\n", broken="2,A,C,J,2018,more\n"
    ),
    "wos": text(
        "a.txt", "PT J\nTI A\nDI 10.5555/{}\nER\n\n", "FN X\nVR 1.0\n", "EF\n", broken="PT J\nTI caf\udce9\nER\n\n"
    ),
}
