"""The group of commands, their common options, and how faults become messages with exit codes."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lod import __version__
from lod.errors import ConfigError, LodError

OK, REFUSED, USAGE, BROKEN = 0, 1, 2, 3
FAULT = 70
"""A fault of the program: EX_SOFTWARE of sysexits.h. Python's own 1 means here that records were refused."""

_LONGEST_REASON = 300
_MEMORY = "give the program more, or end what else takes it, and run the command again. What was published is as it was"
_log = logging.getLogger(__name__)

site_option = click.option(
    "--site",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="Folder of the site: lod.toml and, if wanted, crosswalk/, maps/, shapes/.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


class _Commands(click.Group):
    """Commands in the order of the flow, and faults as messages with their exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

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
            stop(_told(_command(ctx), fault), FAULT)


def _command(ctx: click.Context) -> str:
    return f"lod {ctx.invoked_subcommand}" if ctx.invoked_subcommand else "lod"


def _told(command: str, fault: Exception) -> list[str]:
    reason = " ".join(str(fault).split())[:_LONGEST_REASON]
    return [
        f"a fault of the program ended '{command}' ({type(fault).__name__}{f': {reason}' if reason else ''}). It is none of "
        "your settings or records, though one of them may have brought it to light.",
        "The traceback is above these lines: on the standard error, or in the log of the service. Please report it, with "
        "the command and, if you can, with what it was reading. Nothing is published by halves: what was live is live.",
    ]


def stop(lines: tuple[str, ...] | list[str], code: int) -> NoReturn:
    for line in lines:
        click.echo(f"lod: {line}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lod")
def main() -> None:
    """Publish the records of a repository as validated linked data."""
