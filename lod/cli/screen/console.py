"""The console, its styles, progress, and lines that several results share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
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
def progress_shown(*, quiet: bool) -> Iterator[Progress | None]:
    """Show progress on a terminal, and nowhere else."""
    console = PrintableConsole(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with console.status("Reading") as status:

        def show(stage: str, done: int, total: int) -> None:
            count = f": {done:,} of {total:,}" if total else f": {done:,}" if done else ""
            status.update(f"{_STAGES[stage]}{count}")

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
