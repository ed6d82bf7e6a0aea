"""lod validate: foreign RDF against the shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.exit_codes import OK, REFUSED
from lod.cli.group import main
from lod.cli.options import csv_option, json_option
from lod.cli.output import print_json, write_table
from lod.cli.terminal import escaped
from lod.rdf.formats import BY_EXTENSION

if TYPE_CHECKING:
    from lod.validation.foreign.validate import ForeignReport


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]…")
@click.option("--endpoint", metavar="URL", help="Judge the data of a SPARQL endpoint instead of files.")
@click.option("--limit", default=10_000, show_default=True, help="Most resources that are fetched from an endpoint.")
@click.option(
    "--format", "format_", default="", metavar="F", help=f"{', '.join(BY_EXTENSION)}; else told from the name."
)
@click.option(
    "--shapes",
    "folder",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Shapes of this Turtle file or folder only, instead of the bundled rules.",
)
@click.option("--shacl", is_flag=True, help="Print a SHACL validation report in Turtle.")
@csv_option("all findings")
@json_option
def validate(
    files: tuple[Path, ...],
    endpoint: str | None,
    limit: int,
    format_: str,
    folder: Path | None,
    shacl: bool,
    csv_file: str | None,
    as_json: bool,
) -> None:
    """Judge any RDF, in FILE… or at an endpoint, by the shapes.

    FILE is Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML, .gz too.
    An endpoint gets LOD_ENDPOINT_USER and LOD_ENDPOINT_PASSWORD, or LOD_ENDPOINT_TOKEN, of the environment.

    Exits with 0 if there is no violation, 1 if there is one or nothing could be judged, 3 if something cannot be read.

    \b
    Examples:
      lod validate records.ttl
      lod validate records.ttl --shapes myshapes
      lod validate --endpoint https://data.example.org/sparql --limit 500
    """
    if bool(files) == bool(endpoint):
        raise click.UsageError("name the files to judge, or an endpoint with --endpoint; see 'lod validate --help'")
    report = _judged(files, endpoint, limit, format_, folder)
    if shacl:
        from lod.validation.report_graph import to_turtle

        click.echo(escaped(to_turtle(report.findings, "urn:lod:")), nl=False)
    elif csv_file:
        from lod.site.findings_table import COLUMNS, foreign_rows

        write_table(csv_file, foreign_rows(report.findings), COLUMNS, "findings")
    elif as_json:
        print_json(report.to_dict())
    else:
        from lod.cli.screen.validation import show_foreign

        show_foreign(report)
    sys.exit(OK if report.conforms else REFUSED)


def _judged(
    files: tuple[Path, ...], endpoint: str | None, limit: int, format_: str, folder: Path | None
) -> ForeignReport:
    import pyoxigraph
    from rdflib import SH

    from lod.bundled import SHAPES
    from lod.disk.scratch import scratch_folder
    from lod.validation.foreign.endpoint import fetch
    from lod.validation.foreign.files import load_file
    from lod.validation.foreign.validate import judge_graph
    from lod.validation.rules.table import CODE_RULES
    from lod.validation.rules.whole_store import WHOLE_RULES
    from lod.validation.shapes import load_shapes

    in_code = {*(rule.id for rule in CODE_RULES), *WHOLE_RULES} if folder else ()
    shapes = load_shapes([folder or SHAPES], without=in_code)
    with scratch_folder() as scratch:
        store = pyoxigraph.Store(str(scratch))
        only = None
        for file in files:
            load_file(store, file, format_)
        if endpoint:
            classes = {str(term) for term in shapes.graph.objects(None, SH.targetClass)}
            only = fetch(store, endpoint, classes, limit)
        report = judge_graph(store, shapes, only)
        del store
    return report
