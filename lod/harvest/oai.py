"""An OAI-PMH provider, list by list and page by page. Source: OAI-PMH 2.0, sections 3.5 (flow control) and 4.5 (ListRecords)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from lod.config import Settings
from lod.errors import SourceError
from lod.harvest.addresses import shortened, with_query
from lod.harvest.journal import Entry, Run
from lod.harvest.oai_answers import (
    DAY,
    PREFERRED,
    SECOND,
    Identity,
    Page,
    best_prefix,
    read_formats,
    read_identity,
    read_page,
)
from lod.harvest.responses import Response
from lod.harvest.web import Client, UnavailableError
from lod.sources.oai_pmh import NOTHING_FOUND

MOST_EMPTY_PAGES = 25
"""Pages without a record that may follow one another; a list that goes on so has no end."""

MOST_RESTARTS = 3
"""So often a list is begun again in one run, because the provider no longer knows its token."""

Told = Callable[[int, int], None]
"""Called with the records harvested so far, and how many there will be (0 while unknown)."""

Result = TypeVar("Result")

_WAYS_OUT = {
    "cannotDisseminateFormat": "leave metadata_prefix out, or name one that the provider offers",
    "noSetHierarchy": "the provider has no sets: leave the set out",
    "badArgument": "look whether set, metadata_prefix and the address are right",
    "badVerb": "look whether the address is the base URL of an OAI-PMH provider",
}


@dataclass(frozen=True)
class Provider:
    """Asks an OAI-PMH provider what it is. `scratch` is a folder for answers that are not kept."""

    base_url: str
    client: Client
    settings: Settings
    scratch: Path

    def identify(self) -> Identity:
        """Ask who it is.

        Raises:
            SourceError: it is no OAI-PMH provider, or does not answer.
        """
        return self._ask({"verb": "Identify"}, read_identity)

    def choose_prefix(self, wanted: str) -> str:
        """Return the metadata prefix that is wanted, or the best that the provider offers.

        Raises:
            SourceError: it offers no such prefix, or none that can be read.
        """
        formats = self._ask({"verb": "ListMetadataFormats"}, read_formats)
        offered = ", ".join(prefix for prefix, _ in formats)
        if wanted:
            if wanted not in {prefix for prefix, _ in formats}:
                raise SourceError(
                    f"{self.base_url}: offers no metadata prefix {wanted!r}; it offers: {offered}. Leave metadata_prefix "
                    "out to take the best of them"
                )
            return wanted
        best = best_prefix(formats)
        if not best:
            raise SourceError(
                f"{self.base_url}: offers no form of metadata that can be read here; it offers: {offered}; known: "
                f"{', '.join(PREFERRED)}"
            )
        return best

    def _ask(self, parameters: dict[str, str], read: Callable[[Response, Settings], Result]) -> Result:
        url = with_query(self.base_url, parameters)
        target = self.scratch / f"{parameters['verb']}.xml.gz"
        try:
            return self.client.fetch(url, target, lambda path: read(Response.to(url, path), self.settings))
        finally:
            target.unlink(missing_ok=True)


@dataclass
class Harvester:
    """Fetches the lists of a run, from where it has come to."""

    run: Run
    base_url: str
    client: Client
    settings: Settings
    told: Told
    tokens_are_old: bool = False
    remarks: list[str] = field(default_factory=list)

    def go_on(self) -> None:
        """Fetch what is missing of the run.

        Raises:
            SourceError: the provider breaks off; what has come is kept, and the next call goes on behind it.
        """
        for set_ in self.run.terms.sets:
            _List(self, set_).go_on()
        self.run.add(Entry(sort="whole"))


class _List:
    """The list of one set: what has come of it is in the journal."""

    def __init__(self, harvester: Harvester, set_: str) -> None:
        self._harvester = harvester
        self._run = harvester.run
        self._set = set_
        self._restarts = 0

    def go_on(self) -> None:
        token = self._token()
        if token and self._harvester.tokens_are_old:
            self._start_again("a resumption token was kept too long")
        while not self._is_over():
            # The first token may be one that an earlier run was given.
            kept, token = bool(token) and token == self._token(), self._token()
            url = self._address(token)
            target = self._run.next_file("xml.gz")
            look = partial(_look, url=url, settings=self._harvester.settings)
            try:
                page = self._harvester.client.fetch(url, target, look)
            except UnavailableError:
                raise
            except SourceError:
                if not kept:
                    raise
                # Not every provider says badResumptionToken when it means it.
                self._start_again("a resumption token was not taken any more")
                continue
            if page.faults:
                target.unlink()
                self._faulty(url, token, page)
            else:
                self._take(url, token, page, target)

    def _entries(self) -> list[Entry]:
        """Return the journal's lines of the list, from where it was last begun (again)."""
        lines: list[Entry] = []
        for entry in self._run.entries:
            if entry.set == self._set and entry.sort != "whole":
                lines = [entry] if entry.sort == "start" else [*lines, entry]
        return lines

    def _is_over(self) -> bool:
        return any(entry.sort == "end" for entry in self._entries())

    def _token(self) -> str:
        pages = [entry for entry in self._entries() if entry.sort == "page"]
        return pages[-1].token if pages else ""

    def _address(self, token: str) -> str:
        if token:
            return with_query(self._harvester.base_url, {"verb": "ListRecords", "resumptionToken": token})
        terms = self._run.terms
        starts = [entry for entry in self._entries() if entry.sort == "start"]
        named = {
            "metadataPrefix": terms.prefix,
            "set": self._set,
            "from": starts[-1].from_date if starts else terms.from_date,
            "until": terms.until_date,
        }
        return with_query(
            self._harvester.base_url, {"verb": "ListRecords", **{name: value for name, value in named.items() if value}}
        )

    def _take(self, url: str, token: str, page: Page, target: Path) -> None:
        entries = [entry for entry in self._entries() if entry.sort == "page"]
        self._refuse_loops(url, token, page, entries)
        sizes = [entry.list_size for entry in entries if entry.list_size]
        if page.list_size and sizes and sizes[-1] != page.list_size:
            self._harvester.remarks.append(
                f"the list changed while it was read: completeListSize was {sizes[-1]:,} and is {page.list_size:,}"
            )
        self._run.add(
            Entry(
                sort="page",
                set=self._set,
                address=url,
                file=target.name,
                token=page.token,
                records=page.records,
                deleted=page.deleted,
                list_size=page.list_size,
                first=page.first,
                last=page.last,
                ordered=page.ordered,
                digest=page.digest,
            )
        )
        if not page.token:
            self._end()
        self._harvester.told(sum(entry.records for entry in self._run.pages()), page.list_size or 0)

    def _refuse_loops(self, url: str, token: str, page: Page, entries: list[Entry]) -> None:
        if page.token and (page.token == token or any(page.token == entry.token for entry in entries)):
            raise self._endless(url, f"the provider gives the resumption token {page.token[:80]!r} a second time")
        if page.digest and any(page.digest == entry.digest for entry in entries):
            raise self._endless(url, "the provider sends a page of records a second time, under another token")
        last = entries[-MOST_EMPTY_PAGES:]
        if (
            page.token
            and not page.records
            and len(last) == MOST_EMPTY_PAGES
            and not any(entry.records for entry in last)
        ):
            raise self._endless(
                url, f"the provider has sent {len(last) + 1} pages without a record, each with a token for more"
            )

    def _endless(self, url: str, reason: str) -> SourceError:
        """Return the fault of a list without end; what has come of it is not gone on with."""
        self._run.add(Entry(sort="start", set=self._set, from_date=self._run.terms.from_date))
        return SourceError(
            f"{shortened(url)}: {reason}: the list has no end. Tell the provider; what was published stays"
        )

    def _faulty(self, url: str, token: str, page: Page) -> None:
        codes = {fault.code for fault in page.faults}
        if codes <= NOTHING_FOUND and not token:
            self._end()
        elif token and codes & {"badResumptionToken", *NOTHING_FOUND}:
            if self._restarts >= MOST_RESTARTS:
                raise SourceError(
                    f"{shortened(url)}: the provider has refused its own resumption tokens {self._restarts + 1} times "
                    "(badResumptionToken); run the command again later"
                )
            self._start_again("a resumption token had expired")
        else:
            fault = next(one for one in page.faults if one.code not in NOTHING_FOUND)
            said = f" ({fault.text})" if fault.text else ""
            way_out = _WAYS_OUT.get(fault.code, "look at the address in a browser, or ask the provider")
            raise SourceError(f"{shortened(url)}: the provider answers with the error {fault.code}{said}; {way_out}")

    def _start_again(self, why: str) -> None:
        """Begin the list again, with the last datestamp where the list is ordered by it."""
        self._restarts += 1
        pages = [entry for entry in self._entries() if entry.sort == "page" and entry.records]
        granularity = self._run.terms.granularity
        stamps = [stamp for entry in pages for stamp in (entry.first, entry.last)]
        # By chance a page or two may be in order; a list that only grows over three dates and more is sorted.
        if all(entry.ordered for entry in pages) and stamps == sorted(stamps) and len(set(stamps)) > 2:
            date = in_granularity(stamps[-1], granularity)
            self._run.add(Entry(sort="start", set=self._set, from_date=date, again=True))
            how = f"the list is sorted by date and was gone on with from {date}"
        else:
            self._run.add(Entry(sort="start", set=self._set, from_date=self._run.terms.from_date))
            how = "the list was begun again"
        self._harvester.remarks.append(f"{why}; {how}")

    def _end(self) -> None:
        self._run.add(Entry(sort="end", set=self._set))


