"""kill -9 at any moment of any command: the live generation answers, the next run succeeds, nothing acknowledged is lost.

Each command that writes is killed at random steps of its work on files, and after random times. LOD_KILLS=1000 kills each of them
so often. What the others leave: `check`, `explain`, `settings` and `status` without --csv only read; `serve` and `validate` write
temporary files, `demo` is `init` and `publish`; `push` is in test_push_killed.py.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from lod.harvest import harvest_status
from lod.site.verify import verify_site
from lod.store.generation.generations import Site
from tests.helpers.killing import moments
from tests.helpers.paths import FIXTURES
from tests.helpers.replica import replica
from tests.helpers.repository_server import Repository, Server

MAPPING = FIXTURES / "mapping.ttl"
CSV = "dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en],dc.relation.ispartof\n"
ROWS = [
    f'"{{edition}} {n}","Author{n % 7}, A",http://hdl.handle.net/1/{n},Article,Journal {n % 3}\n' for n in range(40)
]


def table(edition, rows):
    return CSV + "".join(row.format(edition=edition) for row in rows)


def claims_of(site, *, verified=True):
    """Return what is published; the moments of mapping differ from run to run."""
    live = Site(site).live()
    if verified:
        assert list(verify_site(site)) == [(live.name, [])]
        assert replica(live.directory) in (None, list(live.catalog.all_claims()))
    return sorted(line for line in live.catalog.all_claims() if "AtTime>" not in line)


@dataclass(frozen=True)
class Command:
    """A command: its arguments under a folder, what it says when it has succeeded, to which state it leads, what it makes."""

    arguments: tuple[str, ...]
    says: str
    leads_to: str
    makes: str = ""

    def under(self, folder: Path, sources: Path) -> list[str]:
        return [part.replace("~", str(folder)).replace("@", str(sources)) for part in self.arguments]


COMMANDS = {
    "publish changes": Command(("publish", "--site", "~/site", "@/c.csv", "--partial"), "Records: ", "changed"),
    "publish everything": Command(("publish", "--site", "~/site", "@/a.csv", "--allow-shrink"), "Records: ", "second"),
    "rollback": Command(("rollback", "--site", "~/site"), "Live: ", "first"),
    "backup": Command(("backup", "~/new", "--site", "~/site"), "Wrote ", "before", "new"),
    "dump": Command(("dump", "~/new", "--site", "~/site"), "dataset.nt.gz", "before", "new"),
    "dump another format": Command(
        ("dump", "~/new", "--site", "~/site", "--format", "nq.gz"), "dataset.nq.gz", "before", "new"
    ),
    "import-mapping": Command(
        ("import-mapping", str(MAPPING), "--site", "~/site"), "rules written", "before", "site/crosswalk/imported.toml"
    ),
    "status --csv": Command(
        ("status", "--csv", "~/findings.csv", "--site", "~/site"), "Wrote ", "before", "findings.csv"
    ),
    "restore": Command(("restore", "~/backup", "--site", "~/site"), "Live: ", "first"),
    "verify": Command(("verify", "--site", "~/site", "--all"), "no differences", "before"),
}


def content_of(path):
    """Return the files of a folder, or of a file, with their checksums; None where there is nothing."""
    if not path.exists():
        return None
    files = (found for found in (path, *path.rglob("*")) if found.is_file())
    return {str(found.relative_to(path)): hashlib.sha256(found.read_bytes()).hexdigest() for found in files}


@pytest.fixture(scope="module")
def pristine(killer, tmp_path_factory):
    """A site with two generations and a backup of the first, and the states that commands lead to."""
    folder = tmp_path_factory.mktemp("pristine")
    (folder / "a.csv").write_text(table("Title", ROWS), encoding="utf-8")
    (folder / "b.csv").write_text(table("New title", ROWS[5:20]), encoding="utf-8")
    (folder / "c.csv").write_text(table("Changed title", ROWS[:3]), encoding="utf-8")
    states = {}

    def run(*arguments):
        done = killer.run(*[part.replace("~", str(folder)) for part in arguments])
        assert done["code"] == 0, done["output"]

    run("init", "~/site", "--base-iri", "https://example.org/")
    settings = folder / "site" / "lod.toml"
    settings.write_text(f"change_feed = true\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    run("publish", "--site", "~/site", "~/a.csv")
    states["first"] = claims_of(folder / "site")
    run("backup", "~/backup", "--site", "~/site")
    run("publish", "--site", "~/site", "~/b.csv", "--partial")
    (folder / "a.csv").write_text(table("Third title", ROWS[2:]), encoding="utf-8")
    states["before"] = claims_of(folder / "site")
    for name in ("changed", "second"):
        copy = folder / name / "site"
        shutil.copytree(folder / "site", copy)
        run(*next(one for one in COMMANDS.values() if one.leads_to == name).under(copy.parent, folder))
        states[name] = claims_of(copy)
    assert len({str(state) for state in states.values()}) == 4
    return folder, states


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_leaves_what_was_published_and_the_next_run_succeeds(name, killer, pristine, tmp_path):
    folder, states = pristine
    command = COMMANDS[name]
    wanted = states[command.leads_to]

    def here(number):
        copy = tmp_path / str(number)
        for part in ("site", "backup"):
            shutil.copytree(folder / part, copy / part)
        return copy

    whole = killer.run(*command.under(here("whole"), folder))
    assert whole["code"] == 0, whole["output"]
    assert command.says in whole["output"]
    assert claims_of(tmp_path / "whole" / "site") == wanted
    assert whole["events"] > 10
    made = content_of(tmp_path / "whole" / command.makes) if command.makes else None
    for number, when in enumerate(moments(name, whole)):
        copy = here(number)
        killed = killer.run(*command.under(copy, folder), **when)
        said = f"{name}, killed {when}: {killed}"
        assert killed["code"] in ({-9} if "at_event" in when else {-9, 0}), said
        published = claims_of(copy / "site")
        assert published in (states["before"], wanted), said
        found = content_of(copy / command.makes) if command.makes else None
        assert found in (None, made), said
        if command.says in killed["output"]:
            assert (published, found) == (wanted, made), f"what was acknowledged is lost: {said}"
        is_done = (name == "rollback" and published == wanted) or (
            found is not None and (copy / command.makes).is_dir()
        )
        # A rollback that is done would go on to the generation before; what is made into a new folder is never written over.
        if not is_done and not (name == "import-mapping" and found):
            again = killer.run(*command.under(copy, folder))
            assert again["code"] == 0, f"{said}; then {again['output']}"
        assert claims_of(copy / "site", verified=False) == wanted, said
        assert (content_of(copy / command.makes) if command.makes else None) == made, said
        after = killer.run("publish", "--site", copy / "site", folder / "c.csv", "--partial")
        assert after["code"] == 0, f"{said}; then {after['output']}"
        assert not [path.name for path in copy.rglob(".*")], said
        shutil.rmtree(copy)


def test_a_harvest_that_is_killed_is_finished_by_the_next_run(killer, tmp_path):
    repository = Repository.of(45, page_size=8)
    server = Server(repository)
    pristine = tmp_path / "pristine"
    run = ("publish", "--site")
    try:
        assert killer.run("init", pristine, "--base-iri", "https://example.org/")["code"] == 0
        with (pristine / "lod.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[[source]]\nname = "theses"\nurl = "{server.url}/oai"\n')
        first = killer.run(*run, pristine)
        assert first["code"] == 0, first["output"]
        before = claims_of(pristine)
        repository.tick()
        for number in range(1, 45, 2):
            repository.change(number, f"Another title of {number}")
        repository.delete(44)
        for way in ((), ("--full",)):
            name = f"harvest {way}"
            shutil.copytree(pristine, tmp_path / "whole")
            whole = killer.run(*run, tmp_path / "whole", *way)
            assert whole["code"] == 0, whole["output"]
            wanted, state = claims_of(tmp_path / "whole"), state_of(tmp_path / "whole")
            assert wanted != before
            for when in moments(name, whole):
                site = tmp_path / "killed"
                shutil.copytree(pristine, site)
                killed = killer.run(*run, site, *way, **when)
                said = f"{name}, killed {when}: {killed}"
                published = claims_of(site)
                assert published in (before, wanted), said
                if "Records: " in killed["output"]:
                    assert published == wanted, f"what was acknowledged is lost: {said}"
                assert killer.run("status", "--site", site)["code"] == 0, said
                again = killer.run(*run, site, *way)
                assert again["code"] == 0, f"{said}; then {again['output']}"
                assert (claims_of(site), state_of(site)) == (wanted, state), said
                assert not [path.name for path in site.rglob(".*")], said
                assert {path.name for path in (site / "harvest" / "theses").iterdir()} == {"lock", "source.json"}, said
                shutil.rmtree(site)
            shutil.rmtree(tmp_path / "whole")
    finally:
        server.close()


def state_of(site):
    """Return what the site knows of its source, but for our own clock and how many requests it took."""
    (row,) = harvest_status(site)
    for known in (row["last"], row["last_full"]):
        known.pop("at")
        known.pop("requests")
    return json.dumps(row)


def test_init_that_is_killed_leaves_no_half_a_site(killer, tmp_path):
    whole = killer.run("init", tmp_path / "whole")
    text = (tmp_path / "whole" / "lod.toml").read_text(encoding="utf-8")
    assert whole["code"] == 0
    for event in range(1, whole["events"] + 1):
        site = tmp_path / str(event)
        assert killer.run("init", site, at_event=event)["code"] == -9
        if (site / "lod.toml").exists():
            assert (site / "lod.toml").read_text(encoding="utf-8") == text
        else:
            assert killer.run("init", site)["code"] == 0
            assert (site / "lod.toml").read_text(encoding="utf-8") == text
        assert [path.name for path in site.iterdir()] == ["lod.toml"]
