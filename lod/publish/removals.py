"""Removals: what a tombstone names, and what a source that was read whole no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lod.errors import ShrinkError
from lod.publish.stage import Intake, titles
from lod.publish.write import Writer
from lod.report import Finding, Severity
from lod.store.catalog.ownership import folded_name

FEW_RECORDS = 5
"""How many records a run may always remove, whatever share of a small site they are."""

_NAMED_EXAMPLES = 5


class Removals:
    """The removals of one run, planned before anything is mapped, so that a run that would remove too much stops at once.

    Attributes:
        planned: dates of removal, by folded key.
    """

    def __init__(self, writer: Writer, intake: Intake) -> None:
        """Plan the removals.

        Raises:
            ShrinkError: the run would remove more than the site allows.
        """
        self._writer = writer
        self._intake = intake
        plan, catalog = writer.plan, writer.catalog
        catalog.read_in_part(plan.parts)
        missing = dict.fromkeys(map(folded_name, self._missing_keys()), plan.moment[:10])
        self.planned: dict[str, str] = {**missing, **intake.tombstones}
        going = dict.fromkeys(map(self._published_key, self.planned))
        self._guard([key for key in going if catalog.is_published(key)])

    def carry_out(self) -> None:
        """Remove records, each on its date; one that was to be replaced by a record now refused stays."""
        for key, removed in self.planned.items():
            is_missing = key not in self._intake.tombstones
            if is_missing and (key in self._writer.refused_keys or self._has_lost_its_name(key)):
                continue
            # Looked up now: a record that this run has published may be the one that a tombstone after it names.
            if self._writer.catalog.remove(self._published_key(key), removed):
                self._writer.report.removed += 1

    def _missing_keys(self) -> list[str]:
        plan, catalog = self._writer.plan, self._writer.catalog
        unread = set(catalog.missing_from(plan.unread))
        gone = (key for key in catalog.missing_from(plan.scopes) if key not in unread)
        # A record that could not be read may be any of those that seem to be gone; a refused one is there.
        missing = [key for key in gone if folded_name(key) not in self._writer.refused_keys]
        if missing and (self._intake.unidentified or not self._writer.report.read):
            self._report_held(len(missing))
            return []
        return missing

    def _report_held(self, count: int) -> None:
        reason = (
            "some records of the run could not be read and may be among them. Mend those, then publish again."
            if self._intake.unidentified
            else "nothing at all was read. Look whether the source is empty or of another format."
        )
        missing = (
            "1 record is missing from the sources but was"
            if count == 1
            else f"{count:,} records are missing from the sources but were"
        )
        message = f"{missing} not removed, because {reason}"
        self._writer.add([Finding("removals-held", Severity.WARNING, message)])

    def _guard(self, going: Sequence[str]) -> None:
        """Stop a run that would remove more than a set share of the live records; a dry run only reports it."""
        plan = self._writer.plan
        live = self._writer.catalog.counts()["records"]
        most = plan.crosswalk.settings.most_shrink_percent
        if plan.allow_shrink or len(going) <= max(FEW_RECORDS, live * most // 100):
            return
        examples = ", ".join(going[:_NAMED_EXAMPLES])
        message = (
            f"{len(going):,} of {live:,} published records would be removed ({examples}{', …' if len(going) > _NAMED_EXAMPLES else ''}); "
            f"the setting most_shrink_percent allows {most} percent in one run. Look whether the source is whole; "
            "if they are really gone, publish with --allow-shrink, or with --partial to remove nothing."
        )
        if not plan.dry_run:
            raise ShrinkError(f"{message} Nothing has been changed.")
        self._writer.add([Finding("shrink", Severity.WARNING, message)])

    def _has_lost_its_name(self, key: str) -> bool:
        """Return whether a missing record may be one that was refused for having no key any more: the titles are alike."""
        if not self._intake.nameless_titles:
            return False
        _, record = self._writer.catalog.source_of(key)
        return record is not None and not self._intake.nameless_titles.isdisjoint(titles(record))

    def _published_key(self, key: str) -> str:
        """Return the key of what a tombstone names; a record that is missing has no other key than its own."""
        return self._writer.catalog.published_key(key) if key in self._intake.tombstones else key


def report_gone_sources(writer: Writer) -> None:
    """Report records that stay published though the file that they came from was renamed, moved or deleted.

    A source that the run reads whole shows what is missing from it; what was published from elsewhere no run will miss.
    """
    if not writer.plan.scopes:
        return
    read = tuple(f"{scope.rstrip('/')}/" for scope in writer.plan.scopes)
    gone = [
        (source, count)
        for source, count in writer.catalog.record_sources()
        if not f"{source}/".startswith(read) and _is_gone(source)
    ]
    if not gone:
        return
    number = sum(count for _, count in gone)
    message = (
        f"{number:,} published {'record comes' if number == 1 else 'records come'} from files that no longer exist; "
        f"{'it stays' if number == 1 else 'they stay'} published: {gone[0][0]}{f' and {len(gone) - 1:,} more files' if len(gone) > 1 else ''}. "
        "Put the files back where they were, or remove the records with a table of their handles whose column action says withdraw."
    )
    writer.note([Finding("source-gone", Severity.WARNING, message)])


def _is_gone(source: str) -> bool:
    """Return whether a file is missing; a member of an archive is there as long as the archive is."""
    path = Path(source)
    return path.is_absolute() and not path.exists() and not any(folder.is_file() for folder in path.parents)
