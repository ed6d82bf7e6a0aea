"""What `lod publish` prints: findings, and the balance of records and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from lod.cli.screen.console import MOST_FIELDS, SEVERITY_STYLES, balance_line, plain_console, show_skipped
from lod.report import Fate, Severity

if TYPE_CHECKING:
    from lod.report import Finding, RunReport

_MOST_FINDINGS = 12


def show_report(report: RunReport) -> None:
    """Print what one run did."""
    console = plain_console()
    show_skipped(console, report.skipped)
    if report.by_rule:
        table = Table(
            "Rule", "Severity", "Count", "What to do", title="Findings", title_justify="left", show_edge=False
        )
        order = list(SEVERITY_STYLES)
        rows = sorted(report.by_rule.items(), key=lambda row: (order.index(row[0][1]), -row[1]))
        for (rule, severity), count in rows:
            table.add_row(
                escape(rule),
                f"[{SEVERITY_STYLES[severity]}]{severity}[/]",
                f"{count:,}",
                escape(report.rule_messages[rule, severity]),
            )
        console.print(table)
        console.print()
    for message, count in report.left_out.most_common():
        console.print(f"[dim]{escape(message)} ({count:,} {'record' if count == 1 else 'records'})[/]")
    shown = _show_causes(console, report) + _show_warnings(console, report)
    hidden = sum(report.by_rule.values()) - shown
    if hidden > 0 and shown:
        console.print(f"[dim]… and {hidden:,} more; 'lod explain RECORD' shows those of one record.[/]")
    for line in report.harvested:
        console.print(f"[dim]Harvested[/] {escape(line)}")
    totals = report.totals()
    console.print(
        f"\nRecords: {report.read:,} read, [green]{report.published:,} published[/], {report.unchanged:,} unchanged, "
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
    _show_balance_by_field(console, report)
    end = "nothing was published: a dry run" if report.dry_run else f"generation {report.generation}"
    console.print(f"[dim]{end}, {report.seconds:.1f} s[/]")


def _show_causes(console: Console, report: RunReport) -> int:
    """Print what keeps records out, each cause once with its records; return how many findings that tells."""
    causes = sorted(report.causes.items(), key=lambda row: -row[1].count)[:_MOST_FINDINGS]
    for _, cause in causes:
        first = cause.examples[0]
        if cause.count == 1:
            _show_finding(console, first)
            continue
        rule = f"[{SEVERITY_STYLES[first.severity]}]{escape(first.rule)}[/]"
        console.print(f"{rule} {cause.count:,} records: {escape(first.message)}")
        for example in cause.examples:
            value = f" [dim]{escape(example.field)} = {escape(repr(example.value))}[/]" if example.field else ""
            console.print(f"    {escape(_named(example))}{value}")
        if cause.count > len(cause.examples):
            console.print(f"    [dim]… and {cause.count - len(cause.examples):,} more[/]")
    return sum(cause.count for _, cause in causes)


def _show_warnings(console: Console, report: RunReport) -> int:
    """Print the first warnings; return how many."""
    warnings = [finding for finding in report.findings if finding.severity is not Severity.VIOLATION]
    shown = warnings[: max(_MOST_FINDINGS - len(report.causes), 0)]
    for finding in shown:
        _show_finding(console, finding)
    return len(shown)


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
