"""What may go wrong, as types. Everything else that is raised is a fault of ours (lod/guard.py), and exits with 70."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class LodError(Exception):
    """Base of all errors whose cause is outside this package; the text says how to mend it."""


class BadValueError(LodError):
    """One value cannot be expressed in the wanted form. The text is the reason, without the value."""


class SourceError(LodError):
    """A source cannot be opened or breaks off. The live generation stays; the command exits with 3."""


class StoreError(LodError):
    """A site's generations cannot be read or written: locked, damaged, disk full. Exits with 3."""


class DamagedError(StoreError):
    """A file of a site is damaged; trying again does not help. `path` is the file, or the folder that it is in."""

    def __init__(self, message: str, path: Path) -> None:
        self.path = path
        super().__init__(message)


class WorkerError(LodError):
    """No worker process can be started; nothing has changed. Exits with 3."""


class ShrinkError(LodError):
    """A run would remove more records than the site allows at once; nothing has changed. Exits with 3."""


class ConfigError(LodError):
    """Settings, crosswalk, maps or shapes are wrong; nothing starts. Exits with 2.

    `faults` holds every fault found, one line each, so that all can be mended at once.
    """

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))
