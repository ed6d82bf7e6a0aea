"""Write the pages of a generation: one member for each thing that it has created, updated or deleted.

Source: Linked Data Event Streams 1.0 and the TREE hypermedia specification (members as named graphs, transactions).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Protocol

from lod.disk.atomic import link_or_copy
from lod.disk.checksum import sha256_of
from lod.disk.sorted_lines import sorted_counted
from lod.feed.stream import CREATE, DELETE, FEED, UPDATE, EventStream, Page
from lod.rdf.claims import RDF_TYPE

MEMBERS_PER_PAGE = 250
BYTES_PER_PAGE = 1 << 20
"""A page ends with the member that reaches one of these."""

MOST_VERSIONS = 3
"""A stream ends, and another begins with what is published then, when it has so many times more members than things, …"""
FEW_VERSIONS = 10_000
"""… and so many more."""

_LEVEL = 6
_PREFIXES = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix schema: <http://schema.org/> .
@prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class Difference(Protocol):
    """The claims that a generation adds to the previous one, and those that it removes, in any order."""

    @property
    def added(self) -> Callable[[], Iterator[str]]:
        """Returns the added claims."""

    @property
    def removed(self) -> Callable[[], Iterator[str]]:
        """Returns the removed claims."""


class Things(Protocol):
    """What is published, by thing: each claim belongs to one."""

    def thing_of(self, claim: str) -> str:
        """Return the IRI of the thing that a claim belongs to."""

    def claims_of(self, thing: str) -> list[str]:
        """Return all claims of a thing, sorted; none where it is no longer published."""

    def moved_to(self, thing: str) -> str | None:
        """Return the IRI that a thing has moved to."""


@dataclass
class _Open:
    """The page that is being written."""

    listed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)
    """The parts of each `Activity`."""
    bytes: int = 0


class FeedWriter:
    """Writer of the event stream of a generation."""

    def __init__(self, base: str) -> None:
        """`base` is the start of every IRI of the site."""
        self.base = base

    def write(
        self,
        folder: Path,
        name: str,
        before: Path | None,
        moment: str,
        changes: Difference,
        all_claims: Callable[[], Iterable[str]],
        things: Things,
        *,
        continues: bool = True,
    ) -> None:
        """Write the stream of a generation.

        Args:
            folder: of the generation, while it is built.
            name: of the generation.
            before: folder of the generation that it is built on, None for the first.
            moment: when the members are made, ISO 8601 in UTC.
            changes: to that generation.
            all_claims: returns all that is published now, with which a stream begins.
            things: parts it.
            continues: whether the stream goes on; after a rollback it does not, since clients have seen what is undone now.
        """
        last = EventStream.of(before) if before else None
        (folder / FEED).mkdir()
        stream = self._continued(last, folder) if last and continues else None
        if stream is None:
            ended = [*last.ended, last.epoch] if last else []
            stream = EventStream(folder / FEED, self.base, name, ended)
            touched = _touched(things, all_claims(), ())
        else:
            touched = _touched(things, changes.added(), changes.removed())
        _Transaction(stream, name, moment, things).write(touched)
        stream.save()

    def _continued(self, last: EventStream, folder: Path) -> EventStream | None:
        """Return the stream of the previous generation, its files linked; None where another one has to begin."""
        if last.base != self.base or last.members > MOST_VERSIONS * last.things + FEW_VERSIONS:
            return None
        for name in last.sums:
            link_or_copy(last.folder / name, folder / FEED / name)
        return replace(last, folder=folder / FEED, sums=dict(last.sums), pages=list(last.pages))


def _touched(things: Things, added: Iterable[str], removed: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the things with changed claims, sorted, with the number of claims that were added and removed."""
    lines = chain(
        (f"{things.thing_of(claim)} +" for claim in added), (f"{things.thing_of(claim)} -" for claim in removed)
    )
    for thing, counted in groupby(sorted_counted(lines), key=lambda row: row[0][:-2]):
        numbers = {line[-1]: number for line, number in counted}
        yield thing, numbers.get("+", 0), numbers.get("-", 0)


class _Transaction:
    """The members of one generation, the last of which ends it."""

    def __init__(self, stream: EventStream, generation: str, moment: str, things: Things) -> None:
        self._stream = stream
        self._file = f"{generation}.gz"
        self._iri = f"{stream.root}/transaction/{generation}"
        # Never before the last member, whatever the clock does.
        self._moment = max([moment, *(page.moment for page in stream.pages[-1:])])
        self._things = things
        self._number = stream.members
        self._offset = 0

    def write(self, touched: Iterator[tuple[str, int, int]]) -> None:
        """Write the members of the touched things; a generation that changed nothing has no file."""
        current = next(touched, None)
        if current is None:
            return
        path = self._stream.folder / self._file
        with path.open("wb") as file:
            page = _Open()
            while current is not None:
                following = next(touched, None)
                self._add(page, *current, is_last=following is None)
                if following is None or len(page.listed) >= MEMBERS_PER_PAGE or page.bytes >= BYTES_PER_PAGE:
                    file.write(self._packed(page))
                    page = _Open()
                current = following
        self._stream.sums[self._file] = sha256_of(path)

    def _add(self, page: _Open, thing: str, added: int, removed: int, *, is_last: bool) -> None:
        claims = self._things.claims_of(thing)
        existed = removed > 0 or len(claims) > added
        kind = DELETE if not claims else UPDATE if existed else CREATE
        self._stream.things += {CREATE: 1, DELETE: -1}.get(kind, 0)
        self._number += 1
        member = f"<{self._stream.version(self._number)}>"
        target = (self._things.moved_to(thing) or "") if kind == DELETE else ""
        ends = f" ;\n  dcterms:isReplacedBy <{target}>" if target else ""
        ends += " ;\n  schema:actionStatus schema:CompletedActionStatus" if is_last else ""
        text = (
            f"\n{member} a as:{kind} ;\n  dcterms:isVersionOf <{thing}> ;\n"
            f'  as:published "{self._moment}"^^xsd:dateTime ;\n  as:context <{self._iri}>{ends} .\n'
        )
        if claims:
            text += f"{member} {{\n" + "".join(f"{claim}\n" for claim in claims) + "}\n"
        page.listed.append(member)
        page.written.append(text)
        page.bytes += len(text)
        about = f"<{thing}> {RDF_TYPE} <"
        classes = tuple(line[len(about) : -3] for line in claims if line.startswith(about))
        page.rows.append((kind, thing, target, classes))

    def _packed(self, page: _Open) -> bytes:
        stream = self._stream
        node = stream.page(len(stream.pages) + 1)
        head = f"{_PREFIXES}\n<{node}> a tree:Node ; ldes:immutable true .\n<{stream.iri}> tree:member\n  "
        text = head + " ,\n  ".join(page.listed) + " .\n" + "".join(page.written)
        # Without a time in it, so that the bytes depend on the members alone.
        packed = gzip.compress(text.encode(), _LEVEL, mtime=0)
        activities = gzip.compress(json.dumps(page.rows, ensure_ascii=False).encode(), _LEVEL, mtime=0)
        first = self._number - len(page.listed) + 1
        stream.pages.append(
            Page(self._file, self._offset, len(packed), len(activities), first, len(page.listed), self._moment)
        )
        self._offset += len(packed) + len(activities)
        return packed + activities
