"""What a file states and no record of it, nor a counted remark, has: texts of JSON and XML, found without the readers."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from lod.record import Record
from lod.sources import Item


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, gunzipped."""
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def json_texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text, number and truth of a JSON value with the names that lead to it."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from json_texts(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from json_texts(part, path)
    elif value is not None and value != "":
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def xml_texts(element: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text and attribute of an XML element with the names that lead to it."""
    path = (*path, etree.QName(element).localname)
    for name, text in element.attrib.items():
        yield (*path, f"@{etree.QName(name).localname}"), text
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield path, text
    for child in element.iterchildren("*"):
        yield from xml_texts(child, path)


def lost(texts: Iterator[tuple[tuple[str, ...], str]], items: list[Item], left_out: dict[str, str]) -> list[str]:
    """Return the texts that no record has, but those below the names that may be left out.

    A text is in a record if its words are, one after the other, in a value, a file, or a name of the item.
    """
    said = [plain(" \n ".join(strings(json.loads(item.to_json())))) for item in items if isinstance(item, Record)]
    whole = "\n".join(said)
    missing = []
    for path, text in texts:
        dotted = ".".join(path)
        if any(re.search(pattern, dotted) for pattern in left_out):
            continue
        if plain(text) not in whole:
            missing.append(f"{dotted}: {text[:80]}")
    return missing


def strings(value: Any) -> Iterator[str]:
    """Yield all texts in the parts of a record; a text that is JSON gives its texts too."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value
        if value[:1] in "{[":
            try:
                yield from strings(json.loads(value))
            except ValueError:
                return
    elif value is not None:
        yield str(value).lower() if isinstance(value, bool) else str(value)


def plain(text: str) -> str:
    """Return a text with white space collapsed, in lower case."""
    return " ".join(text.split()).lower()
