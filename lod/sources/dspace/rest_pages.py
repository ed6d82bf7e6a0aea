"""Pages of a list of DSpace's REST API, saved one by one: which of them is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from lod.errors import SourceError
from lod.http.addresses import shown
from lod.sources.parsing.json_numbers import json_events
from lod.sources.reading.source_file import Item, SourceFile

_LINKS = {
    f"{holder}_links.{name}.href": name
    for holder in ("", "_embedded.searchResult.", "_embedded.searchResults.")
    for name in ("self", "next")
}
_DEEPEST = 5
_NEXT = re.compile(rb'"next"\s{0,99}+:')
_OVERLAP_BYTES = 128

Request = frozenset[tuple[str, str]]
"""The parameters of an address: a server may know itself under several names."""


def missing_pages(files: Sequence[SourceFile]) -> Iterator[Item]:
    """Yield a violation for each page of a list that says where the next one is, if no file has that."""
    if not any(map(_may_go_on, files)):
        return
    links = [(file, name, address) for file in files for name, address in _page_links(file)]
    there = {_request(address) for _, name, address in links if name == "self"}
    for file, name, address in links:
        if name == "next" and _request(address) not in there:
            yield file.unreadable(
                "rest-incomplete",
                "the end",
                f"the list goes on at {shown(address)}, and no file has that page; what is missing is not removed. Fetch the rest, "
                "or give the address of the list in place of files",
            )


def _may_go_on(file: SourceFile) -> bool:
    rest = b""
    with file.reading() as stream:
        while chunk := stream.read1(1 << 20):
            if _NEXT.search(rest + chunk):
                return True
            rest = chunk[-_OVERLAP_BYTES:]
    return False


def _page_links(file: SourceFile) -> Iterator[tuple[str, str]]:
    """Yield the links of the page that a file holds, "self" and "next" with their addresses; those of its items are passed over."""
    import ijson

    names: list[str] = []
    try:
        with file.reading() as stream:
            for event, value in json_events(stream):
                if event == "map_key":
                    names[-1] = value
                elif event in {"start_map", "start_array"}:
                    names.append("")
                elif event in {"end_map", "end_array"}:
                    names.pop()
                elif event == "string" and len(names) <= _DEEPEST and (name := _LINKS.get(".".join(names))):
                    yield name, value
    except (ijson.JSONError, UnicodeDecodeError, SourceError):
        return  # the reader has told it


def _request(address: str) -> Request:
    try:
        return frozenset(parse_qsl(urlsplit(address).query))
    except ValueError:
        return frozenset()
