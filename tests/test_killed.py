"""kill -9 at any moment of any command: the live generation answers, the next run succeeds, nothing acknowledged is lost.

Each command is killed at random steps of its work on files, and after random times. LOD_KILLS=1000 tries so many.
"""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from killing import Killer

from lod.backup import backup_faults
from lod.store.generations import Site
from lod.verify import verify_site

KILLS = int(os.environ.get("LOD_KILLS", "24"))
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
    return sorted(line for line in live.catalog.all_claims() if "AtTime>" not in line)


@dataclass(frozen=True)
class Command:
    """A command: its arguments under a folder, what it says when it has succeeded, and which state it leads to."""

    arguments: tuple[str, ...]
    says: str
    leads_to: str

    def under(self, folder: Path, sources: Path) -> list[str]:
        return [part.replace("~", str(folder)).replace("@", str(sources)) for part in self.arguments]


COMMANDS = {
    "publish changes": Command(("publish", "--site", "~/site", "@/c.csv", "--partial"), "Records: ", "changed"),
    "publish everything": Command(("publish", "--site", "~/site", "@/a.csv", "--allow-shrink"), "Records: ", "second"),
    "rollback": Command(("rollback", "--site", "~/site"), "Live: ", "first"),
    "backup": Command(("backup", "~/new-backup", "--site", "~/site"), "Wrote ", "before"),
    "restore": Command(("restore", "~/backup", "--site", "~/site"), "Live: ", "first"),
    "verify": Command(("verify", "--site", "~/site", "--all"), "no differences", "before"),
}


@pytest.fixture(scope="module")
def killer(tmp_path_factory):
    killer = Killer(tmp_path_factory.mktemp("killer"))
    yield killer
    killer.close()


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
    chosen = random.Random(f"{name} {KILLS}")

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
    for number in range(max(KILLS // len(COMMANDS), 1)):
        copy = here(number)
        when = (
            {"at_event": chosen.randint(1, whole["events"])}
            if number % 4
            else {"after_s": chosen.uniform(0.0005, whole["seconds"])}
        )
        killed = killer.run(*command.under(copy, folder), **when)
        said = f"{name}, killed {when}: {killed}"
        assert killed["code"] in ({-9} if "at_event" in when else {-9, 0}), said
        published = claims_of(copy / "site")
        assert published in (states["before"], wanted), said
        if command.says in killed["output"]:
            assert published == wanted, f"what was acknowledged is lost: {said}"
        if (copy / "new-backup").exists():
            assert not list(backup_faults(copy / "new-backup")), said
            shutil.rmtree(copy / "new-backup")
        # A rollback that is done would go on to the generation before.
        if name != "rollback" or published != wanted:
            again = killer.run(*command.under(copy, folder))
            assert again["code"] == 0, f"{said}; then {again['output']}"
        assert claims_of(copy / "site", verified=False) == wanted, said
        after = killer.run("publish", "--site", copy / "site", folder / "c.csv", "--partial")
        assert after["code"] == 0, f"{said}; then {after['output']}"
        assert not [path.name for path in copy.rglob(".*")], said
        shutil.rmtree(copy)


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
