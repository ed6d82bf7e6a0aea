"""Tokens in addresses of sources: no output has them, and nobody but the owner reads the files that do."""

from __future__ import annotations

import stat

import pytest

from tests.helpers.repository_server import Repository

TOKEN = "hush-hush-1234"


def outputs(site, *sources):
    results = [site.publish(*arguments, *sources) for arguments in ((), ("--json", "--full"), ("--json", "--cached"))]
    commands = (("status",), ("status", "--json"), ("status", "--shacl"), ("check",), ("coverage", *sources))
    results += [site.run(*command, "--site", site.folder) for command in commands]
    return "".join(result.output for result in results)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["oai", "server/api", "nothing-here", "a.csv"])
def test_no_output_has_a_token_of_an_address(site, serve, place):
    repository = Repository.of(3)
    address = f"{serve(repository)}/{place}?api_key={TOKEN}"
    shown = outputs(site, address)
    site.source("theses", address, keep_responses=True)
    shown += outputs(site, "theses")
    assert any(TOKEN in path for path in repository.requests)
    assert TOKEN not in shown
    assert "api_key=…" in shown


def test_what_may_hold_secrets_is_for_its_owner_only(site, serve, tmp_path):
    site.report(f"{serve(Repository.of(3))}/oai")
    assert site.run("backup", tmp_path / "copy", "--site", site.folder).exit_code == 0
    assert site.run("restore", tmp_path / "copy", "--site", tmp_path / "again").exit_code == 0
    files = [folder / "lod.toml" for folder in (site.folder, tmp_path / "copy", tmp_path / "again")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600] * 3
    assert stat.S_IMODE((site.folder / "harvest").stat().st_mode) == 0o700
    assert stat.S_IMODE((site.folder / "generations" / "current").stat().st_mode) == 0o644


def test_check_hints_at_a_token_that_others_can_read(site):
    site.source("theses", f"https://repository.example.edu/oai?token={TOKEN}")
    assert "holds a secret" not in site.run("check", "--site", site.folder).output
    (site.folder / "lod.toml").chmod(0o644)
    path = site.folder / "lod.toml"
    assert (
        f"Hint: {path}, [[source]] theses: its url holds a secret, and others than the owner can read the file: chmod 600 {path}"
        in site.run("check", "--site", site.folder).output
    )
