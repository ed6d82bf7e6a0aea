"""The rows of a DSpace table, from a CSV file or a spreadsheet: one record, tombstone or finding each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice
from uuid import UUID

from lod.errors import SourceError
from lod.record import Record, Tombstone, Value
from lod.settings.table import Settings
from lod.sources.dspace.csv_asides import is_comment, is_explanation
from lod.sources.dspace.csv_cells import (
    ColumnPlan,
    Separators,
    choose_separators,
    join_keys,
    make_plan,
    make_value,
    split_bars,
)
from lod.sources.parsing.csv_rows import BadCell, CsvRow, UnendedRow, where_of
from lod.sources.parsing.encodings import ESCAPED
from lod.sources.parsing.row_faults import (
    UnreadableRowError,
    check_quotes,
    check_width,
    cut_off,
    damaged_cell,
    mended_row,
    shown,
)
from lod.sources.reading.field_names import Header, find_header_row, named_delimiter, parse_header
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile

HEAD_ROWS = 500
"""Rows from which the separator of values is detected."""

REMOVALS = ("delete", "expunge", "withdraw")
ACTIONS = (*REMOVALS, "reinstate")
"""Words of the column `action`. Source: DSpace 7 documentation, "Batch Metadata Editing", section "Performing actions"."""

_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl:|(?:https?://)?(?:hdl\.handle\.net/|\S+/handle/)|(?!10\.))(\d+(?:\.\w+)*/\S{1,2048})")
_LONGEST_NAME = 80


def read_table(
    file: SourceFile, rows: Iterator[CsvRow], settings: Settings, sheet: str = "", *, damaged: bool = False
) -> Iterator[Item]:
    """Yield one record, tombstone or violation a row of a table, whose header is among its first rows.

    Values are in the order of the columns, then of the cell. Tombstones come of the column `action`. `sheet` begins
    the places of the rows in a file with several tables: "sheet 'Items', ". Where a file is damaged, every cell is looked
    at for bytes that no text has, and for what is no text (`BadCell`).

    Raises:
        SourceError: there is no header with a field, or a second one with other columns.
    """
    asides = _Asides()
    head = list(islice(rows, HEAD_ROWS))
    position = find_header_row([cells for _, cells in head])
    if position is None:
        first = head[0][1] if head else []
        raise SourceError(
            f"{file.source}: {sheet}the header names no field such as dc.title or dc.title[en]; "
            f"it has: {', '.join(filter(None, map(str.strip, first))) or 'nothing'}"
        )
    for number, cells in head[:position]:
        if not named_delimiter(",".join(cells)):
            asides.add(number, cells)
    yield from mended_row(file, f"{sheet}{where_of(head[position])}", head[position][1])
    header = parse_header(head[position][1])
    del head[: position + 1]
    width = len(header.cells)
    if head and is_explanation(head[0][1] + [""] * width, header):
        asides.add(*head.pop(0))
    separators = choose_separators(header, [cells for _, cells in head], settings.value_separator)
    for evidence in separators.evidence:
        yield file.remark("csv-separator", evidence.message(sheet))
    yield from _Table(file, header, separators, sheet, asides, damaged).items(chain(head, rows))


@dataclass(slots=True)
class _Asides:
    """Rows that are no records, counted, with the first of them as an example."""

    count: int = 0
    first: str = ""

    def add(self, number: int, cells: Sequence[str]) -> None:
        self.count += 1
        text = ", ".join(cell.strip() for cell in cells if cell.strip())
        self.first = self.first or f"row {number}: {shown(text)}"


@dataclass
class _Table:
    """State of reading one table: its columns, and what the remarks will say of them."""

    file: SourceFile
    header: Header
    separators: Separators
    sheet: str
    asides: _Asides
    damaged: bool
    left_out: dict[int, int] = field(default_factory=dict)
    odd_id: str = ""
    new_items: int = 0

    @cached_property
    def named(self) -> int:
        """How many columns there are up to the last that has a header."""
        return max((index for index, cell in enumerate(self.header.cells, start=1) if cell.strip()), default=0)

    @cached_property
    def has_keys(self) -> bool:
        """Whether there are columns of authority keys, such as "ORCID:dc.contributor.author"."""
        return any(column.scheme for column in self.header.columns)

    def items(self, rows: Iterator[CsvRow]) -> Iterator[Item]:
        plan = make_plan(self.header, self.separators)
        yield from records_of(self.file, rows, lambda row: self._items(row, plan), self._where)
        yield from self._remarks()

    def _where(self, row: CsvRow) -> str:
        return f"{self.sheet}{where_of(row)}"

    def _items(self, row: CsvRow, plan: Sequence[ColumnPlan]) -> Iterator[Item]:
        number, cells = row
        width, named = len(self.header.cells), self.named
        unended = len(cells) if isinstance(cells, UnendedRow) and len(cells) < named else 0
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        if self._is_aside(number, cells):
            self.asides.add(number, cells)
            return
        where = self._where(row)
        yield from mended_row(self.file, where, cells)
        try:
            check_quotes(cells)
            if unended:
                raise cut_off(unended, named)
            if self.damaged:
                self._check_bytes(cells)
            values = self._values(cells, plan)
            if len(cells) > width:
                check_width(cells, width)
        except UnreadableRowError as fault:
            yield self.file.unreadable(fault.rule, where, str(fault), field=fault.field, value=fault.value)
            return
        if values or any(map(str.strip, cells)):
            if self.has_keys:
                values = join_keys(values, self.header, cells)
            if self.header.others:
                self._count_others(cells)
            yield self._item(where, cells, tuple(values))

    def _is_aside(self, number: int, cells: list[str]) -> bool:
        first = cells[0].lstrip("\ufeff ")
        if first.startswith("#"):
            return is_comment(cells, self.header)
        if len(first) > _LONGEST_NAME or first.rstrip().casefold() != self.header.first:
            return False
        again = parse_header(cells)
        if not again.is_known:
            return False
        if again.columns != self.header.columns or again.work != self.header.work:
            raise SourceError(
                f"{self.file.source}: {self.sheet}row {number} is a second header, with other columns: the file was joined "
                "from several. Put them apart again, each in a file of its own"
            )
        return True

    def _values(self, cells: list[str], plan: Sequence[ColumnPlan]) -> list[Value]:
        # The innermost loop: most cells are empty or one plain value, and a tuple's own constructor makes them twice as
        # fast as the one of NamedTuple.
        values: list[Value] = []
        add, new = values.append, tuple.__new__
        for position, mark, field_, language, split in plan:
            cell = cells[position]
            if not cell:
                continue
            if "::" in cell:
                values += [make_value(field_, text, language) for text in split(cell)]
            elif mark in cell:
                values += [new(Value, (field_, text, language, None, None, None)) for text in split(cell)]
            elif text := cell.strip():
                add(new(Value, (field_, text, language, None, None, None)))
        return values

    def _check_bytes(self, cells: list[str]) -> None:
        for index, cell in enumerate(cells):
            if isinstance(cell, BadCell):
                header = self.header.cells[index].strip() if index < len(self.header.cells) else ""
                raise UnreadableRowError("csv-cell", f"'{header}' {cell}", field=header)
        row = "".join(cells)
        if "\0" in row or (not row.isascii() and ESCAPED.search(row)):
            for column in self.header.columns:
                cell = cells[column.index]
                if "\0" in cell or ESCAPED.search(cell):
                    raise damaged_cell(column.header, column.field, cell)
            raise damaged_cell("a column that is no field", "", row)

    def _count_others(self, cells: list[str]) -> None:
        for index, _ in self.header.others:
            if cells[index].strip():
                self.left_out[index] = self.left_out.get(index, 0) + 1

    def _item(self, where: str, cells: list[str], values: tuple[Value, ...]) -> Item:
        uuid = self._uuid(cells)
        if "action" in self.header.work and (action := self._work(cells, "action").lower()):
            if action not in ACTIONS:
                return self.file.unreadable(
                    "csv-action",
                    where,
                    f"unknown action {shown(action)}; known: {', '.join(ACTIONS)}, or an empty cell",
                    value=action,
                )
            if action in REMOVALS:
                return self._tombstone(where, action, uuid, values, cells)
        if not values:
            return self.file.unreadable(
                "csv-no-metadata",
                where,
                "the row has no metadata, only an id or collections, so that no record can be made of it; "
                "export the items with their metadata, or leave the row out",
                value=self._work(cells, "id"),
            )
        collections = _collections(self._work(cells, "collection"))
        return Record(
            self.file.source,
            self.file.place(where),
            values,
            handle=self._handle(cells),
            uuid=uuid or self._own_id(cells),
            collections=collections,
        )

    def _tombstone(
        self, where: str, action: str, uuid: str | None, values: tuple[Value, ...], cells: list[str]
    ) -> Item:
        texts = (value.text for value in values if value.field == "dc.identifier.uri")
        handle = self._handle(cells) or next((match[1] for text in texts if (match := _HANDLE.fullmatch(text))), None)
        if uuid is None and handle is None:
            return self.file.unreadable(
                "csv-action",
                where,
                f"action '{action}', but nothing says of which item; give its UUID in 'id' or its handle in "
                "'dc.identifier.uri'",
                value=action,
            )
        return Tombstone(self.file.source, self.file.place(where), handle=handle, uuid=uuid)

    def _uuid(self, cells: list[str]) -> str | None:
        text = self._work(cells, "id")
        for named in (self._work(cells, "uuid"), text):
            if _UUID.fullmatch(named):
                return named.lower() if len(named) == 36 else str(UUID(named))
        if text == "+":
            self.new_items += 1
        elif text:
            self.odd_id = self.odd_id or text
        return None

    def _handle(self, cells: list[str]) -> str | None:
        match = _HANDLE.fullmatch(self._work(cells, "handle"))
        return match[1] if match else None

    def _own_id(self, cells: list[str]) -> str | None:
        """Return what the column `id` holds where it is no UUID: it names the row in a source with a name."""
        text = self._work(cells, "id")
        return text if text and text != "+" else None

    def _work(self, cells: list[str], name: str) -> str:
        index = self.header.work.get(name)
        return "" if index is None else cells[index].strip()

    def _remarks(self) -> Iterator[Item]:
        if self.asides.count:
            yield self.file.remark(
                "csv-aside",
                f"{self.sheet}{self.asides.count} {'row is' if self.asides.count == 1 else 'rows are'} no record but a "
                f"remark, an explanation or the header once more; left out, the first is {self.asides.first}",
            )
        for index, name in self.header.others:
            count = self.left_out.get(index, 0)
            if not name and not count:
                continue
            label = f"column {index + 1}, '{name}'," if name else f"column {index + 1}, which has no header,"
            label = f"{self.sheet}{label}"
            yield self.file.remark(
                "csv-column",
                f"{label} is no field; left out: {count} {'cell' if count == 1 else 'cells'}. "
                "A column that is to be published needs a header such as dc.description",
                field=name,
            )
        if self.odd_id:
            yield self.file.remark(
                "csv-id",
                f"column 'id' holds {shown(self.odd_id)}, which is no UUID: DSpace's internal numbers differ from "
                "server to server, so that records are known by their handles, DOIs and other identifiers instead; a record "
                "without any is known by its number only where lod.toml names the source",
                field="id",
                value=self.odd_id,
            )
        if self.new_items:
            yield self.file.remark(
                "csv-new-items",
                f"{self.sheet}{self.new_items} {'row has' if self.new_items == 1 else 'rows have'} '+' as id: items that "
                "DSpace has yet to make. Without a handle they have no lasting IRI; import them, then publish an export",
                field="id",
                value="+",
            )


@lru_cache(maxsize=1024)
def _collections(cell: str) -> tuple[str, ...]:
    return tuple(split_bars(cell))
