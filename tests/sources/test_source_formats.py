"""Finding files, telling formats, opening sources."""

from __future__ import annotations

import gzip
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import SourceError
from lod.record import Record
from lod.sources import SOURCES, find_files, find_source, open_source
from tests.helpers.paths import FIXTURES
from tests.helpers.read_sources import SETTINGS, items_of

KNOWN = ", ".join(source_format.name for source_format in SOURCES)
DATA = FIXTURES / "sources"
CASES = sorted(DATA.glob("*/*"))
"""A file, or a folder where a record is one."""
CSV = "dc.title,dc.subject\nA title,fish\n"
PAGE = "DC Field | Value | Language |\n---|---|---|\ndc.title | A title | en |\n"


def test_each_format_has_its_four_files_and_is_told_from_each_of_them():
    assert {(path.parent.name, path.stem) for path in CASES} == {
        (source_format.name, case) for source_format in SOURCES for case in ("full", "missing", "blank", "odd")
    }
    for path in CASES:
        found, left_out = find_files(path)
        assert found
        assert {source_format.name for _, source_format in found} == {path.parent.name}
        assert left_out == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(CSV, "dspace-csv", id="csv"),
        pytest.param("\ufeff\n" + CSV, "dspace-csv", id="csv after mark and blank line"),
        pytest.param(CSV.replace(",", "\t"), "dspace-csv", id="tab"),
        pytest.param(CSV.encode("utf-16"), "dspace-csv", id="csv in utf-16 is told, so that its message fits"),
        pytest.param("id,collection\n1,2/3\n", "dspace-csv", id="moves only"),
        pytest.param(PAGE, "item-page", id="page"),
        pytest.param("Persistent Identifier | http://hdl.handle.net/1/2 | ||\n", "item-page", id="page without table"),
        pytest.param("Title | A | |\nAuthors | B | |\nPublisher | C | |\n", "item-page", id="three labels"),
        pytest.param(PAGE.replace("\n", "\r\n"), "item-page", id="page with CRLF"),
    ],
)
def test_a_format_is_told_from_the_content_whatever_the_name(tmp_path, content, name):
    path = tmp_path / "something.dat"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert [source_format.name for _, source_format in find_files(path)[0]] == [name]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Dear reader, this is a text.\n", id="text"),
        pytest.param(bytes(range(256)), id="bytes"),
        pytest.param("id\n1\n", id="ids alone"),
    ],
)
def test_a_single_file_that_nothing_recognises_is_an_error_that_names_the_formats(tmp_path, content):
    path = tmp_path / "notes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    expected = f"{path}: not recognised as any known format ({KNOWN}); if it is one, name it with --format"
    with pytest.raises(SourceError, match=f"^{re.escape(expected)}$"):
        open_source(path, SETTINGS)


def test_a_folder_is_read_through_in_order_without_hidden_files_and_names_what_it_leaves_out(tmp_path):
    for name in ("b/2.csv", "a/1.csv", "c.csv", ".hidden/3.csv", "a/.4.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CSV)
    (tmp_path / "readme.md").write_text("# About")
    (tmp_path / "a" / "empty.csv").write_text(" \n")
    skipped: list[tuple[str, str]] = []
    places = [item.place for item in open_source(tmp_path, SETTINGS, skipped=skipped)]
    assert places == ["1.csv, row 2", "2.csv, row 2", "c.csv, row 2"]
    assert skipped == [
        (str(tmp_path / "a/empty.csv"), "the file is empty"),
        (
            str(tmp_path / "readme.md"),
            f"not recognised as any known format ({KNOWN}); if it is one, name it with --format",
        ),
    ]


def test_a_source_lists_its_files_before_they_are_read(tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    (tmp_path / "b.md").write_text("# About")
    source, left_out = find_source(tmp_path)
    assert (source.argument, source.files) == (str(tmp_path), (tmp_path / "a.csv",))
    assert [path.name for path, _ in left_out] == ["b.md"]


@pytest.mark.parametrize(
    ("argument", "format", "message"),
    [
        pytest.param("nowhere.csv", None, "nowhere.csv: no such file or folder", id="no file"),
        pytest.param(".", "csv", f"unknown format 'csv'; known: {KNOWN}", id="unknown format"),
    ],
)
def test_a_source_that_cannot_be_opened_is_an_error_at_once(argument, format, message):
    with pytest.raises(SourceError, match=f"^{re.escape(message)}$"):
        open_source(argument, SETTINGS, format=format)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("", "the folder has no files (hidden ones are not read)", id="empty"),
        pytest.param(
            "readme.md", "nothing in this folder can be read; files left out: 1, the first is ", id="nothing known"
        ),
    ],
)
def test_a_folder_without_a_readable_file_is_an_error_since_a_run_over_nothing_would_remove_everything(
    tmp_path, name, message
):
    if name:
        (tmp_path / name).write_text("# About")
    with pytest.raises(SourceError, match=re.escape(f"{tmp_path}: {message}")):
        open_source(tmp_path, SETTINGS)


