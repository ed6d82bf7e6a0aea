"""lod restore: a backup becomes the live generation."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.options import site_option
from lod.cli.terminal import echo


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@site_option
def restore(folder: Path, site: Path) -> None:
    """Make the backup in DIR the live generation.

    Every file of it is checked first. The site may be a new folder.

    \b
    Examples:
      lod restore backups/monday --site mysite
    """
    from lod.site.backup import restore as restore_backup

    if folder.resolve() == site.resolve():
        raise click.UsageError(f"{folder} is the backup itself; name the folder to restore into with --site")
    name, left = restore_backup(folder, site)
    echo(f"Live: {name}.")
    for own in left:
        echo(f"Left as it is: {site / own}; the backup's is in {folder / own}.")
