"""lod backup: a copy of a site, with checksums."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.options import site_option
from lod.cli.terminal import echo


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@site_option
@click.option("--no-verify", is_flag=True, help="Copy a damaged generation as well; it is refused otherwise.")
def backup(folder: Path, site: Path, no_verify: bool) -> None:
    """Copy settings and live generation into the new folder DIR.

    Checksums are written beside them, and the copy is verified. Serving and publishing may go on. DIR has the form of a site:
    'lod serve --site DIR' serves it, 'lod verify --site DIR' compares every claim.

    \b
    Examples:
      lod backup backups/monday --site mysite
    """
    from lod.site.backup import SUMS, back_up

    name = back_up(site, folder, verify=not no_verify)
    echo(f"Wrote {folder}: generation {name}. To check it: cd {folder} && sha256sum --check --quiet {SUMS}")
