"""Stage: read every item of the sources to the end, before anything is published, and settle repeated keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from lod.errors import BadValueError
from lod.guard import guarded
from lod.mapping.values.dates import read_timestamp
from lod.mapping.values.iris import LONGEST_KEY, damaged_handle, is_known_worldwide, is_named_by_file, lesser_keys
from lod.mapping.values.text import folded
from lod.publish.keys import key_of, no_key
from lod.publish.known_files import KnownFiles
from lod.publish.plan import Progress
from lod.publish.write import Writer
from lod.record import Record, Tombstone
from lod.report import INCOMPLETE, Finding, Severity
from lod.sources import Item
from lod.sources.configured import is_address
from lod.sources.reading.limits import too_large
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.staging import Staged
from lod.store.source_files import KnownFile


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


def stage(items: Iterable[Item], writer: Writer, progress: Progress, files: KnownFiles | None = None) -> Intake:
    """Stage every item. A source that breaks off raises; nothing has been published of it then.

    `files` takes the items of files that are as the last run read them.
    """
    intake = Intake()
    if files:
        files.begin(writer.catalog, lambda known: _take_known(known, writer, intake))
    for number, item in enumerate(items, start=1):
        if number % 100 == 0:
            progress("read", number, 0)
        if isinstance(item, Finding):
            _take_finding(item, writer, intake)
        elif isinstance(item, Tombstone):
            _take_tombstone(item, writer, intake)
        else:
            is_staged = _take_record(item, writer, intake)
            if files:
                files.count(item.source, is_staged=is_staged)
            continue
        if files:
            files.count_other(item)
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


def _take_known(file: KnownFile, writer: Writer, intake: Intake) -> bool:
    """Take the items of a file that is as the last run read it; return False where it has to be read again."""
    # Of a tombstone and a record of one key the later one wins, and what names a record is not known without reading it.
    if intake.tombstones or not writer.catalog.stage_again(file):
        return False
    writer.report.read += file.records
    for finding in file.findings:
        _take_finding(finding, writer, intake)
    return True


def _take_record(record: Record, writer: Writer, intake: Intake) -> bool:
    """Stage or refuse a record, and return whether it is staged."""
    writer.report.read += 1
    if large := too_large(record, writer.plan.crosswalk.settings):
        _refuse_large(record, large, writer, intake)
        return False
    key = _key_or_finding(record, writer, intake)
    if isinstance(key, Finding):
        writer.refuse(record.place, record, [key])
        return False
    if other := _namesake(key, record, writer):
        writer.refuse(key, record, [other])
        return False
    # Of a tombstone and a record of one key the later one in the source wins.
    for name in (key, *lesser_keys(record)) if intake.tombstones else ():
        intake.tombstones.pop(folded_name(name), None)
    writer.catalog.stage(key, record)
    return True


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


# --- repeated keys: one record of several is taken, or all are refused (MODEL section 3.3)


def settle_repeats(writer: Writer) -> None:
    """Choose between records of one key: the first of equal ones, else the newest, else for some keys that of the first source.

    Where nothing decides, all are refused.
    """
    for rows in writer.catalog.repeats():
        chosen = _chosen(rows)
        dropped = [row for row in rows if row is not chosen]
        writer.catalog.drop_staged([row.id for row in dropped])
        if chosen is None:
            for row in rows:
                finding = Finding("D04", Severity.VIOLATION, _undecided(row, rows), row.key, row.record.place)
                writer.refuse(row.key, row.record, [finding], is_final=True)
            continue
        writer.report.repeated += len(dropped)
        others = (row for row in dropped if row.content_hash != chosen.content_hash)
        writer.add(
            [Finding("D04", Severity.WARNING, _passed_over(row, chosen), row.key, row.record.place) for row in others]
        )


def _passed_over(row: Staged, chosen: Staged) -> str:
    """Return why a record is not published, and another of its key is."""
    if _newest([row, chosen]) is chosen or row.record.source == chosen.record.source:
        return f"The sources also hold an older version of the record; {chosen.record.place} was taken."
    doubt = ""
    one, other = _compared_titles(row.record), _compared_titles(chosen.record)
    if one and other and one.isdisjoint(other):
        doubt = " Their titles differ: if they are two works, correct the identifier of one."
    return (
        f"{chosen.record.place} has the same identifier, {row.key}, and was taken, because its file was read first. If this record is "
        f"the better one, name its file before the other, as SOURCE or as [[source]] of lod.toml.{doubt}"
    )


def _compared_titles(record: Record) -> set[str]:
    return {"".join(filter(str.isalnum, folded(value.text))) for value in record.values if value.field == "dc.title"}


def _undecided(row: Staged, rows: Sequence[Staged]) -> str:
    if row.record.about:
        files = ", ".join(dict.fromkeys(other.record.source for other in rows))
        return (
            f"Files of one name say different things of <{row.record.about}>: {files}. What a file says is "
            "known by its name; give the files different names, or put what they say into one."
        )
    if is_named_by_file(row.key, row.record) and len({other.record.source for other in rows}) > 1:
        files = ", ".join(dict.fromkeys(other.record.source for other in rows))
        return (
            f"Files of one name have different records under the key {row.key}: {files}. The key holds for one file; give the "
            "files different names, or name each as a [[source]] of lod.toml."
        )
    others = ", ".join(other.record.place for other in rows if other is not row)
    return (
        f"Two records with different fields have the key {row.key} ({others}), and no modification date "
        "says which one is newer. Delete one, or give both a date (dcterms.modified)."
    )


def _chosen(rows: Sequence[Staged]) -> Staged | None:
    """Return the record of one key that is taken, None where nothing decides."""
    if len({row.record.values for row in rows}) == 1:
        return rows[0]
    if is_named_by_file(rows[0].key, rows[0].record) and len({row.record.source for row in rows}) > 1:
        return None
    names = {(row.record.source, row.record.oai_identifier or row.record.uuid) for row in rows}
    if len(names) == 1 and is_address(rows[0].record.source):
        # One record of one provider, given again: it has changed while the list was read, or since the last harvest.
        return rows[-1]
    return _newest(rows) or _of_first_source(rows)


def _newest(rows: Sequence[Staged]) -> Staged | None:
    dated = sorted(((_modified(row.record), row) for row in rows), key=lambda pair: pair[0])
    if dated[-1][0] and dated[-1][0] != dated[-2][0]:
        return dated[-1][1]
    return None


def _of_first_source(rows: Sequence[Staged]) -> Staged | None:
    """Return the record of the file that was read first, where no file has two, and others than their sources gave the identifier.

    Databases that know a work by its DOI describe one work, and none is wrong because another says it in other words. The
    repository that gives a handle contradicts itself.
    """
    one_a_file = {row.record.source: row for row in reversed(rows)}
    contradicts = any(one_a_file[row.record.source].record.values != row.record.values for row in rows)
    return rows[0] if is_known_worldwide(rows[0].key) and not contradicts else None


def _modified(record: Record) -> str:
    dates = [value.text for value in record.values if value.field in {"dcterms.modified", "dc.date.updated"}]
    moments = [""]
    for text in filter(None, [record.modified, *dates]):
        with suppress(BadValueError):
            moments.append(read_timestamp(text)[0])
    return max(moments)
