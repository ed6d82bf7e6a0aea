"""EndNote XML: references as EndNote, Zotero and databases export them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from lod.long_texts import collapse
from lod.record import Record
from lod.settings.table import Settings
from lod.sources.citation_files.ris import add_numbers, type_of_work
from lod.sources.pubmed.dates import medline_date
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered, add_pages
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text

if TYPE_CHECKING:
    from lxml.etree import _Element as XmlElement

_ROOT = re.compile(r"<records[\s>]")
_REFERENCE = re.compile(r"<(?:ref-type|source-app|rec-number|foreign-keys)[\s>]")

TYPES = {
    "aggregated database": "dataset", "artwork": "image", "audiovisual material": "audiovisual", "bill": "legislation",
    "blog": "blog post", "book": "book", "book section": "book chapter", "case": "court document",
    "chart or table": "image", "classical work": "book", "computer program": "software",
    "conference paper": "conference paper", "conference proceedings": "conference paper", "dataset": "dataset",
    "dictionary": "dictionary entry", "edited book": "book", "electronic article": "journal article",
    "electronic book": "book", "electronic book section": "book chapter", "encyclopedia": "encyclopedia entry",
    "figure": "image", "film or broadcast": "moving image", "generic": "other", "government document": "report",
    "journal article": "journal article", "magazine article": "magazine article", "manuscript": "manuscript",
    "map": "map", "music": "musical score", "newspaper article": "newspaper article", "online database": "dataset",
    "online multimedia": "audiovisual", "pamphlet": "book", "patent": "patent", "podcast": "sound",
    "press release": "other", "report": "report", "serial": "periodical", "standard": "standard", "thesis": "thesis",
    "unpublished work": "manuscript", "web page": "website",
}  # fmt: skip
"""Reference types by name, and what the map of types calls them; others are kept verbatim.

EndNote's "Conference Proceedings" is a paper in them: its title is that of the paper, the secondary title that of the volume.
"""

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s{0,9})?10\.\d{4,9}/\S{1,2000}", re.IGNORECASE)
_PARTS = frozenset({"book chapter", "conference paper", "dictionary entry", "encyclopedia entry"})
_ARTICLES = frozenset({"journal article", "magazine article", "newspaper article"})
_WHOLE = frozenset({"book", "report", "thesis"})
_TITLES = {
    "title": "dc.title",
    "translated-title": "dc.title.alternative",
    "short-title": "dc.title.alternative",
}
_PEOPLE: Mapping[str, str] = {
    "authors": "dc.contributor.author",
    "secondary-authors": "dc.contributor.editor",
    "translated-authors": "dc.contributor.translator",
}
_FIELDS: Mapping[str, str] = {
    "abstract": "dc.description.abstract",
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "pub-location": "dc.publisher.place",
    "publisher": "dc.publisher",
    "language": "dc.language",
    "meeting-place": "oaire.citation.conferencePlace",
    "report-id": "dc.identifier.govdoc",
}
"""Elements with one meaning in every type; elements without a row are kept under the schema `endnote`."""

_OF_THE_LIBRARY = "the library in the program that wrote the file, not the work"
IGNORED = {
    "database": _OF_THE_LIBRARY,
    "source-app": "the program that wrote the file",
    "rec-number": "its key in the library says it",
    "ref-type": "the name of the type says it",
    "access-date": "the day on which somebody looked at a page",
    "added-date": _OF_THE_LIBRARY,
    "modified-date": _OF_THE_LIBRARY,
}
_ATTRIBUTES = {
    "style": "how the program shows the text",
    "key": "the program that gave the key, and when",
}
_ON_A_COMPUTER = "the place of a file on the computer of who wrote the file"


def detect_endnote(head: bytes, path: Path) -> bool:
    """Return whether a file is XML of `records` with EndNote's own elements in them."""
    del path
    text = head_text(head)
    return _ROOT.search(text) is not None and _REFERENCE.search(text) is not None


