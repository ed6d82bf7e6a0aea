"""Event stream of a generation: its pages, where they are, and their names (docs/adr/0055).

feed/stream.json          the pages of the stream, in order (`EventStream`)
feed/GENERATION.gz        the pages that one generation has added, packed one by one, each followed by its list of activities

The files of earlier generations are hard links. A stream is complete in each generation: a build that fails leaves nothing of
it, and nothing that a generation links to is ever part of another one's build.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lod.disk.checksum import sha256_of

FEED = "feed"
STREAM = "stream.json"
PAGES_PER_INDEX = 100

CREATE, UPDATE, DELETE = "Create", "Update", "Delete"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the file that holds it, its place there in bytes, that of its activities, and how far its members go.

    `first` is the number of its first member, `moment` when these members were made (ISO 8601, UTC).
    """

    file: str
    offset: int
    length: int
    activities: int
    first: int
    members: int
    moment: str


@dataclass(frozen=True)
class Activity:
    """One member, as its page lists it: what happened to which thing; where a deleted one has moved to, "" for nowhere."""

    kind: str
    thing: str
    target: str = ""
    classes: tuple[str, ...] = ()


@dataclass
class EventStream:
    """The stream as of one generation.

    Attributes:
        base: IRI that all its names begin with.
        epoch: name of the generation that began it with all that was published then.
        ended: epochs of the streams before it.
        things: how many things its members leave published.
        sums: SHA-256 of each file.
    """

    folder: Path
    base: str
    epoch: str
    ended: list[str] = field(default_factory=list)
    things: int = 0
    sums: dict[str, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    @classmethod
    def of(cls, generation: Path) -> EventStream | None:
        """Return the stream of the generation in a folder, None where it has none."""
        folder = generation / FEED
        try:
            found: dict[str, Any] = json.loads((folder / STREAM).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(**{**found, "folder": folder, "pages": [Page(*row) for row in found["pages"]]})

    def save(self) -> None:
        """Write the description of the stream into its folder."""
        parts = asdict(self)
        del parts["folder"]
        parts["pages"] = [list(row.values()) for row in parts["pages"]]
        (self.folder / STREAM).write_text(json.dumps(parts, separators=(",", ":")) + "\n", encoding="utf-8")

    @property
    def root(self) -> str:
        """The address of its root node."""
        return f"{self.base}changes/{self.epoch}"

    @property
    def iri(self) -> str:
        """Its name."""
        return f"{self.root}#stream"

    @property
    def members(self) -> int:
        """How many members it has."""
        return self.pages[-1].first + self.pages[-1].members - 1 if self.pages else 0

    def version(self, number: int) -> str:
        """Return the name of a member."""
        return f"{self.root}/version/{number}"

    def page(self, number: int) -> str:
        """Return the address of a page; the first is 1."""
        return f"{self.root}/page/{number}"

    def index(self, number: int) -> str:
        """Return the address of a node between the root and the pages; the first is 1."""
        return f"{self.root}/index/{number}"

    def pages_of(self, index: int) -> list[Page]:
        """Return the pages that such a node leads to."""
        return self.pages[(index - 1) * PAGES_PER_INDEX : index * PAGES_PER_INDEX]

    def page_of(self, member: int) -> int | None:
        """Return the number of the page that has a member, None where there is none."""
        if not 1 <= member <= self.members:
            return None
        return bisect_right(self.pages, member, key=lambda page: page.first)

    def indexes(self) -> int:
        """Return how many such nodes there are."""
        return -(-len(self.pages) // PAGES_PER_INDEX)

    def read_packed(self, number: int) -> bytes:
        """Return a page as it was written, in gzip."""
        page = self.pages[number - 1]
        return self._read(page.file, page.offset, page.length)

    def read_page(self, number: int) -> bytes:
        """Return the text of a page, TriG in UTF-8."""
        return zlib.decompress(self.read_packed(number), wbits=31)

    def tag_of(self, number: int) -> str:
        """Return a tag of a page: that of its bytes, which never change."""
        page = self.pages[number - 1]
        return f"{self.sums[page.file][:24]}-{page.offset}"

    def read_activities(self, number: int) -> list[Activity]:
        """Return the members of a page as activities."""
        page = self.pages[number - 1]
        packed = self._read(page.file, page.offset + page.length, page.activities)
        rows = json.loads(zlib.decompress(packed, wbits=31))
        return [Activity(kind, thing, target, tuple(classes)) for kind, thing, target, classes in rows]

    def faults(self) -> list[str]:
        """Return what is wrong with its files."""
        found = [f"{name} is missing" for name in self.sums if not (self.folder / name).is_file()]
        present = [name for name in self.sums if (self.folder / name).is_file()]
        return found + [f"{name} has changed" for name in present if sha256_of(self.folder / name) != self.sums[name]]

    def _read(self, name: str, offset: int, length: int) -> bytes:
        with (self.folder / name).open("rb") as file:
            file.seek(offset)
            return file.read(length)
