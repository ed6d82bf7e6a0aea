"""What the tests of sources share: settings, and reading a text as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lod.settings.table import Settings
from lod.sources import Item, open_source

Read = Callable[..., list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes content to a file of a name and reads it as a source."""

    def read_content(name: str, content: str | bytes, *, format: str | None = None, **settings: str) -> list[Item]:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return list(open_source(path, Settings(base_iri="https://example.org/", **settings), format=format))

    return read_content
