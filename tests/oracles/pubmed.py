"""A second reader of PubMed, for the tests: what the graph of each article must say, from XML and from lists as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.helpers.accounting import xml_root
from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def stated_articles(path: Path) -> Iterator[Stated]:
    """Yield what each article of an article set states."""
    for article in xml_root(content_of(path)).iter("PubmedArticle"):
        yield _stated(article)


def _stated(article: etree._Element) -> Stated:
    stated = Stated(article.findtext("MedlineCitation/PMID") or "")
    put, text = stated.put, lambda path: _text(article.find(f"MedlineCitation/Article/{path}"))
    put("pmid", article.findtext("MedlineCitation/PMID") or "")
    put("title", text("ArticleTitle"))
    people = article.findall("MedlineCitation/Article/AuthorList/Author")
    put("authors", *(_name(person) for person in people))
    put("container", text("Journal/Title"))
    linking = _text(article.find("MedlineCitation/MedlineJournalInfo/ISSNLinking"))
    put("issn", text("Journal/ISSN"), linking)
    put("volume", text("Journal/JournalIssue/Volume"))
    put("issue", text("Journal/JournalIssue/Issue"))
    start, dash, end = text("Pagination/MedlinePgn").partition("-")
    if dash and start.isdecimal() and end.isdecimal():
        put("start", start)
        # "1423-9" is short for 1423 to 1429.
        put("end", start[: max(0, len(start) - len(end))] + end)
    date = article.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")
    if date is not None and date.find("MedlineDate") is None and date.find("Season") is None:
        put("issued", _date(date))
    ids = {each.get("IdType"): _text(each) for each in article.findall("PubmedData/ArticleIdList/ArticleId")}
    if ids.get("doi"):
        put("doi", ids["doi"])
    for heading in article.iter("MeshHeading"):
        descriptor = _text(heading.find("DescriptorName"))
        put("subjects", descriptor, *(f"{descriptor}/{_text(each)}" for each in heading.findall("QualifierName")))
        for number in heading.xpath("DescriptorName/@UI"):
            put("concepts", str(number))
            put("concepts", *(f"{number}{each}" for each in heading.xpath("QualifierName/@UI")))
    put("subjects", *(_text(each) for each in article.iter("Keyword")))
    put("funders", *(_text(each) for each in article.iter("Agency")))
    put("awards", *(_text(each) for each in article.iter("GrantID")))
    put("language", *(_text(each) for each in article.findall("MedlineCitation/Article/Language")))
    return stated


def _text(element: etree._Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _name(person: etree._Element) -> str:
    given = _text(person.find("ForeName")) or _text(person.find("Initials"))
    parts = (_text(person.find("LastName")), given, _text(person.find("Suffix")), _text(person.find("CollectiveName")))
    return " ".join(filter(None, parts))


def _date(date: etree._Element) -> str:
    month = _text(date.find("Month")).casefold()
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month or 0)
    parts = [_text(date.find("Year")), f"{number:02}" if number else "", _text(date.find("Day")).zfill(2)]
    return "-".join(part for part in parts if part.strip("0"))


def stated_rows(path: Path) -> Iterator[Stated]:
    """Yield what each row of a list states: PubMed id, title, MeSH headings, authors."""
    for row in csv.DictReader(io.StringIO(content_of(path).decode("utf-8-sig"), newline="")):
        cells = {name.lower(): "" if cell == "NA" else cell for name, cell in row.items()}
        stated = Stated(cells["pubmedid"])
        stated.put("pmid", cells["pubmedid"])
        stated.put("title", cells["title"])
        stated.put("authors", *cells["authors"].split(";"))
        stated.put("type", "JournalArticle")
        stated.put("subjects", *(heading.partition(" - ")[0] for heading in cells["keywords"].split(";")))
        yield stated
