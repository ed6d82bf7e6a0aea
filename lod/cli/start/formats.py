"""lod formats: what can be read, and what can be written."""

from __future__ import annotations

from typing import Any

from lod.cli.group import main
from lod.cli.options import json_option
from lod.cli.output import print_json


@main.command()
@json_option
def formats(as_json: bool) -> None:
    """List the formats that are read and written.

    The format of a source is told from its content, whatever its name ends with; --format NAME decides otherwise.

    \b
    Examples:
      lod formats
      lod formats --json
    """
    found = {"sources": _sources(), "output": _output()}
    if as_json:
        print_json(found)
        return
    from lod.cli.screen.formats import show_formats

    show_formats(found["sources"], found["output"])


def _sources() -> list[dict[str, Any]]:
    from lod.sources import SOURCES

    return [{"name": format_.name, "help": format_.help} for format_ in SOURCES]


def _output() -> list[dict[str, Any]]:
    from lod.rdf.formats import DUMPED, JSON_LINES, RDF_FORMATS, RESULT_FORMATS

    uses = (("documents", RDF_FORMATS), ("dumps only", (JSON_LINES,)), ("query results", RESULT_FORMATS))
    return [
        {
            "name": format_.name,
            "use": use,
            "ending": format_.extension,
            "media_type": format_.media_type,
            "dumps": [name for name, (dumped, _) in DUMPED.items() if dumped is format_],
        }
        for use, rows in uses
        for format_ in rows
    ]
