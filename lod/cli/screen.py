"""What the commands print: reports, explanations and progress, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from lod.rdf.claims import is_iri, split_claim
from lod.report import Fate

if TYPE_CHECKING:
    from lod.publish.plan import Progress
    from lod.rdf.vocabulary import Vocabulary
    from lod.remote.push import PushReport
    from lod.report import RunReport
    from lod.site.coverage import Coverage, Row
    from lod.site.explain import Explanation
    from lod.validation.foreign.validate import ForeignReport

_STYLES = {"violation": "bold red", "warning": "yellow", "info": "dim"}
_FATE_STYLES = {"mapped": "green", "kept": "yellow", "withheld": "magenta", "refused": "bold red"}
_STAGES = {
    "harvest": "Harvesting",
    "read": "Reading",
    "map": "Mapping and validating",
    "store": "Building the generation",
}
_MOST_FINDINGS = 12
_MOST_FIELDS = 15
_MOST_OF_A_RULE = 100
_MOST_OF_A_FAULT = 5
_WIDEST_FIELD = 40


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


@contextmanager
def progress_shown(*, quiet: bool) -> Iterator[Progress | None]:
    """Show progress on a terminal, and nowhere else."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with console.status("Reading") as status:

        def tell(stage: str, done: int, total: int) -> None:
            count = f": {done:,} of {total:,}" if total else f": {done:,}" if done else ""
            status.update(f"{_STAGES[stage]}{count}")

        yield tell


