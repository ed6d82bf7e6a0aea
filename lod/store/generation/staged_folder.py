"""Folders that are made aside, and appear when they are whole and on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lod.disk.atomic import move_durably, sync_tree
from lod.disk.lock import ReadLock, without_readers
from lod.errors import StoreError
from lod.store.generation.builder import remove_folder


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder beside a target, which may be an empty folder, and put it in the target's place when the block ends.

    What a process that was killed has left beside it is removed, whatever its target was: nightly backups with a date in their
    names would fill the disk.

    Raises:
        StoreError: another process is writing the same folder.
    """
    part = target.with_name(f".lod-{target.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    for left in part.parent.glob(".lod-*.part"):
        with without_readers(left) as is_left:
            if is_left:
                remove_folder(left)
            elif left == part:
                raise StoreError(
                    f"{target}: another process is writing there; wait until it has ended, or name another folder"
                )
    part.mkdir()
    try:
        # Held as long as this process lives: others see that the folder is being written.
        held = ReadLock(part)
        yield part
        sync_tree(part)
        if target.exists():
            target.rmdir()
        move_durably(part, target)
        del held
    finally:
        remove_folder(part)
