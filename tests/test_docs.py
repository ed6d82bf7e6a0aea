"""The documentation says what the program does: commands, settings, kinds and source formats have their place in it."""

import re

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.settings.load import SETTINGS
from lod.sources import SOURCES
from lod.sources.configured import SOURCE_KEYS
from tests.helpers.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_command_has_a_line_in_the_readme():
    assert len(main.commands) >= 8
    assert [name for name in main.commands if f"| `lod {name}" not in README] == []


def test_every_source_format_has_a_line_in_the_documentation():
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert len(SOURCES) >= 2
    assert [source.name for source in SOURCES if f"`{source.name}`" not in text] == []


def test_the_settings_command_lists_every_setting():
    output = CliRunner().invoke(main, ["settings"]).output
    assert [row.name for row in SETTINGS if row.name not in output] == []


def test_every_row_of_settings_has_a_help_text():
    assert [row.name for row in SETTINGS if not row.metadata["help"]] == []


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in DOCS])
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_key_of_a_named_source_is_in_the_documentation():
    text = (ROOT / "docs" / "harvesting.md").read_text(encoding="utf-8")
    assert len(SOURCE_KEYS) >= 10
    assert [
        row.name for row in SOURCE_KEYS if f"| `{row.name}` |" not in text or row.metadata["help"] not in text
    ] == []
