"""RIS files of reference managers and databases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stdnum import issn as stdnum_issn

from lod.long_texts import collapse
from lod.record import Record
from lod.settings.table import Settings
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text
from lod.sources.reading.text_lines import check_size, encoding_fault, numbered_lines

_REMEDY = "look for a line 'ER  - ' that is missing"

_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)", re.DOTALL)
_SURE = re.compile(r"^(?:TY  ?-|(?:AU|A1|TI|T1)  - ?\S)", re.MULTILINE)
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2})?(?:[/-](\d{1,2})?(?:/.*)?)?)?")
_ISXN = re.compile(r"[\dXx][\dXx -]{6,20}[\dXx]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

TYPES = {
    "ADVS": "audiovisual", "BLOG": "blog post", "BOOK": "book", "CASE": "court document",
    "CHAP": "book chapter", "CHART": "image", "COMP": "software", "CONF": "conference proceedings",
    "CPAPER": "conference paper", "DATA": "dataset", "DICT": "dictionary entry", "EBOOK": "book",
    "ECHAP": "book chapter", "EDBOOK": "book", "EJOUR": "journal article", "ENCYC": "encyclopedia entry",
    "FIGURE": "image", "GEN": "other", "GOVDOC": "report", "INPR": "journal article", "JFULL": "journal",
    "JOUR": "journal article", "MANSCPT": "manuscript", "MAP": "map", "MGZN": "magazine article",
    "MPCT": "moving image", "MUSIC": "musical score", "NEWS": "newspaper article", "PAMP": "book", "PAT": "patent",
    "RPRT": "report", "SER": "periodical", "SLIDE": "presentation", "SOUND": "sound", "STAND": "standard",
    "THES": "thesis", "UNPB": "manuscript", "VIDEO": "moving image", "WEB": "website", "ELEC": "website",
}  # fmt: skip
"""Reference types and what the map of types calls them; others are kept verbatim. Source: RIS specification of 2011."""

_WORKS: Mapping[str, Mapping[str, str]] = {
    "journal article": {
        "conference paper": "conference paper",
        "proceedings paper": "conference paper",
        "correction": "corrigendum",
        "corrigendum": "corrigendum",
        "erratum": "corrigendum",
        "data paper": "data paper",
        "book review": "book review",
        "editorial": "editorial",
        "editorial material": "editorial",
        "letter": "letter to the editor",
        "letter to the editor": "letter to the editor",
        "review": "review article",
        "review article": "review article",
    },
    "report": {
        "policy brief": "policy brief",
        "research report": "research report",
        "technical report": "technical report",
        "working paper": "working paper",
    },
}
"""What a type of work (M3) says more exactly of a reference type. Source: exports of Scopus, Web of Science and Ovid, read 2026-11."""

_THESES = (
    ("doctoral thesis", re.compile(r"\bph\.? ?d\b|\bdoctor|\bdoktor|\bdocteur|\bdr\. ", re.IGNORECASE)),
    (
        "master thesis",
        re.compile(r"\bmaster|\bm\.? ?(?:sc|a|phil|eng)\b|\bmagist|\bmaîtrise|\bmaestr|\bmestr", re.IGNORECASE),
    ),
    ("bachelor thesis", re.compile(r"\bbachelor|\bb\.? ?(?:sc|a|eng)\b|\bbakala", re.IGNORECASE)),
)
_DOI = re.compile(r"(?:(?:https?://(?:dx\.)?doi\.org/|doi:?\s{0,3})(?=10\.))?(10\.\d{4,9}/\S{1,300})", re.IGNORECASE)

_BOOKS = frozenset({"BOOK", "EBOOK", "EDBOOK", "CONF", "THES", "RPRT", "GOVDOC", "MAP", "PAMP"})
_CONTAINERS = ("T2", "JF", "JO", "BT", "JA", "J2", "JI", "J9")
_TITLES = ("TI", "T1", "CT", "BT")

_FIELDS: Mapping[str, str] = {
    "AU": "dc.contributor.author",
    "A1": "dc.contributor.author",
    "ED": "dc.contributor.editor",
    "AB": "dc.description.abstract",
    "N2": "dc.description.abstract",
    "TT": "dc.title.alternative",
    "ST": "dc.title.alternative",
    "VL": "dc.identifier.volume",
    "IS": "dc.identifier.issue",
    "CP": "dc.identifier.issue",
    "C7": "dc.identifier.articlenumber",
    "UR": "dc.identifier.uri",
    "PB": "dc.publisher",
    "PU": "dc.publisher",
    "CY": "dc.publisher.place",
    "PP": "dc.publisher.place",
    "PI": "dc.publisher.place",
    "LA": "dc.language",
    "ET": "oaire.citation.edition",
}
"""Tags with one meaning in every type; tags without a row are kept verbatim."""


@dataclass
class _Reference:
    """The lines of one reference, tag and text, and what is wrong with them."""

    line: int
    pairs: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""

    def texts(self, *tags: str) -> list[str]:
        return [text.strip() for tag, text in self.pairs if tag in tags and text.strip()]


def detect_ris(head: bytes, path: Path) -> bool:
    """Return whether a file has a line such as `TY  - JOUR`, or an author or title tag of RIS."""
    del path
    return _SURE.search(head_text(head).replace("\r", "\n")) is not None


def read_ris(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each reference, from TY to ER; where either is missing, the next TY or ER ends it.

    Tags that stand right before TY belong to it. A line without a tag continues the one before. Text outside of references is named in a remark.

    Raises:
        SourceError: a reference is larger than 64 MiB, or the file cannot be read.
    """
    del settings
    stray: list[int] = []
    ignored = Ignored(file, {})

    def read_one(reference: _Reference) -> Iterator[Item]:
        where = f"line {reference.line}"
        if reference.fault:
            yield file.unreadable("ris-encoding", where, reference.fault)
        elif not reference.texts("TY", *_TITLES, "AU", "A1", "DO"):
            stray.append(reference.line)
        else:
            gathered = _gathered(reference)
            ignored.take(gathered.left_out)
            yield Record(file.source, file.place(where), tuple(gathered.values))

    yield from records_of(file, _references(file, stray), read_one, lambda reference: f"line {reference.line}")
    yield from ignored.remark()
    if stray:
        count = len(stray)
        yield file.remark(
            "ris-text", f"text outside of references was left out: {count} lines or tags, the first in line {stray[0]}"
        )


