"""Parts of an item in DSpace's REST responses: links, embedded objects, bundles with their bitstreams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lod.record import File, Value, checksum_of
from lod.sources.reading.members import Members, as_list

_LABEL = re.compile(r"\w+", re.ASCII)
_CERTAIN = 600


def link(members: Members, name: str) -> str | None:
    """Return the address of a link: `_links` as the API writes them, `links` as its clients keep them."""
    for group in ("_links", "links"):
        links = members.get(group)
        target = links.get(name) if isinstance(links, dict) else None
        address = target.get("href") if isinstance(target, dict) else target
        if isinstance(address, str) and address.startswith(("http://", "https://")):
            return address
    return None


def embedded(members: Members, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects embedded under a name: in `_embedded` or beside it, alone, in a list, or in a page of their own."""
    within = members.get("_embedded")
    found = within.get(name) if isinstance(within, dict) else None
    found = members.get(name) if found is None else found
    for part in as_list(found):
        if not isinstance(part, dict):
            continue
        inner = part.get("_embedded")
        page = inner.get(name) if isinstance(inner, dict) else None
        if page is None:
            yield part
        else:
            yield from (each for each in as_list(page) if isinstance(each, dict))


def files_of(item: Members) -> Iterator[File]:
    """Yield the bitstreams of the bundles that came with an item, in their order."""
    for bundle in embedded(item, "bundles"):
        for bitstream in embedded(bundle, "bitstreams"):
            name = bitstream.get("name")
            if isinstance(name, str) and name.strip():
                yield _file(name, bitstream, bundle)


def relations_of(item: Members, uuid: str | None) -> Iterator[Value]:
    """Yield the links to other entities that came with an item, as DSpace writes them among the metadata: relation.isAuthorOfPublication.

    Source: DSpace RestContract, relationships.md: of an item on the left the type is `leftwardType`, and the other one is on
    the right. The key "virtual::530" names the link; a value that comes from it has the same (agents.link_entities).
    """
    for relationship in embedded(item, "relationships"):
        type_ = next(embedded(relationship, "relationshipType"), {})
        ends = {side: _end(link(relationship, f"{side}Item")) for side in ("left", "right")}
        for side, other in (("left", "right"), ("right", "left")):
            name, number = type_.get(f"{side}wardType"), relationship.get("id")
            if uuid and ends[side] == uuid and ends[other] and isinstance(name, str) and _LABEL.fullmatch(name):
                yield Value(f"relation.{name}", ends[other], None, f"virtual::{number}", _CERTAIN)


def embargo_of(item: Members) -> Iterator[Value]:
    """Yield until when the files are closed. Source: DSpace RestContract, accessstatus.md (since DSpace 8)."""
    for status in embedded(item, "accessStatus"):
        if isinstance(status.get("embargoDate"), str) and status["embargoDate"].strip():
            yield Value("dc.embargo.liftdate", status["embargoDate"])


def _end(address: str | None) -> str:
    return (address or "").rstrip("/").rpartition("/")[2].lower()


def _file(name: str, bitstream: Members, bundle: Members) -> File:
    size, sequence = bitstream.get("sizeBytes"), bitstream.get("sequenceId")
    format_ = next(embedded(bitstream, "format"), {})
    stated = bitstream.get("checkSum")
    checksum = stated if isinstance(stated, dict) else {}
    return File(
        name,
        url=link(bitstream, "content"),
        media_type=format_.get("mimetype") or None,
        size_bytes=size if isinstance(size, int) else None,
        checksum=checksum_of(checksum.get("checkSumAlgorithm"), checksum.get("value")),
        bundle=str(bundle.get("name") or bitstream.get("bundleName") or "ORIGINAL"),
        sequence=str(sequence) if isinstance(sequence, int) and sequence >= 0 else None,
        description=_description(bitstream.get("metadata")),
    )


def _description(metadata: Any) -> str | None:
    parts = metadata.get("dc.description") if isinstance(metadata, dict) else None
    texts = [part.get("value") for part in as_list(parts) if isinstance(part, dict)]
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)
