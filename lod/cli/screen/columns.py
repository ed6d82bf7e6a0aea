"""What `lod coverage` prints of a table whose columns no format knows: each column, its values, what it is proposed to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lod.cli.screen.console import plain_console

if TYPE_CHECKING:
    from lod.sources.tables.proposals import Column, Proposal

_USES = {
    "key": "names the record",
    "family": "family name",
    "given": "given name",
    "fallback": "where no other column has it",
}


def show_proposal(proposal: Proposal) -> None:
    """Print the columns of a table with five values each, and the field that each of them most probably is."""
    console = plain_console()
    where = f", {proposal.sheet.rstrip(', ')}" if proposal.sheet else ""
    console.print(
        f"[bold]{escape(proposal.file.name)}{escape(where)}:[/] a table of {proposal.rows:,} rows whose columns no format knows"
    )
    for column in proposal.columns:
        console.print(
            f"\n[bold]{escape(column.name)}[/] → {escape(_what(column))} [dim]{_how_many(column, proposal)}[/]"
        )
        for sample in column.samples:
            console.print(f"    {escape(' '.join(sample.split()))}")
    console.print("")


def _what(column: Column) -> str:
    from lod.sources.tables.proposals import kept_as

    row = column.row
    use = f" ({_USES[row.use]})" if row.use in _USES else ""
    between = f", values separated by {row.separator}" if row.separator else ""
    if row.field:
        return f"{row.field}{use}{between}"
    return _USES[row.use] if row.use else f"kept as {kept_as(column)}"


def _how_many(column: Column, proposal: Proposal) -> str:
    if not column.filled:
        return "empty in all rows"
    unlike = "all different" if column.different == column.filled else f"{column.different:,} different"
    return f"in {column.filled:,} of {proposal.rows:,} rows, {unlike}"
