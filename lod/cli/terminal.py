"""Output for a terminal: control characters that come from records and file names are shown, and never obeyed."""

from __future__ import annotations

import logging
import re
import shlex
from pathlib import Path

import click

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return a text with all control characters but tab and line break written out: ESC is "\\x1b".

    Source: ECMA-48, section 5: C0 and C1 are what a terminal obeys; C1 also in UTF-8.
    """
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def escaped(text: str) -> str:
    """Return JSON or Turtle with the control characters that stand in its strings written as both write them: "\\u009b"."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def with_site(message: str, site: Path) -> str:
    """Return a message with the site in the commands that it names: it was made where no site is known."""
    return message.replace("--site DIR", f"--site {shlex.quote(str(site))}")


def echo(text: str, *, err: bool = False) -> None:
    """Print a line on the standard output, or on the standard error."""
    click.echo(printable(text), err=err)


class PrintableFormatter(logging.Formatter):
    """Log lines and tracebacks, whose text may hold what is in a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without characters that a terminal obeys."""
        return printable(super().format(record))