def _references(file: SourceFile, stray: list[int]) -> Iterator[_Reference]:
    current: _Reference | None = None
    before: _Reference | None = None
    more: list[str] = []
    characters = 0
    is_apart = False
    for number, line in numbered_lines(file, _REMEDY):
        characters += len(line)
        check_size(file, current.line if current else number, characters, _REMEDY)
        match = _TAG.fullmatch(line)
        if match is None:
            is_apart = True
            if current is not None and current.pairs:
                more += filter(None, [line.strip()])
            elif line.strip(" \x1a\ufeff") and not re.fullmatch(r"\d+\.?", line.strip()):
                stray.append(number)
            continue
        tag, text = match[1], match[2]
        _continue(current, more)
        if current is not None and tag in ("ER", "TY"):
            if tag == "TY" and before is None and not is_apart and current.pairs[0][0] != "TY":
                before = current
            else:
                yield from _joined(before, current)
                before = None
            current = None
        is_apart = False
        if current is None:
            characters = len(line)
        if tag != "ER":
            current = current or _Reference(number)
            current.pairs.append((tag, text.strip()))
            current.fault = current.fault or encoding_fault(tag, number, text)
    _continue(current, more)
    if current is not None:
        yield from _joined(before, current)


def _joined(before: _Reference | None, reference: _Reference) -> Iterator[_Reference]:
    """Yield a reference with the tags that stand before its TY, or both where those are another one without TY and ER."""
    if before is None:
        yield reference
    elif any(before.texts(*tags) and reference.texts(*tags) for tags in (_TITLES, ("DO",))):
        # Most tags may come again in one reference, but not its title or its DOI.
        yield from (before, reference)
    else:
        yield _Reference(before.line, [*before.pairs, *reference.pairs], before.fault or reference.fault)


