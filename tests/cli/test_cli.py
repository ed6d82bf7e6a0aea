"""The commands, as a person types them: output, JSON, exit codes, messages."""

import csv
import json
import shlex
import socket
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner
from rdflib import RDF, SH

from lod.cli import main
from lod.cli.group import HEADINGS
from lod.rdf.formats import DUMP_NAMES
from lod.sources import SOURCES as KNOWN_FORMATS
from tests.helpers.paths import FIXTURES

CSV = (
    "id,dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],local.note\n"
    ',"A study, of lupus","Hua, B||Lu, L",http://hdl.handle.net/1/1,Article,kept\n'
    ',Another,"Wang, H",http://hdl.handle.net/1/2,Thesis,\n'
)
KEYLESS = ',No handle,"Wang, H",,Thesis,\n'


@pytest.fixture
def lod(tmp_path):
    """Run a command on a fresh site and return its result."""

    def run(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    run.site = tmp_path / "site"
    run.csv = tmp_path / "a.csv"
    run.csv.write_text(CSV, encoding="utf-8")
    assert run("init", run.site, "--base-iri", "https://example.org/").exit_code == 0
    toml = (run.site / "lod.toml").read_text(encoding="utf-8")
    licence = 'license = "https://creativecommons.org/publicdomain/zero/1.0/"'
    (run.site / "lod.toml").write_text(toml.replace('license = ""', licence), encoding="utf-8")
    return run


def published(lod, *arguments):
    result = lod("publish", lod.csv, "--site", lod.site, "--json", *arguments)
    return result.exit_code, json.loads(result.stdout)


def test_publish_prints_one_object_with_counts_and_the_balance_of_values(lod):
    code, report = published(lod)
    assert code == 0
    counts = {name: report[name] for name in ("read", "published", "unchanged", "removed", "refused")}
    assert counts == {"read": 2, "published": 2, "unchanged": 0, "removed": 0, "refused": 0}
    balance = report["balance"]
    assert balance["read"] == balance["mapped"] + balance["kept"] + balance["withheld"] + balance["refused"] == 10
    assert balance["kept"] == 1


def test_publishing_again_says_unchanged_and_a_missing_record_is_removed(lod):
    published(lod)
    assert published(lod)[1]["unchanged"] == 2
    lod.csv.write_text("".join(CSV.splitlines(keepends=True)[:2]), encoding="utf-8")
    assert published(lod, "--partial")[1]["removed"] == 0
    assert published(lod)[1]["removed"] == 1


def test_refused_records_give_exit_code_1_and_are_named(lod):
    lod.csv.write_text(CSV + KEYLESS, encoding="utf-8")
    result = lod("publish", lod.csv, "--site", lod.site)
    assert result.exit_code == 1
    assert "a.csv, row 4: The record has no handle" in result.output
    assert "3 read, 2 published" in result.output
    assert "incremental harvesters need. Export dc.date.updated, or harvest by OAI-PMH. First: " in " ".join(
        result.output.split()
    )
    assert "Traceback" not in result.output


def test_a_dry_run_publishes_nothing(lod):
    code, report = published(lod, "--dry-run")
    assert (code, report["published"], report["generation"]) == (0, 2, "")
    assert "Nothing has been published yet" in lod("status", "--site", lod.site).output


def test_explain_says_what_became_of_each_value(lod):
    published(lod)
    for name in ("1/1", "https://example.org/id/item/1/1", "https://hdl.handle.net/1/1", "hdl:1/1"):
        rows = json.loads(lod("explain", name, "--site", lod.site, "--json").stdout)
        assert [row["field"] for row in rows][:2] == ["dc.title", "dc.contributor.author"]
        assert set(rows[0]) == {"field", "value", "language", "fate", "rule", "why", "claims", "guessed"}
        assert (rows[0]["value"], rows[0]["language"], rows[0]["fate"]) == ("A study, of lupus", "en", "mapped")
        assert rows[0]["rule"] == "dspace.toml, rule 1"
        assert rows[0]["claims"] == [
            '<https://example.org/id/item/1/1> <http://purl.org/dc/terms/title> "A study, of lupus"@en .'
        ]
        assert {row["field"]: row["fate"] for row in rows}["local.note"] == "kept"


def test_explain_of_a_refused_record_shows_the_finding(lod):
    lod.csv.write_text(CSV + KEYLESS, encoding="utf-8")
    published(lod)
    result = lod("explain", "a.csv, row 4", "--site", lod.site)
    assert result.exit_code == 0
    assert "was refused" in result.output
    assert "no-key" in result.output
    rows = json.loads(lod("explain", "a.csv, row 4", "--site", lod.site, "--json").stdout)
    assert {row["fate"] for row in rows} == {"refused"}


def test_explain_of_an_old_iri_says_where_it_leads(lod):
    header, first, *rest = CSV.splitlines(keepends=True)
    published(lod)
    lod.csv.write_text(header + first.replace("Lu, L", "Lu, L (0000-0002-1825-0097)") + "".join(rest), encoding="utf-8")
    published(lod)
    old = "https://example.org/id/item/1/1#agent-lu%2C_l"
    result = lod("explain", old, "--site", lod.site)
    assert (
        "has moved: it answers 301 and leads to https://example.org/id/person/orcid-0000-0002-1825-0097"
        in result.output
    )
    told = json.loads(lod("explain", old, "--site", lod.site, "--json").stdout)
    assert told == {"iri": old, "moved_to": "https://example.org/id/person/orcid-0000-0002-1825-0097"}


def test_explain_of_an_unknown_record_says_so(lod):
    published(lod)
    result = lod("explain", "9/9", "--site", lod.site)
    assert result.exit_code == 2
    assert "no record '9/9' has been published or refused in this site" in result.stderr


def test_status_lists_generations_counts_and_findings(lod):
    lod.csv.write_text(CSV + KEYLESS, encoding="utf-8")
    published(lod)
    published(lod)
    state = json.loads(lod("status", "--site", lod.site, "--json").stdout)
    assert [one["live"] for one in state["generations"]].count(True) == 1
    assert state["counts"]["records"] == 2
    assert state["last_run"]["unchanged"] == 2
    assert state["refused"] == ["a.csv, row 4"]
    assert {"no-key", "no-rule"} <= {finding["rule"] for finding in state["findings"]}
    shown = lod("status", "--site", lod.site).output
    assert "Live: 2 records, 0 removed, 1 refused." in shown


def test_findings_are_had_as_a_shacl_validation_report(lod):
    lod.csv.write_text(CSV + KEYLESS, encoding="utf-8")
    published(lod)
    graph = rdflib.Graph().parse(data=lod("status", "--site", lod.site, "--shacl").stdout, format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationReport))) == 1
    messages = {str(message) for message in graph.objects(None, SH.resultMessage)}
    assert any("No rule takes the field" in message for message in messages)
    assert any("The record has no handle" in message for message in messages)


