"""Fuzz target: a function of bytes, and examples of such bytes to begin with."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """One function of bytes, and examples of them."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


@cache
def scratch() -> Path:
    """Return a folder of this process for files that are read again and again."""
    folder = Path(tempfile.mkdtemp(prefix="lod-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
