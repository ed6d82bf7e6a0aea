"""Spreadsheets with a DSpace table, read whole."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from lod.errors import SourceError
from lod.record import Record, Value
from lod.report import Finding, Severity
from lod.sources import find_files, open_source
from tests.helpers.paths import FIXTURES
from tests.helpers.read_sources import SETTINGS, items_of

DATA = FIXTURES / "sources" / "dspace-xlsx"


def _saved(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_full_sheet_gives_texts_numbers_and_dates_as_people_see_them():
    first, second = items_of(DATA / "full.xlsx")
    assert isinstance(first, Record)
    assert (first.place, first.uuid) == (
        "full.xlsx, sheet 'Items', row 2",
        "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11",
    )
    assert first.values[1:5] == (
        Value("dc.contributor.author", "Cinner, J.", None, "cinner-j", 600),
        Value("dc.date.issued", "2020-05-17"),
        Value("dc.identifier.uri", "https://hdl.handle.net/20.500.12348/3792"),
        Value("dc.identifier.volume", "10"),
    )
    assert [value.text for value in second.values if value.field.startswith("dc.date")] == ["2018"]


def test_an_odd_workbook_says_which_sheets_were_read_and_which_cells_cannot_be():
    items = items_of(DATA / "odd.xlsx")
    assert [(getattr(item, "rule", "record"), item.place) for item in items] == [
        ("xlsx-sheets", "odd.xlsx"),
        ("record", "odd.xlsx, sheet 'Items', row 3"),
        ("csv-cell", "odd.xlsx, sheet 'Items', row 4"),
        ("csv-cell", "odd.xlsx, sheet 'Items', row 5"),
        ("record", "odd.xlsx, sheet 'Items', row 6"),
        ("csv-aside", "odd.xlsx"),
        ("csv-column", "odd.xlsx"),
        ("record", "odd.xlsx, sheet 'More', row 2"),
    ]
    messages = [item.message for item in items if isinstance(item, Finding)]
    assert messages[:3] == [
        "odd.xlsx: read: 'Items', 'More'; left out, since they have no header with fields: 'Read me'; since they are "
        "hidden: 'Old items'",
        "odd.xlsx, sheet 'Items', row 4: 'dc.title[en]' holds the formula '=B2&C2', which was never calculated; open the "
        "file in a spreadsheet program, and save it",
        "odd.xlsx, sheet 'Items', row 5: 'dc.identifier.volume' holds the error #REF!; mend its formula, and save the file",
    ]
    assert [item.severity for item in items if isinstance(item, Finding)][1:3] == [Severity.VIOLATION] * 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.1, "0.1"),
        (12345678901234, "12345678901234"),
        (datetime.date(1998, 5, 1), "1998-05-01"),
        (datetime.datetime.fromisoformat("1998-05-01T08:30:00"), "1998-05-01T08:30:00"),
        (True, "true"),
        ("0028", "0028"),
    ],
)
def test_a_cell_is_the_text_that_a_csv_export_would_have(tmp_path, value, text):
    (record,) = items_of(_saved(tmp_path / "a.xlsx", [["dc.title", "dc.description"], ["One", value]]))
    assert isinstance(record, Record)
    assert record.values[1].text == text


def test_a_workbook_without_such_a_table_is_an_error_that_names_its_sheets(tmp_path):
    path = _saved(tmp_path / "a.xlsx", [["title"], ["One"]])
    with pytest.raises(
        SourceError, match=r"a\.xlsx: no visible sheet has a header with fields such as .*; sheets: Sheet$"
    ):
        list(open_source(path, SETTINGS, format="dspace-xlsx"))


def test_a_damaged_workbook_is_an_error(tmp_path):
    path = _saved(tmp_path / "a.xlsx", [["dc.title"], ["One"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceError, match=r"a\.xlsx: the zip file cannot be read \(.*\); fetch or export it again$"):
        list(open_source(path, SETTINGS, format="dspace-xlsx"))


@pytest.mark.parametrize(
    ("member", "content", "message"),
    [
        pytest.param(
            "xl/sharedStrings.xml",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            "'xl/sharedStrings.xml' in it declares a document type; it is not read",
            id="entities",
        ),
        pytest.param(
            "xl/comments1.xml",
            b" " * 20_000_000,
            "more than is read; unpack the zip yourself and name the folder, if it is to be trusted",
            id="bomb",
        ),
    ],
)
def test_a_workbook_that_may_do_harm_is_refused(tmp_path, member, content, message):
    path = _saved(tmp_path / "a.xlsx", [["dc.title"], ["One"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    with pytest.raises(SourceError) as fault:
        items_of(path)
    assert str(fault.value).endswith(message)


def test_a_workbook_is_told_and_read_whatever_its_name(tmp_path):
    path = tmp_path / "export"
    path.write_bytes((DATA / "full.xlsx").read_bytes())
    assert [source_format.name for _, source_format in find_files(path)[0]] == ["dspace-xlsx"]
    assert any(isinstance(item, Record) for item in open_source(path, SETTINGS))


def _with_cells(path: Path, cells: dict[str, object]) -> Path:
    book = Workbook()
    for row in (
        ["dc.title", "dc.identifier.uri"],
        ["A", "http://hdl.handle.net/1/1"],
        ["B", "http://hdl.handle.net/1/2"],
    ):
        book.active.append(row)
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)
    return path


def test_a_row_with_a_cell_at_the_end_of_the_sheet_is_refused_as_one_with_a_cell_too_many(tmp_path):
    refused, record = items_of(_with_cells(tmp_path / "a.xlsx", {"XFD2": "far away"}))
    assert refused.message == (
        "a.xlsx, sheet 'Sheet', row 2: the row has 16384 cells, the header 2; the first without a header is 'far away'. Put "
        "quotation marks around cells that hold the delimiter"
    )
    assert record.place == "a.xlsx, sheet 'Sheet', row 3"


def test_a_formula_right_of_the_table_is_a_cell_too_many_and_an_empty_cell_with_a_format_is_none(tmp_path):
    refused, record = items_of(_with_cells(tmp_path / "a.xlsx", {"F2": "=1+1", "XFD3": None}))
    assert refused.message.startswith("a.xlsx, sheet 'Sheet', row 2: the row has 6 cells, the header 2; the first")
    assert isinstance(record, Record)


def test_a_header_at_the_end_of_the_sheet_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"sheet 'Sheet': the header 'dc.description' is in column 16384, with 16381"):
        items_of(_with_cells(tmp_path / "a.xlsx", {"XFD1": "dc.description"}))


def test_columns_without_a_header_may_stand_between_others(tmp_path):
    items = items_of(_with_cells(tmp_path / "a.xlsx", {"CV1": "dc.description", "CV2": "x", "C2": "y"}))
    records = [item for item in items if isinstance(item, Record)]
    assert Value("dc.description", "x") in records[0].values
    assert any("column 3, which has no header" in getattr(item, "message", "") for item in items)


def test_a_sheet_takes_time_by_its_filled_cells(tmp_path):
    import time

    def cost(cells):
        path, started = _with_cells(tmp_path / "a.xlsx", cells), time.thread_time()
        assert len(items_of(path)) == 1_000
        return time.thread_time() - started

    titles = {f"A{row}": "A" for row in range(2, 1_002)}
    wide = cost({**titles, **{f"XFD{row}": "x" for row in range(2, 1_002)}})
    narrow = cost({**titles, **{f"C{row}": "x" for row in range(2, 1_002)}})
    assert wide < 25 * narrow  # it was 75 times