def _continue(current: _Reference | None, more: list[str]) -> None:
    """Add the lines without a tag to the text before them."""
    if current is not None and more:
        tag, text = current.pairs[-1]
        current.pairs[-1] = (tag, "\n".join([text, *more]))
    more.clear()


def _gathered(reference: _Reference) -> Gathered:
    gathered = Gathered("ris", {})
    kind = next(iter(reference.texts("TY")), "")
    done: set[str] = {"TY"}
    general = TYPES.get(kind, "")
    exact = next(filter(None, (type_of_work(general, text) for text in reference.texts("M3"))), "")
    if general and exact in ("", "conference paper"):
        # A paper given at a conference may have appeared in a journal.
        gathered.add("dc.type", general)
    gathered.add("dc.type", exact)
    if kind not in TYPES:
        gathered.keep("ty", kind)
    else:
        gathered.leave_out("TY", "the type says it")
    _titles(gathered, reference, kind, done)
    _dates(gathered, reference, done)
    has_doi = bool(reference.texts("DO"))
    for tag, text in reference.pairs:
        if tag == "M3" and text.strip():
            _work(gathered, text.strip(), has_doi=has_doi)
        elif tag not in done and text.strip():
            _take(gathered, kind, tag, text)
    return gathered


def _titles(gathered: Gathered, reference: _Reference, kind: str, done: set[str]) -> None:
    """Add the title, then the journal, the book or the series: which tag has which depends on the type."""
    title_tag = next((tag for tag in _TITLES if reference.texts(tag)), "TI")
    done.add(title_tag)
    for text in reference.texts(title_tag)[:1]:
        gathered.add("dc.title", collapse(text))
    for text in reference.texts(title_tag)[1:]:
        gathered.add("dc.title.alternative", collapse(text))
    whole = "dc.relation.ispartofseries" if kind in _BOOKS else "dc.relation.ispartof"
    titles = [(tag, collapse(text)) for tag in _CONTAINERS if tag not in done for text in reference.texts(tag)]
    done.update(_CONTAINERS)
    for _, text in titles[:1]:
        gathered.add(whole, text)
    for tag, text in titles[1:]:
        if text != titles[0][1]:
            gathered.keep(tag.lower(), text)
    for text in reference.texts("T3"):
        gathered.add("dc.relation.ispartofseries", collapse(text))
    done.add("T3")


def _dates(gathered: Gathered, reference: _Reference, done: set[str]) -> None:
    """Add one date of issue: the most precise of DA, PY and Y1 that agree on the year; others are kept verbatim."""
    texts = reference.texts("PY", "Y1", "DA")
    done.update(("PY", "Y1", "DA"))
    dates = [date for text in texts if (date := _date(text))]
    issued = max(dates, key=len, default="")
    month = next((text for text in texts if text[:3].lower() in _MONTHS), "")
    if len(issued) == 4 and month:
        day = re.fullmatch(r"[A-Za-z]{3,9}\.? (\d{1,2})", month)
        issued += f"-{_MONTHS.index(month[:3].lower()) + 1:02}"
        issued += f"-{int(day[1]):02}" if day else ""
    stated = issued or next(iter(texts), "")
    gathered.add("dc.date.issued", stated)
    for text in texts:
        told = text in (stated, month) or (issued.startswith(_date(text) or "?") and not re.search(r"[^\d/\s-]", text))
        if not told:
            gathered.keep("date", text)


def _date(text: str) -> str:
    match = _DATE.fullmatch(text.strip(" /"))
    if match is None:
        return ""
    return "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:] if part)])


