"""What several commands do with a site's folder. Heavy imports stay inside the functions."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lod.cli.exit_codes import BROKEN, USAGE, stop
from lod.errors import ConfigError

if TYPE_CHECKING:
    from lod.publish.plan import Plan
    from lod.settings.table import Settings
    from lod.store.base import PublishedSite


def load_plan(site: Path) -> tuple[Settings, Plan]:
    """Read everything that a site's folder says; raise ConfigError with every fault of all of it."""
    from lod.bundled import SHAPES
    from lod.links.site import links_folder
    from lod.mapping.crosswalk_files.load import load_crosswalk
    from lod.publish.plan import Plan
    from lod.rdf.vocabulary import load_vocabulary
    from lod.settings.table import SETTINGS_FILE, make_settings, read_settings
    from lod.sources.configured import read_named_sources
    from lod.sources.reading.column_tables import site_tables
    from lod.store.quality.values.accept_file import read_accepted
    from lod.validation.shapes import EMAIL_RULES, load_shapes

    faults: list[str] = []
    try:
        settings = read_settings(site)
    except ConfigError as fault:
        # Go on with settings that are right, so that the faults of all other files are reported as well.
        faults += fault.faults
        settings = make_settings({"base_iri": "https://example.org/"}, {})
        if not os.access(site / SETTINGS_FILE, os.R_OK):
            raise
    folders = [SHAPES, *([site / "shapes"] if (site / "shapes").is_dir() else [])]
    loaded: list[Any] = []
    steps: tuple[Callable[[], Any], ...] = (
        lambda: load_crosswalk(settings, site),
        lambda: load_shapes(
            folders,
            load_vocabulary(settings.vocabulary_namespace),
            without=EMAIL_RULES if settings.publish_email_addresses else (),
        ),
        lambda: read_named_sources(site),
        lambda: site_tables(site),
        lambda: links_folder(site),
        lambda: read_accepted(site),
    )
    for step in steps:
        try:
            loaded.append(step())
        except ConfigError as fault:
            faults += fault.faults
    if faults:
        # A file that cannot be read at all is reported by each function that reads it.
        raise ConfigError(dict.fromkeys(faults))
    return settings, Plan(loaded[0], loaded[1], links=loaded[4], accepted=loaded[5])


def bundled_plan() -> Plan:
    """Return the plan of a run without a site: the bundled crosswalk, maps and shapes."""
    from lod.bundled import SHAPES
    from lod.mapping.crosswalk_files.load import load_crosswalk
    from lod.publish.plan import Plan
    from lod.rdf.vocabulary import load_vocabulary
    from lod.settings.table import make_settings
    from lod.validation.shapes import load_shapes

    settings = make_settings({"base_iri": "https://example.org/"}, {})
    return Plan(load_crosswalk(settings), load_shapes([SHAPES], load_vocabulary(settings.vocabulary_namespace)))


def free_to_listen(host: str, port: int) -> int:
    """Return the port; stop with a message where something else listens there."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            stop(
                [
                    f"cannot listen on {host}, port {port} ({fault.strerror}); choose another one with --port, 0 takes any free one"
                ],
                BROKEN,
            )
    return port


def open_site(folder: Path, settings: Settings) -> PublishedSite:
    """Open a site to be served, its own generations or those in the store that the settings name.

    A catalog masks e-mail addresses unless they may be published.
    """
    from lod.privacy import mask_addresses
    from lod.store.generation.generations import Site

    site = Site(folder, mask=str if settings.publish_email_addresses else mask_addresses)
    if not settings.store:
        return site
    from lod.remote.site import RemoteSite

    return RemoteSite(settings, site, os.environ)


def want_site(site: Path) -> None:
    """Stop where a folder is no site: a wrong --site must not look like a site that has published nothing."""
    from lod.settings.table import SETTINGS_FILE

    path = site / SETTINGS_FILE
    if not path.is_file():
        stop([f"{path}: no such file; make a site with 'lod init {site}', or name one with --site"], USAGE)
