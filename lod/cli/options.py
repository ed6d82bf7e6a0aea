"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

site_option = click.option(
    "--site",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="Folder of the site: lod.toml and, if wanted, crosswalk/, maps/, shapes/, links/.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
source_format_option = click.option(
    "--format",
    "format_",
    metavar="F",
    help="Format of the sources, see 'lod formats'; told from their content if left out.",
)


def html_option(what: str) -> Callable[[Any], Any]:
    """Return the option --html FILE of a command."""
    return click.option(
        "--html", "html_file", type=click.Path(path_type=Path), metavar="FILE", help=f"Write {what} as an HTML page."
    )


def csv_option(what: str) -> Callable[[Any], Any]:
    """Return the option --csv FILE of a command."""
    return click.option(
        "--csv", "csv_file", metavar="FILE", help=f"Write {what} as CSV for a spreadsheet; - prints them."
    )
