"""ListRecords: the list of one set of an OAI-PMH provider, by resumption tokens, from the last entry of the journal.

Source: OAI-PMH 2.0, sections 3.5 (flow control) and 4.5 (ListRecords).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lod.errors import SourceError
from lod.harvest.client import UnavailableError
from lod.harvest.journal import JournalEntry, Run
from lod.harvest.oai.answers import Page, is_error_response, read_page
from lod.harvest.oai.datestamps import in_granularity
from lod.harvest.saved_response import SavedResponse
from lod.http.addresses import shown, with_query
from lod.http.client import Client
from lod.settings.table import Settings
from lod.sources.oai.oai_pmh import NOTHING_FOUND

MOST_EMPTY_PAGES = 25
"""Pages without a record that may follow one another; a list that goes on so has no end."""

MOST_RESTARTS = 3
"""How often a list is restarted in one run, because the provider no longer knows its resumption token."""

_WAYS_OUT = {
    "cannotDisseminateFormat": "leave metadata_prefix out, or name one that the provider offers",
    "noSetHierarchy": "the provider has no sets: leave the set out",
    "badArgument": "look whether set, metadata_prefix and the address are right",
    "badVerb": "look whether the address is the base URL of an OAI-PMH provider",
}


@dataclass
class Position:
    """Position in a list, by the lines of the journal.

    Attributes:
        from_date: the date that its first request asks from, "" for everything.
        token: the resumption token that leads on, "" at the beginning.
        is_over: whether it has come to its end.
        pages: its pages since it was last started, tokens and digests of them; `joined` says that pages before it count, too.
    """

    from_date: str
    token: str = ""
    is_over: bool = False
    joined: bool = False
    pages: list[JournalEntry] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    empty: int = 0

    @classmethod
    def of(cls, run: Run, set_: str) -> Position:
        """Return the position in the list of a set in a run."""
        position = cls(run.terms.from_date)
        for entry in run.entries:
            if entry.set == set_ and entry.sort != "whole":
                position = position.after(entry)
        return position

    def after(self, entry: JournalEntry) -> Position:
        """Return the position one line further."""
        if entry.sort == "start":
            return Position(entry.from_date, joined=entry.again)
        if entry.sort == "end":
            self.is_over = True
        else:
            self.pages.append(entry)
            self.token = entry.token
            # A kill may have come between the last page and the line that says so.
            self.is_over = not entry.token
            self.tokens.add(entry.token)
            self.digests.add(entry.digest)
            self.empty = 0 if entry.records else self.empty + 1
        return self

    @property
    def list_size(self) -> int | None:
        """The size that the provider stated last."""
        return next((entry.list_size for entry in reversed(self.pages) if entry.list_size), None)

    @property
    def is_complete(self) -> bool:
        """Whether the number of records received is the size that the provider gives for the list."""
        return not self.joined and sum(entry.records for entry in self.pages) == self.list_size

    def sorted_to(self) -> str:
        """Return the last datestamp received, where the list is sorted by date; "" where that is not certain."""
        pages = [entry for entry in self.pages if entry.records]
        stamps = [stamp for entry in pages for stamp in (entry.first, entry.last)]
        # By chance a page or two may be in order; a list that only grows over three dates and more is sorted.
        in_order = all(entry.ordered for entry in pages) and stamps == sorted(stamps) and len(set(stamps)) > 2
        return stamps[-1] if in_order else ""


@dataclass
class OaiList:
    """Fetches the list of one set. `tokens_are_old`: do not try resumption tokens of an earlier process.

    `progress` is called with the records harvested so far, and how many there will be (0 while unknown).
    """

    run: Run
    set: str
    base_url: str
    client: Client
    settings: Settings
    progress: Callable[[int, int], None]
    tokens_are_old: bool = False
    remarks: list[str] = field(default_factory=list)
    _restarts: int = 0

    def resume(self) -> None:
        """Fetch what is missing.

        Raises:
            SourceError: the provider breaks off; what has been fetched stays.
        """
        self._at = Position.of(self.run, self.set)
        kept = self._at.token
        if kept and self.tokens_are_old:
            kept = ""
            self._restart("a resumption token was kept too long")
        while not self._at.is_over:
            token = self._at.token
            url = self._address(token)
            target = self.run.next_file("xml.gz")
            try:
                page = self.client.fetch(url, target, partial(self._read, url), is_meant=is_error_response)
            except UnavailableError:
                raise
            except SourceError:
                if not token or token != kept:
                    raise
                # Not every provider says badResumptionToken when it means it.
                kept = ""
                self._restart("a resumption token was not taken any more")
                continue
            if page.faults:
                target.unlink()
                self._error_response(url, token, page)
            elif self._at.is_complete and (
                not page.records or {page.token} & self._at.tokens or page.digest in self._at.digests
            ):
                target.unlink()
                self._end_after_superfluous_token()
            else:
                self._take(url, page, target)

    def _end_after_superfluous_token(self) -> None:
        """End the list where all records that the provider counts are there, and its last token leads to nothing new."""
        self.remarks.append(
            f"the list ended after all of its {self._at.list_size:,} records (completeListSize), with a resumption token that "
            "leads to no more of them"
        )
        self._note(JournalEntry(sort="end", set=self.set))

    def _read(self, url: str, path: Path) -> Page:
        return read_page(SavedResponse.to(url, path), self.settings)

    def _note(self, entry: JournalEntry) -> None:
        self.run.add(entry)
        self._at = self._at.after(entry)

    def _address(self, token: str) -> str:
        if token:
            return with_query(self.base_url, {"verb": "ListRecords", "resumptionToken": token})
        terms = self.run.terms
        parameters = {
            "verb": "ListRecords",
            "metadataPrefix": terms.prefix,
            "set": self.set,
            "from": self._at.from_date,
            "until": terms.until_date,
        }
        return with_query(self.base_url, {name: value for name, value in parameters.items() if value})

    def _take(self, url: str, page: Page, target: Path) -> None:
        self._refuse_loops(url, page)
        size = self._at.list_size
        if page.list_size and size and size != page.list_size:
            self.remarks.append(
                f"the list changed while it was read: completeListSize was {size:,} and is {page.list_size:,}"
            )
        names = ("token", "records", "deleted", "list_size", "first", "last", "ordered", "digest")
        parts = {name: getattr(page, name) for name in names}
        self._note(JournalEntry(sort="page", set=self.set, address=url, file=target.name, **parts))
        if not page.token:
            self._note(JournalEntry(sort="end", set=self.set))
        self.progress(self.run.records, page.list_size or 0)

    def _refuse_loops(self, url: str, page: Page) -> None:
        if page.token and page.token in self._at.tokens:
            raise self._endless(url, f"the provider gives the resumption token {page.token[:80]!r} a second time")
        if page.digest and page.digest in self._at.digests:
            raise self._endless(url, "the provider sends a page of records a second time, under another token")
        if page.token and not page.records and self._at.empty >= MOST_EMPTY_PAGES:
            raise self._endless(
                url, f"the provider has sent {self._at.empty + 1} pages without a record, each with a token for more"
            )

    def _endless(self, url: str, reason: str) -> SourceError:
        """Return the fault of a list without end; what has been fetched of it is not resumed."""
        self._note(JournalEntry(sort="start", set=self.set, from_date=self.run.terms.from_date))
        return SourceError(f"{shown(url)}: {reason}: the list has no end. Tell the provider; what was published stays")

    def _error_response(self, url: str, token: str, page: Page) -> None:
        codes = {fault.code for fault in page.faults}
        if codes <= NOTHING_FOUND and not token:
            self._note(JournalEntry(sort="end", set=self.set))
        elif token and codes & {"badResumptionToken", *NOTHING_FOUND} and self._at.is_complete:
            self._end_after_superfluous_token()
        elif token and codes & {"badResumptionToken", *NOTHING_FOUND}:
            if self._restarts >= MOST_RESTARTS:
                raise SourceError(
                    f"{shown(url)}: the provider has refused its own resumption tokens {self._restarts + 1} times "
                    "(badResumptionToken); run the command again later"
                )
            self._restart("a resumption token had expired")
        else:
            fault = next(fault for fault in page.faults if fault.code not in NOTHING_FOUND)
            text = f" ({fault.text})" if fault.text else ""
            way_out = _WAYS_OUT.get(fault.code, "look at the address in a browser, or ask the provider")
            raise SourceError(f"{shown(url)}: the provider answers with the error {fault.code}{text}; {way_out}")

    def _restart(self, why: str) -> None:
        """Restart the list, from its last datestamp where the list is sorted by it."""
        self._restarts += 1
        reached = self._at.sorted_to()
        if reached:
            date = in_granularity(reached, self.run.terms.granularity)
            self._note(JournalEntry(sort="start", set=self.set, from_date=date, again=True))
            how = f"the list is sorted by date and was gone on with from {date}"
        else:
            self._note(JournalEntry(sort="start", set=self.set, from_date=self.run.terms.from_date))
            how = "the list was begun again"
        self.remarks.append(f"{why}; {how}")


def list_faults(run: Run, *, trust_list_size: bool = True) -> Iterator[str]:
    """Yield why the lists of a run cannot tell what is missing from the provider; none for lists that are whole."""
    for set_ in run.terms.sets:
        position = Position.of(run, set_)
        label = f"the list of set {set_}" if set_ else "the list"
        records, size = sum(entry.records for entry in run.pages(set_)), position.list_size
        if not records:
            yield f"{label} is empty"
        elif position.joined:
            yield f"{label} was put together from two parts, because its token had expired"
        elif trust_list_size and size and records < size:
            yield f"{label} has {records:,} of the {size:,} records that the provider counts (completeListSize)"