def test_check_finds_every_fault_of_a_site_at_once(lod):
    assert lod("check", "--site", lod.site).exit_code == 0
    (lod.site / "crosswalk").mkdir()
    (lod.site / "crosswalk" / "a.toml").write_text('[[rule]]\nfield = "a.b"\nkind = "no"\n', encoding="utf-8")
    (lod.site / "shapes").mkdir()
    (lod.site / "shapes" / "a.ttl").write_text("@prefix sh: <oops", encoding="utf-8")
    with (lod.site / "lod.toml").open("a", encoding="utf-8") as file:
        file.write("prot = 80\n")
    result = lod("check", "--site", lod.site)
    assert result.exit_code == 2
    assert "a.toml, rule 1 (a.b): unknown kind 'no'" in result.stderr
    assert "a.ttl" in result.stderr
    assert "unknown setting 'prot'; did you mean 'port'?" in result.stderr


KNOWN = ", ".join(source_format.name for source_format in KNOWN_FORMATS)
USAGE = [
    pytest.param(["publish"], "name at least one SOURCE", id="no source"),
    pytest.param(["publish", "x.csv", "--site", "{missing}"], "make a site with 'lod init", id="no site"),
    pytest.param(["publish", "x.csv", "--format", "nope"], f"unknown format 'nope'; known: {KNOWN}", id="format"),
    pytest.param(["init", "{site}"], "there is a site already; it was left as it is", id="site exists"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE)
def test_wrong_usage_gives_exit_code_2_and_a_way_out(lod, arguments, message):
    names = {"site": lod.site, "missing": lod.site / "missing"}
    result = lod(*(argument.format(**names) for argument in arguments))
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


SOURCES = [
    pytest.param("missing.csv", None, "missing.csv", id="no such file"),
    pytest.param("a.bin", b"\x00\x01\x02", "a.bin", id="not recognised"),
]


@pytest.mark.parametrize(("name", "content", "message"), SOURCES)
def test_a_source_that_cannot_be_read_gives_exit_code_3(lod, tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = lod("publish", tmp_path / name, "--site", lod.site)
    assert result.exit_code == 3
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [["serve"], ["demo"]])
def test_a_port_in_use_gives_a_message_and_exit_code_3(lod, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site = ["--site", lod.site] if command == ["serve"] else []
        result = lod(*command, "--port", port, *site)
    assert result.exit_code == 3
    assert f"cannot listen on 127.0.0.1, port {port}" in result.stderr
    assert "--port" in result.stderr


def test_the_demo_may_be_run_again_on_its_site(lod, tmp_path):
    for _ in range(2):
        result = lod("demo", "--no-serve", "--site", tmp_path / "demo")
        assert result.exit_code == 0
    assert "13 unchanged" in result.output


def test_a_broken_quotation_mark_removes_nothing(lod):
    published(lod)
    lod.csv.write_text(CSV.replace('"A study, of lupus"', '"A study" of lupus'), encoding="utf-8")
    result = lod("publish", lod.csv, "--site", lod.site)
    assert result.exit_code == 1
    assert "1 refused" in result.output
    assert "2 live" in result.output
    assert "in line 2 a quotation mark is missing or one too many" in " ".join(result.output.split())


def test_help_is_instant_since_heavy_libraries_are_not_loaded():
    heavy = {
        "rdflib",
        "pyshacl",
        "flask",
        "pyoxigraph",
        "lxml",
        "rich",
        "httpx2",
        "lod.sources",
        "lod.mapping",
        "lod.store",
    }
    code = f"import sys; sys.argv=['lod','--help']; import lod.cli\ntry: lod.cli.main()\nexcept SystemExit: pass\nprint(sorted(set(sys.modules) & {heavy}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stderr.strip() == "[]"
    assert "publish" in done.stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_help_of_a_command_ends_with_examples_that_it_takes(name):
    command = main.commands[name]
    examples = cleandoc(command.help or "").partition("\b\nExamples:\n")[2].splitlines()
    assert examples
    for example in examples:
        program, called, *arguments = shlex.split(example)
        assert (program, called) == ("lod", name)
        command.make_context(name, arguments)
        assert example in CliRunner().invoke(main, [name, "--help"], terminal_width=100).output


def test_help_lists_every_command_in_one_line_under_the_heading_of_its_room():
    shown = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    assert "..." not in shown.partition("Start:")[2]
    assert sorted(name for names in HEADINGS.values() for name in names) == sorted(main.commands)
    lines = shown.splitlines()
    for heading, names in HEADINGS.items():
        start = lines.index(f"{heading}:") + 1
        assert [line.split()[0] for line in lines[start : start + len(names)]] == list(names)
        for name in names:
            assert main.commands[name].callback.__module__ == f"lod.cli.{heading.lower()}.{name.replace('-', '_')}"


def test_formats_lists_what_is_read_and_what_is_written():
    shown = CliRunner().invoke(main, ["formats"], env={"COLUMNS": "200"}).output
    found = json.loads(CliRunner().invoke(main, ["formats", "--json"]).stdout)
    assert [row["name"] for row in found["sources"]] == [format_.name for format_ in KNOWN_FORMATS]
    for format_ in KNOWN_FORMATS:
        assert format_.help in shown
    assert {
        "name": "N-Triples",
        "use": "documents",
        "ending": "nt",
        "media_type": "application/n-triples",
        "dumps": ["nt.gz", "nt.zst"],
    } in found["output"]
    assert [name for row in found["output"] for name in row["dumps"] if name not in DUMP_NAMES] == []
    assert sorted(name for row in found["output"] for name in row["dumps"]) == sorted(DUMP_NAMES)


def test_a_setting_in_an_old_form_is_read_and_check_and_publish_say_how_it_is_written_now(lod):
    with (lod.site / "lod.toml").open("a", encoding="utf-8") as file:
        file.write('key_from = "doi pmid"\n')
    hint = f'Hint: {lod.site / "lod.toml"}: \'key_from\' is a list now: key_from = ["doi", "pmid"]\n'
    checked = lod("check", "--site", lod.site)
    assert (checked.exit_code, checked.stdout.count(hint)) == (0, 1)
    result = lod("publish", lod.csv, "--site", lod.site, "--json")
    assert (result.exit_code, result.stderr) == (0, hint)
    assert json.loads(result.stdout)["published"] == 2


def test_the_installed_command_runs():
    command = Path(sys.executable).parent / "lod"
    if not command.exists():
        pytest.skip("the package is not installed in this environment")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, timeout=300)
    assert "lod, version" in done.stdout


def test_status_lists_what_was_removed(lod):
    published(lod)
    assert lod("status", "--site", lod.site, "--removed").output == ""
    lod.csv.write_text("\n".join(CSV.splitlines()[:-1]) + "\n", encoding="utf-8")
    published(lod)
    (gone,) = json.loads(lod("status", "--site", lod.site, "--removed", "--json").stdout)["removed"]
    assert gone["iri"].endswith("id/item/1/2")
    assert lod("status", "--site", lod.site, "--removed").output == f"{gone['removed']}  {gone['iri']}\n"


def test_status_counts_findings_by_field_and_collection_and_filters_by_rule(lod):
    lod.csv.write_text(CSV.replace("id,", "id,collection,").replace("\n,", "\n,1/99,"), encoding="utf-8")
    published(lod)
    state = json.loads(lod("status", "--site", lod.site, "--json").stdout)
    assert {"field": "local.note", "rule": "no-rule", "severity": "info", "count": 1} in state["by_field"]
    assert {"dcterms:issued", "local.note"} <= {row["field"] for row in state["by_field"]}
    assert {row["collection"] for row in state["by_collection"]} == {"1/99"}
    only = json.loads(lod("status", "--site", lod.site, "--json", "--rule", "I17").stdout)
    assert [(row["rule"], row["count"]) for row in only["findings"]] == [("I17", 2)]
    shown = lod("status", "--site", lod.site, "--rule", "I17").output
    assert "I17 2: No date of issue, or several." in shown
    assert "a.csv, row 2" in shown
    assert lod("status", "--site", lod.site, "--rule", "i17").output == shown
    unknown = " ".join(lod("status", "--site", lod.site, "--rule", "X99").output.split())
    assert unknown.startswith("No findings of rule X99. Rules with findings: ")
    assert ", I17, " in unknown


def test_findings_are_had_as_a_table_for_a_spreadsheet(lod, tmp_path):
    lod.csv.write_text(CSV.replace(",kept", ",=1+1") + KEYLESS, encoding="utf-8")
    published(lod)
    file = tmp_path / "findings.csv"
    result = lod("status", "--site", lod.site, "--csv", file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert result.output == f"Wrote {len(rows)} findings to {file}.\n"
    first = next(row for row in rows if row["rule"] == "I17")
    assert first["source_link"] == "http://hdl.handle.net/1/1"
    assert first["item"] == "https://example.org/id/item/1/1"
    assert (first["property"], first["severity"], first["place"]) == ("dcterms:issued", "warning", "a.csv, row 2")
    assert "'=1+1" in [row["value"] for row in rows]
    assert [row["place"] for row in rows if row["rule"] == "no-key"] == ["a.csv, row 4"]
    printed = lod("status", "--site", lod.site, "--csv", "-", "--rule", "no-key").stdout
    assert len(printed.splitlines()) == 2


def test_a_table_that_cannot_be_written_is_told(lod, tmp_path):
    published(lod)
    result = lod("status", "--site", lod.site, "--csv", tmp_path / "no" / "folder.csv")
    assert result.exit_code == 2
    assert "No such file or directory; choose another file" in result.stderr


def test_a_mapping_is_carried_over_and_what_was_left_out_is_listed(lod):
    mapping = FIXTURES / "mapping.ttl"
    result = lod("import-mapping", mapping, "--site", lod.site)
    assert result.exit_code == 0
    assert "7 rules written to" in result.output
    assert "- dc.identifier.isbn, bibo:issn (mapping isbn): dspace.toml, rule" in result.output
    assert lod("check", "--site", lod.site).exit_code == 0
    again = lod("import-mapping", mapping, "--site", lod.site)
    assert again.exit_code == 2
    assert "imported.toml is there already; rename or remove it, then import again" in again.stderr
    (lod.site / "crosswalk" / "imported.toml").unlink()
    listed = json.loads(lod("import-mapping", mapping, "--site", lod.site, "--json").output)
    assert (listed["rules"], len(listed["left_out"])) == (7, 15)


def test_check_hints_at_what_a_public_site_should_still_set(tmp_path, lod):
    assert "'license'" not in lod("check", "--site", lod.site).stdout
    lod("init", tmp_path / "new")
    result = lod("check", "--site", tmp_path / "new")
    assert result.exit_code == 0
    hints = [line for line in result.stdout.splitlines() if line.startswith("Hint: ")]
    assert [line.split("'")[1] for line in hints] == ["license", "publisher", "base_iri"]
    assert hints[0] == (
        f"Hint: {tmp_path / 'new' / 'lod.toml'}: 'license' is not set: without one the data may not be reused; "
        "give the address of a licence"
    )
    assert len(json.loads(lod("check", "--site", tmp_path / "new", "--json").stdout)["hints"]) == 3


def test_check_and_publish_name_the_shapes_that_pyshacl_judges(lod):
    (lod.site / "shapes").mkdir()
    (lod.site / "shapes" / "own.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rt: <https://w3id.org/lod-repository/> .\n"
        "rt:Own a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:severity sh:Info ; sh:sparql [\n"
        "  sh:message 'X01 Wrong. Mend it.' ; sh:select 'SELECT $this { $this a <https://example.org/no> }' ] .\n",
        encoding="utf-8",
    )
    hint = "rt:Own: sh:sparql: cannot be compiled, so pySHACL judges it, many times slower"
    assert hint in json.loads(lod("check", "--site", lod.site, "--json").stdout)["hints"]
    shown = lod("publish", "--site", lod.site, lod.csv).stdout
    assert "Judged by pySHACL, many times slower, since it cannot be compiled: rt:Own: sh:sparql" in shown


def test_settings_in_another_encoding_are_told_once(lod):
    (lod.site / "lod.toml").write_bytes('base_iri = "https://example.org/"\ntitle = "Caf\u00e9"\n'.encode("latin-1"))
    result = lod("check", "--site", lod.site)
    assert result.exit_code == 2
    assert result.stderr == f"lod: {lod.site / 'lod.toml'}: not in UTF-8 (byte 46); save it as UTF-8\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["http://ada:secret@127.0.0.1:9/sparql"],
            "'store' holds a user or password; put them into the environment as",
        ),
        (["ftp://ada:secret@127.0.0.1/"], "'store' holds a user or password"),
        (
            ["ftp://127.0.0.1/"],
            "'store' is 'ftp://127.0.0.1/'; it takes an address that starts with http:// or https://",
        ),
        (["http://127.0.0.1:9/sparql", "--update", "http://ada:secret@127.0.0.1/"], "'store_update' holds a user"),
        (["http://127.0.0.1:9/sparql", "--graph", "a graph"], "'store_graph' is 'a graph'; it takes an address"),
    ],
)
def test_addresses_to_push_to_are_judged_as_those_in_the_settings_and_no_password_is_repeated(lod, arguments, message):
    result = lod("push", *arguments, "--site", lod.site)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "secret" not in result.stderr


