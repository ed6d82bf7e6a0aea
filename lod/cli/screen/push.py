"""What `lod push` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Column, Table

from lod.cli.screen.console import PrintableConsole, plain_console
from lod.http.addresses import shown

if TYPE_CHECKING:
    from lod.remote.push import PushReport


@contextmanager
def push_progress(*, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show on a terminal how many triples of which graph have been sent."""
    console = PrintableConsole(stderr=True)
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
    console = plain_console()
    console.print(table)
    since = f", which held generation {report.previous}" if report.previous else ""
    verb = "Found" if loaded else "Would push" if dry else "Pushed"
    where = "in" if loaded else "to"
    console.print(f"\n{verb} generation {report.generation} {where} {escape(shown(address))} ({engine}){since}.")
