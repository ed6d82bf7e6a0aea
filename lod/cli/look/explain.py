"""lod explain: what became of a record."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.cli.site import load_plan
from lod.cli.terminal import echo


@main.command()
@click.argument("record", metavar="RECORD", required=False, default="")
@site_option
@json_option
@click.option("--from-rdf", is_flag=True, help="Rebuild the fields from what is published of RECORD alone.")
@click.option(
    "--rule", "rule", default="", metavar="RULE", help="Show a rule: 'dspace.toml, rule 79', or I17 of a finding."
)
def explain(record: str, site: Path, as_json: bool, from_rdf: bool, rule: str) -> None:
    """Show which rule took each value of RECORD.

    And what the value became. RECORD is a handle (10722/129504), the IRI of an item or of what a file of RDF describes, the old IRI of something that has
    moved, or the place of a refused record ("climate.csv, row 14").

    \b
    Examples:
      lod explain 10722/129504 --site mysite
      lod explain 'export.csv, row 14' --site mysite
      lod explain --rule 'dspace.toml, rule 79' --site mysite
    """
    if bool(record) == bool(rule):
        raise click.UsageError("name a RECORD, or a rule with --rule; see 'lod explain --help'")
    if rule:
        _rule(rule, site, as_json)
        return
    if from_rdf:
        _rebuild(record, site, as_json)
        return
    from lod.cli.screen.record import show_explanation
    from lod.site.explain import explain_record, explain_redirect

    explanation = explain_record(site, record)
    moved = explain_redirect(site, record)
    if moved and (explanation is None or explanation.known.item != record):
        if as_json:
            print_json({"iri": record, "moved_to": moved})
        else:
            echo(f"{record} has moved: it answers 301 and leads to {moved}")
    elif explanation is None:
        stop(
            [f"no record {record!r} has been published or refused in this site; 'lod status' lists the refused ones"],
            USAGE,
        )
    elif as_json:
        print_json(explanation.rows())
    else:
        show_explanation(explanation)


def _rebuild(record: str, site: Path, as_json: bool) -> None:
    from lod.cli.screen.record import show_fields
    from lod.site.explain import rebuilt_rows

    rows = rebuilt_rows(site, record, load_plan(site)[1].crosswalk)
    if rows is None:
        stop([f"no record {record!r} is published in this site; 'lod status' says what there is"], USAGE)
    if as_json:
        print_json(rows)
    else:
        show_fields(rows)


def _rule(name: str, site: Path, as_json: bool) -> None:
    from lod.site.explain import explain_rule

    _, plan = load_plan(site)
    row = explain_rule(name, plan.crosswalk, plan.shapes)
    if row is None:
        stop(
            [
                f"no rule {name!r}; 'lod coverage' names the rules of fields ('dspace.toml, rule 79'), 'lod status' those of findings"
            ],
            USAGE,
        )
    elif as_json:
        print_json(row)
    else:
        for key, value in row.items():
            click.echo(f"{key:<9} {value}")
