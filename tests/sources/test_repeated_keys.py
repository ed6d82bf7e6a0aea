"""One key in two sources of one run: decided by rule, and reported with both places (MODEL section 3.3)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lod.cli import main

FIELDS = {"dc.title": "One title", "dc.identifier.uri": "http://hdl.handle.net/1/1"}


def published(tmp_path, *records):
    """Publish each record as a source of its own, the first as CSV and the second as JSON."""
    table, lines = tmp_path / "a.csv", tmp_path / "b.jsonl"
    table.write_text(
        "\n".join(",".join(f'"{text}"' for text in row) for row in (records[0], records[0].values())) + "\n"
    )
    lines.write_text(json.dumps(records[1]) + "\n")
    site = str(tmp_path / "site")
    assert CliRunner().invoke(main, ["init", site, "--base-iri", "https://example.org/"]).exit_code == 0
    result = CliRunner().invoke(main, ["publish", str(table), str(lines), "--site", site, "--dry-run", "--json"])
    report = json.loads(result.stdout)
    told = [(one["severity"], one["place"], one["message"]) for one in report["findings"] if one["rule"] == "D04"]
    return result.exit_code, [report[name] for name in ("read", "published", "refused", "repeated")], told


def test_records_that_are_alike_count_once(tmp_path):
    assert published(tmp_path, FIELDS, FIELDS) == (0, [2, 1, 0, 1], [])


@pytest.mark.parametrize(
    ("first", "second", "older"), [("2020", "2021", "a.csv, row 2"), ("2021", "2020", "b.jsonl, line 1")]
)
def test_of_two_that_differ_the_later_one_stands(tmp_path, first, second, older):
    newer = "b.jsonl, line 1" if older == "a.csv, row 2" else "a.csv, row 2"
    records = [FIELDS | {"dcterms.modified": f"{year}-01-01"} for year in (first, second)]
    message = f"The sources also hold an older version of the record; {newer} was taken."
    assert published(tmp_path, *records) == (0, [2, 1, 0, 1], [("warning", older, message)])


def test_where_nothing_decides_both_are_refused_and_each_names_the_other(tmp_path):
    code, counts, told = published(tmp_path, FIELDS, FIELDS | {"dc.title": "Another title"})
    assert (code, counts) == (1, [2, 0, 2, 0])
    assert [(severity, place) for severity, place, _ in told] == [
        ("violation", "a.csv, row 2"),
        ("violation", "b.jsonl, line 1"),
    ]
    assert told[0][2] == (
        "Two records with different fields have the key 1/1 (b.jsonl, line 1), and no modification date says which one is "
        "newer. Delete one, or give both a date (dcterms.modified)."
    )