def test_files_of_rdf_with_one_name_that_disagree_are_told_which(lod, tmp_path):
    for name in ("p", "q"):
        (tmp_path / "rdf" / name).mkdir(parents=True)
        text = f'<https://example.org/b> <http://purl.org/dc/terms/title> "{name}" .'
        (tmp_path / "rdf" / name / "x.ttl").write_text(text, encoding="utf-8")
    result = lod("publish", tmp_path / "rdf", "--site", lod.site, "--json")
    assert result.exit_code == 1
    found = next(one for one in json.loads(result.stdout)["findings"] if one["rule"] == "D04")
    assert found["message"].startswith("Files of one name say different things of <https://example.org/b>: ")
    assert all(str(tmp_path / "rdf" / name / "x.ttl") in found["message"] for name in ("p", "q"))
    assert "give the files different names" in found["message"]


def test_explain_takes_the_iri_that_a_file_of_rdf_describes(lod, tmp_path):
    text = '<https://example.org/b> <http://purl.org/dc/terms/title> "A book_1" .'
    (tmp_path / "one.ttl").write_text(text, encoding="utf-8")
    assert lod("publish", tmp_path / "one.ttl", "--site", lod.site).exit_code == 0
    rows = json.loads(lod("explain", "https://example.org/b", "--site", lod.site, "--json").stdout)
    assert "A book_1" in json.dumps(rows)
    assert lod("explain", "https://example.org/", "--site", lod.site).exit_code == 2
    (tmp_path / "two.ttl").write_text(text.replace("_1", "_2"), encoding="utf-8")
    assert lod("publish", tmp_path / "two.ttl", "--site", lod.site).exit_code == 0
    result = lod("explain", "https://example.org/b", "--site", lod.site)
    assert result.stderr.startswith(
        "lod: 2 files speak of https://example.org/b: rdf/one.ttl/https%3A%2F%2Fexample.org%2Fb, "
    )
    assert result.stderr.endswith("; ask for one by key\n")


