"""lod init: make a site folder."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.terminal import echo

_LOCAL = "http://127.0.0.1:8000/"
"""Start of IRIs that lead here from this machine only, as `lod serve` listens."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--base-iri", default=_LOCAL, show_default=True, help="Start of every minted IRI.")
@click.option("--title", default="My repository as linked data", show_default=True)
@click.option("--publisher", default="", help="Name of who publishes the data.")
@click.option("--license", "license_", default="", metavar="URL", help="Address of the licence of the data.")
def init(folder: Path, base_iri: str, title: str, publisher: str, license_: str) -> None:
    """Make a site folder DIR with a commented lod.toml.

    \b
    Examples:
      lod init mysite
      lod init mysite --base-iri https://data.example.org/ --title 'Theses of Exampletown'
      lod init mysite --publisher 'Example Library' --license https://creativecommons.org/publicdomain/zero/1.0/
    """
    from lod.site.folder import make_site

    chosen = {"base_iri": base_iri, "title": title, "publisher": publisher, "license": license_}
    path = make_site(folder, chosen)
    unset = " and ".join(name for name, value in chosen.items() if value in ("", _LOCAL))
    echo(f"Wrote {path}.{f' Set {unset} there.' if unset else ''} To publish:")
    echo(f"  lod publish --site {folder} SOURCE…")
