"""Difference between two catalogs in what named graphs are made from: findings and removed items.

SQLite compares the whole tables: 0.4 CPU seconds for 100,000 findings. That is cheaper than to note each change when it
is made, and exact whatever made it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lod.report import Finding
from lod.store.catalog.reader import finding_of
from lod.store.sqlite_files import address_of_finished

_FINDINGS = """
SELECT rule, severity, text, detail, '' FROM {0}.finding JOIN {0}.message ON message.id = finding.message
WHERE severity <> 'info'
"""
_REMOVALS = "SELECT item, removed FROM {0}.tombstone"


@dataclass(frozen=True, slots=True)
class CatalogDifference:
    """The difference between two catalogs on the disk, `now` and `before`; neither may be written meanwhile."""

    now: Path
    before: Path

    def findings(self) -> Iterator[tuple[Finding, bool]]:
        """Yield the findings that are in only one of them, and whether it is `now`; infos are left out.

        They have no place, so that a finding whose record has only moved in its source is the same.
        """
        for row, is_new in self._differing(_FINDINGS):
            yield finding_of(row), is_new

    def removals(self) -> Iterator[tuple[str, str, bool]]:
        """Yield IRI and date of the removed items that are in only one of them, and whether it is `now`."""
        for (item, removed), is_new in self._differing(_REMOVALS):
            yield item, removed, is_new

    def have_findings(self) -> tuple[bool, bool]:
        """Return whether `before` and `now` have any findings but infos."""
        with self._connected() as connection:
            before, now = (
                connection.execute(f"SELECT EXISTS ({_FINDINGS.format(name)})").fetchone()[0]
                for name in ("before", "main")
            )
        return bool(before), bool(now)

    def _differing(self, query: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        old, new = query.format("before"), query.format("main")
        with self._connected() as connection:
            for statement, is_new in ((f"{old} EXCEPT {new}", False), (f"{new} EXCEPT {old}", True)):
                for row in connection.execute(statement):
                    yield row, is_new

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(address_of_finished(self.now), uri=True)) as connection:
            connection.execute("ATTACH ? AS before", (address_of_finished(self.before),))
            yield connection
