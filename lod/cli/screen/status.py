"""What `lod status` prints: generations, sources, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lod.cli.screen.console import MOST_FIELDS, SEVERITY_STYLES, plain_console

_MOST_OF_A_RULE = 100


def show_status(state: dict[str, Any]) -> None:
    """Print generations, counts, the last run, findings by rule."""
    console = plain_console()
    if not state["generations"]:
        console.print("Nothing has been published yet; begin with 'lod publish SOURCE…'.")
        _show_sources(console, state["sources"])
        return
    table = Table("Generation", "Built", "Records", "Triples", "", show_edge=False)
    for row in state["generations"]:
        table.add_row(
            row["name"], row["created"], f"{row['records']:,}", f"{row['triples']:,}", "live" if row["live"] else ""
        )
    console.print(table)
    counts = state["counts"]
    console.print(
        f"\nLive: {counts['records']:,} records, {counts['removed']:,} removed, {counts['refused']:,} refused."
    )
    _show_sources(console, state["sources"])
    if state["findings"]:
        findings = Table(
            "Rule", "Severity", "Count", "What to do", title="Findings", title_justify="left", show_edge=False
        )
        for row in state["findings"]:
            style = SEVERITY_STYLES[row["severity"]]
            findings.add_row(row["rule"], f"[{style}]{row['severity']}[/]", f"{row['count']:,}", escape(row["message"]))
        console.print(findings)
    _show_counts(console, state)
    if state["refused"]:
        console.print("\nRefused:")
        for name in state["refused"]:
            console.print(f"  {escape(name)}")


def _show_sources(console: Console, sources: list[dict[str, Any]]) -> None:
    for source in sources:
        sets = f" ({', '.join(source['sets'])})" if source["sets"] else ""
        console.print(f"\n[bold]{escape(source['name'])}[/] {escape(source['url'] + sets)}")
        for label, known in (("last harvest", source["last"]), ("last full one", source["last_full"])):
            if known and not (known is source["last_full"] and known == source["last"]):
                form = f" of {known['prefix']}" if known["prefix"] else ""
                console.print(
                    f"  {label}: {known['at']}, {known['kind']}{form}: {known['records']:,} records, {known['deleted']:,} of them "
                    f"deleted, {known['requests']:,} requests"
                )
        if not source["last"]:
            console.print("  not published yet")
        if source["waiting"]:
            console.print(f"  {source['waiting']:,} records are harvested and wait for 'lod publish'")
        if source["under_way"]:
            broken = source["under_way"]
            console.print(
                f"  under way, or interrupted: {broken['kind']}, started {broken['began']}, {broken['records']:,} records so far"
            )
        if source["fault"]:
            console.print(f"  [bold red]stopped[/] {escape(source['fault'])}")


def _show_counts(console: Console, state: dict[str, Any]) -> None:
    for title, rows, name in (("By field", "by_field", "field"), ("By collection", "by_collection", "collection")):
        named = [row for row in state[rows] if row[name] and row["severity"] != "info"][:MOST_FIELDS]
        if named:
            counts = (f"{row[name]} {row.get('rule', row['severity'])} ({row['count']:,})" for row in named)
            console.print(escape(f"\n{title}: {', '.join(counts)}"))


def show_rule(rule: str, state: dict[str, Any], rows: Iterator[dict[str, str]], known: Sequence[str]) -> None:
    """Print the first findings of a rule; the CSV has all of them. `known` are the rules that have findings."""
    console = plain_console()
    if not state["findings"]:
        others = f" Rules with findings: {', '.join(known)}." if known else ""
        console.print(f"No findings of rule {escape(rule)}.{escape(others)}")
        return
    for row in state["findings"]:
        console.print(
            f"[{SEVERITY_STYLES[row['severity']]}]{escape(rule)}[/] {row['count']:,}: {escape(row['message'])}"
        )
    table = Table("Record", "Place", "Field", "Value", show_edge=False)
    for row in islice(rows, _MOST_OF_A_RULE):
        table.add_row(
            *(escape(row[name]) for name in ("record", "place")),
            escape(row["field"] or row["property"]),
            escape(row["value"]),
        )
    console.print(table)
    if sum(row["count"] for row in state["findings"]) > _MOST_OF_A_RULE:
        console.print(f"[dim]… the rest: lod status --rule {escape(rule)} --csv FILE[/]")
