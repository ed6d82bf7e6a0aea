"""The links of a site: its folder `links/`, read and judged against what is published."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from lod.errors import ConfigError
from lod.links.announcements import INBOX, announced_links
from lod.links.authorities import AUTHORITIES, authority_files, offers, read_authorities
from lod.links.judge import Here, Judged, judge
from lod.links.readers import link_files, read_links
from lod.privacy import holds_address

LINKS = "links"
"""The folder in a site."""


def links_folder(site: Path) -> Path | None:
    """Return the folder of links of a site, None where it has none.

    Raises:
        ConfigError: files in it are of no format that is known.
    """
    folder = site / LINKS
    if not folder.is_dir():
        return None
    faults: list[str] = []
    for list_files, place in ((link_files, folder), (authority_files, folder / AUTHORITIES)):
        try:
            list_files(place)
        except ConfigError as fault:
            faults += fault.faults
    if faults:
        raise ConfigError(faults)
    return folder


def judged_links(folder: Path, here: Here, *, may_show_addresses: bool) -> Judged:
    """Return the links of a folder, judged: those of files, those that services have announced, then those that identifiers in authority tables give.

    Raises:
        ConfigError: a file cannot be read.
    """
    hide: Callable[[str], bool] = (lambda text: False) if may_show_addresses else holds_address
    stated = chain(read_links(folder), announced_links(folder / INBOX), offers(read_authorities(folder / AUTHORITIES)))
    return judge(stated, here, hide=hide)
