"""A power cut at any moment of publish, rollback, backup or restore leaves the old state or the new one, whole."""

from __future__ import annotations

import shutil
from unittest.mock import patch

import pytest

from lod.site.backup import SUMS, backup_faults
from lod.site.verify import verify_generation
from lod.store.generation.generations import Site
from tests.helpers.power_loss import rebuild, recorded
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.replica import replica

HEAD = "dc.title,dc.identifier.uri,dc.type\n"
ROWS = [f"Title {number},http://hdl.handle.net/1/{number},Article\n" for number in range(4)]


@pytest.fixture
def site(tmp_path):
    (tmp_path / "disk").mkdir()
    site = PublishingSite(tmp_path / "disk" / "site")
    settings = site.folder / "lod.toml"
    settings.write_text(f"change_feed = true\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS[:2]), encoding="utf-8")
    assert site.publish(tmp_path / "a.csv").exit_code == 0
    return site


def live_records(folder):
    """Return the number of live records of a site that is sound, None where nothing is published."""
    name = Site(folder).live_name()
    if name is None:
        return None
    faults = list(verify_generation(folder / "generations" / name, quick=True))
    assert not faults, faults
    live = Site(folder).live()
    assert replica(live.directory) in (None, list(live.catalog.all_claims()))
    return Site(folder).live().counts["records"]


def replayed(recorder, tmp_path, look):
    """Look at each state in a folder of its own; return what was seen, and how many states there were."""
    seen, count = [], 0
    (tmp_path / "cache").mkdir()
    for name, state in recorder.states():
        folder = tmp_path / "after"
        rebuild(state, folder, tmp_path / "cache")
        try:
            seen.append(look(folder))
        except Exception as fault:
            pytest.fail(f"{name}: {type(fault).__name__}: {fault}")
        count += 1
        shutil.rmtree(folder)
    return seen, count


def published_next(folder, tmp_path):
    """Publish once more, as the next run does; return the number of live records."""
    shutil.copytree(folder, tmp_path / "next")
    site = PublishingSite.__new__(PublishingSite)
    site.folder = tmp_path / "next" / "site"
    with patch("os.fsync"):
        assert site.publish(tmp_path / "a.csv").exit_code == 0
    found = live_records(site.folder)
    shutil.rmtree(tmp_path / "next")
    return found


@pytest.mark.slow
def test_publishing_leaves_the_old_generation_or_the_new_one(site, tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        assert site.publish(tmp_path / "a.csv").exit_code == 0
    seen, count = replayed(recorder, tmp_path, lambda folder: live_records(folder / "site"))
    assert count >= 50
    assert set(seen) == {2, 4}
    # What a command has told is on the disk.
    assert seen[-1] == 4
    assert seen[max(index for index, found in enumerate(seen) if found == 2) + 1 :].count(2) == 0


@pytest.mark.slow
def test_the_next_run_goes_on_from_whatever_a_power_cut_has_left(site, tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        assert site.publish(tmp_path / "a.csv").exit_code == 0
    kept = list(recorder.states())
    recorder.states = lambda: iter(kept[:: max(1, len(kept) // 12)])
    seen, _ = replayed(recorder, tmp_path, lambda folder: published_next(folder, tmp_path))
    assert set(seen) == {4}


@pytest.mark.slow
def test_a_first_publish_is_there_or_not_and_is_there_once_it_has_ended(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        site = PublishingSite(tmp_path / "disk" / "site")
        assert site.publish(tmp_path / "a.csv").exit_code == 0
    seen, _ = replayed(recorder, tmp_path, lambda folder: live_records(folder / "site"))
    assert set(seen) == {None, 4}
    assert recorder.is_certain("site/generations/current")


@pytest.mark.slow
def test_a_rollback_leaves_one_of_both_generations(site, tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    assert site.publish(tmp_path / "a.csv").exit_code == 0
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        assert site.run("rollback", "--site", site.folder).exit_code == 0
    seen, count = replayed(recorder, tmp_path, lambda folder: live_records(folder / "site"))
    assert count >= 3
    assert set(seen) == {2, 4}


@pytest.mark.slow
def test_a_backup_is_whole_or_not_there_and_restores(site, tmp_path):
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        assert site.run("backup", tmp_path / "disk/copies/copy", "--site", site.folder).exit_code == 0

    def look(folder):
        copy = folder / "copies" / "copy"
        assert live_records(folder / "site") == 2
        if not copy.exists():
            return None
        assert (copy / SUMS).exists()
        assert list(backup_faults(copy)) == []
        return live_records(copy)

    seen, count = replayed(recorder, tmp_path, look)
    assert count >= 20
    assert set(seen) == {None, 2}
    assert recorder.is_certain(f"copies/copy/{SUMS}")


@pytest.mark.slow
def test_a_restore_leaves_the_generation_before_or_the_restored_one(site, tmp_path):
    assert site.run("backup", tmp_path / "copy", "--site", site.folder).exit_code == 0
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    assert site.publish(tmp_path / "a.csv").exit_code == 0
    with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
        assert site.run("restore", tmp_path / "copy", "--site", site.folder).exit_code == 0
    seen, _ = replayed(recorder, tmp_path, lambda folder: live_records(folder / "site"))
    assert set(seen) == {2, 4}


@pytest.mark.slow
@pytest.mark.parametrize("forgotten", ["sync", "sync_tree"])
def test_a_sync_that_is_left_out_is_noticed(site, tmp_path, forgotten):
    (tmp_path / "a.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    with patch(f"lod.disk.atomic.{forgotten}"), patch(f"lod.store.generation.builder.{forgotten}", create=True):
        with recorded(tmp_path / "disk", tmp_path / "pool") as recorder:
            assert site.publish(tmp_path / "a.csv").exit_code == 0
        lost = not all(
            recorder.is_certain(f"site/generations/{part}") for part in ("current", Site(site.folder).live_name())
        )
    if not lost:
        with pytest.raises(pytest.fail.Exception, match="after step"):
            replayed(recorder, tmp_path, lambda folder: live_records(folder / "site"))