@pytest.mark.parametrize("command", ["status", "verify", "rollback"])
def test_a_folder_that_is_no_site_is_told_and_left_as_it_is(tmp_path, command):
    result = CliRunner().invoke(main, [command, "--site", str(tmp_path)])
    assert result.exit_code == 2
    assert (
        f"lod: {tmp_path}/lod.toml: no such file; make a site with 'lod init {tmp_path}', or name one" in result.stderr
    )
    assert not list(tmp_path.iterdir())


def test_a_rule_is_shown_by_the_name_that_coverage_gives_it(lod):
    row = next(
        row
        for row in json.loads(lod("coverage", lod.csv, "--site", lod.site, "--json").stdout)["fields"]
        if row["rule"]
    )
    shown = json.loads(lod("explain", "--rule", row["rule"], "--site", lod.site, "--json").stdout)
    assert (shown["rule"], shown["kind"]) == (row["rule"], row["kind"])
    assert {"field", "keep", "example"} <= shown.keys()
    assert lod("explain", "--rule", "i17", "--site", lod.site).output.startswith(
        "rule      I17\nseverity  warning\nmessage   No date"
    )


@pytest.mark.parametrize("arguments", [[], ["10722/1", "--rule", "I17"]])
def test_explain_takes_a_record_or_a_rule(lod, arguments):
    result = lod("explain", *arguments, "--site", lod.site)
    assert (result.exit_code, "name a RECORD, or a rule with --rule" in result.output) == (2, True)


