"""lod backup and lod restore."""

import shutil
import subprocess
import threading

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.disk.lock import ReadLock
from lod.errors import StoreError
from lod.site import backup as module
from lod.site.backup import back_up, restore
from lod.store.generation.generations import Site

CSV = (
    "dc.title[en],dc.identifier.uri,dc.type[en]\n"
    "A study,http://hdl.handle.net/1/1,Article\n"
    "Another,http://hdl.handle.net/1/2,Thesis\n"
)
RULE = """
[[rule]]
field = "local.note"
kind = "text"
property = "dcterms:description"
example = { in = "x", out = 'dcterms:description "x"' }
"""


def lod(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup")
    lod("init", folder / "site", "--base-iri", "https://example.org/")
    (folder / "site" / "crosswalk").mkdir()
    (folder / "site" / "crosswalk" / "local.toml").write_text(RULE, encoding="utf-8")
    (folder / "a.csv").write_text(CSV, encoding="utf-8")
    assert lod("publish", "--site", folder / "site", folder / "a.csv").exit_code == 0
    assert lod("backup", folder / "copy", "--site", folder / "site").exit_code == 0
    return folder


@pytest.fixture
def here(made, tmp_path):
    shutil.copytree(made, tmp_path / "here")
    return tmp_path / "here"


def triples(site):
    return sorted(Site(site).live().store.all_triples())


def test_a_backup_has_the_form_of_a_site_and_checksums_that_others_can_check(here):
    assert sorted(path.name for path in (here / "copy").iterdir()) == [
        "SHA256SUMS",
        "crosswalk",
        "generations",
        "lod.toml",
    ]
    assert lod("verify", "--site", here / "copy").exit_code == 0
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=here / "copy", check=True, timeout=300)


OWN = (
    "accept.csv",
    "columns/theses.csv",
    "crosswalk/local.toml",
    "links/gnd.txt",
    "links/authorities/people.csv",
    "maps/types.csv",
    "shapes/own.ttl",
    "templates/logo.svg",
)
"""A file of each kind that people put into a site."""


def test_whatever_people_put_into_a_site_comes_back_from_its_backup(here):
    for own in OWN:
        (here / "site" / own).parent.mkdir(parents=True, exist_ok=True)
        (here / "site" / own).write_text(f"# {own}\n", encoding="utf-8")
    assert lod("backup", here / "all", "--site", here / "site").exit_code == 0
    assert lod("restore", here / "all", "--site", here / "new").exit_code == 0
    for own in OWN:
        assert (here / "new" / own).read_text(encoding="utf-8") == f"# {own}\n"


def test_a_site_is_restored_into_an_empty_folder(here):
    result = lod("restore", here / "copy", "--site", here / "new")
    assert result.exit_code == 0, result.output
    assert triples(here / "new") == triples(here / "site")
    assert (here / "new" / "crosswalk" / "local.toml").is_file()
    assert lod("verify", "--site", here / "new").exit_code == 0
    # Clients may have seen what came after the backup.
    assert (Site(here / "site").is_rolled_back(), Site(here / "new").is_rolled_back()) == (False, True)
    assert lod("publish", "--site", here / "new", here / "a.csv").exit_code == 0
    assert not Site(here / "new").is_rolled_back()


def test_a_damaged_site_is_restored_and_its_own_files_stay(here):
    live = Site(here / "site").live_name()
    (here / "site" / "generations" / live / "catalog.sqlite").write_bytes(b"damaged")
    (here / "site" / "lod.toml").write_text('base_iri = "https://example.org/"\ntitle = "Mine"\n', encoding="utf-8")
    result = lod("restore", here / "copy", "--site", here / "site")
    assert f"Left as it is: {here / 'site' / 'lod.toml'}" in result.output
    assert "Mine" in (here / "site" / "lod.toml").read_text(encoding="utf-8")
    assert Site(here / "site").live_name() > live
    assert Site(here / "site").live().description["restored"] == live
    assert lod("verify", "--site", here / "site").exit_code == 0
    assert triples(here / "site") == triples(here / "copy")


