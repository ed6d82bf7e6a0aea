"""What `lod publish --preview` prints: records as Turtle, with their findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.markup import escape

from lod.cli.screen.console import SEVERITY_STYLES, plain_console

if TYPE_CHECKING:
    from lod.site.preview import Preview


def show_previews(found: Iterable[Preview]) -> None:
    """Print each record as it would be published, or why it would be refused."""
    console = plain_console()
    for record in found:
        state = "would be published as" if record.turtle else "[bold red]would be refused[/]"
        console.print(f"[bold]{escape(record.name)}[/] [dim]({escape(record.place)})[/] {state}")
        for finding in record.findings:
            style = SEVERITY_STYLES[finding.severity]
            console.print(f"[{style}]{escape(finding.rule)}[/] {escape(finding.message)}")
        if record.turtle:
            console.print(escape(record.turtle))
    console.print("[dim]Nothing was published: a preview[/]")
