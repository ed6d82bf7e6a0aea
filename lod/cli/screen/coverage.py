"""What `lod coverage` prints: fields with their rules, and the work list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from lod.cli.screen.console import FATE_STYLES, SEVERITY_STYLES, balance_line, plain_console, show_skipped
from lod.cli.terminal import with_site
from lod.report import Fate

if TYPE_CHECKING:
    from lod.site.coverage import Coverage, CoverageRow

_WIDEST_FIELD = 40


def show_coverage(coverage: Coverage, samples: int, site: Path | None) -> None:
    """Print which rule takes which field, and the work list: what has no rule or could not be read."""
    console = plain_console()
    show_skipped(console, coverage.skipped)
    rows = coverage.field_rows()
    width = min(max((len(row.name) for row in rows), default=0), _WIDEST_FIELD)
    console.print("[bold]Fields, and the rules that take them[/]")
    for row in rows:
        counts = " + ".join(f"[{FATE_STYLES[fate]}]{row.fates[fate]:,} {fate}[/]" for fate in Fate if row.fates[fate])
        made = f"{row.kind}, {row.property}" if row.property else row.kind
        rule = f"{row.rule} ({made})" if row.rule else "no rule"
        console.print(f"{escape(row.name):{width}} {row.times:>9,} = {counts} [dim]{escape(rule)}[/]")
    work = coverage.work_rows()
    for title, rows in (
        ("Without a rule", [row for row in work if row.rule == "no-rule"]),
        ("Odd values", [row for row in work if row.rule != "no-rule"]),
    ):
        if rows:
            console.print(f"\n[bold]{title}[/]")
        for row in rows:
            _show_work(console, row, samples, site)
    totals = coverage.totals()
    without = f", [bold red]{coverage.keyless:,} of them without a key[/]" if coverage.keyless else ""
    unreadable = f"; {coverage.unreadable:,} could not be read" if coverage.unreadable else ""
    console.print(f"\nRecords: {coverage.records:,} read{without}{unreadable}; {coverage.tombstones:,} removed.")
    console.print(balance_line(totals))
    console.print(
        "[dim]'lod explain --rule \"…, rule 14\"' shows a rule whole. Nothing was published. 'lod publish --dry-run' compares with what is published as well.[/]"
    )


def _show_work(console: Console, row: CoverageRow, samples: int, site: Path | None) -> None:
    rule = "" if row.rule == "no-rule" else f"[{SEVERITY_STYLES[row.severity]}]{escape(row.rule)}[/] "
    about = f"{row.name} " if row.name else ""
    message = with_site(row.message, site) if site else row.message
    console.print(f"{rule}{escape(about)}{row.times:,}{escape(f': {message}') if rule else ''}")
    for sample in row.samples(samples):
        place = f" [dim]({escape(sample.place)})[/]" if sample.place and sample.place != sample.text else ""
        console.print(f"    {sample.times:,} × {escape(sample.text)}{place}")
