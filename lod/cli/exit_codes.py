"""Exit codes of the commands, and the function that ends a command with a message."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NoReturn

from lod.cli.terminal import echo

OK, REFUSED, USAGE, BROKEN, FAULT = 0, 1, 2, 3, 70

EXIT_CODES = {
    OK: "every record was published",
    REFUSED: "some records were refused; lod verify: something differs; lod validate: a violation",
    USAGE: "the command, a setting, the crosswalk or the shapes are wrong; nothing has started",
    BROKEN: "a source, a store, a cluster, the disk or the memory failed",
    FAULT: "a fault of the program: please report it",
}
"""What each code means. 70 is EX_SOFTWARE of sysexits.h: Python's own 1 means refused records here. docs/running.md says who acts."""


def stop(lines: Iterable[str], code: int) -> NoReturn:
    """Print lines on the standard error and end the command."""
    for line in lines:
        echo(f"lod: {line}", err=True)
    sys.exit(code)
