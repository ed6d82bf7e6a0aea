"""Runs in several processes: the same bytes with any number of workers, and whatever happens to them."""

from dataclasses import fields

import pytest

from lod.mapping.crosswalk import Crosswalk
from lod.publish import batches, workers
from lod.publish.plan import Plan
from lod.report import Severity
from lod.settings.table import Settings
from lod.store.generation import builder
from tests.helpers.loaded import bundled_shapes
from tests.helpers.worker_runs import changed, deadly_plan, published, record, records_of_a_run


@pytest.fixture(scope="module")
def plan(crosswalk):
    return deadly_plan(crosswalk)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(workers, "POOL_RECORDS", 30)
    monkeypatch.setattr(batches, "BATCH_RECORDS", 5)
    monkeypatch.setattr(builder, "BESIDE_TRIPLES", 0)


@pytest.fixture(scope="module")
def records():
    return records_of_a_run()


@pytest.fixture(scope="module")
def alone(plan, records, tmp_path_factory):
    """What one process makes of the records, and then of some changed ones."""
    folder = tmp_path_factory.mktemp("alone")
    return [published(folder, plan, given, 1)[1] for given in (records, changed(records))]


@pytest.mark.slow
def test_the_same_bytes_come_out_with_any_number_of_workers(plan, records, alone, tmp_path):
    assert len(alone[0][0]) == 6
    for given, expected in zip((records, changed(records)), alone, strict=True):
        assert published(tmp_path / "two", plan, given, 2)[1] == expected
    assert published(tmp_path / "seven", plan, records, 7)[1] == alone[0]


@pytest.mark.slow
def test_workers_that_are_killed_change_nothing(plan, records, tmp_path):
    killing = [record(number, f"Study at {tmp_path / str(number)}") for number in (17, 44)]
    given = sorted([r for r in records if r.handle not in {k.handle for k in killing}] + killing, key=lambda r: r.place)
    _, found = published(tmp_path / "several", plan, given, 2)
    assert all((tmp_path / str(number)).exists() for number in (17, 44))
    assert found == published(tmp_path / "one", plan, given, 1)[1]


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert Plan(Crosswalk(**{**parts, "settings": settings}), bundled_shapes()).worker_count == count
