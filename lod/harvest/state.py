"""What a site knows of a source from one run to the next: `harvest/NAME/source.json`, and the runs beside it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lod.disk.atomic import write_atomically
from lod.harvest.journal import RUN_FILE, Run

FOLDER = "harvest"
STATE_FILE, LOCK_FILE, SCRATCH = "source.json", "lock", "scratch"


@dataclass(kw_only=True)
class Known:
    """One harvest that was published.

    Attributes:
        kind: "full" or "incremental".
        moment: the provider's clock when it began; the next one reaches from there.
        at: our clock when it was published, ISO 8601.
        prefix, records, deleted, requests: what it asked for and what came.
    """

    kind: str
    moment: str
    at: str
    prefix: str = ""
    records: int = 0
    deleted: int = 0
    requests: int = 0


@dataclass(kw_only=True)
class State:
    """A source's state.

    `identity` is its address with its sets, a line each; `published` names runs whose answers are kept; `fault` says when and
    why the last harvest stopped, "" if it did not.
    """

    identity: str = ""
    sort: str = ""
    last: Known | None = None
    last_full: Known | None = None
    published: tuple[str, ...] = ()
    fault: str = ""

    @classmethod
    def read(cls, folder: Path) -> State:
        """Return what the folder says; an empty state where there is none, or where it is damaged."""
        try:
            parts: dict[str, Any] = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
            for name in ("last", "last_full"):
                parts[name] = Known(**parts[name]) if parts.get(name) else None
            return cls(**{**parts, "published": tuple(parts.get("published", ()))})
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return cls()

    def write(self, folder: Path) -> None:
        """Put it in place of the one before, in one step."""
        write_atomically(folder / STATE_FILE, json.dumps(asdict(self), indent=1))


def runs_in(folder: Path) -> list[Run]:
    """Return the runs of a source, the oldest first; a folder that a kill left without its terms is none."""
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(path.parent for path in folder.glob(f"*/{RUN_FILE}")):
        try:
            found.append(Run(path))
        except (ValueError, TypeError, KeyError, OSError):
            continue
    return found


def remove_runs(folder: Path, kept: set[str]) -> None:
    """Remove all runs of a source but those named, and what lies about."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)


def run_name(kind: str, now: datetime) -> str:
    """Return the folder name of a run that begins now; names sort by time."""
    return f"{now:%Y%m%dT%H%M%S%fZ}-{kind}"
