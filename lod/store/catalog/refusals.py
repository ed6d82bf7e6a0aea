"""Refused records: the latest attempt at each, until it succeeds or its source no longer holds it (table `refusal`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from lod.mapping.mapped import ValueFate
from lod.mapping.values.iris import lesser_keys
from lod.record import Record
from lod.report import Finding
from lod.store.catalog.findings import OF_REFUSAL, FindingWriter
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.packing import first_collection, pack_fates, pack_record, storable
from lod.store.catalog.staging import covers


class RefusalWriter:
    """Adds and deletes refusals during a run; the scratch database is attached as `run`."""

    def __init__(self, connection: sqlite3.Connection, findings: FindingWriter) -> None:
        self._connection = connection
        self._findings = findings

    def add(
        self,
        name: str,
        record: Record | None,
        fates: Sequence[ValueFate],
        findings: Iterable[Finding],
        basis: str | None,
    ) -> None:
        """Add a refusal: see `CatalogWriter.refuse`."""
        folded = folded_name(storable(name))
        if self._connection.execute("INSERT OR IGNORE INTO run.refused VALUES (?)", (folded,)).rowcount > 0:
            self.delete(folded)
        source, place = (record.source, record.place) if record else ("", name)
        payload, content_hash = (pack_record(record), record.content_hash()) if record else (None, None)
        row = (folded, storable(name), storable(source), storable(place), payload, pack_fates(fates, {}))
        rest = (first_collection(record) if record else "", content_hash, basis)
        self._connection.execute("INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, *rest))
        if record:
            if record.place != name:
                self.delete(storable(record.place))
            self.delete_of_lesser_keys(folded, storable(record.source), map(folded_name, lesser_keys(record)))
        self._findings.add(findings, folded, OF_REFUSAL)

    def delete(self, *names: str) -> None:
        """Delete refusals, by folded key or place."""
        for name in names:
            if self._connection.execute("DELETE FROM refusal WHERE folded = ?", (name,)).rowcount:
                self._findings.delete(name, OF_REFUSAL)

    def delete_of_lesser_keys(self, folded: str, source: str, others: Iterable[str]) -> None:
        """Delete refusals under other folded keys of a record.

        Only within one source, and only those under keys that this run has neither staged nor refused.
        """
        query = (
            "SELECT 1 FROM refusal WHERE folded = ? AND source = ? AND folded NOT IN (SELECT folded FROM run.staged) "
            "AND folded NOT IN (SELECT folded FROM run.refused)"
        )
        for old in others:
            if old != folded and self._connection.execute(query, (old, source)).fetchone():
                self.delete(old)

    def delete_outdated(self, whole: Sequence[str], in_part: Sequence[str]) -> None:
        """Delete the refusals of sources read whole in this run, unless refused again; `in_part` are sources read in part.

        Refusals of unreadable records are also deleted when their source is read in part: their only name is a place in a
        response, and each response is another place.
        """
        read = (*whole, *in_part)
        again = "SELECT folded FROM run.refused"
        query = f"SELECT folded, source, payload IS NULL FROM refusal WHERE folded NOT IN ({again})"
        for folded, sources, is_unreadable in self._connection.execute(query).fetchall():
            # An unreadable record has no source of its own: it is noted with all that were read in its run.
            scopes = read if is_unreadable else whole
            if all(any(covers(scope, source) for scope in scopes) for source in sources.split("\n")):
                self.delete(folded)
        update = f"UPDATE refusal SET source = ? WHERE source = '' AND folded IN ({again})"
        self._connection.execute(update, ("\n".join(read),))
