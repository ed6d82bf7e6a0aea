"""Source files: those that the last run read whole, so that a file that is the same today need not be read again.

A row says what a file was (a digest of its bytes and of all that decides how they are read), what the run made of it, and
what its reader reported. It holds as long as the latest attempts at its records are those that were read from it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from lod.report import Finding, Severity

_TABLES = """
CREATE TABLE IF NOT EXISTS source_file (
    source TEXT PRIMARY KEY, digest TEXT NOT NULL, records INTEGER NOT NULL, contents TEXT NOT NULL, findings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refusal_source ON refusal (source);
"""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as a run has read it.

    Attributes:
        source: its path, as records have it.
        digest: SHA-256 of its bytes and of what decides how they are read.
        records: how many records it had.
        contents: `contents` of them.
        findings: what its reader reported.
    """

    source: str
    digest: str
    records: int
    contents: str
    findings: tuple[Finding, ...] = ()


class SourceFiles:
    """Writes and reads the table of files; the catalog has the table `refusal`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create_tables(self) -> None:
        """Create the table where an earlier version of lod has made the catalog."""
        self._connection.executescript(_TABLES)

    def known(self, source: str) -> KnownFile | None:
        """Return what is known of a file, None where nothing is."""
        query = "SELECT source, digest, records, contents, findings FROM source_file WHERE source = ?"
        row = self._connection.execute(query, (source,)).fetchone()
        if row is None:
            return None
        path, digest, records, contents_, findings = row
        return KnownFile(path, digest, records, contents_, tuple(map(_finding, json.loads(findings))))

    def note(self, file: KnownFile) -> None:
        """Note what a run has read from a file."""
        # JSON in ASCII, so that lone surrogates in damaged values survive.
        findings = json.dumps([[getattr(finding, part.name) for part in _PARTS] for finding in file.findings])
        row = (file.source, file.digest, file.records, file.contents, findings)
        self._connection.execute("INSERT OR REPLACE INTO source_file VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, source: str) -> None:
        """Delete what is known of a file."""
        self._connection.execute("DELETE FROM source_file WHERE source = ?", (source,))

    def forget_unused(self) -> None:
        """Delete what is known of files from which no record comes any more."""
        self._connection.execute(
            "DELETE FROM source_file WHERE source NOT IN (SELECT source FROM record) AND source NOT IN (SELECT source FROM refusal)"
        )


def contents(rows: Iterable[tuple[str, str]]) -> str:
    """Return a SHA-256 over the folded keys of records and their content hashes; the rows are sorted by key."""
    digest = hashlib.sha256()
    for folded, content_hash in rows:
        digest.update(f"{folded} {content_hash}\n".encode())
    return digest.hexdigest()


_PARTS = fields(Finding)


def _finding(parts: list[Any]) -> Finding:
    named = dict(zip((part.name for part in _PARTS), parts, strict=True))
    return Finding(**{**named, "severity": Severity(named["severity"])})
