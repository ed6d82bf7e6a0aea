"""A second reader of DSpace's own forms, for the tests: CSV, SAF, DIM, xoai, REST, and of DOAJ, what each graph must say."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.helpers.accounting import named, xml_root
from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

Pair = tuple[str, str]


def of_fields(pairs: Iterable[Pair]) -> Stated:
    """Return what fields and texts state, where the name of the field alone says it."""
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        if text.strip():
            texts.setdefault(name, []).append(text.strip())
    stated = Stated((texts.get("dc.title") or texts.get("dcterms.title") or ["?"])[0][:80])
    put = stated.put
    if len(texts.get("dc.title", [])) == 1:
        put("title", *texts["dc.title"])
    if "dc.contributor.author" not in texts or "dc.creator" not in texts:
        put("authors", *texts.get("dc.contributor.author", []), *texts.get("dc.creator", []))
    put("doi", *(text for text in texts.get("dc.identifier.doi", []) if re.search(r"10\.\d{4,}/", text)))
    if not stated.aspects["doi"]:
        del stated.aspects["doi"]
    dates = texts.get("dc.date.issued", [])
    if len(dates) == 1 and (date := re.fullmatch(r"(\d{4}(?:-\d\d){0,2})(?:T00:00:00Z)?", dates[0])):
        put("issued", date[1])
    put("publisher", *texts.get("dc.publisher", []))
    put("abstract", *texts.get("dc.description.abstract", []))
    put("subjects", *(word for text in texts.get("dc.subject", []) for word in text.split(";")))
    return stated


def stated_rows(path: Path) -> Iterator[Stated]:
    """Yield what each row of a metadata export states; "||" and, in two post-processed tables, "; " separate values."""
    text = content_of(path).decode("utf-8-sig")
    separator = "||" if "||" in text else "; " if "climate" in path.name else "||"
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [re.sub(r"\[[^\[\]]*\]$", "", name.strip()) for name in next(rows)]
    prose = {"dc.title", "dc.description.abstract", "dc.publisher"} if separator == "; " else set()
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        pairs = [
            (name, value.partition("::")[0])
            for name, cell in zip(header, row, strict=False)
            for value in ([cell] if name in prose else cell.split(separator))
        ]
        yield of_fields(pairs)


def stated_items(path: Path) -> Iterator[Stated]:
    """Yield what an item of the Simple Archive Format states in its files of fields."""
    files = [path, *sorted(path.parent.glob("metadata_*.xml"))] if path.name == "dublin_core.xml" else [path]
    yield of_fields(pair for file in files for pair in _dcvalues(file))


def _dcvalues(path: Path) -> Iterator[Pair]:
    root = xml_root(content_of(path))
    for value in root.iter("dcvalue"):
        parts = (root.get("schema") or "dc", value.get("element") or "", value.get("qualifier") or "none")
        yield ".".join(part for part in parts if part != "none"), "".join(value.itertext())


def stated_dim(path: Path) -> Iterator[Stated]:
    """Yield what each record in DIM states."""
    for record in named(xml_root(content_of(path)), "record"):
        fields = record.iter("{http://www.dspace.org/xmlns/dspace/dim}field")
        yield of_fields(
            (
                ".".join(filter(None, (field.get("mdschema") or "dc", field.get("element"), field.get("qualifier")))),
                "".join(field.itertext()),
            )
            for field in fields
        )


def stated_xoai(path: Path) -> Iterator[Stated]:
    """Yield what each record in xoai states."""
    for record in named(xml_root(content_of(path)), "record"):
        pairs: list[Pair] = []
        for field in record.iter("{http://www.lyncode.com/xoai}field"):
            names = [each.get("name", "") for each in field.iterancestors("{http://www.lyncode.com/xoai}element")][::-1]
            if field.get("name") == "value":
                pairs.append((".".join(names[:-1]), "".join(field.itertext())))
        yield of_fields(pairs)


def stated_rest(path: Path) -> Iterator[Stated]:
    """Yield what each item of an answer of the REST API states."""
    document = json.loads(content_of(path))
    found = document["_embedded"]["searchResult"]["_embedded"]["objects"] if "_embedded" in document else [document]
    for each in found:
        item = each.get("_embedded", {}).get("indexableObject", each)
        yield of_fields(
            (name, row["value"])
            for name, rows in item["metadata"].items()
            for row in sorted(rows, key=lambda row: row.get("place", 0))
        )


def _is_issn(text: str) -> bool:
    digits = [10 if sign in "xX" else int(sign) for sign in text.replace("-", "")]
    return (
        len(digits) == 8
        and sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0
    )


def stated_articles(path: Path) -> Iterator[Stated]:
    """Yield what each article of DOAJ states."""
    for line in content_of(path).decode().splitlines():
        article = json.loads(line)["bibjson"]
        ids = {each["type"].lower(): each["id"] for each in article["identifier"] if "id" in each}
        journal = article["journal"]
        stated = Stated(ids.get("doi") or article["title"])
        put = stated.put
        put("title", article["title"])
        put("doi", *(doi for doi in (ids.get("doi", ""),) if re.match(r"10\.\d{4,}/", doi)))
        put("authors", *(author["name"] for author in article.get("author", [])))
        put("container", journal["title"])
        numbers = {*journal.get("issns", []), *(ids[kind] for kind in ("pissn", "eissn") if kind in ids)}
        put("issn", *filter(_is_issn, numbers))
        put("volume", journal.get("volume", "").removeprefix("Volume "))
        put("issue", journal.get("number", ""))
        put("start", article.get("start_page", ""))
        put("end", article.get("end_page", ""))
        put("type", "JournalArticle")
        put("publisher", journal.get("publisher", ""))
        put("subjects", *article.get("keywords", []))
        month = str(article.get("month") or "")
        put("issued", f"{article['year']}-{int(month):02}" if month.isdecimal() else str(article["year"]))
        yield stated
