"""The recipes for consumers and the runbook for operators, run as they are written."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from lod.bundled import SAMPLE
from lod.cli import main
from tests.helpers.paths import ROOT
from tests.helpers.repository_server import Handler, Repository, Server, oai
from tests.helpers.tutorials import SERVED, Tutorial, blocks_of

CONSUMERS = ROOT / "docs" / "consumers.md"
RUNBOOK = ROOT / "docs" / "runbook.md"
RUNNING = ROOT / "docs" / "running.md"
RECIPES = [
    (language, text)
    for document in (CONSUMERS, ROOT / "README.md")
    for _, language, text in blocks_of(document)
    if (language == "sh" and text.startswith("curl ")) or language in ("python", "r")
]
PROGRAMS = {"sh": ["bash", "-euc"], "python": [sys.executable, "-c"], "r": ["Rscript", "-e"]}

PUBLIC = "https://data.example.org"
"""Where documents say that a site with everything on is served."""

REQUESTS = [
    (name, line)
    for name in ("api.md", "oai-pmh.md", "reconciliation.md", "runbook.md", "running.md")
    for _, language, text in blocks_of(ROOT / "docs" / name)
    if language == "sh"
    for line in text.splitlines()
    if line.startswith("curl ") and PUBLIC in line
]


NODE_CLIENTS = {"comunica-sparql": "@comunica/query-sparql@4", "ldes-client": "ldes-client"}
"""Clients in Node.js that documents call by npx, and the packages that have them."""

NODE_CALLS = [
    line
    for name in ("change-feed.md", "consumers.md", "sparql.md")
    for _, language, text in blocks_of(ROOT / "docs" / name)
    if language == "sh"
    for line in text.splitlines()
    if line.startswith("npx ")
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of the bundled sample, served as `lod demo` does, with all that is off by default; IRIs begin with it."""
    with Tutorial() as reader:
        address = reader.address
        folder = tmp_path_factory.mktemp("recipes")
        reader.run(
            f"lod init {folder} --base-iri http://{address}/ --publisher lod --license https://example.org/licence"
        )
        with (folder / "lod.toml").open("a", encoding="utf-8") as settings:
            settings.write(
                'oai_pmh = true\nreconciliation = true\nchange_feed = true\ncontact_email = "name@example.org"\n'
            )
        reader.run(f"lod publish --site {folder} {SAMPLE}")
        reader.run(f"lod serve --site {folder}")
        yield address


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "text"),
    [pytest.param(*recipe, id=f"{recipe[0]} {number}") for number, recipe in enumerate(RECIPES, start=1)],
)
def test_a_recipe_for_consumers_gives_what_it_promises(language, text, served, tmp_path):
    assert len(RECIPES) >= 12
    for module in re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE) if language == "python" else []:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    for program in [PROGRAMS[language][0], *(["curl"] if language == "sh" else [])]:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        [*PROGRAMS[language], text.replace(SERVED, served)], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    written = "".join(path.read_text("utf-8", "replace") for path in tmp_path.iterdir())
    assert len(done.stdout + written) > 60
    assert "error" not in done.stdout.casefold()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("name", "line"), [pytest.param(*request, id=request[1][5:60]) for request in REQUESTS])
