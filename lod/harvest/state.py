"""What a site has of one source, in `harvest/NAME/`: its state (`source.json`), runs under way, runs to be published, the cache."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lod.disk.atomic import write_atomically
from lod.harvest.journal import RUN_FILE, Run, Terms

FOLDER = "harvest"
STATE_FILE, LOCK_FILE, SCRATCH = "source.json", "lock", "scratch"
FULL = "full"


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

    @classmethod
    def of(cls, run: Run, requests: int = 0) -> Known:
        """Return what is remembered of a run when its responses are gone."""
        pages, terms = run.pages(), run.terms
        return cls(
            kind=terms.kind,
            moment=terms.moment,
            at=terms.began,
            prefix=terms.prefix,
            records=run.records,
            deleted=sum(entry.deleted for entry in pages),
            requests=requests or len(pages),
        )


@dataclass(kw_only=True)
class State:
    """State of a source.

    `identity` is its address with its sets, a line each; `published` names runs whose responses are cached; `fault` says when
    and why the last harvest stopped, "" if it did not.
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


class SourceFolder:
    """The folder of one source; a writer holds its lock."""

    def __init__(self, folder: Path, identity: str) -> None:
        """Open it; what another address or other sets have left there is removed."""
        self.folder = folder
        self.state = State.read(folder)
        if self.state.identity != identity:
            self.state = State(identity=identity)
            self._remove_runs(but=())

    def unfinished(self) -> Run | None:
        """Return the interrupted run, None where there is none."""
        return next((run for run in reversed(runs_in(self.folder)) if not run.is_whole), None)

    def waiting(self) -> list[Run]:
        """Return the whole runs that are not published yet, from the last full one on."""
        return _from_full([run for run in self._whole() if run.folder.name not in self.state.published])

    def cached(self) -> list[Run]:
        """Return the whole runs since the last full one, published or not; none where no full one is there."""
        runs = _from_full(self._whole())
        return runs if runs and runs[0].terms.kind == FULL else []

    def last(self, kind: str = "") -> Known | None:
        """Return the last whole harvest, of whatever kind or of kind FULL, published or not."""
        waiting = [run for run in self.waiting() if kind in {"", run.terms.kind}]
        published = self.state.last_full if kind == FULL else self.state.last
        return Known.of(waiting[-1]) if waiting else published

    def start(self, terms: Terms) -> Run:
        """Start a run; an interrupted one is removed."""
        self._remove_runs(but=[*(run.folder.name for run in self.waiting()), *self.state.published])
        # Names sort by time.
        return Run.begin(self.folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{terms.kind}", terms)

    def write(self) -> None:
        """Replace the state on the disk, in one step."""
        write_atomically(self.folder / STATE_FILE, json.dumps(asdict(self.state), indent=1))

    def drop_published(self) -> None:
        """Remove responses that are published and were cached until now."""
        published, self.state.published = self.state.published, ()
        if published:
            self.write()
            self._remove_runs(but=[run.folder.name for run in runs_in(self.folder) if run.folder.name not in published])

    def commit(self, runs: Sequence[Run], requests: int, *, keep: bool) -> None:
        """Note that runs are published, and remove their responses unless they are to be cached."""
        for run in runs:
            self.state.last = Known.of(run, requests)
            if run.terms.kind == FULL:
                self.state.last_full = self.state.last
        self.state.fault = ""
        self.state.published = tuple(run.folder.name for run in _from_full(self._whole())) if keep else ()
        self.write()
        self._remove_runs(but=self.state.published)

    def _whole(self) -> list[Run]:
        return [run for run in runs_in(self.folder) if run.is_whole]

    def _remove_runs(self, but: Sequence[str]) -> None:
        """Remove all runs but those named, and what else lies there."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in but:
                shutil.rmtree(path)


def runs_in(folder: Path) -> list[Run]:
    """Return the runs of a source, the oldest first; a folder that a kill left without its terms is none."""
    found = []
    for path in sorted(path.parent for path in folder.glob(f"*/{RUN_FILE}")):
        try:
            found.append(Run(path))
        except (ValueError, TypeError, KeyError, OSError):
            continue
    return found


def _from_full(runs: list[Run]) -> list[Run]:
    """Return the runs from the last full one on, all of them where there is none."""
    fulls = [number for number, run in enumerate(runs) if run.terms.kind == FULL]
    return runs[fulls[-1] :] if fulls else runs
