"""Real records of other repositories, where the folder with them lies beside the checkout."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.helpers.paths import SHARED_FOLDER

SHARED_DATA = SHARED_FOLDER / "data"
_ABSENT = pytest.mark.skip(reason="the folder 'shared' with real data is not there")


def shared_files(*patterns: str) -> list[Path]:
    """Return the real files of some formats, by patterns below the folder of data; none where the folder is not there."""
    if not SHARED_DATA.is_dir():
        return []
    files = sorted({path for pattern in patterns for path in SHARED_DATA.glob(pattern) if path.is_file()})
    assert files, f"the folder {SHARED_DATA} has no file like {', '.join(patterns)}"
    return files


def each_shared_file(*patterns: str) -> list:
    """Return one parameter a file, named after it; one that is skipped, with the reason, where the folder is not there."""
    files = shared_files(*patterns)
    named = [pytest.param(path, id=str(path.relative_to(SHARED_DATA))) for path in files]
    return named or [pytest.param(None, marks=_ABSENT, id="no-shared-data")]


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, gunzipped where it is gzip."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
