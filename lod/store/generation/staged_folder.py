"""Build a folder under a temporary name, sync it, then rename it into place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lod.disk.atomic import make_folder, move_durably, sync_tree
from lod.disk.lock import ReadLock, without_readers
from lod.errors import StoreError
from lod.store.generation.builder import remove_folder


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder beside the target and rename it to the target when the block ends. The target may be an empty folder.

    Temporary folders of killed processes beside it are removed, for other targets too: otherwise nightly backups with dates
    in their names could fill the disk.

    Raises:
        StoreError: another process is writing the same folder.
    """
    part = target.with_name(f".lod-{target.name}.part")
    make_folder(part.parent)
    for found in part.parent.glob(".lod-*.part"):
        with without_readers(found) as is_abandoned:
            if is_abandoned:
                remove_folder(found)
            elif found == part:
                raise StoreError(
                    f"{target}: another process is writing this folder; wait for it to finish, or name another folder"
                )
    part.mkdir()
    try:
        # Shows to other processes that the folder is being written.
        held = ReadLock(part)
        yield part
        sync_tree(part)
        if target.exists():
            target.rmdir()
        move_durably(part, target)
        del held
    finally:
        remove_folder(part)
