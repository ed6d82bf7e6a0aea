"""Tables with plain headers go from the file to published records in two commands: lod coverage --write, lod publish."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from lod.cli import main
from tests.helpers.paths import ROOT

ENGLISH = """Title,Authors,DOI,Repository link,Year,Shelf
Lichens on roofs,"Carberry, Josiah; Adams, Anna",10.5555/t.1,https://example.org/handle/99999/1,2021,A 1
Slate,"Lund, Peder",10.5555/t.2,https://example.org/handle/99999/2,2019,A 2
"""
GERMAN = """Signatur;Titel;Verfasser;Erscheinungsjahr;Schlagwörter;Bemerkung
Th-17;Über Flechten;Müller, Jörg|Lund, Peder;1998;Flechten|Dächer;gebunden
Th-18;Zink;Groß, Änne;2003-05;;
"""
SPANISH = "Identificador\tTítulo\tAutores\tAño\tPalabras clave\ntesis-1\tLíquenes\tAna Silva, João Souza\t2011\tlíquenes; techos\ntesis-2\tPizarra\tAna Silva, Eva Roca\t2012\t\n"
KEYLESS = 'Título,Autores\nLíquens,"Ana Silva, João Souza"\nTelhados,"Ana Silva, Eva Roca"\n'


def french_workbook():
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["Thèses soutenues"],
        ["Cote", "Nom", "Prénom", "Titre", "Date de soutenance", "Directeur de thèse", "Résumé"],
        ["TH 1", "Lund", "Zoé", "Les toits", 2001, "Adams, Anna", None],
        ["TH 2", "Groß", "Änne", "Les ardoises", 2002, None, "Un résumé des ardoises, assez long pour en être un."],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def lod(tmp_path):
    """Run a command, on the site of the test where it takes one."""

    def run(*arguments, **given):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **given)

    run.site = tmp_path / "site"
    assert run("init", run.site, "--base-iri", "https://example.org/").exit_code == 0
    return run


def publish(lod, path):
    result = lod("publish", "--site", lod.site, path, "--json")
    return result.exit_code, json.loads(result.stdout) if result.stdout else {}


def claims(lod, key):
    return "\n".join(
        claim for row in json.loads(lod("explain", key, "--site", lod.site, "--json").stdout) for claim in row["claims"]
    )


@pytest.mark.parametrize(
    ("name", "content", "options", "key", "claim"),
    [
        pytest.param("list.csv", ENGLISH.encode(), [], "99999/1", '"2021"', id="english csv"),
        pytest.param(
            "katalog.csv",
            GERMAN.encode("cp1252"),
            [],
            "table.id/katalog.csv/Th-17",
            '<http://purl.org/dc/terms/title> "Über Flechten"',
            id="german csv of windows",
        ),
        pytest.param(
            "tesis.tsv",
            SPANISH.encode(),
            [],
            "table.id/tesis.tsv/tesis-1",
            '<http://xmlns.com/foaf/0.1/name> "João Souza"',
            id="spanish tsv",
        ),
        pytest.param(
            "theses.xlsx",
            french_workbook(),
            [],
            "table.id/theses.xlsx/TH%201",
            '<http://xmlns.com/foaf/0.1/name> "Lund, Zoé"',
            id="french workbook",
        ),
        pytest.param(
            "sbpo.csv",
            KEYLESS.encode(),
            ["--key", "Título"],
            "table.id/sbpo.csv/L%C3%ADquens",
            '<http://xmlns.com/foaf/0.1/name> "João Souza"',
            id="portuguese csv without a key",
        ),
    ],
)
def test_a_table_with_plain_headers_is_published_by_two_commands(lod, tmp_path, name, content, options, key, claim):
    path = tmp_path / name
    path.write_bytes(content)
    looked = lod("coverage", "--site", lod.site, path, "--write", *options)
    assert looked.exit_code == 0, looked.output
    written = lod.site / "columns" / f"{path.stem}.csv"
    told = f"Wrote {written}. Change it where it is wrong; then: lod publish {path} --site {lod.site}"
    assert looked.stdout.splitlines()[-1] == told
    assert lod("check", "--site", lod.site).exit_code == 0
    code, report = publish(lod, path)
    assert (code, report["published"]) == (0, 2)
    assert claim in claims(lod, key)
    again = lod("coverage", "--site", lod.site, path, "--json")
    assert json.loads(again.stdout)["records"] == 2


def test_a_table_of_fields_without_a_key_gets_one_by_the_command_that_publish_names(lod, tmp_path):
    path = tmp_path / "batch.csv"
    path.write_text(
        "filename,dc.title[en],dc.title[de],dc.contributor.author,dc.date.issued\n"
        'a.pdf,Lichens,Flechten,"Roe, Ann||Loe, Cy",2019\nb.pdf,Slate,,"Doe, Ben",2020\n',
        encoding="utf-8",
    )
    refused = lod("publish", "--site", lod.site, path)
    assert refused.exit_code == 1
    assert f"which column names the records: lod coverage {path} --site {lod.site} --write." in refused.output
    asked = lod("coverage", path, "--site", lod.site, "--write")
    assert asked.exit_code == 2
    assert (
        f"for example: lod coverage {path} --site {lod.site} --write --key filename. What may do: filename ("
        in asked.stderr
    )
    assert lod("coverage", path, "--site", lod.site, "--write", "--key", "filename").exit_code == 0
    assert (
        (lod.site / "columns" / "batch.csv")
        .read_text(encoding="utf-8")
        .endswith(
            "filename,,,key\ndc.title[en],dc.title,,\ndc.title[de],dc.title,,\ndc.contributor.author,dc.contributor.author,,\n"
            "dc.date.issued,dc.date.issued,,\n"
        )
    )
    code, report = publish(lod, path)
    assert (code, report["published"]) == (0, 2)
    for claim in ('title> "Lichens"@en', 'title> "Flechten"@de', 'name> "Loe, Cy"'):
        assert claim in claims(lod, "table.id/batch.csv/a.pdf")


def test_a_source_with_a_name_is_read_by_its_table_of_columns_too(lod, tmp_path):
    path = tmp_path / "katalog.csv"
    path.write_bytes(GERMAN.encode("utf-8"))
    settings = lod.site / "lod.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + f'\n[[source]]\nname = "katalog"\npath = "{path}"\n', encoding="utf-8"
    )
    assert lod("coverage", "--site", lod.site, "katalog", "--write").exit_code == 0
    assert publish(lod, "katalog")[1]["published"] == 2
    shown = lod("explain", "table.id/katalog/Th-17", "--site", lod.site, "--json")
    assert "Über Flechten" in shown.stdout


def test_each_column_is_shown_with_five_values_and_what_it_most_probably_is(lod, tmp_path):
    path = tmp_path / "list.csv"
    rows = "".join(f'Title {number},"Lund, Peder",10.5555/t.{number},,20{number},\n' for number in range(10, 17))
    path.write_text(ENGLISH + rows, encoding="utf-8")
    shown = lod("coverage", path).stdout
    assert shown.startswith("list.csv: a table of 9 rows whose columns no format knows\n")
    assert (
        "Title → dc.title in 9 of 9 rows, all different\n    Lichens on roofs\n    Slate\n    Title 10\n    Title 11\n"
        "    Title 12\n\n"
    ) in shown
    assert "\nAuthors → dc.contributor.author, values separated by ; in 9 of 9 rows, 2 different\n" in shown
    assert "\nShelf → kept as table.Shelf in 2 of 9 rows, all different\n" in shown
    assert shown.endswith(
        f"To publish it: lod coverage {path} --site DIR --write\nand then: lod publish {path} --site DIR\n"
    )


def test_the_next_commands_name_what_is_below_the_current_folder_as_it_is_called_from_there(lod, tmp_path, monkeypatch):
    monkeypatch.chdir(lod.site)
    (lod.site / "list.csv").write_text(ENGLISH, encoding="utf-8")
    shown = lod("coverage", "list.csv").stdout
    assert shown.endswith("To publish it: lod coverage list.csv --write\nand then: lod publish list.csv\n")


def test_publish_names_the_next_command_and_writes_nothing(lod, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    result = lod("publish", "--site", lod.site, path)
    assert result.exit_code == 3
    assert (
        f"'lod coverage {path} --site {tmp_path / 'site'}' proposes what each of them becomes, and with --write the site keeps it"
        in result.stderr
    )
    assert not (lod.site / "columns").exists()


def test_without_a_terminal_the_key_is_asked_for_by_the_line_to_call(lod, tmp_path):
    path = tmp_path / "sbpo.csv"
    path.write_text(KEYLESS, encoding="utf-8")
    result = lod("coverage", "--site", lod.site, path, "--write")
    assert result.exit_code == 2
    assert result.stderr == (
        "lod: No column names the records: an IRI needs something of each that never changes. Say which column does, for "
        f"example: lod coverage {path} --site {lod.site} --write --key 'Título'. What may do: Título (different in every row). "
        "--key none goes without, and such rows are refused\n"
    )
    assert lod("coverage", "--site", lod.site, path, "--write", "--key", "none").exit_code == 0
    assert publish(lod, path)[0] == 1


def test_on_a_terminal_one_question_is_asked(lod, tmp_path):
    path = tmp_path / "sbpo.csv"
    path.write_text(KEYLESS, encoding="utf-8")
    outer, inner = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from lod.cli import main; main()",
        "coverage",
        str(path),
        "--site",
        str(lod.site),
        "--write",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=inner, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as process:
        os.close(inner)
        os.write(outer, b"1\n")
        try:
            shown = process.communicate(timeout=60)[0].decode()
        finally:
            process.kill()
    os.close(outer)
    assert process.returncode == 0, shown
    assert "Which column does?\n  1  Título (different in every row): Líquens\n" in shown
    assert shown.count("Column [1]:") == 1
    assert "Título,dc.title,,key\n" in (lod.site / "columns" / "sbpo.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        pytest.param(
            ENGLISH,
            ["--write", "--key", "Nr"],
            "list.csv: no column 'Nr'; it has: Title, Authors, DOI",
            id="no such column",
        ),
        pytest.param(
            "dc.title,dc.identifier.doi\nA,10.5555/a\n",
            ["--write"],
            "SOURCE can be read as it is",
            id="a format knows it",
        ),
    ],
)
def test_what_cannot_be_written_is_told(lod, tmp_path, content, options, message):
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    result = lod("coverage", "--site", lod.site, path, *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_table_of_columns_is_never_written_over(lod, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    assert lod("coverage", "--site", lod.site, path, "--write").exit_code == 0
    path.write_text(GERMAN, encoding="utf-8")
    result = lod("coverage", "--site", lod.site, path, "--write")
    assert result.exit_code == 2
    assert "there is a table of columns of that name already, for other columns; it was left as it is" in result.stderr


def test_without_a_site_nothing_can_be_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "list.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    result = CliRunner().invoke(main, ["coverage", str(path), "--write"])
    assert result.exit_code == 2
    assert "--write needs a site: name it with --site, or make one with 'lod init'" in result.stderr


def test_the_proposal_is_json_for_programs(lod, tmp_path):
    path = tmp_path / "sbpo.csv"
    path.write_text(KEYLESS, encoding="utf-8")
    (found,) = json.loads(lod("coverage", path, "--json").stdout)
    assert (found["rows"], found["rows_without_a_key"]) == (2, 2)
    assert found["keys_to_choose_from"] == [["Título"]]
    assert found["columns"][1] == {
        "column": "Autores",
        "field": "dc.contributor.author",
        "separator": ",",
        "use": "",
        "filled": 2,
        "different": 2,
        "samples": ["Ana Silva, João Souza", "Ana Silva, Eva Roca"],
    }


def test_a_rule_for_a_header_and_a_faulty_table_of_columns_are_faults_of_check(lod):
    (lod.site / "crosswalk").mkdir()
    (lod.site / "columns").mkdir()
    rule = '[[rule]]\nfield = "Title"\nkind = "text"\nproperty = "dcterms:title"\nexample = { in = "A", out = \'dcterms:title "A"\' }\n'
    (lod.site / "crosswalk" / "own.toml").write_text(rule, encoding="utf-8")
    (lod.site / "columns" / "list.csv").write_text("column,field\nTitle,Title\n", encoding="utf-8")
    faults = json.loads(lod("check", "--site", lod.site, "--json").stdout)["faults"]
    assert faults == [
        "own.toml, rule 1 (Title): 'Title' is no field name; write schema.element.qualifier. No record has a field of that name: "
        "what a column of a table becomes is said in columns/NAME.csv (lod coverage FILE --write)",
        f"{lod.site}/columns/list.csv, row 1 (Title): 'Title' is no field name; write schema.element.qualifier, such as dc.title",
    ]


def test_headers_of_metadata_fields_with_uuid_and_handle_need_no_table_of_columns(lod, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "uuid,handle,metadata.dc.title,metadata.dc.date.issued\n"
        "3f2a6c10-8d3e-4f5b-9c11-000000000001,99999/1,Lichens,2020\n3f2a6c10-8d3e-4f5b-9c11-000000000002,99999/2,Slate,2021\n",
        encoding="utf-8",
    )
    assert publish(lod, path)[1]["published"] == 2
