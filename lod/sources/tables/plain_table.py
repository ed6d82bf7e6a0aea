"""Plain tables with a header of any words: each column becomes what a table of columns says of it (docs/adr/0045)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from lod.errors import SourceError
from lod.record import Record, Value
from lod.settings.table import Settings
from lod.sources.dspace.csv_cells import list_texts
from lod.sources.parsing.row_faults import UnreadableRowError, check_row, mended_row, shown
from lod.sources.reading.column_tables import (
    KEY_FIELD,
    ColumnRow,
    ColumnTable,
    compared,
    kept_field,
    shipped_tables,
)
from lod.sources.reading.field_names import parse_header
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.tables.plain_rows import BARS, PlainTable, Row, header_of, open_tables

KEYS = ("doi", "pmid", "dc.identifier.isi", "dc.identifier.scopus", "dc.identifier.openalex", "lens.id", KEY_FIELD)
_MOST_NAMED = 8
_NO_PARTS = {
    "dc.contributor.": re.compile(r"\Anull (?=\S)|, ?null\Z| \(\d{8,12}\)\Z| \(\+\d{1,3} [^\W\d_]{1,20}\)\Z"),
    "dc.identifier.issn": re.compile(r" ?\((?:electronic|print|online|linking)\)\Z", re.IGNORECASE),
}
"""What exports write beside a value, by how fields begin: a missing forename (Lens, RefWorks), Scopus's number of the author,
which another column has, how many names were left out; the medium of an ISSN (Embase)."""

_AND_MORE = re.compile(r" \(\+\d{1,3} [^\W\d_]{1,20}\)")
_CUT = ("…", "...")
_PROSE = ("dc.title", "dc.description")
"""A name or a journal that ends so was cut by the program that wrote the table; titles and sentences may end so."""

_DOI_AND_MORE = re.compile(r"10\.\d{4,9}/\S{1,500}\s+\S")


def detect_table(head: bytes, path: Path) -> bool:
    """Return whether a file is an export whose columns are known: Scopus, Lens, Zotero and others (vocab/columns)."""
    return is_known_table(head, path, shipped_tables())


def is_known_table(head: bytes, path: Path, tables: Sequence[ColumnTable]) -> bool:
    """Return whether one of the tables of columns is for a file."""
    return bool(tables) and any(table.columns for table in header_of(head, path, tables))


def read_table(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each row of the tables whose columns are known; of a workbook every visible sheet with such a header.

    Raises:
        SourceError: no table of columns is for the file, or it cannot be read to its end.
    """
    known, others = 0, []
    is_own = is_known_table(file.head(), file.path, file.columns)
    with open_tables(file, file.columns if is_own else shipped_tables()) as tables:
        for table in tables:
            if not isinstance(table, PlainTable):
                yield table
            elif table.columns is None:
                others.append(table)
            else:
                known += 1
                yield from _Reading(file, table, table.columns, settings).items()
    if not known:
        names = ", ".join(filter(None, others[0].names)) if others else "nothing"
        raise SourceError(f"{file.source}: {unknown_columns(names, file.source)}")
    if others:
        yield file.remark(
            "table-sheets",
            f"{len(others)} {'sheet was' if len(others) == 1 else 'sheets were'} left out, since no table of columns is for "
            f"them: {', '.join(table.sheet.rstrip(', ') for table in others)}",
        )


