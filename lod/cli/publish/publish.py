"""lod publish: sources in, a new generation out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.exit_codes import BROKEN, FAULT, OK, REFUSED, stop
from lod.cli.group import main
from lod.cli.options import json_option, site_option, source_format_option
from lod.cli.output import print_json
from lod.cli.site import load_plan
from lod.cli.sources import check_format, chosen_sources, no_source, open_sources
from lod.cli.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lod.harvest import Way
    from lod.publish.plan import Plan
    from lod.report import RunReport
    from lod.settings.table import Settings
    from lod.sources.configured import NamedSource


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@site_option
@source_format_option
@click.option("--set", "sets", metavar="SET", multiple=True, help="Harvest this set of an address; may be repeated.")
@click.option("--metadata-prefix", default="", metavar="P", help="Harvest this form; the best one if left out.")
@click.option("--full", is_flag=True, help="Harvest everything, and read every file, not only what is new.")
@click.option("--cached", is_flag=True, help="Read the cached responses of the last harvests; send no request.")
@click.option("--dry-run", is_flag=True, help="Read, map and validate; publish nothing.")
@click.option("--partial", is_flag=True, help="The sources hold a part only: remove nothing that is missing from them.")
@click.option(
    "--allow-shrink", is_flag=True, help="Remove any share of the records; see the setting most_shrink_percent."
)
@click.option("--workers", default="", metavar="N", help="Map and judge in N processes; see the setting workers.")
@click.option(
    "--dask",
    default="",
    metavar="ADDRESS",
    help="Map and judge on a Dask cluster: tcp://HOST:PORT of its scheduler, or local for one on this machine.",
)
@click.option(
    "--preview",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show the first N records as they would be; publish nothing.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Write the whole report as a page, too.",
)
@json_option
def publish(
    sources: tuple[str, ...],
    site: Path,
    format_: str | None,
    sets: tuple[str, ...],
    metadata_prefix: str,
    full: bool,
    cached: bool,
    dry_run: bool,
    partial: bool,
    allow_shrink: bool,
    workers: str,
    dask: str,
    preview: int | None,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Read SOURCE…, map, validate, and publish a new generation.

    SOURCE is a file, a folder, an address or the name of a source. An address is an OAI-PMH provider, DSpace's REST API, or a
    file. Without SOURCE all sources that lod.toml names are read.

    A record that was published from a SOURCE before and is missing from it now is removed; its IRI answers 410.

    \b
    Examples:
      lod publish --site mysite export.csv
      lod publish --site mysite export.csv --preview 3
      lod publish --site mysite https://repository.example.edu/oai/request --set col_1
      lod publish --site mysite --report report.html
    """
    from lod.harvest import Way
    from lod.report import INCOMPLETE, Severity
    from lod.settings.table import SETTINGS_FILE, WORKERS, hints_of

    check_format(format_)
    if workers and not WORKERS.fits(workers):
        raise click.BadParameter(
            f"it takes {WORKERS.takes.removesuffix(' in quotation marks')}", param_hint="--workers"
        )
    if dask and dask != "local" and "://" not in dask:
        raise click.BadParameter(
            "it takes the address of a scheduler, such as tcp://127.0.0.1:8786, or local", param_hint="--dask"
        )
    if full and cached:
        raise click.UsageError("--full fetches everything, --cached fetches nothing: give one of them")
    if not sources and not (site / SETTINGS_FILE).exists():
        raise no_source()
    settings, plan = load_plan(site)
    chosen = chosen_sources(site, sources, format_=format_, sets=sets, metadata_prefix=metadata_prefix)
    for hint in hints_of(site):
        echo(f"Hint: {hint}", err=True)
    way = Way(full=full, cached=cached, partial=partial)
    if preview:
        _preview(site, settings, plan, chosen, way, preview)
        return
    plan = replace(plan, dry_run=dry_run, allow_shrink=allow_shrink, workers=workers, dask=dask)
    report = publish_sources(site, settings, plan, chosen, way, quiet=as_json)
    if report_file:
        from lod.cli.screen.report_page import report_page
        from lod.disk.atomic import write_atomically

        write_atomically(report_file, report_page(report))
    if as_json:
        print_json(report.to_dict())
    else:
        from lod.cli.screen.report import show_report

        show_report(report, site)
    if report.faults:
        stop([*report.broken, _faults_message(report.faults)], FAULT)
    if report.broken:
        stop(report.broken, BROKEN)
    sys.exit(REFUSED if report.refused or report.by_rule[INCOMPLETE, Severity.VIOLATION] else OK)


def _preview(site: Path, settings: Settings, plan: Plan, chosen: Sequence[NamedSource], way: Way, most: int) -> None:
    """Show the first records of sources as they would be published."""
    from contextlib import ExitStack
    from itertools import chain

    from lod.cli.screen.preview import show_previews
    from lod.site.preview import previews

    with ExitStack() as stack:
        opened = open_sources(stack, site, chosen, settings, way, None)
        show_previews(previews(chain.from_iterable(opened.streams), plan, most))


def _faults_message(count: int) -> str:
    return (
        f"a fault of the program kept out {count:,} {'record' if count == 1 else 'records'} (rule 'fault'); what was published "
        "of them stays. The tracebacks are above, on the standard error, in the log of the service, or in those of Dask's "
        "workers; please report them with the records"
    )


def publish_sources(
    site: Path,
    settings: Settings,
    plan: Plan,
    sources: Sequence[NamedSource],
    way: Way,
    *,
    quiet: bool = False,
) -> RunReport:
    """Publish sources into a site, with progress on a terminal unless `quiet`; return what became of them."""
    from contextlib import ExitStack
    from itertools import chain

    from lod.cli.screen.console import progress_shown
    from lod.memory import give_back_large_blocks
    from lod.publish.known_files import KnownFiles
    from lod.publish.run import publish as publish_records
    from lod.store.generation.generations import Site

    give_back_large_blocks()
    with ExitStack() as stack, progress_shown(quiet=quiet) as progress:
        files = None if way.full else KnownFiles()
        opened = open_sources(stack, site, sources, settings, way, progress, files)
        unread = tuple(str(Path(file).resolve()) for file, _ in opened.skipped)
        plan = replace(plan, scopes=tuple(opened.scopes), parts=tuple(opened.parts), unread=unread)
        report = publish_records(chain.from_iterable(opened.streams), plan, Site(site), progress, files)
        if not plan.dry_run:
            opened.commit()
    report.skipped = opened.skipped
    report.harvested = [harvest.summary for harvest in opened.harvests]
    report.broken = opened.broken
    return report
