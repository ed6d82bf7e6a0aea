"""lod init, lod publish."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import BROKEN, FAULT, OK, REFUSED, json_option, main, site_option, stop
from lod.cli.reading import chosen_sources, no_source, open_sources
from lod.cli.site import load_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lod.harvest import Way
    from lod.publish.plan import Plan
    from lod.report import RunReport
    from lod.settings.load import Settings
    from lod.sources.configured import NamedSource


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--base-iri", default="http://127.0.0.1:8000/", show_default=True, help="Start of every minted IRI.")
@click.option("--title", default="My repository as linked data", show_default=True)
def init(folder: Path, base_iri: str, title: str) -> None:
    """Make a site folder DIR with a commented lod.toml."""
    from lod.site.folder import make_site

    path = make_site(folder, {"base_iri": base_iri, "title": title, "publisher": "", "license": ""})
    click.echo(f"Wrote {path}. Set base_iri, publisher and license there, then publish:")
    click.echo(f"  lod publish --site {folder} SOURCE…")


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@site_option
@click.option("--format", "format_", metavar="F", help="Format of the sources; told from their content if left out.")
@click.option("--set", "sets", metavar="SET", multiple=True, help="Harvest this set of an address; may be repeated.")
@click.option("--metadata-prefix", default="", metavar="P", help="Harvest this form; the best one if left out.")
@click.option("--full", is_flag=True, help="Harvest everything, not only what is new.")
@click.option("--cached", is_flag=True, help="Read the kept answers of the last harvests; ask nobody.")
@click.option("--dry-run", is_flag=True, help="Read, map and validate; publish nothing.")
@click.option("--partial", is_flag=True, help="The sources hold a part only: remove nothing that is missing from them.")
@click.option(
    "--allow-shrink", is_flag=True, help="Remove any share of the records; see the setting most_shrink_percent."
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
    as_json: bool,
) -> None:
    """Read SOURCE… (files, folders, addresses, names of sources), map, validate, and publish a new generation.

    An address is an OAI-PMH provider, DSpace's REST API, or a file. Without SOURCE all sources that lod.toml names are read.

    A record that was published from a SOURCE before and is missing from it now is removed; its IRI answers 410.
    """
    from lod.harvest import Way
    from lod.settings.load import SETTINGS_FILE

    check_format(format_)
    if full and cached:
        raise click.UsageError("--full asks the provider for everything, --cached asks it for nothing: take one")
    if not sources and not (site / SETTINGS_FILE).exists():
        raise no_source()
    settings, plan = load_plan(site)
    chosen = chosen_sources(site, sources, format_=format_, sets=sets, metadata_prefix=metadata_prefix)
    way = Way(full=full, cached=cached, partial=partial)
    plan = replace(plan, dry_run=dry_run, allow_shrink=allow_shrink)
    report = publish_sources(site, settings, plan, chosen, way, quiet=as_json)
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        from lod.cli.screen import show_report

        show_report(report)
    if report.faults:
        stop([*report.broken, _faulty(report.faults)], FAULT)
    if report.broken:
        stop(report.broken, BROKEN)
    sys.exit(REFUSED if report.refused else OK)


def _faulty(count: int) -> str:
    return (
        f"a fault of the program kept out {count:,} {'record' if count == 1 else 'records'} (rule 'fault'); what was published "
        "of them stays. The tracebacks are above, on the standard error, or in the log of the service; please report them "
        "with the records"
    )


def check_format(name: str | None) -> None:
    from lod.sources import SOURCES

    known = [source.name for source in SOURCES]
    if name is not None and name not in known:
        raise click.BadParameter(f"unknown format {name!r}; known: {', '.join(known)}", param_hint="--format")


def publish_sources(
    site: Path,
    settings: Settings,
    plan: Plan,
    sources: Sequence[NamedSource],
    way: Way,
    *,
    quiet: bool = False,
) -> RunReport:
    from contextlib import ExitStack
    from itertools import chain

    from lod.cli.screen import progress_shown
    from lod.memory import give_back_large_blocks
    from lod.publish.run import publish as publish_records
    from lod.store.generation.generations import Site

    give_back_large_blocks()
    with ExitStack() as stack, progress_shown(quiet=quiet) as progress:
        reading = open_sources(stack, site, sources, settings, way, progress)
        unread = tuple(str(Path(file).resolve()) for file, _ in reading.skipped)
        plan = replace(plan, scopes=tuple(reading.scopes), parts=tuple(reading.parts), unread=unread)
        report = publish_records(chain.from_iterable(reading.streams), plan, Site(site), progress)
        if not plan.dry_run:
            reading.commit()
    report.skipped = reading.skipped
    report.harvested = [harvest.summary for harvest in reading.harvests]
    report.broken = reading.broken
    return report
