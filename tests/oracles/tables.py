"""A second reader of OpenCitations Meta, of RIS and of EndNote XML, for the tests: what the graph of each work must say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.helpers.shared_data import content_of
from tests.helpers.walkers import ris_references
from tests.oracles.stated import Stated

_META_TYPES = {
    "journal article": "JournalArticle", "book chapter": "BookChapter", "proceedings article": "ConferencePaper",
    "book": "Book", "monograph": "Book", "dissertation": "Thesis",
}  # fmt: skip
_RIS_TYPES = {"JOUR": "JournalArticle", "CHAP": "BookChapter", "CPAPER": "ConferencePaper", "BOOK": "Book"}


def stated_meta(path: Path) -> Iterator[Stated]:
    """Yield what each row of OpenCitations Meta states."""
    for row in csv.DictReader(io.StringIO(content_of(path).decode("utf-8-sig"), newline="")):
        ids = [each.partition(":") for each in row["id"].split()]
        stated = Stated(row["id"])
        put = stated.put
        put("doi", *(value for scheme, _, value in ids if scheme == "doi"))
        put("pmid", *(value for scheme, _, value in ids if scheme == "pmid"))
        put("title", row["title"])
        put("authors", *(_name(each) for each in re.split(r";\s", row["author"])))
        put("editors", *(_name(each) for each in re.split(r";\s", row["editor"])))
        if re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", row["pub_date"]):
            put("issued", "-".join(part.zfill(2) for part in row["pub_date"].split("-")))
        put("container", _name(row["venue"]))
        put("issn", *re.findall(r"\bissn:(\S+?)(?=[\s\]])", row["venue"]))
        if row["type"] == "journal article":
            put("volume", row["volume"])
            put("issue", row["issue"])
        # "4082-4098-22" is 4082 to 4098.e22 with its signs lost; what has more parts cannot be told.
        pages = row["page"].split("-")
        if len(pages) < 3 or (len(pages) == 3 and pages[0].isdecimal() and int(pages[0]) < int(pages[1] or 0)):
            put("start", pages[0])
            put("end", *pages[1:2])
        elif not pages[0].isalpha():
            put("start")
            put("end")
        put("publisher", _name(row["publisher"]))
        if row["type"] in _META_TYPES:
            put("type", _META_TYPES[row["type"]])
        yield stated


def _name(text: str) -> str:
    return re.sub(r"\s*\[[^\[\]]*:[^\[\]]*\]\s*$", "", text)


def stated_references(path: Path) -> Iterator[Stated]:
    """Yield what each reference of a RIS file states."""
    for leaves in ris_references(path):
        lines: dict[str, list[str]] = {}
        for leaf in leaves:
            lines.setdefault(leaf.path[0], []).append(leaf.text.strip())
        title = next((lines[tag] for tag in ("TI", "T1", "CT") if tag in lines), [""])
        stated = Stated(title[0][:80])
        put = stated.put
        put("title", title[0])
        put("authors", *(leaf.text for leaf in leaves if leaf.path[0] in {"AU", "A1"}))
        put("doi", *(text.removeprefix("doi:") for text in lines.get("DO", [])[:1] if "10." in text))
        kind = lines["TY"][0]
        if kind in _RIS_TYPES:
            put("type", _RIS_TYPES[kind], *("ReviewArticle" for text in lines.get("M3", []) if text == "Review"))
        if kind == "JOUR":
            names = [lines[tag][0] for tag in ("T2", "JF", "JO", "JA") if tag in lines]
            put("container", *names[:1])
            # Files made to try out a program have "Volume ID" and "Issue ID".
            put("volume", *(text for text in lines.get("VL", [])[:1] if text != "Volume ID"))
            put("issue", *(text for text in lines.get("IS", [])[:1] if text != "Issue ID"))
        if "SP" in lines and "EP" in lines and lines["SP"][0].isdecimal() and lines["EP"][0].isdecimal():
            put("start", lines["SP"][0])
            put("end", lines["EP"][0])
        for tag in ("PY", "Y1"):
            if tag in lines and (year := re.match(r"\d{4}", lines[tag][0])):
                put("year", year[0])
                break
        put("subjects", *(word.lstrip("*") for text in lines.get("KW", []) for word in re.split("[;\\n]", text)))
        put("abstract", " ".join(lines.get("AB", [])))
        yield stated


_ENDNOTE_TYPES = {
    "Journal Article": "JournalArticle",
    "Book Section": "BookChapter",
    "Book": "Book",
    "Thesis": "Thesis",
}


def stated_endnote(path: Path) -> Iterator[Stated]:
    """Yield what each reference of an EndNote XML file states."""
    for record in etree.fromstring(content_of(path)).iterfind("records/record"):

        def texts(path: str, record: etree._Element = record) -> list[str]:
            return [" ".join("".join(map(str, found.itertext())).split()) for found in record.iterfind(path)]

        stated = Stated((texts("titles/title") or [""])[0][:80])
        put = stated.put
        put("title", *texts("titles/title"))
        put("authors", *texts("contributors/authors/author"))
        if record.find("ref-type").get("name") != "Book":
            put("editors", *texts("contributors/secondary-authors/author"))
        put("doi", *(text for text in texts("electronic-resource-num") if "10." in text))
        put("subjects", *(word.lstrip("*") for text in texts("keywords/keyword") for word in re.split("; ?", text)))
        put("abstract", *texts("abstract"))
        put("publisher", *texts("publisher"))
        put("year", *(text for text in texts("dates/year") if text.isdecimal()))
        kind = record.find("ref-type").get("name")
        if kind in _ENDNOTE_TYPES:
            put("type", _ENDNOTE_TYPES[kind])
        if kind == "Journal Article":
            put("container", *texts("titles/secondary-title"))
            put("volume", *texts("volume"))
            put("issue", *texts("number"))
        yield stated
