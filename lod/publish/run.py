"""The pipeline: records in, report out.

A run first stages everything that the sources yield, so that an incomplete source changes nothing and repeated keys
are seen; then maps and validates what is new or changed, batch by batch; then builds the next generation and switches.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lod.dump.write import DumpWriter
from lod.errors import BadValueError, ShrinkError
from lod.guard import guarded
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.mapped import Mapped, ValueFate
from lod.mapping.record.apply import map_record
from lod.mapping.values.dates import read_timestamp
from lod.mapping.values.iris import LONGEST_KEY, damaged_handle, item_key, lesser_keys
from lod.privacy import mask_addresses
from lod.publish.named_graphs import site_graphs
from lod.record import Record, Tombstone
from lod.report import Fate, Finding, RunReport, Severity
from lod.sources import Item
from lod.sources.configured import is_address
from lod.sources.reading.limits import too_large
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.staging import Staged
from lod.store.catalog.writer import CatalogWriter
from lod.store.generation.builder import Builder
from lod.store.generation.generations import Site
from lod.validation.rules.passing import PASSING, has_ended
from lod.validation.rules.whole_store import Said, entries, judge
from lod.store.catalog.writer import Catalog, Staged
from lod.store.generation.generations import Builder, Site
from lod.validation.rules.expiry import EXPIRING, has_expired
from lod.validation.rules.whole_store import ValueCount, findings_of_key, index_entries
from lod.validation.validate import validate

if TYPE_CHECKING:
    from lod.validation.foreign.ready_made import GivenFindings
    from lod.validation.shapes import Shapes

BATCH_RECORDS = 500
"""Records that are mapped and validated together; pySHACL is two to three times faster so than one by one."""

FEW_RECORDS = 5
"""So many records may always be removed in one run, whatever share of a small site they are."""

_NAMED_EXAMPLES = 5

Progress = Callable[[str, int, int], None]
"""Called with the name of the stage, how many records it has done, and how many there are (0 while unknown)."""


@dataclass(frozen=True)
class Plan:
    """How a run goes.

    Attributes:
        scopes: resolved paths of the sources that are read whole: a record published from one of them before, and
            missing from it now, is removed. A scope stands for itself and all that lies under it.
        parts: names of sources of which this run reads what is new only.
        unread: resolved paths of files in the scopes that nothing recognised: what was published from them stays.
        dry_run: map and validate, publish nothing.
        allow_shrink: remove any share of the records that are live, whatever the setting `most_shrink_percent` says.
        now: the moment of the run, in UTC.
    """

    crosswalk: Crosswalk
    shapes: Shapes
    scopes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    dry_run: bool = False
    allow_shrink: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def moment(self) -> str:
        """The moment of the run as claims have it: ISO 8601 with "Z"."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def basis(self) -> str:
        """A SHA-256 over crosswalk and shapes: a record is mapped anew when it changes."""
        return hashlib.sha256(f"{self.crosswalk.fingerprint} {self.shapes.fingerprint}".encode()).hexdigest()


def publish(items: Iterable[Item], plan: Plan, site: Site, progress: Progress | None = None) -> RunReport:
    """Publish a new generation of the site from the items of its sources, and report what became of them.

    Raises:
        SourceError: a source broke off; the live generation stays as it was.
        StoreError: the generation could not be built; likewise.
        ShrinkError: the run would remove more than the site allows; likewise.
    """
    started = time.monotonic()
    report = RunReport(dry_run=plan.dry_run)
    tell = progress or (lambda stage, done, total: None)
    with site.build(plan.crosswalk.settings.keep_generations) as builder:
        catalog = builder.catalog
        catalog.begin_run()
        before = catalog.move_to(plan.crosswalk.settings.base_iri)
        run = _Run(plan, catalog, report)
        run.note_move(before)
        run.stage(items, tell)
        run.settle_repeats()
        removals = run.planned_removals()
        run.note_overdue()
        run.map_all(tell)
        run.remove(removals)
        run.remap_outdated(tell)
        run.note_gone_sources()
        run.judge_store()
        report.live = catalog.counts()["records"]
        report.seconds = time.monotonic() - started
        if not plan.dry_run:
            tell("store", 0, 0)
            _finish(builder, plan, report)
    report.seconds = time.monotonic() - started
    return report


