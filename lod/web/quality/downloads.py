"""Lists of records as files for spreadsheets: CSV of any length, XLSX up to what a sheet can link."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from lod.web.quality.listed import COLUMNS, RecordRow, RowMaker
from lod.web.search.formats import cell

MOST_IN_XLSX = 20_000
"""Records in an XLSX file: a sheet has 65,530 links at most, and three columns have one in each row."""

_LINKED = frozenset(("source_link", "edit_link", "item"))
_BOM = "\ufeff"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_CHARACTERS = 32_000
_MOST_LINKS = 65_000


def write_csv(maker: RowMaker, batches: Iterable[Sequence[RecordRow]]) -> Iterator[str]:
    """Yield a table with a line for each finding; the mark at its start tells spreadsheets that it is UTF-8."""
    yield _BOM
    rows: Iterable[tuple[str, ...]] = [COLUMNS]
    for batch in batches:
        yield _lines(rows)
        rows = [line for row in batch for line in maker.cells(row)]
    yield _lines(rows)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([cell(text) for text in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "replace").decode()


def write_xlsx(title: str, maker: RowMaker, batches: Iterable[Sequence[RecordRow]]) -> bytes:
    """Return the same table as an Excel file, with links that can be clicked. Source: ISO/IEC 29500-1."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "Records")
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    links = 0
    for line in (line for batch in batches for row in batch for line in maker.cells(row)):
        cells: list[object] = []
        for name, text in zip(COLUMNS, line, strict=True):
            found = WriteOnlyCell(sheet, _NO_XML.sub("\ufffd", cell(text))[:_MOST_CHARACTERS])
            if name in _LINKED and text and links < _MOST_LINKS:
                found.hyperlink = text
                links += 1
            cells.append(found)
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
