"""Status of harvests for `lod status`: when and how each source was last harvested."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lod.errors import ConfigError
from lod.harvest.state import FOLDER, STATE_FILE, State, runs_in
from lod.http.addresses import shown
from lod.sources.configured import read_named_sources


def harvest_status(site: Path) -> list[dict[str, Any]]:
    """Return one row a source on the web, ready for JSON: those that lod.toml names, then those named by address.

    `last` and `last_full` say kind, date, prefix and counts of what was published; `waiting` what is fetched and not published
    yet, `under_way` what an interrupted harvest has fetched, `fault` why the last one stopped; null or "" where there is none.
    """
    names: dict[str, str] = {}
    # A site whose lod.toml is faulty still has a state; `lod check` reports the faults.
    with suppress(ConfigError):
        names = {source.name: source.url for source in read_named_sources(site) if source.url}
    folder = site / FOLDER
    # A first harvest that could not even begin leaves a folder without a state.
    found = sorted(path.parent.name for path in folder.glob(f"*/{STATE_FILE}"))
    return [_row(name, names.get(name, ""), folder / name) for name in dict.fromkeys([*names, *found])]


def _row(name: str, url: str, folder: Path) -> dict[str, Any]:
    state = State.read(folder)
    address, *sets = state.identity.split("\n")
    runs = [run for run in runs_in(folder) if run.folder.name not in state.published]
    interrupted = next((run for run in reversed(runs) if not run.is_whole), None)
    return {
        "name": name,
        "url": shown(address or url),
        "sets": [name for name in sets if name],
        "sort": state.sort,
        "last": asdict(state.last) if state.last else None,
        "last_full": asdict(state.last_full) if state.last_full else None,
        "waiting": sum(entry.records for run in runs if run.is_whole for entry in run.pages()),
        "under_way": {
            "kind": interrupted.terms.kind,
            "began": interrupted.terms.began,
            "answers": len(interrupted.pages()),
            "records": interrupted.records,
        }
        if interrupted
        else None,
        "fault": state.fault,
    }
