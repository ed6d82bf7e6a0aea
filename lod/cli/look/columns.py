"""The part of lod coverage that is about tables whose columns no format knows: show, ask for the key, write."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.output import print_json

if TYPE_CHECKING:
    from lod.sources.tables.proposals import Column, Proposal

_MOST_OFFERED = 9


def look_at_columns(
    proposals: Sequence[Proposal], site: Path | None, keys: tuple[str, ...], *, write: bool, as_json: bool
) -> None:
    """Show what the columns of tables most probably are; with `write` keep it in the site.

    Where rows have no identifier, the column that names them is asked for on a terminal; elsewhere the command ends with the
    line to call.
    """
    from lod.cli.screen.columns import show_proposal
    from lod.site.columns import write_columns

    if write and site is None:
        raise click.UsageError("--write needs a site: name it with --site, or make one with 'lod init'")
    if as_json:
        print_json([_as_dict(proposal) for proposal in proposals])
    for proposal in proposals:
        if not as_json:
            show_proposal(proposal)
        path = _arguments(proposal.file.path, site)
        if not write or site is None:
            for line in [] if as_json else _next_steps(proposal, path, keys):
                click.echo(line)
            continue
        chosen = keys or (_asked(proposal, path) if proposal.keyless else ())
        written = write_columns(proposal, chosen, site)
        click.echo(f"Wrote {written}. Change it where it is wrong; then: lod publish {path}", err=as_json)


def _arguments(path: Path, site: Path | None) -> str:
    """Return the file and the site as arguments of a command that is called from here; DIR is in place of a site that is not named."""
    here = Path.cwd()
    words = [str(path.relative_to(here)) if path.is_relative_to(here) else str(path)]
    if site is None or site.resolve() != here:
        words += ["--site", "DIR" if site is None else str(site)]
    return shlex.join(words)


def _next_steps(proposal: Proposal, path: str, keys: tuple[str, ...]) -> list[str]:
    lines = [f"{_nameless(proposal)}."] if proposal.keyless and not keys else []
    return [*lines, f"To publish it: {_command(proposal, path, keys)}", f"and then: lod publish {path}"]


def _nameless(proposal: Proposal) -> str:
    if proposal.keyless == proposal.rows:
        return "No column names the records: an IRI needs something of each that never changes"
    return f"{proposal.keyless:,} of {proposal.rows:,} rows have nothing that names them"


def _command(proposal: Proposal, path: str, keys: tuple[str, ...] = ()) -> str:
    best = proposal.candidates[0] if proposal.keyless and proposal.candidates else ()
    names = keys or tuple(column.name for column in best)
    return " ".join(["lod coverage", path, "--write", *(f"--key {shlex.quote(name)}" for name in names)])


def _asked(proposal: Proposal, path: str) -> tuple[str, ...]:
    """Return the columns that name the records, by what somebody at the terminal chooses."""
    from lod.site.columns import NO_KEY

    offered = proposal.candidates[:_MOST_OFFERED]
    if not sys.stdin.isatty():
        names = "; ".join(_label(columns, proposal.rows) for columns in offered) or "none"
        stop(
            [
                f"{_nameless(proposal)}. Say which column does, for example: {_command(proposal, path)}. "
                f"What may do: {names}. --key none goes without, and such rows are refused"
            ],
            USAGE,
        )
    click.echo(f"{_nameless(proposal)}. Which column does?")
    for number, columns in enumerate(offered, start=1):
        click.echo(
            f"  {number}  {_label(columns, proposal.rows)}: {' · '.join(column.samples[0] for column in columns if column.samples)}"
        )
    click.echo("  0  none: rows without an identifier are refused")
    number = click.prompt("Column", type=click.IntRange(0, len(offered)), default=min(1, len(offered)))
    return tuple(column.name for column in offered[number - 1]) if number else (NO_KEY,)


def _label(columns: Sequence[Column], rows: int) -> str:
    names = " with ".join(column.name for column in columns)
    if len(columns) > 1:
        return names
    different = columns[0].different
    return f"{names} ({'different in every row' if different == rows else f'{different:,} different in {rows:,} rows'})"


def _as_dict(proposal: Proposal) -> dict[str, Any]:
    return {
        "file": proposal.file.source,
        "rows": proposal.rows,
        "rows_without_a_key": proposal.keyless,
        "keys_to_choose_from": [[column.name for column in columns] for columns in proposal.candidates],
        "columns": [
            {
                "column": column.name,
                "field": column.row.field,
                "separator": column.row.separator,
                "use": column.row.use,
                "filled": column.filled,
                "different": column.different,
                "samples": column.samples,
            }
            for column in proposal.columns
        ],
    }
