"""Runs in several processes: the same bytes with any number of workers, and whatever happens to them."""

import hashlib
import json
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from multiprocessing import parent_process
from pathlib import Path

import pytest

from lod.mapping.crosswalk import Crosswalk
from lod.publish import batches, workers
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.report import Severity
from lod.settings.table import Settings
from lod.store.generation import builder
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


class DeadlyCrosswalk(Crosswalk):
    """A crosswalk with which some values end the worker that maps them: each time, or the first time."""

    def hides(self, text):
        name, _, path = text.partition(" at ")
        first = bool(path) and not Path(path).exists()
        if parent_process() is not None and (name == "Poison" or first):
            if first:
                Path(path).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().hides(text)


@pytest.fixture(scope="module")
def plan(crosswalk):
    parts = {field.name: getattr(crosswalk, field.name) for field in fields(Crosswalk)}
    return Plan(DeadlyCrosswalk(**parts), load_shapes(), now=NOW)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(workers, "POOL_RECORDS", 30)
    monkeypatch.setattr(batches, "BATCH_RECORDS", 5)
    monkeypatch.setattr(builder, "BESIDE_TRIPLES", 0)


def record(number, title=""):
    title = title or ("" if number % 11 == 3 else f"Study {number} of things")
    values = [
        Value("dc.title", title, "en"),
        Value("dc.type", "Article"),
        Value("dc.contributor.author", f"Roe, Ann {number % 4}", authority=f"rp{number % 9}"),
        Value("dc.relation.ispartof", f"Journal of Things {number % 3}"),
        Value("dc.date.issued", str(1980 + number)),
    ]
    kept = tuple(value for value in values if value.text)
    return Record("/data/a.csv", f"a.csv, row {number}", kept, handle=f"1/{number}")


def published(folder, plan, records, number_of_workers):
    folder.mkdir(exist_ok=True)
    report = publish(iter(records), replace(plan, workers=str(number_of_workers)), Site(folder))
    return report, content(Site(folder).live().directory)


def content(generation):
    """Return the checksums of the dumps, and the rows of catalog and search index; the name of a generation is a moment."""
    dumps = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((generation / "dumps").glob("dataset.*"))
    }
    with sqlite3.connect(generation / "catalog.sqlite") as catalog:
        told_by_clock = ("INSERT INTO \"meta\" VALUES('report'", 'INSERT INTO "publication"')
        lines = [line for line in catalog.iterdump() if not line.startswith(told_by_clock)]
        with closing(sqlite3.connect(generation / "search.sqlite")) as index:
            lines += index.iterdump()
        (report,) = catalog.execute("SELECT value FROM meta WHERE name = 'report'").fetchone()
    kept = {name: part for name, part in json.loads(report).items() if name not in {"generation", "seconds"}}
    return dumps, lines, kept


@pytest.fixture(scope="module")
def records():
    return [record(number) for number in range(1, 80)]


@pytest.fixture(scope="module")
def alone(plan, records, tmp_path_factory):
    """What one process makes of the records, and then of some changed ones."""
    folder = tmp_path_factory.mktemp("alone")
    return [published(folder, plan, given, 1)[1] for given in (records, changed(records))]


def changed(records):
    return [*records[:20], *(record(number, "Another title of things") for number in range(21, 80))]


def test_the_same_bytes_come_out_with_any_number_of_workers(plan, records, alone, tmp_path):
    assert len(alone[0][0]) == 6
    for given, expected in zip((records, changed(records)), alone, strict=True):
        assert published(tmp_path / "two", plan, given, 2)[1] == expected
    assert published(tmp_path / "seven", plan, records, 7)[1] == alone[0]


def test_workers_that_are_killed_change_nothing(plan, records, tmp_path):
    killing = [record(number, f"Study at {tmp_path / str(number)}") for number in (17, 44)]
    given = sorted([r for r in records if r.handle not in {k.handle for k in killing}] + killing, key=lambda r: r.place)
    _, found = published(tmp_path / "several", plan, given, 2)
    assert all((tmp_path / str(number)).exists() for number in (17, 44))
    assert found == published(tmp_path / "one", plan, given, 1)[1]


def test_a_record_that_ends_every_worker_is_refused_by_name_and_no_other(plan, records, tmp_path, caplog):
    given = [*records[:40], record(41, "Poison"), *records[41:]]
    report, _ = published(tmp_path, plan, given, 2)
    (finding,) = report.causes[next(cause for cause in report.causes if cause[0] == "fault")].examples
    assert (finding.record, finding.place, finding.severity) == ("1/41", "a.csv, row 41", Severity.VIOLATION)
    assert finding.message.startswith("The record could not be judged because of a fault in the program")
    assert report.faults == 1
    assert "1/41 could not be judged" in caplog.text
    assert "a worker process was ended, or had too little memory" in caplog.text


def test_few_records_start_no_process(plan, records, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "WorkerPool", None)
    report, _ = published(tmp_path, plan, records[:29], 7)
    assert report.read == 29


def test_what_a_process_was_writing_that_is_ended_is_written_by_the_one_that_publishes(
    plan, records, alone, tmp_path, monkeypatch
):
    begun = []
    monkeypatch.setattr(builder, "write_beside", lambda folder, figures: bool(begun.append(folder)))
    assert published(tmp_path, plan, records, 2)[1] == alone[0]
    assert begun


@pytest.mark.parametrize(("wanted", "count"), [("1", 1), ("7", 7), ("auto", 1)])
def test_the_setting_tells_how_many_workers(wanted, count, crosswalk, monkeypatch):
    monkeypatch.setattr("lod.publish.plan.usable_cores", lambda: 1)
    settings = Settings(base_iri="https://example.org/", workers=wanted)
    parts = {field.name: getattr(crosswalk, field.name) for field in fields(Crosswalk)}
    assert Plan(Crosswalk(**{**parts, "settings": settings}), load_shapes()).worker_count == count
