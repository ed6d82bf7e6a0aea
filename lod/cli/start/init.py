"""lod init: make a site folder."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.terminal import echo


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--base-iri", default="http://127.0.0.1:8000/", show_default=True, help="Start of every minted IRI.")
@click.option("--title", default="My repository as linked data", show_default=True)
def init(folder: Path, base_iri: str, title: str) -> None:
    """Make a site folder DIR with a commented lod.toml.

    \b
    Examples:
      lod init mysite
      lod init mysite --base-iri https://data.example.org/ --title 'Theses of Example'
    """
    from lod.site.folder import make_site

    path = make_site(folder, {"base_iri": base_iri, "title": title, "publisher": "", "license": ""})
    echo(f"Wrote {path}. Set base_iri, publisher and license there, then publish:")
    echo(f"  lod publish --site {folder} SOURCE…")
