"""What `lod explain` prints: the values of one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from lod.cli.screen.console import FATE_STYLES, SEVERITY_STYLES, plain_console
from lod.rdf.claims import is_iri, split_claim

if TYPE_CHECKING:
    from lod.rdf.vocabulary import Vocabulary
    from lod.site.explain import Explanation

_LONGEST_VALUE = 160


def show_explanation(explanation: Explanation) -> None:
    """Print, field by field, what became of the values of one record."""
    from lod.rdf.vocabulary import load_vocabulary

    console = plain_console()
    vocabulary = load_vocabulary()
    console.print(f"[bold]{escape(explanation.name)}[/] {escape(explanation.state)}")
    if explanation.place:
        console.print(f"[dim]from {escape(explanation.place)}[/]")
    for row in explanation.rows():
        language = f" [dim]@{escape(row['language'])}[/]" if row["language"] else ""
        text = row["value"] if len(row["value"]) <= _LONGEST_VALUE else f"{row['value'][: _LONGEST_VALUE - 1]}…"
        console.print(f"\n[bold]{escape(row['field'])}[/]{language} {escape(text)}")
        parts = [part for part in (row["rule"], row["why"]) if part]
        console.print(f"  [{FATE_STYLES[row['fate']]}]{row['fate']}[/] {escape('; '.join(parts))}")
        for line in row["claims"]:
            guessed = " [yellow](guessed)[/]" if line in row["guessed"] else ""
            console.print(f"    {escape(_readable(line, vocabulary))}{guessed}")
    if explanation.findings:
        console.print("\n[bold]Findings[/]")
    for finding in explanation.findings:
        console.print(f"  [{SEVERITY_STYLES[finding.severity]}]{finding.rule}[/] {escape(finding.message)}")


def _readable(line: str, vocabulary: Vocabulary) -> str:
    """Return a claim with prefixed names where there are any."""
    terms = []
    for term in split_claim(line):
        name = vocabulary.compact(term[1:-1]) if is_iri(term) else term
        terms.append(term if name == term[1:-1] else name)
    return " ".join(terms)


def show_fields(rows: list[dict[str, str]]) -> None:
    """Print a field table: field, value, language."""
    table = Table("Field", "Value", "Language", show_edge=False)
    for row in rows:
        table.add_row(escape(row["field"]), escape(row["value"]), escape(row["language"]))
    plain_console().print(table)
