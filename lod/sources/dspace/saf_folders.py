"""Item folders of the Simple Archive Format: on disk, in a zip, or in a zip within a zip."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from lod.errors import SourceError
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources.parsing.zip_files import LARGEST_MEMBER_BYTES, READ_FAULTS, ZIP_MAGIC, ZipMember, check_sizes, open_zip
from lod.sources.reading.source_file import SourceFile

ANCHOR = "dublin_core.xml"
"""The file that makes a folder an item."""

SIDE_FILES = ("contents", "handle", "collections", "relationships")
"""What else is read of an item. Source: DSpace documentation, "Importing and Exporting Items via Simple Archive Format"."""

LARGEST_NESTED_BYTES = 256 * 1024**2
"""Largest zip within a zip that is read when it is packed once more; it is held in memory, and one that is not packed
is read where it lies."""

_DEEPEST = 3


class ItemFolder(Protocol):
    """One item: its files by name."""

    @property
    def label(self) -> str:
        """What messages call the folder: "item_001", "export.zip, item_001"."""

    def metadata_names(self) -> list[str]:
        """Return the names of the files with fields, dublin_core.xml first."""

    def open(self, name: str) -> SourceFile | None:
        """Return a file of the item for reading, None where there is none.

        Raises:
            SourceError: it cannot be read.
        """

    def size_bytes(self, name: str) -> int | None:
        """Return the size of a deposited file, None where it did not come with the item."""


def is_metadata(name: str) -> bool:
    """Return whether a file of an item holds fields of a schema other than Dublin Core: "metadata_thesis.xml"."""
    return name.startswith("metadata_") and name.endswith(".xml")


@dataclass(frozen=True)
class DiskFolder:
    """An item folder on disk."""

    path: Path

    @property
    def label(self) -> str:
        """The folder's name."""
        return self.path.name

    def metadata_names(self) -> list[str]:
        """Return the names of the files with fields, dublin_core.xml first."""
        try:
            others = sorted(path.name for path in self.path.iterdir() if is_metadata(path.name))
        except OSError as fault:
            raise SourceError(f"{self.path}: cannot be read: {fault.strerror or fault}") from None
        return [ANCHOR, *others]

    def open(self, name: str) -> SourceFile | None:
        """Return a file of the item for reading; what is no regular file is none.

        Raises:
            SourceError: it is a link that leads out of the folder: the author of the item may have had no permission to read the target.
        """
        path = self.path / name
        if not path.is_file():
            return None
        if not self._is_inside(path):
            raise SourceError(
                f"'{name}' is a link that leads out of the item's folder, and is not followed; put the file itself there"
            )
        return SourceFile(path, f"{self.label}/{name}")

    def size_bytes(self, name: str) -> int | None:
        """Return the size of a deposited file; a name or a link that leads out of the folder names none."""
        with suppress(OSError, ValueError):
            path = self.path / name
            if ".." not in path.parts and not Path(name).is_absolute() and path.is_file() and self._is_inside(path):
                return path.stat().st_size
        return None

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.path.resolve())


@dataclass(frozen=True)
class ZipFolder:
    """An item folder in a zip. `members` are the files of the zip by name, `name` is the folder's, "" for the zip itself."""

    file: SourceFile
    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    name: str
    side_names: list[str]

    @property
    def label(self) -> str:
        """The zip's name and the folder's."""
        return f"{self.file.name}, {self.name}" if self.name else self.file.name

    def metadata_names(self) -> list[str]:
        """Return the names of the files with fields, dublin_core.xml first."""
        return [ANCHOR, *sorted(filter(is_metadata, self.side_names))]

    def open(self, name: str) -> SourceFile | None:
        """Read a file of the item into memory; a damaged one costs its item only."""
        member = self.members.get(posixpath.join(self.name, name))
        if member is None:
            return None
        label = f"{self.file.name}, {posixpath.join(self.name, name)}"
        try:
            return ZipMember(self.file.path, label, content=self.archive.read(member))
        except READ_FAULTS as fault:
            raise SourceError(f"{label}: the file in the zip is damaged ({fault}); export the item again") from None

    def size_bytes(self, name: str) -> int | None:
        """Return the size of a deposited file, unpacked."""
        member = self.members.get(posixpath.join(self.name, name))
        return member.file_size if member else None


def zip_folders(file: SourceFile, settings: Settings) -> Iterator[ZipFolder | Finding]:
    """Yield the item folders of a zip by name, and then those of the zips in it; one of these that is damaged is a violation.

    Nothing is unpacked to disk: names in a zip are looked up, never used as paths.

    Raises:
        SourceError: the zip is damaged or encrypted, or what would be read of it unpacks to more than is read.
    """
    with open_zip(file) as archive:
        yield from _folders(file, archive, settings, 1)


