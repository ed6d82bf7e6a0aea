"""The formats that `lod formats` lists."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Column, Table

from lod.cli.screen.console import plain_console


def show_formats(sources: list[dict[str, Any]], output: list[dict[str, Any]]) -> None:
    """Print the formats of sources, and those of what is written."""
    console = plain_console()
    table = Table(Column("--format", no_wrap=True), "Sources that are read", show_edge=False)
    for row in sources:
        table.add_row(row["name"], escape(row["help"]))
    console.print(table)
    table = Table("Format", "For", "Ending", "Media type", "Dumps", show_edge=False)
    for row in output:
        table.add_row(row["name"], row["use"], f".{row['ending']}", row["media_type"], " ".join(row["dumps"]))
    console.print()
    console.print(table)
