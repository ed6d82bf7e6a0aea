"""One key in two sources of one run: decided by rule, and reported with both places (MODEL section 3.3)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lod.cli import main

FIELDS = {"dc.title": "One title", "dc.identifier.uri": "http://hdl.handle.net/1/1"}


def published(tmp_path, *records, order=("a.csv", "b.jsonl")):
    """Publish each record as a source of its own, the first as CSV and the second as JSON; return counts and findings of D04."""
    table, lines = tmp_path / "a.csv", tmp_path / "b.jsonl"
    table.write_text(
        "\n".join(",".join(f'"{text}"' for text in row) for row in (records[0], records[0].values())) + "\n"
    )
    lines.write_text(json.dumps(records[1]) + "\n")
    site = str(tmp_path / "site")
    if not (tmp_path / "site").exists():
        assert CliRunner().invoke(main, ["init", site, "--base-iri", "https://example.org/"]).exit_code == 0
    result = CliRunner().invoke(
        main, ["publish", *(str(tmp_path / name) for name in order), "--site", site, "--dry-run", "--json"]
    )
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


WORK = {"dc.title": "Tides of the North Sea", "dc.identifier.doi": "10.5555/tides", "dc.contributor.author": "Roe, Ann"}


@pytest.mark.parametrize(
    ("title", "order", "doubt"),
    [
        ("TIDES of the North-Sea.", ("a.csv", "b.jsonl"), ""),
        ("TIDES of the North-Sea.", ("b.jsonl", "a.csv"), ""),
        ("Hedges", ("a.csv", "b.jsonl"), " Their titles differ: if they are two works, correct the identifier of one."),
    ],
    ids=["first named", "the other first named", "other title"],
)
def test_of_one_doi_in_two_files_the_record_of_the_first_is_published_and_the_other_is_named(
    tmp_path, title, order, doubt
):
    code, counts, told = published(tmp_path, WORK, WORK | {"dc.title": title}, order=order)
    assert (code, counts) == (0, [2, 1, 0, 1])
    places = {"a.csv": "a.csv, row 2", "b.jsonl": "b.jsonl, line 1"}
    message = (
        f"{places[order[0]]} has the same identifier, doi/10.5555/tides, and was taken, because its file was read first. If this "
        f"record is the better one, name its file before the other, as SOURCE or as [[source]] of lod.toml.{doubt}"
    )
    assert told == [("warning", places[order[1]], message)]


def test_the_record_that_was_passed_over_is_published_when_the_first_file_has_none(tmp_path):
    site = str(tmp_path / "site")
    other = WORK | {"dc.title": "TIDES of the North-Sea."}
    published(tmp_path, WORK, other)
    arguments = ["publish", str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl"), "--site", site, "--json"]
    for published_before in (0, 1):
        report = json.loads(CliRunner().invoke(main, arguments).stdout)
        assert (report["read"], report["unchanged"], report["repeated"]) == (2, published_before, 1)
        assert [one["place"] for one in report["findings"] if one["rule"] == "D04"] == ["b.jsonl, line 1"]
    explained = ["explain", "doi/10.5555/tides", "--site", site]
    assert "Tides of the North Sea" in CliRunner().invoke(main, explained).stdout
    published(tmp_path, WORK | {"dc.identifier.doi": "10.5555/hedges"}, other)
    assert json.loads(CliRunner().invoke(main, arguments).stdout)["published"] == 2
    assert "TIDES of the North-Sea." in CliRunner().invoke(main, explained).stdout


def test_a_file_with_two_records_of_one_doi_contradicts_itself(tmp_path):
    published(tmp_path, WORK, WORK)
    lines = [WORK, WORK | {"dc.title": "Hedges"}]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, lines)))
    arguments = ["publish", str(tmp_path / "b.jsonl"), "--site", str(tmp_path / "site"), "--json"]
    report = json.loads(CliRunner().invoke(main, arguments).stdout)
    assert (report["read"], report["published"], report["refused"]) == (2, 0, 2)
    assert "(b.jsonl, line 2), and no modification date says which one is newer." in report["by_rule"][0]["message"]
