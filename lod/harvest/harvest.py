"""Harvest: one source of the web, from asking what it is to noting that its records are published.

What has been fetched is kept until it is published: a run of the publisher that stops (a fault in the crosswalk, too many
removals) costs no second harvest.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from lod import __version__
from lod.config import Settings
from lod.errors import SourceError
from lod.harvest import oai, rest
from lod.harvest.addresses import with_query, without_query
from lod.harvest.journal import Entry, Run, Terms
from lod.harvest.oai_answers import Identity
from lod.harvest.reading import read_run
from lod.harvest.state import FOLDER, LOCK_FILE, SCRATCH, Known, State, remove_runs, run_name, runs_in
from lod.harvest.web import Client, Limits, UnavailableError
from lod.named_sources import FULL_EVERY_DAYS, NamedSource
from lod.report import Finding, Severity
from lod.sources import Item, find_files
from lod.sources.dspace_rest import detect_dspace_rest
from lod.sources.oai_pmh import detect_oai_pmh
from lod.store.lock import SiteLock

TOKEN_LIFE_S = 86_400
"""So long a kept resumption token is tried; many providers know theirs for an hour or a day."""

OAI, REST, FILE = "oai-pmh", "dspace-rest", "file"
_OAI_PARAMETERS = ("verb", "metadataPrefix", "set", "from", "until", "resumptionToken")
_ACCEPT = {OAI: "application/xml, text/xml;q=0.9, */*;q=0.1", REST: "application/json, */*;q=0.1"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a source is harvested this time: everything, or from the answers that are kept."""

    full: bool = False
    cached: bool = False
    partial: bool = False


