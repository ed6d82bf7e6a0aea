"""Findings in a catalog: writing and deleting them. Each distinct message is stored once.

The place of a record in its source changes with every row before it. So a finding about a published version takes its place
from the record when it is read; one about a run or a refused attempt has its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from lod.report import Finding
from lod.store.catalog.packing import storable

OF_VERSION, OF_REFUSAL, OF_RUN, OF_STORE = 0, 1, 2, 3
"""Lifetimes of a finding: that of the published version, of the refused one, until the next run, that of its cause."""

_WITH_OWN_PLACE = frozenset({OF_REFUSAL, OF_RUN})
_CACHED_MESSAGES = 10_000


class FindingWriter:
    """Adds and deletes findings. `folded` is the folded name of the record that they are about."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._messages: dict[tuple[str, str, str], int] = {}
        # The findings that the latest record has, so that adding one by one does not read all of them each time.
        self._latest: tuple[str, int] | None = None
        self._known: set[tuple[int, str, str]] = set()

    def add(self, findings: Iterable[Finding], folded: str, lifetime: int) -> None:
        """Add findings, each once: every run may repeat one about an unchanged record."""
        if self._latest != (folded, lifetime):
            query = "SELECT message, detail, place FROM finding WHERE folded = ? AND lasts = ?"
            self._known = set(self._connection.execute(query, (folded, lifetime)).fetchall())
            self._latest = (folded, lifetime)
        for finding in findings:
            row = (*self._row(finding), storable(finding.place) if lifetime in _WITH_OWN_PLACE else "")
            if row not in self._known:
                self._known.add(row)
                self._insert(folded, lifetime, *row)

    def replace_by_cause(self, cause: str, findings: Iterable[tuple[str, Finding]]) -> None:
        """Replace the findings of a cause; each comes with the folded name of its record.

        A cause is a key of the index for rules about the whole store (`lod.store.catalog.whole_store_index`).
        """
        # The index is partial: without the second condition SQLite would read all findings for each cause.
        self._delete("cause = ? AND cause <> ''", (cause,))
        for folded, finding in findings:
            self._insert(folded, OF_STORE, *self._row(finding), "", cause)

    def delete(self, folded: str, *lifetimes: int) -> None:
        """Delete the findings of a record, those with the given lifetimes or all."""
        marks = ", ".join("?" * len(lifetimes))
        self._delete(f"folded = ? AND lasts IN ({marks})" if lifetimes else "folded = ?", (folded, *lifetimes))

    def delete_of_run(self) -> None:
        """Delete the findings about the previous run."""
        self._delete("lasts = ?", (OF_RUN,))

    def _row(self, finding: Finding) -> tuple[int, str]:
        detail = finding.to_dict()
        detail.pop("place", "")
        kind = (storable(detail.pop("rule", "")), str(detail.pop("severity")), storable(detail.pop("message", "")))
        # JSON in ASCII, so that lone surrogates in damaged values survive.
        return self._message(kind), json.dumps(detail, separators=(",", ":"))

    def _insert(self, folded: str, lifetime: int, message: int, detail: str, place: str, cause: str = "") -> None:
        self._connection.execute(
            "INSERT INTO finding (folded, lasts, message, detail, place, cause) VALUES (?, ?, ?, ?, ?, ?)",
            (folded, lifetime, message, detail, place, cause),
        )

    def _message(self, kind: tuple[str, str, str]) -> int:
        number = self._messages.get(kind)
        if number is None:
            self._connection.execute("INSERT OR IGNORE INTO message (rule, severity, text) VALUES (?, ?, ?)", kind)
            query = "SELECT id FROM message WHERE rule = ? AND severity = ? AND text = ?"
            number = int(self._connection.execute(query, kind).fetchone()[0])
            if len(self._messages) < _CACHED_MESSAGES:
                self._messages[kind] = number
        return number

    def _delete(self, where: str, parameters: tuple[Any, ...]) -> None:
        deleted = self._connection.execute(
            f"DELETE FROM finding WHERE {where} RETURNING message", parameters
        ).fetchall()
        if not deleted:
            return
        # Messages without findings go too; their numbers may be used again, so the caches are cleared.
        self._messages.clear()
        self._latest = None
        self._connection.executemany(
            "DELETE FROM message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.message = message.id)",
            set(deleted),
        )
