"""Fingerprint of the program: what it makes of the same data may be another text once it differs."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from lod.bundled import VOCAB

_PACKAGE = Path(__file__).resolve().parent
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@cache
def program_fingerprint() -> str:
    """Return a hash of the program's files and of the versions of the libraries that it requires.

    Its own version does not tell: a checkout is updated, a wheel installed again, a library upgraded without a change of it.
    """
    return fingerprint_of((_PACKAGE, VOCAB), _libraries())


def fingerprint_of(folders: Iterable[Path], versions: Iterable[str]) -> str:
    """Return a hash of the contents and names of all files below folders, compiled ones excepted, and of versions."""
    found = hashlib.sha256("\n".join(sorted(versions)).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found.update(f"\n{content} {path.relative_to(folder).as_posix()}".encode())
    return found.hexdigest()


def _libraries() -> list[str]:
    """Return the libraries that the program requires, with their versions; none where it is not installed."""
    found = []
    with suppress(importlib.metadata.PackageNotFoundError):
        for requirement in importlib.metadata.requires("lod") or ():
            name = _NAME.match(requirement)
            if name and "extra ==" not in requirement:
                found.append(f"{name[0]} {importlib.metadata.version(name[0])}")
    return found
