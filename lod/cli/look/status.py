"""lod status: what a site holds."""

from __future__ import annotations

from pathlib import Path

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.group import main
from lod.cli.options import csv_option, html_option, json_option, site_option
from lod.cli.output import print_json, write_page, write_table
from lod.cli.site import want_site
from lod.cli.terminal import echo, escaped


@main.command()
@site_option
@json_option
@click.option("--shacl", is_flag=True, help="Print all findings as a SHACL validation report in Turtle.")
@csv_option("all findings")
@html_option("the quality of the records")
@click.option("--rule", default="", metavar="ID", help="Only the findings of one rule, such as I07.")
@click.option("--removed", is_flag=True, help="List what was removed: IRI and date.")
def status(
    site: Path, as_json: bool, shacl: bool, csv_file: str | None, html_file: Path | None, rule: str, removed: bool
) -> None:
    """Show generations, counts, the last run and its findings.

    Findings are counted by rule, field and collection.

    \b
    Examples:
      lod status --site mysite
      lod status --site mysite --rule I07
      lod status --site mysite --csv findings.csv
      lod status --site mysite --html quality.html
    """
    from lod.cli.screen.status import show_rule, show_status
    from lod.site.findings_table import COLUMNS, finding_rows
    from lod.site.status import rules_with_findings, site_status, validation_report

    want_site(site)
    if removed:
        _list_removed(site, as_json)
        return
    if html_file:
        write_page(html_file, _quality_page(site))
        return
    known = rules_with_findings(site) if rule else []
    rule = next((name for name in known if name.casefold() == rule.casefold()), rule)
    if shacl:
        from lod.settings.table import read_settings

        click.echo(escaped(validation_report(site, read_settings(site), rule)), nl=False)
    elif csv_file:
        write_table(csv_file, finding_rows(site, rule), COLUMNS, "findings")
    elif as_json:
        print_json(site_status(site, rule))
    elif rule:
        show_rule(rule, site_status(site, rule), finding_rows(site, rule), known)
    else:
        show_status(site_status(site))


def _quality_page(site: Path) -> str:
    """Return the pages about the quality of the records as one page."""
    from lod.dump.void_and_dcat import DESCRIPTION_GRAPH
    from lod.settings.table import read_settings
    from lod.store.generation.generations import Site
    from lod.store.quality.build.schema import QUALITY
    from lod.store.quality.find.index import QualityIndex
    from lod.web.quality.html_file import quality_file
    from lod.web.reading.site_descriptions import published_description

    settings, live = read_settings(site), Site(site).live()
    index = QualityIndex.open(live.directory / QUALITY) if live else None
    if live is None or index is None:
        stop(["there are no figures of quality yet; they come with the next 'lod publish'"], USAGE)
    lines = live.graph_lines(settings.base_iri + DESCRIPTION_GRAPH) or ()
    return quality_file(index, settings, published_description(settings, live, lines))


def _list_removed(site: Path, as_json: bool) -> None:
    from lod.site.status import removals

    rows = removals(site)
    if as_json:
        print_json({"removed": [{"iri": iri, "removed": day} for iri, day in rows]})
        return
    for iri, day in rows:
        echo(f"{day}  {iri}")