@contextmanager
def push_progress(*, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show on a terminal how many triples of which graph have been sent."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda *_: None
        return
    with console.status("Comparing") as status:
        yield lambda graph, sent: status.update(f"Sending {escape(graph) or 'the published triples'}: {sent:,}")


def show_push(report: PushReport, address: str, engine: str, *, dry: bool, loaded: bool) -> None:
    """Print what one push did, or would do."""
    table = Table(Column("Graph", overflow="fold"), "How", "Added", "Removed", "Triples", show_edge=False)
    for row in report.graphs:
        figures = (f"{number:,}" for number in (row.added, row.removed, row.triples))
        table.add_row(escape(row.graph) or "default graph", row.way, *figures)
    console = _console()
    console.print(table)
    since = f", which held generation {report.previous}" if report.previous else ""
    verb = "Found" if loaded else "Would push" if dry else "Pushed"
    where = "in" if loaded else "to"
    console.print(f"\n{verb} generation {report.generation} {where} {escape(address)} ({engine}){since}.")


def show_report(report: RunReport) -> None:
    """Print what one run did."""
    console = _console()
    _show_skipped(console, report.skipped)
    if report.by_rule:
        table = Table(
            "Rule", "Severity", "Count", "What to do", title="Findings", title_justify="left", show_edge=False
        )
        order = list(_STYLES)
        rows = sorted(report.by_rule.items(), key=lambda row: (order.index(row[0][1]), -row[1]))
        for (rule, severity), count in rows:
            table.add_row(
                escape(rule),
                f"[{_STYLES[severity]}]{severity}[/]",
                f"{count:,}",
                escape(report.rule_messages[rule, severity]),
            )
        console.print(table)
        console.print()
    shown = sorted(report.findings, key=lambda finding: list(_STYLES).index(finding.severity))[:_MOST_FINDINGS]
    for finding in shown:
        place = f" ({finding.place})" if finding.place and finding.place != finding.record else ""
        value = f" [dim]{escape(finding.field)} = {escape(repr(finding.value))}[/]" if finding.field else ""
        console.print(
            f"[{_STYLES[finding.severity]}]{finding.rule}[/] {escape(finding.record + place)}: {escape(finding.message.removeprefix(f'{finding.place}: '))}{value}"
        )
    hidden = sum(report.by_rule.values()) - len(shown)
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
    console.print(_balance(totals))
    _show_balance_by_field(console, report)
    end = "nothing was published: a dry run" if report.dry_run else f"generation {report.generation}"
    console.print(f"[dim]{end}, {report.seconds:.1f} s[/]")


def show_coverage(coverage: Coverage, samples: int) -> None:
    """Print which rule takes which field, and the work list: what has no rule or could not be read."""
    console = _console()
    _show_skipped(console, coverage.skipped)
    rows = coverage.field_rows()
    width = min(max((len(row.name) for row in rows), default=0), _WIDEST_FIELD)
    console.print("[bold]Fields, and the rules that take them[/]")
    for row in rows:
        counts = " + ".join(f"[{_FATE_STYLES[fate]}]{row.fates[fate]:,} {fate}[/]" for fate in Fate if row.fates[fate])
        rule = f"{row.rule} ({row.kind})" if row.rule else "no rule"
        console.print(f"{escape(row.name):{width}} {row.times:>9,} = {counts} [dim]{escape(rule)}[/]")
    work = coverage.work_rows()
    for title, rows in (
        ("Without a rule", [row for row in work if row.rule == "no-rule"]),
        ("What values say that is odd", [row for row in work if row.rule != "no-rule"]),
    ):
        if rows:
            console.print(f"\n[bold]{title}[/]")
        for row in rows:
            _show_work(console, row, samples)
    totals = coverage.totals()
    without = f", [bold red]{coverage.keyless:,} of them without a key[/]" if coverage.keyless else ""
    unreadable = f"; {coverage.unreadable:,} could not be read" if coverage.unreadable else ""
    console.print(f"\nRecords: {coverage.records:,} read{without}{unreadable}; {coverage.tombstones:,} removed.")
    console.print(_balance(totals))
    console.print("[dim]Nothing was published. 'lod publish --dry-run' asks the shapes as well.[/]")


def _show_work(console: Console, row: Row, samples: int) -> None:
    rule = "" if row.rule == "no-rule" else f"[{_STYLES[row.severity]}]{escape(row.rule)}[/] "
    about = f"{row.name} " if row.name else ""
    console.print(f"{rule}{escape(about)}{row.times:,}{escape(f': {row.message}') if rule else ''}")
    for sample in row.samples(samples):
        place = f" [dim]({escape(sample.place)})[/]" if sample.place and sample.place != sample.text else ""
        console.print(f"    {sample.times:,} × {escape(sample.text)}{place}")


def _show_balance_by_field(console: Console, report: RunReport) -> None:
    """Print the balance of every field that is not mapped whole, those with the most such values first."""
    left = {name: sum(row.values()) - row[Fate.MAPPED] for name, row in report.balance.items()}
    rows = sorted((name for name, count in left.items() if count), key=lambda name: (-left[name], name))
    whole = len(left) - len(rows)
    if rows:
        table = Table(Column("Field", overflow="fold"), "Read", *(fate.value.title() for fate in Fate), show_edge=False)
        for name in rows[:_MOST_FIELDS]:
            row = report.balance[name]
            figures = (f"{row[fate]:,}" if row[fate] else "" for fate in Fate)
            table.add_row(escape(name), f"{sum(row.values()):,}", *figures)
        console.print(table)
        more = len(rows) - _MOST_FIELDS
        more_fields = f"{more:,} more fields like these; " if more > 0 else ""
        console.print(f"[dim]{more_fields}{whole:,} fields mapped whole; --json has them all[/]")


def _balance(totals: dict[str, int]) -> str:
    return (
        f"Values: {totals['read']:,} read = {totals['mapped']:,} mapped + {totals['kept']:,} kept verbatim + "
        f"{totals['withheld']:,} withheld + {totals['refused']:,} refused."
    )


def _show_skipped(console: Console, skipped: list[tuple[str, str]]) -> None:
    for file, reason in skipped:
        console.print(f"[yellow]Not read:[/] {escape(file)}: {escape(reason)}")


def show_explanation(explanation: Explanation) -> None:
    """Print, field by field, what became of the values of one record."""
    from lod.rdf.vocabulary import load_vocabulary

    console = _console()
    vocabulary = load_vocabulary()
    console.print(f"[bold]{escape(explanation.name)}[/] {escape(explanation.state)}")
    if explanation.place:
        console.print(f"[dim]from {escape(explanation.place)}[/]")
    for row in explanation.rows():
        language = f" [dim]@{escape(row['language'])}[/]" if row["language"] else ""
        text = row["value"] if len(row["value"]) <= 160 else f"{row['value'][:159]}…"
        console.print(f"\n[bold]{escape(row['field'])}[/]{language} {escape(text)}")
        parts = [part for part in (row["rule"], row["why"]) if part]
        console.print(f"  [{_FATE_STYLES[row['fate']]}]{row['fate']}[/] {escape('; '.join(parts))}")
        for line in row["claims"]:
            console.print(f"    {escape(_readable(line, vocabulary))}")
    if explanation.findings:
        console.print("\n[bold]Findings[/]")
    for finding in explanation.findings:
        console.print(f"  [{_STYLES[finding.severity]}]{finding.rule}[/] {escape(finding.message)}")


def show_fields(rows: list[dict[str, str]]) -> None:
    """Print a field table: field, value, language."""
    table = Table("Field", "Value", "Language", show_edge=False)
    for row in rows:
        table.add_row(escape(row["field"]), escape(row["value"]), escape(row["language"]))
    _console().print(table)


def _readable(line: str, vocabulary: Vocabulary) -> str:
    """Return a claim with prefixed names where there are any."""
    terms = []
    for term in split_claim(line):
        name = vocabulary.compact(term[1:-1]) if is_iri(term) else term
        terms.append(term if name == term[1:-1] else name)
    return " ".join(terms)


def show_status(state: dict[str, Any]) -> None:
    """Print generations, counts, the last run, findings by rule."""
    console = _console()
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
            style = _STYLES[row["severity"]]
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
                f"  under way, or broken off: {broken['kind']}, begun {broken['began']}, {broken['records']:,} records so far"
            )
        if source["fault"]:
            console.print(f"  [bold red]stopped[/] {escape(source['fault'])}")


