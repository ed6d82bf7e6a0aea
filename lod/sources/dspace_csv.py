"""DSpace CSV: what `dspace metadata-export` and batch editing write, and the spreadsheets made in its likeness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from lod.config import Settings
from lod.errors import LodError, SourceError
from lod.record import Record, Tombstone, Value
from lod.sources.csv_cells import ColumnPlan, Evidence, detect_separator, make_plan, make_value, split_bars
from lod.sources.csv_header import Column, Header, is_header, parse_header
from lod.sources.csv_rows import Row, read_rows
from lod.sources.files import Item, SourceFile, head_text

HEAD_ROWS = 500
"""Rows that the separator of values is told from."""

REMOVALS = ("delete", "expunge", "withdraw")
ACTIONS = ("", *REMOVALS, "reinstate")
"""Words of the column `action`. Source: DSpace 7 documentation, "Batch Metadata Editing", section "Performing actions"."""

_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl:|(?:https?://)?(?:hdl\.handle\.net/|\S+/handle/)|(?!10\.))(\d+(?:\.\w+)*/\S+)")
_SHOWN = 60


def detect_dspace_csv(head: bytes, path: Path) -> bool:
    """Tell whether a file's first line is a header with a field such as `dc.title[en_US]`, or with `id,collection`."""
    del path
    lines = (line for line in head_text(head).splitlines() if line.strip())
    return is_header(next(lines, ""))