def holds_items(path: Path) -> bool:
    """Return whether a file is a zip with item folders, or with zips of them; or a zip by name that cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _any_items(archive, 1)
    except READ_FAULTS:
        return path.suffix.lower() == ".zip"


@dataclass(slots=True)
class _Contents:
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    zips: list[str] = field(default_factory=list)


def _folders(
    file: SourceFile, archive: zipfile.ZipFile, settings: Settings, depth: int
) -> Iterator[ZipFolder | Finding]:
    contents = _list_contents(archive)
    largest = settings.max_record_mib * 1024**2
    read = [
        contents.members[posixpath.join(folder, name)] for folder, names in contents.items.items() for name in names
    ]
    check_sizes(file, read, largest)
    total = sum(member.file_size for member in read)
    if total > LARGEST_MEMBER_BYTES:
        raise SourceError(
            f"{file.source}: the metadata in it unpack to {total} bytes, more than is read; unpack the zip yourself and "
            "name the folder, if it is to be trusted"
        )
    for folder, names in sorted(contents.items.items()):
        yield ZipFolder(file, archive, contents.members, folder, names)
    for name in sorted(contents.zips):
        inner = ZipMember(file.path, f"{file.name}, {name}")
        try:
            yield from _nested_folders(inner, archive, contents.members[name], settings, depth + 1)
        except SourceError as fault:
            yield inner.damaged(str(fault))


def _nested_folders(
    file: SourceFile, archive: zipfile.ZipFile, member: zipfile.ZipInfo, settings: Settings, depth: int
) -> Iterator[ZipFolder | Finding]:
    if depth > _DEEPEST:
        raise SourceError(
            f"{file.source}: zips nest deeper than {_DEEPEST} levels; unpack the outer one, and name the folder"
        )
    check_sizes(file, [member])
    with _nested(file, archive, member) as stream, open_zip(file, stream) as opened:
        yield from _folders(file, opened, settings, depth)


def _list_contents(archive: zipfile.ZipFile) -> _Contents:
    """Return the members of a zip by name, its item folders with the files that are read of them, and the zips beside them."""
    contents = _Contents()
    for member in archive.infolist():
        # Zips that Windows programs write may have "\\" in names.
        name = posixpath.normpath("/" + member.filename.replace("\\", "/")).lstrip("/")
        if (
            name
            and not member.filename.endswith(("/", "\\"))
            and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
        ):
            contents.members.setdefault(name, member)
    for name in contents.members:
        if posixpath.basename(name) == ANCHOR:
            contents.items[posixpath.dirname(name)] = []
    for name in contents.members:
        folder, base = posixpath.split(name)
        if folder in contents.items and (base == ANCHOR or base in SIDE_FILES or is_metadata(base)):
            contents.items[folder].append(base)
        elif base.lower().endswith(".zip") and not _is_within(folder, contents.items):
            contents.zips.append(name)
    return contents


def _is_within(folder: str, items: dict[str, list[str]]) -> bool:
    while folder:
        if folder in items:
            return True
        folder = posixpath.dirname(folder)
    return "" in items


def _nested(file: SourceFile, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    stored = member.compress_type == zipfile.ZIP_STORED
    if not stored and member.file_size > LARGEST_NESTED_BYTES:
        raise SourceError(
            f"{file.source}: '{member.filename}' is a zip of {member.file_size} bytes that is packed once more; more than "
            f"{LARGEST_NESTED_BYTES} are not held in memory. Unpack the outer zip, and name the folder"
        )
    try:
        return archive.open(member) if stored else BytesIO(archive.read(member))
    except READ_FAULTS as fault:
        raise SourceError(f"{file.source}: the zip in the zip is damaged ({fault}); export it again") from None


def _any_items(archive: zipfile.ZipFile, depth: int) -> bool:
    contents = _list_contents(archive)
    if contents.items or depth == _DEEPEST:
        return bool(contents.items)
    for name in contents.zips:
        member = contents.members[name]
        with suppress(*READ_FAULTS, SourceError):
            check_sizes(SourceFile(Path(name)), [member], LARGEST_NESTED_BYTES)
            with _nested(SourceFile(Path(name)), archive, member) as stream:
                if stream.read(len(ZIP_MAGIC)) == ZIP_MAGIC and zipfile.is_zipfile(stream):
                    stream.seek(0)
                    with zipfile.ZipFile(stream) as inner:
                        if _any_items(inner, depth + 1):
                            return True
    return False