def _show_counts(console: Console, state: dict[str, Any]) -> None:
    for title, rows, name in (("By field", "by_field", "field"), ("By collection", "by_collection", "collection")):
        named = [row for row in state[rows] if row[name] and row["severity"] != "info"][:_MOST_FIELDS]
        if named:
            counts = (f"{row[name]} {row.get('rule', row['severity'])} ({row['count']:,})" for row in named)
            console.print(escape(f"\n{title}: {', '.join(counts)}"))


def show_rule(rule: str, state: dict[str, Any], rows: Iterator[dict[str, str]], known: Sequence[str]) -> None:
    """Print the findings of one rule, as many as fit on some pages; the CSV has them all. `known` rules have some."""
    console = _console()
    if not state["findings"]:
        others = f" Rules with findings: {', '.join(known)}." if known else ""
        console.print(f"No findings of rule {escape(rule)}.{escape(others)}")
        return
    for row in state["findings"]:
        console.print(f"[{_STYLES[row['severity']]}]{escape(rule)}[/] {row['count']:,}: {escape(row['message'])}")
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


def show_foreign(report: ForeignReport) -> None:
    """Print what was found in foreign data, by rule, and what nothing has judged."""
    console = _console()
    order = list(_STYLES)
    rows = sorted(report.by_rule().items(), key=lambda row: (order.index(row[0][1]), -row[1]))
    for (rule, severity, message), count in rows:
        console.print(f"[{_STYLES[severity]}]{escape(rule)} {severity}[/] {count:,}: {escape(message)}")
        shown = [one for one in report.findings if one.rule == rule][:_MOST_OF_A_FAULT]
        for finding in shown:
            console.print(f"    {escape(finding.focus or finding.record)} [dim]{escape(finding.value)}[/]")
        if count > len(shown):
            console.print(f"    [dim]… and {count - len(shown):,} more[/]")
    console.print(f"\n{report.triples:,} triples, {report.resources:,} resources, {report.judged:,} judged.")
    unjudged = report.resources - report.judged
    if unjudged:
        names = ", ".join(
            f"{name or 'no class'} ({count:,})" for name, count in report.unjudged.most_common(_MOST_FIELDS)
        )
        console.print(escape(f"{unjudged:,} are of classes that no shape is for: {names}."))
    if report.cut:
        console.print(f"{report.cut:,} times a neighbourhood was too large to be followed to its end.")
    if not report.judged:
        console.print("[bold red]Nothing was judged:[/] no shape is for anything in these data.")
    elif report.conforms:
        console.print("[green]Conforms:[/] no violation.")


def show_demo(base_iri: str) -> None:
    """Print where the demo is and what to try."""
    item = f"{base_iri}id/item/10722/129504"
    console = _console()
    console.print(f"\nServing at [bold]{base_iri}[/] (stop with Ctrl+C). Open in a browser:")
    console.print(f"  {base_iri}")
    console.print(f"  {item}")
    console.print(f"  {base_iri}sparql")
    console.print("Or, in another terminal:")
    console.print(f"  curl -L -H 'Accept: text/turtle' {item}")
