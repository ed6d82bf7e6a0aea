"""xoai, DSpace's internal form: nested elements, with the bitstreams of each bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lod.numbers import whole_number
from lod.record import File, Value, checksum_of
from lod.sources.dublin_core.dim import confidence_of
from lod.sources.parsing.xml_files import XmlElement, text_of
from lod.sources.reading.payload import Payload

_LEFT_OUT = {
    "repository": "the repository's own name and address",
    "license": "the deposit licence",
}
_NOT_METADATA = frozenset({"bundles", "others", *_LEFT_OUT})
"""Branches beside the metadata: files, names of the item, the repository's address, the deposit licence as base64."""

_OF_FILES = frozenset(
    {"originalName", "name", "url", "format", "size", "checksumAlgorithm", "checksum", "sid", "description"}
)


def xoai(root: XmlElement) -> Payload:
    """Return values, files, and handle and collection of the item.

    The path of an element is schema, element, perhaps a qualifier, and a language ("none" for no language).
    """
    branches = {child.get("name", ""): child for child in root}
    values = [
        value
        for child in root
        if child.get("name") not in _NOT_METADATA
        for value in _values(child, (child.get("name", ""),))
    ]
    others = _fields(branches["others"]) if "others" in branches else {}
    owner = others.get("owningCollection")
    return Payload(
        tuple(values),
        tuple(_files(branches["bundles"])) if "bundles" in branches else (),
        handle=others.get("handle") or None,
        collections=(owner,) if owner else (),
        left_out={
            **{name: reason for name, reason in _LEFT_OUT.items() if name in branches},
            **{
                f"others/{name}": "the header of the record says when it was changed, and what it is called"
                for name in others
                if name not in {"handle", "owningCollection"}
            },
            **dict.fromkeys(_other_parts(branches.get("bundles")), "how the repository keeps the file"),
        },
    )


def _values(element: XmlElement, path: Sequence[str]) -> Iterator[Value]:
    parts: dict[str, str] = {}
    for child in element:
        name, text = child.get("name", ""), text_of(child).strip()
        if not child.tag.endswith("field"):
            yield from _values(child, (*path, name))
        elif name == "value":
            # Each value is followed by its own authority and confidence.
            yield from _value(path, parts)
            parts = {name: text}
        else:
            parts[name] = text
    yield from _value(path, parts)


def _value(path: Sequence[str], parts: dict[str, str]) -> Iterator[Value]:
    *field, language = path if len(path) > 2 else (*path, "none")
    if text := parts.get("value"):
        yield Value(
            ".".join(field),
            text,
            None if language == "none" else language,
            parts.get("authority") or None,
            confidence_of(parts.get("confidence")),
        )


def _fields(element: XmlElement) -> dict[str, str]:
    return {child.get("name", ""): text_of(child).strip() for child in element if child.tag.endswith("field")}


def _other_parts(bundles: XmlElement | None) -> list[str]:
    """Return the names of parts of bitstreams that no file has."""
    parts = bundles.iterfind("{*}element/{*}element/{*}element") if bundles is not None else ()
    return [f"bitstream/{name}" for part in parts for name in _fields(part) if name not in _OF_FILES]


def _files(bundles: XmlElement) -> Iterator[File]:
    for bundle in bundles:
        name = _fields(bundle).get("name") or "ORIGINAL"
        for bitstream in bundle.iterfind("{*}element/{*}element"):
            parts = _fields(bitstream)
            yield File(
                parts.get("originalName") or parts.get("name") or "",
                parts.get("url") or None,
                parts.get("format") or None,
                whole_number(parts.get("size", "")),
                checksum_of(parts.get("checksumAlgorithm"), parts.get("checksum")),
                name,
                parts.get("sid") or None,
                parts.get("description") or None,
            )
