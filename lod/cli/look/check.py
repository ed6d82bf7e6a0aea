"""lod check: every fault of a site's files at once."""

from __future__ import annotations

import sys
from pathlib import Path

from lod.cli.exit_codes import OK, USAGE, stop
from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.cli.site import load_plan
from lod.cli.terminal import echo
from lod.errors import ConfigError


@main.command()
@site_option
@json_option
def check(site: Path, as_json: bool) -> None:
    """Check settings, sources, crosswalk, maps, shapes, templates.

    Every fault is reported at once, and nothing is fetched. Hints are no faults: what a public site should still set, and
    settings that are written in an old form.

    \b
    Examples:
      lod check --site mysite
    """
    from lod.mapping.crosswalk_files.examples import example_faults
    from lod.settings.table import SETTINGS_FILE, hints_of, public_hints
    from lod.site.status import stale_acceptances
    from lod.sources.configured import read_named_sources, readable_secrets
    from lod.web.appearance.site_files import appearance_faults

    faults: tuple[str, ...] = ()
    hints: list[str] = []
    rules = shapes = sources = 0
    path = site / SETTINGS_FILE
    try:
        settings, plan = load_plan(site)
        hints = [*hints_of(site), *(f"{path}: {hint}" for hint in public_hints(settings))]
        hints += (f"{line}: cannot be compiled, so pySHACL judges it, many times slower" for line in plan.by_pyshacl())
        named = read_named_sources(site)
        hints += readable_secrets(site, named)
        hints += stale_acceptances(site, plan.accepted)
        rules, shapes, sources = len(plan.crosswalk.rules), len(plan.shapes.rules), len(named)
        missing = [
            f"{path}, [[source]] {source.name}: {site / source.path}: no such file or folder"
            for source in named
            if source.path and not (site / source.path).exists()
        ]
        faults = (*example_faults(plan.crosswalk), *missing, *appearance_faults(settings, site))
    except ConfigError as fault:
        faults = fault.faults
    if as_json:
        print_json({"faults": list(faults), "hints": hints, "rules": rules, "constraints": shapes})
        sys.exit(USAGE if faults else OK)
    if faults:
        stop(faults, USAGE)
    echo(
        f"No faults: {rules} rules with their examples, {shapes} constraints{f', {sources} sources' if sources else ''}."
    )
    for hint in hints:
        echo(f"Hint: {hint}")