def unknown_columns(names: str, path: str) -> str:
    """Return what to do about a table with columns that no format knows."""
    return (
        f"a table with columns that no format knows: {names[:200]}{'…' if len(names) > 200 else ''}. 'lod coverage "
        f"{quote(path)} --site DIR' proposes what each of them becomes, and with --write the site keeps it, so that the file can be "
        "published"
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """How the cells of one column are read; `kept` is the field of what is not taken as `field`.

    `language` is the tag that a header such as dc.title[en] gives to the values of its field.
    """

    name: str
    row: ColumnRow
    field: str
    separator: tuple[str, ...]
    kept: str
    language: str | None


class _Reading:
    """State of reading one table."""

    def __init__(self, file: SourceFile, table: PlainTable, columns: ColumnTable, settings: Settings) -> None:
        self._file, self._table, self._label = file, table, columns.label
        self._width = len(table.names)
        own = settings.value_separator if settings.value_separator not in ("auto", BARS) else ""
        self._columns = [
            _column(position, row, own) for position, row in enumerate(columns.rows_for(table.names), start=1)
        ]
        self._given = {column.field: at for at, column in enumerate(self._columns) if column.row.use == "given"}
        self._ignored = Ignored(file, {})

    def items(self) -> Iterator[Item]:
        if self._table.above:
            where, cells = self._table.above[0]
            text = ", ".join(filter(None, map(str.strip, cells)))
            yield self._file.remark(
                "csv-aside",
                f"{self._table.sheet}{len(self._table.above)} {'row stands' if len(self._table.above) == 1 else 'rows stand'} "
                f"above the header; left out, the first is {where}: {shown(text)}",
            )
        kept = [column.name for column in self._columns if column.name and not (column.row.field or column.row.use)]
        yield self._file.remark(
            "table-columns",
            f"{self._table.sheet}read by {self._label}"
            + (f"; columns without a field are kept under their own names: {_some(kept)}" if kept else ""),
        )
        yield from records_of(self._file, self._table.rows, self._items, lambda row: f"{self._table.sheet}{row[0]}")
        yield from self._ignored.remark()

    def _items(self, row: Row) -> Iterator[Item]:
        where, cells = f"{self._table.sheet}{row[0]}", row[1]
        yield from mended_row(self._file, where, cells)
        try:
            check_row(cells, self._table.names)
        except UnreadableRowError as fault:
            yield self._file.unreadable(fault.rule, where, str(fault), field=fault.field, value=fault.value)
            return
        if [compared(cell) for cell in cells[: self._width]] == [compared(name) for name in self._table.names]:
            # The header once more: exports of several pages were joined.
            return
        values = list(self._values(cells))
        if values:
            yield Record(self._file.source, self._file.place(where), tuple(values))
        elif any(map(str.strip, cells)):
            yield self._file.unreadable("no-metadata", where, "the row has no values; fill it in or delete it")

    def _values(self, cells: list[str]) -> Iterator[Value]:
        """Yield the values of a row: those of a fallback are under the column's own name where another column has the field."""
        filled = {
            KEY_FIELD if column.row.use == "key" else column.field
            for column, cell in zip(self._columns, cells, strict=False)
            if cell.strip() and column.row.use not in ("fallback", "omit")
        }
        key = []
        for column, cell in zip(self._columns, cells, strict=False):
            text = cell.strip()
            if not text or (column.row.use == "given" and self._has_family(column.field, cells)):
                continue
            if column.row.use == "omit":
                self._ignored.count(column.name, f"{self._label} says so")
                continue
            field = column.field
            if column.row.use == "fallback":
                if field in filled:
                    field = column.kept
                filled.add(column.field)
            if column.row.use == "key" or field == KEY_FIELD:
                key.append(text)
            if field != KEY_FIELD:
                whole = self._whole_name(column, text, cells) if column.row.use == "family" else text
                yield from _parts(column, field, whole)
        if key:
            yield Value(KEY_FIELD, " · ".join(key))

    def _whole_name(self, column: _Column, family: str, cells: list[str]) -> str:
        at = self._given.get(column.field, len(cells))
        given = cells[at].strip() if at < len(cells) else ""
        return f"{family}, {given}" if given else family

    def _has_family(self, field: str, cells: list[str]) -> bool:
        return any(
            column.row.use == "family" and column.field == field and cell.strip()
            for column, cell in zip(self._columns, cells, strict=False)
        )


def _parts(column: _Column, field: str, text: str) -> Iterator[Value]:
    """Yield the values of a cell; what is only a part of it, or cut off, is also or only under the column's own name."""
    if _has_more_than_a_doi(field, text):
        yield Value(column.kept, text)
        text = text.split()[0]
    if field.startswith("dc.contributor.") and _AND_MORE.search(text):
        yield Value(column.kept, text)
    for part in _split(text, column.separator, field):
        is_cut = part.endswith(_CUT) and not field.startswith(_PROSE)
        yield Value(column.kept if is_cut else field, part, column.language)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _column(position: int, row: ColumnRow, own_separator: str) -> _Column:
    kept = kept_field(row.column, position)
    field = row.field or (KEY_FIELD if row.use == "key" else kept)
    separators = own_separator if own_separator and row.separator else row.separator
    language = next((named.language for named in parse_header([row.column]).columns if named.field == field), None)
    return _Column(row.column, row, field, tuple(separators.split()), kept, language)


def _has_more_than_a_doi(field: str, text: str) -> bool:
    """Return whether text follows a DOI, as where a program has lost the line breaks of what it read; it is kept."""
    return field == "dc.identifier.doi" and bool(_DOI_AND_MORE.match(text)) and BARS not in text


def _split(text: str, separators: Sequence[str], field: str) -> Iterator[str]:
    """Yield the values of a cell: between bars, then between the first of the separators that it has."""
    foreign = next((sign for start, sign in _NO_PARTS.items() if field.startswith(start)), None)
    for piece in list_texts(text) or (text.split(BARS) if BARS in text else [text]):
        separator = next((f" {one} " if one.isalpha() else one for one in separators if one in piece), "")
        for part in piece.split(separator) if separator else [piece]:
            plain = foreign.sub("", part.strip()).strip() if foreign else part.strip()
            if plain:
                yield plain
