"""Whatever becomes of a file on its way, reading it gives items or a SourceError: fixtures of every format, mutilated."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.errors import SourceError
from lod.record import Record, Tombstone
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources import SOURCES, find_files, open_source
from tests.helpers.paths import FIXTURES

SETTINGS = Settings(base_iri="https://example.org/", max_record_mib=1)
DATA = FIXTURES / "sources"
NAMES = [source_format.name for source_format in SOURCES]

HOSTILE = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"<",
    b">",
    b"&",
    b"&#0;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    b"<?xml version='1.0' encoding='utf-7'?>",
    b'"',
    b"'",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"-1e999",
    b"9" * 400,
    b",",
    b"||",
    b"::",
    b"\n",
    b"\r",
    b"\t",
    b" " * 300,
    b"%",
    b"@",
    b"#",
    b"\\begin{",
    b"TY  - ",
    b"ER  - ",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
)
"""What some syntax takes for a sign, and what none can hold."""


def fixtures(name: str) -> list[bytes]:
    """Return the contents of a format's fixtures."""
    return [path.read_bytes() for path in sorted((DATA / name).rglob("*")) if path.is_file()]


@st.composite
def mutilated(draw: st.DrawFn, contents: list[bytes]) -> bytes:
    """Draw a fixture with parts cut out, repeated, moved, overwritten or put in."""
    content = draw(st.sampled_from(contents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 1, 2, 7, 60, 4_000])))
        part = content[start:end]
        new = draw(
            st.one_of(
                st.just(b""), st.just(part * 2), st.just(part[::-1]), st.sampled_from(HOSTILE), st.binary(max_size=8)
            )
        )
        content = content[:start] + new + content[end:]
    return content


def check(path: Path, name: str) -> None:
    """Read a file and look at everything that comes out."""
    items = []
    with suppress(SourceError):
        items.extend(open_source(path, SETTINGS, format=name))
    for item in items:
        assert isinstance(item, Record | Tombstone | Finding)
        assert item.place
        if isinstance(item, Record):
            assert item.values
            assert all(value.text.strip() for value in item.values)
            assert all(isinstance(value.field, str) and value.field for value in item.values)
            assert Record.from_json(item.to_json()).content_hash() == item.content_hash()
        elif isinstance(item, Finding):
            json.dumps(item.to_dict()).encode()


FUZZ = hypothesis_settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@FUZZ
@given(data=st.data())
def test_a_mutilated_file_gives_items_or_a_source_error(tmp_path_factory, name, data):
    contents = fixtures(name)
    assert len(contents) >= 4
    path = tmp_path_factory.getbasetemp() / f"mutilated-{name}"
    path.write_bytes(data.draw(mutilated(contents)))
    check(path, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@FUZZ
@given(data=st.data())
def test_a_file_of_one_format_read_as_another_gives_items_or_a_source_error(tmp_path_factory, name, data):
    content = data.draw(st.sampled_from([content for other in NAMES if other != name for content in fixtures(other)]))
    path = tmp_path_factory.getbasetemp() / f"mistaken-{name}"
    path.write_bytes(content)
    check(path, name)


@pytest.mark.slow
@hypothesis_settings(FUZZ, max_examples=150)
@given(data=st.data())
def test_the_format_of_a_mutilated_file_is_told_or_the_file_is_left_out(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / data.draw(st.sampled_from(["told", "dublin_core.xml", "told.zip"]))
    path.write_bytes(data.draw(mutilated([content for name in NAMES for content in fixtures(name)])))
    found, left_out = find_files(path)
    assert len(found) + len(left_out) == 1


@FUZZ
@given(data=st.data())
def test_a_mutilated_item_folder_or_zip_gives_items_or_a_source_error(tmp_path_factory, data):
    names = ("dublin_core.xml", "metadata_x.xml", "contents", "handle", "collections", "relationships")
    files = {name: (DATA / "dspace-saf/full/item_001" / name) for name in names}
    contents = {name: path.read_bytes() if path.exists() else b"<dublin_core/>" for name, path in files.items()}
    broken = data.draw(st.sampled_from(names))
    contents[broken] = data.draw(mutilated([contents[broken]]))
    folder = tmp_path_factory.mktemp("item")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            (folder / name).write_bytes(content)
            archive.writestr(f"item/{name}", content)
    check(folder, "dspace-saf")
    (folder / "a.zip").write_bytes(data.draw(mutilated([packed.getvalue()])))
    check(folder / "a.zip", "dspace-saf")
