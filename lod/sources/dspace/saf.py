"""Simple Archive Format of DSpace: an item is a folder with dublin_core.xml; folders of them, zips of them, bare files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from lod.errors import SourceError
from lod.record import File, Record, Value
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources.dspace.saf_contents import read_contents
from lod.sources.dspace.saf_folders import ANCHOR, SIDE_FILES, DiskFolder, ItemFolder, holds_items, zip_folders
from lod.sources.dublin_core.dim import confidence_of
from lod.sources.parsing.xml_files import FoundElement, XmlElement, iter_elements, local_name, text_of
from lod.sources.parsing.zip_files import ZIP_MAGIC
from lod.sources.reading.field_names import FIELD_NAME
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text

UNNAMED = "saf.unnamed"
"""Field of values without a valid field name."""

_ROOT = "dublin_core"
_START = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>[]*>)*+<(?:[\w.-]+:)?dublin_core[\s/>]", re.DOTALL)
_NAME = re.compile(FIELD_NAME, re.ASCII)
_SCHEMA = re.compile(r"metadata_([A-Za-z][\w-]*)\.xml", re.ASCII)
_HANDLE = re.compile(r"(?:https?://hdl\.handle\.net/|https?://\S+/handle/|hdl:)?(\d+(?:\.\w+)*/\S{1,2048})")
_RELATION = re.compile(r"relation\.[A-Za-z]\w*", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LARGEST_LIST_BYTES = 4 * 1024**2


def detect_dspace_saf(head: bytes, path: Path) -> bool:
    """Return whether a file is dublin_core.xml, has an element of that name outermost, or is a zip of items."""
    if head.startswith(ZIP_MAGIC):
        return holds_items(path)
    return path.name == ANCHOR or _START.match(head_text(head)) is not None


def read_dspace_saf(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for the item that dublin_core.xml belongs to, for each item of a zip, or for a bare file of fields.

    An item that is damaged in any of its files with fields is a violation, and the rest is read. An info finding says
    where a value has no name of a field.

    Raises:
        SourceError: a zip cannot be opened, or is not to be trusted.
    """
    for item in _items(file, settings):
        yield item
        unnamed = [value.text for value in item.values if value.field == UNNAMED] if isinstance(item, Record) else []
        if unnamed:
            message = (
                f"{item.place}: {len(unnamed)} {'value has' if len(unnamed) == 1 else 'values have'} no element that names a "
                f"field; kept verbatim as {UNNAMED}. Give each dcvalue its element"
            )
            yield Finding("saf-unnamed", Severity.INFO, message, item.place, item.place, UNNAMED, unnamed[0])


def _items(file: SourceFile, settings: Settings) -> Iterator[Item]:
    if file.head().startswith(ZIP_MAGIC):
        yield from _of_folders(file, zip_folders(file, settings), settings)
    elif file.path.name == ANCHOR:
        yield from _of_folders(file, [DiskFolder(file.path.parent)], settings)
    else:
        elements = iter_elements(file, {_ROOT}, settings)
        yield from records_of(
            file,
            elements,
            lambda found: [_record(file, file, found.where, _values(file, found))],
            attrgetter("where"),
        )


def _of_folders(file: SourceFile, folders: Iterable[ItemFolder | Finding], settings: Settings) -> Iterator[Item]:
    yield from records_of(
        file, folders, lambda folder: _item(file, folder, settings), lambda folder: f"{folder.label}/{ANCHOR}"
    )


def _item(file: SourceFile, folder: ItemFolder, settings: Settings) -> Iterator[Item]:
    anchor = SourceFile(file.path, f"{folder.label}/{ANCHOR}")
    where, values = "", list[Value]()
    try:
        for name in folder.metadata_names():
            part = folder.open(name)
            for found in iter_elements(part, {_ROOT}, settings) if part else ():
                if isinstance(found, Finding):
                    yield found
                    return
                where = where or found.where
                values += _values(part or anchor, found)
        lists = {name: _text(folder, name) for name in SIDE_FILES}
    except SourceError as fault:
        yield anchor.unreadable("saf-damaged", "the item", str(fault))
        return
    handle = _handle(lists["handle"])
    if handle and not _HANDLE.fullmatch(handle):
        message = (
            f"{handle[:80]!r} in the file 'handle' is no handle; write one as prefix/suffix, such as 10722/129504, or "
            "delete the file"
        )
        yield anchor.unreadable("saf-handle", "the item", message, field="handle", value=handle[:80])
        return
    described = list(read_contents(lists["contents"], folder.size_bytes))
    yield _record(
        file,
        anchor,
        where or "the item",
        [*values, *_relationships(lists["relationships"]), *(part for part in described if isinstance(part, Value))],
        handle=handle or None,
        collections=tuple(_handle(line) for line in lists["collections"].splitlines() if line.strip()),
        files=tuple(part for part in described if isinstance(part, File)),
    )


def _record(
    file: SourceFile,
    part: SourceFile,
    where: str,
    values: Sequence[Value],
    *,
    handle: str | None = None,
    collections: tuple[str, ...] = (),
    files: tuple[File, ...] = (),
) -> Item:
    if not any(not value.field.startswith("saf.") for value in values):
        message = "the item has no field with a text; fill in dublin_core.xml, or delete the item"
        return part.unreadable("no-metadata", where, message)
    return Record(file.source, part.place(where), tuple(values), handle=handle, collections=collections, files=files)


def _values(file: SourceFile, found: FoundElement) -> list[Value]:
    """Return the values of an element `dublin_core` of a file."""
    named = _SCHEMA.fullmatch(file.name.rpartition("/")[2])
    schema = (found.element.get("schema") or "").strip() or (named[1] if named else "dc")
    return [value for child in found.element for value in _value(schema, child)]


def _value(schema: str, child: XmlElement) -> Iterator[Value]:
    text = text_of(child).strip()
    if not text:
        return
    # DSpace takes the schema of the file alone; people write it at the value that is of another one.
    own = (child.get("schema") or "").strip()
    parts = (own or schema, (child.get("element") or "").strip(), (child.get("qualifier") or "").strip())
    field = ".".join(part for part in parts if part and part != "none")
    if local_name(child) != "dcvalue" or not parts[1] or not _NAME.fullmatch(field):
        # The value has no valid field name; its text is kept all the same.
        field = UNNAMED
    yield Value(
        field,
        text,
        child.get("language") or None,
        child.get("authority") or None,
        confidence_of(child.get("confidence")) if child.get("authority") else None,
    )


def _text(folder: ItemFolder, name: str) -> str:
    file = folder.open(name)
    if file is None:
        return ""
    with file.reading() as stream:
        data = stream.read(_LARGEST_LIST_BYTES + 1)
    if len(data) > _LARGEST_LIST_BYTES:
        raise SourceError(
            f"the file '{name}' is larger than {_LARGEST_LIST_BYTES} bytes, which no list of an item is; mend it"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise SourceError(
            f"the file '{name}' is not UTF-8: byte 0x{data[fault.start]:02X} at offset {fault.start}; save it as UTF-8"
        ) from None


def _handle(text: str) -> str:
    """Return the handle in the first line of a text; what is no handle is returned as it is."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    match = _HANDLE.fullmatch(line)
    return match[1] if match else line


def _relationships(text: str) -> Iterator[Value]:
    """Yield the links to entities that are named by UUID as fields; links to other items of an import are kept as they are."""
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, target = line.partition(" ")
        plain = _RELATION.fullmatch(name) and _UUID.fullmatch(target.strip())
        yield Value(name, target.strip()) if plain else Value("saf.relationships", line)
