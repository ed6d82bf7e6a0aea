"""lod dump: the dumps of the live generation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lod.cli.group import json_option, main, site_option, stop
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
    """Write the dumps of the live generation into the new folder DIR, with checksums; without DIR list what it carries.

    Each generation carries dumps already (the setting dump_formats); this is for other formats, other places, and for the bulk
    loaders of triple stores: with --graph N-Quads name the graph in every line, and a file .graph beside the others, as Virtuoso wants it.
    """
    from dataclasses import asdict

    from lod.cli.group import USAGE
    from lod.dump.manifest import Manifest
    from lod.settings.load import read_settings, store_faults
    from lod.site.dump import write_dumps
    from lod.store.generation.generations import Site

    settings = read_settings(site)
    live = Site(site).live()
    if live is None:
        stop([f"{site}: nothing has been published yet; begin with 'lod publish SOURCE…'"], USAGE)
    if graph and folder is None:
        raise click.UsageError("--graph is for dumps that are written: give DIR, a new folder")
    if faults := list(store_faults({"store_graph": graph})):
        stop([fault.replace("'store_graph'", "--graph") for fault in faults], USAGE)
    if folder is None:
        found = Manifest.of(live.directory)
        files = found.files if found else ()
    else:
        files = write_dumps(live, settings, folder, formats or settings.dump_formats, graph).files
    if as_json:
        rows = [asdict(file) for file in files]
        click.echo(json.dumps({"generation": live.name, "files": rows}, ensure_ascii=False, indent=2))
        return
    click.echo(f"Generation {live.name}{': no dumps' if not files else ''}")
    for file in files:
        click.echo(f"  {file.name:16} {file.bytes:>14,} bytes {file.triples:>12,} statements  {file.sha256}")
