"""CSV tables of works with a header of their own: OpenCitations Meta, and PubMed lists with MeSH headings."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lod.errors import SourceError
from lod.record import Record
from lod.settings.table import Settings
from lod.sources.parsing.csv_rows import CsvRow, read_rows, where_of
from lod.sources.parsing.encodings import detect_encoding
from lod.sources.parsing.row_faults import UnreadableRowError, check_row, mended_row
from lod.sources.reading.members import Gathered, add_pages
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text

Cells = dict[str, str]

META_HEADER = ("id", "title", "author", "pub_date", "venue", "volume", "issue", "page", "type", "publisher", "editor")
_PUBMED_HEADER = ("pubmedid", "title", "keywords", "authors", "abstracts")
_BRACKETS = re.compile(r"(?<!\s)\s*+\[(?P<ids>[^\[\]:]*+:[^\[\]]*+)\]\s*+$")
_UNPADDED = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ID_FIELDS = {
    "doi": "dc.identifier.doi",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.other",
    "isbn": "dc.identifier.isbn",
    "issn": "dc.identifier.issn",
    "url": "dc.identifier.uri",
    "arxiv": "dc.identifier.arxiv",
    "openalex": "dc.identifier.openalex",
}
_SERIALS = frozenset({"journal", "journal issue", "journal volume", "book series", "series"})


def detect_opencitations(head: bytes, path: Path) -> bool:
    """Return whether a file is a table of OpenCitations Meta."""
    del path
    return set(META_HEADER) <= set(_header(head))


def detect_pubmed_csv(head: bytes, path: Path) -> bool:
    """Return whether a file is a table of PubMed articles: pubmedID, title, keywords, authors, abstracts."""
    del path
    return set(_PUBMED_HEADER) <= set(_header(head))


def _header(head: bytes) -> list[str]:
    line = next((line for line in head_text(head).splitlines() if line.strip()), "")
    try:
        return [cell.strip().lower() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def read_opencitations(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each row. Ids are in brackets after a name, several in one cell with spaces between.

    Raises:
        SourceError: the file is in no known encoding.
    """
    del settings
    yield from _read(file, "opencitations", _take_meta)


