"""What `lod validate` prints: findings about any RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lod.cli.screen.console import MOST_FIELDS, SEVERITY_STYLES, plain_console

if TYPE_CHECKING:
    from lod.validation.foreign.validate import ForeignReport

_MOST_OF_A_RULE = 5


def show_foreign(report: ForeignReport) -> None:
    """Print what was found in foreign data, by rule, and what nothing has judged."""
    console = plain_console()
    order = list(SEVERITY_STYLES)
    rows = sorted(report.by_rule().items(), key=lambda row: (order.index(row[0][1]), -row[1]))
    for (rule, severity, message), count in rows:
        console.print(f"[{SEVERITY_STYLES[severity]}]{escape(rule)} {severity}[/] {count:,}: {escape(message)}")
        shown = [finding for finding in report.findings if finding.rule == rule][:_MOST_OF_A_RULE]
        for finding in shown:
            console.print(f"    {escape(finding.focus or finding.record)} [dim]{escape(finding.value)}[/]")
        if count > len(shown):
            console.print(f"    [dim]… and {count - len(shown):,} more[/]")
    console.print(f"\n{report.triples:,} triples, {report.resources:,} resources, {report.judged:,} judged.")
    unjudged = report.resources - report.judged
    if unjudged:
        names = ", ".join(
            f"{name or 'no class'} ({count:,})" for name, count in report.unjudged.most_common(MOST_FIELDS)
        )
        console.print(escape(f"{unjudged:,} are of classes that no shape is for: {names}."))
    if report.cut:
        console.print(f"{report.cut:,} times a neighbourhood was too large to be followed to its end.")
    if not report.judged:
        console.print("[bold red]Nothing was judged:[/] no shape is for anything in these data.")
    elif report.conforms:
        console.print("[green]Conforms:[/] no violation.")