def test_a_format_that_is_named_is_used_whatever_the_content(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE)
    with pytest.raises(SourceError, match=r"page\.txt: the header names no field such as dc\.title or dc\.title\[en\]"):
        list(open_source(path, SETTINGS, format="dspace-csv"))


def test_gzip_is_told_from_the_content_and_read_through(tmp_path):
    path = tmp_path / "climate.csv"
    path.write_bytes(gzip.compress(CSV.encode()))
    (record,) = open_source(path, SETTINGS)
    assert isinstance(record, Record)
    assert (record.source, record.place) == (str(path.resolve()), "climate.csv, row 2")
    assert [value.text for value in record.values] == ["A title", "fish"]


@pytest.mark.parametrize("lost", [8, 4_000])
def test_a_gzip_file_that_breaks_off_is_an_error_and_not_a_short_file(tmp_path, lost):
    rows = "".join(f"Title {number * 7919 % 10007},fish\n" for number in range(5_000))
    path = tmp_path / "climate.csv.gz"
    path.write_bytes(gzip.compress(("dc.title,dc.subject\n" + rows).encode())[:-lost])
    message = f"{path}: the gzip file breaks off before its end; fetch it again"
    with pytest.raises(SourceError, match=f"^{re.escape(message)}$"):
        items_of(path)


def test_a_damaged_gzip_file_is_an_error(tmp_path):
    path = tmp_path / "climate.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()) + b"no gzip")
    with pytest.raises(SourceError, match=r"climate\.csv\.gz: the gzip file is damaged \(.*\); fetch it again"):
        items_of(path)


def test_a_source_is_read_as_it_is_asked_for(tmp_path):
    path = tmp_path / "climate.csv"
    path.write_bytes(CSV.encode() + b"Two \xc3")
    # The head of the file is looked at for the separator; nothing is read before the first item is asked for.
    items = open_source(path, SETTINGS)
    with pytest.raises(SourceError):
        next(items)


_SOUP = st.lists(
    st.sampled_from(
        [
            "dc.title",
            " | ",
            "|",
            "en",
            "-",
            "\n",
            "\r\n",
            '"',
            ",",
            "||",
            "; ",
            "::",
            "600",
            "Title",
            "Funding Information:",
            "File Download",
            "DC Field | Value | Language |",
            "---|---",
            "- ",
            "Citations:",
            "é",
            "\ufeff",
            "\0",
            "id",
            " ",
        ]
    )
).map(lambda parts: "".join(parts).encode())


@pytest.mark.parametrize("name", [source_format.name for source_format in SOURCES])
@given(_SOUP | st.binary())
def test_whatever_a_file_holds_it_gives_items_or_a_source_error(tmp_path_factory, name, content):
    path = tmp_path_factory.mktemp("soup") / "soup"
    path.write_bytes(content)
    items = []
    with suppress(SourceError):
        items.extend(open_source(path, SETTINGS, format=name))
    for item in items:
        assert item.place
        if isinstance(item, Record):
            assert item.values
            assert all(value.text.strip() for value in item.values)
            assert json.loads(item.to_json().encode())


def test_a_name_that_is_no_utf8_is_written_so_that_it_can_be_stored(tmp_path):
    path = Path(str(tmp_path), b"climat\xe9.csv".decode("utf-8", "surrogateescape"))
    try:
        path.write_text(CSV)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no names that are no UTF-8")
    (record,) = open_source(path, SETTINGS)
    assert record.place == "climat\ufffd.csv, row 2"
    assert "climat\ufffd.csv".encode() in record.source.encode()
