"""Files read as another format, formats of mutilated files, mutilated folders and zips: items or a SourceError. See also tests/fuzz."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.sources import SOURCES, find_files
from tests.fuzz.targets import check_items
from tests.helpers.mutilated import mutilated
from tests.helpers.paths import FIXTURES

DATA = FIXTURES / "sources"
NAMES = [source_format.name for source_format in SOURCES]


def fixtures(name: str) -> list[bytes]:
    """Return the contents of a format's fixtures."""
    return [path.read_bytes() for path in sorted((DATA / name).rglob("*")) if path.is_file()]


FUZZ = hypothesis_settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@FUZZ
@given(data=st.data())
def test_a_file_of_one_format_read_as_another_gives_items_or_a_source_error(tmp_path_factory, name, data):
    content = data.draw(st.sampled_from([content for other in NAMES if other != name for content in fixtures(other)]))
    path = tmp_path_factory.getbasetemp() / f"mistaken-{name}"
    path.write_bytes(content)
    check_items(path, name)


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
    check_items(folder, "dspace-saf")
    (folder / "a.zip").write_bytes(data.draw(mutilated([packed.getvalue()])))
    check_items(folder / "a.zip", "dspace-saf")
