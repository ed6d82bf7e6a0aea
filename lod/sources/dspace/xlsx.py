"""Workbooks (xlsx, ods) with a DSpace table, such as a CSV export that was edited and saved as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lod.errors import SourceError
from lod.settings.table import Settings
from lod.sources.dspace.csv_table import read_table
from lod.sources.reading.field_names import SEARCHED_LINES, find_header_row
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.spreadsheets.open import is_workbook, open_workbook
from lod.sources.spreadsheets.workbook import Sheet, named


def detect_dspace_xlsx(head: bytes, path: Path) -> bool:
    """Return whether a file is a workbook with a DSpace table in a visible sheet, or one that cannot be read."""
    if not is_workbook(head, path):
        return False
    try:
        with open_workbook(SourceFile(path.absolute())) as sheets:
            return any(sheet.is_visible and _has_fields(sheet) for sheet in sheets)
    except SourceError:
        # Reading it says why.
        return True


def _has_fields(sheet: Sheet) -> bool:
    return find_header_row([cells for _, cells in sheet.rows(SEARCHED_LINES)]) is not None


def read_dspace_xlsx(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield what the rows of every visible sheet give that has a header with fields, as `read_dspace_csv` does.

    A formula gives the value that was last calculated, a date ISO 8601, a number no ".0". Hidden sheets are not read.
    Info findings say which sheets were read and which were not.

    Raises:
        SourceError: no visible sheet has such a header, a formula was never calculated or gives an error, or the file
            is damaged.
    """
    with open_workbook(file) as sheets:
        yield from _items(file, settings, sheets)


def _items(file: SourceFile, settings: Settings, sheets: list[Sheet]) -> Iterator[Item]:
    read: list[Sheet] = []
    others: list[Sheet] = []
    hidden = [sheet.title for sheet in sheets if not sheet.is_visible]
    for sheet in sheets:
        if sheet.is_visible:
            (read if _has_fields(sheet) else others).append(sheet)
    if not read:
        titles = [sheet.title for sheet in others] + hidden
        raise SourceError(
            f"{file.source}: no visible sheet has a header with fields such as dc.title or dc.title[en]; "
            f"sheets: {', '.join(titles) or 'none'}"
        )
    if others or hidden or len(read) > 1:
        yield file.remark(
            "xlsx-sheets",
            f"read: {named([sheet.title for sheet in read])}; left out, since they have no header with fields: "
            f"{named([sheet.title for sheet in others])}; since they are hidden: {named(hidden)}",
        )
    for sheet in read:
        yield from read_table(file, sheet.rows(None), settings, f"sheet '{sheet.title}', ", damaged=True)
