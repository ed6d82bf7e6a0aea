"""What a [[source]] says of its records: defaults, fallbacks, separator, encoding, language; and what a run tells of refused ones."""

import json

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.sources.configured import make_named_sources
from tests.helpers.paths import ROOT

TABLE = """dc.identifier.uri,dc.title,dc.type,dc.date.issued,dc.date.online,dc.subject
hdl:1/1,Über Äpfel,Book,2001,1999-05,Apfel; Birne
hdl:1/2,Über Birnen,,,2003-02,Birne
"""
ITEM = "<https://example.org/id/item/1/"
PUBLISHER = "An Example Press"


@pytest.fixture
def lod(tmp_path):
    """Run a command on a site with the source `theses`, a table; `lod.source` writes its keys into lod.toml."""

    def run(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    run.site = tmp_path / "site"
    run.file = tmp_path / "theses.csv"
    run.file.write_text(TABLE, encoding="utf-8")
    assert run("init", run.site, "--base-iri", "https://example.org/").exit_code == 0
    toml = (run.site / "lod.toml").read_text(encoding="utf-8")

    def source(*lines):
        rows = "\n".join(("[[source]]", 'name = "theses"', f'path = "{run.file}"', *lines))
        (run.site / "lod.toml").write_text(f"{toml}\n{rows}\n", encoding="utf-8")

    run.source = source
    return run


def publish(lod):
    result = lod("publish", "--site", lod.site, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def explained(lod, key):
    return json.loads(lod("explain", key, "--site", lod.site, "--json").stdout)


def rows(lod, key, field):
    return [row for row in explained(lod, key) if row["field"] == field]


def claims(lod, key):
    return "\n".join(claim for row in explained(lod, key) for claim in row["claims"])


def test_a_default_is_stated_of_the_records_that_say_nothing_and_is_no_value_of_them(lod):
    lod.source(f'defaults = {{ "dc.type" = "Article", "dc.publisher" = "{PUBLISHER}" }}')
    publish(lod)
    assert [row["value"] for row in rows(lod, "1/1", "dc.type")] == ["Book"]
    (type_,) = rows(lod, "1/2", "dc.type")
    assert (type_["value"], type_["fate"], type_["why"]) == ("Article", "mapped", "default of the source")
    assert not [claim for claim in type_["claims"] if "/field/" in claim or "dc.type" in claim]
    assert any(PUBLISHER in claim for claim in rows(lod, "1/1", "dc.publisher")[0]["claims"])
    assert "default of the source" in lod("explain", "1/2", "--site", lod.site).stdout


def test_a_default_that_no_rule_takes_is_not_published_as_if_the_record_said_it(lod):
    lod.source('defaults = { "local.shelf" = "A 7" }')
    publish(lod)
    (row,) = rows(lod, "1/1", "local.shelf")
    assert (row["fate"], row["claims"]) == ("withheld", [])
    assert "default of the source" in row["why"]
    assert "A 7" not in claims(lod, "1/1")


def test_a_changed_default_is_a_changed_record_and_no_default_leaves_records_as_they_were(lod):
    lod.source()
    publish(lod)
    assert publish(lod)["unchanged"] == 2
    lod.source('defaults = { "dc.type" = "Article" }')
    report = publish(lod)
    assert (report["published"], report["unchanged"]) == (1, 1)


def test_the_first_fallback_with_a_value_is_taken_and_kept_under_its_own_field(lod):
    lod.source('fallbacks = { "dc.date.issued" = ["dc.date.none", "dc.date.online"] }')
    publish(lod)
    (row,) = rows(lod, "1/2", "dc.date.online")
    assert row["why"] == "taken as dc.date.issued, a fallback of the source"
    assert any("<http://purl.org/dc/terms/issued>" in claim and '"2003-02"' in claim for claim in row["claims"])
    assert any(
        claim.startswith("<https://example.org/data/item/1/2>") and '"2003-02"' in claim for claim in row["claims"]
    )
    assert all("1999-05" not in claim or "issued" not in claim for claim in claims(lod, "1/1").split("\n"))


def test_a_fallback_comes_before_a_default(lod):
    lod.source('fallbacks = { "dc.date.issued" = "dc.date.online" }', 'defaults = { "dc.date.issued" = "1900" }')
    publish(lod)
    assert "1900" not in claims(lod, "1/2")


def test_a_source_has_its_own_separator_encoding_and_language(lod):
    lod.file.write_bytes(TABLE.encode("mac-roman"))
    lod.source('separator = ";"', 'encoding = "mac-roman"', 'language = "de"')
    publish(lod)
    assert '"Über Äpfel"@de' in claims(lod, "1/1")
    assert [row["value"] for row in rows(lod, "1/1", "dc.subject")] == ["Apfel", "Birne"]


def test_a_stated_language_wins_over_that_of_the_source(lod):
    lod.file.write_text(TABLE.replace("dc.title", "dc.title[en]"), encoding="utf-8")
    lod.source('language = "de"')
    publish(lod)
    assert '"Über Äpfel"@en' in claims(lod, "1/1")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", "TY  - JOUR\nTI  - Über\nDO  - 10.5555/a\nER  - \n"),
        ("a.bib", "@book{k, title={Über}, doi={10.5555/a}}\n"),
    ],
)
def test_any_text_format_is_read_in_the_encoding_of_its_source(lod, name, text):
    lod.file = lod.file.with_name(name)
    lod.file.write_bytes(text.encode("utf-16"))
    lod.source('encoding = "utf-16"')
    publish(lod)
    assert '"Über"' in claims(lod, "doi/10.5555/a")


