"""lod rollback, verify, backup, restore: the generations of a site."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lod.cli.group import OK, REFUSED, json_option, main, site_option
from lod.cli.site import want_site


@main.command()
@click.argument("generation", required=False)
@site_option
def rollback(generation: str | None, site: Path) -> None:
    """Make GENERATION the live one again: the one before the live one, if none is named.

    Servers follow within a second. The next 'lod publish' builds on it. 'lod status' lists what is kept.
    """
    from lod.store.generation.generations import Site

    want_site(site)
    now = Site(site).rollback(generation)
    click.echo(f"Live: {now.name}, {now.counts['records']:,} records, {now.counts['triples']:,} triples.")


@main.command()
@click.argument("generations", nargs=-1, metavar="[GENERATION]…")
@site_option
@click.option("--all", "all_kept", is_flag=True, help="Every generation that is kept.")
@click.option("--quick", is_flag=True, help="Compare figures and checksums only, which takes seconds.")
@json_option
def verify(generations: tuple[str, ...], site: Path, all_kept: bool, quick: bool, as_json: bool) -> None:
    """Compare store, catalog, named graphs, dumps and figures of the live generation, or of others: exit code 1 if they differ."""
    from lod.site.verify import verify_site

    want_site(site)
    if all_kept and generations:
        raise click.UsageError(f"name generations ({', '.join(generations)}) or give --all, not both")
    found = dict(verify_site(site, generations, all_kept=all_kept, quick=quick))
    if as_json:
        click.echo(json.dumps({"generations": found}, ensure_ascii=False, indent=2))
    else:
        for name, faults in found.items():
            click.echo(f"{name}: {'no differences' if not faults else 'differs'}")
            for fault in faults:
                click.echo(f"  {fault}")
    sys.exit(REFUSED if any(found.values()) else OK)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@site_option
@click.option("--no-verify", is_flag=True, help="Copy a damaged generation as well; without it, one makes no backup.")
def backup(folder: Path, site: Path, no_verify: bool) -> None:
    """Copy the settings and the live generation into the new folder DIR, with checksums, and see whether the copy is sound.

    Serving and publishing may go on. DIR has the form of a site: 'lod serve --site DIR' serves it, 'lod verify --site DIR' compares
    every claim.
    """
    from lod.site.backup import SUMS, back_up

    name = back_up(site, folder, verify=not no_verify)
    click.echo(f"Wrote {folder}: generation {name}. To check it: cd {folder} && sha256sum --check --quiet {SUMS}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@site_option
def restore(folder: Path, site: Path) -> None:
    """Check the backup in DIR and make its generation the live one of the site, which may be a new folder."""
    from lod.site.backup import restore as restore_backup

    if folder.resolve() == site.resolve():
        raise click.UsageError(f"{folder} is the backup itself; name the folder to restore into with --site")
    name, left = restore_backup(folder, site)
    click.echo(f"Live: {name}.")
    for own in left:
        click.echo(f"Left as it is: {site / own}; the backup's is in {folder / own}.")