def _finish(builder: Builder, plan: Plan, report: RunReport) -> None:
    settings = plan.crosswalk.settings
    report.generation = builder.name
    vocabulary = plan.crosswalk.vocabulary
    dumps = DumpWriter(settings.dump_names, vocabulary.prefixes, f"{settings.base_iri}id/")
    graphs = site_graphs(builder, settings, vocabulary, lambda: dumps.statistics, plan.moment)
    builder.finish(report.to_dict(), graphs, dumps)


class _Run:
    """The stages of one run over its catalog."""

    def __init__(self, plan: Plan, catalog: CatalogWriter, report: RunReport) -> None:
        self._plan = plan
        self._catalog = catalog
        self._report = report
        self._removals: dict[str, str] = {}
        self._missing: set[str] = set()
        self._refused_keys: set[str] = set()
        self._nameless_titles: set[str] = set()
        self._going: frozenset[str] = frozenset()
        self._unreadable = 0

    def note_move(self, before: str) -> None:
        """Say that every IRI is another one, which a changed line in lod.toml does not show."""
        base = self._plan.crosswalk.settings.base_iri
        count = self._catalog.counts()["records"]
        if before == base or not count:
            return
        message = (
            f"base_iri was {before} and is {base} now: {count} records have new IRIs, and this site answers for the old ones no "
            "more. If that was not meant, set it back and publish again."
        )
        # Of this run alone: in the catalog it would make the quality report another than that of a fresh site.
        self._note([Finding("base-iri", Severity.WARNING, message)])

    def stage(self, items: Iterable[Item], tell: Progress) -> None:
        """Read every item to the end; nothing is published of a source that breaks off."""
        for number, item in enumerate(items, start=1):
            if number % 100 == 0:
                tell("read", number, 0)
            if isinstance(item, Finding):
                self._stage_finding(item)
                continue
            if isinstance(item, Record):
                self._report.read += 1
                if large := too_large(item, self._plan.crosswalk.settings):
                    self._refuse_large(item, large)
                    continue
            try:
                key = guarded(self._key_of, item, "named", place=item.place)
            except BadValueError as fault:
                self._refuse_keyless(item, str(fault))
                continue
            if isinstance(key, Finding):
                self._refuse_faulty(item, key)
                continue
            if isinstance(item, Tombstone):
                self._removals[folded_name(key)] = item.removed or self._plan.moment[:10]
            else:
                # Of a tombstone and a record of one key the later one in the source holds.
                for name in (key, *lesser_keys(item)) if self._removals else ():
                    self._removals.pop(folded_name(name), None)
                self._catalog.stage(key, item, item.content_hash())

    def _stage_finding(self, finding: Finding) -> None:
        """Note what a source says: a violation stands for one record that could not be read."""
        self._note([finding])
        if finding.severity is Severity.VIOLATION:
            self._report.read += 1
            self._report.refused += 1
            self._unreadable += 1
            self._catalog.refuse(finding.place or finding.record, None, [], [finding])
        else:
            self._catalog.add_findings([finding])

    def _refuse_large(self, record: Record, finding: Finding) -> None:
        """Refuse a record for its size; of its values only those are looked at that may name it, and none is kept."""
        short = tuple(value for value in record.values if len(value.text) <= LONGEST_KEY)
        try:
            key = self._key_of(replace(record, values=short))
        except BadValueError:
            key = record.place
            self._unreadable += 1
        self._refused_keys.update(map(folded_name, (key, self._catalog.published_key(key))))
        self._catalog.refuse(key, None, [], [replace(finding, record=key)])
        self._note([replace(finding, record=key)])
        self._report.refused += 1
        self._report.count_values((value.field, Fate.REFUSED) for value in record.values)

    def _refuse_keyless(self, item: Record | Tombstone, reason: str) -> None:
        finding = _keyless(item, reason)
        damaged = damaged_handle(item)
        if damaged:
            self._unreadable += 1
            message = (
                f"'{damaged}' is no handle, so the record cannot be given a lasting IRI; a handle is prefix/suffix without "
                "blanks, '?' and '#', such as http://hdl.handle.net/10722/129504."
            )
            finding = replace(finding, message=message, field="dc.identifier.uri", value=damaged)
        if isinstance(item, Tombstone):
            self._note([finding])
        else:
            self._nameless_titles.update(_titles(item))
            self._refuse(item.place, item, [finding])

    def _refuse_faulty(self, item: Record | Tombstone, finding: Finding) -> None:
        """Refuse what our own code could not name: it may be any record, so that none is removed for being missing."""
        self._unreadable += 1
        if isinstance(item, Tombstone):
            self._note([finding])
        else:
            self._refuse(item.place, item, [finding])

    def settle_repeats(self) -> None:
        """Decide between records of one key: alike, the later one, or none (MODEL section 3.3)."""
        for rows in self._catalog.repeats():
            kept = _settle(rows)
            dropped = [row for row in rows if row is not kept]
            self._catalog.drop_staged([row.id for row in dropped])
            if kept is None:
                for row in dropped:
                    others = ", ".join(other.record.place for other in rows if other is not row)
                    message = (
                        f"Two records with different fields have the key {row.key} ({others}), and no modification date "
                        "says which one is newer. Delete one, or give both a date (dcterms.modified)."
                    )
                    if row.record.about:
                        files = ", ".join(dict.fromkeys(one.record.source for one in rows))
                        message = (
                            f"Files of one name say different things of <{row.record.about}>: {files}. What a file says is "
                            "known by its name; give the files different names, or put what they say into one."
                        )
                    finding = Finding("D04", Severity.VIOLATION, message, record=row.key, place=row.record.place)
                    self._refuse(row.key, row.record, [finding], is_final=True)
                continue
            self._report.repeated += len(dropped)
            for row in dropped:
                if row.content_hash != kept.content_hash:
                    message = (
                        f"An older version of the record also stands in the sources; {kept.record.place} was taken."
                    )
                    self._add([Finding("D04", Severity.WARNING, message, record=row.key, place=row.record.place)])

    def map_all(self, tell: Progress) -> None:
        """Map and validate what is new or changed; the rest is seen and left as it is."""
        total = self._catalog.staged_count()
        done = 0
        for batch in self._catalog.staged_batches(BATCH_RECORDS):
            changed = [row for row in batch if not self._is_unchanged(row)]
            self._publish_batch(changed)
            done += len(batch)
            tell("map", done, total)

    def note_overdue(self) -> None:
        """Have what time has changed mapped anew, such as a record whose embargo has ended, read in this run or not."""
        today = self._plan.now.astimezone(UTC).date()
        for refused in (False, True):
            found = self._catalog.findings_of_rules(EXPIRING, refused=refused)
            self._catalog.set_overdue([one.record for one in found if has_expired(one, today)], refused=refused)
        # RDF made elsewhere is judged together: where some of it changes, all of it is judged anew.
        if any(key.startswith("rdf/") for key in self._going) or self._catalog.given_changed(self._plan.basis):
            self._catalog.set_given_overdue()

    def remap_outdated(self, tell: Progress) -> None:
        """Map anew, from the catalog, what this run did not publish and what was mapped by other rules, shapes or settings.

        So one generation holds one crosswalk and one base IRI, whatever sources a run names. Records that other rules
        refused get another attempt; where one was refused as it is now published, that attempt is the same.
        """
        before = self._report.published
        done = 0
        steps = (
            (self._catalog.outdated, False),
            (self._catalog.outdated_refusals, True),
        )
        for outdated, is_latest in steps:
            for batch in outdated(self._plan.basis, BATCH_RECORDS):
                self._publish_batch(self._keyed(batch) if is_latest else batch, is_latest=is_latest)
                done += len(batch)
                tell("map", done, 0)
        if done:
            self._report.remapped = self._report.published - before
            self._report.published = before

    def _keyed(self, rows: Sequence[Staged]) -> list[Staged]:
        """Return refused records with the keys that they have by now; those that have none stay refused."""
        keyed: list[Staged] = []
        for row in rows:
            try:
                keyed.append(replace(row, key=self._key_of(row.record)))
            except BadValueError as fault:
                self._refuse(row.key, row.record, [_keyless(row.record, str(fault))])
        return keyed

    def _key_of(self, item: Record | Tombstone) -> str:
        settings = self._plan.crosswalk.settings
        return item_key(item, settings.handle_prefix, settings.key_sources)

    def _is_unchanged(self, row: Staged) -> bool:
        if row.published_hash != row.content_hash or row.published_basis != self._plan.basis:
            return False
        if self._catalog.is_overdue(row.key):
            return False
        fates = self._catalog.unchanged(row.key, row.record)
        self._report.unchanged += 1
        self._note(self._catalog.findings_of_version(row.key))
        self._report.count_values(zip((value.field for value in row.record.values), fates, strict=True))
        return True

    def _publish_batch(self, rows: Sequence[Staged], *, is_latest: bool = True) -> None:
        """Map, validate and publish or refuse records; without `is_latest` they are last good versions, mapped anew."""
        mapped: list[tuple[Staged, Mapped]] = []
        for row in rows:
            try:
                result = guarded(self._mapped, row.record, "mapped", place=row.record.place, record=row.key)
            except BadValueError as fault:
                # The settings that gave the record its key have changed since it was published.
                result = _keyless(row.record, str(fault))
            if isinstance(result, Finding):
                self._refuse(row.key, row.record, [result], is_latest=is_latest)
            else:
                mapped.append((row, result))
        by_record: dict[str, list[Finding]] = {result.key: list(result.findings) for _, result in mapped}
        told = {(result.key, finding.rule) for _, result in mapped for finding in result.findings}
        places = {result.key: row.record.place for row, result in mapped}
        for finding in self._judged(mapped):
            # What the mapping has said of a value, with its field, a shape need not say again.
            if finding.severity is Severity.VIOLATION or (finding.record, finding.rule) not in told:
                by_record[finding.record].append(self._told(finding, places[finding.record]))
        for row, result in mapped:
            watched = guarded(_watched, result, "judged", place=row.record.place, record=row.key)
            if isinstance(watched, Finding):
                by_record[result.key].append(watched)
                watched = []
            findings = by_record[result.key]
            if any(finding.severity is Severity.VIOLATION for finding in findings):
                self._refuse(row.key, row.record, findings, is_latest=is_latest)
                continue
            self._catalog.put(
                result,
                row.record,
                row.content_hash,
                self._plan.basis,
                self._plan.moment,
                watched,
                is_latest=is_latest,
            )
            self._add(findings)
            self._report.published += 1
            fields = (value.field for value in row.record.values)
            self._report.count_values(zip(fields, (fate.fate for fate in result.fates), strict=True))

    def _mapped(self, record: Record) -> Mapped:
        return map_record(record, self._plan.crosswalk, self._plan.moment)

    def _judged(self, mapped: Sequence[tuple[Staged, Mapped]]) -> Iterator[Finding]:
        results = [result for row, result in mapped if not row.record.about]
        yield from validate(results, self._plan.shapes, today=self._plan.now.date())
        for row, result in mapped:
            if row.record.about:
                found = guarded(self._given_findings, result, "judged", place=row.record.place, record=result.key)
                yield from [found] if isinstance(found, Finding) else found

    def _given_findings(self, result: Mapped) -> list[Finding]:
        return list(self._given.about(result))

    @cached_property
    def _given(self) -> GivenFindings:
        """What the shapes say of all RDF made elsewhere that the site will hold after this run."""
        from lod.validation.foreign.ready_made import GivenFindings

        crosswalk, moment = self._plan.crosswalk, self._plan.moment
        staying = (record for record in self._catalog.given() if folded_name(self._key_of(record)) not in self._going)
        claims = (line for record in staying for line in map_record(record, crosswalk, moment).claims)
        return GivenFindings(claims, self._plan.shapes)

    def planned_removals(self) -> dict[str, str]:
        """Return what is to be removed, with the date: what a tombstone names, and what its source no longer holds.

        Known before anything is mapped, so that a run that would remove too much stops at once.

        Raises:
            ShrinkError: it would.
        """
        self._catalog.read_in_part(self._plan.parts)
        unread = set(self._catalog.missing_from(self._plan.unread))
        gone = (key for key in self._catalog.missing_from(self._plan.scopes) if key not in unread)
        # A record that could not be read may be any of those that seem to be gone; a refused one is there.
        missing = [key for key in gone if folded_name(key) not in self._refused_keys]
        if missing and (self._unreadable or not self._report.read):
            self._hold_removals(len(missing))
            missing = []
        removals = {**dict.fromkeys(map(folded_name, missing), self._plan.moment[:10]), **self._removals}
        self._missing = removals.keys() - self._removals.keys()
        going = dict.fromkeys(map(self._named_by, removals))
        self._guard([key for key in going if self._catalog.is_published(key)])
        self._going = frozenset(removals)
        return removals

    def _guard(self, going: Sequence[str]) -> None:
        """Stop a run that would remove more than a set share of the live records; a dry run only says so."""
        live = self._catalog.counts()["records"]
        most = self._plan.crosswalk.settings.most_shrink_percent
        if self._plan.allow_shrink or len(going) <= max(FEW_RECORDS, live * most // 100):
            return
        examples = ", ".join(going[:_NAMED_EXAMPLES])
        message = (
            f"{len(going):,} of {live:,} published records would be removed ({examples}{', …' if len(going) > _NAMED_EXAMPLES else ''}); "
            f"the setting most_shrink_percent allows {most} percent in one run. Look whether the source is whole; "
            "if they are really gone, publish with --allow-shrink, or with --partial to remove nothing."
        )
        if not self._plan.dry_run:
            raise ShrinkError(f"{message} Nothing has been changed.")
        self._add([Finding("shrink", Severity.WARNING, message)])

    def remove(self, removals: Mapping[str, str]) -> None:
        """Remove records by key, each on its date; one that was to be replaced by a record now refused stays."""
        for key, removed in removals.items():
            if key in self._missing and (key in self._refused_keys or self._has_lost_its_name(key)):
                continue
            # Asked now: a record that this run has published may be the one that a tombstone after it names.
            if self._catalog.remove(self._named_by(key), removed):
                self._report.removed += 1

    def _has_lost_its_name(self, key: str) -> bool:
        """Tell whether a missing record may be one that was refused because nothing names it any more: the titles are alike."""
        if not self._nameless_titles:
            return False
        _, record = self._catalog.source_of(key)
        return record is not None and not self._nameless_titles.isdisjoint(_titles(record))

    def _named_by(self, key: str) -> str:
        """Return the key of what a tombstone names; a record that is missing has no other key than its own."""
        return self._catalog.published_key(key) if key in self._removals else key

    def note_gone_sources(self) -> None:
        """Say which records stay published though the file that they came from was renamed, moved or deleted.

        A source that the run reads whole shows what is missing from it; what was published from elsewhere no run will miss.
        """
        if not self._plan.scopes:
            return
        read = tuple(f"{scope.rstrip('/')}/" for scope in self._plan.scopes)
        gone = [
            (source, count)
            for source, count in self._catalog.record_sources()
            if not f"{source}/".startswith(read) and _is_gone(source)
        ]
        if not gone:
            return
        number = sum(count for _, count in gone)
        message = (
            f"{number:,} published {'record comes' if number == 1 else 'records come'} from files that are not there any more, "
            f"and will stay: {gone[0][0]}{f' and {len(gone) - 1:,} more files' if len(gone) > 1 else ''}. Put them back where they "
            "were, or remove the records with a table of their handles whose column action says withdraw."
        )
        self._note([Finding("source-gone", Severity.WARNING, message)])

    def judge_store(self) -> None:
        """Judge anew what several records say of one thing, wherever this run has changed it."""
        for key, values in self._catalog.to_judge("G07 "):
            self._catalog.judged(
                key, findings_of_key(key, [ValueCount(*value) for value in values], self._catalog.describes)
            )
        self._note(self._catalog.findings_of_store())
        self._judge_dataset()

    def _judge_dataset(self) -> None:
        """Say that nobody may reuse the data (R08): the dataset is described when it is served, and no record states it."""
        settings, rule = self._plan.crosswalk.settings, self._plan.shapes.rules.get("R08")
        if rule and not settings.license:
            self._add([Finding(rule.id, rule.severity, rule.message, focus=f"{settings.base_iri}id/dataset")])

    def _hold_removals(self, count: int) -> None:
        reason = (
            "some records of the run could not be read and may be among them. Mend those, then publish again."
            if self._unreadable
            else "nothing at all was read. Look whether the source is empty or of another format."
        )
        message = f"{count} records are missing from the sources but were not removed, because {reason}"
        self._add([Finding("removals-held", Severity.WARNING, message)])

    def _refuse(
        self, name: str, record: Record, findings: list[Finding], *, is_final: bool = False, is_latest: bool = True
    ) -> None:
        """Refuse a record. What is `final` is so under any rules; the last good version leaves a later attempt as it is."""
        reason = next(finding.message for finding in findings if finding.severity is Severity.VIOLATION)
        fates = [ValueFate(Fate.REFUSED, why=reason) for _ in record.values]
        # A record that has lost its handle is still the one that was published by it.
        names = (name, *lesser_keys(record))
        self._refused_keys.update(map(folded_name, (*names, *map(self._catalog.published_key, names))))
        if is_latest or not self._catalog.is_refused(name):
            self._catalog.refuse(name, record, fates, findings, None if is_final else self._plan.basis)
        self._note(findings)
        self._report.refused += 1
        self._report.count_values((value.field, Fate.REFUSED) for value in record.values)

    def _told(self, finding: Finding, place: str) -> Finding:
        """Return a shape's finding with the place of its record, and no address in its value."""
        open_ = self._plan.crosswalk.settings.publish_email_addresses
        return replace(
            finding,
            place=finding.place or place,
            value=finding.value if open_ else mask_addresses(finding.value),
        )

    def _add(self, findings: list[Finding]) -> None:
        self._catalog.add_findings(findings)
        self._note(findings)

    def _note(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._report.note(finding)


def _watched(result: Mapped) -> list[tuple[str, str]]:
    return list(index_entries(result))


def _titles(record: Record) -> set[str]:
    return {value.text for value in record.values if "title" in value.field.split(".")}


def _is_gone(source: str) -> bool:
    """Tell whether a file is not there; a member of an archive is there as long as the archive is."""
    path = Path(source)
    return path.is_absolute() and not path.exists() and not any(folder.is_file() for folder in path.parents)


def _keyless(item: Record | Tombstone, reason: str) -> Finding:
    message = f"{reason[0].upper()}{reason[1:]}."
    return Finding("no-key", Severity.VIOLATION, message, record=item.place, place=item.place)


def _settle(rows: Sequence[Staged]) -> Staged | None:
    """Return the record that stands for all of one key, None where nothing decides."""
    if len({row.record.values for row in rows}) == 1:
        return rows[0]
    names = {(row.record.source, row.record.oai_identifier or row.record.uuid) for row in rows}
    if len(names) == 1 and is_address(rows[0].record.source):
        # One record of one provider, given again: it has changed while the list was read, or since the last harvest.
        return rows[-1]
    dated = sorted(((_modified(row.record), row) for row in rows), key=lambda pair: pair[0])
    if dated[-1][0] and dated[-1][0] != dated[-2][0]:
        return dated[-1][1]
    return None


def _modified(record: Record) -> str:
    dates = [value.text for value in record.values if value.field in {"dcterms.modified", "dc.date.updated"}]
    moments = [""]
    for text in filter(None, [record.modified, *dates]):
        with suppress(BadValueError):
            moments.append(read_timestamp(text)[0])
    return max(moments)
