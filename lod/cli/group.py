"""The group of commands, their common options, and how faults become messages with exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lod import __version__
from lod.errors import ConfigError, LodError

OK, REFUSED, USAGE, BROKEN = 0, 1, 2, 3

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


def stop(lines: tuple[str, ...] | list[str], code: int) -> NoReturn:
    for line in lines:
        click.echo(f"lod: {line}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lod")
def main() -> None:
    """Publish the records of a repository as validated linked data."""