def test_a_rule_that_is_none_is_told(lod):
    result = lod("explain", "--rule", "rule 9999", "--site", lod.site)
    assert (result.exit_code, "no rule 'rule 9999'; 'lod coverage' names the rules of fields" in result.output) == (
        2,
        True,
    )


def test_terms_are_listed_by_the_beginning_of_their_names_or_by_words(lod):
    rows = json.loads(lod("terms", "fabio:Per", "--json").stdout)
    assert "fabio:Periodical" in {row["term"] for row in rows}
    assert all(row["term"].startswith("fabio:Per") for row in rows)
    assert "bibo:AcademicArticle                     class      academic article" in lod("terms", "academic").output
    result = lod("terms", "fabio:Periodicl")
    assert (result.exit_code, "did you mean fabio:Periodical or" in result.output) == (2, True)
    assert "gle " in lod("terms", "irish", "gaelic").output
    result = lod("terms", "fabio:Policy")
    assert result.exit_code == 2
    assert "no term fits 'fabio:Policy'; 'lod terms fabio:' lists those that may be used" in result.output
    assert "c_186u, COAR type: policy report (bibo:Report fabio:ReportDocument)" in result.output


def test_an_unknown_term_in_a_map_is_told_with_its_line_the_nearest_and_the_command_that_lists_them(lod):
    (lod.site / "maps").mkdir(exist_ok=True)
    (lod.site / "maps" / "types.csv").write_text(
        "# ours\nfrom,coar,bibo,fabio\nZine,,bibo:Periodicl,fabio:Periodical\n"
    )
    result = lod("check", "--site", lod.site)
    assert result.exit_code == 2
    assert "types.csv, line 3: unknown term 'bibo:Periodicl'; did you mean bibo:Periodical or" in result.output
    assert "'lod terms bibo:' lists those that may be used" in result.output