def read_endnote(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each reference.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of the records.
    """
    from lod.sources.parsing.xml_files import FoundElement, iter_elements

    ignored = Ignored(file, IGNORED)

    def read_one(found: FoundElement) -> Iterator[Item]:
        gathered = gather_reference(found.element)
        ignored.take(gathered.left_out)
        if any(value.field != "dc.type" for value in gathered.values):
            yield Record(file.source, file.place(found.where), tuple(gathered.values))
        else:
            yield file.unreadable("no-metadata", found.where, "the reference is empty; fill it in or delete it")

    yield from records_of(file, iter_elements(file, {"record"}, settings), read_one, attrgetter("where"))
    yield from ignored.remark()


def gather_reference(record: XmlElement) -> Gathered:
    """Return the values of one reference, and what is left out of it."""
    gathered = Gathered("endnote", {})
    kind = _kind(gathered, record)
    _key(gathered, record)
    for element in record.iterchildren("*"):
        name = str(element.tag)
        if name in ("ref-type", "rec-number", "foreign-keys"):
            continue
        if name in IGNORED:
            gathered.leave_out(name)
        elif name in _READERS:
            _READERS[name](gathered, element, kind)
        elif len(element) and element.find("style") is None:
            for part in element.iter("*"):
                gathered.keep(_plain(name), _own_text(part))
        elif name in _FIELDS:
            gathered.add(_FIELDS[name], _text(element))
        else:
            gathered.keep(_plain(name), _text(element))
    _attributes(gathered, record)
    return gathered


def _kind(gathered: Gathered, record: XmlElement) -> str:
    """Add the document type, and return it as the map of types calls it, "" for none that is known."""
    element = record.find("ref-type")
    name = "" if element is None else element.get("name", "")
    kind = TYPES.get(name.casefold(), "")
    exact = next(filter(None, (type_of_work(kind, _text(work)) for work in record.iterfind("work-type"))), "")
    if kind and exact in ("", "conference paper"):
        gathered.add("dc.type", kind)
    gathered.add("dc.type", exact)
    if not kind:
        gathered.keep("reftype", name)
    if element is not None and _text(element):
        gathered.leave_out("ref-type")
    return kind


def _key(gathered: Gathered, record: XmlElement) -> None:
    """Add what names the reference: its key in the library with the id of that, or its number in the file."""
    for key in record.iterfind("foreign-keys/key"):
        library = key.get("db-id", "")
        gathered.keep("key", f"{library}:{_text(key)}" if library else _text(key))
    number = record.find("rec-number")
    if number is not None and _text(number):
        if any(value.field == "endnote.key" for value in gathered.values):
            gathered.leave_out("rec-number")
        else:
            gathered.keep("key", _text(number))


def _contributors(gathered: Gathered, element: XmlElement, kind: str) -> None:
    for group in element.iterchildren("*"):
        role = str(group.tag)
        field = _PEOPLE.get(role, "")
        if role == "tertiary-authors" and kind == "thesis":
            field = "dc.contributor.advisor"
        elif role == "secondary-authors" and kind == "book" and _is_of_endnote(element):
            # The series editor of a book, in EndNote itself; others write its editors so.
            field = ""
        for author in group.iterchildren("*"):
            name = _text(author)
            if not field:
                gathered.keep(_plain(role), name)
                continue
            # EndNote's mark of a corporate author is a comma behind the whole name.
            whole = name.rstrip(", ")
            agent = "organisation" if name.endswith(",") and "," not in whole else None
            gathered.person(field, whole, agent=agent)


def _is_of_endnote(contributors: XmlElement) -> bool:
    program = contributors.find("../source-app")
    return program is not None and program.get("name") == "EndNote"


def _titles(gathered: Gathered, element: XmlElement, kind: str) -> None:
    for part in element.iterchildren("*"):
        name, text = str(part.tag), _text(part)
        if field := _title_field(name, kind):
            gathered.add(field, text)
        else:
            gathered.keep(_plain(name), text)


def _title_field(name: str, kind: str) -> str:
    """Return the field of a title, which depends on the type for those of what holds the work; "" for none."""
    if name in _TITLES:
        return _TITLES[name]
    if name == "secondary-title" and (kind in _ARTICLES or kind in _PARTS):
        return "dc.relation.ispartof"
    is_series = kind in _PARTS if name == "tertiary-title" else name == "secondary-title" and kind in _WHOLE
    return "dc.relation.ispartofseries" if is_series else ""


def _periodical(gathered: Gathered, element: XmlElement, kind: str) -> None:
    """Add the journal where the titles do not name it; short and other names of it are kept."""
    journal = next((value.text for value in gathered.values if value.field == "dc.relation.ispartof"), "")
    for part in element.iterchildren("*"):
        name, text = str(part.tag), _text(part)
        if name == "full-title" and not journal and kind in _ARTICLES:
            gathered.add("dc.relation.ispartof", text)
        elif text != journal:
            gathered.keep("periodical" if name == "full-title" else _plain(name), text)


def _dates(gathered: Gathered, element: XmlElement, kind: str) -> None:
    """Add the date of issue: the year, with month and day where the date says them."""
    year = _text(element.find("year"))
    dates = [_text(date) for date in element.iterfind("pub-dates/date")]
    issued = year
    for date in dates:
        whole = date if year and year in date else f"{year} {date}".strip()
        day_first = re.fullmatch(r"(?:(\d{4}) )?(\d{1,2}) ([A-Za-z]{3,9})\.?(?: (\d{4}))?", whole)
        if day_first:
            whole = f"{day_first[1] or day_first[4] or year} {day_first[3]} {day_first[2]}"
        precise = medline_date(re.sub(r"[.,](?=\s|$)", "", whole))
        if year and precise.startswith(f"{year}-") and issued == year:
            issued = precise
        else:
            gathered.keep("pubdate", date)
    gathered.add("dc.date.issued", issued)
    for part in element.iterchildren("*"):
        if part.tag not in ("year", "pub-dates"):
            gathered.keep(_plain(str(part.tag)), _text(part))


def _keywords(gathered: Gathered, element: XmlElement, kind: str) -> None:
    for keyword in element.iterchildren("*"):
        for word in re.split(r"[;\r\n]", "".join(keyword.itertext())):
            gathered.add("dc.subject", collapse(word).lstrip("*"))


def _urls(gathered: Gathered, element: XmlElement, kind: str) -> None:
    """Add the addresses of the work; those of files on somebody's own computer are left out."""
    for group in element.iterchildren("*"):
        for url in group.iter("url"):
            text, name = _text(url), str(group.tag)
            if text.lower().startswith(("internal-pdf:", "file:")):
                gathered.leave_out(f"{name}/url", _ON_A_COMPUTER)
            elif name in ("related-urls", "web-urls", "url"):
                gathered.add("dc.identifier.uri", text)
            else:
                gathered.keep(_plain(name), text)


def _pages(gathered: Gathered, element: XmlElement, kind: str) -> None:
    text = _text(element)
    if kind in _WHOLE and re.fullmatch(r"\d+", text):
        # Of what is whole it is the number of its pages.
        gathered.add("dc.format.extent", f"{text} p.")
    elif re.search(r"\d|^[ivxlcdm]+\b", text, re.IGNORECASE):
        add_pages(gathered, "pages", text)
    else:
        gathered.keep("pages", text)


def _number(gathered: Gathered, element: XmlElement, kind: str) -> None:
    field = {"report": "dc.identifier.govdoc", "patent": "dc.identifier.patentnumber"}.get(kind, "")
    if kind in _ARTICLES:
        field = "dc.identifier.issue"
    if field:
        gathered.add(field, _text(element))
    else:
        gathered.keep("number", _text(element))


def _edition(gathered: Gathered, element: XmlElement, kind: str) -> None:
    """Add the edition; of an article it is the date on which it went online, and kept."""
    if kind in _ARTICLES:
        gathered.keep("edition", _text(element))
    else:
        gathered.add("oaire.citation.edition", _text(element))


def _isbn(gathered: Gathered, element: XmlElement, kind: str) -> None:
    text = _text(element)
    add_numbers(gathered, text, "isbn")
    if any(sign.isalpha() for sign in text.casefold().replace("x", "")) and all(
        value.field != "endnote.isbn" for value in gathered.values
    ):
        # "2049-3630 (Print) 2049-3649 (Linking)": which of them is which.
        gathered.keep("isbn", text)


def _custom_2(gathered: Gathered, element: XmlElement, kind: str) -> None:
    text = _text(element)
    if re.fullmatch(r"PMC\d{3,12}", text):
        gathered.add("dc.identifier.pmcid", text)
    else:
        gathered.keep("custom2", text)


def _accession(gathered: Gathered, element: XmlElement, kind: str) -> None:
    text = _text(element)
    gathered.add("dc.identifier.isi" if text.startswith(("WOS:", "ISI:")) else "endnote.accessionnum", text)


def _identifier(gathered: Gathered, element: XmlElement, kind: str) -> None:
    text = _text(element)
    if _DOI.fullmatch(text):
        gathered.add("dc.identifier.doi", text)
    elif text.startswith(("http://", "https://")):
        gathered.add("dc.identifier.uri", text)
    else:
        gathered.keep("electronicresourcenum", text)


_READERS = {
    "contributors": _contributors,
    "titles": _titles,
    "periodical": _periodical,
    "dates": _dates,
    "keywords": _keywords,
    "urls": _urls,
    "pages": _pages,
    "number": _number,
    "edition": _edition,
    "isbn": _isbn,
    "custom2": _custom_2,
    "electronic-resource-num": _identifier,
    "accession-num": _accession,
}


def _attributes(gathered: Gathered, record: XmlElement) -> None:
    """Keep what attributes say, but for how a text is shown and what names the library."""
    for element in record.iter("*"):
        name = str(element.tag)
        if name in ("ref-type", "database", "source-app") or not element.attrib:
            continue
        for attribute, text in element.attrib.items():
            if (name, attribute) == ("key", "db-id"):
                continue
            if reason := _ATTRIBUTES.get(name):
                gathered.leave_out(f"{name}@{attribute}", reason)
            else:
                gathered.keep(f"{_plain(name)}.{attribute}", text)


def _plain(name: str) -> str:
    return name.replace("-", "")


def _own_text(element: XmlElement) -> str:
    return "" if len(element) and element.find("style") is None else _text(element)


def _text(element: XmlElement | None) -> str:
    return "" if element is None else collapse("".join(map(str, element.itertext())))
