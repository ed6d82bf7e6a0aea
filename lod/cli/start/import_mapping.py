"""lod import-mapping: rules from DSpace's RDF mapping."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.cli.terminal import echo


@main.command("import-mapping")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@site_option
@json_option
def import_mapping(file: Path, site: Path, as_json: bool) -> None:
    """Write rules of the crosswalk for DSpace's RDF mapping FILE.

    They are for what the mapping says and our crosswalk does not; what was left out is listed with the reason. FILE is
    DSpace's config/modules/rdf/metadata-rdf-mapping.ttl. The rules go to crosswalk/imported.toml in the site.

    \b
    Examples:
      lod import-mapping metadata-rdf-mapping.ttl --site mysite
    """
    from dataclasses import asdict

    from lod.disk.atomic import write_atomically
    from lod.disk.os_errors import as_store_error
    from lod.mapping.crosswalk_files.import_mapping import FILE, import_mapping
    from lod.settings.table import read_settings

    target = site / "crosswalk" / FILE
    if target.exists():
        stop([f"{target} is there already; rename or remove it, then import again"], USAGE)
    made = import_mapping(file, read_settings(site), site)
    if made.rules:
        with as_store_error(target, "writing the rules"):
            target.parent.mkdir(exist_ok=True)
            write_atomically(target, made.toml)
    written = str(target) if made.rules else None
    if as_json:
        print_json({"file": written, "rules": made.rules, "left_out": [asdict(left) for left in made.left_out]})
        return
    echo(f"{made.rules} rules written{f' to {written}' if written else ''}, {len(made.left_out)} statements left out.")
    for left in made.left_out:
        echo(f"- {left.field}, {left.property} (mapping {left.mapping}): {left.why}.")