@dataclass
class Harvest:
    """One source for one run of the publisher; a context manager that holds the source's lock.

    Attributes:
        summary: what was harvested, in a sentence.
        scopes: names of what was read whole: see `lod.publish.Plan.scopes`.
    """

    source: NamedSource
    site: Path
    settings: Settings
    way: Way = field(default_factory=Way)
    told: Callable[[int, int], None] = lambda done, total: None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    summary: str = ""
    scopes: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self._folder = self.site / FOLDER / self.source.name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = SiteLock(self._folder / LOCK_FILE)
        self._state = State.read(self._folder)
        self._base, self._sets, self._prefix = _asked(self.source)
        self._remarks: list[tuple[Severity, str]] = []
        self._runs: list[Run] = []
        self._identity: Identity | None = None
        self._client = self._new_client()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder / SCRATCH, ignore_errors=True)
        self._lock.release()

    # --- fetching

    def fetch(self) -> None:
        """Fetch what is new since the last harvest, or everything; behind what a broken-off run has fetched.

        Raises:
            SourceError: the source breaks off or is none; what was published stays, and what has come is kept.
        """
        try:
            self._fetch()
        except SourceError as fault:
            self._state.fault = f"{_now()} {fault}"
            self._state.write(self._folder)
            raise

    def _fetch(self) -> None:
        identity = "\n".join((self._base, *sorted(self._sets)))
        if self._state.identity != identity:
            # Another address, other sets: what is here says nothing about it.
            self._state = State(identity=identity)
            remove_runs(self._folder, set())
        if self.way.cached:
            self._use_kept()
            return
        self._tidy()
        sort = self._state.sort or self._sort()
        if self._state.sort != sort:
            self._state.sort = sort
            self._state.write(self._folder)
        self._client.accept = _ACCEPT.get(sort, "*/*")
        run, remarks = {OAI: self._fetch_oai, REST: self._fetch_rest, FILE: self._fetch_file}[sort]()
        self._remarks += [(Severity.INFO, remark) for remark in dict.fromkeys(remarks)]
        self._runs = self._unpublished()
        self._judge(run)
        self._say(run)

    def _sort(self) -> str:
        """Tell what answers at the address: an OAI-PMH provider, DSpace's REST API, or a file of any known format."""
        if self.source.format:
            return self.source.format if self.source.format in {OAI, REST} else FILE
        path = urlsplit(self._base).path
        why = ""
        if not (f"{path}/".find("/api/") >= 0 or Path(path).suffix[1:].isalpha()):
            try:
                self._identity = self._provider().identify()
            except UnavailableError:
                raise
            except SourceError as fault:
                why = f" It is no OAI-PMH provider either: {fault}"
            else:
                return OAI
        target = self._scratch() / _file_name(self._base)
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

    def _fetch_oai(self) -> tuple[Run, list[str]]:
        provider = self._provider()
        identity = self._identity or provider.identify()
        wanted = self._prefix
        known = self._last()
        full = self._is_full_due(identity.deleted_record)
        prefix = known.prefix if known and not full else ""
        open_run = self._unfinished()
        if open_run and self._goes_on(open_run, full=full, prefix=wanted):
            run = open_run
            self._remarks.append(
                (Severity.INFO, f"went on with the harvest that broke off ({len(run.pages())} answers)")
            )
        else:
            prefix = prefix or provider.choose_prefix(wanted)
            remove_runs(self._folder, {one.folder.name for one in self._unpublished()} | set(self._state.published))
            moment = identity.response_date or _now()
            from_date = until_date = ""
            if not full and known:
                from_date = oai.moment_before(
                    known.moment, self.source.overlap_hours, identity.granularity, identity.earliest
                )
                until_date = oai.in_granularity(moment, identity.granularity)
            terms = Terms(
                sort=OAI,
                kind="full" if full else "incremental",
                identity=self._state.identity,
                moment=moment,
                sets=self._sets,
                prefix=prefix,
                granularity=identity.granularity,
                deleted_record=identity.deleted_record,
                from_date=from_date,
                until_date=until_date,
                base_url=_public(identity.base_url, self._base),
                began=_now(),
            )
            run = self._begin(terms)
        harvester = oai.Harvester(run, self._base, self._client, self.settings, self.told, run.age_s() > TOKEN_LIFE_S)
        harvester.go_on()
        return run, harvester.remarks

    def _fetch_rest(self) -> tuple[Run, list[str]]:
        run = self._unfinished()
        if not (run and run.terms.sort == REST and not self.way.full):
            run = self._begin(self._whole_terms(REST))
        harvester = rest.RestHarvester(run, rest.list_address(self._base), self._client, self.told)
        harvester.go_on()
        return run, harvester.remarks

    def _fetch_file(self) -> tuple[Run, list[str]]:
        run = self._begin(self._whole_terms(FILE))
        target = run.folder / _file_name(self._base)
        self._client.fetch(self._base, target, _head, packed=False)
        run.add(Entry(sort="page", address=self._base, file=target.name, records=1))
        run.add(Entry(sort="whole"))
        return run, []

    def _whole_terms(self, sort: str) -> Terms:
        sets = self._sets if sort == REST else ("",)
        return Terms(sort=sort, kind="full", identity=self._state.identity, moment=_now(), sets=sets, began=_now())

    def _begin(self, terms: Terms) -> Run:
        kept = {run.folder.name for run in self._unpublished()} | set(self._state.published)
        remove_runs(self._folder, kept)
        return Run.begin(self._folder / run_name(terms.kind, datetime.now(UTC)), terms)

    def _is_full_due(self, deleted_record: str) -> bool:
        known, full = self._last(), self._last_full()
        if self.way.full or not known or not full or (self._prefix and self._prefix != known.prefix):
            return True
        days = self.source.full_every_days
        days = FULL_EVERY_DAYS[deleted_record] if days < 0 else days
        return bool(days) and _moment(full.at) + timedelta(days=days) <= datetime.now(UTC)

    def _goes_on(self, run: Run, *, full: bool, prefix: str) -> bool:
        same = run.terms.sort == OAI and run.terms.sets == self._sets and (not prefix or prefix == run.terms.prefix)
        # A full run that was begun is brought to its end; an incremental one gives way to a full one that is due.
        return same and (run.terms.kind == "full" or not full) and not (self.way.full and run.terms.kind != "full")

    # --- what has come

    def _unfinished(self) -> Run | None:
        return next((run for run in reversed(runs_in(self._folder)) if not run.is_whole), None)

    def _unpublished(self) -> list[Run]:
        """Return the whole runs that are not published yet, from the last full one on."""
        whole = [run for run in runs_in(self._folder) if run.is_whole and run.folder.name not in self._state.published]
        fulls = [number for number, run in enumerate(whole) if run.terms.kind == "full"]
        return whole[fulls[-1] :] if fulls else whole

    def _last(self) -> Known | None:
        """Return the last whole harvest, published or not."""
        waiting = self._unpublished()
        return _known(waiting[-1]) if waiting else self._state.last

    def _last_full(self) -> Known | None:
        waiting = [run for run in self._unpublished() if run.terms.kind == "full"]
        return _known(waiting[-1]) if waiting else self._state.last_full

    def _use_kept(self) -> None:
        runs = [run for run in runs_in(self._folder) if run.is_whole]
        fulls = [number for number, run in enumerate(runs) if run.terms.kind == "full"]
        if not fulls:
            raise SourceError(
                f"{self.source.name}: no answers are kept; set keep_responses = true in its [[source]], and publish it with "
                "--full once"
            )
        self._runs = runs[fulls[-1] :]
        for run in self._runs:
            self._judge(run)
        records = sum(entry.records for run in self._runs for entry in run.pages())
        self.summary = (
            f"{self.source.name}: {records:,} records from the answers of {len(self._runs)} harvests since "
            f"{self._runs[0].terms.moment}; the provider was not asked"
        )

    def _tidy(self) -> None:
        """Remove what is published and not to be kept."""
        if not self.source.keep_responses and self._state.published:
            published = set(self._state.published)
            self._state.published = ()
            self._state.write(self._folder)
            remove_runs(self._folder, {run.folder.name for run in runs_in(self._folder)} - published)

    def _judge(self, run: Run) -> None:
        """Say what of the source was read whole, so that what is missing from it may be removed."""
        if any(one.terms.kind == "full" for one in self._runs):
            run = next(one for one in reversed(self._runs) if one.terms.kind == "full")
        else:
            return
        faults = list((oai.list_faults if run.terms.sort == OAI else rest.list_faults)(run))
        if not self.source.trust_list_size:
            faults = [fault for fault in faults if " of the " not in fault]
        if faults and run.terms.sort != FILE:
            self._remarks.append(
                (
                    Severity.WARNING,
                    f"{'; '.join(faults)}. So nothing that seems to be missing is removed; publish again with --full, or set "
                    "trust_list_size = false if the provider only estimates",
                )
            )
        elif not (self.way.partial or self.source.partial):
            self.scopes = tuple(dict.fromkeys(identity_of(run, self._base, set_) for set_ in run.terms.sets))

    def _say(self, run: Run) -> None:
        pages = run.pages()
        records, deleted = (sum(getattr(entry, name) for entry in pages) for name in ("records", "deleted"))
        since = f" since {run.terms.from_date}" if run.terms.from_date else ""
        of = f" of {run.terms.prefix}" if run.terms.prefix else ""
        gone = f", {deleted:,} of them deleted" if deleted else ""
        requests = self._client.requests
        self.summary = (
            f"{self.source.name}: {run.terms.kind} harvest{of}{since}: {records:,} records{gone}, in {requests:,} "
            f"{'request' if requests == 1 else 'requests'}"
        )
        for url, (target, for_good) in list(self._client.moved.items())[:1]:
            way_out = "; it has moved for good: put the new address into lod.toml" if for_good else ""
            self._remarks.append((Severity.INFO, f"{url} redirects to {target}{way_out}"))

    def items(self) -> Iterator[Item]:
        """Yield the records, tombstones and findings of all that is not published yet, in the order in which it came.

        Raises:
            SourceError: an answer on the disk is damaged.
        """
        for severity, text in self._remarks:
            name = self.source.name
            yield Finding("harvest", severity, f"{name}: {text}", record=name, place=name)
        for run in self._runs:
            identities = {set_: identity_of(run, self._base, set_) for set_ in run.terms.sets}
            yield from read_run(run, identities, self.settings, self.source.format)

    def commit(self) -> None:
        """Note that all that `items` gave is published, and remove the answers unless they are to be kept."""
        if self.way.cached:
            return
        for run in self._runs:
            known = _known(run, self._client.requests)
            self._state.last = known
            if run.terms.kind == "full":
                self._state.last_full = known
        self._state.fault = ""
        kept = [run.folder.name for run in runs_in(self._folder) if run.is_whole] if self.source.keep_responses else []
        fulls = [number for number, name in enumerate(kept) if name.endswith("-full")]
        self._state.published = tuple(kept[fulls[-1] :] if fulls else kept)
        self._state.write(self._folder)
        remove_runs(self._folder, set(self._state.published))

    # --- parts

    def _provider(self) -> oai.Provider:
        return oai.Provider(self._base, self._client, self.settings, self._scratch())

    def _scratch(self) -> Path:
        folder = self._folder / SCRATCH
        folder.mkdir(exist_ok=True)
        return folder

    def _new_client(self) -> Client:
        source = self.source
        limits = Limits(
            response_bytes=source.max_response_mib << 20,
            read_s=source.read_time_limit_s,
            response_s=source.response_time_limit_s,
            total_s=source.time_limit_s,
            tries=source.tries,
            longest_wait_s=source.longest_wait_s,
            pause_s=source.pause_s,
        )
        authorization = _authorization(source.secrets, self.environment)
        if authorization and urlsplit(source.url).scheme == "http":
            self._remarks.append((Severity.WARNING, "its credentials are sent unencrypted; use an address with https"))
        return Client(
            limits=limits,
            agent=f"lod/{__version__} (+{self.settings.base_iri})",
            home=source.url,
            authorization=authorization,
            secrets=f"{source.secrets}_USER and _PASSWORD, or {source.secrets}_TOKEN",
        )


