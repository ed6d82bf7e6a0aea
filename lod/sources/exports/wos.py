"""Web of Science: its tagged text, and its tables whose headers are the same tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from lod.record import Record
from lod.settings.table import Settings
from lod.sources.exports.tagged_lines import TaggedReference, stray_remark, tagged_references
from lod.sources.pubmed.dates import medline_date
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, wide_encoding
from lod.sources.reading.text_lines import encoding_fault, numbered_lines

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?", re.DOTALL)
_START = re.compile(r"\s*(?:FN [^\n]*\n\s*VR [\d.]+\s|PT [A-Z]\s)")
_HEADER = re.compile(r"PT\t(?:[A-Z][A-Z0-9]\t){4,200}")
_ORCID = re.compile(r"([^;/]{1,200})/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_GRANT = re.compile(r"([^\[\];]*+)(?:\[([^\[\]]*+)\])?")
_SEASONS = {"SPR": "Spring", "SUM": "Summer", "FAL": "Fall", "AUT": "Autumn", "WIN": "Winter"}
_COUNT = "a count without a date"
_TECHNICAL = "how Web of Science keeps the record, no description of the work"

TYPES = {
    "article": "journal article",
    "proceedings paper": "conference paper",
    "review": "review article",
    "letter": "letter to the editor",
    "editorial material": "editorial",
    "meeting abstract": "conference abstract",
    "correction": "corrigendum",
    "poetry": "poem",
    "news item": "magazine article",
    "note": "journal article",
}
"""Document types that the map of types has under another name. Source: Web of Science Core Collection Help, "Document types"."""

_KINDS = {"P": "patent", "B": "book", "S": "book", "J": "journal article"}
"""What the kind of a publication says where no document type is given."""

_PEOPLE = {
    "GP": "dc.contributor.author",
    "CA": "dc.contributor.author",
    "BE": "dc.contributor.editor",
    "ED": "dc.contributor.editor",
}
_FIELDS: Mapping[str, str] = {
    "TI": "dc.title",
    "FT": "dc.title.alternative",
    "SE": "dc.relation.ispartofseries",
    "LA": "dc.language",
    "CT": "dc.relation.conference",
    "CY": "oaire.citation.conferenceDate",
    "CL": "oaire.citation.conferencePlace",
    "AB": "dc.description.abstract",
    "FX": "dc.description.sponsorship",
    "PU": "dc.publisher",
    "PI": "dc.publisher.place",
    "EI": "dc.identifier.eissn",
    "SN": "dc.identifier.issn",
    "VL": "dc.identifier.volume",
    "IS": "dc.identifier.issue",
    "BP": "dc.identifier.spage",
    "EP": "dc.identifier.epage",
    "AR": "dc.identifier.articlenumber",
    "DI": "dc.identifier.doi",
    "D2": "dc.relation.doi",
    "UT": "dc.identifier.isi",
    "PM": "dc.identifier.pmid",
}
"""Tags whose text is the value; tags without a row are kept under the schema `wos`. Source: "Web of Science Core Collection
Field Tags" (2024)."""

IGNORED = {
    **dict.fromkeys(("NR", "TC", "Z1", "Z2", "Z3", "Z8", "Z9", "ZB", "ZR", "ZS", "ZA", "U1", "U2"), _COUNT),
    **dict.fromkeys(("GA", "FN", "VR", "HC", "HP"), _TECHNICAL),
    "AU beside AF": "the same names, abbreviated",
    "DA": "the date the record was written out",
}
_LISTS = frozenset({"AU", "AF", "BA", "BF", "BE", "ED", "GP", "CA", "CR", "AE"})
"""Tags with one name or one reference a line; the lines of all others are one text."""


def detect_wos(head: bytes, path: Path) -> bool:
    """Return whether a file is of Web of Science: FN and VR first, a record that begins with PT, or a header of tags."""
    del path
    text = head_text(head)
    return _START.match(text) is not None or _HEADER.match(text) is not None


