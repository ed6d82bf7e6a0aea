"""lod links: how much is linked, what the files in links/ come to, candidates, and links for others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json, write_table
from lod.cli.site import want_site
from lod.cli.terminal import echo

if TYPE_CHECKING:
    from lod.links.judge import Judged
    from lod.site.links import LinkCoverage

_SHOWN = 20


@main.command()
@site_option
@click.option(
    "--candidates",
    "candidates_file",
    metavar="FILE.csv",
    help="Write what has the name of something in links/authorities/, for people to decide; - prints it. None of it is linked.",
)
@click.option(
    "--beacon", metavar="SCHEME", help="Print a BEACON file: identifiers of a scheme (gnd, orcid …) and IRIs here."
)
@click.option("--quickstatements", is_flag=True, help="Print a table of statements for Wikidata.")
@json_option
def links(site: Path, candidates_file: str | None, beacon: str | None, quickstatements: bool, as_json: bool) -> None:
    """Show how much is linked, and what is wrong in links/.

    The files in that folder of the site are checked against what is published; the next 'lod publish' publishes their links.

    \b
    Examples:
      lod links --site mysite
      lod links --site mysite --candidates candidates.csv
      lod links --site mysite --beacon gnd
    """
    from lod.errors import BadValueError
    from lod.settings.table import read_settings
    from lod.site.links import CANDIDATE_COLUMNS, SiteLinks, candidate_rows

    want_site(site)
    found = SiteLinks(site, read_settings(site))
    if beacon or quickstatements:
        try:
            for line in found.beacon(beacon) if beacon else found.quick_statements():
                click.echo(line)
        except BadValueError as fault:
            raise click.BadParameter(str(fault), param_hint="--beacon") from None
        return
    judged = found.judged()
    coverage = found.coverage(judged)
    if candidates_file:
        write_table(candidates_file, candidate_rows(found.candidates(judged)), CANDIDATE_COLUMNS, "candidates")
    elif as_json:
        print_json(_as_dict(judged, coverage))
    else:
        _show(judged, coverage)


def _as_dict(judged: Judged, coverage: list[LinkCoverage]) -> dict[str, object]:
    from lod.site.links import KINDS, counted_findings

    return {
        "links": len(judged.links),
        "files": {set_.name: stated for set_, stated in sorted(judged.stated.items(), key=lambda pair: pair[0].name)},
        "coverage": {KINDS[row.kind].lower(): row.to_dict() for row in coverage},
        "by_rule": dict(counted_findings(judged.findings)),
        "findings": [finding.to_dict() for finding in judged.findings],
    }


def _show(judged: Judged, coverage: list[LinkCoverage]) -> None:
    from lod.links.link import KNOWN
    from lod.site.links import KINDS, counted_findings

    for row in coverage:
        echo(f"{KINDS[row.kind]:<14} {row.total:>10,}")
        for scheme in sorted({*row.stated, *row.by_files}, key=lambda name: -row.stated[name] - row.by_files[name]):
            stated, by_files = row.stated[scheme], row.by_files[scheme]
            share = f"{100 * (stated + by_files) / row.total:.0f} %"
            echo(
                f"  {scheme:<12} {stated + by_files:>10,}  {share:>5}{f'   {by_files:,} by files' if by_files else ''}"
            )
    if judged.stated:
        files = ", ".join(f"{set_.name} ({stated:,})" for set_, stated in judged.stated.items())
        echo(f"Files: {files}; {len(judged.links):,} links are to be published.")
    shown = [finding for finding in judged.findings if finding.rule != KNOWN]
    for finding in shown[:_SHOWN]:
        echo(f"{finding.place}: {finding.message}")
    if len(shown) > _SHOWN:
        echo(f"… and {len(shown) - _SHOWN:,} more; --json has them all.")
    for rule, number in sorted(counted_findings(judged.findings).items()):
        echo(f"{rule}: {number:,}")