def damage(folder):
    path = next(folder.glob("generations/*/store/*.sst"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return "store/", "has changed"


def lose(folder):
    path = next(folder.glob("generations/*/catalog.sqlite"))
    path.unlink()
    return "catalog.sqlite is missing"


def slip_in(folder):
    (folder / "crosswalk" / "x.toml").write_text("")
    return "crosswalk/x.toml is not in SHA256SUMS"


@pytest.mark.parametrize("harm", [damage, lose, slip_in])
def test_a_damaged_backup_is_refused_and_nothing_is_restored(here, harm):
    said = harm(here / "copy")
    before = Site(here / "site").live_name()
    with pytest.raises(StoreError, match="the backup is damaged, nothing was restored: ") as refused:
        restore(here / "copy", here / "site")
    assert all(part in str(refused.value) for part in ([said] if isinstance(said, str) else said))
    assert Site(here / "site").live_name() == before


def test_of_a_damaged_site_no_backup_is_made_unless_one_insists_and_it_is_not_restored(here):
    live = Site(here / "site").live_name()
    damage(here / "site")
    (here / "site" / "generations" / live / "dumps" / "dataset.nt.gz").write_bytes(b"")
    refused = lod("backup", here / "new", "--site", here / "site")
    assert refused.exit_code == 3
    assert f"generation {live} is not sound, so that no backup was made: " in refused.stderr
    assert "dumps/dataset.nt.gz has 0 bytes, the list of dumps says " in refused.stderr
    assert "--no-verify copies it as it is" in refused.stderr
    assert not [path.name for path in here.iterdir() if "new" in path.name]
    assert lod("backup", here / "new", "--site", here / "site", "--no-verify").exit_code == 0
    restored = lod("restore", here / "new", "--site", here / "other")
    assert restored.exit_code == 3
    assert "the backup is damaged, nothing was restored: " in restored.stderr
    assert not (here / "other").exists()


def test_what_is_no_backup_is_refused(here, tmp_path):
    for name in ("site", "nothing"):
        with pytest.raises(StoreError, match=f"{name}: no backup, for it has no SHA256SUMS; name the folder that"):
            restore(here / name, tmp_path / "x")
    assert "is the backup itself" in lod("restore", here / "copy", "--site", here / "copy").output


def test_a_backup_is_never_written_over_something(here, tmp_path):
    with pytest.raises(StoreError, match="copy: there is something already; name a new folder"):
        back_up(here / "site", here / "copy")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="nothing has been published yet"):
        back_up(tmp_path / "empty", tmp_path / "b")
    assert not list(tmp_path.glob(".b*"))


def test_a_backup_goes_on_while_somebody_publishes_and_prunes(here, monkeypatch):
    """The generation that is being copied stays until it is, though others are pruned."""
    real, started = shutil.copyfile, threading.Event()
    first = Site(here / "site").live_name()

    def slow(source, target, **options):
        if not started.is_set() and first in str(source):
            started.set()
            for _ in range(3):
                with Site(here / "site").build(1) as builder:
                    builder.catalog.begin_run()
                    builder.finish({}, {})
        return real(source, target, **options)

    monkeypatch.setattr(module.shutil, "copyfile", slow)
    name = back_up(here / "site", here / "second")
    assert started.is_set()
    assert name == first != Site(here / "site").live_name()
    assert len(Site(here / "site").generations()) == 3
    monkeypatch.undo()
    assert lod("verify", "--site", here / "second").exit_code == 0
    with Site(here / "site").build(1):
        assert first not in {generation.name for generation in Site(here / "site").generations()}


@pytest.mark.parametrize("command", ["backup", "dump"])
def test_what_a_killed_one_has_left_is_removed_under_any_name_and_one_under_way_is_left(here, command):
    for name in (".lod-yesterday.part", ".lod-under-way.part"):
        (here / name / "generations").mkdir(parents=True)
    held = ReadLock(here / ".lod-under-way.part")
    assert lod(command, here / "today", "--site", here / "site").exit_code == 0
    assert [path.name for path in here.glob(".*")] == [".lod-under-way.part"]
    refused = lod(command, here / "under-way", "--site", here / "site")
    assert refused.exit_code == 3
    assert (
        "under-way: another process is writing this folder; wait for it to finish, or name another folder"
        in refused.stderr
    )
    del held
    assert lod(command, here / "under-way", "--site", here / "site").exit_code == 0
    assert list(here.glob(".*")) == []


def test_the_folder_that_one_stands_in_is_no_place_for_a_backup(here, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    result = lod("backup", ".", "--site", here / "site")
    assert result.exit_code == 3
    assert result.stderr == "lod: .: there is something already; name a new folder for the backup\n"
