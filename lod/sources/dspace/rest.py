"""DSpace's REST API, version 7 on, and 4 to 6: items, pages of items and results of searches, as its answers and their copies hold them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from lod.record import Record, Tombstone, Value
from lod.settings.table import Settings
from lod.sources.dspace.rest_parts import embargo_of, embedded, files_of, link, relations_of
from lod.sources.dspace.rest_six import as_seven, is_six
from lod.sources.parsing.json_files import json_shape, read_json
from lod.sources.reading.field_names import FIELD_NAME
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Members, objects, scalar_text
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile

CONTAINERS = (
    "_embedded.items",
    "_embedded.searchResult._embedded.objects",
    "_embedded.searchResults._embedded.objects",
    "items",
)
"""Where the answers of the API hold items. Source: DSpace RestContract, items.md and search-endpoint.md."""

_VALUE = re.compile(rf"(?:\[\]\.)?metadata\.{FIELD_NAME}\[\]\.value", re.ASCII)
_NAME = re.compile(FIELD_NAME, re.ASCII)
_SIGNS = frozenset({"inArchive", "withdrawn", "lastModified", "place", "uuid", "handle", "_links", "links"})
_SIX = frozenset({"archived", "withdrawn", "bitstreams[]", "parentCollection", "expand[]"})
_ROWS = (("", {"metadata[].key"}), ("items[].", {"items[].metadata[].key"}))
_PAGE = frozenset({"page.totalElements", "_embedded.searchResult.page.totalElements"})

NOT_PUBLISHED = {
    "private": "not discoverable in the repository, and not published; what was published of it before is removed",
    "unfinished": "not in the archive yet, and not published",
    "other": "no item but a collection, a community or something else; left out",
}
"""Why an object of an answer gives no record, in words."""


_KEPT_BY_DSPACE = "how the repository keeps the item, no description of it"
_LEFT_OUT = {
    "_links": "addresses of the API; that of the item is taken",
    "links": "addresses of the API; that of the item is taken",
    "_embedded": "how the repository keeps what belongs to the item; files, collections and related entities are taken",
    "bundles": "how the repository keeps the files; names, types, sizes, checksums and descriptions are taken",
    "place": "the order of the values says it",
    "confidence": "the confidence in an authority key that is not there",
}
_TAKEN = frozenset({"metadata", "uuid", "handle", "lastModified", "collection"})
"""Members of an item that its record has."""


def detect_dspace_rest(head: bytes, path: Path) -> bool:
    """Return whether a file holds items with metadata such as {"dc.title": [{"value": …}]}, or a page of them."""
    del path
    shape = json_shape(head)
    if any(f"{container}[]" in shape for container in CONTAINERS[:3]) or not _PAGE.isdisjoint(shape):
        return True
    names = {name.removeprefix("[].") for name in shape}
    if any(starts <= names and not {f"{start}{sign}" for sign in _SIX}.isdisjoint(names) for start, starts in _ROWS):
        return True
    item = "metadata" in names and not _SIGNS.isdisjoint(names)
    return item and (any(map(_VALUE.fullmatch, shape)) or "withdrawn" in names)


def read_dspace_rest(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield one record, tombstone or violation an item, and info findings about what gives none.

    Values of one field are in the order of their places. A withdrawn item is a tombstone, and so is one that is not
    discoverable.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    reader = RestReader(file)
    yield from reader.read(file)
    yield from reader.remarks()


@dataclass
class RestReader:
    """Reads the objects of one file or one run of answers, and counts those that give no record."""

    file: SourceFile
    left_out: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    ignored: Ignored = field(init=False)

    def __post_init__(self) -> None:
        self.ignored = Ignored(self.file, _LEFT_OUT)

    def read(self, file: SourceFile) -> Iterator[Item]:
        """Yield what the objects of a file give, without the remarks.

        Raises:
            SourceError: the file is no JSON from some place on.
        """
        self.file = file
        found = read_json(file, CONTAINERS)
        yield from records_of(
            file, found, lambda object_: self.items(object_.where, object_.members), attrgetter("where")
        )

    def items(self, where: str, members: Members) -> Iterator[Item]:
        """Yield what an object gives: a record, a tombstone, a violation, or nothing."""
        item = _unwrapped(members)
        if "page" in item and "metadata" not in item:
            return  # a page without results
        if item.get("type", "item") != "item":
            self._leave("other", where)
        elif item.get("withdrawn") is True:
            yield self._tombstone(where, item)
        elif item.get("discoverable") is False:
            self._leave("private", where)
            yield self._tombstone(where, item)
        elif item.get("inArchive") is False:
            self._leave("unfinished", where)
        else:
            yield self._record(where, item)

    def remarks(self) -> Iterator[Item]:
        """Yield the info findings about all that was left out."""
        for name, count in self.left_out.items():
            yield self.file.remark(
                f"rest-{name}",
                f"{count} {'object is' if count == 1 else 'objects are'} {NOT_PUBLISHED[name]}; the first is "
                f"{self.first[name]}",
            )
        yield from self.ignored.remark()

    def _leave(self, name: str, where: str) -> None:
        self.left_out[name] += 1
        self.first.setdefault(name, where)

    def _tombstone(self, where: str, item: Members) -> Item:
        handle, uuid = _text(item, "handle"), _text(item, "uuid", "id")
        if not handle and not uuid:
            message = "a withdrawn or private item has neither handle nor UUID, so that nothing says which one it is"
            return self.file.unreadable("rest-no-name", where, f"{message}; fetch it again")
        removed = (_text(item, "lastModified") or "")[:10] or None
        return Tombstone(self.file.source, self.file.place(where), handle=handle, uuid=uuid, removed=removed)

    def _record(self, where: str, item: Members) -> Item:
        metadata = item.get("metadata")
        if not isinstance(metadata, dict):
            message = "the object has no metadata; ask for whole items, not for links to them"
            return self.file.unreadable("rest-no-metadata", where, message)
        values: list[Value] = []
        for name, parts in metadata.items():
            fault = _faulty(name, parts)
            if fault:
                return self.file.unreadable("rest-field", where, fault, field=name, value=str(parts)[:200])
            values += _values(name, parts)
        stated = {(value.field, value.text) for value in values}
        values += [
            value
            for value in (*relations_of(item, _text(item, "uuid", "id")), *embargo_of(item))
            if (value.field, value.text) not in stated
        ]
        if not values:
            message = "the item has no metadata; ask for it as somebody who may see it, or leave it out"
            return self.file.unreadable("rest-no-metadata", where, message)
        for name in item.keys() - _TAKEN:
            self.ignored.count(name, "" if name in _LEFT_OUT else _KEPT_BY_DSPACE)
        parts = [part for each in metadata.values() for part in each]
        if any("place" in part for part in parts):
            self.ignored.count("place")
        if any(part.get("confidence") is not None and not part.get("authority") for part in parts):
            self.ignored.count("confidence")
        return Record(
            self.file.source,
            self.file.place(where),
            tuple(values),
            handle=_text(item, "handle"),
            uuid=_text(item, "uuid", "id"),
            url=link(item, "self"),
            modified=_text(item, "lastModified"),
            collections=tuple(_collections(item)),
            files=tuple(files_of(item)),
        )


def _unwrapped(members: Members) -> Members:
    """Return the item in a result of a search, or the object itself."""
    inner = next(embedded(members, "indexableObject"), None)
    found = inner if inner is not None else members
    return as_seven(found) if is_six(found) else found


def _faulty(name: str, parts: Any) -> str:
    if not _NAME.fullmatch(name):
        return f"'{name}' is no field such as dc.title; mend the member's name"
    if not isinstance(parts, list):
        return f"'{name}' holds no list of values; each value is an object with the member 'value'"
    for part in parts:
        if not isinstance(part, dict) or isinstance(part.get("value"), dict | list):
            return f"'{name}' holds what is no value; each value is an object whose member 'value' is a text"
    return ""


def _values(name: str, parts: list[Members]) -> Iterator[Value]:
    for part in sorted(parts, key=_place):
        text = scalar_text(part["value"]) if part.get("value") is not None else ""
        if not text.strip():
            continue
        authority = _text(part, "authority")
        confidence = part.get("confidence") if authority else None
        yield Value(name, text, _text(part, "language"), authority, confidence if isinstance(confidence, int) else None)


def _place(part: Members) -> int:
    place = part.get("place")
    return place if isinstance(place, int) else 0


def _text(members: Members, *names: str) -> str | None:
    for name in names:
        value = members.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _collections(item: Members) -> Iterator[str]:
    stated = item.get("collection")
    if isinstance(stated, str) and stated.strip():
        yield stated.strip()
    for name in ("owningCollection", "mappedCollections"):
        for collection in objects(list(embedded(item, name))):
            known = _text(collection, "handle", "name")
            if known:
                yield known
