"""lod coverage: what a crosswalk makes of a source, before anything is published."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import json_option, main
from lod.cli.publishing import check_format
from lod.cli.tables import csv_option, write_table

if TYPE_CHECKING:
    from lod.mapping.crosswalk import Crosswalk


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    show_default="the current folder if it is a site, else none: the bundled crosswalk",
    help="Folder of the site whose settings, crosswalk and maps are used.",
)
@click.option("--format", "format_", metavar="F", help="Format of the sources; told from their content if left out.")
@click.option(
    "--samples", type=click.IntRange(0, 1000), default=3, show_default=True, help="Values that each row shows."
)
@csv_option("both tables")
@json_option
def coverage(
    sources: tuple[str, ...],
    site: Path | None,
    format_: str | None,
    samples: int,
    csv_file: str | None,
    as_json: bool,
) -> None:
    """Show what the crosswalk makes of SOURCE… (files or folders), and what is left to do; nothing is published.

    Which rule takes which field, and what became of its values; fields without a rule; document types, dates and
    languages that could not be read, each with its most frequent values.
    """
    from lod.coverage import columns, coverage_of
    from lod.screen import progress_shown, show_coverage
    from lod.sources import open_source

    if not sources:
        raise click.UsageError("name at least one SOURCE: a file or a folder; see 'lod coverage --help'")
    check_format(format_)
    crosswalk = _crosswalk(site)
    skipped: list[tuple[str, str]] = []
    streams = [open_source(source, crosswalk.settings, format=format_, skipped=skipped) for source in sources]
    with progress_shown(quiet=as_json or csv_file is not None) as progress:
        found = coverage_of(chain.from_iterable(streams), crosswalk, progress)
    found.skipped = skipped
    if csv_file:
        write_table(csv_file, found.table(samples), columns(samples), "rows")
    elif as_json:
        click.echo(json.dumps(found.to_dict(samples), ensure_ascii=False, indent=2))
    else:
        show_coverage(found, samples)


def _crosswalk(site: Path | None) -> Crosswalk:
    """Return the crosswalk of a site, or the bundled one where there is none."""
    from lod.config import SETTINGS_FILE, make_settings, read_settings
    from lod.mapping.crosswalk import load_crosswalk

    if site is None and not Path(SETTINGS_FILE).exists():
        return load_crosswalk(make_settings({"base_iri": "https://example.org/"}, {}))
    folder = site or Path()
    return load_crosswalk(read_settings(folder), folder)
