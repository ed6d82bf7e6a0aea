"""JSON files, object by object: lines, arrays, answers of a service; memory holds one object at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from io import BufferedReader
from itertools import chain
from typing import Any, NamedTuple

from lod.errors import SourceError
from lod.report import Finding, Severity
from lod.sources.parsing.json_numbers import WatchfulDecoder, held_bytes, json_events, json_value
from lod.sources.reading.source_file import SourceFile

LARGEST_LINE_BYTES = 64 * 1024 * 1024
"""Longest line of a file of JSON lines, and largest object of an array."""

DEEPEST = 64
"""How many levels objects and arrays may nest; records of any known format stay below ten."""

_BOM = b"\xef\xbb\xbf"
_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")
_LOOKED_AT = 6

Event = tuple[str, Any]


class JsonObject(NamedTuple):
    """One object of a file and its place there: "line 14", "record 3"."""

    where: str
    members: dict[str, Any]


@lru_cache(maxsize=4)
def json_shape(head: bytes) -> frozenset[str]:
    """Return the paths of the members in the head of a JSON file: "message.items[]", "message.items[].DOI".

    An object has its own path too, an array ends with "[]", each line of JSON lines starts anew. Empty for what is
    no JSON.
    """
    paths: set[str] = set()
    walked: list[str] = []
    names: list[str] = []
    for event, value in _events(head):
        if event == "map_key":
            names[-1] = value
        elif event in _CLOSING:
            walked.pop()
            names.pop()
        else:
            path = _joined(walked[-1] if walked else "", names[-1] if names else "")
            if event == "start_array":
                path += "[]"
            if len(walked) < _LOOKED_AT:
                paths.add(path)
            if event in _OPENING:
                if len(walked) >= DEEPEST:
                    break
                walked.append(path)
                names.append("")
    return frozenset(paths)


def _joined(parent: str, name: str) -> str:
    return f"{parent}.{name}".strip(".") if name else parent


def _events(head: bytes) -> list[Event]:
    if head.removeprefix(_BOM).lstrip()[:1] not in (b"{", b"["):
        return []
    import ijson

    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=True)
    # The head ends anywhere, and may be no JSON at all.
    with suppress(ijson.JSONError, UnicodeDecodeError):
        parser.send(held_bytes(head.removeprefix(_BOM)))
    return list(events)


def read_json(file: SourceFile, containers: Sequence[str] = ()) -> Iterator[JsonObject | Finding]:
    """Yield the objects of a file: those of an array, of a container of an answer, one a line, or the one there is.

    `containers` are the members that hold records in the answers of a service, "message.items", in order of
    preference; a container may hold an array or a single object. What is no object is a violation, and so is a line that is no JSON.

    Raises:
        SourceError: the file is no JSON from some place on, so that what follows cannot be separated into objects.
    """
    head = file.head()
    shape = json_shape(head)
    inside = next((name for name in containers if f"{name}[]" in shape or name in shape), "")
    with file.reading() as stream:
        if stream.peek(3)[:3] == _BOM:
            stream.read(3)
        if inside or head.removeprefix(_BOM).lstrip().startswith(b"["):
            yield from _numbered(file, _members(file, stream, inside))
        elif _is_lines(head.removeprefix(_BOM).lstrip()):
            yield from _lines(file, stream)
        else:
            yield from _numbered(file, _members(file, stream, ""))


def _is_lines(head: bytes) -> bool:
    """Return whether each line of a file is an object of its own; the first may be damaged, or longer than the head."""
    line, line_break, rest = head.partition(b"\n")
    try:
        json_value(line)
    except (ValueError, RecursionError):
        return not line_break or rest.startswith(b"{")
    return True


def read_lines(file: SourceFile) -> Iterator[JsonObject | Finding]:
    """Yield the content of each line: an object, or an array of rows as the member `metadata` of one."""
    with file.reading() as stream:
        if stream.peek(3)[:3] == _BOM:
            stream.read(3)
        yield from _lines(file, stream, rows="metadata")


def _lines(file: SourceFile, stream: BufferedReader, rows: str = "") -> Iterator[JsonObject | Finding]:
    decoder = WatchfulDecoder()
    number = 0
    while line := stream.readline(LARGEST_LINE_BYTES + 1):
        number += 1
        where = f"line {number}"
        if len(line) > LARGEST_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LARGEST_LINE_BYTES)
            message = f"the line is longer than {LARGEST_LINE_BYTES:,} bytes, which no record is; mend or delete it"
            yield file.unreadable("record-size", where, message)
            continue
        if not line.strip():
            continue
        try:
            value = decoder.value(line)
        except (ValueError, RecursionError) as fault:
            yield file.unreadable("json-line", where, f"the line is no JSON ({_reason(fault)}); mend or delete it")
            continue
        yield from _told(file, where, decoder.repeated)
        yield _object(file, where, {rows: value} if rows and isinstance(value, list) else value)


def _numbered(file: SourceFile, values: Iterator[_Built]) -> Iterator[JsonObject | Finding]:
    for number, built in enumerate(values, start=1):
        yield from _told(file, f"record {number}", built.repeated)
        yield _object(file, f"record {number}", built.value)


def _told(file: SourceFile, where: str, repeated: Iterable[str]) -> Iterator[Finding]:
    """Yield a warning for each member that occurs twice in one object."""
    for name in repeated:
        place = file.place(where)
        message = (
            f"{place}: '{name[:60]}' occurs twice in one object, of which the last counts; put its values into one list"
        )
        yield Finding("json-repeated", Severity.WARNING, message, record=place, place=place, field=name)


def _object(file: SourceFile, where: str, value: Any) -> JsonObject | Finding:
    if isinstance(value, dict):
        return JsonObject(where, value)
    shown = json.dumps(value, ensure_ascii=False)[:60]
    return file.unreadable("json-object", where, f"a record is a JSON object in braces, not {shown}; delete it")


def _members(file: SourceFile, stream: BufferedReader, container: str) -> Iterator[_Built]:
    """Yield the values in a container ("" is the whole file), the elements of arrays one by one."""
    import ijson

    path = container.split(".") if container else []
    names: list[str] = []  # of the open objects; "" for an open array
    measured = _Measured(stream)
    events = json_events(measured)
    number = 0
    try:
        for event, value in events:
            if event == "map_key":
                names[-1] = value
            elif event in _CLOSING:
                names.pop()
            elif list(filter(None, names)) == path and (event != "start_array" or len(names) > len(path)):
                yield _built(file, chain([(event, value)], events), number + 1)
                number += 1
                measured.bytes = 0
            elif event in _OPENING:
                names.append("")
    except _LargeObjectError:
        raise SourceError(
            f"{file.source}: record {number + 1} is larger than {LARGEST_LINE_BYTES:,} bytes, which no record is; look whether it "
            "is one, and delete it if not"
        ) from None
    except (ijson.JSONError, UnicodeDecodeError) as fault:
        raise SourceError(
            f"{file.source}: no JSON after record {number}: {_reason(fault)}; the records after it cannot be told apart. "
            "Fetch or export the file again"
        ) from None


class _LargeObjectError(Exception):
    """More has been read since the last record than any record has."""


class _Measured:
    """A stream that counts the bytes read since the last record, so that none fills memory before it is seen."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self.bytes = 0

    def read(self, size: int) -> bytes:
        if self.bytes > LARGEST_LINE_BYTES:
            raise _LargeObjectError
        data = self._stream.read(size)
        self.bytes += len(data)
        return data


class _Built(NamedTuple):
    """One value of a file, and the names of members that stood twice in one of its objects."""

    value: Any
    repeated: dict[str, None]


def _built(file: SourceFile, events: Iterator[Event], number: int) -> _Built:
    """Return the value that starts with the first event."""
    from ijson import ObjectBuilder

    builder = ObjectBuilder()
    depth = 0
    names: list[set[str]] = []
    repeated: dict[str, None] = {}
    for event, value in events:
        if event == "map_key":
            if value in names[-1]:
                repeated[value] = None
            names[-1].add(value)
        elif event == "start_map":
            names.append(set())
        elif event == "end_map":
            names.pop()
        depth += (event in _OPENING) - (event in _CLOSING)
        if depth > DEEPEST:
            raise SourceError(f"{file.source}: record {number} nests deeper than {DEEPEST} levels; no record does")
        builder.event(event, value)
        if depth == 0:
            break
    return _Built(builder.value, repeated)


def _reason(fault: Exception) -> str:
    text = str(fault).strip().splitlines()
    return text[0].strip() if text else type(fault).__name__
