"""The findings of a site as a table for cataloguers: one row a finding, with a link to the source record."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from lod.rdf.vocabulary import load_vocabulary
from lod.report import Finding
from lod.store.generation.generations import Site
from lod.store.quality.build.facts import source_link

COLUMNS = (
    "rule", "severity", "record", "source_link", "item", "collection", "place", "field", "property", "value", "message",
    "resource",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

FindingRow = dict[str, str]


def finding_rows(folder: Path, rule: str = "") -> Iterator[FindingRow]:
    """Yield the findings of the live generation, in the order of the records; those of one rule if it is named.

    `source_link` is where the record's repository shows it. `property` is a prefixed name, `resource` the IRI that the finding is about.

    Raises:
        StoreError: the site has no readable generation.
    """
    live = Site(folder).live()
    if live is None:
        return
    compact = load_vocabulary().compact
    for item, source, findings in live.catalog.findings_by_record(rule):
        about = {
            "item": item,
            "source_link": source_link(source) if source else "",
            "collection": source.collections[0] if source and source.collections else "",
        }
        for finding in findings:
            yield {**_cells(finding), **about, "property": compact(finding.path)}


def foreign_rows(findings: Iterable[Finding]) -> Iterator[FindingRow]:
    """Yield findings about foreign data as rows; there is no site that would know their records."""
    compact = load_vocabulary().compact
    for finding in findings:
        yield {**_cells(finding), "property": compact(finding.path)}


def _cells(finding: Finding) -> FindingRow:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "record": finding.record,
        "place": finding.place,
        "field": finding.field,
        "value": finding.value,
        "message": finding.message,
        "resource": finding.focus,
    }


def write_csv(rows: Iterable[Mapping[str, str]], file: IO[str], columns: Sequence[str] = COLUMNS) -> int:
    """Write rows as CSV and return how many there were.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front of it (OWASP, "CSV injection").
    """
    writer = csv.writer(file)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_harmless(row.get(name, "")) for name in columns])
        count += 1
    return count


def _harmless(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if text.startswith(_FORMULA) else text
