"""BibTeX and BibLaTeX files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lod.errors import SourceError
from lod.long_texts import collapse
from lod.numbers import whole_number
from lod.record import Record
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources.citation_files.bibtex_entry import ENTRY, BibtexEntry
from lod.sources.citation_files.tex import plain_text, unescaped
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import AddMember, Gathered, add_pages, leave
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, not_utf8

LARGEST_FILE_BYTES = 64 * 1024 * 1024
"""Largest BibTeX file: it is read whole, since an entry may take fields from another one after it."""

_LOCAL = "paths and marks of somebody's reference manager"

TYPES = {
    "article": "journal article",
    "inbook": "book part",
    "incollection": "book part",
    "suppbook": "book part",
    "bookinbook": "book part",
    "inproceedings": "conference paper",
    "conference": "conference paper",
    "proceedings": "conference proceedings",
    "mvproceedings": "conference proceedings",
    "mvbook": "book",
    "collection": "book",
    "reference": "book",
    "inreference": "reference entry",
    "techreport": "technical report",
    "unpublished": "manuscript",
    "online": "website",
    "electronic": "website",
    "www": "website",
    "phdthesis": "doctoral thesis",
    "mastersthesis": "master thesis",
}
"""Entry types that the map of types has under another name. Source: BibTeX 0.99d; BibLaTeX 3.19, section 2.1."""

_THESES = {"phdthesis": "doctoral thesis", "mathesis": "master thesis", "bathesis": "bachelor thesis"}
_ARTICLES = frozenset({"article", "periodical", "suppperiodical"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_FIELDS = {
    "journal": "dc.relation.ispartof",
    "journaltitle": "dc.relation.ispartof",
    "publisher": "dc.publisher",
    "institution": "dc.publisher",
    "school": "dc.publisher",
    "address": "dc.publisher.place",
    "location": "dc.publisher.place",
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "eid": "dc.identifier.articlenumber",
    "abstract": "dc.description.abstract",
    "note": "dc.description",
    "language": "dc.language",
    "langid": "dc.language",
    "shorttitle": "dc.title.alternative",
    "titleaddon": "dc.title.alternative",
    "origtitle": "dc.title.alternative",
    "edition": "oaire.citation.edition",
    "eventtitle": "dc.relation.conference",
    "venue": "oaire.citation.conferencePlace",
    "eventdate": "oaire.citation.conferenceDate",
    "copyright": "dc.rights",
    "rights": "dc.rights",
}
"""Texts with one meaning in every type of entry."""

_CODES = {
    "doi": "dc.identifier.doi",
    "url": "dc.identifier.uri",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.other",
    "adsbibcode": "dc.identifier.adsbibcode",
}
_READ_TOGETHER = ("subtitle", "month", "day", "crossref", "xdata", "eprinttype", "archiveprefix", "booksubtitle")
_COMMAND = re.compile(r"\\[A-Za-z]{1,40}\s{0,9}\{")
_SERIES_OF_JOURNAL = re.compile(
    r"(?:new|old)series|(?:\d{1,3}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|new|old|n\.)\s?(?:series|ser\.?|s\.)?|series\s\w{1,4}",
    re.IGNORECASE,
)
"""What BibLaTeX has in `series` of an article: the number of the journal's series, not the title of one. Source: BibLaTeX 3.19, section 2.3.7."""
_ENTRY_TYPE = "@"
"""Name of the entry type among the fields of an entry; no field has it."""

_IGNORED = {
    **dict.fromkeys(("file", "local-url", "owner", "timestamp", "date-added", "date-modified", "groups"), _LOCAL),
    **dict.fromkeys(("__markedentry", "mendeley-groups", "mendeley-tags", "readstatus", "priority", "ranking"), _LOCAL),
}


def detect_bibtex(head: bytes, path: Path) -> bool:
    """Return whether a file has an entry such as `@article{`."""
    del path
    return head.lstrip()[:1] not in (b"{", b"[", b"<") and ENTRY.search(head_text(head)) is not None


