"""The group of commands, `lod`: its help by headings, and faults as messages with exit codes."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from lod import __version__
from lod.cli.exit_codes import BROKEN, EXIT_CODES, FAULT, USAGE, stop
from lod.cli.terminal import PrintableFormatter
from lod.errors import ConfigError, LodError

HEADINGS = {
    "Start": ("init", "demo", "formats", "settings", "import-mapping"),
    "Look": ("check", "coverage", "explain", "links", "terms", "status", "validate"),
    "Publish": ("publish", "push", "dump", "rollback"),
    "Run": ("serve", "verify", "backup", "restore"),
}
"""Commands as `lod --help` lists them. Each heading is a room of lod/cli."""

_LONGEST_REASON = 300
_MEMORY = "give the program more, or end what else takes it, and run the command again. What was published is as it was"
_log = logging.getLogger(__name__)


class _Commands(click.Group):
    """Commands in the order of the flow, under headings; faults become messages with their exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in HEADINGS.values() for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = formatter.width - 4 - max(map(len, self.commands))
        for heading, names in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(width)) for name in names])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as fault:
            stop(fault.faults, USAGE)
        except LodError as fault:
            stop([str(fault)], BROKEN)
        except (BrokenPipeError, KeyboardInterrupt):
            sys.exit(BROKEN)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except MemoryError:
            stop([f"{_command(ctx)}: there is not enough memory; {_MEMORY}"], BROKEN)
        except Exception as fault:
            _log.critical("%s ended", _command(ctx), exc_info=fault)
            stop(_report(_command(ctx), fault), FAULT)


def _command(ctx: click.Context) -> str:
    return f"lod {ctx.invoked_subcommand}" if ctx.invoked_subcommand else "lod"


def _report(command: str, fault: Exception) -> list[str]:
    reason = " ".join(str(fault).split())[:_LONGEST_REASON]
    return [
        f"a fault of the program ended '{command}' ({type(fault).__name__}{f': {reason}' if reason else ''}). It is none of "
        "your settings or records, though one of them may have brought it to light.",
        "The traceback is above these lines: on the standard error, or in the log of the service. Please report it, with "
        "the command and, if you can, with what it was reading. Nothing is published by halves: what was live is live.",
    ]


_EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:<4}{meaning}" for code, meaning in EXIT_CODES.items())


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, prog_name="lod")
def main() -> None:
    """Publish the records of a repository as validated linked data."""
    if logging.lastResort:
        logging.lastResort.setFormatter(PrintableFormatter())
