"""lod coverage: what a crosswalk makes of a source, before anything is published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import main
from lod.cli.look.columns import look_at_columns
from lod.cli.options import csv_option, html_option, json_option, source_format_option
from lod.cli.output import print_json, write_page, write_table
from lod.cli.site import bundled_plan, load_plan
from lod.cli.sources import OpenedSources, check_format, chosen_sources, no_source, open_sources

if TYPE_CHECKING:
    from contextlib import ExitStack

    from lod.settings.table import Settings
    from lod.sources.tables.proposals import Proposal


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    show_default="the current folder if it is a site, else none: the bundled crosswalk",
    help="Folder of the site whose settings, crosswalk and maps are used.",
)
@source_format_option
@click.option(
    "--samples", type=click.IntRange(0, 1000), default=3, show_default=True, help="Values that each row shows."
)
@click.option("--write", is_flag=True, help="Write the proposed table of columns into the site: columns/NAME.csv.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="COLUMN",
    help="Column that names each record for good; several are taken together. 'none' goes without.",
)
@csv_option("both tables")
@html_option("both tables")
@json_option
def coverage(
    sources: tuple[str, ...],
    site: Path | None,
    format_: str | None,
    samples: int,
    write: bool,
    keys: tuple[str, ...],
    csv_file: str | None,
    html_file: Path | None,
    as_json: bool,
) -> None:
    """Show what the crosswalk makes of SOURCE….

    Nothing is published. SOURCE is a file, a folder or the name of a source; of a source on the web the responses are read that
    the last harvest has cached. Without SOURCE all sources that lod.toml names are read.

    Which rule takes which field, and what became of its values; fields without a rule; document types, dates and
    languages that could not be read, each with its most frequent values.

    Of a table whose columns no format knows: each column with five values and the field that it most probably is. --write keeps
    that in the site, after which `lod publish` reads the table; where no column names the records, --key says which does, also
    of a table whose headers are fields (dc.title).

    \b
    Examples:
      lod coverage export.csv --site mysite
      lod coverage export.csv --site mysite --csv coverage.csv
      lod coverage list.xlsx --site mysite --write --key Signature
    """
    from contextlib import ExitStack
    from itertools import chain

    from lod.cli.screen.console import progress_shown
    from lod.cli.screen.coverage import show_coverage
    from lod.settings.table import SETTINGS_FILE
    from lod.site.coverage import columns, coverage_of

    check_format(format_)
    folder = site or (Path() if Path(SETTINGS_FILE).exists() else None)
    if not sources and folder is None:
        raise no_source()
    plan = load_plan(folder)[1] if folder is not None else bundled_plan()
    if format_ is None and (tables := _unknown_tables(folder, sources, with_key=bool(keys), to_write=write)):
        look_at_columns(tables, folder, keys, write=write, as_json=as_json)
        return
    if write or keys:
        raise click.UsageError(
            "--write and --key are for tables whose columns no format knows, and for tables of DSpace's fields without identifiers; "
            "SOURCE can be read as it is"
        )
    quiet = as_json or csv_file is not None or html_file is not None
    with ExitStack() as stack, progress_shown(quiet=quiet) as progress:
        opened = _open(stack, folder, sources, format_, plan.crosswalk.settings)
        found = coverage_of(chain.from_iterable(opened.streams), plan, progress)
    found.skipped = opened.skipped
    if csv_file:
        write_table(csv_file, found.table(samples), columns(samples), "rows")
    elif html_file:
        from lod.web.quality.html_file import coverage_file

        write_page(html_file, coverage_file(found.to_dict(samples)))
    elif as_json:
        print_json(found.to_dict(samples))
    else:
        show_coverage(found, samples, folder)


def _unknown_tables(folder: Path | None, sources: tuple[str, ...], *, with_key: bool, to_write: bool) -> list[Proposal]:
    """Return the proposals for those of the files that are tables whose columns no format knows, or get a key."""
    from lod.site.columns import propose_columns
    from lod.sources.configured import read_named_sources

    named = {source.name: source for source in read_named_sources(folder)} if folder else {}
    found = []
    for argument in sources or named:
        source = named.get(argument)
        if source is None:
            found.append(propose_columns(Path(argument), folder, with_key=with_key, to_write=to_write))
        elif folder and source.path and not source.format:
            found.append(
                propose_columns(folder / source.path, folder, source.encoding, with_key=with_key, to_write=to_write)
            )
    return [proposal for proposal in found if proposal]


def _open(
    stack: ExitStack, folder: Path | None, sources: tuple[str, ...], format_: str | None, settings: Settings
) -> OpenedSources:
    """Open the sources; of what is on the web the cached responses of the last harvest, without a request."""
    from lod.harvest import Way
    from lod.sources import open_source

    if folder is not None:
        chosen = chosen_sources(folder, sources, format_=format_, sets=(), metadata_prefix="")
        return open_sources(stack, folder, chosen, settings, Way(cached=True, partial=True), None)
    opened = OpenedSources()
    for source in sources:
        opened.streams.append(open_source(source, settings, format=format_, skipped=opened.skipped))
    return opened
