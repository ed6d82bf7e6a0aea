"""JSON of Dublin Core fields: `{"dc.title": […]}` or rows of `{key, value, language}`, one a line or in an array."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from lod.record import Record, Value
from lod.settings.table import Settings
from lod.sources.parsing.json_files import JsonObject, json_shape, read_json, read_lines
from lod.sources.reading.field_names import FIELD_NAME
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered, Members, as_list, first_text, scalar_text
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile

WRAPPERS = ("ground_truth", "metadata")
"""Members that hold the fields where a line has other members beside them."""

_FIELD = re.compile(rf"(?:\[\]\.)?(?:(?:{'|'.join(WRAPPERS)})(?:\[\])?\.)?(?:dc|dcterms)\.[A-Za-z]", re.ASCII)
_NAME = re.compile(FIELD_NAME, re.ASCII)
_HANDLE = re.compile(r"(?:https?://\S+/handle/|https?://hdl\.handle\.net/|hdl:)?(\d+(?:\.\w+)*/[^\s?#]{1,2048})")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HANDLE_MEMBERS = ("handle", "rowid")
_UUID_MEMBERS = ("uuid", "id")
_BESIDE = "it is beside the fields and is none"
_NAMED = "the handle or the UUID in it names the item; the rest says where it was read"


def detect_json_lines(head: bytes, path: Path) -> bool:
    """Return whether a file holds objects with fields such as "dc.title", or with rows of key and value."""
    del path
    shape = json_shape(head)
    if any(_FIELD.match(name) for name in shape):
        return True
    starts = ("metadata[].", "[].metadata[].", "[][].", "[].")
    return any(f"{start}key" in shape and f"{start}value" in shape for start in starts)


def read_json_lines(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each object.

    A field's value is a text, a number, an object {value, language, authority, confidence}, null, or a list of them.
    Members beside the fields are named in a remark, but for the handle and the UUID of the item; those among them whose
    name is no field are kept. An array of rows
    without an object around them is one record; so is each line that is such an array.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    head = file.head().removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"[") and {"[].key", "[].value"} <= json_shape(head):
        yield from _arrays_of_rows(file, head)
        return
    ignored = Ignored(file, {})
    yield from records_of(file, read_json(file), lambda object_: [_item(file, object_, ignored)], attrgetter("where"))
    yield from ignored.remark()


def _arrays_of_rows(file: SourceFile, head: bytes) -> Iterator[Item]:
    ignored = Ignored(file, {})
    first, line_break, rest = head.partition(b"\n")
    if first.rstrip().endswith(b"]") and (not line_break or rest.lstrip().startswith((b"[", b"{"))):
        yield from records_of(
            file, read_lines(file), lambda object_: [_item(file, object_, ignored)], attrgetter("where")
        )
        yield from ignored.remark()
        return
    rows: list[Any] = []
    for row in read_json(file):
        if isinstance(row, JsonObject):
            rows.append(row.members)
        else:
            yield row
    whole = JsonObject("record 1", {"metadata": rows})
    yield from records_of(file, [whole], lambda object_: [_item(file, object_, ignored)], attrgetter("where"))
    yield from ignored.remark()


def _item(file: SourceFile, object_: JsonObject, ignored: Ignored) -> Item:
    members = object_.members
    wrapper = next((name for name in WRAPPERS if isinstance(members.get(name), dict | list)), "")
    try:
        values = tuple(_all_values(members[wrapper] if wrapper else members, whole=bool(wrapper)))
    except _BadMemberError as fault:
        return file.unreadable("json-field", object_.where, str(fault), field=fault.field, value=fault.value)
    rows = [row for part in _fields(members, wrapper) for row in as_list(part) if isinstance(row, dict)]
    if any(row.get("place") is not None for row in rows):
        ignored.count("place", "the order of the values says it")
    if any(row.get("confidence") is not None and not row.get("authority") for row in rows):
        ignored.count("confidence", "the confidence in an authority key that is not there")
    for name in _others(members, wrapper):
        ignored.count(name, _BESIDE)
    for name in (*_HANDLE_MEMBERS, *_UUID_MEMBERS):
        if members.get(name) not in (None, ""):
            ignored.count(name, _NAMED)
    if not values:
        message = f"the object has no field such as dc.title (it has: {', '.join(list(members)[:5]) or 'nothing'})"
        return file.unreadable("no-metadata", object_.where, message)
    return Record(
        file.source,
        file.place(object_.where),
        values,
        handle=_named(members, _HANDLE_MEMBERS, _HANDLE),
        uuid=_named(members, _UUID_MEMBERS, _UUID),
    )


def _fields(members: Members, wrapper: str) -> Iterable[Any]:
    fields = members[wrapper] if wrapper else members
    return fields.values() if isinstance(fields, dict) else fields


def _others(members: Members, wrapper: str) -> list[str]:
    """Return the names of members that hold something, and are neither fields nor names of the item."""
    known = (wrapper, *_HANDLE_MEMBERS, *_UUID_MEMBERS)
    filled = [name for name, value in members.items() if name not in known and value not in (None, "", [], {})]
    return filled if wrapper else [name for name in filled if not _NAME.fullmatch(name)]


class _BadMemberError(Exception):
    def __init__(self, field: str, value: Any) -> None:
        self.field, self.value = field, scalar_text(value)[:60]
        super().__init__(
            f"{field} holds {self.value!r}; a value is a text or an object with value, language, authority, confidence"
        )


def _all_values(fields: Members | list[Any], *, whole: bool) -> Iterator[Value]:
    """Yield the values of an object of fields, or of rows of key and value.

    With `whole` all its members are about the item: one whose name is no field is kept under a name of its own.
    """
    if isinstance(fields, Mapping):
        others = Gathered("json", fields)
        for name, part in fields.items():
            if _NAME.fullmatch(name):
                yield from _values(name, part)
            elif whole:
                others.keep(re.sub(r"\W+", "-", name, flags=re.ASCII).strip("-") or "member", part)
        yield from others.values
        return
    for row in fields:
        key = row.get("key") if isinstance(row, dict) else None
        if not isinstance(key, str) or not _NAME.fullmatch(key):
            raise _BadMemberError("a row of metadata", row)
        yield from _values(key, row)


def _values(field: str, value: Any) -> Iterator[Value]:
    for part in as_list(value):
        if isinstance(part, list):
            raise _BadMemberError(field, part)
        text = part.get("value") if isinstance(part, dict) else part
        if isinstance(text, dict | list) or (isinstance(part, dict) and "value" not in part):
            raise _BadMemberError(field, part)
        if text is None or not scalar_text(text).strip():
            continue
        more: Members = part if isinstance(part, dict) else {}
        confidence = more.get("confidence")
        yield Value(
            field,
            scalar_text(text).strip(),
            first_text(more.get("language")) or None,
            first_text(more.get("authority")) or None,
            confidence if isinstance(confidence, int) and more.get("authority") else None,
        )


def _named(members: Members, names: tuple[str, ...], form: re.Pattern[str]) -> str | None:
    for name in names:
        match = form.fullmatch(scalar_text(members.get(name)).strip())
        if match:
            return match[match.lastindex or 0]
    return None
