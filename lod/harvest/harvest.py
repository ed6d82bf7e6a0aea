"""Harvest: one source of the web, from asking what it is to noting that its records are published.

What has been fetched is kept until it is published: a run of the publisher that stops (a fault in the crosswalk, too many
removals) costs no second harvest.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from lod.disk.lock import SiteLock
from lod.errors import SourceError
from lod.harvest import rest
from lod.harvest.addresses import file_name, with_query, without_query
from lod.harvest.clients import client_of
from lod.harvest.journal import Entry, Run, Terms
from lod.harvest.oai import list_records as oai_list
from lod.harvest.oai.answers import Identity
from lod.harvest.oai.moments import in_granularity, moment_before
from lod.harvest.oai.provider import Harvester, Provider
from lod.harvest.reading import read_run
from lod.harvest.shelf import FULL, Shelf
from lod.harvest.state import FOLDER, LOCK_FILE, SCRATCH
from lod.harvest.web import UnavailableError
from lod.report import Finding, Severity
from lod.settings.load import Settings
from lod.sources import Item, find_files
from lod.sources.configured import FULL_EVERY_DAYS, NamedSource
from lod.sources.dspace.rest import detect_dspace_rest
from lod.sources.oai.oai_pmh import detect_oai_pmh

OAI, REST, FILE = "oai-pmh", "dspace-rest", "file"
TOKEN_LIFE_S = 86_400
"""So long a kept resumption token is tried; many providers know theirs for an hour or a day."""

_OAI_PARAMETERS = ("verb", "metadataPrefix", "set", "from", "until", "resumptionToken")
_ACCEPT = {OAI: "application/xml, text/xml;q=0.9, */*;q=0.1", REST: "application/json, */*;q=0.1"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """How sources are harvested this time: everything; from the answers that are kept; without removing what is missing."""

    full: bool = False
    cached: bool = False
    partial: bool = False


@dataclass
class Harvest:
    """One source for one run of the publisher; a context manager that holds the source's lock.

    Attributes:
        summary: what was harvested, in a sentence.
        scopes, parts: names of what was read whole, or what is new of it only: see `lod.publish.run.Plan`.
    """

    source: NamedSource
    site: Path
    settings: Settings
    way: Way = field(default_factory=Way)
    told: Callable[[int, int], None] = lambda done, total: None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    summary: str = ""
    scopes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        folder = self.site / FOLDER / self.source.name
        if self.way.cached and not folder.is_dir():
            # Who only asks for what is kept leaves nothing behind.
            raise self._nothing_kept()
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = SiteLock(folder / LOCK_FILE)
        self._base, self._sets, self._prefix = _asked(self.source)
        self._shelf = Shelf(folder, "\n".join((self._base, *sorted(self._sets))))
        self._client = client_of(self.source, self.settings, self.environment)
        self._scratch = folder / SCRATCH
        self._scratch.mkdir(exist_ok=True)
        self._identity: Identity | None = None
        self._runs: list[Run] = []
        self._remarks: list[tuple[Severity, str]] = []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._lock.release()

    def fetch(self) -> None:
        """Fetch what is new since the last harvest, or everything; behind what a broken-off run has fetched.

        Raises:
            SourceError: the source breaks off or is none; what was published stays, and what has come is kept.
        """
        if self.way.cached:
            self._use_kept()
        else:
            try:
                self._ask()
            except SourceError as fault:
                self._shelf.state.fault = f"{_now()} {fault}"
                self._shelf.write()
                raise
        self._judge()

    def items(self) -> Iterator[Item]:
        """Yield the records, tombstones and findings of all that is not published yet, in the order in which it came.

        Raises:
            SourceError: an answer on the disk is damaged.
        """
        name = self.source.name
        for severity, text in dict.fromkeys(self._remarks):
            yield Finding("harvest", severity, f"{name}: {text}", record=name, place=name)
        for run in self._runs:
            identities = {set_: self._identity_of(run, set_) for set_ in run.terms.sets}
            yield from read_run(run, identities, self.settings, self.source.format)

    def commit(self) -> None:
        """Note that all that `items` gave is published, and remove the answers unless they are to be kept."""
        if not self.way.cached:
            self._shelf.commit(self._runs, self._client.requests, keep=self.source.keep_responses)

    # --- asking

    def _ask(self) -> None:
        state = self._shelf.state
        if not self.source.keep_responses:
            self._shelf.drop_published()
        if not state.sort:
            state.sort = self._sort()
            self._shelf.write()
        self._client.accept = _ACCEPT.get(state.sort, "*/*")
        run = {OAI: self._ask_oai, REST: self._ask_rest, FILE: self._ask_file}[state.sort]()
        self._runs = self._shelf.waiting()
        self._say(run)

    def _sort(self) -> str:
        """Tell what answers at the address: an OAI-PMH provider, DSpace's REST API, or a file of any known format."""
        if self.source.format:
            return self.source.format if self.source.format in {OAI, REST} else FILE
        path = urlsplit(self._base).path
        why = ""
        if "/api/" not in f"{path}/" and not Path(path).suffix[1:].isalpha():
            try:
                self._identity = self._provider().identify()
            except UnavailableError:
                raise
            except SourceError as fault:
                why = f" It is no OAI-PMH provider either: {fault}"
            else:
                return OAI
        target = self._scratch / file_name(self._base)
        head = self._client.fetch(self._base, target, _head, packed=False)
        if detect_oai_pmh(head, target) and b"OAI-PMH" in head and b"<record" not in head:
            return OAI
        if detect_dspace_rest(head, target) or b'"dspaceVersion"' in head:
            return REST
        if find_files(target)[0]:
            return FILE
        raise SourceError(
            f"{self._base}: the answer is of no known format; name it with --format, or mend the address.{why}"
        )

    def _provider(self) -> Provider:
        return Provider(self._base, self._client, self.settings, self._scratch)

    def _ask_oai(self) -> Run:
        identity = self._identity or self._provider().identify()
        full = self._is_full_due(identity.deleted_record)
        run = self._shelf.unfinished()
        if run and self._goes_on(run, full=full):
            self._tell(f"went on with the harvest that broke off ({len(run.pages()):,} answers were there)")
        else:
            run = self._shelf.begin(self._terms(identity, full=full))
        old = run.age_s() > TOKEN_LIFE_S
        harvester = Harvester(run, self._base, self._client, self.settings, self.told, old)
        harvester.go_on()
        self._tell(*harvester.remarks)
        return run

    def _is_full_due(self, deleted_record: str) -> bool:
        last, full = self._shelf.last(), self._shelf.last_full()
        if self.way.full or not last or not full or (self._prefix and self._prefix != last.prefix):
            return True
        days = self.source.full_every_days
        days = FULL_EVERY_DAYS[deleted_record] if days < 0 else days
        return bool(days) and datetime.fromisoformat(full.at) + timedelta(days=days) <= datetime.now(UTC)

    def _goes_on(self, run: Run, *, full: bool) -> bool:
        """Tell whether a broken-off run is gone on with: a full one always, an incremental one unless a full one is due."""
        same = run.terms.sort == OAI and run.terms.sets == self._sets and self._prefix in {"", run.terms.prefix}
        return same and (run.terms.kind == FULL or not full)

    def _terms(self, identity: Identity, *, full: bool) -> Terms:
        last = self._shelf.last()
        since = None if full else last
        moment = identity.response_date or _now()
        from_date = until_date = ""
        if since:
            until_date = in_granularity(moment, identity.granularity)
            overlap = moment_before(since.moment, self.source.overlap_hours, identity.granularity, identity.earliest)
            from_date = min(overlap, until_date)
        return Terms(
            sort=OAI,
            kind="incremental" if since else FULL,
            identity=self._shelf.state.identity,
            moment=moment,
            sets=self._sets,
            prefix=since.prefix if since else self._provider().choose_prefix(self._prefix),
            granularity=identity.granularity,
            deleted_record=identity.deleted_record,
            from_date=from_date,
            until_date=until_date,
            base_url=_public(identity.base_url, self._base),
            began=_now(),
        )

    def _ask_rest(self) -> Run:
        run = self._shelf.unfinished()
        if run is None or run.terms.sort != REST or self.way.full:
            run = self._shelf.begin(self._whole_terms(REST, self._sets))
        harvester = rest.RestHarvester(run, rest.list_address(self._base), self._client, self.told)
        harvester.go_on()
        self._tell(*harvester.remarks)
        return run

    def _ask_file(self) -> Run:
        run = self._shelf.begin(self._whole_terms(FILE, ("",)))
        target = run.folder / file_name(self._base)
        self._client.fetch(self._base, target, _head, packed=False)
        run.add(Entry(sort="page", address=self._base, file=target.name, records=1))
        run.add(Entry(sort="whole"))
        return run

    def _whole_terms(self, sort: str, sets: tuple[str, ...]) -> Terms:
        identity = self._shelf.state.identity
        return Terms(sort=sort, kind=FULL, identity=identity, moment=_now(), sets=sets, began=_now())

    # --- what has come

    def _use_kept(self) -> None:
        self._runs = self._shelf.kept()
        if not self._runs:
            raise self._nothing_kept()
        records = sum(run.records for run in self._runs)
        self.summary = (
            f"{self.source.name}: {records:,} records from the answers of {len(self._runs)} harvests since "
            f"{self._runs[0].terms.moment}; the provider was not asked"
        )

    def _nothing_kept(self) -> SourceError:
        return SourceError(
            f"{self.source.url}: no answers are kept; name it in a [[source]] of lod.toml with keep_responses = true, "
            "publish that by its name, then read it by its name"
            if self.source.is_ad_hoc
            else f"{self.source.name}: no answers are kept; set keep_responses = true in its [[source]], and publish it "
            "with --full once"
        )

    def _judge(self) -> None:
        """Say what of the source was read whole, so that what is missing from it may be removed."""
        self.parts = tuple({self._identity_of(run, set_): None for run in self._runs for set_ in run.terms.sets})
        full = next((run for run in reversed(self._runs) if run.terms.kind == FULL), None)
        if full is None or self.way.partial or self.source.partial:
            return
        list_faults = {OAI: oai_list.list_faults, REST: rest.list_faults}.get(full.terms.sort)
        faults = list(list_faults(full, trust_list_size=self.source.trust_list_size)) if list_faults else []
        if faults:
            warning = (
                f"{'; '.join(faults)}. So nothing that seems to be missing is removed; publish again with --full, or set "
                "trust_list_size = false if the provider only estimates"
            )
            self._remarks.append((Severity.WARNING, warning))
        else:
            self.scopes = tuple(self._identity_of(full, set_) for set_ in full.terms.sets)

    def _identity_of(self, run: Run, set_: str) -> str:
        """Return the name of a list as a source of records: the same for every form of metadata, page and date."""
        if run.terms.sort == OAI:
            return with_query(self._base, {"verb": "ListRecords", **({"set": set_} if set_ else {})})
        return with_query(self._base, {"scope": set_}) if set_ else self._base

    def _tell(self, *remarks: str) -> None:
        self._remarks += [(Severity.INFO, remark) for remark in remarks]

    def _say(self, run: Run) -> None:
        deleted = sum(entry.deleted for entry in run.pages())
        since = f" since {run.terms.from_date}" if run.terms.from_date else ""
        of = f" of {run.terms.prefix}" if run.terms.prefix else ""
        gone = f", {deleted:,} of them deleted" if deleted else ""
        what = f": {run.records:,} records{gone}" if run.terms.sort != FILE else ""
        requests = self._client.requests
        self.summary = (
            f"{self.source.name}: {run.terms.kind} harvest{of}{since}{what}, in {requests:,} "
            f"{'request' if requests == 1 else 'requests'}"
        )
        for url, (target, for_good) in list(self._client.moved.items())[:1]:
            way_out = "; it has moved for good: put the new address into lod.toml" if for_good else ""
            self._tell(f"{url} redirects to {target}{way_out}")
        if self._client.authorization and urlsplit(self.source.url).scheme == "http":
            self._remarks.append((Severity.WARNING, "its credentials are sent unencrypted; use an address with https"))


def _asked(source: NamedSource) -> tuple[str, tuple[str, ...], str]:
    """Return base URL, sets and prefix; an address with a request in it, as people copy them, says all three."""
    base, said = without_query(source.url, *_OAI_PARAMETERS)
    if "verb" not in said:
        return source.url.rstrip("?"), source.set or ("",), source.metadata_prefix
    sets = source.set or ((said["set"],) if said.get("set") else ("",))
    return base, sets, source.metadata_prefix or said.get("metadataPrefix", "")


def _public(said: str, asked: str) -> str:
    """Return the provider's own address, unless it names its machine from the inside, as misconfigured ones do."""
    with suppress(ValueError):
        parts = urlsplit(said)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https"} and "." in host and not host.startswith("127."):
            return said
    return asked


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(65_536)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
