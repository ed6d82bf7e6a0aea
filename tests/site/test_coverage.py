"""The work list before publishing: which rule takes which field, and what no rule or table knows."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.mapping.record.apply import map_record
from lod.publish.plan import Plan
from lod.record import Record, Tombstone, Value
from lod.report import Finding, Severity
from lod.site import coverage as coverage_module
from lod.site.coverage import MOST_VALUES, OTHERS, columns, coverage_of
from lod.sources import find_files, open_source
from lod.validation.rules.expiry import EXPIRING
from tests.helpers.loaded import bundled_shapes

HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/1/2")


def record_of(*values, place="s.csv, row 2"):
    return Record("s", place, values)


SHAPES = bundled_shapes()


def plan_of(crosswalk, **settings):
    return Plan(crosswalk, SHAPES, **settings)


def found(crosswalk, *records):
    return coverage_of(records, plan_of(crosswalk))


def rows_of(rows):
    return {(row.name, row.rule): row for row in rows}


def samples_of(row):
    return [(sample.text, sample.times, sample.place) for sample in row.samples(3)]


def test_each_field_has_a_row_for_each_rule_that_took_it(crosswalk):
    title, address, note = (
        Value("dc.title", "A"),
        Value("dc.identifier.uri", "https://x.org/a"),
        Value("local.note", "n"),
    )
    coverage = found(crosswalk, record_of(title, HANDLE, note), record_of(title, HANDLE, address, address))
    rows = {row.name: (row.kind, dict(row.fates)) for row in coverage.field_rows()}
    assert rows == {
        "dc.identifier.uri": ("uri", {"mapped": 4}),
        "dc.title": ("title", {"mapped": 2}),
        "local.note": ("", {"kept": 1}),
    }
    assert coverage.totals() == {"read": 7, "mapped": 6, "kept": 1, "withheld": 0, "refused": 0}


def test_the_work_list_names_the_most_frequent_values_first_with_their_place(crosswalk):
    texts = ["Zine", "Zine", "Scroll", "Scroll", "Scroll", "Ostrakon", "Bark"]
    records = [record_of(HANDLE, Value("dc.type", text), place=f"row {n}") for n, text in enumerate(texts)]
    row = rows_of(found(crosswalk, *records).work_rows())["dc.type", "I07"]
    assert (row.times, row.severity) == (7, "warning")
    assert samples_of(row) == [("Scroll", 3, "row 2"), ("Zine", 2, "row 0"), ("Ostrakon", 1, "row 5")]
    assert "maps/types.csv" in row.message


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (Value("dc.date.issued", "sometime"), "I18"),
        (Value("dc.language.iso", "Klingonese"), "I23"),
        (Value("dc.identifier.issn", "1234-5678"), "D12"),
        (Value("dc.type", "Zine"), "I07"),
        (Value("local.note", "anything"), "no-rule"),
        (Value("dc.title", "A title", "not a tag"), "I24"),
    ],
)
def test_what_cannot_be_read_is_work(value, rule, crosswalk):
    row = rows_of(found(crosswalk, record_of(HANDLE, value)).work_rows())[value.field, rule]
    assert samples_of(row) == [(value.text, 1, "s.csv, row 2")]


def test_fields_without_a_rule_come_first_and_by_count(crosswalk):
    values = [Value("b.x", "1"), Value("a.y", "1"), Value("a.y", "2"), Value("dc.date.issued", "soon")]
    rows = found(crosswalk, record_of(HANDLE, *values)).work_rows()
    assert [(row.rule, row.name) for row in rows if row.name] == [
        ("no-rule", "a.y"),
        ("no-rule", "b.x"),
        ("I18", "dc.date.issued"),
    ]


def test_a_record_without_a_key_is_refused_and_its_fields_are_shown_all_the_same(crosswalk):
    coverage = found(crosswalk, record_of(Value("dc.title", "A"), Value("dc.type", "Zine")))
    assert coverage.totals() == {"read": 2, "mapped": 0, "kept": 0, "withheld": 0, "refused": 2}
    work = rows_of(coverage.work_rows())
    assert "no handle, no UUID" in work["", "no-key"].message
    assert samples_of(work["", "no-key"]) == [("s.csv, row 2", 1, "s.csv, row 2")]
    assert ("dc.type", "I07") in work


def test_e_mail_addresses_are_masked_and_what_is_withheld_is_not_shown(crosswalk):
    values = [
        Value("local.note", "ask qzx7@example.org"),
        Value("local.long", f"{'x' * 110} qzx7@example.org"),
        Value("dc.description.provenance", "Submitted by qzx7"),
        Value("dc.description.abstract", "Write to qzx7@example.org about it, whenever you like to do so."),
        Value("dc.contributor.author", "qzx7@example.org"),
        Value("dc.identifier.email", "Lu:qzx7@example.org"),
    ]
    for record in (record_of(HANDLE, *values), record_of(*values)):
        text = json.dumps(found(crosswalk, record).to_dict(10))
        assert "qzx7" not in text
        assert "[e-mail address withheld]" in text


def test_tombstones_and_what_could_not_be_read_are_counted(crosswalk):
    broken = Finding("xml", Severity.VIOLATION, "s.xml, record 3: no XML", place="s.xml, record 3")
    remark = Finding("csv-separator", Severity.INFO, "s.csv: '; ' separates values here", place="s.csv")
    coverage = found(crosswalk, Tombstone("s", "p", handle="1/2"), broken, remark)
    assert (coverage.records, coverage.tombstones, coverage.unreadable) == (0, 1, 1)
    assert {row.rule for row in coverage.work_rows()} == {"xml", "csv-separator"}


@pytest.mark.slow
def test_memory_does_not_grow_with_the_records(crosswalk, monkeypatch):
    monkeypatch.setattr(coverage_module, "MOST_ROWS", 20)
    yielded = 0

    def endless():
        nonlocal yielded
        for number in range(10**9):
            yielded = number + 1
            yield record_of(
                HANDLE, Value(f"local.f{number % 40}", "x" * 10_000), Value("local.same", f"value {number}")
            )

    coverage = coverage_of(islice(endless(), MOST_VALUES + 500), plan_of(crosswalk))
    assert yielded == MOST_VALUES + 500
    assert coverage.totals()["read"] == 3 * yielded
    for rows in (coverage.fields, coverage.work):
        assert len(rows) <= 20 + 2
        assert any(name == OTHERS for name, _ in rows)
    (row,) = (row for row in coverage.field_rows() if row.name == "local.same")
    assert (row.times, len(row.samples(10**6))) == (yielded, MOST_VALUES)
    assert all(len(sample.text) <= 120 for row in coverage.field_rows() for sample in row.samples(10**6))


@pytest.mark.slow
def test_every_value_of_real_records_is_counted_once(crosswalk, shared):
    files, _ = find_files(shared / "data" / "dspace-csv")
    assert files
    values = []

    def told():
        for path, _ in files:
            for item in open_source(path, crosswalk.settings):
                values.extend(getattr(item, "values", ()))
                yield item

    totals = coverage_of(told(), plan_of(crosswalk)).totals()
    assert totals["read"] == len(values) == sum(totals[fate] for fate in ("mapped", "kept", "withheld", "refused"))


# ---------------------------------------------------------------- the command

CSV = (
    "id,dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],local.note\n"
    ',"A study, of lupus","Hua, B||Lu, L",http://hdl.handle.net/1/1,Article,=kept\n'
    ',Another,"Wang, H",http://hdl.handle.net/1/2,Zine,\n'
)
RULE = """[[rule]]
field = "local.note"
kind = "text"
property = "dcterms:description"
example = { in = "n", out = 'dcterms:description "n"' }
"""


@pytest.fixture
def lod(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def run(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    run.site = tmp_path / "site"
    run.csv = tmp_path / "a.csv"
    run.csv.write_text(CSV, encoding="utf-8")
    assert run("init", run.site).exit_code == 0
    (run.site / "crosswalk").mkdir()
    (run.site / "crosswalk" / "own.toml").write_text(RULE, encoding="utf-8")
    return run


def fields_of(result):
    assert result.exit_code == 0, result.output
    return {row["field"]: row["rule"] for row in json.loads(result.stdout)["fields"]}


def test_without_a_site_the_bundled_crosswalk_is_asked(lod):
    assert fields_of(lod("coverage", lod.csv, "--json"))["local.note"] == ""


def test_the_crosswalk_of_the_site_is_asked(lod, monkeypatch):
    assert fields_of(lod("coverage", lod.csv, "--json", "--site", lod.site))["local.note"] == "own.toml, rule 1"
    monkeypatch.chdir(lod.site)
    assert fields_of(lod("coverage", lod.csv, "--json"))["local.note"] == "own.toml, rule 1"


def test_nothing_is_published(lod):
    before = sorted(lod.site.rglob("*"))
    assert lod("coverage", lod.csv, "--site", lod.site).exit_code == 0
    assert sorted(lod.site.rglob("*")) == before


def test_the_balance_is_that_of_publishing(lod):
    covered = json.loads(lod("coverage", lod.csv, "--json", "--site", lod.site).stdout)["values"]
    published = json.loads(lod("publish", lod.csv, "--json", "--site", lod.site).stdout)["balance"]
    assert covered == {name: published[name] for name in covered}


def test_the_screen_shows_fields_with_their_rules_and_the_work_list(lod):
    output = lod("coverage", lod.csv).stdout
    assert "dc.contributor.author         3 = 3 mapped dspace.toml, rule" in output
    assert "local.note                    1 = 1 kept no rule" in output
    assert "Without a rule\nlocal.note 1\n    1 × =kept (a.csv, row 2)" in output
    assert "I07 dc.type 1: The document type is not in the table of types" in output
    assert "    1 × Zine (a.csv, row 3)" in output
    assert "Records: 2 read; 0 removed.\nValues: 10 read = 9 mapped + 1 kept verbatim + 0 withheld" in output
    assert "Zine" not in lod("coverage", lod.csv, "--samples", "0").stdout


def test_a_table_for_spreadsheets_has_three_columns_for_each_sample(lod, tmp_path):
    rows = list(csv.DictReader(io.StringIO(lod("coverage", lod.csv, "--csv", "-").stdout)))
    assert tuple(rows[0]) == columns(3)
    (type_,) = (row for row in rows if (row["part"], row["rule"]) == ("work", "I07"))
    assert (type_["field"], type_["times"], type_["value_1"], type_["times_1"], type_["value_2"]) == (
        "dc.type",
        "1",
        "Zine",
        "1",
        "",
    )
    (note,) = (row for row in rows if (row["part"], row["field"]) == ("work", "local.note"))
    assert note["value_1"] == "'=kept"
    assert (
        lod("coverage", lod.csv, "--csv", tmp_path / "out.csv").output == f"Wrote 11 rows to {tmp_path / 'out.csv'}.\n"
    )
    assert lod("coverage", lod.csv, "--csv", tmp_path / "none" / "out.csv").exit_code == 2


def test_the_sources_that_a_site_names_are_read_without_asking_anybody(lod):
    with (lod.site / "lod.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[source]]\nname = "export"\npath = "{lod.csv}"\n')
    for arguments in ((), ("export",)):
        assert fields_of(lod("coverage", *arguments, "--json", "--site", lod.site))["local.note"] == "own.toml, rule 1"
    result = lod("coverage", "https://repository.example.org/oai", "--site", lod.site)
    assert result.exit_code == 3
    assert "--cached" in result.output or "no answers" in result.output or "harvest" in result.output


def test_files_that_nothing_recognises_are_named(lod, tmp_path):
    (tmp_path / "in").mkdir()
    lod.csv.rename(tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "notes.xyz").write_text("nothing\n")
    assert "Not read: " in lod("coverage", tmp_path / "in").stdout
    (skipped,) = json.loads(lod("coverage", tmp_path / "in", "--json").stdout)["skipped"]
    assert skipped["file"].endswith("notes.xyz")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param((), 2, "name at least one SOURCE", id="no source"),
        pytest.param(("nowhere.csv",), 3, "nowhere.csv: no such file or folder", id="no such file"),
        pytest.param(("a.csv", "--format", "nonsense"), 2, "unknown format 'nonsense'", id="no such format"),
        pytest.param(("a.csv", "--site", "nowhere"), 2, "make a site with 'lod init nowhere'", id="no such site"),
    ],
)
def test_a_fault_names_its_way_out(arguments, code, message, lod):
    result = lod("coverage", *arguments)
    assert result.exit_code == code
    assert message in result.output


def test_rdf_that_was_made_elsewhere_needs_no_rule(crosswalk, tmp_path):
    (tmp_path / "a.ttl").write_text(
        '<https://example.org/x> <http://purl.org/dc/terms/title> "A" .\n', encoding="utf-8"
    )
    coverage = coverage_of(open_source(tmp_path / "a.ttl", crosswalk.settings), plan_of(crosswalk))
    assert coverage.totals() == {"read": 1, "mapped": 1, "kept": 0, "withheld": 0, "refused": 0}
    assert coverage.work_rows() == []


def test_the_field_that_a_site_makes_keys_of_needs_no_rule(crosswalk):
    keyed = replace(crosswalk, settings=replace(crosswalk.settings, key_from=("bibtex.key",)))
    record = record_of(Value("bibtex.key", "adams2001"), Value("dc.title", "A title"), Value("dc.type", "Article"))
    coverage = coverage_of([record], plan_of(keyed))
    assert [row.name for row in coverage.work_rows() if row.rule == "no-rule"] == []
    assert coverage.totals()["mapped"] == 3
    mapped = map_record(record_of(Value("bibtex.key", "adams2001")), keyed, "2026-11-23T00:00:00Z")
    assert mapped.fates[0].why == "the site makes the key of the record of it (key_from)"


def test_dates_are_judged_as_of_the_moment_of_the_run(crosswalk):
    record = record_of(
        HANDLE, Value("dc.title", "A"), Value("dc.type", "Article"), Value("dc.date.available", "2020-01-01T00:00:00Z")
    )

    def rules(moment):
        coverage = coverage_of([record], plan_of(crosswalk, now=datetime.fromisoformat(moment)))
        return {row.rule for row in coverage.work_rows()}

    later = rules("2026-11-23T00:00:00+00:00")
    assert rules("1970-01-01T00:00:00+00:00") - later
    assert later.isdisjoint(EXPIRING)


def test_a_record_that_a_shape_refuses_is_refused_here_too(lod):
    lod.csv.write_text("dc.identifier.uri,dc.type\nhttp://hdl.handle.net/1/3,Article\n", encoding="utf-8")
    covered = json.loads(lod("coverage", lod.csv, "--json", "--site", lod.site).stdout)
    published = json.loads(lod("publish", lod.csv, "--json", "--dry-run", "--site", lod.site).stdout)
    assert covered["values"]["refused"] == published["balance"]["refused"] == 2
    # R08 is about the dataset, not about a record.
    of_records = {row["rule"] for row in published["by_rule"]} - {"R08"}
    assert {row["rule"] for row in covered["work"]} == of_records


def test_what_a_reader_leaves_out_is_work_with_the_number_of_records(crosswalk, lod, tmp_path):
    work = {"DOI": "10.5555/a", "title": ["A"], "type": "journal-article", "reference-count": 1, "score": 2}
    path = tmp_path / "works.jsonl"
    path.write_text(
        "\n".join(json.dumps({**work, "DOI": f"10.5555/{number}"}) for number in range(3)), encoding="utf-8"
    )
    coverage = coverage_of(open_source(path, crosswalk.settings), plan_of(crosswalk))
    row = rows_of(coverage.work_rows())["reference-count", "left-out"]
    assert (row.times, row.message, row.samples(3)) == (3, "reference-count was left out: a count without a date", [])
    report = json.loads(lod("publish", path, "--json", "--dry-run", "--site", lod.site).stdout)
    assert {"message": "reference-count was left out: a count without a date", "records": 3} in report["left_out"]
    shown = lod("publish", path, "--dry-run", "--site", lod.site).stdout
    assert "reference-count was left out: a count without a date (3 records)" in shown
