"""lod init, lod publish."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import OK, REFUSED, json_option, main, site_option
from lod.cli.site import load_plan

if TYPE_CHECKING:
    from lod.report import RunReport


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--base-iri", default="http://127.0.0.1:8000/", show_default=True, help="Start of every minted IRI.")
@click.option("--title", default="My repository as linked data", show_default=True)
def init(folder: Path, base_iri: str, title: str) -> None:
    """Make a site folder DIR with a commented lod.toml."""
    from lod.site_folder import make_site

    path = make_site(folder, {"base_iri": base_iri, "title": title, "publisher": "", "license": ""})
    click.echo(f"Wrote {path}. Set base_iri, publisher and license there, then publish:")
    click.echo(f"  lod publish --site {folder} SOURCE…")


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@site_option
@click.option("--format", "format_", metavar="F", help="Format of the sources; told from their content if left out.")
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
    dry_run: bool,
    partial: bool,
    allow_shrink: bool,
    as_json: bool,
) -> None:
    """Read SOURCE… (files or folders), map, validate, and publish a new generation.

    A record that was published from a SOURCE before and is missing from it now is removed; its IRI answers 410.
    """
    if not sources:
        raise click.UsageError("name at least one SOURCE: a file or a folder; see 'lod publish --help'")
    check_format(format_)
    report = publish_sources(
        site, sources, format_, dry_run=dry_run, partial=partial, allow_shrink=allow_shrink, quiet=as_json
    )
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        from lod.screen import show_report

        show_report(report)
    sys.exit(REFUSED if report.refused else OK)


def check_format(name: str | None) -> None:
    from lod.sources import SOURCES

    known = [source.name for source in SOURCES]
    if name is not None and name not in known:
        raise click.BadParameter(f"unknown format {name!r}; known: {', '.join(known)}", param_hint="--format")


def publish_sources(
    site: Path,
    sources: tuple[str, ...],
    format_: str | None,
    *,
    dry_run: bool = False,
    partial: bool = False,
    allow_shrink: bool = False,
    quiet: bool = False,
) -> RunReport:
    from dataclasses import replace
    from itertools import chain

    from lod.publish import publish as publish_records
    from lod.screen import progress_shown
    from lod.sources import open_source
    from lod.store.generations import Site

    settings, plan = load_plan(site)
    plan = replace(plan, dry_run=dry_run, allow_shrink=allow_shrink)
    skipped: list[tuple[str, str]] = []
    streams = [open_source(source, settings, format=format_, skipped=skipped) for source in sources]
    if not partial:
        unread = tuple(str(Path(file).resolve()) for file, _ in skipped)
        plan = replace(plan, scopes=tuple(str(Path(source).resolve()) for source in sources), unread=unread)
    with progress_shown(quiet=quiet) as progress:
        report = publish_records(chain.from_iterable(streams), plan, Site(site), progress)
    report.skipped = skipped
    return report
