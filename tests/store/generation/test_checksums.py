"""What a generation holds is compared with what was written."""

import os

import pytest

from lod.store.generation.checksums import changed_files, checksums


@pytest.fixture
def generation(tmp_path):
    folder = tmp_path / "new"
    for name in ("catalog.sqlite", "store/000009.sst", "store/000011.sst", "store/LOG", "graphs/report.nt.gz"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_catalog_store_and_graphs_have_checksums(generation):
    names = ["catalog.sqlite", "graphs/report.nt.gz", "store/000009.sst", "store/000011.sst"]
    assert sorted(checksums(generation)) == names
    assert list(changed_files(generation, {"sha256": checksums(generation)})) == []


def test_a_file_that_both_generations_share_is_not_read(generation, tmp_path):
    before = tmp_path / "old"
    (before / "store").mkdir(parents=True)
    os.link(generation / "store/000009.sst", before / "store/000009.sst")
    (before / "store/000011.sst").write_text("another file of that name")
    known = {"store/000009.sst": "known", "store/000011.sst": "of the other"}
    found = checksums(generation, before, known)
    assert found["store/000009.sst"] == "known"
    assert found["store/000011.sst"] == checksums(generation)["store/000011.sst"]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("catalog.sqlite", "go back with 'lod rollback GENERATION', or restore a backup with 'lod restore'"),
        ("store/000009.sst", "remove the folder 'store' of the generation: 'lod publish' then rebuilds it"),
        ("graphs/report.nt.gz", "'lod publish' rebuilds it"),
    ],
)
def test_what_has_changed_or_is_missing_is_named_with_the_remedy(generation, name, remedy):
    description = {"sha256": checksums(generation)}
    (generation / name).write_text("damaged")
    (changed,) = changed_files(generation, description)
    assert changed.startswith(f"{name} has changed since it was written (the disk, or another program); {remedy}")
    (generation / name).unlink()
    (missing,) = changed_files(generation, description)
    assert missing.startswith(f"{name} is missing; {remedy}")


def test_a_generation_without_checksums_is_not_compared(generation):
    assert list(changed_files(generation, {})) == []
