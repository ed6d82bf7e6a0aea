"""lod check, explain, status, settings: what a site holds and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lod.cli.group import OK, USAGE, json_option, main, site_option, stop
from lod.cli.site import load_plan, want_site
from lod.cli.tables import csv_option, write_table
from lod.errors import ConfigError


@main.command()
@site_option
@json_option
def check(site: Path, as_json: bool) -> None:
    """Check settings, sources, crosswalk, maps and shapes: every fault at once. Nothing is fetched.

    Hints say what a public site should still set; they are no faults.
    """
    from lod.mapping.crosswalk_files.examples import example_faults
    from lod.settings.load import SETTINGS_FILE, hints_of, public_hints
    from lod.sources.configured import read_named_sources

    sources: Sequence[object] = ()
    faults: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    rules = shapes = 0
    try:
        settings, plan = load_plan(site)
        hints = (*hints_of(site), *(f"{site / SETTINGS_FILE}: {hint}" for hint in public_hints(settings)))
        rules, shapes = len(plan.crosswalk.rules), len(plan.shapes.rules)
        sources = read_named_sources(site)
        missing = [
            f"{site / SETTINGS_FILE}, [[source]] {source.name}: {site / source.path}: no such file or folder"
            for source in sources
            if source.path and not (site / source.path).exists()
        ]
        faults = (*example_faults(plan.crosswalk), *missing)
    except ConfigError as fault:
        faults = fault.faults
    if as_json:
        found = {"faults": list(faults), "hints": list(hints), "rules": rules, "constraints": shapes}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        sys.exit(USAGE if faults else OK)
    if faults:
        stop(faults, USAGE)
    click.echo(
        f"No faults: {rules} rules with their examples, {shapes} constraints{f', {len(sources)} sources' if sources else ''}."
    )
    for hint in hints:
        click.echo(f"Hint: {hint}")


@main.command("import-mapping")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@site_option
@json_option
def import_mapping(file: Path, site: Path, as_json: bool) -> None:
    """Write rules for what DSpace's RDF mapping FILE says and our crosswalk does not; list what was left out, and why.

    FILE is DSpace's config/modules/rdf/metadata-rdf-mapping.ttl. The rules go to crosswalk/imported.toml in the site.
    """
    from dataclasses import asdict

    from lod.disk.atomic import write_atomically
    from lod.disk.os_errors import as_store_error
    from lod.mapping.crosswalk_files.import_mapping import FILE, import_mapping
    from lod.settings.load import read_settings

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
        left_out = [asdict(left) for left in made.left_out]
        click.echo(
            json.dumps({"file": written, "rules": made.rules, "left_out": left_out}, ensure_ascii=False, indent=2)
        )
        return
    click.echo(
        f"{made.rules} rules written{f' to {written}' if written else ''}, {len(made.left_out)} statements left out."
    )
    for left in made.left_out:
        click.echo(f"- {left.field}, {left.property} (mapping {left.mapping}): {left.why}.")


@main.command()
@click.argument("record", metavar="RECORD")
@site_option
@json_option
@click.option("--from-rdf", is_flag=True, help="Rebuild the fields from what is published of RECORD alone.")
def explain(record: str, site: Path, as_json: bool, from_rdf: bool) -> None:
    """Show, field by field, which rule took each value of RECORD and what it became.

    RECORD is a handle (10722/129504), the IRI of an item or of what a file of RDF describes, the old IRI of something that has moved, or the place of a refused record ("climate.csv, row 14").
    """
    from lod.cli.screen import show_explanation, show_fields
    from lod.site.explain import explain_record, explain_redirect, rebuilt_rows

    if from_rdf:
        rows = rebuilt_rows(site, record, load_plan(site)[1].crosswalk)
        if rows is None:
            stop([f"no record {record!r} is published here; 'lod status' says what there is"], USAGE)
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            show_fields(rows)
        return
    explanation = explain_record(site, record)
    moved = explain_redirect(site, record)
    if moved and (explanation is None or explanation.known.item != record):
        click.echo(
            json.dumps({"iri": record, "moved_to": moved}, indent=2)
            if as_json
            else f"{record} has moved: it answers 301 and leads to {moved}"
        )
        return
    if explanation is None:
        stop([f"no record {record!r} has been published or refused here; 'lod status' lists the refused ones"], USAGE)
    if as_json:
        click.echo(json.dumps(explanation.rows(), ensure_ascii=False, indent=2))
    else:
        show_explanation(explanation)


@main.command()
@site_option
@json_option
@click.option("--shacl", is_flag=True, help="Print all findings as a SHACL validation report in Turtle.")
@csv_option("all findings")
@click.option("--rule", default="", metavar="ID", help="Only the findings of one rule, such as I07.")
@click.option("--removed", is_flag=True, help="List what was removed: IRI and date.")
def status(site: Path, as_json: bool, shacl: bool, csv_file: str | None, rule: str, removed: bool) -> None:
    """Show generations, counts, the last run, and findings by rule, field and collection."""
    want_site(site)
    rule = _spelled(site, rule)
    if removed:
        _list_removed(site, as_json)
        return
    from lod.cli.screen import show_rule, show_status
    from lod.site.explain import site_status, validation_report

    if shacl:
        from lod.settings.load import read_settings

        click.echo(validation_report(site, read_settings(site), rule), nl=False)
        return
    if csv_file:
        from lod.site.findings_table import COLUMNS, finding_rows

        write_table(csv_file, finding_rows(site, rule), COLUMNS, "findings")
        return
    state = site_status(site, rule)
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False, indent=2))
        return
    if rule:
        from lod.site.explain import rules_with_findings
        from lod.site.findings_table import finding_rows

        show_rule(rule, state, finding_rows(site, rule), rules_with_findings(site))
    else:
        show_status(state)


def _spelled(site: Path, rule: str) -> str:
    """Return the name of a rule as findings have it, of one that was typed in other letters."""
    from lod.site.explain import rules_with_findings

    if not rule:
        return rule
    return next((name for name in rules_with_findings(site) if name.casefold() == rule.casefold()), rule)


def _list_removed(site: Path, as_json: bool) -> None:
    from lod.site.explain import removals

    rows = removals(site)
    if as_json:
        gone = [{"iri": iri, "removed": day} for iri, day in rows]
        click.echo(json.dumps({"removed": gone}, ensure_ascii=False, indent=2))
        return
    for iri, day in rows:
        click.echo(f"{day}  {iri}")


@main.command()
@json_option
def settings(as_json: bool) -> None:
    """List every setting, and every key of a [[source]], with its default."""
    from dataclasses import MISSING

    from lod.settings.load import SETTINGS
    from lod.sources.configured import SOURCE_KEYS

    rows = [
        {"name": row.name, "default": None if row.default is MISSING else row.default, "help": row.help}
        for row in SETTINGS
    ]
    rows += [
        {
            "name": f"source.{row.name}",
            "default": None if row.default is MISSING else row.default,
            "help": f"[[source]] {row.help}",
        }
        for row in SOURCE_KEYS
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for entry in rows:
        default = "no default" if entry["default"] is None else json.dumps(entry["default"])
        click.echo(f"{entry['name']} ({default})\n    {entry['help']}")