def _take(gathered: Gathered, kind: str, tag: str, text: str) -> None:
    if tag in ("AU", "A1", "ED") or (tag == "A2" and _names(text)):
        gathered.add(_FIELDS.get(tag, "dc.contributor.editor"), re.sub(r",(?=\S)", ", ", collapse(text)).strip(" ,"))
    elif tag == "KW":
        for word in re.split(r"[;\n]", text):
            # "*" is how Ovid marks a major subject.
            gathered.add("dc.subject", word.strip().lstrip("*"))
            gathered.keep("majorkeyword", word.strip().lstrip("*") if word.strip().startswith("*") else "")
    elif tag == "SN":
        add_numbers(gathered, text, "sn")
    elif tag == "DO":
        doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text, flags=re.IGNORECASE)
        gathered.add_once("dc.identifier.doi", doi)
    elif tag in ("SP", "EP"):
        _pages(gathered, tag, text)
    elif tag == "AN" and re.match(r"(?:WOS|ISI):", text):
        gathered.add("dc.identifier.isi", text)
    elif tag == "UR":
        for address in text.split("\n"):
            gathered.add("dc.identifier.uri", address.strip())
    elif tag in _FIELDS:
        gathered.add(_FIELDS[tag], text)
    else:
        gathered.keep(tag.lower(), text)


def type_of_work(general: str, text: str) -> str:
    """Return what a type of work says more exactly than the reference type, as the map of types calls both; "" where it does not."""
    if general == "thesis" and len(text) <= _LONGEST_TYPE:
        return next((name for name, words in _THESES if words.search(text)), "")
    return _WORKS.get(general, {}).get(collapse(text).casefold(), "")


_LONGEST_TYPE = 80


def _work(gathered: Gathered, text: str, *, has_doi: bool) -> None:
    """Add the DOI that some publishers put in the place of the type of work, where no tag gives one; a type is kept as it was written."""
    match = _DOI.fullmatch(text)
    if match and not has_doi:
        gathered.add_once("dc.identifier.doi", match[1])
    else:
        gathered.keep("m3", text)


def _names(text: str) -> bool:
    """Return whether a text is one name: Ovid puts the authors of all cited works into A2."""
    return text.count(",") <= 2 and "\n" not in text


def add_numbers(gathered: Gathered, text: str, name: str) -> None:
    """Add the ISSNs and ISBNs in a text, told by their length; anything else is kept under the name."""
    found = [part for written in _ISXN.findall(text) for part in _issns_in(re.sub(r"[\s-]", "", written))]
    for number in found:
        field_ = {8: "dc.identifier.issn", 10: "dc.identifier.isbn", 13: "dc.identifier.isbn"}.get(len(number))
        if field_:
            gathered.add(field_, f"{number[:4]}-{number[4:]}" if len(number) == 8 else number)
        else:
            gathered.keep(name, number)
    if not found:
        gathered.keep(name, text)


def _issns_in(number: str) -> list[str]:
    """Return the two ISSNs that stand in a row without a sign between them, each with its check digit; else the number."""
    halves = [number[:8], number[8:]]
    return halves if len(number) == 16 and all(map(stdnum_issn.is_valid, halves)) else [number]


def _pages(gathered: Gathered, tag: str, text: str) -> None:
    # Ovid writes "No Specified" as first and last page.
    if text in ("No", "Specified") or not re.search(r"[\dIVXLCDMivxlcdm]", text):
        gathered.keep(tag.lower(), text)
    elif tag == "SP" and (match := re.fullmatch(r"(\S{1,200}?)\s*+(?:--?|–)\s*+(\S{1,200})", text)):
        gathered.add("dc.identifier.spage", match[1])
        gathered.add("dc.identifier.epage", match[2])
    else:
        gathered.add("dc.identifier.spage" if tag == "SP" else "dc.identifier.epage", text)