def read_dspace_csv(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield one record, tombstone or violation a row, and info findings about columns and separators.

    Values stand in the order of the columns, then of the cell. Tombstones come of the column `action`.

    Raises:
        SourceError: there is no header with a field, or the file cannot be read to its end.
    """
    with file.reading() as stream:
        rows = read_rows(file, stream)
        header = parse_header(next(rows, (1, []))[1])
        if not header.is_known:
            raise SourceError(
                f"{file.source}: the header names no field such as dc.title or dc.title[en]; "
                f"it has: {', '.join(filter(None, map(str.strip, header.cells))) or 'nothing'}"
            )
        head = list(islice(rows, HEAD_ROWS))
        evidence = _separator(settings, header, head)
        if evidence.header:
            yield _separator_remark(file, evidence)
        table = _Table(file, header, evidence.separator)
        yield from table.items(chain(head, rows))


def _separator(settings: Settings, header: Header, head: Sequence[Row]) -> Evidence:
    if settings.value_separator == "auto":
        return detect_separator(header, [cells for _, cells in head])
    return Evidence(settings.value_separator)


def _separator_remark(file: SourceFile, evidence: Evidence) -> Item:
    return file.remark(
        "csv-separator",
        f"'; ' separates values here: it stands in {evidence.hits} of {evidence.cells} cells of "
        f"'{evidence.header}' in the first rows, and '||' in no column of names, subjects or codes. Titles, abstracts "
        'and other prose stay whole. If that is wrong, set value_separator = "||"',
    )


class _UnreadableRowError(LodError):
    """One row cannot be read; the rest can."""

    def __init__(self, rule: str, message: str, *, field: str = "", value: str = "") -> None:
        super().__init__(message)
        self.rule, self.field, self.value = rule, field, value


@dataclass
class _Table:
    """One file being read: its columns, and what has been noticed in them."""

    file: SourceFile
    header: Header
    separator: str
    left_out: dict[int, int] = field(default_factory=dict)
    odd_id: str = ""

    def items(self, rows: Iterator[Row]) -> Iterator[Item]:
        width = len(self.header.cells)
        plan = make_plan(self.header, self.separator)
        for number, cells in rows:
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            where = f"row {number}"
            try:
                values = self._values(cells, plan)
                if len(cells) > width:
                    self._check_width(cells)
            except _UnreadableRowError as fault:
                yield self.file.unreadable(fault.rule, where, str(fault), field=fault.field, value=fault.value)
                continue
            if values or any(map(str.strip, cells)):
                self._count_others(cells)
                yield self._record(where, cells, tuple(values))
        yield from self._remarks()

    def _values(self, cells: list[str], plan: Sequence[ColumnPlan]) -> list[Value]:
        # The innermost loop: most cells are empty or one plain value.
        values: list[Value] = []
        for position, column, mark, split in plan:
            cell = cells[position]
            if not cell:
                continue
            if "\0" in cell:
                raise _nul_fault(column, cell)
            if mark not in cell and "::" not in cell:
                if text := cell.strip():
                    values.append(Value(column.field, text, column.language))
            elif "::" in cell:
                values += [make_value(column, text) for text in split(cell)]
            else:
                values += [Value(column.field, text, column.language) for text in split(cell)]
        return values

    def _check_width(self, cells: list[str]) -> None:
        width = len(self.header.cells)
        surplus = next((cell for cell in cells[width:] if cell.strip()), None)
        if surplus is not None:
            raise _UnreadableRowError(
                "csv-row-width",
                f"the row has {len(cells)} cells, the header {width}; the first without a header is {_shown(surplus)}. "
                "Put quotation marks around cells that hold the delimiter",
                value=surplus,
            )

    def _count_others(self, cells: list[str]) -> None:
        for index, _ in self.header.others:
            if cells[index].strip():
                self.left_out[index] = self.left_out.get(index, 0) + 1

    def _record(self, where: str, cells: list[str], values: tuple[Value, ...]) -> Item:
        place = self.file.place(where)
        action = self._work(cells, "action").lower()
        if action not in ACTIONS:
            return self.file.unreadable(
                "csv-action",
                where,
                f"unknown action {_shown(action)}; known: {', '.join(filter(None, ACTIONS))}, or an empty cell",
                value=action,
            )
        uuid = self._uuid(cells)
        if action in REMOVALS:
            return self._tombstone(where, action, uuid, values)
        if not values:
            return self.file.unreadable(
                "csv-no-metadata",
                where,
                "the row has no metadata, only an id or collections, so that no record can be made of it; "
                "export the items with their metadata, or leave the row out",
                value=self._work(cells, "id"),
            )
        collections = tuple(split_bars(self._work(cells, "collection")))
        return Record(self.file.source, place, values, uuid=uuid, collections=collections)

    def _tombstone(self, where: str, action: str, uuid: str | None, values: tuple[Value, ...]) -> Item:
        texts = (value.text for value in values if value.field == "dc.identifier.uri")
        handle = next((match[1] for text in texts if (match := _HANDLE.fullmatch(text))), None)
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
        if _UUID.fullmatch(text):
            return str(UUID(text))
        if text not in ("", "+"):
            self.odd_id = self.odd_id or text
        return None

    def _work(self, cells: list[str], name: str) -> str:
        index = self.header.work.get(name)
        return "" if index is None else cells[index].strip()

    def _remarks(self) -> Iterator[Item]:
        for index, name in self.header.others:
            count = self.left_out.get(index, 0)
            if not name and not count:
                continue
            label = f"column {index + 1}, '{name}'," if name else f"column {index + 1}, which has no header,"
            yield self.file.remark(
                "csv-column",
                f"{label} is no field; left out: {count} {'cell' if count == 1 else 'cells'}. "
                "A column that is to be published needs a header such as dc.description",
                field=name,
            )
        if self.odd_id:
            yield self.file.remark(
                "csv-id",
                f"column 'id' holds {_shown(self.odd_id)}, which is no UUID: DSpace's internal numbers differ from "
                "server to server, so that records are known by their handles, DOIs and other identifiers instead",
                field="id",
                value=self.odd_id,
            )


def _nul_fault(column: Column, cell: str) -> _UnreadableRowError:
    return _UnreadableRowError(
        "csv-nul",
        f"'{column.header}' holds a NUL byte, which no text has: {_shown(cell)}; the file was damaged, or written in "
        "another encoding. Export it again as UTF-8",
        field=column.field,
        value=cell.replace("\0", "\\0"),
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
