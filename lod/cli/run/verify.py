"""lod verify: consistency check of generations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lod.cli.exit_codes import OK, REFUSED
from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.cli.site import want_site
from lod.cli.terminal import echo


@main.command()
@click.argument("generations", nargs=-1, metavar="[GENERATION]…")
@site_option
@click.option("--all", "all_kept", is_flag=True, help="Every generation that is kept.")
@click.option("--quick", is_flag=True, help="Compare figures and checksums only, which takes seconds.")
@json_option
def verify(generations: tuple[str, ...], site: Path, all_kept: bool, quick: bool, as_json: bool) -> None:
    """Check that a generation is whole and sound.

    Store, catalog, named graphs, dumps and figures are compared: those of the live generation, or of those named. Exit code 1 if
    they differ.

    \b
    Examples:
      lod verify --site mysite
      lod verify --site mysite --all --quick
    """
    from lod.site.verify import verify_site

    want_site(site)
    if all_kept and generations:
        raise click.UsageError(f"name generations ({', '.join(generations)}) or give --all, not both")
    found = dict(verify_site(site, generations, all_kept=all_kept, quick=quick))
    if as_json:
        print_json({"generations": found})
    else:
        for name, faults in found.items():
            echo(f"{name}: {'no differences' if not faults else 'differs'}")
            for fault in faults:
                echo(f"  {fault}")
    sys.exit(REFUSED if any(found.values()) else OK)