def read_wos(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each one, from PT to ER, or for each row below a header of tags.

    Raises:
        SourceError: a record is larger than 64 MiB, or the file cannot be read.
    """
    del settings
    ignored = Ignored(file, IGNORED)
    head = file.head()
    if wide := wide_encoding(head):
        # "Tab-delimited (Win)" is UTF-16.
        file = replace(file, encoding=wide)
    if _HEADER.match(head_text(head)):
        yield from _read_rows(file, ignored)
        return

    def read_one(reference: TaggedReference) -> Iterator[Item]:
        where = f"line {reference.line}"
        if reference.fault:
            yield file.unreadable("wos-encoding", where, reference.fault)
            return
        tags = {tag: reference.lines(tag) for tag, _ in reference.tags}
        if tags.keys() <= {"FN", "VR"}:
            ignored.count("FN")
            return
        yield _item(file, where, tags, ignored)

    stray: list[int] = []
    references = tagged_references(
        file, _TAG, lambda tag, _: tag in ("PT", "FN"), stray, ending=frozenset({"ER", "EF"})
    )
    yield from records_of(file, references, read_one, lambda reference: f"line {reference.line}")
    yield from stray_remark(file, "wos-text", stray)
    yield from ignored.remark()


def _item(file: SourceFile, where: str, tags: dict[str, list[str]], ignored: Ignored) -> Item:
    gathered = wos_values(tags)
    ignored.take(gathered.left_out)
    if gathered.values:
        return Record(file.source, file.place(where), tuple(gathered.values))
    return file.unreadable("no-metadata", where, "the record has no values; fill it in or delete it")


def _read_rows(file: SourceFile, ignored: Ignored) -> Iterator[Item]:
    """Yield a record a row of a tab-delimited export, which puts nothing in quotation marks and ends its rows with a tab."""
    lines = numbered_lines(file, "look for the line break that ends the row")
    header = [tag.strip("\ufeff ") for tag in next(lines)[1].rstrip().split("\t")]

    def read_one(line: tuple[int, str]) -> Iterator[Item]:
        number, text = line
        cells = text.split("\t")
        if not text.strip() or cells[: len(header)] == header:
            return
        where = f"line {number}"
        if fault := encoding_fault("the row", number, text):
            yield file.unreadable("wos-encoding", where, fault)
            return
        if any(map(str.strip, cells[len(header) :])):
            message = f"the row has {len(cells)} cells, the header {len(header)}; a cell holds a tab. Export it again"
            yield file.unreadable("csv-row-width", where, message, value=cells[len(header)])
            return
        tags = {
            tag: [part.strip() for part in cell.split("; ")] if tag in _LISTS else [cell.strip()]
            for tag, cell in zip(header, cells, strict=False)
            if tag and cell.strip()
        }
        yield _item(file, where, tags, ignored)

    yield from records_of(file, lines, read_one, lambda line: f"line {line[0]}")
    yield from ignored.remark()


def wos_values(tags: Mapping[str, list[str]]) -> Gathered:
    """Return the values of a record, given as the lines of each tag."""
    gathered = Gathered("wos", {})
    texts = {tag: lines if tag in _LISTS else [" ".join(lines)] for tag, lines in tags.items()}
    kind = " ".join(texts.get("PT", ())).strip()
    part = kind in ("B", "S") and texts.get("TI") != texts.get("SO")
    _types(gathered, texts, kind, part)
    orcids = {_compared(name): orcid for text in texts.get("OI", ()) for name, orcid in _ORCID.findall(text)}
    used: set[str] = set()
    for tag, values in texts.items():
        if tag in IGNORED:
            gathered.leave_out(tag)
        elif tag in ("AU", "AF", "BA", "BF"):
            _authors(gathered, texts, tag, orcids, used)
        elif tag not in ("PT", "DT", "PD", "PY"):
            for value in values:
                _take(gathered, tag, value, kind, part)
    _dates(gathered, texts)
    gathered.keep("oi", [f"{name}/{orcid}" for name, orcid in orcids.items() if name not in used])
    return gathered


def _types(gathered: Gathered, texts: Mapping[str, list[str]], kind: str, part: bool) -> None:
    names = [name.strip() for text in texts.get("DT", ()) for name in text.split(";") if name.strip()]
    for name in names:
        if name.casefold() in ("early access", "retracted publication", "data paper", "book"):
            gathered.keep("dt", name)
        if name.casefold() not in ("early access", "retracted publication"):
            gathered.add("dc.type", "book chapter" if part and name == "Article" else TYPES.get(name.casefold(), name))
    if not names:
        gathered.add("dc.type", "book chapter" if part else _KINDS.get(kind, ""))
    gathered.keep("pt", kind)


def _authors(
    gathered: Gathered, texts: Mapping[str, list[str]], tag: str, orcids: Mapping[str, str], used: set[str]
) -> None:
    """Add the names in full, with the ORCID iD that is given for the name; the short ones only where no full ones are.

    The authors of a book are kept beside those of its part.
    """
    full = {"AU": "AF", "BA": "BF"}.get(tag, "")
    if full and len(texts.get(full, ())) == len(texts[tag]):
        gathered.leave_out("AU beside AF")
        return
    if tag in ("BA", "BF") and ("AU" in texts or "AF" in texts):
        gathered.keep(tag.lower(), texts[tag])
        return
    if (
        tag in ("AF", "BF")
        and {"AF": "AU", "BF": "BA"}[tag] in texts
        and len(texts[tag]) != len(texts[{"AF": "AU", "BF": "BA"}[tag]])
    ):
        gathered.keep(tag.lower(), texts[tag])
        return
    for name in texts[tag]:
        plain = name.strip(" ;")
        orcid = orcids.get(_compared(plain))
        used.add(_compared(plain) if orcid else "")
        gathered.person("dc.contributor.author", plain, authority=orcid)


def _compared(name: str) -> str:
    return " ".join(name.split()).casefold().strip(" ;")


def _dates(gathered: Gathered, texts: Mapping[str, list[str]]) -> None:
    """Add the date of issue: year and month, an interval or a season; "JUN 28 2011" has its year itself."""
    year, month = (" ".join(texts.get(tag, ())).strip() for tag in ("PY", "PD"))
    words = [_SEASONS.get(word.upper(), word) for word in month.removesuffix(year).split()]
    date = medline_date(" ".join(filter(None, (year, *words)))) if year else month
    if date[:4].isdecimal() and " " not in date:
        gathered.add("dc.date.issued", date)
    else:
        gathered.add("dc.date.issued", year or month)
        gathered.keep("pd", month if year else "")


def _take(gathered: Gathered, tag: str, text: str, kind: str, part: bool) -> None:
    if tag in _PEOPLE:
        for name in text.split(";"):
            gathered.person(_PEOPLE[tag], name.strip())
    elif tag == "SO":
        if kind not in ("B", "S") or part:
            gathered.add("dc.relation.ispartof", text)
    elif tag == "BN":
        for number in re.split(r"[;\s]+", text):
            gathered.add("dc.relation.isbn" if part else "dc.identifier.isbn", number)
    elif tag == "DE":
        for word in text.split("; "):
            gathered.add("dc.subject", word.strip(" ;"))
    elif tag == "CR":
        gathered.add("dc.relation.references", text)
    elif tag == "FU":
        _funders(gathered, text)
    elif tag == "PN" and kind == "P":
        gathered.add("dc.identifier.patentnumber", text)
    elif tag == "OI":
        pass
    elif tag in _FIELDS:
        gathered.add(_FIELDS[tag], text)
    else:
        gathered.keep(tag.lower(), text)


def _funders(gathered: Gathered, text: str) -> None:
    """Add funder and award number in pairs, first those that have both: "Fund [A1, A2]; Foundation"."""
    grants = [
        (funder.strip(" ;"), numbers.split(",")) for funder, numbers in _GRANT.findall(text) if funder.strip(" ;")
    ]
    for funder, numbers in sorted(grants, key=lambda grant: not any(grant[1])):
        for number in numbers:
            gathered.add("dc.relation.funding", funder)
            gathered.add("dc.relation.grantno", number.strip())
