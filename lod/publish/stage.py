"""Stage: read every item of the sources to the end, before anything is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from lod.errors import BadValueError
from lod.guard import guarded
from lod.mapping.values.iris import LONGEST_KEY, damaged_handle, is_named_by_file, lesser_keys
from lod.publish.keys import key_of, no_key
from lod.publish.plan import Progress
from lod.publish.write import Writer
from lod.record import Record, Tombstone
from lod.report import INCOMPLETE, Finding, Severity
from lod.sources import Item
from lod.sources.reading.limits import too_large
from lod.store.catalog.ownership import folded_name


@dataclass
class Intake:
    """What staging found beside the records that it staged.

    Attributes:
        tombstones: dates of removal, by folded key.
        nameless_titles: titles of records that were refused because they have no key.
        unidentified: how many records could not be read or named: each may be any record.
    """

    tombstones: dict[str, str] = field(default_factory=dict)
    nameless_titles: set[str] = field(default_factory=set)
    unidentified: int = 0


def stage(items: Iterable[Item], writer: Writer, progress: Progress) -> Intake:
    """Stage every item. A source that breaks off raises; nothing has been published of it then."""
    intake = Intake()
    for number, item in enumerate(items, start=1):
        if number % 100 == 0:
            progress("read", number, 0)
        if isinstance(item, Finding):
            _take_finding(item, writer, intake)
        elif isinstance(item, Tombstone):
            _take_tombstone(item, writer, intake)
        else:
            _take_record(item, writer, intake)
    return intake


def titles(record: Record) -> set[str]:
    """Return the titles of a record."""
    return {value.text for value in record.values if "title" in value.field.split(".")}


def _take_finding(finding: Finding, writer: Writer, intake: Intake) -> None:
    """Note what a source reports: a violation is about one record that could not be read, or about a list that is not whole."""
    if finding.rule == INCOMPLETE:
        intake.unidentified += 1
        writer.add([finding])
    elif finding.severity is Severity.VIOLATION:
        writer.report.read += 1
        intake.unidentified += 1
        writer.refuse_unread(finding.place or finding.record, finding)
    else:
        writer.add([finding])


def _take_tombstone(item: Tombstone, writer: Writer, intake: Intake) -> None:
    key = _key_or_finding(item, writer, intake)
    if isinstance(key, Finding):
        writer.note([key])
    else:
        intake.tombstones[folded_name(key)] = item.removed or writer.plan.moment[:10]


def _take_record(record: Record, writer: Writer, intake: Intake) -> None:
    writer.report.read += 1
    if large := too_large(record, writer.plan.crosswalk.settings):
        _refuse_large(record, large, writer, intake)
        return
    key = _key_or_finding(record, writer, intake)
    if isinstance(key, Finding):
        writer.refuse(record.place, record, [key])
        return
    if other := _namesake(key, record, writer):
        writer.refuse(key, record, [other])
        return
    # Of a tombstone and a record of one key the later one in the source wins.
    for name in (key, *lesser_keys(record)) if intake.tombstones else ():
        intake.tombstones.pop(folded_name(name), None)
    writer.catalog.stage(key, record, record.content_hash())


def _namesake(key: str, record: Record, writer: Writer) -> Finding | None:
    """Return the violation where another file of the same name has a record under a key that holds for one file only."""
    if not is_named_by_file(key, record) or not writer.catalog.is_published(key):
        return None
    source = writer.catalog.published_source(key)
    if source in {"", record.source} or not Path(source).exists():
        return None
    message = (
        f"The key {key} holds for one file, and {source}, which has the same name, has a record under it. Give the files "
        "different names, or name each as a [[source]] of lod.toml."
    )
    return Finding("D04", Severity.VIOLATION, message, key, record.place)


def _key_or_finding(item: Record | Tombstone, writer: Writer, intake: Intake) -> str | Finding:
    """Return the key of an item, or the violation that refuses it."""
    settings = writer.plan.crosswalk.settings
    try:
        key = guarded(lambda item: key_of(item, settings), item, "named", place=item.place)
    except BadValueError as fault:
        return _keyless(item, str(fault), intake)
    intake.unidentified += isinstance(key, Finding)
    return key


def _keyless(item: Record | Tombstone, reason: str, intake: Intake) -> Finding:
    if isinstance(item, Record):
        intake.nameless_titles.update(titles(item))
    finding = no_key(item, reason)
    damaged = damaged_handle(item)
    if not damaged:
        return finding
    intake.unidentified += 1
    message = (
        f"'{damaged}' is no handle, so the record cannot be given a lasting IRI; a handle is prefix/suffix without "
        "blanks, '?' and '#', such as http://hdl.handle.net/10722/129504."
    )
    return replace(finding, message=message, field="dc.identifier.uri", value=damaged)


def _refuse_large(record: Record, finding: Finding, writer: Writer, intake: Intake) -> None:
    """Refuse a record for its size; only values short enough to be its name are looked at, and none is stored."""
    short = tuple(value for value in record.values if len(value.text) <= LONGEST_KEY)
    try:
        key = key_of(replace(record, values=short), writer.plan.crosswalk.settings)
    except BadValueError:
        key = record.place
        intake.unidentified += 1
    writer.note_refused(key)
    writer.refuse_unread(key, replace(finding, record=key))
    writer.count_refused_values(record)
