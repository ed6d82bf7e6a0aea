"""DSpace's REST API, page by page. Source: DSpace RestContract, README ("Pagination"), items.md, search-endpoint.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lod.errors import SourceError
from lod.harvest.journal import JournalEntry, Run
from lod.harvest.saved_response import SavedResponse
from lod.http.addresses import shown, with_query
from lod.http.client import Client
from lod.http.errors import DamagedResponseError
from lod.numbers import whole_number
from lod.sources.parsing.json_files import DEEPEST
from lod.sources.parsing.json_numbers import json_events
from lod.sources.reading.source_file import head_text

SEARCH = {"dsoType": "item", "sort": "dc.date.accessioned,ASC", "size": "100"}
"""Request to the root of an API: all its items, in an order that does not change while it is read."""

_HOLDERS = ("", "_embedded.searchResult.", "_embedded.searchResults.")
_ITEMS = frozenset(
    {"_embedded.items.item", *(f"{holder}_embedded.objects.item" for holder in _HOLDERS[1:]), "items.item"}
)


@dataclass(frozen=True)
class RestPage:
    """One answer: how many objects it has, how many there are in all, the query of the next answer ("" at the end)."""

    objects: int
    total: int | None
    following: str


@dataclass
class RestHarvester:
    """Fetches the pages of a run, from where it stopped; `set` is the UUID of a community or collection."""

    run: Run
    url: str
    client: Client
    progress: Callable[[int, int], None]
    remarks: list[str] = field(default_factory=list)

    def resume(self) -> None:
        """Fetch what is missing of the run.

        Raises:
            SourceError: the server breaks off; what has been fetched stays.
        """
        for set_ in self.run.terms.sets:
            if any(entry.sort == "end" and entry.set == set_ for entry in self.run.entries):
                continue
            pages = self.run.pages(set_)
            first = with_query(self.url, {"scope": set_}) if set_ else self.url
            following = pages[-1].token if pages else first
            while following:
                following = self._page(set_, following)
            self.run.add(JournalEntry(sort="end", set=set_))
        self.run.add(JournalEntry(sort="whole"))

    def _page(self, set_: str, address: str) -> str:
        target = self.run.next_file("json.gz")
        page = self.client.fetch(address, target, lambda path: read_rest_page(path, address))
        # The server may know itself under another name than we do, so that only the query is taken.
        following = with_query(address, parse_qsl(page.following)) if page.following else ""
        earlier = self.run.pages(set_)
        if following and (following == address or any(following == entry.address for entry in earlier)):
            raise SourceError(
                f"{shown(address)}: its next page is {shown(following)}, which has been read: the list has no end. "
                "Tell the operators; what was published stays"
            )
        totals = [entry.list_size for entry in earlier if entry.list_size is not None]
        if totals and page.total is not None and totals[-1] != page.total:
            self.remarks.append(f"the list changed while it was read: {totals[-1]:,} items, then {page.total:,}")
        self.run.add(
            JournalEntry(
                sort="page",
                set=set_,
                address=address,
                file=target.name,
                token=following,
                records=page.objects,
                list_size=page.total,
            )
        )
        self.progress(sum(entry.records for entry in self.run.pages()), page.total or 0)
        return following


def list_address(url: str) -> str:
    """Return the address of a list: of all items, where the root of an API is given ("https://repository.example/server/api")."""
    parts = urlsplit(url)
    if not parts.path.rstrip("/").endswith("/api"):
        return url
    return with_query(parts._replace(path=f"{parts.path.rstrip('/')}/discover/search/objects").geturl(), SEARCH)


def read_rest_page(path: Path, address: str) -> RestPage:
    """Read an answer through, event by event.

    Raises:
        DamagedResponseError: it is no JSON, or no answer of this API.
    """
    import ijson

    objects = 0
    total: int | None = None
    following = ""
    seen: set[str] = set()
    file = SavedResponse.to(address, path)
    with file.reading() as stream:
        try:
            for place, event, value in _placed(json_events(stream)):
                if event == "map_key" and not place:
                    seen.add(value)
                elif event == "start_map" and place in _ITEMS:
                    objects += 1
                elif event in {"number", "string"} and place in _TOTALS:
                    total = _count(value)
                elif event == "string" and place in _NEXT:
                    following = urlsplit(value).query
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as fault:
            raise DamagedResponseError(_no_json(head_text(file.head()), fault)) from None
    if not (total is not None or objects or seen & {"metadata", "_embedded", "items"}):
        raise DamagedResponseError(
            "the answer is JSON, but no item, page of items or search result of DSpace's REST API"
        )
    return RestPage(objects or ("metadata" in seen), total, following)


def _count(value: float | str) -> int:
    if not isinstance(value, str):
        return int(value)
    number = whole_number(value.strip())
    if number is None:
        raise ValueError(f"page.totalElements is {value[:20]!r}, which counts nothing")
    return number


def _placed(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Yield events with the place of each value, "_embedded.items.item"; of a member's name with that of its object.

    ijson makes such places itself, for a whole chunk at once: deeply nested brackets, 64 KiB of them, take gigabytes so.

    Raises:
        ValueError: it nests deeper than any record does.
    """
    names: list[str] = []
    for event, value in events:
        if event == "map_key":
            yield ".".join(names[:-1]), event, value
            names[-1] = value
            continue
        if event in _CLOSING:
            names.pop()
        yield ".".join(names), event, value
        if event in _OPENING:
            names.append("item" if event == "start_array" else "")
        if len(names) > DEEPEST:
            raise ValueError(f"it nests deeper than {DEEPEST} levels")


_OPENING, _CLOSING = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})
_TOTALS = frozenset(f"{holder}page.totalElements" for holder in _HOLDERS)
_NEXT = frozenset(f"{holder}_links.next.href" for holder in _HOLDERS)


def _no_json(text: str, fault: Exception) -> str:
    if text.lstrip().startswith(("{", "[")):
        return f"the answer is JSON that breaks off or is damaged ({str(fault).splitlines()[0]})"
    start = " ".join(text.split())[:60]
    return f"the answer is no JSON: it begins with {start!r}"


def list_faults(run: Run, *, trust_list_size: bool = True) -> Iterator[str]:
    """Yield why the lists of a run cannot tell what is missing from the server; none for lists that are whole."""
    for set_ in run.terms.sets:
        pages = run.pages(set_)
        objects = sum(entry.records for entry in pages)
        total = next((entry.list_size for entry in reversed(pages) if entry.list_size), 0)
        if not objects:
            yield "the list is empty"
        elif trust_list_size and objects < total:
            yield f"the list has {objects:,} of the {total:,} items that the server counts"