def identity_of(run: Run, base: str, set_: str) -> str:
    """Return the name of a list as a source of records: the same for every form of metadata, page and date."""
    if run.terms.sort == OAI:
        return with_query(base, {"verb": "ListRecords", **({"set": set_} if set_ else {})})
    return with_query(base, {"scope": set_}) if set_ else base


def _asked(source: NamedSource) -> tuple[str, tuple[str, ...], str]:
    """Return base URL, sets and prefix; an address with a request in it, as people copy them, says all three."""
    base, said = without_query(source.url, *_OAI_PARAMETERS)
    if "verb" not in said:
        return source.url.rstrip("?"), source.set or ("",), source.metadata_prefix
    sets = source.set or ((said["set"],) if said.get("set") else ("",))
    return base, sets, source.metadata_prefix or said.get("metadataPrefix", "")


def _authorization(secrets: str, environment: Mapping[str, str]) -> str:
    token = environment.get(f"{secrets}_TOKEN", "")
    if token:
        return f"Bearer {token}"
    user = environment.get(f"{secrets}_USER", "")
    if not user:
        return ""
    pair = f"{user}:{environment.get(f'{secrets}_PASSWORD', '')}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def _known(run: Run, requests: int = 0) -> Known:
    pages = run.pages()
    return Known(
        kind=run.terms.kind,
        moment=run.terms.moment,
        at=run.terms.began,
        prefix=run.terms.prefix,
        records=sum(entry.records for entry in pages),
        deleted=sum(entry.deleted for entry in pages),
        requests=requests or len(pages),
    )


def _public(said: str, asked: str) -> str:
    """Return the provider's own address, unless it names its machine from the inside, as misconfigured ones do."""
    with suppress(ValueError):
        parts = urlsplit(said)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https"} and "." in host and not host.startswith("127."):
            return said
    return asked


def _file_name(url: str) -> str:
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return quote(name, safe="")[-100:].lstrip(".") or "answer"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(65_536)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