def read_bibtex(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each entry; TeX accents become characters, mathematics plain text with the TeX kept beside.

    An entry takes what it lacks from the one that `crossref` names. The key of an entry is `bibtex.key`.

    Raises:
        SourceError: the file is not UTF-8, or larger than 64 MiB.
    """
    from lod.sources.citation_files.bibtex_parser import bibtex_entries

    del settings
    ignored = Ignored(file, _IGNORED)
    entries = list(bibtex_entries(_whole(file)))
    by_key = {entry.key.casefold(): entry for entry in reversed(entries)}

    def read_one(entry: BibtexEntry) -> Iterator[Item]:
        where = f"line {entry.line}"
        if entry.fault and not entry.kind:
            message = f"{where}: an '@' here begins no entry that can be read, and was left out ({entry.fault})"
            yield file.remark("bibtex-text", message)
            return
        if entry.fault:
            message = (
                f"the entry {entry.key or entry.kind!r} cannot be read: {entry.fault}; mend it and read the file again"
            )
            yield file.unreadable("bibtex", where, message, value=entry.key)
            return
        values = tuple(_gathered(entry, by_key, ignored).values)
        if len(values) > 2:
            yield from _odd_fields(file, entry)
            yield Record(file.source, file.place(where), values)
        else:
            yield file.unreadable(
                "no-metadata", where, f"the entry {entry.key!r} has no fields; fill it in or delete it"
            )

    yield from records_of(file, entries, read_one, lambda entry: f"line {entry.line}")
    yield from ignored.remark()


def _odd_fields(file: SourceFile, entry: BibtexEntry) -> Iterator[Item]:
    for name, odd in entry.odd.items():
        place = file.place(f"line {odd.line}")
        kept = "left out" if name in _IGNORED else f"kept verbatim as bibtex.{name}"
        message = (
            f"{place}: the field {name} of the entry {entry.key!r} cannot be read, and is {kept}: {odd.why}. Mend it and "
            "read the file again"
        )
        yield Finding("bibtex-field", Severity.INFO, message, place, place, f"bibtex.{name}", odd.text[:80])


def _whole(file: SourceFile) -> str:
    with file.reading() as stream:
        data = stream.read(LARGEST_FILE_BYTES + 1)
    if len(data) > LARGEST_FILE_BYTES:
        raise SourceError(f"{file.source}: larger than {LARGEST_FILE_BYTES} bytes; split the BibTeX file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        why = not_utf8(data[:2], fault.start, data[fault.start])
        raise SourceError(f"{file.source}: {why}; save it as UTF-8 and read it again") from None


def _gathered(entry: BibtexEntry, by_key: Mapping[str, BibtexEntry], ignored: Ignored) -> Gathered:
    fields = _inherited(entry, by_key)
    gathered = Gathered("bibtex", {**fields, _ENTRY_TYPE: entry.kind})
    gathered.add("bibtex.key", entry.key)
    gathered.add("dc.type", _type(entry.kind, fields))
    for name, text in fields.items():
        if name in ignored:
            ignored.count(name)
        elif text.strip():
            _TABLE.get(name, _kept)(gathered, name, text)
    for name, odd in entry.odd.items():
        if name in ignored:
            ignored.count(name)
        else:
            gathered.keep(name, odd.text)
    return gathered


def _inherited(entry: BibtexEntry, by_key: Mapping[str, BibtexEntry]) -> dict[str, str]:
    """Return the fields of an entry with those of the one it refers to; the title of that one is the book's title."""
    parent = by_key.get(entry.fields.get("crossref", "").strip().casefold())
    if parent is None or parent is entry:
        return entry.fields
    taken = {
        name: text for name, text in parent.fields.items() if name not in ("title", "doi", "url", "crossref", "pages")
    }
    if "title" in parent.fields:
        taken["booktitle"] = parent.fields["title"]
    return {**entry.fields, **{name: text for name, text in taken.items() if name not in entry.fields}}


def _type(kind: str, fields: Mapping[str, str]) -> str:
    if kind == "thesis":
        stated = plain_text(fields.get("type", ""))
        return _THESES.get(stated.casefold(), stated or "thesis")
    return TYPES.get(kind, kind)


def _add(gathered: Gathered, field_: str, name: str, text: str) -> None:
    """Add a text without its TeX; where mathematics was put in plain words, the TeX is kept too."""
    gathered.add(field_, plain_text(text))
    if "$" in text.replace("\\$", ""):
        gathered.keep(name, text)


def _kept(gathered: Gathered, name: str, text: str) -> None:
    # Without its braces "\\texttt{set}" would be "\\textttset".
    gathered.keep(name, collapse(text) if _COMMAND.search(text) else unescaped(text))


def _text_to(field_: str) -> AddMember:
    return lambda gathered, name, text: _add(gathered, field_, name, text)


def _code_to(field_: str) -> AddMember:
    return lambda gathered, name, text: gathered.add(field_, unescaped(text))


def _numbers_to(field_: str) -> AddMember:
    """Return what adds ISBNs or ISSNs, several in one text apart."""

    def take(gathered: Gathered, name: str, text: str) -> None:
        for part in re.split(r"(?<![\s,;])[\s,;]++(?=[\dX])", unescaped(text)):
            gathered.add(field_, part)

    return take


def _titles(gathered: Gathered, name: str, text: str) -> None:
    subtitle = gathered.work.get("subtitle" if name == "title" else "booksubtitle", "")
    whole = f"{text.strip()}: {subtitle.strip()}" if subtitle else text
    if name == "title" or "title" not in gathered.work:
        _add(gathered, "dc.title", name, whole)
    elif gathered.work[_ENTRY_TYPE] not in ("proceedings", "book") or (
        # A book on some pages of another one is a part of it, whatever its entry is called.
        gathered.work[_ENTRY_TYPE] == "book" and "pages" in gathered.work and text != gathered.work["title"]
    ):
        _add(gathered, "dc.relation.ispartof", name, whole)
    elif text != gathered.work["title"]:
        gathered.keep(name, text)


def _issued(gathered: Gathered, name: str, text: str) -> None:
    """Add the date of issue. A month or a day that cannot be read is no part of it, and is kept under its name.

    Of `date` and `year` the first counts, unless it holds words ("7-11 August 2016", the days of a conference).
    """
    fields = gathered.work
    if "date" in fields and "year" in fields:
        chosen = "date" if re.match(r"[^\w\s]{0,2}\d{3}[\dXu]", plain_text(fields["date"])) else "year"
        if name != chosen:
            _kept(gathered, name, text)
            return
    date = _date(name, gathered.work)
    gathered.add("dc.date.issued", date)
    for hyphens, part in enumerate(("month", "day") if name == "year" else ()):
        if date.count("-") <= hyphens:
            gathered.keep(part, unescaped(gathered.work.get(part, "")))


def _pages(gathered: Gathered, name: str, text: str) -> None:
    add_pages(gathered, name, plain_text(text))


def _keywords(gathered: Gathered, name: str, text: str) -> None:
    for word in re.split(r"[,;]", plain_text(text)):
        gathered.add("dc.subject", word.strip())


def _extent(gathered: Gathered, name: str, text: str) -> None:
    gathered.add("dc.format.extent", f"{unescaped(text)} pages")


def _series(gathered: Gathered, name: str, text: str) -> None:
    if gathered.work[_ENTRY_TYPE] in _ARTICLES and _SERIES_OF_JOURNAL.fullmatch(plain_text(text)):
        _kept(gathered, name, text)
        return
    number = gathered.work.get("number", "") if gathered.work[_ENTRY_TYPE] not in _ARTICLES else ""
    _add(gathered, "dc.relation.ispartofseries", name, f"{text};{number}" if number else text)


def _eprint(gathered: Gathered, name: str, text: str) -> None:
    scheme = (gathered.work.get("eprinttype") or gathered.work.get("archiveprefix") or "").strip().lower()
    if scheme == "arxiv":
        gathered.add("dc.identifier.arxiv", unescaped(text))
    else:
        gathered.keep(name, f"{scheme}:{unescaped(text)}" if scheme else unescaped(text))


def _degree(gathered: Gathered, name: str, text: str) -> None:
    """Keep the field `type`, but of a thesis, whose type it is."""
    if gathered.work[_ENTRY_TYPE] != "thesis":
        _kept(gathered, name, text)


def _number(gathered: Gathered, name: str, text: str) -> None:
    if gathered.work[_ENTRY_TYPE] in _ARTICLES:
        gathered.add("dc.identifier.issue", plain_text(text))
    elif "series" not in gathered.work:
        gathered.add("dc.identifier.other", plain_text(text))


_COMMENT_LINE = re.compile(r"(?<=\n)[ \t]*(%[^\n]*)")
"""A line of a field that TeX does not read: somebody's remark between two names."""


def _people(gathered: Gathered, name: str, text: str) -> None:
    from pybtex.bibtex.utils import split_name_list
    from pybtex.database import InvalidNameString, Person

    field_ = f"dc.contributor.{name}"
    # BibTeX takes any white space around "and", a line end too; pybtex takes blanks only.
    for comment in _COMMENT_LINE.findall(text):
        gathered.keep(f"{name}.comment", comment)
    for written in split_name_list(collapse(_COMMENT_LINE.sub("", text))):
        whole = plain_text(written)
        if whole.lower() == "others":
            gathered.keep("others", f"{name} and others")
            continue
        try:
            # A name in braces is one of an organisation: "{Barnes and Noble}".
            person = None if re.fullmatch(r"\{.*\}", written.strip(), re.DOTALL) else Person(written)
        except InvalidNameString:
            person = None
        if person is None:
            gathered.person(field_, whole, agent="organisation" if "," in whole or " " in whole else None)
            continue
        if not (person.first_names or person.prelast_names):
            gathered.add(field_, whole)
            continue
        family = " ".join([*person.prelast_names, *person.last_names])
        given = " ".join([*person.first_names, *person.middle_names])
        parts = (family, given, " ".join(person.lineage_names))
        gathered.person(field_, ", ".join(plain_text(part) for part in parts if part), agent="person")


def _date(name: str, fields: Mapping[str, str]) -> str:
    """Return the date of an entry: `date` as it is (EDTF), else year, month and day."""
    text = plain_text(fields[name])
    if name == "date" or not re.fullmatch(r"\d{4}", text):
        return text
    month = plain_text(fields.get("month", "")).strip(" .").lower()
    number = (
        whole_number(month)
        if month.isdecimal()
        else next((i for i, n in enumerate(_MONTHS, 1) if month.startswith(n)), 0)
    )
    day = plain_text(fields.get("day", ""))
    if number is None or not 1 <= number <= 12 or (not month.isdecimal() and not month.isalpha()):
        return text
    return f"{text}-{number:02}-{int(day):02}" if re.fullmatch(r"\d{1,2}", day) else f"{text}-{number:02}"


_TABLE: Mapping[str, AddMember] = {
    **dict.fromkeys(("author", "editor", "translator"), _people),
    **{name: _text_to(field_) for name, field_ in _FIELDS.items()},
    **{name: _code_to(field_) for name, field_ in _CODES.items()},
    **{name: _numbers_to(f"dc.identifier.{name}") for name in ("isbn", "issn")},
    **dict.fromkeys(("title", "booktitle"), _titles),
    **dict.fromkeys(("year", "date"), _issued),
    **dict.fromkeys(("pagetotal", "numpages"), _extent),
    **dict.fromkeys(_READ_TOGETHER, leave),
    "pages": _pages,
    "keywords": _keywords,
    "series": _series,
    "number": _number,
    "eprint": _eprint,
    "type": _degree,
}
"""What each field adds; a field without a row is kept under its own name."""