def list_faults(run: Run) -> Iterator[str]:
    """Yield why the lists of a run cannot tell what is missing from the provider; none for a list that is whole."""
    for set_ in run.terms.sets:
        pages = run.pages(set_)
        label = f"the list of set {set_}" if set_ else "the list"
        records = sum(entry.records for entry in pages)
        sizes = [entry.list_size for entry in pages if entry.list_size]
        if not records:
            yield f"{label} is empty"
        elif sizes and records < sizes[-1]:
            yield f"{label} has {records:,} of the {sizes[-1]:,} records that the provider counts (completeListSize)"
        elif any(entry.sort == "start" and entry.again and entry.set == set_ for entry in run.entries):
            yield f"{label} was put together from two parts, because its token had expired"


def moment_before(moment: str, hours: float, granularity: str, earliest: str) -> str:
    """Return a moment some hours earlier, in a granularity, and never before the earliest that a provider has."""
    earlier = (_parsed(moment) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return in_granularity(max(earlier, earliest), granularity)


def in_granularity(moment: str, granularity: str) -> str:
    """Return a moment as a provider of this granularity takes it: "2026-11-26" or "2026-11-26T08:00:00Z"."""
    if granularity == DAY:
        return moment[:10]
    return _parsed(moment).strftime("%Y-%m-%dT%H:%M:%SZ") if granularity == SECOND else moment


def _parsed(moment: str) -> datetime:
    with suppress(ValueError):
        parsed = datetime.fromisoformat(moment)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return datetime.now(UTC)


def _look(path: Path, *, url: str, settings: Settings) -> Page:
    return read_page(Response.to(url, path), settings)