def test_a_preview_shows_records_as_they_would_be_and_publishes_nothing(lod):
    result = lod("publish", lod.csv, "--site", lod.site, "--preview", "1")
    assert result.exit_code == 0
    assert "1/1 (a.csv, row 2) would be published as" in result.output
    assert 'dcterms:title "A study, of lupus"@en' in result.output
    assert "Another" not in result.output
    assert result.output.endswith("Nothing was published: a preview\n")
    assert "Nothing has been published yet" in lod("status", "--site", lod.site).output


def test_the_report_is_written_as_a_page_that_is_escaped_and_loads_nothing(lod):
    hostile = "<script>alert(1)</script>"
    lod.csv.write_text(f'{CSV},{hostile},"<b>, x",,Thesis,\n,A,"B, C",http://hdl.handle.net/1/7,{hostile},\n')
    page = lod.site / "report.html"
    result = lod("publish", lod.csv, "--site", lod.site, "--report", page)
    text = page.read_text(encoding="utf-8")
    assert result.exit_code == 1
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "http" not in text.partition("<main>")[0].replace("http-equiv", "")
    for part in ("<h2>Records</h2>", "<h2>Findings, one row a rule</h2>", "<h2>Fields</h2>", "<td>local.note</td>"):
        assert part in text


def test_progress_is_a_bar_with_records_and_rate(monkeypatch):
    import io

    from rich.console import Console

    from lod.cli.screen import console as screen

    clock = iter(range(1000))
    monkeypatch.setattr(screen.time, "monotonic", lambda: next(clock))
    written = io.StringIO()
    with screen.progress_shown(quiet=False, console=Console(file=written, force_terminal=True, width=120)) as progress:
        progress("read", 100, 0)
        progress("map", 500, 1000)
        progress("map", 1000, 1000)
    assert "records/s" in written.getvalue()
    assert "1,000 of 1,000" in written.getvalue()
