"""Shelf: what a site has of one source: its state, runs under way, runs that wait to be published, answers that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lod.harvest.journal import Run, Terms
from lod.harvest.state import Known, State, remove_runs, run_name, runs_in

FULL = "full"


class Shelf:
    """The folder of one source, `harvest/NAME/`; whoever writes holds its lock."""

    def __init__(self, folder: Path, identity: str) -> None:
        """Open it; what another address or other sets have left there is thrown away."""
        self.folder = folder
        self.state = State.read(folder)
        if self.state.identity != identity:
            self.state = State(identity=identity)
            remove_runs(folder, set())

    def unfinished(self) -> Run | None:
        """Return the run that has broken off, None where there is none."""
        return next((run for run in reversed(runs_in(self.folder)) if not run.is_whole), None)

    def waiting(self) -> list[Run]:
        """Return the whole runs that are not published yet, from the last full one on."""
        return _from_full([run for run in self._whole() if run.folder.name not in self.state.published])

    def kept(self) -> list[Run]:
        """Return the whole runs since the last full one, published or not; none where no full one is kept."""
        runs = _from_full(self._whole())
        return runs if runs and runs[0].terms.kind == FULL else []

    def last(self) -> Known | None:
        """Return the last whole harvest, published or not."""
        waiting = self.waiting()
        return known(waiting[-1]) if waiting else self.state.last

    def last_full(self) -> Known | None:
        """Return the last whole full harvest, published or not."""
        waiting = [run for run in self.waiting() if run.terms.kind == FULL]
        return known(waiting[-1]) if waiting else self.state.last_full

    def begin(self, terms: Terms) -> Run:
        """Begin a run; one that has broken off before makes room."""
        remove_runs(self.folder, {run.folder.name for run in self.waiting()} | set(self.state.published))
        return Run.begin(self.folder / run_name(terms.kind, datetime.now(UTC)), terms)

    def write(self) -> None:
        """Put the state on the disk."""
        self.state.write(self.folder)

    def drop_published(self) -> None:
        """Remove answers that are published and were kept until now."""
        published, self.state.published = set(self.state.published), ()
        if published:
            self.write()
            remove_runs(self.folder, {run.folder.name for run in runs_in(self.folder)} - published)

    def commit(self, runs: Sequence[Run], requests: int, *, keep: bool) -> None:
        """Note that runs are published, and remove their answers unless they are to be kept."""
        for run in runs:
            self.state.last = known(run, requests)
            if run.terms.kind == FULL:
                self.state.last_full = self.state.last
        self.state.fault = ""
        self.state.published = tuple(run.folder.name for run in _from_full(self._whole())) if keep else ()
        self.write()
        remove_runs(self.folder, set(self.state.published))

    def _whole(self) -> list[Run]:
        return [run for run in runs_in(self.folder) if run.is_whole]


def known(run: Run, requests: int = 0) -> Known:
    """Return what is remembered of a run when its answers are gone."""
    pages = run.pages()
    return Known(
        kind=run.terms.kind,
        moment=run.terms.moment,
        at=run.terms.began,
        prefix=run.terms.prefix,
        records=run.records,
        deleted=sum(entry.deleted for entry in pages),
        requests=requests or len(pages),
    )


def _from_full(runs: list[Run]) -> list[Run]:
    """Return the runs from the last full one on, all of them where there is none."""
    fulls = [number for number, run in enumerate(runs) if run.terms.kind == FULL]
    return runs[fulls[-1] :] if fulls else runs
