"""lod rollback: make another generation the live one."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.options import site_option
from lod.cli.site import want_site
from lod.cli.terminal import echo


@main.command()
@click.argument("generation", required=False)
@site_option
def rollback(generation: str | None, site: Path) -> None:
    """Make an earlier GENERATION the live one.

    It is the one before if none is named. Servers follow within a second. The next 'lod publish' builds on it. 'lod status' lists what is kept.

    \b
    Examples:
      lod rollback --site mysite
      lod rollback --site mysite 20260131T101500.000000Z
    """
    from lod.store.generation.generations import Site

    want_site(site)
    now = Site(site).rollback(generation)
    echo(f"Live: {now.name}, {now.counts['records']:,} records, {now.counts['triples']:,} triples.")
