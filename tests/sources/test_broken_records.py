"""For every format: a broken record in the middle costs itself only, is counted and named, and the run exits 1."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.record import Record
from lod.report import Finding, Severity
from lod.sources import SOURCES, find_files
from tests.helpers.broken_files import BROKEN
from tests.helpers.read_sources import items_of

NAMES = [source_format.name for source_format in SOURCES]


def test_every_format_has_its_broken_record():
    assert len(NAMES) >= 18
    assert sorted(BROKEN) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_records_around_a_broken_one_are_read_and_it_is_named(tmp_path, name):
    path = BROKEN[name](tmp_path)
    found, left_out = find_files(path)
    assert left_out == []
    assert {source_format.name for _, source_format in found} == {name}
    items = items_of(path)
    assert sum(isinstance(item, Record) for item in items) == 2
    (violation,) = [item for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION]
    file = next(path for path in (path, *sorted(path.rglob("*"))) if path.is_file())
    assert file.suffix in violation.place
    # The message says where, what, and after a semicolon or a full stop what to do.
    assert violation.message.startswith(f"{violation.place}: ")
    assert any(mark in violation.message for mark in ("; ", ". "))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_run_publishes_the_others_counts_the_broken_one_and_exits_with_1(tmp_path, name):
    site = tmp_path / "site"
    run = CliRunner().invoke
    assert run(main, ["init", str(site), "--base-iri", "https://example.org/"]).exit_code == 0
    with (site / "lod.toml").open("a") as file:
        file.write('\nkey_from = ["doi", "pmid"]\n')
    path = BROKEN[name](tmp_path)
    result = run(main, ["publish", str(path), "--site", str(site), "--dry-run", "--json"])
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {count: report[count] for count in ("read", "published", "refused")} == {
        "read": 3,
        "published": 2,
        "refused": 1,
    }
    assert [finding["place"] for finding in report["findings"] if finding["severity"] == "violation"] != []
