"""What our own code fails on costs one record, or ends the command with 70; nobody takes it for refused records."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

import lod.publish.judge
import lod.publish.keys
import lod.validation.validate
from lod.cli import main
from lod.validation.foreign.ready_made import GivenFindings

HANDLE = "http://hdl.handle.net/1/{}"


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    assert CliRunner().invoke(main, ["init", str(folder), "--base-iri", "https://example.org/"]).exit_code == 0
    return folder


@pytest.fixture
def publish(tmp_path, site):
    """Return what publishes records 1 to 3, in words that differ from run to run, and gives exit code and report."""
    source = tmp_path / "a.csv"

    def run(word: str = "A", ending: str = ".csv"):
        path = source.with_suffix(ending)
        if ending == ".nt":
            path.write_text(
                "".join(
                    f'<https://books.example.org/b/{n}> <http://purl.org/dc/terms/title> "{word}" .\n'
                    for n in (1, 2, 3)
                )
            )
        else:
            rows = "".join(f"{word} {n},{HANDLE.format(n)}\n" for n in (1, 2, 3))
            path.write_text(f"dc.title,dc.identifier.uri\n{rows}")
        result = CliRunner().invoke(main, ["publish", str(path), "--site", str(site), "--json"])
        return result.exit_code, json.loads(result.stdout)

    return run


def failing(real, is_it):
    """Return a function that raises for what `is_it` says of its first arguments."""

    def broken(*arguments, **named):
        if is_it(*arguments):
            raise ZeroDivisionError("what a record says")
        return real(*arguments, **named)

    return broken


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "name", "is_it", "done"),
    [
        pytest.param(
            lod.publish.judge, "map_record", lambda record, *_: "row 3" in record.place, "mapped", id="mapping"
        ),
        pytest.param(
            lod.validation.validate, "check_record", lambda one, *_: one.key == "1/2", "judged", id="rule in code"
        ),
        pytest.param(
            lod.validation.validate, "index_claims", lambda one, *_: one.key == "1/2", "judged", id="description"
        ),
        pytest.param(
            lod.publish.judge, "index_entries", lambda one: one.key == "1/2", "judged", id="rule over all records"
        ),
        pytest.param(lod.publish.keys, "item_key", lambda record, *_: "row 3" in record.place, "named", id="key"),
    ],
)
def test_a_fault_in_a_later_stage_costs_its_record_and_removes_nothing(
    publish, monkeypatch, caplog, owner, name, is_it, done
):
    assert publish()[0] == 0
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, failing(getattr(owner, name), is_it))
        code, report = publish("B")
    assert code == 70
    assert {count: report[count] for count in ("published", "refused", "faults", "removed", "live")} == {
        "published": 2,
        "refused": 1,
        "faults": 1,
        "removed": 0,
        "live": 3,
    }
    (finding,) = [finding for finding in report["findings"] if finding["severity"] == "violation"]
    assert finding["rule"] == "fault"
    assert finding["place"] == "a.csv, row 3"
    assert finding["message"].startswith(
        f"The record could not be {done} because of a fault in the program (ZeroDivisionError); what was published of it stays."
    )
    assert "what a record says" not in json.dumps(report)
    assert [line.exc_info[0] for line in caplog.records if line.name == "lod.guard"] == [ZeroDivisionError]
    code, report = publish("B")
    assert (code, report["live"], report["faults"]) == (0, 3, 0)


def test_a_fault_in_judging_rdf_made_elsewhere_costs_its_resource(publish, monkeypatch):
    real = GivenFindings.about
    monkeypatch.setattr(
        GivenFindings, "about", failing(real, lambda _, one: "books.example.org/b/2" in str(one.claims))
    )
    code, report = publish(ending=".nt")
    assert (code, report["published"], report["faults"]) == (70, 2, 1)


def test_too_little_memory_is_no_fault_of_a_record_and_ends_with_3(site, tmp_path, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr(lod.publish.judge, "map_record", exhausted)
    source = tmp_path / "a.csv"
    source.write_text(f"dc.title,dc.identifier.uri\nA,{HANDLE.format(1)}\n")
    result = CliRunner().invoke(main, ["publish", str(source), "--site", str(site)])
    assert result.exit_code == 3
    assert result.stderr == (
        "lod: lod publish: there is not enough memory; give the program more, or end what else takes it, and run the command "
        "again. What was published is as it was\n"
    )


@pytest.mark.parametrize(
    ("command", "patched"),
    [
        pytest.param(["publish", "{source}", "--site", "{site}"], "lod.publish.run.publish", id="publish"),
        pytest.param(["status", "--site", "{site}"], "lod.site.status.site_status", id="status"),
        pytest.param(["check", "--site", "{site}"], "lod.mapping.crosswalk_files.examples.example_faults", id="check"),
    ],
)
def test_a_fault_that_ends_a_command_gives_70_words_and_the_traceback(site, tmp_path, command, patched):
    source = tmp_path / "a.csv"
    source.write_text(f"dc.title,dc.identifier.uri\nA,{HANDLE.format(1)}\n")
    module, _, name = patched.rpartition(".")
    program = (
        f"import {module} as module\n"
        "def broken(*arguments, **named): raise ZeroDivisionError('a \\n bug')\n"
        f"module.{name} = broken\n"
        "from lod.cli import main\nmain()\n"
    )
    words = [word.format(source=source, site=site) for word in command]
    result = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60)
    assert result.returncode == 70, result.stderr
    assert result.stdout == ""
    before, _, message = result.stderr.partition("lod: a fault of the program ended ")
    assert f"lod {command[0]} ended\nTraceback (most recent call last):" in before
    assert message.startswith(f"'lod {command[0]}' (")
    assert "It is none of your settings or records" in message
    assert "Please report it" in message


def test_other_ends_of_a_command_keep_their_exit_codes(site):
    run = CliRunner().invoke
    assert run(main, ["--help"]).exit_code == 0
    assert run(main, ["publish", "--no-such-option"]).exit_code == 2
    assert run(main, ["publish", str(site / "nothing"), "--site", str(site)]).exit_code == 3
