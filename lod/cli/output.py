"""Output for programs: JSON, and tables as CSV."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.terminal import echo, escaped, printable


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(escaped(json.dumps(value, ensure_ascii=False, indent=2)))


def write_table(name: str, rows: Iterable[Mapping[str, str]], columns: Sequence[str], what: str) -> None:
    """Write rows to a file and print how many there were; to the standard output if the name is "-"."""
    from lod.site.findings_table import write_csv

    if name == "-":
        if sys.stdout.isatty():
            rows = ({name: printable(text) for name, text in row.items()} for row in rows)
        write_csv(rows, sys.stdout, columns)
        return
    try:
        # The mark at the start tells spreadsheets that the file is UTF-8.
        with _opened(Path(name)) as file:
            count = write_csv(rows, file, columns)
    except OSError as fault:
        stop([f"{name}: {fault.strerror}; choose another file"], USAGE)
    echo(f"Wrote {count:,} {what} to {name}.")


def write_page(file: Path, text: str) -> None:
    """Write an HTML page to a file, whole or not at all."""
    from lod.disk.atomic import write_atomically

    try:
        write_atomically(file, text)
    except OSError as fault:
        stop([f"{file}: {fault.strerror}; choose another file"], USAGE)
    echo(f"Wrote {file}.")


def _opened(path: Path) -> AbstractContextManager[IO[str]]:
    """Open a table to be written under a temporary name, so that it appears whole or not at all; a device or a pipe as it is."""
    from lod.disk.atomic import atomic_text_file

    if path.is_relative_to("/dev") or (path.exists() and not path.is_file()):
        return path.open("w", encoding="utf-8-sig", newline="")
    return atomic_text_file(path.resolve(), encoding="utf-8-sig", newline="")
