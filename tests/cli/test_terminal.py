"""What comes from records and file names never steers the terminal that a command prints on."""

import logging
import re

import pytest
from click.testing import CliRunner
from rdflib import Graph

from lod.cli import main
from lod.cli.screen.console import PrintableConsole
from lod.cli.terminal import PrintableFormatter, escaped, printable

CLEAR, TITLE, C1 = "\x1b[2J", "\x1b]0;owned\x07", "\x9b31m"
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ROWS = f"""dc.title,dc.identifier.uri,dc.date.issued,local.{"x"}
A {CLEAR}study{C1},http://hdl.handle.net/1/1,{TITLE}2010{C1},kept {C1}{CLEAR}
B{CLEAR},no handle{CLEAR}{C1},2011,x
"""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a{CLEAR}{C1}.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "in" / f"b{TITLE}.txt").write_text("nothing that is known", encoding="utf-8")
    CliRunner().invoke(main, ["init", str(tmp_path / "site"), "--base-iri", "https://example.org/"])
    return tmp_path


def test_no_command_prints_what_a_terminal_obeys(here):
    folder, site = str(here / "in"), ["--site", str(here / "site")]
    shown = ""
    for arguments in (
        ["publish", *site, folder],
        ["publish", *site, "--json", "--dry-run", folder],
        ["coverage", *site, folder],
        ["coverage", *site, "--csv", "-", folder],
        ["coverage", *site, "--json", folder],
        ["explain", *site, "1/1"],
        ["explain", *site, "--json", "1/1"],
        ["explain", *site, "--from-rdf", "1/1"],
        ["status", *site],
        ["status", *site, "--json"],
        ["status", *site, "--shacl"],
        ["publish", *site, f"{folder}/b{TITLE}.txt"],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code in {0, 1, 3}, result.output
        shown += result.output
        if "-" not in arguments:
            assert OBEYED.findall(result.output) == [], arguments
    assert Graph().parse(data=CliRunner().invoke(main, ["status", *site, "--shacl"]).output, format="turtle")
    for written in ("\\x1b[2J", "\\x9b31m", "\\x1b]0;owned\\x07", "\\u001b[2J", "\\u009b31m"):
        assert written in shown


def test_a_table_for_a_program_is_as_it_is_and_one_for_a_terminal_is_printable(here, monkeypatch):
    arguments = ["coverage", "--site", str(here / "site"), "--csv", "-", str(here / "in")]
    assert OBEYED.search(CliRunner().invoke(main, arguments).stdout.replace("\r", ""))
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    assert not OBEYED.search(CliRunner().invoke(main, arguments).stdout.replace("\r", ""))


def test_colours_of_our_own_stay(capsys):
    PrintableConsole(force_terminal=True, color_system="standard", highlight=False).print(f"[red]a{CLEAR}[/]")
    assert capsys.readouterr().out == "\x1b[31ma\\x1b[2J\x1b[0m\n"


def test_lines_tabs_and_letters_stay():
    assert printable("a\tb\nü\u200f中") == "a\tb\nü\u200f中"
    assert escaped('"\\u001b\x9b"') == '"\\u001b\\u009b"'


def test_the_log_is_printable_with_its_tracebacks():
    try:
        raise ValueError(CLEAR)
    except ValueError as fault:
        record = logging.LogRecord(
            "lod", logging.ERROR, "", 0, "no %s", (C1,), (ValueError, fault, fault.__traceback__)
        )
    line = PrintableFormatter().format(record)
    assert not OBEYED.search(line)
    assert "ValueError: \\x1b[2J" in line
