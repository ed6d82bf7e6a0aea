"""The console, its styles, progress, and lines that several results share."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.segment import Segment

from lod.cli.terminal import printable

if TYPE_CHECKING:
    from lod.publish.plan import Progress

SEVERITY_STYLES = {"violation": "bold red", "warning": "yellow", "info": "dim"}
FATE_STYLES = {"mapped": "green", "kept": "yellow", "withheld": "magenta", "refused": "bold red"}
_STAGES = {
    "harvest": "Harvesting",
    "read": "Reading",
    "map": "Mapping and validating",
    "store": "Building the generation",
}
_SHORTEST_S = 0.5
"""Shortest time after which a rate says something."""

MOST_FIELDS = 15
"""Fields, classes or collections that one line or table names."""


class PrintableConsole(Console):
    """A console that shows the control characters of texts; its own, for colours and progress, are no texts."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the parts of what is printed."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


def plain_console() -> Console:
    """Return a console that colours only what is marked, and breaks no line."""
    return PrintableConsole(highlight=False, soft_wrap=True)


@contextmanager
def progress_shown(*, quiet: bool, console: Console | None = None) -> Iterator[Progress | None]:
    """Show a bar with records and their rate on a terminal, and nothing elsewhere."""
    console = console or PrintableConsole(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None, count="")
        began = "", time.monotonic()

        def show(stage: str, done: int, total: int) -> None:
            nonlocal began
            if stage != began[0]:
                began = stage, time.monotonic()
            seconds = time.monotonic() - began[1]
            rate = f", {done / seconds:,.0f} records/s" if done and seconds > _SHORTEST_S else ""
            count = f"{done:,} of {total:,}{rate}" if total else f"{done:,}{rate}" if done else ""
            bar.update(task, description=_STAGES[stage], completed=done, total=total or None, count=count)

        yield show


def balance_line(totals: dict[str, int]) -> str:
    """Return the balance of values: read = mapped + kept + withheld + refused."""
    return (
        f"Values: {totals['read']:,} read = {totals['mapped']:,} mapped + {totals['kept']:,} kept verbatim + "
        f"{totals['withheld']:,} withheld + {totals['refused']:,} refused."
    )


def show_skipped(console: Console, skipped: list[tuple[str, str]]) -> None:
    """Print the files that were left out, with the reason."""
    for file, reason in skipped:
        console.print(f"[yellow]Not read:[/] {escape(file)}: {escape(reason)}")
