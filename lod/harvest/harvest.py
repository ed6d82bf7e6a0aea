"""Harvest: one source of the web, from detecting what it is to noting that its records are published.

What has been fetched stays until it is published: a run of the publisher that stops (a fault in the crosswalk, too many
removals) costs no second harvest.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from lod.disk.atomic import make_folder
from lod.disk.lock import SiteLock
from lod.errors import SourceError
from lod.harvest import rest
from lod.harvest.client import UnavailableError, client_of
from lod.harvest.journal import JournalEntry, Run, Terms
from lod.harvest.oai import list_records as oai_list
from lod.harvest.oai.answers import Identity
from lod.harvest.oai.datestamps import in_granularity, moment_before
from lod.harvest.oai.provider import Provider
from lod.harvest.records import read_run
from lod.harvest.state import FOLDER, FULL, LOCK_FILE, SCRATCH, SourceFolder
from lod.http.addresses import file_name, shown, with_query, without_query, without_secrets
from lod.http.client import Client
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources import Item, find_files
from lod.sources.configured import FULL_EVERY_DAYS, NamedSource
from lod.sources.dspace.rest import detect_dspace_rest
from lod.sources.oai.oai_pmh import detect_oai_pmh
from lod.sources.reading.column_tables import site_tables

OAI, REST, FILE = "oai-pmh", "dspace-rest", "file"
TOKEN_LIFE_S = 86_400
"""How long a kept resumption token is tried; many providers know theirs for an hour or a day."""

_OAI_PARAMETERS = ("verb", "metadataPrefix", "set", "from", "until", "resumptionToken")
_ACCEPT = {OAI: "application/xml, text/xml;q=0.9, */*;q=0.1", REST: "application/json, */*;q=0.1"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """Options of one run: harvest everything; read the cached answers only; remove nothing that is missing."""

    full: bool = False
    cached: bool = False
    partial: bool = False


@dataclass
class Harvest:
    """One source for one run of the publisher; a context manager that holds the source's lock.

    Attributes:
        summary: what was harvested, in a sentence.
        scopes, parts: names of what was read whole, or what is new of it only: see `lod.publish.plan.Plan`.
    """

    source: NamedSource
    site: Path
    settings: Settings
    way: Way = field(default_factory=Way)
    progress: Callable[[int, int], None] = lambda done, total: None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    summary: str = ""
    scopes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        folder = self.site / FOLDER / self.source.name
        if self.way.cached and not folder.is_dir():
            # Reading the cache leaves nothing behind.
            raise self._nothing_cached()
        # Answers may hold what the repository shows to us alone, and their addresses tokens.
        make_folder(folder.parent, 0o700)
        make_folder(folder)
        self._lock = SiteLock(folder / LOCK_FILE)
        self._base, self._sets, self._prefix = _request_of(self.source)
        self._folder = SourceFolder(folder, "\n".join((self._base, *sorted(self._sets))))
        self._scratch = folder / SCRATCH
        self._scratch.mkdir(exist_ok=True)
        self._identity: Identity | None = None
        self._runs: list[Run] = []
        self._remarks: list[tuple[Severity, str]] = []
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._lock.release()

    @cached_property
    def _client(self) -> Client:
        return client_of(self.source, self.settings, self.environment)

    def fetch(self) -> None:
        """Fetch what is new since the last harvest, or everything; resume an interrupted run.

        Raises:
            SourceError: the source breaks off or is none; what was published and what has been fetched stay.
        """
        if self.way.cached:
            self._use_cached()
        else:
            try:
                self._request()
            except SourceError as fault:
                self._folder.state.fault = f"{_now()} {fault}"
                self._folder.write()
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
            yield from read_run(run, identities, self.settings, self.source.format, self.source.defaults_in(self.site))

    def commit(self) -> None:
        """Note that all that `items` gave is published, and remove the responses unless they are to be cached."""
        if not self.way.cached:
            self._folder.commit(self._runs, self._client.requests, keep=self.source.keep_responses)

    # --- requests

    def _request(self) -> None:
        state = self._folder.state
        if not self.source.keep_responses:
            self._folder.drop_published()
        if not state.sort:
            state.sort = self._sort()
            self._folder.write()
        self._client.accept = _ACCEPT.get(state.sort, "*/*")
        run = {OAI: self._request_oai, REST: self._request_rest, FILE: self._request_file}[state.sort]()
        self._runs = self._folder.waiting()
        self._summarise(run)

    def _sort(self) -> str:
        """Return what is at the address: an OAI-PMH provider, DSpace's REST API, or a file of any known format."""
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
        if find_files(target, columns=site_tables(self.site))[0]:
            return FILE
        raise SourceError(
            f"{shown(self._base)}: the answer is of no known format; name it with --format, or mend the address.{why}"
        )

    def _provider(self) -> Provider:
        return Provider(self._base, self._client, self.settings, self._scratch)

    def _request_oai(self) -> Run:
        identity = self._identity or self._provider().identify()
        full = self._is_full_due(identity.deleted_record)
        run = self._folder.unfinished()
        if run and self._resumes(run, full=full):
            self._remark(f"went on with the harvest that broke off ({len(run.pages()):,} answers were there)")
        else:
            run = self._folder.start(self._terms(identity, full=full))
        is_old = run.age_s() > TOKEN_LIFE_S
        for set_ in run.terms.sets:
            list_ = oai_list.OaiList(run, set_, self._base, self._client, self.settings, self.progress, is_old)
            list_.resume()
            self._remark(*list_.remarks)
        run.add(JournalEntry(sort="whole"))
        return run

    def _is_full_due(self, deleted_record: str) -> bool:
        last, full = self._folder.last(), self._folder.last(FULL)
        if self.way.full or not last or not full or (self._prefix and self._prefix != last.prefix):
            return True
        days = self.source.full_every_days
        days = FULL_EVERY_DAYS[deleted_record] if days < 0 else days
        return bool(days) and datetime.fromisoformat(full.at) + timedelta(days=days) <= datetime.now(UTC)

    def _resumes(self, run: Run, *, full: bool) -> bool:
        """Return whether to resume an interrupted run: a full one always, an incremental one unless a full one is due."""
        same = run.terms.sort == OAI and run.terms.sets == self._sets and self._prefix in {"", run.terms.prefix}
        return same and (run.terms.kind == FULL or not full)

    def _terms(self, identity: Identity, *, full: bool) -> Terms:
        last = self._folder.last()
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
            identity=self._folder.state.identity,
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

    def _request_rest(self) -> Run:
        run = self._folder.unfinished()
        if run is None or run.terms.sort != REST or self.way.full:
            run = self._folder.start(self._whole_terms(REST, self._sets))
        harvester = rest.RestHarvester(run, rest.list_address(self._base), self._client, self.progress)
        harvester.resume()
        self._remark(*harvester.remarks)
        return run

    def _request_file(self) -> Run:
        run = self._folder.start(self._whole_terms(FILE, ("",)))
        target = run.folder / file_name(self._base)
        self._client.fetch(self._base, target, _head, packed=False)
        run.add(JournalEntry(sort="page", address=self._base, file=target.name, records=1))
        run.add(JournalEntry(sort="whole"))
        return run

    def _whole_terms(self, sort: str, sets: tuple[str, ...]) -> Terms:
        identity = self._folder.state.identity
        return Terms(sort=sort, kind=FULL, identity=identity, moment=_now(), sets=sets, began=_now())

    # --- responses

    def _use_cached(self) -> None:
        self._runs = self._folder.cached()
        if not self._runs:
            raise self._nothing_cached()
        records = sum(run.records for run in self._runs)
        self.summary = (
            f"{self.source.name}: {records:,} records from the answers of {len(self._runs)} harvests since "
            f"{self._runs[0].terms.moment}; the provider was not asked"
        )

    def _nothing_cached(self) -> SourceError:
        return SourceError(
            f"{shown(self.source.url)}: no answers are kept; name it in a [[source]] of lod.toml with keep_responses = true, "
            "publish that by its name, then read it by its name"
            if self.source.is_ad_hoc
            else f"{self.source.name}: no answers are kept; set keep_responses = true in its [[source]], and publish it "
            "with --full once"
        )

    def _judge(self) -> None:
        """Find out what of the source was read whole, so that what is missing from it may be removed."""
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
            address = with_query(self._base, {"verb": "ListRecords", **({"set": set_} if set_ else {})})
        else:
            address = with_query(self._base, {"scope": set_}) if set_ else self._base
        return without_secrets(address)

    def _remark(self, *remarks: str) -> None:
        self._remarks += [(Severity.INFO, remark) for remark in remarks]

    def _summarise(self, run: Run) -> None:
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
        if self._client.moved:
            url, target, for_good = self._client.moved
            way_out = "; it has moved for good: put the new address into lod.toml" if for_good else ""
            self._remark(f"{url} redirects to {target}{way_out}")
        if self._client.credentials and urlsplit(self.source.url).scheme == "http":
            self._remarks.append((Severity.WARNING, "its credentials are sent unencrypted; use an address with https"))


def _request_of(source: NamedSource) -> tuple[str, tuple[str, ...], str]:
    """Return base URL, sets and prefix; an address with a request in it, as people copy them, says all three."""
    base, stated = without_query(source.url, *_OAI_PARAMETERS)
    if "verb" not in stated:
        return source.url.rstrip("?"), source.set or ("",), source.metadata_prefix
    sets = source.set or ((stated["set"],) if stated.get("set") else ("",))
    return base, sets, source.metadata_prefix or stated.get("metadataPrefix", "")


def _public(stated: str, requested: str) -> str:
    """Return the provider's own address, unless it names its machine from the inside, as misconfigured ones do."""
    with suppress(ValueError):
        parts = urlsplit(stated)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https"} and "." in host and not host.startswith("127."):
            return stated
    return requested


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(65_536)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
