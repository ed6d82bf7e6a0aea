"""Workbooks in OpenDocument (ods): content.xml, streamed row by row out of the zip file (docs/adr/0045)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from zipfile import ZipFile

from lxml import etree

from lod.errors import SourceError
from lod.sources.parsing.csv_rows import BadCell, CsvRow
from lod.sources.parsing.xml_files import XmlElement, local_name, reason_of
from lod.sources.parsing.zip_files import READ_FAULTS, check_sizes, open_zip
from lod.sources.reading.source_file import SourceFile
from lod.sources.spreadsheets.workbook import WAY_OUT, Sheet

CONTENT = "content.xml"
MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MOST_CELLS = 16_384
"""Widest row, and how often one row with values may be repeated: the widest table of a spreadsheet program."""

LARGEST_ROW_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TAGS = (f"{_TABLE}table", f"{_TABLE}table-row", f"{_STYLE}style")
_VALUES = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
_NUMBERS = frozenset({"float", "percentage", "currency"})


@contextmanager
def ods_sheets(file: SourceFile) -> Iterator[list[Sheet]]:
    """Open a workbook and give its sheets; a sheet is read from the start of the file each time.

    A cell gives its value and not how it is shown: a date ISO 8601, a number no ".0".

    Raises:
        SourceError: also from the body of the `with`: the file is damaged, or declares a document type.
    """
    with open_zip(file) as archive:
        check_sizes(file, [archive.getinfo(CONTENT)])
        titles: dict[str, bool] = {}
        for title, is_visible, _ in _walk(file, archive, None):
            titles.setdefault(title, is_visible)
        yield [Sheet(title, is_visible, partial(_rows, file, archive, title)) for title, is_visible in titles.items()]


def is_ods(head: bytes) -> bool:
    """Return whether a zip file is a workbook of OpenDocument, whose media type comes first and unpacked."""
    return MEDIA_TYPE in head[:200]


def _rows(file: SourceFile, archive: ZipFile, title: str, limit: int | None = None) -> Iterator[CsvRow]:
    number = found = 0
    for sheet, _, row in _walk(file, archive, title):
        if sheet != title or row is None:
            continue
        repeated = _count(row, f"{_TABLE}number-rows-repeated")
        cells = _cells(file, row)
        if not any(cells):
            number += repeated
            continue
        if repeated > MOST_CELLS:
            raise SourceError(
                f"{file.source}: the sheet '{title}' repeats row {number + 1} {repeated:,} times; {WAY_OUT}"
            )
        for _ in range(repeated):
            number += 1
            found += 1
            yield number, list(cells)
            if found == limit:
                return


def _walk(file: SourceFile, archive: ZipFile, wanted: str | None) -> Iterator[tuple[str, bool, XmlElement | None]]:
    """Yield each sheet where it begins, with None, and then its rows; memory holds one row.

    Rows are given of the sheet `wanted` only, of which all is over when it ends.
    """
    parser = etree.XMLPullParser(
        ("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    hidden: set[str] = set()
    title, since_row = "", 0
    try:
        with archive.open(CONTENT) as stream:
            head = True
            while chunk := stream.read(_CHUNK_BYTES):
                if head and b"<!DOCTYPE" in chunk:
                    raise SourceError(f"{file.source}: '{CONTENT}' in it declares a document type; it is not read")
                head = False
                since_row += len(chunk)
                if since_row > LARGEST_ROW_BYTES:
                    raise SourceError(
                        f"{file.source}: a row of the sheet '{title}' is larger than {LARGEST_ROW_BYTES:,} bytes, which no "
                        "record is; look whether it is one, and delete it if not"
                    )
                parser.feed(chunk)
                for event, element in parser.read_events():
                    tag = element.tag
                    if event == "start":
                        if tag == _TAGS[0]:
                            title = element.get(f"{_TABLE}name", "")
                            yield title, element.get(f"{_TABLE}style-name") not in hidden, None
                        continue
                    if tag == _TAGS[2]:
                        properties = element.find(f"{_STYLE}table-properties")
                        if properties is not None and properties.get(f"{_TABLE}display") == "false":
                            hidden.add(element.get(f"{_STYLE}name", ""))
                        continue
                    if tag == _TAGS[0] and title == wanted:
                        return
                    since_row = 0
                    if tag == _TAGS[1] and title == wanted:
                        yield title, True, element
                    _forget(element)
            parser.close()
    except etree.XMLSyntaxError as fault:
        raise SourceError(
            f"{file.source}: '{CONTENT}' in it is no well-formed XML: {reason_of(fault)}; {WAY_OUT}"
        ) from None
    except READ_FAULTS as fault:
        raise SourceError(f"{file.source}: the workbook cannot be read ({fault}); {WAY_OUT}") from None


def _forget(element: XmlElement) -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _count(element: XmlElement, name: str) -> int:
    text = element.get(name, "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _cells(file: SourceFile, row: XmlElement) -> list[str]:
    """Return the cells of a row as text, without the blank ones at its end, however many there are said to be."""
    cells: list[str] = []
    blank = 0
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeated = _count(cell, f"{_TABLE}number-columns-repeated")
        text = _cell_text(cell)
        if not text:
            blank += repeated
            continue
        if len(cells) + blank + repeated > MOST_CELLS:
            raise SourceError(f"{file.source}: a row has more than {MOST_CELLS:,} cells, which no table has; {WAY_OUT}")
        cells += [""] * blank + [text] * repeated
        blank = 0
    return cells


def _cell_text(cell: XmlElement) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in _VALUES:
        value = str(cell.get(f"{_OFFICE}{_VALUES[kind]}", ""))
        return value.removesuffix("T00:00:00")
    if kind in _NUMBERS:
        value = str(cell.get(f"{_OFFICE}value", ""))
        return value.removesuffix(".0")
    paragraphs = [_written(part) for part in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
    text = "\n".join(paragraphs)
    if not kind and text.startswith(("#", "Err:")) and cell.get(f"{_TABLE}formula"):
        return BadCell(f"holds the error {text[:60]}; mend its formula, and save the file")
    return text


def _written(element: XmlElement) -> str:
    """Return the text of a paragraph; spaces, tabs and line breaks are elements, and notes are no part of it."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            parts.append(child.tail or "")
            continue
        name = local_name(child)
        if name == "s":
            parts.append(" " * min(_count(child, f"{_TEXT}c"), MOST_CELLS))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("note", "annotation"):
            parts.append(_written(child))
        parts.append(child.tail or "")
    return "".join(parts)
