"""Settle repeated keys: of several records with one key, one is taken, or all are refused (MODEL section 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from lod.errors import BadValueError
from lod.mapping.values.dates import read_timestamp
from lod.mapping.values.iris import is_named_by_file
from lod.publish.write import Writer
from lod.record import Record
from lod.report import Finding, Severity
from lod.sources.configured import is_address
from lod.store.catalog.staging import Staged


def settle_repeats(writer: Writer) -> None:
    """Choose between records of one key: the first of equal ones, else the newest; without a date that decides, refuse all."""
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
        message = f"The sources also hold an older version of the record; {chosen.record.place} was taken."
        older = (row for row in dropped if row.content_hash != chosen.content_hash)
        writer.add([Finding("D04", Severity.WARNING, message, row.key, row.record.place) for row in older])


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
