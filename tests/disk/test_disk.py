"""A full disk, a read-only disk, a site of another user: a clear message, and nothing is damaged."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.site.verify import verify_site
from lod.store.generation.generations import Site
from tests.helpers.paths import FIXTURES

pytestmark = pytest.mark.slow

CSV = "dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],dc.description.abstract[en]\n"
MAPPING = FIXTURES / "mapping.ttl"
MIB = 1 << 20


def lod(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def table(edition, number=150):
    rows = (
        f'"{edition} {n}","Author{n % 50}, A",http://hdl.handle.net/1/{n},Article,"{edition} {n} {os.urandom(300).hex()}"\n'
        for n in range(number)
    )
    return CSV + "".join(rows)


@contextmanager
def mounted(folder, size):
    """A file system in memory, of `size` bytes."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted ({done.stderr.strip()}); run the tests as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True, timeout=300)


@pytest.fixture
def disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    with mounted(tmp_path / "disk", 48 * MIB) as folder:
        yield folder


@pytest.fixture
def site(disk, tmp_path):
    assert lod("init", disk / "site", "--base-iri", "https://example.org/").exit_code == 0
    (tmp_path / "a.csv").write_text(table("First"), encoding="utf-8")
    (tmp_path / "b.csv").write_text(table("Second"), encoding="utf-8")
    done = lod("publish", "--site", disk / "site", tmp_path / "a.csv")
    assert done.exit_code == 0, done.output
    return disk / "site"


def fill(disk, left):
    free = os.statvfs(disk)
    with (disk / "filler").open("wb") as file:
        for _ in range((free.f_bavail * free.f_frsize - left) // MIB + 1):
            file.write(bytes(min(MIB, max(free.f_bavail * free.f_frsize - left - file.tell(), 0))))
    return disk / "filler"


def titles(site):
    return {title for _, title in Site(site).live().catalog.items(999)}


def is_sound(site):
    return [faults for _, faults in verify_site(site)] == [[]]


@pytest.mark.parametrize("left", [0, 40_000, 700_000, 2_000_000])
def test_a_full_disk_is_reported_and_the_next_run_succeeds_when_there_is_space(site, disk, tmp_path, left):
    before = Site(site).live_name()
    filler = fill(disk, left)
    done = lod("publish", "--site", site, tmp_path / "b.csv")
    assert done.exit_code == 3, done.output
    assert "failed: the disk is full; free some space, or lower keep_generations in lod.toml" in done.output
    assert "Traceback" not in done.output
    assert Site(site).live_name() == before
    assert is_sound(site)
    assert not list((site / "generations").glob(".*"))
    filler.unlink()
    assert lod("publish", "--site", site, tmp_path / "b.csv").exit_code == 0
    assert titles(site) == {f"Second {n}" for n in range(150)}
    assert is_sound(site)


def test_rolling_back_needs_no_space_and_commands_that_write_report_a_full_disk(site, disk, tmp_path):
    assert lod("publish", "--site", site, tmp_path / "b.csv").exit_code == 0
    assert lod("status", "--csv", disk / "findings.csv", "--site", site).exit_code == 0
    table_before = (disk / "findings.csv").read_bytes()
    filler = fill(disk, 0)
    for command, code, said in (
        (("backup", disk / "copy"), 3, "writing the backup failed: the disk is full"),
        (("dump", disk / "copy"), 3, "writing the dumps failed: the disk is full"),
        (("dump", disk / "copy", "--format", "nq.gz"), 3, "writing the dumps failed: the disk is full"),
        (("import-mapping", MAPPING), 3, "writing the rules failed: the disk is full"),
        (("status", "--csv", disk / "findings.csv"), 2, "findings.csv: No space left on device; choose another file"),
    ):
        done = lod(*command, "--site", site)
        assert (done.exit_code, said in done.output) == (code, True), done.output
    assert {path.name for path in disk.iterdir()} == {"site", "filler", "findings.csv"}
    assert (disk / "findings.csv").read_bytes() == table_before
    done = lod("rollback", "--site", site)
    # The name of the live generation is a file of its own: where there is no block for it, the old one stays.
    assert done.exit_code == 0 or "switching to the new generation failed: the disk is full" in done.output
    filler.unlink()
    assert is_sound(site)


def test_a_read_only_disk_is_reported_and_can_be_read(site, disk, tmp_path):
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True, timeout=300)
    try:
        for command in (("publish", tmp_path / "b.csv"), ("rollback",), ("restore", tmp_path)):
            done = lod(*command, "--site", site)
            assert done.exit_code == 3, done.output
            assert "Traceback" not in done.output
            if command[0] != "restore":
                assert "locking the site failed: the file or the disk is read-only; make it writable" in done.output
        assert lod("verify", "--site", site).exit_code == 0
        assert "Live: 150 records" in lod("status", "--site", site).output
        assert lod("backup", tmp_path / "copy", "--site", site).exit_code == 0
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True, timeout=300)
    assert lod("publish", "--site", site, tmp_path / "b.csv").exit_code == 0


@pytest.fixture
def open_folder():
    """A folder that other users may enter. Those of pytest are closed to them by each pytest that starts."""
    with tempfile.TemporaryDirectory(prefix="lod-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_site_of_another_user_is_reported_and_can_be_read(killer, open_folder):
    (open_folder / "a.csv").write_text(table("First", 5), encoding="utf-8")
    assert lod("init", open_folder / "site", "--base-iri", "https://example.org/").exit_code == 0
    assert lod("publish", "--site", open_folder / "site", open_folder / "a.csv").exit_code == 0
    # It may hold secrets, and is for its owner alone until that one says otherwise.
    (open_folder / "site" / "lod.toml").chmod(0o644)
    nobody = 65_534
    open_folder.chmod(0o700)
    done = killer.run("publish", open_folder / "a.csv", "--site", open_folder / "site", uid=nobody)
    if "ModuleNotFoundError" not in done["output"]:
        assert (done["code"], "lod.toml: [Errno 13] Permission denied" in done["output"]) == (2, True), done
    open_folder.chmod(0o755)
    for command in (("publish", open_folder / "a.csv"), ("rollback",)):
        done = killer.run(*command, "--site", open_folder / "site", uid=nobody)
        if "ModuleNotFoundError" in done["output"]:
            pytest.skip("the Python environment of these tests cannot be read by another user")
        assert done["code"] == 3, done
        assert (
            "lock: locking the site failed: not allowed; run the command as the user who owns the folder"
            in done["output"]
        )
    assert killer.run("verify", "--site", open_folder / "site", uid=nobody)["code"] == 0
    done = killer.run("backup", open_folder / "copy", "--site", open_folder / "site", uid=nobody)
    assert done["code"] == 3
    assert "writing the backup failed: not allowed" in done["output"]
    assert killer.run("publish", open_folder / "a.csv", "--site", open_folder / "site")["code"] == 0
