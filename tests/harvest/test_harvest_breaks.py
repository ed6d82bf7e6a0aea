"""Harvests that break off: killed, expired, refused by the publisher; nothing is fetched twice, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.harvest import Harvest, harvest_status
from lod.harvest.journal import Run
from lod.sources.configured import read_named_sources
from tests.helpers.faulty_provider import FAULTS, code, later, says
from tests.helpers.repository_server import Repository

pytestmark = pytest.mark.slow


def run_of(site, name="*"):
    (folder,) = (site.folder / "harvest").glob(f"{name}/*-*/")
    return folder


def lists(repository, start=0):
    return [path.partition("?")[2] for path in repository.requests[start:] if "ListRecords" in path]


def test_a_harvest_that_was_killed_between_pages_goes_on_behind_the_last_page(site, new_site, serve):
    repository = Repository.of(120, page_size=10)
    url = f"{serve(repository)}/oai"
    arguments = [sys.executable, "-c", "from lod.cli import main; main()", "publish", "--site", str(site.folder), url]
    process = None

    def kill_at_page_5(handler, number):
        if handler.query.get("resumptionToken", "").endswith("/50"):
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)  # so that the answer finds nobody
        return False

    repository.fault = kill_at_page_5
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    assert site.live is None
    repository.fault = None
    before = len(repository.requests)
    report = site.report(url)
    assert report["live"] == 120
    assert lists(repository, before)[0] == "verb=ListRecords&resumptionToken=xoai%2F%2F%2F%2F50"
    assert len(lists(repository, before)) == 7
    fresh = new_site("fresh")
    fresh.report(url)
    assert site.published() == fresh.published()


def test_a_kill_between_the_last_page_and_the_note_that_it_was_the_last_costs_nothing(site, serve, monkeypatch):
    repository = Repository.of(30, page_size=10)
    url = f"{serve(repository)}/oai"
    noting = Run.add

    def killed_at_the_end(run, entry):
        if entry.sort == "end":
            raise KeyboardInterrupt
        noting(run, entry)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "add", killed_at_the_end)
        assert site.publish(url).exit_code != 0
    assert site.live is None
    before = len(repository.requests)
    assert site.report(url)["live"] == 30
    assert lists(repository, before) == []


def test_an_answer_that_was_written_but_not_noted_is_asked_for_again(site, serve):
    repository = Repository.of(30, page_size=10, fault=FAULTS["500"][0])
    url = f"{serve(repository)}/oai"
    assert site.publish(url).exit_code == 3
    run = run_of(site)
    (run / "000002.xml.gz").write_bytes(b"half a page")
    with (run / "pages.jsonl").open("ab") as file:
        file.write(b'{"sort": "page", "set": "", "addr')
    repository.fault = None
    assert site.report(url)["live"] == 30


def test_broken_off_harvests_full_and_incremental_end_where_a_fresh_one_does(site, new_site, serve):
    repository = Repository.of(100, page_size=10)
    url = f"{serve(repository)}/oai"
    broken = later(says(b"", status=404))
    for round_ in range(3):
        repository.fault = lambda handler, number: (
            handler.query.get("resumptionToken", "").endswith("/20") and broken(handler, number)
        )
        site.publish(url)
        repository.fault = None
        site.report(url)
        repository.tick()
        for number in range(1 + round_, 80, 3):
            repository.change(number, f"Title of round {round_}")
        for number in range(90 + 3 * round_, 93 + 3 * round_):
            repository.delete(number)
    site.report(url)
    fresh = new_site("fresh")
    fresh.report(url)
    assert site.published()[0] == fresh.published()[0]
    assert len(site.published()[0]) == 91


def test_a_token_that_has_expired_lets_a_sorted_list_go_on_from_its_last_date(site, serve):
    repository = Repository.of(90, page_size=10)
    url = f"{serve(repository)}/oai"
    repository.expired.add("xoai////50")
    before = len(repository.requests)
    report = site.report(url)
    assert report["live"] == 90
    assert lists(repository, before)[6] == "verb=ListRecords&metadataPrefix=xoai&from=2026-01-01T01%3A20%3A00Z"
    told = [row["message"] for row in report["by_rule"] if row["rule"] == "harvest"]
    assert any(
        "a resumption token had expired; the list is sorted by date and was gone on with from 2026-01-01" in one
        for one in told
    )


def test_a_list_that_is_not_sorted_begins_again_when_its_token_has_expired(site, serve):
    repository = Repository.of(90, page_size=10, order=lambda item: item.number * 37 % 90)
    url = f"{serve(repository)}/oai"
    expired = []

    def expires_once(handler, number):
        if handler.query.get("resumptionToken") != "xoai////50" or expired:
            return False
        expired.append(number)
        return later(code("badResumptionToken"))(handler, number)

    repository.fault = expires_once
    report = site.report(url)
    assert report["live"] == 90
    assert lists(repository).count("verb=ListRecords&metadataPrefix=xoai") == 2


def test_a_list_that_was_put_together_removes_nothing(site, serve):
    repository = Repository.of(90, page_size=10, deleted_record="no", list_size=lambda size: None)
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.delete(7)
    repository.expired.add("xoai////50")
    report = site.report(url, "--full")
    assert (report["removed"], report["live"]) == (0, 90)
    messages = [row["message"] for row in report["by_rule"] if row["severity"] == "warning"]
    assert any("was put together from two parts" in message for message in messages)


def test_a_kept_token_that_the_provider_answers_with_404_is_given_up(site, serve):
    repository = Repository.of(60, page_size=10, fault=FAULTS["500"][0])
    url = f"{serve(repository)}/oai"
    assert site.publish(url).exit_code == 3
    stale = later(says(b"", status=404))
    repository.fault = lambda handler, number: (
        handler.query.get("resumptionToken") == "xoai////10" and stale(handler, number)
    )
    assert site.publish(url).exit_code == 3
    repository.fault = None
    assert site.report(url)["live"] == 60


def test_a_token_that_was_kept_for_more_than_a_day_is_not_tried(site, serve):
    repository = Repository.of(60, page_size=10, fault=FAULTS["500"][0])
    url = f"{serve(repository)}/oai"
    assert site.publish(url).exit_code == 3
    yesterday = time.time() - 90_000
    os.utime(run_of(site) / "pages.jsonl", (yesterday, yesterday))
    repository.fault = None
    before = len(repository.requests)
    assert site.report(url)["live"] == 60
    assert lists(repository, before)[0] == "verb=ListRecords&metadataPrefix=xoai"


# ------------------------------------------------------------------ between harvest and publication


def test_what_a_stopped_publisher_had_harvested_is_not_fetched_again(site, serve):
    repository = Repository.of(60, page_size=20)
    url = f"{serve(repository)}/oai"
    site.report(url)
    for number in range(1, 31):
        repository.delete(number)
    repository.tick()
    result = site.publish(url)
    assert result.exit_code == 3
    assert "30 of 60 published records would be removed" in result.output
    assert site.live.catalog.counts()["records"] == 60
    before = len(repository.requests)
    report = site.report(url, "--allow-shrink")
    assert (report["removed"], report["live"]) == (30, 30)
    # Only what is new since: the list of the run before was waiting on the disk.
    assert len(repository.requests) - before == 2


def test_a_dry_run_harvests_and_the_next_run_publishes_what_it_has_fetched(site, serve):
    repository = Repository.of(30, page_size=10)
    url = f"{serve(repository)}/oai"
    assert site.report(url, "--dry-run")["published"] == 30
    assert site.live is None
    before = len(repository.requests)
    assert site.report(url)["live"] == 30
    assert lists(repository, before) == [
        "verb=ListRecords&metadataPrefix=xoai&from=2026-04-09T00%3A00%3A00Z&until=2026-04-11T00%3A00%3A00Z"
    ]


def test_a_kill_after_the_switch_and_before_the_note_costs_nothing(site, serve, monkeypatch):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    with monkeypatch.context() as patch:
        patch.setattr(Harvest, "commit", lambda self: None)
        site.report(url)
    report = site.report(url)
    assert (report["unchanged"], report["removed"], report["live"]) == (30, 0, 30)
    assert list((site.folder / "harvest").glob("*/*-full")) == []


def test_one_source_is_harvested_by_one_process_at_a_time(site, serve, settings):
    from lod.harvest import Harvest

    site.source("theses", f"{serve(Repository.of(5))}/oai")
    (source,) = read_named_sources(site.folder)
    with Harvest(source, site.folder, settings):
        result = site.publish()
    assert result.exit_code == 3
    assert "locked by another lod process" in result.output


# ------------------------------------------------------------------ answers that are kept


def test_kept_answers_are_read_again_without_asking_anybody(site, new_site, serve):
    repository = Repository.of(60, page_size=20)
    site.source("theses", f"{serve(repository)}/oai", keep_responses=True)
    site.report()
    repository.tick()
    repository.change(5, "A new title")
    repository.change(20, "Another")
    repository.delete(10)
    site.report()
    repository.tick(minutes=1)
    repository.change(5, "A newer title")
    site.report()
    before = (len(repository.requests), site.published()[0])
    report = site.report("theses", "--cached")
    assert "theses: 66 records from the answers of 3 harvests" in report["harvested"][0]
    assert (len(repository.requests), site.published()[0]) == before
    fresh = new_site("fresh")
    fresh.source("theses", "http://127.0.0.1:9/oai")
    (site.folder / "harvest").rename(fresh.folder / "harvest")
    (fresh.folder / "lod.toml").write_text((site.folder / "lod.toml").read_text())
    fresh.report("--cached")
    assert fresh.published()[0] == before[1]


def test_without_kept_answers_there_is_nothing_to_read(site, serve):
    site.source("theses", f"{serve(Repository.of(5))}/oai")
    site.report()
    result = site.publish("--cached")
    assert result.exit_code == 3
    assert "theses: no answers are kept; set keep_responses = true in its [[source]]" in result.output
    coverage = CliRunner().invoke(main, ["coverage", "http://127.0.0.1:9/oai", "--site", str(site.folder)])
    assert coverage.exit_code == 3
    assert "http://127.0.0.1:9/oai: no answers are kept; name it in a [[source]] of lod.toml with" in coverage.output
    assert [row["name"] for row in harvest_status(site.folder)] == ["theses"]
    assert [path.name for path in (site.folder / "harvest").iterdir()] == ["theses"]


def test_a_full_harvest_takes_the_place_of_the_answers_that_are_kept(site, serve):
    repository = Repository.of(30)
    site.source("theses", f"{serve(repository)}/oai", keep_responses=True)
    site.report()
    repository.tick()
    site.report()
    site.report("--full")
    state = json.loads((site.folder / "harvest/theses/source.json").read_text())
    assert len(state["published"]) == len(list((site.folder / "harvest/theses").glob("*-*/"))) == 1


@pytest.mark.parametrize("change", ["set", "url"])
def test_another_address_or_other_sets_begin_anew(site, serve, change):
    repository = Repository.of(30)
    url = f"{serve(repository)}/oai"
    site.source("theses", url, set=["col_1"])
    site.report()
    text = (site.folder / "lod.toml").read_text()
    text = (
        text.replace('["col_1"]', '["col_1", "col_2"]') if change == "set" else text.replace("127.0.0.1", "localhost")
    )
    (site.folder / "lod.toml").write_text(text)
    assert "full harvest" in site.report()["harvested"][0]
