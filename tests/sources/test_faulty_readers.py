"""A fault of ours in any reader costs the record it fails on: it is refused as "fault", logged whole, and nothing is removed."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.errors import SourceError
from lod.record import Record
from lod.report import Finding
from lod.sources import SOURCES, open_source
from lod.sources.reading import known_files
from tests.helpers.broken_files import BROKEN
from tests.helpers.read_sources import SETTINGS, items_of, violations

NAMES = [source_format.name for source_format in SOURCES]

READS_ONE = {
    "bibtex": "lod.sources.citation_files.bibtex:_gathered",
    "crossref": "lod.sources.works.json_works:gather",
    "csl-json": "lod.sources.works.json_works:gather",
    "datacite": "lod.sources.works.json_works:gather",
    "datacite-xml": "lod.sources.works.datacite_xml:gather",
    "dataverse": "lod.sources.works.json_works:gather",
    "doaj": "lod.sources.works.json_works:gather",
    "dspace-csv": "lod.sources.dspace.csv_table:_Table._item",
    "dspace-rest": "lod.sources.dspace.rest:relations_of",
    "dspace-saf": "lod.sources.dspace.saf:read_contents",
    "dspace-xlsx": "lod.sources.dspace.csv_table:_Table._item",
    "endnote": "lod.sources.exports.endnote:gather_reference",
    "eprints": "lod.sources.works.json_works:gather",
    "html-page": "lod.sources.pages.html_page:read_markup",
    "invenio": "lod.sources.works.json_works:gather",
    "item-page": "lod.sources.pages.text_page:page_values",
    "json-lines": "lod.sources.dublin_core.json_lines:_item",
    "marc": "lod.sources.marc.records:marc_values",
    "marcxml": "lod.sources.marc.records:marc_values",
    "medline": "lod.sources.exports.medline:_values",
    "mods": "lod.sources.mods.element:mods_payload",
    "oai-pmh": "lod.sources.oai.oai_pmh:read_payload",
    "openalex": "lod.sources.works.json_works:gather",
    "opencitations": "lod.sources.tables.csv_works:_items",
    "pubmed": "lod.sources.pubmed.articles:_record",
    "pubmed-csv": "lod.sources.tables.csv_works:_items",
    "rdf": "lod.sources.rdf.reader:_RecordMaker.record",
    "ris": "lod.sources.citation_files.ris:_gathered",
    "table": "lod.sources.tables.plain_table:_Reading._values",
    "wos": "lod.sources.exports.wos:wos_values",
}
"""For every format a function that its reader calls once a record."""


def break_second(monkeypatch, name: str, fault: BaseException) -> None:
    """Let the function of a format raise when it is called for the second record."""
    module, _, path = READS_ONE[name].partition(":")
    owner = import_module(module)
    *holders, function = path.split(".")
    for holder in holders:
        owner = getattr(owner, holder)
    real, calls = getattr(owner, function), []

    def broken(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            raise fault
        return real(*arguments, **named)

    monkeypatch.setattr(owner, function, broken)


def test_every_format_has_a_function_to_break():
    assert len(NAMES) >= 18
    assert sorted(READS_ONE) == sorted(BROKEN) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "fault", [ZeroDivisionError("what a record says"), RecursionError("deep")], ids=["bug", "depth"]
)
def test_the_other_records_are_read_and_the_fault_is_named_and_logged(tmp_path, monkeypatch, caplog, name, fault):
    path = BROKEN[name](tmp_path, whole=True)
    assert sum(isinstance(item, Record) for item in open_source(path, SETTINGS)) == 3
    break_second(monkeypatch, name, fault)
    items = items_of(path)
    assert sum(isinstance(item, Record) for item in items) == 2
    (finding,) = [item for item in items if isinstance(item, Finding) and item.severity == "violation"]
    file = next(path for path in (path, *sorted(path.rglob("*"))) if path.is_file())
    assert finding.rule == "fault"
    assert file.suffix in finding.place
    assert finding.message == (
        f"The record could not be read because of a fault in the program ({type(fault).__name__}); what was published of "
        "it stays. Please report it with the record and the traceback in the log."
    )
    (logged,) = [line for line in caplog.records if line.name == "lod.guard"]
    assert logged.getMessage() == f"{finding.place} could not be read"
    assert logged.exc_info is not None
    assert logged.exc_info[1] is fault


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_run_publishes_the_others_removes_nothing_and_exits_with_70(tmp_path, monkeypatch, name):
    site = tmp_path / "site"
    run = CliRunner().invoke
    assert run(main, ["init", str(site), "--base-iri", "https://example.org/"]).exit_code == 0
    with (site / "lod.toml").open("a") as file:
        file.write('\nkey_from = ["doi", "pmid"]\n')
    path = BROKEN[name](tmp_path, whole=True)
    command = ["publish", str(path), "--site", str(site), "--json"]
    first = run(main, command)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["live"] == 3
    with monkeypatch.context() as broken:
        break_second(broken, name, ZeroDivisionError("what a record says"))
        # Another program reads an unchanged file again.
        broken.setattr(known_files, "program_fingerprint", lambda: "broken")
        second = run(main, command)
    report = json.loads(second.stdout)
    assert second.exit_code == 70
    assert {count: report[count] for count in ("read", "unchanged", "refused", "faults", "removed", "live")} == {
        "read": 3,
        "unchanged": 2,
        "refused": 1,
        "faults": 1,
        "removed": 0,
        "live": 3,
    }
    assert "removals-held" in [row["rule"] for row in report["by_rule"]]
    assert "lod: a fault of the program kept out 1 record (rule 'fault')" in second.stderr
    assert "what a record says" not in second.stdout + second.stderr
    third = run(main, command)
    assert third.exit_code == 0
    assert json.loads(third.stdout)["live"] == 3


def test_a_fault_between_two_records_costs_what_follows_of_the_file_and_no_other_file(tmp_path, monkeypatch):
    for name in ("a.ris", "b.ris"):
        (tmp_path / name).write_text("TY  - BOOK\nTI  - A\nER  - \nTY  - BOOK\nTI  - B\nER  - \n")
    import lod.sources.citation_files.ris as ris

    def lines(file, remedy, real=ris.numbered_lines):
        for number, line in real(file, remedy):
            if file.name == "a.ris" and number == 5:
                raise ZeroDivisionError
            yield number, line

    monkeypatch.setattr(ris, "numbered_lines", lines)
    items = items_of(tmp_path)
    assert [item.place for item in items if isinstance(item, Record)] == [
        "a.ris, line 1",
        "b.ris, line 1",
        "b.ris, line 4",
    ]
    (finding,) = violations(items)
    assert (finding.rule, finding.place) == ("fault", str(tmp_path / "a.ris"))


@pytest.mark.parametrize("fault", [MemoryError(), SourceError("the disk breaks off"), KeyboardInterrupt()])
def test_what_is_no_fault_of_a_record_ends_the_reading(tmp_path, monkeypatch, fault):
    path = BROKEN["ris"](tmp_path, whole=True)
    break_second(monkeypatch, "ris", fault)
    with pytest.raises(type(fault)):
        items_of(path)
