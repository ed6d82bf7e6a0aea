"""Journal of a harvest run: a folder with the responses, and a line for each that is safely on disk.

`run.json` says what is harvested and never changes; `pages.jsonl` is the journal. After a kill at any moment the run resumes
behind its last whole line: a response without a line is fetched again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lod.disk.atomic import make_folder, sync, write_atomically

RUN_FILE, JOURNAL_FILE = "run.json", "pages.jsonl"


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One line of a journal.

    Attributes:
        sort: "page"; "start": the list of a set (anew, if it had begun); "end": of the list of a set; "whole": of the run.
        set: the set whose list it belongs to, "" for everything.
        from_date: of a start: the date that the list begins with. `again` says that pages before it still count.
        address: what was requested; `file` has the response.
        token: what leads on: a resumption token, or an address; "" at the end.
        records, deleted, list_size, first, last, ordered, digest: see `oai.answers.Page`.
    """

    sort: str
    set: str = ""
    from_date: str = ""
    again: bool = False
    address: str = ""
    file: str = ""
    token: str = ""
    records: int = 0
    deleted: int = 0
    list_size: int | None = None
    first: str = ""
    last: str = ""
    ordered: bool = True
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a run harvests: `run.json`.

    Attributes:
        sort: "oai-pmh", "dspace-rest" or "file".
        kind: "full" or "incremental".
        identity: what must be the same for the run to be resumed.
        moment: when it began by the provider's clock (ours where it has none): what changes later belongs to the next.
        from_date, until_date: of an incremental run, in the provider's granularity.
        base_url: the provider's own name for its address, for the addresses of its records.
    """

    sort: str
    kind: str
    identity: str
    moment: str
    sets: tuple[str, ...] = ("",)
    prefix: str = ""
    granularity: str = ""
    deleted_record: str = ""
    from_date: str = ""
    until_date: str = ""
    base_url: str = ""
    began: str = ""


class Run:
    """One run, on disk. `records` counts those of the pages that count."""

    def __init__(self, folder: Path) -> None:
        """Open a run that is there.

        Raises:
            ValueError, OSError: it is damaged, or not there.
        """
        self.folder = folder
        parts: dict[str, Any] = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        self.terms = Terms(**{**parts, "sets": tuple(parts["sets"])})
        self.entries = list(_read(folder / JOURNAL_FILE))
        self._answers = sum(entry.sort == "page" for entry in self.entries)
        self.records = sum(entry.records for entry in self.pages())

    @classmethod
    def begin(cls, folder: Path, terms: Terms) -> Run:
        """Make the folder of a new run."""
        make_folder(folder)
        write_atomically(folder / RUN_FILE, json.dumps(asdict(terms), indent=1))
        return cls(folder)

    @property
    def is_whole(self) -> bool:
        """Whether every list is complete."""
        return any(entry.sort == "whole" for entry in self.entries)

    def add(self, entry: JournalEntry) -> None:
        """Write a line, and wait until the disk has it; the answer that it names is there before."""
        sync(self.folder)
        path = self.folder / JOURNAL_FILE
        with path.open("ab+") as file:
            # A power cut may have cut the last line.
            if file.tell() and (file.seek(-1, os.SEEK_END), file.read())[1] != b"\n":
                file.write(b"\n")
            file.write(json.dumps(asdict(entry)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.entries.append(entry)
        if entry.sort == "page":
            self._answers += 1
            self.records += entry.records
        elif entry.sort == "start":
            self.records = sum(entry.records for entry in self.pages())

    def age_s(self) -> float:
        """Return the seconds since the last response."""
        path = self.folder / (JOURNAL_FILE if self.entries else RUN_FILE)
        return max(time.time() - path.stat().st_mtime, 0)

    def next_file(self, ending: str) -> Path:
        """Return a path for the next answer."""
        return self.folder / f"{self._answers + 1:06}.{ending}"

    def pages(self, set_: str | None = None) -> list[JournalEntry]:
        """Return the pages that count, of one set or of all: those before a list began anew do not."""
        found: dict[str, list[JournalEntry]] = {name: [] for name in self.terms.sets}
        for entry in self.entries:
            if entry.sort == "start" and not entry.again:
                found[entry.set] = []
            elif entry.sort == "page":
                found[entry.set].append(entry)
        return [entry for name, pages in found.items() if set_ in {None, name} for entry in pages]


def _read(path: Path) -> Iterator[JournalEntry]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield JournalEntry(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a line that a power cut has cut: its response is fetched again
