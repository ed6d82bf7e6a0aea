"""Make the folder of a new site."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from lod.disk.atomic import make_folder, write_atomically
from lod.errors import ConfigError, StoreError
from lod.settings.reference import settings_template
from lod.settings.table import SETTINGS_FILE, make_settings
from lod.sources.configured import SOURCE_TEMPLATE


def make_site(folder: Path, chosen: Mapping[str, str]) -> Path:
    """Write a commented lod.toml with the chosen settings, for its owner only, into a folder, which is made; return its path.

    Raises:
        ConfigError: the folder holds a site already, or a chosen setting is wrong.
        StoreError: the folder cannot be written.
    """
    path = folder / SETTINGS_FILE
    make_settings(chosen, {}, label=str(path))
    if path.exists():
        raise ConfigError(f"{path}: there is a site already; it was left as it is. Choose another folder")
    try:
        make_folder(folder)
        write_atomically(path, settings_template(chosen) + SOURCE_TEMPLATE, private=True)
    except OSError as fault:
        raise StoreError(f"{path}: cannot be written ({fault.strerror or fault})") from None
    return path


def free_port(host: str) -> int:
    """Return a port of the host that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