def test_a_request_in_a_document_is_answered(name, line, served):
    assert len(REQUESTS) >= 4
    words = [*shlex.split(line.replace(PUBLIC, f"http://{served}")), "-sS", "--fail-with-body"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{name}: {line}\n{done.stdout}{done.stderr}"
    assert len(done.stdout) > 20
    assert "<error" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [pytest.param(line, id=f"npx {number}") for number, line in enumerate(NODE_CALLS, start=1)]
)
def test_a_client_in_node_that_a_document_calls_reads_the_site(line, served, tmp_path):
    """What npx would fetch has to be installed: the tests use no network."""
    assert len(NODE_CALLS) >= 4
    words = shlex.split(line.replace(PUBLIC, f"http://{served}").replace(SERVED, served))
    (name,) = NODE_CLIENTS.keys() & set(words)
    assert words[1 : words.index(name)] in ([], [f"--package={NODE_CLIENTS[name]}"])
    program = shutil.which(name, path=f"{ROOT / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip(f"{name} is not installed: npm install {NODE_CLIENTS[name]}")
    call = [program, *words[words.index(name) + 1 :]]
    printed = _printed(call, tmp_path)
    if name == "comunica-sparql":
        assert printed.count('"title":') == 10
        return
    assert f"<http://{served}/id/item/10722/129504>" in printed
    assert _printed(call, tmp_path) == "", "the state is kept, nothing is new"


def _printed(call: list[str], folder: Path) -> str:
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


STAND_INS = {
    # A program that changes the system, and what stands in for it.
    "apt-get": "true",
    "useradd": 'mkdir -p "$ROOT/srv/lod"',
    "systemctl": "true",
    "nginx": "true",
    "curl": "true",
    "install": 'for folder in "$@"; do :; done; mkdir -p "$folder"',
    "runuser": 'shift 3; exec "$@"',
    "python3": 'mkdir -p "$ROOT/opt/lod/bin" && cp "$ROOT/stand-ins/true" "$ROOT/opt/lod/bin/pip" && cp "$ROOT/stand-ins/lod" "$ROOT/opt/lod/bin/lod"',
    "true": "exit 0",
    "lod": f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -c "import sys; from lod.cli import main; main(sys.argv[1:])" "$@"',
}
OURS = re.compile(r"(?<![\w.])/(srv|opt|etc|usr/local|var/cache)(?=/)")


@pytest.fixture
def machine(tmp_path):
    """A folder that stands for a machine: its paths, a clone, exports, and programs that change nothing else."""
    for folder in ("stand-ins", "opt", "etc/systemd/system", "etc/nginx/conf.d", "usr/local/bin", "srv/exports"):
        (tmp_path / folder).mkdir(parents=True)
    for name, body in STAND_INS.items():
        path = tmp_path / "stand-ins" / name
        path.write_text(f"#!/usr/bin/env bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
    deploy = tmp_path / "usr/local/src/lod/docs/deploy"
    deploy.mkdir(parents=True)
    for path in (ROOT / "docs" / "deploy").iterdir():
        (deploy / path.name).write_text(OURS.sub(rf"{tmp_path}/\1", path.read_text("utf-8")), encoding="utf-8")
    shutil.copy(SAMPLE / "climate.csv", tmp_path / "srv/exports/climate.csv")
    return tmp_path


@pytest.mark.slow
def test_the_runbook_runs_line_by_line(machine):
    environment = {
        **os.environ,
        "ROOT": str(machine),
        "PATH": f"{machine}/stand-ins:{machine}/usr/local/bin:/usr/bin:/bin",
    }
    lines = [line for _, language, text in blocks_of(RUNBOOK) if language == "sh" for line in text.splitlines()]
    assert len(lines) >= 35
    # What a fresh Debian has not: programs, and the folder of the cache, which nginx does not make.
    assert {"nginx", "curl", "python3-venv"} <= set(lines[1].split())
    cache = re.search(
        r"^proxy_cache_path (\S+)/lod ", (machine / "usr/local/src/lod/docs/deploy/nginx.conf").read_text(), re.M
    )
    assert cache is not None
    assert lines.index(f"install -d {cache[1].removeprefix(str(machine))}") < lines.index("nginx -t")
    output = {}
    for line in lines:
        done = subprocess.run(
            ["bash", "-uc", OURS.sub(rf"{machine}/\1", line)],
            env=environment, cwd=machine, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        output[line] = done.stdout
    assert re.search(r"Live: [1-9]\d* records", output["runuser -u lod -- lod status --site /srv/lod"])
    assert "no differences" in output["runuser -u lod -- lod verify --site /srv/backups/$(date +%F)"]
    assert any(text.startswith("Live: ") for line, text in output.items() if "lod rollback" in line)
    _check_second_site(machine)


@pytest.mark.slow
def test_the_commands_about_running_install_the_services(machine):
    environment = {**os.environ, "ROOT": str(machine), "PATH": f"{machine}/stand-ins:/usr/bin:/bin"}
    lines = [line for _, language, text in blocks_of(RUNNING) if language == "sh" for line in text.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        done = subprocess.run(
            ["bash", "-uc", OURS.sub(rf"{machine}/\1", line)],
            env=environment, cwd=machine / "usr/local/src/lod", capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    units = {path.name for path in (machine / "etc/systemd/system").iterdir()}
    assert {"lod.service", "lod-publish.service", "lod-publish.timer"} <= units


@pytest.mark.slow
def test_the_rules_and_maps_of_the_document_about_the_crosswalk_pass_the_check(tmp_path, monkeypatch):
    run_all([f"lod init {tmp_path}"])
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "crosswalk.md").read_text(encoding="utf-8")
    rules = [textwrap.dedent(rule) for rule in re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)]
    assert sum("[[rule]]" in rule for rule in rules) >= 3
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "maps").mkdir()
    for number, rule in enumerate(rules):
        (tmp_path / "crosswalk" / f"{number}.toml").write_text(rule, encoding="utf-8")
    (headings,) = re.findall(r"^```\n(from,scheme.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "maps" / "headings.csv").write_text(headings, encoding="utf-8")
    checked = CliRunner().invoke(main, ["check"])
    assert checked.exit_code == 0, checked.output
    assert "No faults" in checked.output


def _check_second_site(machine: Path) -> None:
    unit = (machine / "etc/systemd/system/lod-theses.service").read_text(encoding="utf-8")
    assert f"ExecStart={machine}/opt/lod/bin/lod serve --site {machine}/srv/lod-theses --port 8001\n" in unit
    assert f"WorkingDirectory={machine}/srv/lod-theses\n" in unit
    first, second = (
        (machine / "etc/nginx/conf.d" / name).read_text(encoding="utf-8") for name in ("lod.conf", "lod-theses.conf")
    )
    names = r"(?:zone=|upstream |limit_conn )(\w+)"
    assert not set(re.findall(names, first)) & set(re.findall(names, second))
    assert "server 127.0.0.1:8001;" in second
    assert "data.example.org" not in second.split("\n", 1)[1]
    assert second.count("proxy_pass http://theses;") == first.count("proxy_pass http://lod;") == 2


def commands_in(name: str) -> list[str]:
    """Return the calls of lod in the blocks of a document, one a line, without remarks behind them."""
    lines = [line for _, language, text in blocks_of(ROOT / name) if language == "sh" for line in text.splitlines()]
    return [line.partition("  #")[0].rstrip() for line in lines if line.startswith("lod ")]


def run_all(commands: list[str]) -> None:
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code in (0, 1), f"{command}\n{result.output}"


@pytest.mark.slow
def test_the_commands_about_tables_publish_a_workbook(tmp_path, monkeypatch):
    run_all([f"lod init {tmp_path}"])
    monkeypatch.chdir(tmp_path)
    book = Workbook()
    for row in (["Title", "Author", "Year", "DOI"], ["Lichens", "Roe, Ann", 2019, "10.5555/l.1"]):
        book.active.append(row)
    book.save("theses.xlsx")
    commands = commands_in("docs/tables.md")
    assert len(commands) == 3
    run_all(commands)
    assert "Live: 1 records" in CliRunner().invoke(main, ["status"]).output


@pytest.mark.slow
def test_the_commands_about_harvests_publish_from_a_repository(tmp_path, monkeypatch):
    def more_addresses(handler: Handler, _: int) -> bool:
        if handler.path.startswith("/oai/request"):
            answer = oai(handler.repository, f"{handler.base}/oai/request", handler.query)
            handler.send(200, answer.encode(), "text/xml;charset=UTF-8")
        elif handler.path == "/exports/all.csv":
            handler.send(200, (SAMPLE / "climate.csv").read_bytes(), "text/csv")
        else:
            return False
        return True

    monkeypatch.chdir(tmp_path)
    commands = [*commands_in("README.md"), *commands_in("docs/harvesting.md")]
    commands = [command for command in commands if "https://repository.example.edu" in command]
    assert len(commands) >= 6
    server = Server(Repository.of(12, fault=more_addresses))
    try:
        run_all(["lod init mysite"])
        run_all([command.replace("https://repository.example.edu", server.url) for command in commands])
    finally:
        server.close()
    assert "Live: 24 records" in CliRunner().invoke(main, ["status", "--site", "mysite"]).output
