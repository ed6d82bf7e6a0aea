"""Items of DSpace's REST API of versions 4 to 6, written as those of version 7: rows of metadata, flags as texts."""

from __future__ import annotations

from typing import Any

from lod.sources.reading.members import Members, objects

_SIGNS = ("archived", "withdrawn", "bitstreams", "parentCollection", "lastModified", "expand")
_FLAGS = {"true": True, "false": False}


def is_six(members: Members) -> bool:
    """Return whether an object is an item of DSpace 6: rows of metadata, and at least one member that only items have."""
    return isinstance(members.get("metadata"), list) and any(name in members for name in _SIGNS)


def as_seven(members: Members) -> Members:
    """Return an item of DSpace 6 in the form of version 7; what is no row of metadata stays, and is named later.

    Source: DSpace 6 documentation, "REST API", the model of items.
    """
    metadata: dict[str, Any] = {}
    for row in members["metadata"]:
        name = row.get("key") if isinstance(row, dict) else None
        metadata.setdefault(name if isinstance(name, str) else "a row of metadata", []).append(row)
    bundles: dict[str, list[dict[str, Any]]] = {}
    for bitstream in objects(members.get("bitstreams") or []):
        known = {**bitstream, "format": {"mimetype": bitstream.get("mimeType")}}
        bundles.setdefault(str(bitstream.get("bundleName") or "ORIGINAL"), []).append(known)
    collections = [*objects(members.get("parentCollection") or []), *objects(members.get("parentCollectionList") or [])]
    return {
        **{name: value for name, value in members.items() if name not in ("bitstreams", "link")},
        "metadata": metadata,
        "withdrawn": _flag(members.get("withdrawn")),
        "inArchive": _flag(members.get("archived")),
        "bundles": [{"name": name, "bitstreams": bitstreams} for name, bitstreams in bundles.items()],
        "mappedCollections": collections,
    }


def _flag(value: Any) -> Any:
    return _FLAGS.get(value.strip().lower(), value) if isinstance(value, str) else value
