"""Known files: a file that is as the last run read it is not read again, and the run comes to the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lod.publish.known_files import KnownFiles
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.sources import formats, open_source
from lod.sources.reading import known_files
from lod.sources.reading.source_defaults import NO_DEFAULTS, SourceDefaults
from lod.store.generation.generations import Site
from tests.helpers.histories import Rules, differences, new_folder, past_of, plan_of, state_of

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
COLUMNS = (
    "id",
    "collection",
    "dc.identifier.uri",
    "dc.title[en]",
    "dc.type",
    "dc.identifier.spage",
    "dc.identifier.epage",
)


def row(number, title="A study", first="1"):
    """Return a row of a DSpace table; its pages are in the wrong order, so that it is refused, where the first is 20."""
    handle = f"http://hdl.handle.net/1/{number}" if number else ""
    return (str(number + 100), "1/9", handle, title, "Article", first, "11")


def write(path: Path, *rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


class Runs:
    """A site, and how its runs read files: known ones from the catalog, or all of them."""

    def __init__(self, folder: Path, plan: Plan, *, knows: bool = True) -> None:
        self.site = Site(folder)
        self.plan = plan
        self.knows = knows

    def __call__(self, *paths: Path, now=NOON, defaults=NO_DEFAULTS, partial=False, plan=None):
        files = KnownFiles() if self.knows else None
        plan = plan or self.plan
        streams = [open_source(path, plan.crosswalk.settings, defaults=defaults, watch=files) for path in paths]
        scopes = () if partial else tuple(str(path.resolve()) for path in paths)
        plan = replace(plan, now=now, scopes=scopes, allow_shrink=True)
        return publish((item for stream in streams for item in stream), plan, self.site, files=files)


@pytest.fixture
def run():
    return Runs(new_folder(), plan_of(Rules()))


@pytest.fixture
def readings(monkeypatch):
    """The names of the files that were read."""
    read = []

    def noted(source_format):
        def reader(file, settings):
            read.append(file.name)
            return source_format.read(file, settings)

        return replace(source_format, read=reader)

    monkeypatch.setattr(formats, "SOURCES", tuple(map(noted, formats.SOURCES)))
    return read


def counts(report):
    return report.read, report.published, report.unchanged, report.refused, report.removed


def test_a_file_is_read_once_while_nothing_changes(run, readings, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    write(folder / "a.csv", row(1), row(2), row(3, first="20"))
    write(folder / "b.csv", row(4))
    assert counts(run(folder)) == (4, 3, 0, 1, 0)
    assert counts(run(folder)) == (4, 0, 3, 1, 0)
    assert readings == ["a.csv", "b.csv"]
    write(folder / "b.csv", row(4, "Another study"), row(5))
    assert counts(run(folder)) == (5, 2, 2, 1, 0)
    assert readings == ["a.csv", "b.csv", "b.csv"]
    write(folder / "b.csv", row(5))
    assert counts(run(folder)) == (4, 0, 3, 1, 1)


def test_what_decides_the_reading_has_the_file_read_again(run, readings, tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", row(1))
    run(path)
    run(path, defaults=SourceDefaults(constants=(("dc.publisher", ("Press",)),)))
    assert len(readings) == 2
    crosswalk = run.plan.crosswalk
    other = replace(crosswalk, settings=replace(crosswalk.settings, value_separator="@@"))
    run(path, plan=replace(run.plan, crosswalk=other))
    assert len(readings) == 3
    monkeypatch.setattr(known_files, "program_fingerprint", lambda: "another version")
    run(path)
    run(path)
    assert len(readings) == 4


@pytest.mark.slow
def test_other_rules_map_the_records_of_a_known_file_anew(readings):
    plain, picky = plan_of(Rules()), plan_of(Rules(shape=True))
    path = write(new_folder() / "a.csv", row(1), row(2, "Picked study"))
    run = Runs(new_folder(), plain)
    assert counts(run(path)) == (2, 2, 0, 0, 0)
    assert counts(run(path, plan=picky)) == (2, 1, 0, 1, 0)
    # What was refused stands as it was mapped by these rules.
    assert counts(run(path)) == (2, 1, 1, 0, 0)
    assert readings == ["a.csv"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(1), row(0)], id="a record without a handle"),
        pytest.param([row(1), row(1, "Another")], id="two records of one key"),
        pytest.param([row(1), row(1)], id="one record twice"),
    ],
)
def test_a_file_of_which_not_all_is_in_the_catalog_is_read_in_every_run(run, readings, tmp_path, rows):
    path = write(tmp_path / "a.csv", *rows)
    first, second = run(path), run(path)
    assert (first.read, first.refused, first.repeated) == (second.read, second.refused, second.repeated)
    assert len(readings) == 2


@pytest.mark.slow
def test_a_file_whose_record_another_one_has_taken_is_read_again(run, readings, tmp_path):
    a = write(tmp_path / "a.csv", row(1), row(2))
    b = write(tmp_path / "b.csv", row(2, "Another"))
    run(a)
    run(b)
    assert counts(run(a)) == (2, 1, 1, 0, 0)
    assert readings == ["a.csv", "b.csv", "a.csv"]


def test_a_file_that_changes_while_it_is_read_is_read_again(run, readings, tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", row(1))
    states = iter(range(4))
    monkeypatch.setattr(formats, "state_of", lambda path: (next(states),))
    run(path)
    run(path)
    assert len(readings) == 2


def test_remarks_of_the_reader_are_reported_again(run, tmp_path):
    path = tmp_path / "a.csv"
    write(path, row(1), (*row(2), "one cell too many"))
    first, second = run(path), run(path)
    assert first.by_rule
    assert first.by_rule == second.by_rule
    assert first.left_out == second.left_out


NUMBERS = st.sampled_from(range(1, 5))
ROWS = st.lists(
    st.builds(row, NUMBERS, st.sampled_from(["A study", "Picked study"]), st.sampled_from(["1", "1", "20"])), max_size=4
)
STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abc"), ROWS, max_size=2),
        st.sets(st.sampled_from("abc"), min_size=1),
        st.booleans(),
        st.sampled_from([Rules(), Rules(), Rules(shape=True)]),
    ),
    min_size=3,
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_runs_that_know_files_come_to_what_runs_come_to_that_read_all(steps):
    folder = new_folder()
    knowing, reading = (Runs(new_folder(), plan_of(Rules()), knows=knows) for knows in (True, False))
    for name in "abc":
        write(folder / f"{name}.csv", row(1 + "abc".index(name)))
    for number, (changed, chosen, partial, rules) in enumerate(steps):
        for name, rows in changed.items():
            write(folder / f"{name}.csv", *rows)
        paths = [folder / f"{name}.csv" for name in sorted(chosen)]
        options = {"now": NOON + timedelta(days=number), "partial": partial, "plan": plan_of(rules)}
        reports = [runs(*paths, **options).to_dict() for runs in (knowing, reading)]
        for report in reports:
            report.update(generation="", seconds=0)
        assert reports[0] == reports[1]
        assert differences(state_of(knowing.site), state_of(reading.site)) == ""
        assert differences(past_of(knowing.site), past_of(reading.site)) == ""
