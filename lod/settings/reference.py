"""The table of settings as text: the commented lod.toml of `lod init`, and docs/settings.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING
from itertools import groupby

from lod.settings.rows import Setting, toml
from lod.settings.table import SETTINGS

_INTRODUCTION = """# Settings

<!-- Made by `lod settings --markdown` from lod/settings/table.py and lod/sources/configured.py; do not edit. -->

What `lod.toml` in a site's folder may say. `lod check` names every fault at once, with a way out. A variable `LOD_NAME` in the
environment (`LOD_PORT=9000`) replaces the setting `name`; a list is then one text with blanks between the items, `keywords`
with commas. Secrets are in the environment only: those of [sources](harvesting.md#credentials), of a
[remote store](triple-stores.md) and of an [endpoint to validate](validation.md).
"""


def settings_template(chosen: Mapping[str, str]) -> str:
    """Return a commented lod.toml; `chosen` gives the settings that are written out, by name."""
    lines = ["# Settings of this site. A line that starts with # shows the default.", ""]
    for group, rows in groupby(SETTINGS, key=lambda row: row.group):
        lines += [f"# ---- {group}", ""]
        for row in rows:
            value = chosen.get(row.name)
            written = f"# {row.name} = {toml(row.default)}" if value is None else f"{row.name} = {toml(value)}"
            lines += [f"# {row.help}.", written, ""]
    return "\n".join(lines)


def settings_reference(source_rows: Sequence[Setting]) -> str:
    """Return docs/settings.md: every setting of lod.toml, and every key of a [[source]]."""
    return "\n".join([_INTRODUCTION, *_tables(SETTINGS), *_tables(source_rows)])


def _tables(rows: Iterable[Setting]) -> Iterator[str]:
    for group, members in groupby(rows, key=lambda row: row.group):
        yield f"## {group}\n\n| name | default | takes | meaning |\n| --- | --- | --- | --- |"
        for row in members:
            default = "" if row.default is MISSING else f"`{toml(row.default)}`"
            takes = row.bounds if row.bounds else row.type_words
            yield f"| `{row.name}` | {_cell(default)} | {_cell(takes)} | {_cell(row.help)} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
