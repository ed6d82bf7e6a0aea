"""Backup and restore: a site's settings and its live generation in a folder of their own, with checksums.

A backup has the form of a site, so that `lod serve --site DIR` serves it, and SHA256SUMS beside it, in the form that
`sha256sum --check` reads. Files are copied, never linked: what damages the site's disk must not damage its backup.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lod.disk.atomic import DESCRIPTION, make_folder, move_durably, sync_tree
from lod.disk.checksum import sha256_of
from lod.disk.os_errors import as_store_error
from lod.errors import StoreError
from lod.settings.table import SETTINGS_FILE
from lod.site.verify import verify_generation
from lod.store.generation.builder import BUILDING, remove_folder
from lod.store.generation.generations import Generation, Site
from lod.store.generation.staged_folder import staged_folder
from lod.store.quality.values.accept_file import ACCEPT_FILE

SUMS = "SHA256SUMS"
OWN_FILES = (SETTINGS_FILE, ACCEPT_FILE, "crosswalk", "maps", "columns", "shapes", "templates", "links")
"""Files and folders of a site that people edit."""

_ATTEMPTS = 5


def back_up(site: Path, target: Path, *, verify: bool = True) -> str:
    """Copy a site's own files and its live generation into a new folder; return the generation's name.

    Serving and publishing may go on meanwhile. The folder appears when it is complete and on the disk. The copy is verified
    quickly, so that a rotation of backups never ends with damaged ones only.

    Raises:
        StoreError: nothing has been published, the folder exists, the generation is damaged, or the disk refused.
    """
    # Path(".") has no name that a folder beside it could be named after.
    if not target.name or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise StoreError(f"{target}: there is something already; name a new folder for the backup")
    with as_store_error(target, "writing the backup"), staged_folder(target) as part:
        name = _copy_live(Site(site), part)
        if verify and (faults := list(verify_generation(part / "generations" / name, quick=True))):
            raise StoreError(
                f"{site}: generation {name} is not sound, so that no backup was made: {'; '.join(faults)}. 'lod verify' names all that "
                "is wrong, 'lod rollback' goes back to the generation before, 'lod restore' to a backup; --no-verify copies it as it is"
            )
        for own in OWN_FILES:
            if (site / own).is_dir():
                shutil.copytree(site / own, part / own)
            elif (site / own).is_file():
                _copy_private(site / own, part / own)
        lines = (f"{sha256_of(part / path)}  {path}\n" for path in sorted(_files_under(part)))
        (part / SUMS).write_text("".join(lines), encoding="utf-8", errors="surrogateescape")
    return name


def restore(backup: Path, site: Path) -> tuple[str, list[str]]:
    """Make a backup's generation the live one of a site, after every file of it has been checked.

    It gets a new name, the newest, so that the site's other generations stay what they are. Files of the site's own are
    placed where it has none of that name; return the generation's name and those that were left as they are.

    Raises:
        StoreError: the backup is damaged (each file is named), or the site is being published.
    """
    faults = list(backup_faults(backup)) or _generation_faults(backup)
    if faults:
        raise StoreError(f"{backup}: the backup is damaged, nothing was restored: {'; '.join(faults)}")
    with as_store_error(site, "restoring the backup"):
        make_folder(site)
        live = Site(backup).live()
        if live is None:
            raise StoreError(f"{backup}: the backup holds no generation")
        target = Site(site)
        with target.locked():
            name = target.next_name()
            part = target.directory / f"{BUILDING}{name}"
            with _removed_unless_moved(part):
                shutil.copytree(live.directory, part, copy_function=shutil.copyfile)
                description = {**live.description, "name": name, "restored": live.name}
                (part / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
                sync_tree(part)
                move_durably(part, target.directory / name)
            left = [own for own in OWN_FILES if (backup / own).exists() and not _placed(backup / own, site / own)]
            target.switch(name)
    return name, left


def backup_faults(backup: Path) -> Iterator[str]:
    """Yield what is wrong with the files of a backup: missing, changed, or not listed.

    Raises:
        StoreError: it is no backup.
    """
    path = backup / SUMS
    if not path.is_file():
        raise StoreError(f"{backup}: no backup, for it has no {SUMS}; name the folder that 'lod backup DIR' wrote")
    with as_store_error(path, "reading the backup"):
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        present = set(_files_under(backup)) - {SUMS}
        yield from (f"{name} is missing" for name in sorted(listed.keys() - present))
        yield from (f"{name} is not in {SUMS}" for name in sorted(present - listed.keys()))
        for name in sorted(listed.keys() & present):
            if sha256_of(backup / name) != listed[name]:
                yield f"{name} has changed"


def _generation_faults(backup: Path) -> list[str]:
    """Return what the quick check finds wrong with the generation of a backup, which may have been made with --no-verify."""
    name = Site(backup).live_name()
    return list(verify_generation(Site(backup).directory / name, quick=True)) if name else []


def _copy_live(site: Site, part: Path) -> str:
    """Copy the live generation; retry with the next one if a publisher removes it meanwhile."""
    for attempt in range(_ATTEMPTS):
        name = site.live_name()
        if name is None:
            raise StoreError(f"{site.directory}: nothing has been published yet, so there is nothing to back up")
        remove_folder(part / "generations")
        (part / "generations").mkdir()
        try:
            # Its lock keeps publishers from removing it.
            held = Generation.open(site.directory / name)
            shutil.copytree(site.directory / name, part / "generations" / name, copy_function=shutil.copyfile)
            (part / "generations" / "current").write_text(f"{name}\n", encoding="utf-8")
            return held.name
        except (shutil.Error, FileNotFoundError, StoreError) as fault:
            if attempt + 1 == _ATTEMPTS or site.live_name() == name:
                raise OSError(f"{site.directory / name}: cannot be copied: {fault}") from fault
    raise AssertionError("unreachable")


def _placed(own: Path, place: Path) -> bool:
    if place.exists():
        return False
    part = place.with_name(f".{place.name}.part")
    remove_folder(part)
    part.mkdir()
    if own.is_dir():
        shutil.copytree(own, part / own.name)
    else:
        _copy_private(own, part / own.name)
    sync_tree(part)
    move_durably(part / own.name, place)
    part.rmdir()
    return True


def _copy_private(file: Path, target: Path) -> None:
    """Copy a file of the site's own for its owner only: settings may hold addresses with tokens in them."""
    target.touch(0o600)
    shutil.copyfile(file, target)


@contextmanager
def _removed_unless_moved(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        remove_folder(part)


def _files_under(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
