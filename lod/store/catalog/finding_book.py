"""The findings of a catalog, written: each message once, however many findings have it.

Where a record stands in its source changes with every row before it, so a finding about what is published takes its place
from the record when it is read; one about a run or an attempt has its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from lod.report import Finding
from lod.store.catalog.packing import storable

OF_VERSION, OF_REFUSAL, OF_RUN, OF_STORE = 0, 1, 2, 3
"""How long a finding lasts: with the published version, with the refused one, until the next run, with its cause."""

_WITH_PLACE = frozenset({OF_REFUSAL, OF_RUN})
_REMEMBERED_MESSAGES = 10_000


class FindingBook:
    """Adds and forgets findings. `folded` is the folded name of the record that they are about."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._messages: dict[tuple[str, str, str], int] = {}

    def add(self, findings: Iterable[Finding], folded: str, lasts: int) -> None:
        """Keep findings, each once: one about an unchanged record may come again in every run."""
        query = "SELECT message, detail, place FROM finding WHERE folded = ? AND lasts = ?"
        known = set(self._connection.execute(query, (folded, lasts)).fetchall())
        for finding in findings:
            row = (*self._row(finding), storable(finding.place) if lasts in _WITH_PLACE else "")
            if row not in known:
                known.add(row)
                self._insert(folded, lasts, *row)

    def replace_of_store(self, cause: str, findings: Iterable[tuple[str, Finding]]) -> None:
        """Put findings, each with the folded name of its record, in place of those that the cause had before.

        A cause is a key of the index that the whole-store rules look at (`lod.store.catalog.watches`).
        """
        # The index is partial: without the second condition SQLite would read all findings for each cause.
        self._forget("cause = ? AND cause <> ''", (cause,))
        for folded, finding in findings:
            self._insert(folded, OF_STORE, *self._row(finding), "", cause)

    def forget(self, folded: str, *lasts: int) -> None:
        """Forget the findings of a record, those that last so long or all."""
        marks = ", ".join("?" * len(lasts))
        self._forget(f"folded = ? AND lasts IN ({marks})" if lasts else "folded = ?", (folded, *lasts))

    def forget_run(self) -> None:
        """Forget the findings that were about one run."""
        self._forget("lasts = ?", (OF_RUN,))

    def _row(self, finding: Finding) -> tuple[int, str]:
        detail = finding.to_dict()
        detail.pop("place", "")
        kind = (storable(detail.pop("rule", "")), str(detail.pop("severity")), storable(detail.pop("message", "")))
        # JSON in ASCII: halves of surrogate pairs in damaged values survive.
        return self._message(kind), json.dumps(detail, separators=(",", ":"))

    def _insert(self, folded: str, lasts: int, message: int, detail: str, place: str, cause: str = "") -> None:
        self._connection.execute(
            "INSERT INTO finding (folded, lasts, message, detail, place, cause) VALUES (?, ?, ?, ?, ?, ?)",
            (folded, lasts, message, detail, place, cause),
        )

    def _message(self, kind: tuple[str, str, str]) -> int:
        number = self._messages.get(kind)
        if number is None:
            self._connection.execute("INSERT OR IGNORE INTO message (rule, severity, text) VALUES (?, ?, ?)", kind)
            query = "SELECT id FROM message WHERE rule = ? AND severity = ? AND text = ?"
            number = int(self._connection.execute(query, kind).fetchone()[0])
            if len(self._messages) < _REMEMBERED_MESSAGES:
                self._messages[kind] = number
        return number

    def _forget(self, where: str, parameters: tuple[Any, ...]) -> None:
        gone = self._connection.execute(f"DELETE FROM finding WHERE {where} RETURNING message", parameters).fetchall()
        if not gone:
            return
        # Messages that nobody has any more go too; their numbers may be given anew.
        self._messages.clear()
        self._connection.executemany(
            "DELETE FROM message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.message = message.id)",
            set(gone),
        )
