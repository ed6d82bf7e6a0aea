"""Open a workbook, whichever program wrote it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from lod.sources.parsing.zip_files import zip_names
from lod.sources.reading.source_file import SourceFile
from lod.sources.spreadsheets.ods import CONTENT, is_ods, ods_sheets
from lod.sources.spreadsheets.workbook import Sheet
from lod.sources.spreadsheets.xlsx import WORKBOOK, xlsx_sheets


def is_workbook(head: bytes, path: Path) -> bool:
    """Return whether a file is a workbook of a spreadsheet program, whatever its sheets hold."""
    names = zip_names(head, path)
    return WORKBOOK in names or (CONTENT in names and is_ods(head))


def open_workbook(file: SourceFile) -> AbstractContextManager[list[Sheet]]:
    """Return a context that gives the sheets of a workbook.

    Raises:
        SourceError: when it is entered or read: the file is damaged.
    """
    head = file.head()
    return ods_sheets(file) if is_ods(head) else xlsx_sheets(file)