def read_pubmed_csv(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each row; "NA" is no value, keywords are MeSH headings, ";" separates.

    Raises:
        SourceError: the file is in no known encoding.
    """
    del settings
    yield from _read(file, "pubmed", _take_pubmed)


def _read(file: SourceFile, schema: str, take: Callable[[Gathered, Cells], None]) -> Iterator[Item]:
    encoding = detect_encoding(file)
    if encoding.remark:
        yield file.remark("csv-encoding", encoding.remark)
    with file.reading() as stream:
        rows = read_rows(file, stream, encoding)
        first, header = next(rows, (1, []))
        yield from mended_row(file, where_of((first, header)), header)
        names = [name.strip().lower() for name in header]
        if len(set(names)) < len(names):
            raise SourceError(f"{file.source}: the header names a column twice: {', '.join(header)}")
        yield from records_of(file, rows, lambda row: _items(file, schema, names, row, take), where_of)


def _items(
    file: SourceFile,
    schema: str,
    names: Sequence[str],
    row: CsvRow,
    take: Callable[[Gathered, Cells], None],
) -> Iterator[Item]:
    where, cells = where_of(row), row[1]
    yield from mended_row(file, where, cells)
    try:
        check_row(cells, names)
    except UnreadableRowError as fault:
        yield file.unreadable(fault.rule, where, str(fault), field=fault.field, value=fault.value)
        return
    gathered = Gathered(schema, {})
    take(gathered, {name: cell.strip() for name, cell in zip(names, cells, strict=False)})
    if gathered.values:
        yield Record(file.source, file.place(where), tuple(gathered.values))
    else:
        yield file.unreadable("no-metadata", where, "the row has no values; fill it in or delete it")


def _take_meta(gathered: Gathered, cells: Cells) -> None:
    kind = cells.pop("type", "")
    for scheme, value in _ids(cells.pop("id", "")):
        # The ISSN of an item that is a serial itself, else an identifier like any other.
        field = _ID_FIELDS.get(scheme)
        if field and (scheme != "issn" or kind in _SERIALS):
            gathered.add(field, value)
        else:
            gathered.keep("id", f"{scheme}:{value}")
    gathered.add("dc.title", cells.pop("title", ""))
    _people(gathered, "dc.contributor.author", cells.pop("author", ""))
    _people(gathered, "dc.contributor.editor", cells.pop("editor", ""))
    gathered.add("dc.date.issued", _padded(cells.pop("pub_date", "")))
    venue, ids = _name_and_ids(cells.pop("venue", ""))
    gathered.add("dc.relation.ispartof", venue)
    for scheme, value in ids:
        if scheme in ("issn", "isbn"):
            gathered.add(f"dc.identifier.{scheme}" if scheme == "issn" else "dc.relation.isbn", value)
        elif scheme == "doi":
            gathered.add("dc.relation.doi", value)
        else:
            gathered.keep("venue", f"{scheme}:{value}")
    gathered.add("dc.identifier.volume", cells.pop("volume", ""))
    gathered.add("dc.identifier.issue", cells.pop("issue", ""))
    add_pages(gathered, "page", cells.pop("page", ""))
    gathered.add("dc.type", "preprint" if kind == "posted content" else kind)
    publisher, ids = _name_and_ids(cells.pop("publisher", ""))
    gathered.add("dc.publisher", publisher)
    gathered.keep("publisher", [f"{scheme}:{value}" for scheme, value in ids])
    _keep_others(gathered, cells)


def _take_pubmed(gathered: Gathered, cells: Cells) -> None:
    cells = {name: "" if cell == "NA" else cell for name, cell in cells.items()}
    gathered.add("dc.identifier.pmid", cells.pop("pubmedid", ""))
    gathered.add("dc.title", cells.pop("title", ""))
    for heading in cells.pop("keywords", "").split(";"):
        gathered.add("dc.subject.mesh", heading.strip(), language="en")
    for name in cells.pop("authors", "").split(";"):
        gathered.add("dc.contributor.author", name.strip())
    gathered.add("dc.description.abstract", cells.pop("abstracts", ""))
    # PubMed lists of this form hold articles of journals only.
    gathered.add("dc.type", "journal article")
    _keep_others(gathered, cells)


def _keep_others(gathered: Gathered, cells: Cells) -> None:
    for name, cell in cells.items():
        gathered.keep(re.sub(r"\W+", "-", name) or "column", cell)


def _people(gathered: Gathered, field: str, cell: str) -> None:
    # The identifiers in the brackets after one name are a line at most.
    for part in re.split(r";\s*+(?![^\[\]]{0,1000}\])", cell):
        name, ids = _name_and_ids(part)
        orcid = next((value for scheme, value in ids if scheme == "orcid"), None)
        gathered.person(field, name.strip(" ,"), authority=orcid)
        gathered.keep(
            "person", [f"{name}: {scheme}:{value}" for scheme, value in ids if scheme != "orcid" or value != orcid]
        )


def _name_and_ids(text: str) -> tuple[str, list[tuple[str, str]]]:
    match = _BRACKETS.search(text)
    return (text[: match.start()].strip(), _ids(match["ids"])) if match else (text.strip(), [])


def _ids(text: str) -> list[tuple[str, str]]:
    pairs = [part.partition(":") for part in text.split()]
    return [(scheme.lower(), value) if colon else ("", scheme) for scheme, colon, value in pairs]


def _padded(text: str) -> str:
    """Return "2022-11-03" for "2022-11-3"; any other text as it is."""
    match = _UNPADDED.fullmatch(text)
    if match is None:
        return text
    return "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:] if part)])
