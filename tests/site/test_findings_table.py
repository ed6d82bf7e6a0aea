"""Findings as a table: the way back to the source, and nothing that a spreadsheet would run."""

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from lod.cli.output import write_table
from lod.record import Record, Value
from lod.site.findings_table import COLUMNS, write_csv
from lod.store.quality.build.facts import source_link


def record(*values, **parts):
    return Record("a.csv", "a.csv, row 2", tuple(Value("dc.identifier.uri", value) for value in values), **parts)


@pytest.mark.parametrize(
    ("source", "link"),
    [
        pytest.param(
            record("http://hdl.handle.net/1/2", url="https://r.example.org/x"), "https://r.example.org/x", id="address"
        ),
        pytest.param(record("1/2", "http://hdl.handle.net/1/2"), "http://hdl.handle.net/1/2", id="dc.identifier.uri"),
        pytest.param(record("hdl:1/a b"), "", id="no handle at all"),
        pytest.param(record("hdl:1/2"), "https://hdl.handle.net/1/2", id="a handle among the values"),
        pytest.param(record(handle="1/a<b"), "https://hdl.handle.net/1/a%3Cb", id="a handle of the source"),
        pytest.param(record("javascript:alert(1)"), "", id="no web address"),
    ],
)
def test_the_link_leads_to_the_record_in_its_repository(source, link):
    assert source_link(source) == link


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(value):
    file = io.StringIO()
    assert write_csv([{"rule": "I17", "value": value}], file) == 1
    (row,) = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert tuple(row) == COLUMNS
    assert row["value"] == f"'{value}"


def test_damaged_characters_do_not_stop_the_table():
    file = io.StringIO()
    write_csv([{"value": "a\udc80, \u4e2d"}], file)
    assert '"a?, \u4e2d"' in file.getvalue()


def test_a_table_goes_into_a_file_through_a_link_and_into_a_pipe(tmp_path, capfd):
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("old.csv")
    os.mkfifo(tmp_path / "pipe")
    rows = [{"rule": "I17"}]
    with ThreadPoolExecutor() as pool:
        piped = pool.submit((tmp_path / "pipe").read_text, "utf-8-sig")
        for name in ("link.csv", "pipe"):
            write_table(str(tmp_path / name), rows, ("rule",), "rows")
        assert piped.result(10).split() == ["rule", "I17"]
    assert (tmp_path / "old.csv").read_text("utf-8-sig").split() == ["rule", "I17"]
    write_table("/dev/stdout", rows, ("rule",), "rows")
    assert "rule" in capfd.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"old.csv", "link.csv", "pipe"}