def test_a_number_in_the_column_id_names_the_rows_of_a_source_with_a_name(lod):
    lod.file.write_text("id,dc.title\n26,One\n27,Two\n", encoding="utf-8")
    lod.source()
    assert publish(lod)["live"] == 2
    assert explained(lod, "id/theses/26")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        pytest.param({"defaults": {"title": "x"}}, "'defaults' names 'title'; it takes a table by field names", id="no field"),
        pytest.param({"defaults": {"dc.title": 1}}, "'defaults' is {'dc.title': 1}; it takes a table of texts", id="no text"),
        pytest.param({"defaults": "x"}, "'defaults' is 'x'; it takes a table of texts", id="no table"),
        pytest.param({"fallbacks": {"dc.date": ["online"]}}, "'fallbacks' takes fields; 'online' of 'dc.date' is none", id="no field to take"),
        pytest.param({"encoding": "ebcdic?"}, "'encoding' is 'ebcdic?'; it takes an encoding, such as", id="encoding"),
        pytest.param({"encoding": "base64"}, "'encoding' is 'base64'; it takes an encoding, such as", id="codec of no text"),
        pytest.param({"language": "germanish"}, "'language' is 'germanish'; it takes a language tag", id="language"),
        pytest.param({"separator": "|"}, "'separator' is '|'; it takes one of auto, ||, ;", id="separator"),
    ],
)  # fmt: skip
def test_a_faulty_key_of_a_source_is_named(lines, fault):
    with pytest.raises(Exception) as raised:
        make_named_sources([{"name": "a", "path": "b", **lines}])
    assert fault in str(raised.value)


def test_the_tables_of_sources_are_explained():
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    for name in ("defaults", "fallbacks", "separator", "encoding", "language"):
        assert f"{name} = " in text


def test_refusals_of_one_cause_are_told_once_with_the_count_the_lines_to_add_and_ten_records(lod):
    lod.file.write_text("id,dc.title\n" + "".join(f"{number},T{number}\n" for number in range(14)), encoding="utf-8")
    result = lod("publish", lod.file, "--site", lod.site)
    assert result.exit_code == 1
    assert result.stdout.count('[[source]] with name = "theses" and path = ') == 1
    assert "no-key 14 records: The record has no handle" in result.stdout
    shown = [line for line in result.stdout.splitlines() if line.startswith("    theses.csv, row ")]
    assert shown == [f"    theses.csv, row {number}" for number in range(2, 12)]
    assert "    … and 4 more" in result.stdout
