"""What `lod publish` prints: findings, and the balance of records and values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from lod.cli.screen.console import MOST_FIELDS, SEVERITY_STYLES, balance_line, plain_console, show_skipped
from lod.cli.terminal import with_site
from lod.report import Fate, Severity

if TYPE_CHECKING:
    from lod.report import Finding, RunReport

_MOST_CAUSES = 12


def show_report(report: RunReport, site: Path) -> None:
    """Print what one run did: the sums, then what keeps records out, then a line for each other rule."""
    console = plain_console()
    show_skipped(console, report.skipped)
    for line in report.harvested:
        console.print(f"[dim]Harvested[/] {escape(line)}")
    totals = report.totals()
    console.print(
        f"Records: {report.read:,} read, [green]{report.published:,} published[/], {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed, {'[bold red]' if report.refused else '['}{'' if report.refused else 'default]'}"
        f"{report.refused:,} refused{f' ({report.faults:,} by a fault of the program)' if report.faults else ''}[/]; "
        f"{f'{report.remapped:,} mapped anew from the catalog; ' if report.remapped else ''}"
        f"{report.warnings:,} warnings; {report.live:,} live."
    )
    console.print(balance_line(totals))
    if report.guessed:
        console.print(
            f"{report.guessed:,} guessed claims; 'lod explain RECORD' marks them, and guesses = false leaves them out."
        )
    if report.by_rule:
        console.print()
        _show_causes(console, report, site)
        _show_rules(console, report)
        console.print(
            "[dim]'lod explain RECORD' shows what was found about one record; --report FILE.html writes all of this as a page.[/]"
        )
    for line in report.by_pyshacl:
        console.print(f"[dim]Judged by pySHACL, many times slower, since it cannot be compiled:[/] {escape(line)}")
    for message, count in report.left_out.most_common():
        console.print(f"[dim]{escape(message)} ({count:,} {'record' if count == 1 else 'records'})[/]")
    _show_balance_by_field(console, report)
    end = "nothing was published: a dry run" if report.dry_run else f"generation {report.generation}"
    console.print(f"[dim]{end}, {report.seconds:.1f} s[/]")


def _show_rules(console: Console, report: RunReport) -> None:
    """Print a line for each rule that keeps no record out: how often, what to do, and where first."""
    order = list(SEVERITY_STYLES)
    rows = sorted(report.by_rule.items(), key=lambda row: (order.index(row[0][1]), -row[1]))
    for (rule, severity), count in rows:
        if severity == Severity.VIOLATION and any(known == rule for known, _ in report.causes):
            continue
        example = report.examples[rule, severity]
        message = report.rule_messages[rule, severity].removeprefix(f"{example.place}: ")
        value = f": {example.field} = {example.value!r}" if example.field else ""
        first = f" [dim]First: {escape(_named(example))}{escape(value)}[/]" if example.record else ""
        console.print(f"[{SEVERITY_STYLES[severity]}]{escape(rule)} {severity}[/] {count:,}: {escape(message)}{first}")


def _show_causes(console: Console, report: RunReport, site: Path) -> None:
    """Print what keeps records out, each cause once with its records, the most frequent causes first."""
    causes = sorted(report.causes.items(), key=lambda row: -row[1].count)[:_MOST_CAUSES]
    for _, cause in causes:
        message = with_site(cause.examples[0].message, site)
        first = replace(cause.examples[0], message=message)
        if cause.count == 1:
            _show_finding(console, first)
            continue
        rule = f"[{SEVERITY_STYLES[first.severity]}]{escape(first.rule)}[/]"
        console.print(f"{rule} {cause.count:,} records: {escape(message)}")
        for example in cause.examples:
            value = f" [dim]{escape(example.field)} = {escape(repr(example.value))}[/]" if example.field else ""
            console.print(f"    {escape(_named(example))}{value}")
        if cause.count > len(cause.examples):
            console.print(f"    [dim]… and {cause.count - len(cause.examples):,} more[/]")
    more = len(report.causes) - len(causes)
    if more:
        console.print(f"[dim]… and {more:,} more causes[/]")


def _show_finding(console: Console, finding: Finding) -> None:
    value = f" [dim]{escape(finding.field)} = {escape(repr(finding.value))}[/]" if finding.field else ""
    message = escape(finding.message.removeprefix(f"{finding.place}: "))
    console.print(
        f"[{SEVERITY_STYLES[finding.severity]}]{escape(finding.rule)}[/] {escape(_named(finding))}: {message}{value}"
    )


def _named(finding: Finding) -> str:
    place = f" ({finding.place})" if finding.place and finding.place != finding.record else ""
    return f"{finding.record}{place}"


def _show_balance_by_field(console: Console, report: RunReport) -> None:
    """Print the balance of every field that is not mapped whole, those with the most such values first."""
    left = {name: sum(row.values()) - row[Fate.MAPPED] for name, row in report.balance.items()}
    rows = sorted((name for name, count in left.items() if count), key=lambda name: (-left[name], name))
    whole = len(left) - len(rows)
    if rows:
        table = Table(Column("Field", overflow="fold"), "Read", *(fate.value.title() for fate in Fate), show_edge=False)
        for name in rows[:MOST_FIELDS]:
            row = report.balance[name]
            figures = (f"{row[fate]:,}" if row[fate] else "" for fate in Fate)
            table.add_row(escape(name), f"{sum(row.values()):,}", *figures)
        console.print(table)
        more = len(rows) - MOST_FIELDS
        more_fields = f"{more:,} more fields like these; " if more > 0 else ""
        console.print(f"[dim]{more_fields}{whole:,} fields mapped whole; --json has them all[/]")
