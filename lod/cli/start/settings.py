"""lod settings: the table of settings."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

import click

from lod.cli.group import main
from lod.cli.options import json_option
from lod.cli.output import print_json


@main.command()
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
@json_option
def settings(markdown: bool, as_json: bool) -> None:
    """List every setting, and every key of a source.

    Each with its default, what it takes and what it means. Settings of lod.toml may be set by variables LOD_NAME as well.

    \b
    Examples:
      lod settings
      lod settings --json
    """
    from dataclasses import MISSING

    from lod.settings.reference import settings_reference
    from lod.settings.table import SETTINGS
    from lod.sources.configured import SOURCE_KEYS

    if markdown:
        click.echo(settings_reference(SOURCE_KEYS), nl=False)
        return
    rows: list[dict[str, Any]] = [
        {
            "name": prefix + row.name,
            "group": row.group,
            "default": None if row.default is MISSING else row.default,
            "takes": row.bounds or row.type_words,
            "help": row.help,
        }
        for prefix, table in (("", SETTINGS), ("source.", SOURCE_KEYS))
        for row in table
    ]
    if as_json:
        print_json(rows)
        return
    for group, members in groupby(rows, key=lambda row: row["group"]):
        click.echo(click.style(group, bold=True))
        for row in members:
            default = "no default" if row["default"] is None else json.dumps(row["default"])
            click.echo(f"  {row['name']} ({default})\n    {row['help']}.\n    Takes {row['takes']}.")
