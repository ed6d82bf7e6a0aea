"""Plan of a run: its rules, what it reads whole or in part, its moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lod.mapping.crosswalk import Crosswalk
from lod.settings.table import AUTO_WORKERS
from lod.store.quality.values.acceptances import Acceptance
from lod.worker_pool import usable_cores

if TYPE_CHECKING:
    from lod.validation.shapes import Shapes

Progress = Callable[[str, int, int], None]
"""Called with the name of the stage, how many records it has done, and how many there are (0 while unknown)."""

_MOST_WORKERS = 8


@dataclass(frozen=True)
class Plan:
    """How a run goes.

    Attributes:
        scopes: resolved paths of the sources that are read whole: a record published from one of them before, and
            missing from it now, is removed. A scope is a file, or a folder with all that lies under it.
        parts: names of sources of which this run reads what is new only.
        unread: resolved paths of files in the scopes that nothing recognised: what was published from them stays.
        links: the folder of the site's links, None where it has none.
        dry_run: map and validate, publish nothing.
        allow_shrink: remove any share of the records that are live, whatever the setting `most_shrink_percent` says.
        accepted: findings that leave the work list of the quality pages.
        workers: how many processes map and judge; as the setting `workers` has it where it is empty.
        dask: the Dask cluster that maps and judges: the address of its scheduler, or "local"; "" for none.
        now: the moment of the run, in UTC.
    """

    crosswalk: Crosswalk
    shapes: Shapes
    scopes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    links: Path | None = None
    dry_run: bool = False
    allow_shrink: bool = False
    accepted: tuple[Acceptance, ...] = ()
    workers: str = ""
    dask: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def worker_count(self) -> int:
        """How many processes map and judge. One process can write what about eight of them make."""
        wanted = self.workers or self.crosswalk.settings.workers
        return min(usable_cores(), _MOST_WORKERS) if wanted == AUTO_WORKERS else int(wanted)

    @property
    def moment(self) -> str:
        """The moment of the run as claims have it: ISO 8601 with "Z"."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def by_pyshacl(self) -> list[str]:
        """Return a line for each shape that pySHACL has to judge, since it cannot be compiled."""
        from lod.validation.engines.compiled import left_to_pyshacl

        return left_to_pyshacl(self.shapes) if self.crosswalk.settings.engine == "compiled" else []

    @property
    def basis(self) -> str:
        """A SHA-256 over crosswalk and shapes: a record is mapped anew when it changes."""
        return hashlib.sha256(f"{self.crosswalk.fingerprint} {self.shapes.fingerprint}".encode()).hexdigest()
