"""lod dump: the dumps of the live generation."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.cli.terminal import echo
from lod.rdf.formats import DUMP_NAMES


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@site_option
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(DUMP_NAMES),
    help="Write this dump; may be given several times. All that the site carries if left out. One that it does not carry brings nt.gz along.",
)
@click.option(
    "--graph",
    metavar="IRI",
    default="",
    help="Named graph of a triple store that the published triples are meant for; the default graph if left out.",
)
@json_option
def dump(folder: Path | None, site: Path, formats: tuple[str, ...], graph: str, as_json: bool) -> None:
    """List the dumps of the live generation, or write some.

    They are written into DIR, a new folder; checksums are beside them. Each generation carries dumps already (the setting dump_formats); this is for other formats, other places, and for the bulk
    loaders of triple stores: with --graph N-Quads name the graph in every line, and a file .graph beside the others, as Virtuoso wants it.

    \b
    Examples:
      lod dump --site mysite
      lod dump --site mysite dumps --format nt.gz
    """
    from dataclasses import asdict

    from lod.dump.manifest import Manifest
    from lod.settings.table import read_settings, store_faults
    from lod.site.dump import write_dumps
    from lod.store.generation.generations import Site

    settings = read_settings(site)
    live = Site(site).live()
    if live is None:
        stop([f"{site}: nothing has been published yet; begin with 'lod publish SOURCE…'"], USAGE)
    if graph and folder is None:
        raise click.UsageError("--graph is for dumps that are written: give DIR, a new folder")
    if faults := list(store_faults({"store_graph": graph}, {"store_graph": "--graph"})):
        stop(faults, USAGE)
    if folder is None:
        found = Manifest.of(live.directory)
        files = found.files if found else ()
    else:
        files = write_dumps(live, settings, folder, formats or settings.dump_formats, graph).files
    if as_json:
        print_json({"generation": live.name, "files": [asdict(file) for file in files]})
        return
    echo(f"Generation {live.name}{': no dumps' if not files else ''}")
    for file in files:
        echo(f"  {file.name:16} {file.bytes:>14,} bytes {file.triples:>12,} statements  {file.sha256}")
